"""Quirks that both syntaxes share: what no row of a table can say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from einvoice.bindings.plan import getter
from einvoice.bindings.reader import Frame, Reading
from einvoice.bindings.table import Gather, Quirk
from einvoice.model import CreditTransfer, DirectDebit, Identifier, Invoice, PaymentInstructions
from einvoice.model.extension import Extension, FurtherPaymentTerms, PaymentConditions

#: Scheme under which UBL keeps the bank assigned creditor identifier (BT-90).
SEPA = "SEPA"

#: Means code (BT-81) for what has none: instrument not defined, UNTDID 4461.
UNDEFINED_MEANS = "1"


def read_identifiers(frames: list[Frame]) -> list[Frame]:
    """BT-29: identifiers without a scheme first, as CII has them; their order says nothing."""
    return sorted(frames, key=lambda frame: frame.get("scheme") is not None)


def offer_identifier(frame: Frame, key: str, parts: list[Frame], reading: Reading) -> None:
    """Give the first of several identifiers to a term that holds one; the others are left over."""
    for number, part in enumerate(parts):
        if number:
            reading.leave(part.element, "EN 16931 knows only one identifier here")
            continue
        for name, value in part.values.items():
            reading.offer(frame, f"{key}.{name}", value)


def read_tax_totals(frame: Frame, totals: list[Frame], reading: Reading) -> None:
    """BT-110 and BT-111: VAT totals, told apart by their currency (BT-5 or BT-6)."""
    accounting = frame.get("accounting_currency")
    main = _total_in(totals, reading.currency, None)
    second = _total_in([t for t in totals if t is not main], accounting)
    others = [t for t in totals if t is not main and t is not second]
    if main is None and others:
        main = others.pop(0)
        if (currency := main.values.get("currency")) is not None:
            reading.leave_value(currency, "the currency is not BT-5")
    if main is not None:
        _offer_amount(frame, "totals.vat", main, reading)
    if second is not None:
        _offer_amount(frame, "totals.vat_in_accounting_currency", second, reading)
    for total in others:
        reading.leave(total.element, "a VAT total in a currency that is neither BT-5 nor BT-6")


def _total_in(totals: list[Frame], *currencies: str | None) -> Frame | None:
    """The first total in a currency; `None` among them is that of a total without one."""
    return next((t for t in totals if t.get("currency") in currencies), None)


def _offer_amount(frame: Frame, key: str, total: Frame, reading: Reading) -> None:
    if (amount := total.values.get("amount")) is not None:
        reading.offer(frame, key, amount)


#: Part of a payment means -> term below BG-16.
_MEANS = {
    "code": "payment.means_code",
    "text": "payment.means_text",
    "remittance": "payment.remittance_information",
    "card.number": "payment.card.number",
    "card.holder": "payment.card.holder",
    "card.network": "payment.card.network",
    "mandate": "payment.direct_debit.mandate_reference",
    "debited_account": "payment.direct_debit.debited_account",
    "due_date": "due_date",
}
_TRANSFER = {"account": "account", "account_name": "account_name", "provider": "provider"}


def read_payment_means(frame: Frame, means: list[Frame], reading: Reading) -> None:
    """BG-16 to BG-19: both syntaxes repeat the payment means for each account to pay to."""
    transfers = []
    for part in means:
        for name, key in _MEANS.items():
            if (value := part.values.get(name)) is not None:
                reading.offer(frame, key, value)
        transfer = Frame(part.element, part.node)
        transfer.values = {
            key: part.values[name] for name, key in _TRANSFER.items() if name in part.values
        }
        if transfer.values:
            transfers.append(transfer)
    if transfers:
        frame.repeated["payment.credit_transfers"] = transfers


def transfers_of(payment: PaymentInstructions) -> Iterator[tuple[bool, CreditTransfer]]:
    """Each account to pay to, and whether it is the first; one empty account if there is none."""
    for number, transfer in enumerate(payment.credit_transfers or (CreditTransfer(),)):
        yield not number, transfer


def direct_debit_of(payment: PaymentInstructions) -> DirectDebit:
    """BG-19, empty if absent."""
    return payment.direct_debit or DirectDebit()


def read_price(frame: Frame, key: str, reading: Reading) -> None:
    """BT-146 is BT-148 less BT-147: where a syntax is content with two, the third is implied.

    UBL demands a discount beside a gross price, be it zero; CII a gross price beside a discount.
    """
    discount = frame.values.get(f"{key}discount")
    gross = frame.values.get(f"{key}gross")
    net = frame.get(f"{key}net")
    if net is None:
        return
    if discount is None:
        if gross is not None and gross[0] != net:
            value = gross[0] - net
            reading.derive(frame, f"{key}discount", value, gross, "BT-147 is BT-148 less BT-146")
    elif not discount[0] and (gross is None or gross[0] == net):
        del frame.values[f"{key}discount"]
        reading.leave_value(discount, "a price discount of zero is no discount")
    elif gross is None:
        value = net + discount[0]
        reading.derive(frame, f"{key}gross", value, discount, "BT-148 is BT-146 plus BT-147")


Parts = Callable[[Any], Iterator[Identifier]]


def first_and_further(
    first: str, further: str, gathers: Callable[[str, Parts], Sequence[Gather]]
) -> Quirk:
    """Identifiers of which EN 16931 knows one and extensions any number.

    Those without a scheme come first, as CII has them; their order says nothing more.

    Args:
        first: the term for the first one.
        further: the tuple for those after it.
        gathers: makes the gathers of a syntax, of their key and the parts to write.
    """
    one, more = getter(first), getter(further)
    key_of_parts = f"@{first}"

    def read(frame: Frame, key: str, reading: Reading) -> None:
        parts = read_identifiers(frame.take(key + key_of_parts))
        for name, value in parts[0].values.items() if parts else ():
            reading.offer(frame, f"{key}{first}.{name}", value)
        if parts[1:]:
            frame.repeated[key + further] = parts[1:]

    def parts(group: Any) -> Iterator[Identifier]:
        identifier = one(group)
        if identifier is not None:
            yield identifier
        yield from more(group) or ()

    binds = (f"{first}.value", f"{first}.scheme", f"{further}[].value", f"{further}[].scheme")
    return Quirk(read, gathers(key_of_parts, parts), binds=binds)


_OF_STANDARD = {"description": "payment_terms", "due_date": "due_date"}
_CONDITIONS = "extension.payment_conditions"
_FURTHER_TERMS = "extension.further_payment_terms"


class TermsParts(FurtherPaymentTerms, frozen=True, kw_only=True):
    """One set of payment terms, as both syntaxes repeat them."""

    mandate: str | None = None


def read_payment_terms(frame: Frame, terms: list[Frame], reading: Reading) -> None:
    """BT-20 and BT-9 are of the first payment terms; extensions know what else is agreed."""
    for number, part in enumerate(terms):
        if (mandate := part.values.pop("mandate", None)) is not None:
            reading.offer(frame, "payment.direct_debit.mandate_reference", mandate)
        if number:
            continue
        for name, value in part.values.items():
            key = _OF_STANDARD.get(name)
            reading.offer(frame, key or f"{_CONDITIONS}.{name}", value)
    if terms[1:]:
        frame.repeated[_FURTHER_TERMS] = terms[1:]


def payment_terms_of(invoice: Invoice) -> Iterator[TermsParts]:
    """The payment terms as both syntaxes repeat them, the first with BT-20, BT-9 and BT-89."""
    extension = invoice.extension or Extension()
    payment = invoice.payment or PaymentInstructions()
    conditions = extension.payment_conditions or PaymentConditions()
    yield TermsParts(
        description=invoice.payment_terms,
        due_date=invoice.due_date,
        mandate=direct_debit_of(payment).mandate_reference,
        partial_amount=conditions.partial_amount,
        discount=conditions.discount,
        penalty=conditions.penalty,
    )
    for terms in extension.further_payment_terms:
        yield TermsParts(**msgspec.structs.asdict(terms))


def binds_of_payment_terms(*names: str) -> tuple[str, ...]:
    """The terms of extensions that pass through the payment terms, by the names of the parts."""
    first = (f"{_CONDITIONS}.{name}" for name in names if name not in _OF_STANDARD)
    return (*first, *(f"{_FURTHER_TERMS}[].{name}" for name in names))
