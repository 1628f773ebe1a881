"""PDFs made for the tests: a plain page, a good hybrid, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from einvoice.pdf.attach import attach

DAY = date(2024, 1, 31)
EN_16931 = "urn:cen.eu:en16931:2017"
CII = (
    b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:'
    b'CrossIndustryInvoice:100"><!-- 1 --></rsm:CrossIndustryInvoice>'
)
OTHER_CII = CII.replace(b"1 ", b"2 ")
ZUGFERD_1 = b'<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'
UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 dc:format="application/pdf"/>
</rdf:RDF></x:xmpmeta>"""

Change = Callable[[pikepdf.Pdf], None]


@cache
def plain_pdf() -> bytes:
    """A blank page with XMP that claims PDF/A-3b."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    pdf.Root.Metadata = xmp_stream(pdf, XMP.encode())
    return saved(pdf)


@cache
def good_hybrid() -> bytes:
    """A hybrid without any finding."""
    return attach(plain_pdf(), CII, level="EN 16931", modified=DAY)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    target = BytesIO()
    options = {"fix_metadata_version": False, "preserve_pdfa": False, **options}
    pdf.save(target, static_id=True, **options)  # type: ignore[arg-type]
    return target.getvalue()


def changed(data: bytes, change: Change, **options: object) -> bytes:
    """The PDF after a change of its objects."""
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        return saved(pdf, **options)


def xmp_stream(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Stream:
    stream = pdf.make_stream(data)
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    return stream


def with_xmp(old: str, new: str) -> Change:
    """Replace text in the XMP; it must be there."""

    def change(pdf: pikepdf.Pdf) -> None:
        text = pdf.Root.Metadata.read_bytes().decode()
        assert old in text
        pdf.Root.Metadata = xmp_stream(pdf, text.replace(old, new).encode())

    return change


def embed(
    pdf: pikepdf.Pdf,
    name: str,
    content: bytes,
    *,
    relationship: str = "Alternative",
    in_names: bool = True,
    in_catalog: bool = True,
) -> pikepdf.Object:
    """Embed a file by hand, beside those that are there."""
    stream = pdf.make_stream(content)
    stream.Type, stream.Subtype = Name.EmbeddedFile, Name("/text/xml")
    spec = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            EF=Dictionary(F=stream, UF=stream),
            AFRelationship=Name("/" + relationship),
        )
    )
    if in_names:
        names_of(pdf).extend([String(name), spec])
    if in_catalog:
        if "/AF" not in pdf.Root:
            pdf.Root.AF = Array()
        pdf.Root.AF.append(spec)
    return spec


def names_of(pdf: pikepdf.Pdf) -> pikepdf.Array:
    """The leaves of the flat name tree of embedded files."""
    if "/Names" not in pdf.Root:
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))
    return pdf.Root.Names.EmbeddedFiles.Names


def with_file(name: str, content: bytes, **options: object) -> Change:
    return lambda pdf: embed(pdf, name, content, **options) and None  # type: ignore[arg-type, func-returns-value]


def hybrid_of(name: str, content: bytes, **options: object) -> bytes:
    """The plain page with one embedded file and no XMP block about it."""
    return changed(plain_pdf(), with_file(name, content, **options))
