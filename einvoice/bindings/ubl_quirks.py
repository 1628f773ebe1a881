"""Quirks of UBL: what no row of its table can say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from einvoice.bindings.codecs import AMOUNT, DECIMAL, ISO_DATE
from einvoice.bindings.quirks import (
    SEPA,
    direct_debit_of,
    offer_identifier,
    read_identifiers,
    read_payment_means,
    read_price,
    read_tax_totals,
    transfers_of,
)
from einvoice.bindings.reader import Frame, Reading
from einvoice.bindings.table import Field, Gather, Group, Quirk, Row
from einvoice.bindings.ubl_extension import PAYER, PAYER_TERMS
from einvoice.model import (
    Identifier,
    Invoice,
    Party,
    PaymentCard,
    PaymentInstructions,
    VatBreakdown,
)

#: A note with its subject: BT-21 between two number signs, then BT-22 (CEN/TS 16931-3-2).
_SUBJECT = re.compile(r"#([A-Z0-9]{3})#(.*)", re.S)

#: What UBL wants as order reference where there is only a sales order (BT-14 without BT-13).
NO_ORDER = "NA"

_IDENTIFIER_ROWS: list[Row] = [Field("value", "."), Field("scheme", "@schemeID")]


class _NoteText(msgspec.Struct, frozen=True, kw_only=True):
    text: str


def _read_notes(frame: Frame, key: str, reading: Reading) -> None:
    """BG-1: BT-21 stands inside the text of the note."""
    notes = frame.take("@notes")
    for note in notes:
        text, element, _ = note.values["text"]
        if match := _SUBJECT.fullmatch(text):
            note.values = {"subject_code": (match[1], element, None)}
            if match[2]:
                note.values["text"] = (match[2], element, None)
    if notes:
        frame.repeated["notes"] = notes


def _note_parts(invoice: Invoice) -> Iterator[_NoteText]:
    for note in invoice.notes:
        subject = f"#{note.subject_code}#" if note.subject_code is not None else ""
        yield _NoteText(text=subject + (note.text or ""))


NOTES = Quirk(
    _read_notes,
    [Gather("@notes", "cbc:Note+", [Field("text", ".")], _NoteText, _note_parts)],
    binds=("notes[].subject_code", "notes[].text"),
)


def _read_seller_identifiers(frame: Frame, key: str, reading: Reading) -> None:
    """BT-29, and BT-90 where the scheme says SEPA."""
    parts = _without_creditor(frame, frame.take("@seller"), reading)
    if parts:
        frame.repeated["seller.identifiers"] = read_identifiers(parts)


def _read_payee_identifiers(frame: Frame, key: str, reading: Reading) -> None:
    """BT-60, and BT-90 where the scheme says SEPA."""
    parts = _without_creditor(frame, frame.take("@payee"), reading)
    offer_identifier(frame, "payee.identifier", parts, reading)


def _without_creditor(frame: Frame, parts: list[Frame], reading: Reading) -> list[Frame]:
    for part in parts:
        if part.get("scheme") == SEPA and "value" in part.values:
            reading.tells.append(part.values["scheme"])
            reading.offer(frame, "payment.direct_debit.creditor_identifier", part.values["value"])
    return [part for part in parts if part.get("scheme") != SEPA]


def _seller_identifier_parts(invoice: Invoice) -> Iterator[Identifier]:
    yield from invoice.seller.identifiers
    if invoice.payee is None:
        yield from _creditor(invoice)


def _payee_identifier_parts(invoice: Invoice) -> Iterator[Identifier]:
    if invoice.payee is not None:
        if invoice.payee.identifier is not None:
            yield invoice.payee.identifier
        yield from _creditor(invoice)


def _creditor(invoice: Invoice) -> Iterator[Identifier]:
    """BT-90, which is the payee's if there is one."""
    debit = invoice.payment.direct_debit if invoice.payment else None
    if debit is not None and debit.creditor_identifier is not None:
        yield Identifier(value=debit.creditor_identifier, scheme=SEPA)


