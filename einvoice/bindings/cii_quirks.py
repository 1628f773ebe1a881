"""Quirks of CII: what no row of its table can say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from einvoice.bindings.cii_parts import TAX_POINT_CODE, identifier_gathers
from einvoice.bindings.codecs import AMOUNT, DATE_102, DECIMAL
from einvoice.bindings.quirks import (
    UNDEFINED_MEANS,
    direct_debit_of,
    offer_identifier,
    read_identifiers,
    read_payment_means,
    read_price,
    read_tax_totals,
    transfers_of,
)
from einvoice.bindings.reader import Frame, Reading
from einvoice.bindings.table import Field, Gather, Quirk, Row
from einvoice.model import Identifier, Invoice, Party, PaymentCard, Seller, VatBreakdown


def identifier_of(name: str, path: str = "") -> Quirk:
    """One identifier of a party or place (BT-46, BT-60, BT-71): ram:ID or ram:GlobalID."""

    def read(frame: Frame, key: str, reading: Reading) -> None:
        offer_identifier(frame, key + name, frame.take(f"{key}@{name}"), reading)

    def parts(group: Any) -> Iterator[Identifier]:
        identifier = getattr(group, name)
        if identifier is not None:
            yield identifier

    gathers = identifier_gathers(f"@{name}", path, parts)
    return Quirk(read, gathers, binds=(f"{name}.value", f"{name}.scheme"))


def _read_seller_identifiers(frame: Frame, key: str, reading: Reading) -> None:
    """BT-29: any number of ram:ID and ram:GlobalID."""
    parts = frame.take(f"{key}@identifiers")
    if parts:
        frame.repeated[f"{key}identifiers"] = read_identifiers(parts)


def _seller_identifier_parts(seller: Seller | Party) -> Iterator[Identifier]:
    return iter(seller.identifiers)


SELLER_IDENTIFIERS = Quirk(
    _read_seller_identifiers,
    identifier_gathers("@identifiers", "", _seller_identifier_parts),
    binds=("identifiers[].value", "identifiers[].scheme"),
)
PRICE = Quirk(read_price)


class _Means(msgspec.Struct, frozen=True, kw_only=True):
    code: str | None = None
    text: str | None = None
    card: PaymentCard | None = None
    debited_account: str | None = None
    iban: str | None = None
    proprietary: str | None = None
    account_name: str | None = None
    provider: str | None = None


_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9 ]{8,}")
_PAYEE_ACCOUNT = "ram:PayeePartyCreditorFinancialAccount"
_MEANS_ROWS: list[Row] = [
    Field("code", "ram:TypeCode"),
    Field("text", "ram:Information"),
    Field("card.number", "ram:ApplicableTradeSettlementFinancialCard/ram:ID"),
    Field("card.holder", "ram:ApplicableTradeSettlementFinancialCard/ram:CardholderName"),
    Field("card.network", "ram:ApplicableTradeSettlementFinancialCard/ram:TypeCode"),
    Field("debited_account", "ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
    Field("iban", f"{_PAYEE_ACCOUNT}/ram:IBANID"),
    Field("account_name", f"{_PAYEE_ACCOUNT}/ram:AccountName"),
    Field("proprietary", f"{_PAYEE_ACCOUNT}/ram:ProprietaryID"),
    Field("provider", "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
]


def _read_payment(frame: Frame, key: str, reading: Reading) -> None:
    """BG-16: one payment means for each account to pay to; BT-84 is an IBAN or a national one."""
    means = frame.take("@means")
    for part in means:
        for name in ("iban", "proprietary"):
            if name in part.values:
                reading.offer(part, "account", part.values[name])
    read_payment_means(frame, means, reading)
    _imply_means_code(frame, reading)


def _imply_means_code(frame: Frame, reading: Reading) -> None:
    """BT-81: CII can give payment data without a means, EN 16931 and UBL cannot (BR-49)."""
    if "payment.means_code" in frame.values:
        return
    transfers = frame.repeated.get("payment.credit_transfers", [])
    beside = [value for transfer in transfers for value in transfer.values.values()]
    beside += [value for key, value in frame.values.items() if _needs_means(key)]
    if beside:
        reason = "payment data without a means code; 1 is 'not defined' (UNTDID 4461)"
        reading.derive(frame, "payment.means_code", UNDEFINED_MEANS, beside[0], reason)


def _needs_means(key: str) -> bool:
    """Whether a term belongs to the payment means; UBL keeps BT-90 with the seller."""
    return key.startswith("payment.") and key != "payment.direct_debit.creditor_identifier"


def _means_parts(invoice: Invoice) -> Iterator[_Means]:
    payment = invoice.payment
    if payment is None:
        return
    for first, transfer in transfers_of(payment):
        is_iban = transfer.account is not None and _IBAN.fullmatch(transfer.account) is not None
        yield _Means(
            code=payment.means_code,
            text=payment.means_text,
            card=payment.card if first else None,
            debited_account=direct_debit_of(payment).debited_account if first else None,
            iban=transfer.account if is_iban else None,
            proprietary=None if is_iban else transfer.account,
            account_name=transfer.account_name,
            provider=transfer.provider,
        )


PAYMENT = Quirk(
    _read_payment,
    [
        Gather(
            "@means",
            "ram:SpecifiedTradeSettlementPaymentMeans+",
            _MEANS_ROWS,
            _Means,
            _means_parts,
        )
    ],
    binds=(
        "payment.means_code",
        "payment.means_text",
        "payment.credit_transfers[].account",
        "payment.credit_transfers[].account_name",
        "payment.credit_transfers[].provider",
        "payment.card.number",
        "payment.card.holder",
        "payment.card.network",
        "payment.direct_debit.debited_account",
    ),
)


class _Tax(VatBreakdown, frozen=True, kw_only=True):
    """A VAT breakdown with the tax point, which CII keeps there."""

    tax_point_date: date | None = None
    tax_point_date_code: str | None = None


_TAX_ROWS: list[Row] = [
    Field("tax_amount", "ram:CalculatedAmount", AMOUNT),
    Field("exemption_reason", "ram:ExemptionReason"),
    Field("taxable_amount", "ram:BasisAmount", AMOUNT),
    Field("category", "ram:CategoryCode"),
    Field("exemption_reason_code", "ram:ExemptionReasonCode"),
    Field("tax_point_date", "ram:TaxPointDate/udt:DateString[@format='102']", DATE_102),
    Field("tax_point_date_code", "ram:DueDateTypeCode", TAX_POINT_CODE),
    Field("rate", "ram:RateApplicablePercent", DECIMAL),
]


def _read_taxes(frame: Frame, key: str, reading: Reading) -> None:
    """BG-23; BT-7 and BT-8 stand in each of its rows and have to be the same in all."""
    taxes = frame.take("@taxes")
    for tax in taxes:
        for name in ("tax_point_date", "tax_point_date_code"):
            if name in tax.values:
                reading.offer(frame, name, tax.values.pop(name))
    if taxes:
        frame.repeated["vat_breakdown"] = taxes


def _tax_parts(invoice: Invoice) -> Iterator[_Tax]:
    """The tax point stands in the first row only: CII-SR-461 and CII-SR-462 allow one."""
    for number, row in enumerate(invoice.vat_breakdown):
        yield _Tax(
            taxable_amount=row.taxable_amount,
            tax_amount=row.tax_amount,
            category=row.category,
            rate=row.rate,
            exemption_reason=row.exemption_reason,
            exemption_reason_code=row.exemption_reason_code,
            tax_point_date=None if number else invoice.tax_point_date,
            tax_point_date_code=None if number else invoice.tax_point_date_code,
        )


TAXES = Quirk(
    _read_taxes,
    [Gather("@taxes", "ram:ApplicableTradeTax[ram:TypeCode:='VAT']+", _TAX_ROWS, _Tax, _tax_parts)],
    binds=(
        "vat_breakdown[].taxable_amount",
        "vat_breakdown[].tax_amount",
        "vat_breakdown[].category",
        "vat_breakdown[].rate",
        "vat_breakdown[].exemption_reason",
        "vat_breakdown[].exemption_reason_code",
        "tax_point_date",
        "tax_point_date_code",
    ),
)


class _TaxTotal(msgspec.Struct, frozen=True, kw_only=True):
    amount: Decimal
    currency: str | None = None


def _read_tax_totals(frame: Frame, key: str, reading: Reading) -> None:
    """BT-110 and BT-111 are told apart by their currency."""
    read_tax_totals(frame, frame.take("@tax_totals"), reading)


def _tax_total_parts(invoice: Invoice) -> Iterator[_TaxTotal]:
    totals = invoice.totals
    if totals.vat is not None:
        yield _TaxTotal(amount=totals.vat, currency=invoice.currency)
    if totals.vat_in_accounting_currency is not None:
        yield _TaxTotal(
            amount=totals.vat_in_accounting_currency, currency=invoice.accounting_currency
        )


TAX_TOTALS = Quirk(
    _read_tax_totals,
    [
        Gather(
            "@tax_totals",
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:TaxTotalAmount+",
            [Field("amount", ".", DECIMAL), Field("currency", "@currencyID")],
            _TaxTotal,
            _tax_total_parts,
        )
    ],
    binds=("totals.vat", "totals.vat_in_accounting_currency"),
)
