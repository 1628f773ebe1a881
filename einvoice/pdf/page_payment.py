"""Payment on the drawn page: terms, means, accounts, and what extensions add to them."""

from __future__ import annotations

from stdnum import iban

from einvoice.model import Invoice, PaymentCard, PaymentInstructions
from einvoice.model.extension import (
    AdvancePayment,
    FurtherPaymentTerms,
    PaymentCondition,
    PaymentConditions,
    ThirdPartyPayment,
)
from einvoice.pdf import labels
from einvoice.pdf.rows import (
    Rows,
    amount_row,
    amount_text,
    day_row,
    joined,
    reason_text,
    text_row,
    vat_text,
)
from einvoice.pdf.wording import Wording


def payment_rows(invoice: Invoice, wording: Wording) -> Rows:
    """How the invoice is to be paid."""
    yield from text_row("payment_terms", invoice.payment_terms)
    extension = invoice.extension
    if extension is not None and extension.payment_conditions is not None:
        yield from _conditions(extension.payment_conditions, wording)
    for terms in extension.further_payment_terms if extension else ():
        yield "instalment", joined(wording, _instalment(terms, wording))
    if invoice.payment is not None:
        yield from _instructions(invoice.payment, wording)
    for advance in extension.advance_payments if extension else ():
        yield "advance_payment", joined(wording, _advance(advance, wording))
    for third in extension.third_party_payments if extension else ():
        yield "third_party_payment", _third_party(third, wording)


def _instructions(payment: PaymentInstructions, wording: Wording) -> Rows:
    yield from text_row("means", _means(payment, wording) or None)
    yield from text_row("remittance_information", payment.remittance_information)
    for transfer in payment.credit_transfers:
        yield from text_row("account", transfer.account and account_text(transfer.account))
        yield from text_row("account_name", transfer.account_name)
        yield from text_row("provider", transfer.provider)
    yield from _card(payment.card)
    if payment.direct_debit is not None:
        debit = payment.direct_debit
        yield from text_row("mandate_reference", debit.mandate_reference)
        yield from text_row("creditor_identifier", debit.creditor_identifier)
        yield from text_row(
            "debited_account", debit.debited_account and account_text(debit.debited_account)
        )


def _means(payment: PaymentInstructions, wording: Wording) -> str:
    """The means by code and text; a text that says what the code does stands once."""
    code = payment.means_code
    if code is None:
        return payment.means_text or ""
    known, text = wording.code_and_name(labels.PAYMENT_MEANS, code), payment.means_text or ""
    return ", ".join((known, text)) if text and not known.endswith(f" {text}") else known


def _card(card: PaymentCard | None) -> Rows:
    if card is not None:
        yield from text_row("card", ", ".join(filter(None, (card.network, card.number))) or None)
        yield from text_row("card_holder", card.holder)


def account_text(account: str) -> str:
    """An account; an IBAN in groups of four, as people read it."""
    compact = "".join(account.split())
    if not iban.is_valid(compact):
        return account
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def _conditions(conditions: PaymentConditions, wording: Wording) -> Rows:
    yield from amount_row("partial_amount", conditions.partial_amount, wording)
    if conditions.discount is not None:
        yield "discount", _condition(conditions.discount, wording)
    if conditions.penalty is not None:
        yield "penalty", _condition(conditions.penalty, wording)


def _condition(condition: PaymentCondition, wording: Wording) -> str:
    """A discount or a penalty in one text: how much, of what, in which time."""
    parts = [] if condition.percentage is None else [wording.percent(condition.percentage)]
    parts.append(amount_text(condition.amount, wording))
    if condition.basis_amount is not None:
        parts.append(f"{wording.label('base_amount')} {wording.amount(condition.basis_amount)}")
    parts.append(wording.quantity(condition.period, condition.period_unit))
    if condition.basis_date is not None:
        parts.append(f"{wording.label('from')} {wording.day(condition.basis_date)}")
    return ", ".join(filter(None, parts))


def _instalment(terms: FurtherPaymentTerms, wording: Wording) -> Rows:
    yield from text_row("", terms.description)
    yield from day_row("due_date", terms.due_date, wording)
    yield from _conditions(terms, wording)


def _advance(advance: AdvancePayment, wording: Wording) -> Rows:
    yield from amount_row("", advance.amount, wording)
    yield from day_row("", advance.received, wording)
    for tax in advance.taxes:
        category = vat_text(tax.category, tax.rate, wording)
        yield "vat", f"{category} {amount_text(tax.amount, wording)}".strip()
    code = advance.invoice_type_code
    kind = wording.code(labels.DOCUMENT_TYPES, code) if code is not None else None
    number = advance.invoice.number if advance.invoice is not None else None
    day = advance.invoice.issue_date if advance.invoice is not None else None
    yield from text_row("", wording.dated(" ".join(filter(None, (kind, number))), day) or None)


def _third_party(payment: ThirdPartyPayment, wording: Wording) -> str:
    amount = amount_text(payment.amount, wording)
    return ", ".join(filter(None, (amount, reason_text(payment.description, payment.kind))))
