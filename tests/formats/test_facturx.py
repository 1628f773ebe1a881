"""Factur-X as a whole: every profile, drawn and in a given page, with the files of the invoice."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

import einvoice
from einvoice.errors import ConversionRefused, UsageError
from einvoice.findings import LayerName, Status, Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import Attachment, SupportingDocument
from einvoice.pdf import pdfa
from einvoice.pdf.container import open_pdf
from tests.examples import plain_invoice

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SOURCE = write_xml("ubl-invoice", plain_invoice())

#: Profile -> level, file name, version and relationship.
PROFILES = {
    "minimum": ("MINIMUM", "factur-x.xml", "1.0", "Data"),
    "basicwl": ("BASIC WL", "factur-x.xml", "1.0", "Data"),
    "basic": ("BASIC", "factur-x.xml", "1.0", "Alternative"),
    "en16931": ("EN 16931", "factur-x.xml", "1.0", "Alternative"),
    "extended": ("EXTENDED", "factur-x.xml", "1.0", "Alternative"),
    "xrechnung": ("XRECHNUNG", "xrechnung.xml", "3.0", "Alternative"),
}


@cache
def in_profile(profile):
    source = SAMPLES / "de-xrechnung" / "invoice.xml"
    return einvoice.convert(source, to="facturx", profile=profile, language="de")


def page(text=b""):
    """A page of the user; text is in a font that is not in the file."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    helvetica = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=helvetica))
    pdf.pages[0].Contents = pdf.make_stream(text)
    target = BytesIO()
    pdf.save(target, static_id=True)
    return target.getvalue()


NOT_PDFA = page(b"BT /F1 12 Tf (Invoice) Tj ET")


@pytest.mark.parametrize("profile", PROFILES)
def test_container_follows_the_profile(profile):
    result = in_profile(profile)
    container = open_pdf(result.data)
    (block,) = container.xmp.declarations
    assert (block.level, container.name, block.version, container.relationship) == PROFILES[profile]
    assert (block.file_name, block.document_type) == (container.name, "INVOICE")
    assert result.report.verdict is Verdict.VALID
    assert not [f for f in result.report.findings if f.layer is LayerName.CONTAINER]


@pytest.mark.parametrize("profile", PROFILES)
def test_drawn_page_is_level_a_and_universally_accessible(profile):
    data = in_profile(profile).data
    result = pdfa.check(data)
    assert (result.claimed, result.at("a"), result.crashed) == ("a", (), ())
    with pikepdf.open(BytesIO(data)) as pdf:
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()


def test_level_b_on_request():
    data = einvoice.convert(SOURCE, to="facturx", pdfa="3b", check=False).data
    result = pdfa.check(data)
    assert (result.claimed, result.at("b")) == ("b", ())


def test_files_of_the_invoice_are_associated_under_names_of_their_own():
    documents = (
        ("a", Attachment(content=b"1", mime_code="text/csv", filename="list.csv")),
        ("b", Attachment(content=b"2", mime_code="text/csv", filename="list.csv")),
        ("c", Attachment(content=b"3")),
        ("d", None),
        ("e", Attachment(content=b"5", mime_code="text/xml", filename="factur-x.xml")),
    )
    invoice = plain_invoice(
        supporting_documents=tuple(
            SupportingDocument(
                reference=reference, attachment=file, description=f"File {reference}"
            )
            for reference, file in documents
        )
    )
    result = einvoice.convert(write_xml("cii", invoice), to="facturx", check=False)
    container = open_pdf(result.data)
    found = {
        file.name: (file.read(), file.mime, file.description)
        for file in container.attachments
        if file.relationship == "Supplement" and file.in_catalog and file.in_names
    }
    assert found == {
        "list.csv": (b"1", "text/csv", "File a"),
        "list-2.csv": (b"2", "text/csv", "File b"),
        "c": (b"3", "application/octet-stream", "File c"),
        "factur-x-2.xml": (b"5", "text/xml", "File e"),
    }
    assert container.name == "factur-x.xml"
    assert pdfa.check(result.data).at("a") == ()
    assert einvoice.read(result.data).invoice == invoice


@pytest.mark.parametrize("pdf", [None, page()])
def test_same_input_gives_the_same_bytes(pdf):
    options = {"to": "facturx", "pdf": pdf, "check": False}
    assert einvoice.convert(SOURCE, **options).data == einvoice.convert(SOURCE, **options).data


def test_a_given_page_that_is_no_pdfa_is_refused():
    with pytest.raises(ConversionRefused, match="font Helvetica on page 1 is not embedded"):
        einvoice.convert(SOURCE, to="facturx", pdf=NOT_PDFA)


def test_best_effort_is_written_and_judged():
    result = einvoice.convert(SOURCE, to="facturx", pdf=NOT_PDFA, pdfa="best-effort")
    failed = [layer.name for layer in result.report.layers if layer.status is Status.FAILED]
    assert failed == [LayerName.PDFA]
    assert result.notes[-1].startswith("the output is not PDF/A and does not claim it")
    assert open_pdf(result.data).xmp.part is None


def test_a_given_page_that_can_be_mended():
    result = einvoice.convert(SOURCE, to="facturx", pdf=page(b"1 0 0 rg 0 0 9 9 re f"))
    assert result.report.verdict is Verdict.VALID
    assert "an output intent with a profile was missing and is sRGB now" in result.notes


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [(b"\xff\xd8\xff\xe0 JFIF", "not a PDF"), (NOT_PDFA[:400], "cut off"), (b"", "empty")],
)
def test_a_page_that_cannot_be_used_is_no_fault_of_the_invoice(pdf, reason):
    with pytest.raises(ConversionRefused, match=f"the given page cannot be used: .*{reason}"):
        einvoice.convert(SOURCE, to="facturx", pdf=pdf)


def test_another_wish_is_refused():
    with pytest.raises(UsageError, match="PDF/A level '4'"):
        einvoice.convert(SOURCE, to="facturx", pdfa="4")
