"""Finding the invoice in a PDF."""

import subprocess
import sys
import zlib

import pikepdf
import pytest
from pdf_examples import (
    CII,
    OTHER_CII,
    UBL,
    ZUGFERD_1,
    changed,
    embed,
    good_hybrid,
    hybrid_of,
    names_of,
    plain_pdf,
    with_file,
)
from pikepdf import Array, Dictionary, Name, String

from einvoice.errors import NoInvoiceInPdf, PdfError
from einvoice.pdf.container import open_pdf


def test_good_hybrid_is_read_with_all_its_facts():
    container = open_pdf(good_hybrid())
    assert container.xml == CII
    assert (container.name, container.relationship) == ("factur-x.xml", "Alternative")
    (file,) = container.attachments
    assert (file.in_names, file.in_catalog) == (True, True)
    assert (file.mime, file.declared_size, file.size) == ("text/xml", len(CII), len(CII))
    assert file.modified == "D:20240131000000Z"
    assert (container.xmp.part, container.xmp.conformance) == ("3", "B")
    (block,) = container.xmp.declarations
    assert block.namespace == "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
    assert (block.level, block.file_name) == ("EN 16931", "factur-x.xml")
    assert (block.document_type, block.version) == ("INVOICE", "1.0")
    assert not container.encrypted
    assert not container.repaired


@pytest.mark.parametrize("name", ["factur-x.xml", "FACTUR-X.XML", "xrechnung.xml", "Cii.xml"])
@pytest.mark.parametrize("where", [{"in_names": False}, {"in_catalog": False}, {}], ids=str)
def test_invoice_is_found_by_name_or_root_in_either_list(name, where):
    assert open_pdf(hybrid_of(name, CII, **where)).name == name


@pytest.mark.parametrize("content", [UBL, ZUGFERD_1])
def test_other_invoice_roots_count(content):
    assert open_pdf(hybrid_of("any.xml", content)).xml == content


@pytest.mark.parametrize("content", [b"<Order/>", b"no xml", b"", b"<!DOCTYPE a [<!ENTITY b 'c'>"])
def test_other_xml_is_no_invoice(content):
    with pytest.raises(NoInvoiceInPdf, match=r"'order-x\.xml'"):
        open_pdf(hybrid_of("order-x.xml", content))


def test_plain_pdf_has_no_invoice():
    with pytest.raises(NoInvoiceInPdf, match="no attachments"):
        open_pdf(plain_pdf())


def test_named_file_without_content_is_no_invoice():
    data = changed(good_hybrid(), lambda pdf: pdf.Root.AF[0].__delitem__("/EF"))
    with pytest.raises(NoInvoiceInPdf, match="without content"):
        open_pdf(data)


def test_order_of_preference():
    def add_all(pdf):
        embed(pdf, "aaa.xml", OTHER_CII)
        embed(pdf, "ZUGFeRD-invoice.xml", ZUGFERD_1)
        embed(pdf, "zugferd-invoice.xml", OTHER_CII)
        embed(pdf, "xrechnung.xml", OTHER_CII)
        embed(pdf, "Factur-X.xml", OTHER_CII)
        embed(pdf, "factur-x.xml", CII)

    container = open_pdf(changed(plain_pdf(), add_all))
    assert [file.name for file in container.invoices] == [
        "factur-x.xml",
        "Factur-X.xml",
        "xrechnung.xml",
        "zugferd-invoice.xml",
        "ZUGFeRD-invoice.xml",
        "aaa.xml",
    ]
    assert container.xml == CII


def test_name_tree_with_kids_and_a_loop():
    def deepen(pdf):
        leaf = pdf.make_indirect(Dictionary(Names=names_of(pdf)))
        node = pdf.make_indirect(Dictionary(Kids=Array([leaf])))
        node.Kids.append(node)
        pdf.Root.Names.EmbeddedFiles = Dictionary(Kids=Array([node]))
        del pdf.Root.AF

    container = open_pdf(changed(good_hybrid(), deepen))
    assert len(container.attachments) == 1
    assert container.xml == CII


