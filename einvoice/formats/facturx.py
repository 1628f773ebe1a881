"""Factur-X / ZUGFeRD as a target: a PDF/A-3 with a CII inside."""

from __future__ import annotations

from datetime import date

from einvoice.errors import ConversionRefused
from einvoice.formats import cii
from einvoice.formats.format import Format, Options, Written
from einvoice.model import Invoice

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
        ConversionRefused: no level belongs to BT-24.
        PdfError: the given page cannot be used.
    """
    from einvoice.pdf.attach import attach

    level, name, version = level_of(invoice.process.specification)
    written = cii.write(invoice, options)
    page, notes = _page(invoice, options)
    data = attach(
        page,
        written.data,
        level=level,
        name=name,
        version=version,
        relationship="Data" if level in ("MINIMUM", "BASIC WL") else "Alternative",
        modified=invoice.issue_date or date(2000, 1, 1),
    )
    return Written(data=data, fills=written.fills, notes=notes)


def _page(invoice: Invoice, options: Options) -> tuple[bytes, tuple[str, ...]]:
    if options.pdf is not None:
        return options.pdf, ()
    from einvoice.pdf.visual import draw_page

    drawing = draw_page(invoice, language=options.language)
    if not drawing.replaced:
        return drawing.pdf, ()
    signs = " ".join(sorted(drawing.replaced))
    return drawing.pdf, (f"characters without a glyph, replaced on the page: {signs}",)


FORMAT = Format(
    name="facturx", title="Factur-X / ZUGFeRD, PDF/A-3 with CII", extension=".pdf", write=write
)