SELLER_IDENTIFIERS = Quirk(
    _read_seller_identifiers,
    [
        Gather(
            "@seller",
            "cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification+/cbc:ID",
            _IDENTIFIER_ROWS,
            Identifier,
            _seller_identifier_parts,
        )
    ],
    binds=(
        "seller.identifiers[].value",
        "seller.identifiers[].scheme",
        "payment.direct_debit.creditor_identifier",
    ),
)
PAYEE_IDENTIFIERS = Quirk(
    _read_payee_identifiers,
    [
        Gather(
            "@payee",
            "cac:PayeeParty/cac:PartyIdentification+/cbc:ID",
            _IDENTIFIER_ROWS,
            Identifier,
            _payee_identifier_parts,
        )
    ],
    binds=("payee.identifier.value", "payee.identifier.scheme"),
)


def _drop_order_placeholder(frame: Frame, key: str, reading: Reading) -> None:
    """BT-13: a mere placeholder where UBL only wants to say a sales order (BT-14)."""
    order = frame.values.get("purchase_order_reference")
    if order is not None and order[0] == NO_ORDER and "sales_order_reference" in frame.values:
        del frame.values["purchase_order_reference"]
        reading.leave_value(order, "a placeholder for an absent purchase order reference")


ORDER_PLACEHOLDER = Quirk(_drop_order_placeholder)
PRICE = Quirk(read_price)


class _Means(msgspec.Struct, frozen=True, kw_only=True):
    code: str | None = None
    text: str | None = None
    due_date: date | None = None
    remittance: str | None = None
    card: PaymentCard | None = None
    account: str | None = None
    account_name: str | None = None
    provider: str | None = None
    mandate: str | None = None
    debited_account: str | None = None
    payer: Party | None = None  #: of extensions


