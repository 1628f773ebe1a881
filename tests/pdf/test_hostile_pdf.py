"""PDFs that try to break the reader: each ends in an error of ours, quickly."""

import struct
import time
import tracemalloc
import zlib

import pikepdf
import pytest
from pdf_examples import CII, changed, embed, good_hybrid, hybrid_of, plain_pdf
from pikepdf import Array, Dictionary, Name, String

from einvoice.errors import DocumentError, NoInvoiceInPdf, PdfError
from einvoice.pdf.container import MAX_NODES, open_pdf
from einvoice.pdf.streams import MAX_UNPACKED

TWO_GIGABYTES = 1 << 31
SECONDS = 5


@pytest.fixture(autouse=True)
def _quick():
    """Nothing here may take long, whatever the size that a file claims."""
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < SECONDS


def deflated(head: bytes, blanks: int) -> bytes:
    """Flate data that unpacks to a head and blanks, put together from one block; no checksum."""
    machine = zlib.compressobj(9, wbits=-15)
    start = machine.compress(head) + machine.flush(zlib.Z_FULL_FLUSH)
    block = machine.compress(b" " * (1 << 20)) + machine.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + start + block * (blanks >> 20) + machine.flush()


BOMB = deflated(b"", TWO_GIGABYTES)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"just text", "not a PDF"),
        (b"<html>" + b" " * 2000 + b"%PDF-1.7", "not a PDF"),
        (b"%PDF-1.7\nhello", "cut off or damaged"),
        (b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>", "damaged"),
    ],
)
def test_no_pdf(data, message):
    with pytest.raises(PdfError, match=message):
        open_pdf(data)


def test_truncated_pdf():
    data = good_hybrid()
    for size in range(10, len(data), 97):
        try:
            assert CII.startswith(open_pdf(data[:size]).xml)
        except DocumentError:
            continue


def test_locked_pdf():
    locked = pikepdf.Encryption(owner="o", user="secret")
    data = changed(good_hybrid(), lambda pdf: None, encryption=locked)
    with pytest.raises(PdfError, match="locked with a password.*ask the sender"):
        open_pdf(data)


def test_invoice_that_unpacks_to_gigabytes():
    data = hybrid_with_packed(BOMB, [Name.FlateDecode])
    tracemalloc.start()
    with pytest.raises(PdfError, match=f"more than {MAX_UNPACKED} bytes"):
        open_pdf(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * MAX_UNPACKED


def test_limit_of_the_caller():
    assert open_pdf(good_hybrid(), max_unpacked=len(CII)).xml == CII
    with pytest.raises(PdfError, match="more than 10 bytes"):
        open_pdf(good_hybrid(), max_unpacked=10)


def test_filter_that_is_not_measured_is_bounded_by_its_raw_size():
    data = hybrid_with_packed(deflated(b"", 200 << 20), [Name.LZWDecode])
    with pytest.raises(PdfError, match="more than"):
        open_pdf(data)


def test_supplement_that_unpacks_to_gigabytes_does_not_hinder():
    def add(pdf):
        spec = embed(pdf, "photo.xml", b"", relationship="Supplement")
        spec.EF.F.write(BOMB, filter=Name.FlateDecode)

    data = changed(good_hybrid(), add, compress_streams=False, stream_decode_level=NONE)
    container = open_pdf(data)
    assert container.xml == CII
    with pytest.raises(PdfError, match="photo"):
        container.attachments[-1].read()


def test_metadata_that_unpacks_to_gigabytes():
    def pack(pdf):
        pdf.Root.Metadata = pdf.make_stream(b"")  # without a type, else saving would unpack it
        pdf.Root.Metadata.write(BOMB, filter=Name.FlateDecode)

    data = changed(good_hybrid(), pack, compress_streams=False, stream_decode_level=NONE)
    with pytest.raises(PdfError, match="more than"):
        open_pdf(data)


NONE = pikepdf.StreamDecodeLevel.none


def hybrid_with_packed(packed, filters):
    def pack(pdf):
        pdf.Root.AF[0].EF.F.write(packed, filter=Array(filters))

    return changed(good_hybrid(), pack, compress_streams=False, stream_decode_level=NONE)


def test_object_stream_that_unpacks_to_gigabytes():
    head = b"5 0 << /EmbeddedFiles << /Names [] >> >>"
    with pytest.raises(PdfError, match="structure of the PDF unpacks"):
        open_pdf(with_object_stream(deflated(head, 300 << 20)))


def test_limits_of_the_library_are_restored():
    before = pikepdf.settings.get_qpdf_limits()
    open_pdf(good_hybrid())
    with pytest.raises(PdfError):
        open_pdf(b"%PDF-")
    assert pikepdf.settings.get_qpdf_limits() == before


def with_object_stream(packed):
    """A PDF whose object 5, the name tree, lies in a packed object stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Names 5 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    ]
    body, offsets = b"%PDF-1.7\n", [0]
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    entries = [(0, 0, 65535), *((1, at, 0) for at in offsets[1:]), (1, len(body), 0), (2, 3, 0)]
    rows = b"".join(struct.pack(">BIH", *entry) for entry in entries)
    return body + (
        b"4 0 obj\n<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n%s\n"
        b"endstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(rows), rows, len(body))
    )


def test_name_tree_that_is_endless():
    def loop(pdf):
        nodes = [pdf.make_indirect(Dictionary()) for _ in range(MAX_NODES // 10)]
        for node in nodes:
            node.Kids = Array(nodes[:50])
        pdf.Root.Names = Dictionary(EmbeddedFiles=nodes[0])

    with pytest.raises(NoInvoiceInPdf):
        open_pdf(changed(plain_pdf(), loop))


def test_name_tree_that_is_deep():
    def deepen(pdf):
        node = pdf.make_indirect(Dictionary(Names=Array()))
        for _ in range(5000):
            node = pdf.make_indirect(Dictionary(Kids=Array([node])))
        pdf.Root.Names = Dictionary(EmbeddedFiles=node)

    with pytest.raises(NoInvoiceInPdf):
        open_pdf(changed(plain_pdf(), deepen))


def test_xmp_with_entities_is_not_read():
    levels = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(20))
    xmp = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{levels}]><x a='&a20;'>&a20;</x>"

    def spoil(pdf):
        pdf.Root.Metadata = pdf.make_stream(xmp.encode())

    container = open_pdf(changed(good_hybrid(), spoil))
    assert container.xmp is None
    assert container.xmp_error


def test_xmp_reads_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    xmp = f"<!DOCTYPE x [<!ENTITY a SYSTEM '{secret.as_uri()}'>]><x>&a;</x>"

    def spoil(pdf):
        pdf.Root.Metadata = pdf.make_stream(xmp.encode())

    assert "DOCTYPE" in (open_pdf(changed(good_hybrid(), spoil)).xmp_error or "")


def test_names_cannot_hide_the_invoice():
    data = hybrid_of("../../factur-x.xml", b"<a/>")
    with pytest.raises(NoInvoiceInPdf):
        open_pdf(data)


def test_key_that_is_no_text():
    def add(pdf):
        pdf.Root.Names.EmbeddedFiles.Names = Array([String(b"\xfe\xff\xd8"), pdf.Root.AF[0]])

    assert open_pdf(changed(good_hybrid(), add)).xml == CII
