"""Invoices that obey EN 16931, with any of its terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from einvoice.bindings.ubl_quirks import NO_ORDER
from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.model import (
    Attachment,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    LineVat,
    Note,
    PaymentCard,
    PaymentInstructions,
    PrecedingInvoice,
    Process,
    SupportingDocument,
)
from tests.examples import EN16931
from tests.properties import amounts, codes
from tests.properties.amounts import Rate
from tests.properties.parties import ADDRESSES, REPRESENTATIVES, buyers, payees, sellers
from tests.properties.parts import DAYS, identifiers, maybe, periods, several, some
from tests.properties.texts import TEXTS, UNMARKED_TEXTS, text_other_than


@st.composite
def deliveries(draw, categories: set[str]) -> Delivery | None:
    """A delivery; of an intra-community supply with time and country (BR-IC-11, BR-IC-12)."""
    terms = {
        "name": maybe(TEXTS),
        "location": maybe(identifiers(codes.ICD)),
        "actual_date": maybe(DAYS),
        "period": maybe(periods()),
        "address": ADDRESSES if "K" in categories else maybe(ADDRESSES),
    }
    if "K" in categories:
        name, certain = draw(st.sampled_from([("actual_date", DAYS), ("period", periods())]))
        terms[name] = certain
    delivery = draw(st.builds(Delivery, **terms))
    return None if delivery == Delivery() else delivery


ACCOUNTS = st.sampled_from(["DE89370400440532013000", "FR14 2004 1010 0505 0001 3M02 606"]) | TEXTS
TRANSFERS = st.builds(
    CreditTransfer, account=ACCOUNTS, account_name=maybe(TEXTS), provider=maybe(TEXTS)
)
CARDS = st.builds(
    PaymentCard,
    number=st.text("0123456789", min_size=4, max_size=10),  # BR-51
    holder=maybe(TEXTS),
)
DEBITS = some(
    DirectDebit, mandate_reference=TEXTS, creditor_identifier=TEXTS, debited_account=TEXTS
)


@st.composite
def payments(draw) -> PaymentInstructions:
    """Payment instructions; a credit transfer has an account (BR-61)."""
    means = draw(codes.MEANS)
    return PaymentInstructions(
        means_code=means,
        means_text=draw(maybe(TEXTS)),
        remittance_information=draw(maybe(TEXTS)),
        credit_transfers=draw(several(TRANSFERS, least=means in ("30", "58"), most=3)),
        card=draw(maybe(CARDS)),
        direct_debit=draw(maybe(DEBITS)),
    )


ITEMS = st.builds(
    Item,
    name=TEXTS,
    description=maybe(TEXTS),
    seller_identifier=maybe(TEXTS),
    buyer_identifier=maybe(TEXTS),
    standard_identifier=maybe(identifiers(codes.ICD, plain=False)),
    classifications=several(
        st.builds(
            Identifier,
            value=TEXTS,
            scheme=codes.CLASSES,
            scheme_version=maybe(TEXTS.map(str.strip)),
        )
    ),
    country_of_origin=maybe(codes.COUNTRIES),
    attributes=several(st.builds(ItemAttribute, name=TEXTS, value=TEXTS)),
)


@st.composite
def lines(draw, rates: list[Rate]) -> Line:
    """A line at one of the rates of the invoice."""
    quantity, price = draw(amounts.quantities_and_prices())
    unit = draw(codes.UNITS)
    if price.base_quantity is not None:
        price = replace(price, base_quantity_unit=draw(st.sampled_from([None, unit])))
    category, rate = draw(st.sampled_from(rates))
    most = amounts.LARGEST // 10
    line = Line(
        identifier=draw(TEXTS),
        note=draw(maybe(TEXTS)),
        object_identifier=draw(maybe(identifiers(codes.OBJECTS))),
        quantity=quantity,
        unit=unit,
        order_line_reference=draw(maybe(TEXTS)),
        buyer_accounting_reference=draw(maybe(TEXTS)),
        period=draw(maybe(periods())),
        allowances=draw(several(amounts.adjustments(most, codes.ALLOWANCES))),
        charges=draw(several(amounts.adjustments(most, codes.CHARGES))),
        price=price,
        vat=LineVat(category=category, rate=rate),
        item=draw(ITEMS),
    )
    return replace(line, net_amount=amounts.line_net(quantity, price, line))


NOTES = st.builds(Note, subject_code=codes.SUBJECTS, text=TEXTS) | st.builds(
    Note, text=UNMARKED_TEXTS
)
CONTENTS = (bytes(range(256)) * 20, b"\n begins and ends in blanks \r\n")
DOCUMENTS = st.builds(
    SupportingDocument,
    reference=TEXTS,
    description=maybe(TEXTS),
    external_location=maybe(TEXTS),
    attachment=maybe(
        st.builds(
            Attachment,
            content=st.binary(min_size=1, max_size=8) | st.sampled_from(CONTENTS),
            mime_code=codes.MIME,
            filename=TEXTS,
        )
    ),
)

HEADER = {
    "number": TEXTS,
    "issue_date": DAYS,
    "buyer_reference": maybe(TEXTS),
    "project_reference": maybe(TEXTS),
    "contract_reference": maybe(TEXTS),
    "receiving_advice_reference": maybe(TEXTS),
    "despatch_advice_reference": maybe(TEXTS),
    "tender_or_lot_reference": maybe(TEXTS),
    "invoiced_object": maybe(identifiers(codes.OBJECTS)),
    "buyer_accounting_reference": maybe(TEXTS),
    "notes": several(NOTES),
    "preceding_invoices": several(
        st.builds(PrecedingInvoice, number=TEXTS, issue_date=maybe(DAYS))
    ),
    "supporting_documents": several(DOCUMENTS),
}


@st.composite
def orders(draw) -> dict[str, str | None]:
    """BT-13 and BT-14: UBL demands an order beside a sales order, else one would be filled.

    The placeholder that is filled is no order.
    """
    order = draw(maybe(text_other_than(NO_ORDER)))
    return {
        "purchase_order_reference": order,
        "sales_order_reference": None if order is None else draw(maybe(TEXTS)),
    }


@st.composite
def tax_points(draw) -> dict[str, date | str | None]:
    """BT-7 or BT-8 or none of them (BR-CO-03)."""
    day, code = draw(
        st.tuples(DAYS, st.none()) | st.tuples(st.none(), codes.TAX_POINTS) | st.just((None, None))
    )
    return {"tax_point_date": day, "tax_point_date_code": code}


@st.composite
def payment_terms(draw, due: Decimal) -> dict[str, Any]:
    """BT-3, and how and until when to pay; BR-CO-25 asks for a time where something is due."""
    type_code = draw(codes.TYPES)
    day = draw(maybe(DAYS))
    # UBL keeps the due date of a credit note with the payment means, else they would be filled.
    certain = day is not None and type_code in CREDIT_NOTE_TYPES
    return {
        "type_code": type_code,
        "due_date": day,
        "payment_terms": draw(TEXTS if day is None and due > 0 else maybe(TEXTS)),
        "payment": draw(payments() if certain else maybe(payments())),
    }


@st.composite
def currencies(draw) -> tuple[str, str | None]:
    """BT-5, and BT-6 which is another one (BR-53 in CII)."""
    currency, accounting = draw(st.permutations(codes.CURRENCIES))[:2]
    return currency, draw(maybe(st.just(accounting)))


@st.composite
def parties(draw, categories: set[str], creditor: str | None) -> dict[str, object]:
    """All parties, and the delivery."""
    representative = None if "O" in categories else draw(maybe(REPRESENTATIVES))
    seller = draw(sellers(categories, creditor, represented=representative is not None))
    return {
        "seller": seller,
        "buyer": draw(buyers(categories)),
        "payee": draw(maybe(payees(seller))),
        "tax_representative": representative,
        "delivery": draw(deliveries(categories)),
    }


@st.composite
def valid_invoices(draw) -> Invoice:
    """An invoice or credit note that obeys all rules of EN 16931 in both syntaxes."""
    rates = draw(amounts.vat_rates())
    drawn = draw(several(lines(rates), least=1, most=3))
    allowances = draw(amounts.document_adjustments(rates, codes.ALLOWANCES))
    charges = draw(amounts.document_adjustments(rates, codes.CHARGES))
    breakdown = draw(amounts.vat_breakdowns(drawn, allowances, charges))
    currency, accounting = draw(currencies())
    totals = draw(
        amounts.totals(drawn, allowances, charges, breakdown, foreign=accounting is not None)
    )
    paying = draw(payment_terms(totals.due))
    debit = paying["payment"].direct_debit if paying["payment"] else None
    creditor = debit.creditor_identifier if debit else None
    return Invoice(
        **draw(st.fixed_dictionaries(HEADER)),
        **draw(orders()),
        **draw(tax_points()),
        **paying,
        **draw(parties({row.category for row in breakdown}, creditor)),
        currency=currency,
        accounting_currency=accounting,
        process=Process(business_process=draw(maybe(TEXTS)), specification=EN16931),
        lines=drawn,
        allowances=allowances,
        charges=charges,
        vat_breakdown=breakdown,
        totals=totals,
    )
