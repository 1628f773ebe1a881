"""What must be true of a hybrid invoice besides its XML: the container checks.

Fatal is what makes the file unusable or contradictory, a warning what only some readers refuse.
PDF/A itself is a layer of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import msgspec

from einvoice.errors import PdfError
from einvoice.findings import Finding, LayerName, Severity
from einvoice.pdf.container import EmbeddedFile, PdfContainer, has_invoice_name
from einvoice.pdf.generations import (
    LOW_LEVELS,
    RELATIONSHIPS,
    UBL_ROOTS,
    levels_of,
)
from einvoice.pdf.metadata import Declaration

#: ZUGFeRD 1 and 2 files in use say application/xml now and then; only text/xml is laid down.
MIME = "text/xml"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What a check looks at."""

    container: PdfContainer
    guideline: str | None  #: BT-24

    @property
    def invoice(self) -> EmbeddedFile:
        """The embedded file that counts."""
        return self.container.invoices[0]

    @property
    def declaration(self) -> Declaration | None:
        """The XMP block about the invoice, of its own generation if there is one."""
        xmp = self.container.xmp
        return xmp.declaration(self.container.generation.namespace) if xmp else None


Messages = Iterator[str]


def several_invoices(case: Case) -> Messages:
    """A PDF holds one invoice, else two readers may book two different ones."""
    different = _standard_contents(case.container)
    if different > 1:
        yield (
            f"the PDF holds {different} different invoices ({_names(case.container.invoices)}), "
            f"expected one; {case.invoice.name!r} was read, another program may take another"
        )


def repeated_invoice(case: Case) -> Messages:
    """The invoice is embedded once; invoices under other names are no part of the hybrid."""
    invoices = case.container.invoices
    if len(invoices) > 1 and _standard_contents(case.container) <= 1:
        yield (
            f"{len(invoices)} attachments are invoices ({_names(invoices)}), expected one; "
            f"{case.invoice.name!r} was read"
        )


def name_allowed(case: Case) -> Messages:
    """The file name is how readers find the invoice; case counts."""
    name, allowed = case.invoice.name, case.container.generation.names
    if name in allowed:
        return
    expected = " or ".join(repr(item) for item in allowed)
    why = "case counts: " if name.lower() in map(str.lower, allowed) else ""
    yield (
        f"the invoice is attached as {name!r}, expected {expected} "
        f"({case.container.generation.title}); {why}many programs do not find it"
    )


def name_fits_level(case: Case) -> Messages:
    """xrechnung.xml is the name for the XRECHNUNG level only."""
    levels = levels_of(case.guideline or "")
    if case.invoice.name == "xrechnung.xml" and levels and "XRECHNUNG" not in levels:
        yield (
            f"the invoice is attached as 'xrechnung.xml' but BT-24 is {case.guideline!r}, "
            "expected 'factur-x.xml'"
        )


def xmp_present(case: Case) -> Messages:
    """The XMP metadata tells readers that the PDF is a hybrid, without opening attachments."""
    container = case.container
    if container.xmp_error:
        yield f"{container.xmp_error}; expected XMP that declares the invoice"
    elif container.xmp is None:
        yield "the PDF has no XMP metadata, expected XMP that declares the invoice"
    elif case.declaration is None:
        yield (
            "the XMP metadata does not declare the invoice, expected a block in namespace "
            f"{container.generation.namespace!r}; programs take the file for a plain PDF"
        )


def xmp_namespace(case: Case) -> Messages:
    """The block stands in the namespace of its generation, letter for letter."""
    block, expected = case.declaration, case.container.generation.namespace
    if block is not None and block.namespace != expected:
        yield (
            f"the XMP block about the invoice is in namespace {block.namespace!r}, expected "
            f"{expected!r} ({case.container.generation.title}); programs do not find it"
        )


def xmp_schema(case: Case) -> Messages:
    """PDF/A wants each namespace of the XMP described in an extension schema."""
    block = case.declaration
    if block is not None and not block.schema:
        yield (
            f"the XMP metadata has no extension schema for {block.namespace!r}, expected one; "
            "the file is no PDF/A"
        )


