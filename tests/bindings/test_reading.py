"""What becomes of each part of a source: taken, left over, or derived."""

from decimal import Decimal

import pytest

import einvoice
from einvoice.formats.mapping import write_xml
from tests.examples import plain_invoice


def ubl(insert: str = "", before: str = "<cac:AccountingSupplierParty>", **change: str) -> bytes:
    text = write_xml("ubl-invoice", plain_invoice()).decode()
    assert before in text
    text = text.replace(before, insert + before, 1)
    for old, new in change.items():
        text = text.replace(old, new)
    return text.encode()


def cii(old: str = "", new: str = "") -> bytes:
    text = write_xml("cii", plain_invoice()).decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def leftovers(data: bytes) -> list[tuple[str, str]]:
    return [(loss.path, loss.value) for loss in einvoice.read(data).leftovers]


def test_a_clean_document_leaves_nothing() -> None:
    for data in (ubl(), cii()):
        document = einvoice.read(data)
        assert document.invoice == plain_invoice()
        assert document.leftovers == ()
        assert document.derived == ()


def test_an_element_that_no_term_takes_is_left_leaf_by_leaf_with_its_attributes() -> None:
    extra = '<cac:Signature><cbc:ID schemeID="X">sig</cbc:ID><cbc:Note>n</cbc:Note></cac:Signature>'
    assert leftovers(ubl(extra)) == [
        ("/ubl:Invoice/cac:Signature/cbc:ID", "sig"),
        ("/ubl:Invoice/cac:Signature/cbc:ID/@schemeID", "X"),
        ("/ubl:Invoice/cac:Signature/cbc:Note", "n"),
    ]


def test_an_attribute_that_no_term_takes_is_left() -> None:
    data = ubl().replace(b"<cbc:InvoiceTypeCode>", b'<cbc:InvoiceTypeCode listID="UNCL1001">')
    assert leftovers(data) == [("/ubl:Invoice/cbc:InvoiceTypeCode/@listID", "UNCL1001")]


def test_a_currency_that_is_not_bt_5_is_left() -> None:
    data = ubl().replace(
        b'<cbc:PayableAmount currencyID="EUR"', b'<cbc:PayableAmount currencyID="USD"'
    )
    assert leftovers(data) == [
        ("/ubl:Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount/@currencyID", "USD")
    ]


@pytest.mark.parametrize("text", ["2026-02-30", "05.10.2026", "2026-10-05T00:00:00", "٢٠٢٦-10-05"])
def test_what_is_no_date_is_left_and_the_term_absent(text) -> None:
    data = ubl().replace(b"<cbc:IssueDate>2026-10-05", f"<cbc:IssueDate>{text}".encode())
    document = einvoice.read(data)
    assert document.invoice.issue_date is None
    assert [loss.value for loss in document.leftovers] == [text]


@pytest.mark.parametrize("text", ["1e3", "1_0", "12,50", "NaN", "١٢", "--1", "."])
def test_what_is_no_decimal_is_left(text) -> None:
    data = ubl().replace(
        b'<cbc:PayableAmount currencyID="EUR">240.00',
        f'<cbc:PayableAmount currencyID="EUR">{text}'.encode(),
    )
    document = einvoice.read(data)
    assert document.invoice.totals.due is None
    assert text in [loss.value for loss in document.leftovers]


def test_digits_are_kept_as_written() -> None:
    data = ubl().replace(b">240.00</cbc:PayableAmount>", b"> +0240.000 </cbc:PayableAmount>")
    due = einvoice.read(data).invoice.totals.due
    assert str(due) == "240.000"


def test_a_second_value_is_left_but_the_same_again_is_not() -> None:
    once = b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    assert leftovers(ubl().replace(once, once + once)) == []
    other = once + b"<cbc:DocumentCurrencyCode>SEK</cbc:DocumentCurrencyCode>"
    assert leftovers(ubl().replace(once, other)) == [
        ("/ubl:Invoice/cbc:DocumentCurrencyCode[2]", "SEK")
    ]


def test_a_second_group_of_which_there_is_one_is_left_whole() -> None:
    delivery = (
        "<cac:Delivery><cbc:ActualDeliveryDate>2026-10-0{}</cbc:ActualDeliveryDate></cac:Delivery>"
    )
    data = ubl(delivery.format(1) + delivery.format(2), before="<cac:TaxTotal>")
    document = einvoice.read(data)
    assert document.invoice.delivery.actual_date.day == 1
    assert [loss.value for loss in document.leftovers] == ["2026-10-02"]


def test_text_between_elements_and_below_a_leaf_is_left() -> None:
    assert leftovers(ubl("<cac:Delivery>stray</cac:Delivery>", before="<cac:TaxTotal>")) == [
        ("/ubl:Invoice/cac:Delivery", "stray")
    ]


def test_empty_elements_are_absent_terms() -> None:
    document = einvoice.read(
        ubl("<cbc:BuyerReference> \n </cbc:BuyerReference><cac:OrderReference/>")
    )
    assert document.invoice == plain_invoice()
    assert document.leftovers == ()


def test_an_identifier_without_a_value_is_absent_and_its_scheme_left() -> None:
    data = cii("<ram:Name>Kontor Hansen", '<ram:GlobalID schemeID="0088"/><ram:Name>Kontor Hansen')
    document = einvoice.read(data)
    assert document.invoice.buyer.identifier is None
    assert [loss.value for loss in document.leftovers] == ["0088"]


@pytest.mark.parametrize(
    ("flag", "group"), [("0", "allowances"), ("false", "allowances"), ("1", "charges")]
)
def test_indicators_in_all_their_spellings(flag, group) -> None:
    row = (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{flag}</cbc:ChargeIndicator>"
        '<cbc:Amount currencyID="EUR">5</cbc:Amount></cac:AllowanceCharge>'
    )
    document = einvoice.read(ubl(row, before="<cac:TaxTotal>"))
    assert [row.amount for row in getattr(document.invoice, group)] == [Decimal(5)]
    assert document.leftovers == ()


def test_comments_and_instructions_do_not_cut_a_text() -> None:
    data = ubl().replace(b"Atelier Vauban", b"Atelier<!-- x --> Vau<?y z?>ban")
    assert einvoice.read(data).invoice.seller.name == "Atelier Vauban"


def test_a_value_is_found_in_its_source() -> None:
    document = einvoice.read(ubl())
    place = document.place("lines[0].price.net")
    assert place.xpath == "/ubl:Invoice/cac:InvoiceLine/cac:Price/cbc:PriceAmount"
    line = ubl().decode().splitlines()[place.line - 1]
    assert "PriceAmount" in line
    assert document.place("lines[0]").xpath == "/ubl:Invoice/cac:InvoiceLine"
    assert document.place("seller.address").xpath.startswith(
        "/ubl:Invoice/cac:AccountingSupplierParty"
    )
    assert document.place("vat_breakdown[0].rate").xpath.endswith("cac:TaxCategory/cbc:Percent")
    assert document.place("lines[7].price.net") is None
    assert document.place("payee.name") is None


def test_the_place_of_an_attribute_names_it() -> None:
    assert (
        einvoice.read(ubl())
        .place("lines[0].unit")
        .xpath.endswith("/cbc:InvoicedQuantity/@unitCode")
    )