_CARD = "cac:CardAccount[cbc:NetworkID:='NA']"  # the schema demands a network, EN 16931 has none
_ACCOUNT = "cac:PayeeFinancialAccount"
_MEANS_ROWS: list[Row] = [
    Field("code", "cbc:PaymentMeansCode"),
    Field("text", "cbc:PaymentMeansCode/@name"),
    Field("remittance", "cbc:PaymentID"),
    Field("card.number", f"{_CARD}/cbc:PrimaryAccountNumberID"),
    Field("card.holder", f"{_CARD}/cbc:HolderName"),
    Field("card.network", f"{_CARD}/cbc:NetworkID"),
    Field("account", f"{_ACCOUNT}/cbc:ID"),
    Field("account_name", f"{_ACCOUNT}/cbc:Name"),
    Field("provider", f"{_ACCOUNT}/cac:FinancialInstitutionBranch/cbc:ID"),
    Field("mandate", "cac:PaymentMandate/cbc:ID"),
    Field("debited_account", "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    PAYER,
]


def _read_payment(frame: Frame, key: str, reading: Reading) -> None:
    """BG-16: one cac:PaymentMeans for each account to pay to; the payer is of extensions."""
    means = frame.take("@means")
    for part in means:
        for name in [name for name in part.values if name.startswith("payer.")]:
            reading.offer(frame, f"extension.{name}", part.values.pop(name))
        if identifiers := part.take("payer.identifiers"):
            frame.repeated.setdefault("extension.payer.identifiers", identifiers)
    read_payment_means(frame, means, reading)


def _means_parts(invoice: Invoice) -> Iterator[_Means]:
    payer = invoice.extension.payer if invoice.extension else None
    payment = invoice.payment or (PaymentInstructions() if payer else None)
    if payment is None:
        return
    debit = direct_debit_of(payment)
    for first, transfer in transfers_of(payment):
        yield _Means(
            code=payment.means_code,
            text=payment.means_text if first else None,  # UBL-SR-46: once in the document
            remittance=payment.remittance_information,
            card=payment.card if first else None,
            account=transfer.account,
            account_name=transfer.account_name,
            provider=transfer.provider,
            mandate=debit.mandate_reference if first else None,
            debited_account=debit.debited_account if first else None,
            payer=payer if first else None,
        )


def _credit_note_means_parts(invoice: Invoice) -> Iterator[_Means]:
    """A credit note has no due date of its own (BT-9): it stands with the payment means."""
    means = list(_means_parts(invoice)) or [_Means()]
    yield msgspec.structs.replace(means[0], due_date=invoice.due_date)
    yield from means[1:]


_MEANS_TERMS = (
    "payment.means_code",
    "payment.means_text",
    "payment.remittance_information",
    "payment.credit_transfers[].account",
    "payment.credit_transfers[].account_name",
    "payment.credit_transfers[].provider",
    "payment.card.number",
    "payment.card.holder",
    "payment.card.network",
    "payment.direct_debit.mandate_reference",
    "payment.direct_debit.debited_account",
    *PAYER_TERMS,
)

PAYMENT = Quirk(
    _read_payment,
    [Gather("@means", "cac:PaymentMeans+", _MEANS_ROWS, _Means, _means_parts)],
    binds=_MEANS_TERMS,
)
CREDIT_NOTE_PAYMENT = Quirk(
    _read_payment,
    [
        Gather(
            "@means",
            "cac:PaymentMeans+",
            [*_MEANS_ROWS, Field("due_date", "cbc:PaymentDueDate", ISO_DATE)],
            _Means,
            _credit_note_means_parts,
        )
    ],
    binds=(*_MEANS_TERMS, "due_date"),
)


class _TaxTotal(msgspec.Struct, frozen=True, kw_only=True):
    amount: Decimal | None = None
    currency: str | None = None
    breakdown: tuple[VatBreakdown, ...] = ()


_CATEGORY = "cac:TaxCategory[cac:TaxScheme/cbc:ID:='VAT']"
_SUBTOTAL: list[Row] = [
    Field("taxable_amount", "cbc:TaxableAmount", AMOUNT),
    Field("tax_amount", "cbc:TaxAmount", AMOUNT),
    Field("category", f"{_CATEGORY}/cbc:ID"),
    Field("rate", f"{_CATEGORY}/cbc:Percent", DECIMAL),
    Field("exemption_reason_code", f"{_CATEGORY}/cbc:TaxExemptionReasonCode"),
    Field("exemption_reason", f"{_CATEGORY}/cbc:TaxExemptionReason"),
]


def _read_tax_totals(frame: Frame, key: str, reading: Reading) -> None:
    """BT-110 and BT-111 are told apart by their currency; BG-23 stands below BT-110."""
    totals = frame.take("@tax_totals")
    read_tax_totals(frame, totals, reading)
    for total in totals:
        subtotals = total.take("breakdown")
        if subtotals and "vat_breakdown" not in frame.repeated:
            frame.repeated["vat_breakdown"] = subtotals
        else:
            for subtotal in subtotals:
                reading.leave(subtotal.element, "a second VAT breakdown")


def _tax_total_parts(invoice: Invoice) -> Iterator[_TaxTotal]:
    totals = invoice.totals
    if totals.vat is not None or invoice.vat_breakdown:
        yield _TaxTotal(
            amount=totals.vat,
            currency=invoice.currency if totals.vat is not None else None,
            breakdown=invoice.vat_breakdown,
        )
    if totals.vat_in_accounting_currency is not None:
        yield _TaxTotal(
            amount=totals.vat_in_accounting_currency, currency=invoice.accounting_currency
        )


TAX_TOTALS = Quirk(
    _read_tax_totals,
    [
        Gather(
            "@tax_totals",
            "cac:TaxTotal+",
            [
                Field("amount", "cbc:TaxAmount", DECIMAL),
                Field("currency", "cbc:TaxAmount/@currencyID"),
                Group("breakdown", "cac:TaxSubtotal+", _SUBTOTAL),
            ],
            _TaxTotal,
            _tax_total_parts,
        )
    ],
    binds=(
        "totals.vat",
        "totals.vat_in_accounting_currency",
        "vat_breakdown[].taxable_amount",
        "vat_breakdown[].tax_amount",
        "vat_breakdown[].category",
        "vat_breakdown[].rate",
        "vat_breakdown[].exemption_reason",
        "vat_breakdown[].exemption_reason_code",
    ),
)