def test_af_that_is_no_array_is_read():
    def single(pdf):
        pdf.Root.AF = pdf.Root.AF[0]
        del pdf.Root.Names

    container = open_pdf(changed(good_hybrid(), single))
    assert container.xml == CII
    assert not container.af_is_array


def test_values_of_the_wrong_type_are_passed_over():
    def spoil(pdf):
        pdf.Root.AF = Array([1, Name.X, Dictionary(), Dictionary(EF=3, F=5), pdf.Root.AF[0]])
        pdf.Root.Names.EmbeddedFiles = Dictionary(Names=Array([1, 2, String("k")]), Kids=4)
        pdf.Root.Metadata = String("no stream")

    container = open_pdf(changed(good_hybrid(), spoil))
    assert container.xml == CII
    assert container.xmp is None


def test_encrypted_without_password_is_readable():
    data = changed(good_hybrid(), lambda pdf: None, encryption=pikepdf.Encryption(owner="o"))
    container = open_pdf(data)
    assert container.encrypted
    assert container.xml == CII


def test_repaired_file_is_readable():
    data = good_hybrid().replace(b"startxref", b"startxxxx")
    container = open_pdf(data)
    assert container.repaired
    assert container.xml == CII


@pytest.mark.parametrize(
    ("filters", "packed"),
    [
        ([Name.ASCIIHexDecode], CII.hex().encode() + b">"),
        ([Name.ASCIIHexDecode, Name.ASCIIHexDecode], CII.hex().encode().hex().encode() + b">"),
        (
            [Name.RunLengthDecode],
            b"\x7f" + CII[:128] + bytes([len(CII) - 129]) + CII[128:] + b"\x80",
        ),
        ([Name.FlateDecode, Name.FlateDecode], zlib.compress(zlib.compress(CII))),
    ],
)
def test_other_filters(filters, packed):
    def repack(pdf):
        pdf.Root.AF[0].EF.F.write(packed, filter=Array(filters))

    data = changed(good_hybrid(), repack, compress_streams=False, stream_decode_level=NONE)
    assert open_pdf(data).xml == CII


def test_flate_with_predictor():
    rows = b"".join(b"\x00" + CII[n : n + 1] for n in range(len(CII)))

    def repack(pdf):
        stream = pdf.Root.AF[0].EF.F
        stream.write(zlib.compress(rows), filter=Name.FlateDecode, decode_parms=PREDICTOR)

    data = changed(good_hybrid(), repack, compress_streams=False, stream_decode_level=NONE)
    assert open_pdf(data).xml == CII


NONE = pikepdf.StreamDecodeLevel.none
PREDICTOR = Dictionary(Predictor=15, Columns=1)


def test_image_filter_is_refused():
    def repack(pdf):
        pdf.Root.AF[0].EF.F.write(b"x", filter=Name.DCTDecode)

    data = changed(good_hybrid(), repack, compress_streams=False, stream_decode_level=NONE)
    with pytest.raises(PdfError, match="DCTDecode"):
        open_pdf(data)


def test_damaged_stream_says_which():
    def repack(pdf):
        pdf.Root.AF[0].EF.F.write(b"not flate", filter=Name.FlateDecode)

    data = changed(good_hybrid(), repack, compress_streams=False, stream_decode_level=NONE)
    with pytest.raises(PdfError, match=r"factur-x\.xml.*damaged"):
        open_pdf(data)


def test_other_attachments_can_be_read():
    container = open_pdf(changed(good_hybrid(), with_file("lines.csv", b"a;b")))
    assert {file.name: file.read() for file in container.attachments} == {
        "factur-x.xml": CII,
        "lines.csv": b"a;b",
    }


def test_heavy_libraries_are_imported_late():
    code = (
        "import sys, einvoice.pdf.container, einvoice.pdf.checks, einvoice.pdf.attach, "
        "einvoice.pdf.visual; assert not {'pikepdf', 'typst'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
