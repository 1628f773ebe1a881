"""Invoices as CSV, one row per line."""

import csv
import io
from decimal import Decimal

import pytest
from msgspec.structs import replace

from einvoice.formats import format_named
from einvoice.formats.format import Options, Written
from einvoice.model import Attachment, Invoice, Item, Line, LineVat, Price, Seller
from einvoice.model import SupportingDocument as Document
from tests.examples import plain_invoice

TITLES = (
    "BT-1 Invoice number,BT-2 Invoice issue date,BT-3 Invoice type code,"
    "BT-5 Invoice currency code,BT-27 Seller name,BT-31 Seller VAT identifier,BT-44 Buyer name,"
    "BT-48 Buyer VAT identifier,BT-9 Payment due date,BT-109 Invoice total amount without VAT,"
    "BT-110 Invoice total VAT amount,BT-112 Invoice total amount with VAT,"
    "BT-115 Amount due for payment,BT-126 Invoice line identifier,BT-127 Invoice line note,"
    "BT-128 Invoice line object identifier,BT-128-1 Invoice line object identifier scheme,"
    "BT-129 Invoiced quantity,BT-130 Invoiced quantity unit of measure code,"
    "BT-131 Invoice line net amount,BT-132 Referenced purchase order line reference,"
    "BT-133 Invoice line buyer accounting reference,BT-134 Invoice line period start date,"
    'BT-135 Invoice line period end date,"BT-136 Invoice line allowance amount, sum",'
    "BT-139 Invoice line allowance reason,BT-140 Invoice line allowance reason code,"
    '"BT-141 Invoice line charge amount, sum",BT-144 Invoice line charge reason,'
    "BT-145 Invoice line charge reason code,BT-146 Item net price,BT-147 Item price discount,"
    "BT-148 Item gross price,BT-149 Item price base quantity,"
    "BT-150 Item price base quantity unit of measure code,BT-151 Invoiced item VAT category code,"
    "BT-152 Invoiced item VAT rate,BT-153 Item name,BT-154 Item description,"
    "BT-155 Item seller's identifier,BT-156 Item buyer's identifier,"
    "BT-157 Item standard identifier,BT-157-1 Item standard identifier scheme,"
    "BT-158 Item classification identifier,BT-159 Item country of origin,BG-32 Item attributes,"
    "EXT-FR-FE-162 Parent line,EXT-FR-FE-163 Line subtype\r\n"
)
HEADER = (
    "2026-0042,2026-10-05,380,EUR,Atelier Vauban,FR83404833048,Kontor Hansen,,2026-11-04,"
    "200.00,40.00,240.00,240.00,"
)


def written(invoice: Invoice) -> Written:
    return format_named("csv").write(invoice, Options())


def text_of(invoice: Invoice) -> str:
    return written(invoice).data.decode("utf-8")


def column(invoice: Invoice, term: str) -> list[str]:
    rows = list(csv.DictReader(io.StringIO(written(invoice).data.decode("utf-8-sig"), newline="")))
    return [value for row in rows for title, value in row.items() if title.split()[0] == term]


def test_an_invoice_of_two_lines() -> None:
    second = Line(
        identifier="2",
        note='says "two",\nand more',
        quantity=Decimal("-0.500"),
        unit="KGM",
        net_amount=Decimal("1E+2"),
        price=Price(net=Decimal("-200")),
        vat=LineVat(category="Z", rate=Decimal("0.00")),
        item=Item(name="Clous été"),
    )
    invoice = plain_invoice(lines=(*plain_invoice().lines, second))
    assert text_of(invoice) == (
        f"\ufeff{TITLES}"
        f"{HEADER}1,,,,2,C62,200.00,,,,,,,,,,,100.00,,,,,S,20,Table,,,,,,,,,,\r\n"
        f'{HEADER}2,"says ""two"",\nand more",,,-0.500,KGM,100,,,,,,,,,,,-200,,,,,Z,0.00,'
        "Clous été,,,,,,,,,,\r\n"
    )


def test_an_invoice_without_lines_is_one_row() -> None:
    invoice = plain_invoice(lines=())
    assert text_of(invoice) == f"\ufeff{TITLES}{HEADER}{',' * 34}\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_is_never_a_formula(start) -> None:
    name = f"{start}HYPERLINK(A1)"
    assert column(plain_invoice(seller=Seller(name=name)), "BT-27") == [f"'{name}"]


def test_a_code_of_a_line_is_never_a_formula() -> None:
    (line,) = plain_invoice().lines
    lines = (replace(line, item=Item(country_of_origin="-1")),)
    assert column(plain_invoice(lines=lines), "BT-159") == ["'-1"]


def test_numbers_and_other_texts_get_no_apostrophe() -> None:
    (line,) = plain_invoice().lines
    lines = (replace(line, quantity=Decimal("-2"), note="a=b", identifier="'1"),)
    invoice = plain_invoice(lines=lines)
    assert column(invoice, "BT-129") == ["-2"]
    assert column(invoice, "BT-127") == ["a=b"]
    assert column(invoice, "BT-126") == ["'1"]


def test_what_is_not_in_it_is_said() -> None:
    document = Document(reference="A", attachment=Attachment(content=b"1234"))
    notes = "a flat table of the lines: {} of the invoice's terms {} not in it"
    assert written(plain_invoice()).notes == (notes.format(12, "are"),)
    assert written(plain_invoice(supporting_documents=(document,))).notes == (
        notes.format(14, "are"),
    )
    assert written(Invoice(payment_terms="now")).notes == (notes.format(1, "is"),)
    assert written(Invoice(number="1")).notes == ()


def test_it_is_not_read_back() -> None:
    assert not format_named("csv").reads_back
