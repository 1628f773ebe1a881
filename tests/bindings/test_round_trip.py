"""Generated invoices survive every syntax: the mapping's property tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import einvoice
from einvoice.formats.mapping import TABLES, write_xml
from einvoice.model import (
    Address,
    AllowanceCharge,
    Attachment,
    Buyer,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    LineAllowanceCharge,
    LineVat,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    Process,
    Seller,
    SupportingDocument,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)
from tests.examples import full_invoice

#: The syntaxes that are written as well as read.
WRITTEN = sorted(TABLES.keys() - {"zugferd1"})

# All scripts of Unicode; no character that XML cannot hold, no text of blanks alone, which is
# absent, and no lone carriage return inside the margins that XML would fold.
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cn", "Cc"), exclude_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r")
TEXTS = st.builds(
    lambda first, rest: first + rest,
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="#"),
    st.text(CHARACTERS, max_size=20),
)
CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=6)
AMOUNTS = st.decimals(
    min_value=Decimal("-1e15"), max_value=Decimal("1e15"), places=6, allow_nan=False
) | st.decimals(min_value=Decimal(-1000), max_value=Decimal(1000), places=2, allow_nan=False)
DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@st.composite
def some(draw, kind, **fields):
    """A struct of which at least one field is there."""
    certain = draw(st.sampled_from(sorted(fields)))
    values = {n: draw(v if n == certain else st.none() | v) for n, v in fields.items()}
    return kind(**values)


def several(values, most=3):
    return st.lists(values, max_size=most).map(tuple)


IDENTIFIERS = st.builds(Identifier, value=TEXTS, scheme=st.none() | CODES)
CLASSES = st.builds(
    Identifier, value=TEXTS, scheme=st.none() | CODES, scheme_version=st.none() | CODES
)
ADDRESSES = st.builds(
    Address,
    **{
        name: st.none() | (CODES if name == "country" else TEXTS)
        for name in Address.__struct_fields__
    },
)
CONTACTS = some(einvoice.model.Contact, point=TEXTS, telephone=TEXTS, email=TEXTS)
PERIODS = some(Period, start=DAYS, end=DAYS)
ADJUSTMENTS = {
    "amount": AMOUNTS,
    "base_amount": AMOUNTS,
    "percentage": AMOUNTS,
    "reason": TEXTS,
    "reason_code": CODES,
}
LINE_ADJUSTMENTS = several(some(LineAllowanceCharge, **ADJUSTMENTS))
DOCUMENT_ADJUSTMENTS = several(
    some(AllowanceCharge, **ADJUSTMENTS, vat_category=CODES, vat_rate=AMOUNTS)
)
SELLER_IDENTIFIERS = several(IDENTIFIERS).map(
    lambda found: tuple(sorted(found, key=lambda i: i.scheme is not None))
)


@st.composite
def prices(draw) -> Price:
    """Net, and discount with gross: the two that a syntax may leave out are implied by rules."""
    net = draw(AMOUNTS)
    quantity = draw(st.none() | AMOUNTS)
    unit = draw(st.none() | CODES) if quantity is not None else None
    price = Price(net=net, base_quantity=quantity, base_quantity_unit=unit)
    if draw(st.booleans()):
        discount = draw(AMOUNTS.map(lambda value: value or Decimal(1)))
        price = replace(price, discount=discount, gross=net + discount)
    return price


ITEMS = st.builds(
    Item,
    name=st.none() | TEXTS,
    description=st.none() | TEXTS,
    seller_identifier=st.none() | TEXTS,
    buyer_identifier=st.none() | TEXTS,
    standard_identifier=st.none() | IDENTIFIERS,
    classifications=several(CLASSES),
    country_of_origin=st.none() | CODES,
    attributes=several(some(ItemAttribute, name=TEXTS, value=TEXTS)),
)
LINES = st.builds(
    Line,
    identifier=TEXTS,
    note=st.none() | TEXTS,
    object_identifier=st.none() | IDENTIFIERS,
    quantity=AMOUNTS,
    unit=st.none() | CODES,
    net_amount=st.none() | AMOUNTS,
    order_line_reference=st.none() | TEXTS,
    buyer_accounting_reference=st.none() | TEXTS,
    period=st.none() | PERIODS,
    allowances=LINE_ADJUSTMENTS,
    charges=LINE_ADJUSTMENTS,
    price=prices(),
    vat=st.builds(LineVat, category=st.none() | CODES, rate=st.none() | AMOUNTS),
    item=ITEMS,
)
PAYMENTS = st.builds(
    PaymentInstructions,
    means_code=CODES,
    means_text=st.none() | TEXTS,
    remittance_information=st.none() | TEXTS,
    credit_transfers=several(
        some(CreditTransfer, account=TEXTS, account_name=TEXTS, provider=TEXTS)
    ),
    card=st.none() | some(PaymentCard, number=TEXTS, holder=TEXTS),
    direct_debit=st.none()
    | some(DirectDebit, mandate_reference=TEXTS, creditor_identifier=TEXTS, debited_account=TEXTS),
)
PARTY = {
    "name": st.none() | TEXTS,
    "trading_name": st.none() | TEXTS,
    "legal_registration": st.none() | IDENTIFIERS,
    "vat_identifier": st.none() | TEXTS,
    "electronic_address": st.none() | IDENTIFIERS,
    "address": ADDRESSES,
    "contact": st.none() | CONTACTS,
}
INVOICES = st.builds(
    Invoice,
    number=TEXTS,
    issue_date=DAYS,
    type_code=st.sampled_from(["380", "384", "389", "381", "396"]),
    currency=st.just("EUR"),
    accounting_currency=st.just("SEK"),
    tax_point_date=st.none() | DAYS,
    tax_point_date_code=st.none() | st.sampled_from(["3", "35", "432"]),
    due_date=st.none() | DAYS,
    buyer_reference=st.none() | TEXTS,
    project_reference=st.none() | TEXTS,
    contract_reference=st.none() | TEXTS,
    purchase_order_reference=st.none() | TEXTS,
    sales_order_reference=st.none() | TEXTS,
    receiving_advice_reference=st.none() | TEXTS,
    despatch_advice_reference=st.none() | TEXTS,
    tender_or_lot_reference=st.none() | TEXTS,
    invoiced_object=st.none() | IDENTIFIERS,
    buyer_accounting_reference=st.none() | TEXTS,
    payment_terms=st.none() | TEXTS,
    notes=several(
        st.builds(Note, subject_code=st.none() | st.sampled_from(["AAI", "PMT"]), text=TEXTS)
    ),
    process=st.builds(Process, business_process=st.none() | TEXTS, specification=TEXTS),
    preceding_invoices=several(some(PrecedingInvoice, number=TEXTS, issue_date=DAYS)),
    seller=st.builds(
        Seller,
        **PARTY,
        identifiers=SELLER_IDENTIFIERS,
        tax_registration=st.none() | TEXTS,
        additional_legal_information=st.none() | TEXTS,
    ),
    buyer=st.builds(Buyer, **PARTY, identifier=st.none() | IDENTIFIERS),
    payee=st.none()
    | some(Payee, name=TEXTS, identifier=IDENTIFIERS, legal_registration=IDENTIFIERS),
    tax_representative=st.none()
    | st.builds(TaxRepresentative, name=TEXTS, vat_identifier=TEXTS, address=ADDRESSES),
    delivery=st.none()
    | some(Delivery, name=TEXTS, location=IDENTIFIERS, actual_date=DAYS, period=PERIODS),
    payment=PAYMENTS,
    allowances=DOCUMENT_ADJUSTMENTS,
    charges=DOCUMENT_ADJUSTMENTS,
    totals=st.builds(
        Totals,
        **{name: st.none() | AMOUNTS for name in Totals.__struct_fields__ if name != "vat"},
        vat=AMOUNTS,
    ),
    vat_breakdown=st.lists(
        st.builds(
            VatBreakdown,
            taxable_amount=AMOUNTS,
            tax_amount=AMOUNTS,
            category=CODES,
            rate=st.none() | AMOUNTS,
            exemption_reason=st.none() | TEXTS,
            exemption_reason_code=st.none() | CODES,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    supporting_documents=several(
        st.builds(
            SupportingDocument,
            reference=TEXTS,
            description=st.none() | TEXTS,
            external_location=st.none() | TEXTS,
            attachment=st.none()
            | st.builds(
                Attachment,
                content=st.binary(min_size=1, max_size=30),
                mime_code=st.none() | CODES,
                filename=st.none() | TEXTS,
            ),
        )
    ),
    lines=st.lists(LINES, min_size=1, max_size=3).map(tuple),
)
PATIENT = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@PATIENT
@given(INVOICES)
def test_ubl_cii_ubl_and_json(invoice: Invoice) -> None:
    document = einvoice.read(einvoice.convert(as_json(invoice), to="ubl", check=False).data)
    for target in ("cii", "ubl", "json", "cii", "json", "ubl"):
        result = einvoice.convert(document, to=target, check=False)
        again = einvoice.read(result.data)
        assert again.invoice == document.invoice
        assert [
            loss for loss in result.losses if loss.kind.value == "dropped" and loss.value != "NA"
        ] == []
        document = again
    wanted = replace(invoice, purchase_order_reference=document.invoice.purchase_order_reference)
    assert document.invoice == wanted


@PATIENT
@given(INVOICES)
def test_what_the_mapping_writes_is_what_it_reads(invoice: Invoice) -> None:
    for syntax in WRITTEN:
        if (syntax == "ubl-creditnote") != (
            invoice.type_code in ("381", "396")
        ) and syntax != "cii":
            continue
        data = write_xml(syntax, invoice)
        assert data == write_xml(syntax, invoice)
        document = einvoice.read(data)
        assert document.format == syntax
        assert document.leftovers == ()


def as_json(invoice: Invoice) -> bytes:
    from einvoice.formats.canonical import write
    from einvoice.formats.format import Options

    return write(invoice, Options()).data


@pytest.mark.parametrize("syntax", WRITTEN)
def test_every_term_at_once(syntax) -> None:
    invoice = full_invoice("381" if syntax == "ubl-creditnote" else "380")
    document = einvoice.read(write_xml(syntax, invoice))
    assert document.invoice == invoice
    assert document.leftovers == ()
    assert document.derived == ()
