"""XMP from the document information."""

import pikepdf
import pytest
from pikepdf import Dictionary, String

from einvoice.pdf.information import iso_date, packet_from

INFORMATION = {
    "/Title": "Facture <1> & été",
    "/Author": "Atelier Vauban",
    "/Subject": "\x01",
    "/Keywords": "a, b",
    "/Creator": "Writer",
    "/Producer": "Printer",
    "/CreationDate": "D:20240131120000+01'00'",
    "/ModDate": "yesterday",
}


def test_what_the_information_says():
    pdf = pikepdf.new()
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary({key: String(text) for key, text in INFORMATION.items()})
    )
    text = packet_from(pdf).decode()
    assert (
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Facture &lt;1&gt; &amp; été</rdf:li>'
        in text
    )
    assert "<dc:creator><rdf:Seq><rdf:li>Atelier Vauban</rdf:li></rdf:Seq></dc:creator>" in text
    assert "<pdf:Keywords>a, b</pdf:Keywords>" in text
    assert "<xmp:CreatorTool>Writer</xmp:CreatorTool>" in text
    assert "<pdf:Producer>Printer</pdf:Producer>" in text
    assert "<xmp:CreateDate>2024-01-31T12:00:00+01:00</xmp:CreateDate>" in text
    assert "dc:description" not in text
    assert "ModifyDate" not in text


@pytest.mark.parametrize("information", [None, Dictionary(), String("x")])
def test_nothing_to_say(information):
    pdf = pikepdf.new()
    if information is not None:
        pdf.trailer.Info = information
    assert b"rdf:Description" not in packet_from(pdf)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("D:2024", "2024"),
        ("D:202401", "2024-01"),
        ("20240131", "2024-01-31"),
        ("D:202401311530", "2024-01-31T15:30:00Z"),
        ("D:20240131153059Z", "2024-01-31T15:30:59Z"),
        ("D:20240131153059Z00'00'", "2024-01-31T15:30:59Z"),
        ("D:20240131153059-05'30'", "2024-01-31T15:30:59-05:30"),
        ("D:20240131153059+02", "2024-01-31T15:30:59+02:00"),
        ("31.01.2024", None),
        ("", None),
    ],
)
def test_dates(text, date):
    assert iso_date(text) == date
