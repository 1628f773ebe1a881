"""Each quirk in both directions."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.findings import LossKind
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    Totals,
)
from tests.examples import plain_invoice

SYNTAXES = ["ubl-invoice", "cii"]


def again(syntax, invoice):
    document = einvoice.read(write_xml(syntax, invoice))
    assert document.leftovers == ()
    return document.invoice


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize(
    "note",
    [
        Note(text="plain"),
        Note(text="#ABC# no subject, the code ends the text"[:4]),
        Note(subject_code="PMT", text="40 EUR"),
        Note(subject_code="AAB"),
        Note(subject_code="BAR", text="B2B\n#second line#"),
    ],
)
def test_notes(syntax, note) -> None:
    assert again(syntax, plain_invoice(notes=(note,))).notes == (note,)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_seller_identifiers_and_the_creditor(syntax) -> None:
    invoice = plain_invoice(
        payment=PaymentInstructions(
            means_code="59",
            direct_debit=DirectDebit(
                mandate_reference="M-1", creditor_identifier="FR12ZZZ123456", debited_account="A"
            ),
        ),
        payee=Payee(name="Factor", identifier=Identifier(value="7", scheme="0088")),
    )
    identifiers = (Identifier(value="a"), Identifier(value="b", scheme="0088"))
    invoice = replace(invoice, seller=replace(invoice.seller, identifiers=identifiers))
    assert again(syntax, invoice) == invoice


def test_the_order_of_identifiers_says_nothing() -> None:
    plain, known = Identifier(value="a"), Identifier(value="b", scheme="0088")
    seller = plain_invoice().seller
    data = write_xml(
        "ubl-invoice", plain_invoice(seller=replace(seller, identifiers=(known, plain)))
    )
    assert einvoice.read(data).invoice.seller.identifiers == (plain, known)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_several_accounts_and_a_card(syntax) -> None:
    payment = PaymentInstructions(
        means_code="30",
        means_text="transfer",
        remittance_information="RF18",
        credit_transfers=(
            CreditTransfer(
                account="FR7630006000011234567890189", account_name="A", provider="AGRIFRPP"
            ),
            CreditTransfer(account="12345 67", account_name="B"),
        ),
        card=PaymentCard(number="1234", holder="C"),
    )
    assert again(syntax, plain_invoice(payment=payment)).payment == payment


def test_another_means_code_in_a_second_group_is_left() -> None:
    text = write_xml(
        "ubl-invoice", plain_invoice(payment=PaymentInstructions(means_code="30"))
    ).decode()
    means = "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode></cac:PaymentMeans>"
    text = text.replace("<cac:TaxTotal>", f"{means}<cac:TaxTotal>", 1)
    document = einvoice.read(text.encode())
    assert document.invoice.payment.means_code == "30"
    assert [loss.value for loss in document.leftovers] == ["48"]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_both_vat_totals(syntax) -> None:
    totals = replace(plain_invoice().totals, vat_in_accounting_currency=Decimal("455.10"))
    invoice = plain_invoice(accounting_currency="SEK", totals=totals)
    assert again(syntax, invoice) == invoice


def test_a_vat_total_in_a_third_currency_is_left() -> None:
    total = '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">1</cbc:TaxAmount></cac:TaxTotal>'
    text = write_xml("ubl-invoice", plain_invoice()).decode()
    text = text.replace("<cac:LegalMonetaryTotal>", f"{total}<cac:LegalMonetaryTotal>")
    document = einvoice.read(text.encode())
    assert document.invoice == plain_invoice()
    assert {loss.value for loss in document.leftovers} == {"1", "USD"}


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_tax_point(syntax) -> None:
    invoice = plain_invoice(tax_point_date=date(2026, 9, 30), tax_point_date_code="432")
    assert again(syntax, invoice) == invoice


def test_cii_translates_the_tax_point_code_and_writes_it_once() -> None:
    rows = plain_invoice().vat_breakdown * 2
    text = write_xml("cii", plain_invoice(tax_point_date_code="35", vat_breakdown=rows)).decode()
    assert text.count("<ram:DueDateTypeCode>29</ram:DueDateTypeCode>") == 1


def test_the_due_date_of_a_credit_note() -> None:
    invoice = plain_invoice(type_code="381", payment=PaymentInstructions(means_code="30"))
    text = write_xml("ubl-creditnote", invoice)
    assert b"<cbc:PaymentDueDate>2026-11-04</cbc:PaymentDueDate>" in text
    assert einvoice.read(text).invoice == invoice


def test_the_other_tax_registration_keeps_its_number_and_says_that_the_scheme_changes() -> None:
    seller = replace(plain_invoice().seller, tax_registration="201/113/40209")
    text = write_xml("ubl-invoice", plain_invoice(seller=seller)).decode()
    assert einvoice.read(text.encode()).invoice.seller == seller
    other = text.replace("<cbc:ID>FC</cbc:ID>", "<cbc:ID>TAX</cbc:ID>").encode()
    document = einvoice.read(other)
    assert document.invoice.seller == seller
    assert [(loss.value, loss.reason) for loss in document.leftovers] == [
        ("TAX", "the target writes 'FC' here")
    ]


def price_of(data: bytes):
    document = einvoice.read(data)
    return document.invoice.lines[0].price, document


def cii_with_gross_price(amount: str) -> bytes:
    text = write_xml("cii", plain_invoice()).decode()
    name = "ram:GrossPriceProductTradePrice"
    gross = f"<{name}><ram:ChargeAmount>{amount}</ram:ChargeAmount></{name}>"
    return text.replace(
        "<ram:NetPriceProductTradePrice>", f"{gross}<ram:NetPriceProductTradePrice>"
    ).encode()


def test_a_gross_price_equal_to_the_net_price_needs_no_discount() -> None:
    price, document = price_of(cii_with_gross_price("100.00"))
    assert (price.gross, price.discount) == (Decimal("100.00"), None)
    assert document.derived == ()
    ubl = einvoice.convert(document, to="ubl", check=False)
    assert b'<cbc:Amount currencyID="EUR">0.00</cbc:Amount>' in ubl.data
    assert [loss.kind.value for loss in ubl.losses] == ["filled"]
    assert einvoice.read(ubl.data).invoice == document.invoice


def test_a_higher_gross_price_implies_the_discount_and_says_so() -> None:
    price, document = price_of(cii_with_gross_price("110.50"))
    assert price.discount == Decimal("10.50")
    (loss,) = document.derived
    assert (loss.value, loss.kind.value) == ("10.50", "filled")
    assert loss.path.endswith("ram:GrossPriceProductTradePrice/ram:ChargeAmount")


def test_a_discount_implies_the_gross_price_and_says_so() -> None:
    text = write_xml("ubl-invoice", plain_invoice()).decode()
    discount = (
        "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>"
        '<cbc:Amount currencyID="EUR">10</cbc:Amount></cac:AllowanceCharge>'
    )
    price, document = price_of(text.replace("</cac:Price>", f"{discount}</cac:Price>").encode())
    assert price.gross == Decimal("110.00")
    assert [loss.value for loss in document.derived] == ["110.00"]


def test_payment_data_without_a_means_code_gets_the_undefined_one_and_says_so() -> None:
    text = write_xml("cii", plain_invoice()).decode()
    text = text.replace(
        "<ram:InvoiceCurrencyCode>",
        "<ram:PaymentReference>R1</ram:PaymentReference><ram:InvoiceCurrencyCode>",
    )
    document = einvoice.read(text.encode())
    assert document.invoice.payment == PaymentInstructions(
        means_code="1", remittance_information="R1"
    )
    assert [loss.value for loss in document.derived] == ["1"]


def test_the_base_quantity_of_cii_stands_at_both_prices_and_is_read_from_either() -> None:
    line = plain_invoice().lines[0]
    price = replace(
        line.price,
        gross=Decimal(120),
        discount=Decimal(20),
        base_quantity=Decimal(10),
        base_quantity_unit="C62",
    )
    invoice = plain_invoice(lines=(replace(line, price=price),))
    text = write_xml("cii", invoice).decode()
    assert text.count('<ram:BasisQuantity unitCode="C62">10</ram:BasisQuantity>') == 2
    net_only = text[::-1].replace(
        '<ram:BasisQuantity unitCode="C62">10</ram:BasisQuantity>'[::-1], "", 1
    )[::-1]
    assert einvoice.read(text.encode()).invoice == invoice
    assert einvoice.read(net_only.encode()).invoice == invoice


def test_the_placeholder_for_an_order_is_no_order() -> None:
    invoice = plain_invoice(sales_order_reference="SO-7")
    result = einvoice.convert(einvoice.read(write_xml("cii", invoice)), to="ubl", check=False)
    assert b"<cbc:ID>NA</cbc:ID>" in result.data
    assert [(loss.kind.value, loss.term, loss.value) for loss in result.losses] == [
        ("filled", "BT-13", "NA")
    ]
    assert einvoice.read(result.data).invoice == invoice


def test_zero_totals_are_values() -> None:
    totals = Totals(
        line_net=Decimal(0),
        without_vat=Decimal(0),
        with_vat=Decimal(0),
        due=Decimal(0),
        paid=Decimal("0.00"),
    )
    for syntax in SYNTAXES:
        assert again(syntax, plain_invoice(totals=totals, vat_breakdown=())).totals == totals


def test_number_signs_around_a_code_are_of_ubl() -> None:
    data = write_xml("cii", plain_invoice(notes=(Note(subject_code="AAA", text="x"),)))
    document = einvoice.read(data.replace(b">AAA<", b">#AAA#<"))
    assert document.invoice.notes == (Note(subject_code="AAA", text="x"),)
    (loss,) = document.leftovers
    assert (loss.kind, loss.value) == (LossKind.APPROXIMATED, "#AAA#")


def test_a_note_that_begins_with_two_number_signs_has_no_subject() -> None:
    assert again("ubl-invoice", plain_invoice(notes=(Note(text="##AAI## x"),))).notes == (
        Note(text="##AAI## x"),
    )


def test_the_creditor_stands_with_the_payee_if_there_is_one() -> None:
    debit = DirectDebit(mandate_reference="M", creditor_identifier="7", debited_account="A")
    payment = PaymentInstructions(means_code="59", direct_debit=debit)
    payee = Payee(name="Factor", identifier=Identifier(value="7"))
    invoice = plain_invoice(payment=payment, payee=payee)
    data = write_xml("ubl-invoice", invoice)
    seller, _, rest = data.partition(b"</cac:AccountingSupplierParty>")
    assert b"SEPA" not in seller
    assert b"SEPA" in rest
    assert again("ubl-invoice", invoice) == invoice


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_white_space_around_a_code_says_nothing(syntax) -> None:
    data = write_xml(syntax, plain_invoice())
    padded = data.replace(b">380<", b">\n 380 <").replace(b">EUR<", b"> EUR<")
    document = einvoice.read(padded.replace(b'"EUR"', b'" EUR "'))
    assert document.invoice == plain_invoice()


def test_a_text_of_no_break_spaces_is_a_text() -> None:
    data = write_xml("ubl-invoice", plain_invoice()).replace(b">2026-0042<", ">\u00a0<".encode())
    assert einvoice.read(data).invoice.number == "\u00a0"
