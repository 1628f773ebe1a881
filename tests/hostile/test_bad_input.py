"""Bad input ends in a finding or an error of our tree, within a second."""

from __future__ import annotations

import time
from io import BytesIO

import pikepdf
import pytest

import einvoice
from einvoice.errors import DocumentError
from einvoice.formats.mapping import write_xml
from tests.examples import plain_invoice

UBL = write_xml("ubl-invoice", plain_invoice())
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE a [<!ENTITY l0 "lol">{ENTITIES}]><a>&l9;</a>'.encode()
XXE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'


def blank_pdf(**options: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    stream = BytesIO()
    pdf.save(stream, **options)
    return stream.getvalue()


def two_invoices() -> bytes:
    pdf = pikepdf.open(BytesIO(einvoice.convert(UBL, to="facturx").data))
    other = write_xml("cii", plain_invoice(number="other"))
    pdf.attachments["xrechnung.xml"] = pikepdf.AttachedFileSpec(pdf, other, mime_type="text/xml")
    stream = BytesIO()
    pdf.save(stream)
    return stream.getvalue()


CASES = {
    "empty": (b"", "XML-MALFORMED"),
    "text": (b"Dear all, please find attached", "XML-MALFORMED"),
    "binary": (bytes(range(256)) * 100, "XML-MALFORMED"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 1000, "XML-MALFORMED"),
    "truncated": (UBL[: len(UBL) // 2], "XML-MALFORMED"),
    "xxe": (XXE, "XML-FORBIDDEN"),
    "laughs": (LAUGHS, "XML-FORBIDDEN"),
    "large": (b"<a>" + b" " * 200_000_000, "XML-FORBIDDEN"),
    "deep": (b"<a>" * 1_000_000, "XML-MALFORMED"),
    "no invoice": (blank_pdf(), "PDF-NO-INVOICE"),
    "password": (
        blank_pdf(encryption=pikepdf.Encryption(owner="o", user="secret")),
        "PDF-UNREADABLE",
    ),
    "cut pdf": (blank_pdf()[:200], "PDF-UNREADABLE"),
    "two invoices": (two_invoices(), "PDF-01"),
    "not ours": (b'{"facture": 1}', "JSON-MALFORMED"),
    "list": (b"[1, 2]", "XML-MALFORMED"),
}


@pytest.mark.parametrize("name", CASES)
def test_invalid_with_a_reason(name) -> None:
    data, rule = CASES[name]
    start = time.perf_counter()
    report = einvoice.validate(data)
    assert time.perf_counter() - start < 1
    assert report.verdict.value == "invalid"
    assert rule in {finding.rule for finding in report.findings}
    assert all(finding.message for finding in report.findings)


@pytest.mark.parametrize("name", [n for n in CASES if n != "two invoices"])
def test_reading_raises_from_the_tree(name) -> None:
    with pytest.raises(DocumentError):
        einvoice.read(CASES[name][0])
    with pytest.raises(DocumentError):
        einvoice.convert(CASES[name][0], to="cii")


@pytest.mark.parametrize(
    "data",
    [
        UBL.replace(b"xsd:Invoice-2", b"xsd:Order-2"),
        b"<html><body>Invoice</body></html>",
        UBL.replace(b"ubl:Invoice", b"ubl:DebitNote"),
    ],
)
def test_wrong_root_or_namespace_is_undecided_and_named(data) -> None:
    report = einvoice.validate(data)
    assert report.verdict.value == "undecided"
    assert "is no invoice format we know" in report.notes[0]


def test_huge_numbers_and_strange_text_are_read_or_left() -> None:
    for text in ("9" * 5000, "-" + "9" * 5000, "0." + "0" * 5000 + "1", "1" * 10 + "e9"):
        data = UBL.replace(b">240.00</cbc:PayableAmount>", f">{text}</cbc:PayableAmount>".encode())
        document = einvoice.read(data)
        kept = document.invoice.totals.due is not None
        assert kept or text in [loss.value for loss in document.leftovers]
        einvoice.convert(document, to="json", check=False)
        einvoice.validate(data)
