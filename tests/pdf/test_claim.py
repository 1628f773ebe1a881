"""The claim to be PDF/A, and properties that PDF/A does not let stand."""

import pytest
from pdf_examples import XMP

from einvoice.pdf.claim import with_claim, without_undescribed
from einvoice.pdf.metadata import read_xmp, write_xmp

PLAIN = XMP.encode()
OLD = XMP.replace("<pdfaid:part>3", "<pdfaid:amd>x</pdfaid:amd><pdfaid:part>1").encode()
AS_ATTRIBUTES = XMP.replace(
    "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", ""
).replace(
    'rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"',
    'rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2"',
)


@pytest.mark.parametrize("data", [PLAIN, OLD, AS_ATTRIBUTES.encode(), b""])
@pytest.mark.parametrize("level", ["a", "u", "b"])
def test_claim_is_replaced(data, level):
    claimed = with_claim(data, level)
    assert (read_xmp(claimed).part, read_xmp(claimed).conformance) == ("3", level.upper())
    assert claimed.count(b"<pdfaid:part>") == 1
    assert b"pdfaid:amd" not in claimed
    assert b"pdfaid:part=" not in claimed


@pytest.mark.parametrize("data", [PLAIN, OLD, AS_ATTRIBUTES.encode()])
def test_claim_is_taken_out(data):
    silent = with_claim(data, None)
    assert read_xmp(silent).part is None
    assert b"pdfaid" not in silent
    assert b'dc:format="application/pdf"' in silent


def test_properties_without_a_description_are_left_out():
    strange = XMP.replace(
        'dc:format="application/pdf"/>',
        'dc:format="application/pdf" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:Team="a">'
        "<pdfx:Company>b</pdfx:Company></rdf:Description>",
    )
    data, gone = without_undescribed(strange.encode())
    assert gone == ("Team", "Company")
    assert b"pdfx:" not in data
    assert b'dc:format="application/pdf"' in data
    assert read_xmp(data).part == "3"


def test_described_properties_stay():
    data = write_xmp(PLAIN, file_name="factur-x.xml", level="BASIC", version="1.0")
    assert without_undescribed(data) == (data, ())
