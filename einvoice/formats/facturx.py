"""Factur-X / ZUGFeRD as a target: a PDF/A-3 with a CII inside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, get_args

import msgspec

from einvoice.errors import ConversionRefused, PdfError, UsageError
from einvoice.formats import cii
from einvoice.formats.format import Format, Options, Written
from einvoice.model import Invoice
from einvoice.pdf.generations import PdfA

if TYPE_CHECKING:
    from einvoice.pdf.attach import Attachment as Supplement
    from einvoice.pdf.attach import Claim, Embedding

Notes = tuple[str, ...]

#: BT-24 -> level, as XMP names it (Factur-X 1.09, table of profiles).
_LEVELS = {
    "urn:factur-x.eu:1p0:minimum": "MINIMUM",
    "urn:factur-x.eu:1p0:basicwl": "BASIC WL",
    "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic": "BASIC",
    "urn:cen.eu:en16931:2017": "EN 16931",
    "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended": "EXTENDED",
}
_XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_"


def level_of(specification: str | None) -> tuple[str, str, str]:
    """Level, file name and version for the specification identifier (BT-24).

    Raises:
        ConversionRefused: no level of Factur-X belongs to it.
    """
    known = (specification or "").strip()
    if known in _LEVELS:
        return _LEVELS[known], "factur-x.xml", "1.0"
    if known.startswith(_XRECHNUNG):
        return "XRECHNUNG", "xrechnung.xml", known.removeprefix(_XRECHNUNG).split("#")[0]
    raise ConversionRefused(
        f"Factur-X has no level for the specification identifier (BT-24) {specification!r}; "
        f"it knows {', '.join(_LEVELS)} and XRechnung",
        terms=("BT-24",),
    )


def write(invoice: Invoice, options: Options) -> Written:
    """Write an invoice as Factur-X: into the given page, or into one that is drawn.

    Raises:
        ConversionRefused: no level belongs to BT-24, or the given page cannot be used.
        UsageError: there is no such level of PDF/A.
    """
    from einvoice.pdf.attach import embedding

    if options.pdfa not in get_args(PdfA):
        raise UsageError("PDF/A level", options.pdfa, get_args(PdfA))
    level, name, version = level_of(invoice.process.specification)
    written = cii.write(invoice, options)
    chosen = embedding(
        written.data,
        level=level,
        name=name,
        version=version,
        modified=invoice.issue_date or date(2000, 1, 1),
        supplements=tuple(_supplements(invoice)),
    )
    page = _drawn if options.pdf is None else _given
    data, notes = page(invoice, options, chosen)
    return Written(data=data, fills=written.fills, notes=notes)


def _supplements(invoice: Invoice) -> Iterator[Supplement]:
    """The files of the invoice (BT-125), which readers of the PDF find beside it."""
    from einvoice.pdf.attach import UNKNOWN_MIME, Attachment

    for document in invoice.supporting_documents:
        file = document.attachment
        if file is not None:
            yield Attachment(
                name=file.filename or document.reference or "",
                content=file.content,
                mime=file.mime_code or UNKNOWN_MIME,
                description=document.description,
            )


def _drawn(invoice: Invoice, options: Options, chosen: Embedding) -> tuple[bytes, Notes]:
    """A page that is drawn is PDF/A-3a and PDF/UA-1; what is level a is level b too."""
    from einvoice.pdf.attach import embed_in
    from einvoice.pdf.template import load_template
    from einvoice.pdf.visual import draw_page

    template = load_template(options.template) if options.template is not None else None
    drawing = draw_page(invoice, language=options.language, template=template)
    claim: Claim = "b" if options.pdfa == "3b" else "kept"
    data = embed_in(drawing.pdf, msgspec.structs.replace(chosen, claim=claim))
    if not drawing.replaced:
        return data, ()
    signs = " ".join(sorted(drawing.replaced))
    return data, (f"characters without a glyph, replaced on the page: {signs}",)


def _given(_: Invoice, options: Options, chosen: Embedding) -> tuple[bytes, Notes]:
    """The page of the user; that it cannot be read is no fault of the invoice."""
    from einvoice.pdf.given_page import put_into

    assert options.pdf is not None
    try:
        hybrid = put_into(options.pdf, chosen, wish=options.pdfa)
    except PdfError as error:
        raise ConversionRefused(f"the given page cannot be used: {error}", terms=()) from None
    return hybrid.pdf, hybrid.notes


FORMAT = Format(
    name="facturx", title="Factur-X / ZUGFeRD, PDF/A-3 with CII", extension=".pdf", write=write
)