def level_agrees(case: Case) -> Messages:
    """The XMP announces the profile that BT-24 claims."""
    block, levels = case.declaration, levels_of(case.guideline or "")
    if block is None or block.level is None or not levels:
        return
    known = block.level in case.container.generation.levels
    if known and block.level not in levels:
        yield (
            f"the XMP ConformanceLevel is {block.level!r}, expected {levels[0]!r} "
            f"because BT-24 is {case.guideline!r}; the file contradicts itself"
        )


def level_known(case: Case) -> Messages:
    """ConformanceLevel is one of the levels of the generation, with their blanks."""
    levels = case.container.generation.levels
    yield from _value(case, "ConformanceLevel", lambda block: block.level, levels)


def file_name_agrees(case: Case) -> Messages:
    """DocumentFileName is the name of the attached invoice."""
    yield from _value(case, "DocumentFileName", lambda block: block.file_name, (case.invoice.name,))


def document_type(case: Case) -> Messages:
    """DocumentType of an invoice, credit notes included, is INVOICE."""
    yield from _value(case, "DocumentType", lambda block: block.document_type, ("INVOICE",))


def version_known(case: Case) -> Messages:
    """Version is one of the specification's, 1.0 for most files."""
    versions = case.container.generation.versions
    yield from _value(case, "Version", lambda block: block.version, versions)


def relationship_known(case: Case) -> Messages:
    """AFRelationship says how the XML relates to the page: Data, Source or Alternative."""
    found = case.invoice.relationship
    if found not in RELATIONSHIPS:
        yield (
            f"the AFRelationship of {case.invoice.name!r} is {_found(found)}, expected "
            f"{_list(RELATIONSHIPS)}; strict programs refuse the file"
        )


def relationship_of_low_levels(case: Case) -> Messages:
    """MINIMUM and BASIC WL are no full invoices, so their XML is Data beside the page."""
    levels = levels_of(case.guideline or "")
    found = case.invoice.relationship
    if levels and levels[0] in LOW_LEVELS and found in RELATIONSHIPS and found != "Data":
        yield (
            f"the AFRelationship of {case.invoice.name!r} is {found!r}, expected 'Data' "
            f"at level {levels[0]}; the French validator refuses others"
        )


def listed_in_both_places(case: Case) -> Messages:
    """The invoice is listed in the name tree and in the catalog's AF: readers look in either."""
    file = case.invoice
    if not file.in_names:
        yield f"{file.name!r} is not listed under Names, EmbeddedFiles; most programs look there"
    if not file.in_catalog:
        yield f"{file.name!r} is not listed under AF of the catalog, which PDF/A-3 demands"
    elif not case.container.af_is_array:
        yield "AF of the catalog is a single file specification, expected an array"


def mime_type(case: Case) -> Messages:
    """Subtype of the embedded file is text/xml."""
    if case.invoice.mime != MIME:
        yield (
            f"the Subtype of {case.invoice.name!r} is {_found(case.invoice.mime)}, "
            f"expected {MIME!r}"
        )


def not_encrypted(case: Case) -> Messages:
    """PDF/A forbids encryption, even without a password."""
    if case.container.encrypted:
        yield (
            "the PDF is encrypted (it opens without a password), expected no encryption; "
            "PDF/A forbids it and archives refuse it"
        )


def is_cii(case: Case) -> Messages:
    """A hybrid holds CII; UBL has no place in it."""
    if case.container.root in UBL_ROOTS:
        yield (
            f"{case.invoice.name!r} is a UBL document, expected CII (CrossIndustryInvoice); "
            "programs that read hybrid invoices do not know UBL"
        )


def pdfa_part(case: Case) -> Messages:
    """Attachments of any kind are allowed in PDF/A-3 only."""
    xmp = case.container.xmp
    if xmp is not None and xmp.part != "3":
        yield f"the XMP pdfaid:part is {_found(xmp.part)}, expected '3' (PDF/A-3)"


def both_names(case: Case) -> Messages:
    """F and UF of the file specification are both there and the same."""
    plain, unicode = case.invoice.plain_name, case.invoice.unicode_name
    if plain != unicode:
        yield (
            f"the file specification of the invoice has F {_found(plain)} and UF "
            f"{_found(unicode)}, expected the same in both"
        )


def size_agrees(case: Case) -> Messages:
    """Params Size is the number of bytes of the XML."""
    declared, real = case.invoice.declared_size, len(case.container.xml)
    if declared is not None and declared != real:
        yield (
            f"Params Size of {case.invoice.name!r} is {declared}, expected {real}, the size of "
            "the content; the attachment may have been exchanged"
        )


Check = Callable[[Case], Messages]

#: Every check with its public id and weight, in the order of the findings.
CHECKS: tuple[tuple[str, Severity, Check], ...] = (
    ("PDF-01", Severity.FATAL, several_invoices),
    ("PDF-02", Severity.FATAL, name_allowed),
    ("PDF-03", Severity.WARNING, xmp_present),
    ("PDF-04", Severity.FATAL, level_agrees),
    ("PDF-05", Severity.WARNING, level_known),
    ("PDF-06", Severity.WARNING, file_name_agrees),
    ("PDF-07", Severity.WARNING, document_type),
    ("PDF-08", Severity.WARNING, version_known),
    ("PDF-09", Severity.WARNING, relationship_known),
    ("PDF-10", Severity.WARNING, relationship_of_low_levels),
    ("PDF-11", Severity.WARNING, listed_in_both_places),
    ("PDF-12", Severity.WARNING, mime_type),
    ("PDF-13", Severity.FATAL, not_encrypted),
    ("PDF-14", Severity.FATAL, is_cii),
    ("PDF-15", Severity.WARNING, pdfa_part),
    ("PDF-16", Severity.WARNING, repeated_invoice),
    ("PDF-17", Severity.WARNING, name_fits_level),
    ("PDF-18", Severity.WARNING, xmp_namespace),
    ("PDF-19", Severity.WARNING, xmp_schema),
    ("PDF-20", Severity.WARNING, both_names),
    ("PDF-21", Severity.WARNING, size_agrees),
)

TERMS = {"PDF-04": ("BT-24",), "PDF-10": ("BT-24",), "PDF-17": ("BT-24",)}


def check_container(container: PdfContainer, guideline: str | None) -> tuple[Finding, ...]:
    """Judge the container of a hybrid invoice.

    Args:
        container: what was read from the PDF.
        guideline: BT-24 of the embedded invoice, None if it has none.
    """
    case = Case(container=container, guideline=guideline)
    return tuple(
        Finding(
            rule=rule,
            severity=severity,
            layer=LayerName.CONTAINER,
            message=message,
            terms=TERMS.get(rule, ()),
        )
        for rule, severity, check in CHECKS
        for message in check(case)
    )


def _value(
    case: Case, name: str, pick: Callable[[Declaration], str | None], allowed: tuple[str, ...]
) -> Messages:
    """One XMP property against the values that it may have."""
    block = case.declaration
    if block is None:
        return
    found = pick(block)
    if found not in allowed:
        yield f"the XMP {name} is {_found(found)}, expected {_list(allowed)}"


def _standard_contents(container: PdfContainer) -> int:
    """How many different contents the attachments with an invoice's name have."""
    return len({_digest(file) for file in container.invoices if has_invoice_name(file)})


def _digest(file: EmbeddedFile) -> bytes:
    """What tells two contents apart; a content that cannot be unpacked counts as it lies."""
    try:
        return hashlib.sha256(file.read()).digest()
    except PdfError:
        return hashlib.sha256(file.packed.raw if file.packed else b"").digest()


def _names(files: tuple[EmbeddedFile, ...]) -> str:
    return ", ".join(repr(file.name) for file in files)


def _found(value: str | None) -> str:
    return "missing" if value is None else repr(value)


def _list(values: tuple[str, ...]) -> str:
    return " or ".join(repr(value) for value in values)
