"""An invoice as text for people: parties, references, lines, VAT, totals, payment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from einvoice.amounts import format_decimal
from einvoice.cli.columns import Row, aligned
from einvoice.model import (
    Address,
    AllowanceCharge,
    Buyer,
    Contact,
    Delivery,
    Identifier,
    Invoice,
    Line,
    PaymentInstructions,
    Period,
    Seller,
)
from einvoice.reports.lines import TextLine

INDENT = "    "

#: The usual codes of UNTDID 1001 in words.
TYPES = {
    "326": "Partial invoice",
    "380": "Invoice",
    "381": "Credit note",
    "384": "Corrected invoice",
    "386": "Prepayment invoice",
    "389": "Self-billed invoice",
    "261": "Self-billed credit note",
    "503": "Credit note for a prepayment",
}

#: The usual codes of UNTDID 4461 in words.
MEANS = {
    "10": "cash",
    "20": "cheque",
    "30": "credit transfer",
    "42": "payment to bank account",
    "48": "bank card",
    "49": "direct debit",
    "54": "credit card",
    "55": "debit card",
    "57": "standing agreement",
    "58": "SEPA credit transfer",
    "59": "SEPA direct debit",
    "97": "clearing between partners",
}

#: References of the document: label, name in the model.
REFERENCES = (
    ("buyer reference", "buyer_reference"),
    ("purchase order", "purchase_order_reference"),
    ("sales order", "sales_order_reference"),
    ("contract", "contract_reference"),
    ("project", "project_reference"),
    ("tender or lot", "tender_or_lot_reference"),
    ("receiving advice", "receiving_advice_reference"),
    ("despatch advice", "despatch_advice_reference"),
    ("buyer accounting", "buyer_accounting_reference"),
)

#: Totals of the document: label, name in the model.
TOTALS = (
    ("lines", "line_net"),
    ("allowances", "allowances"),
    ("charges", "charges"),
    ("without VAT", "without_vat"),
    ("VAT", "vat"),
    ("with VAT", "with_vat"),
    ("paid", "paid"),
    ("rounding", "rounding"),
    ("due", "due"),
)


def invoice_lines(invoice: Invoice, source_format: str) -> Iterator[TextLine]:
    """The whole invoice; what is absent is left out."""
    yield from _headline(invoice, source_format)
    yield from _section("Seller", _seller(invoice.seller))
    yield from _section("Buyer", _buyer(invoice.buyer))
    yield from _section("Payee and representative", _other_parties(invoice))
    yield from _section("References", _references(invoice))
    yield from _section("Delivery", _delivery(invoice.delivery))
    yield from _section("Notes", [note.text for note in invoice.notes])
    yield from _table(f"Lines ({len(invoice.lines):,})", map(_line_row, invoice.lines))
    yield from _table("Allowances and charges", _allowances(invoice))
    yield from _table("VAT", _vat_rows(invoice))
    yield from _table("Totals", _total_rows(invoice))
    yield from _section("Payment", _payment(invoice))
    yield from _section("Supporting documents", _documents(invoice))


def _section(title: str, texts: Iterable[str | None]) -> Iterator[TextLine]:
    filled = [text for text in texts if text]
    if filled:
        yield TextLine(())
        yield TextLine(((title, "bold"),))
    for text in filled:
        yield TextLine(((INDENT, ""),), ((text, ""),))


def _table(title: str, rows: Iterable[Row]) -> Iterator[TextLine]:
    lines = aligned(list(rows), INDENT)
    if lines:
        yield TextLine(())
        yield TextLine(((title, "bold"),))
        yield from lines


# --- head and parties


def _headline(invoice: Invoice, source_format: str) -> Iterator[TextLine]:
    title = TYPES.get(invoice.type_code or "", _listed(("Document of type", invoice.type_code)))
    yield TextLine(((f"{title or 'Document'} {invoice.number or '(no number)'}", "bold"),))
    dates = _listed(
        ("issued", invoice.issue_date), ("due", invoice.due_date), ("in", invoice.currency)
    )
    yield TextLine(((f"{dates or 'no dates'}  ({source_format})", ""),))
    if invoice.process.specification:
        yield TextLine(((invoice.process.specification, "dim"),))


def _seller(seller: Seller) -> Iterator[str | None]:
    yield _named(seller.name, seller.trading_name)
    yield _address(seller.address)
    yield _listed(
        ("VAT", seller.vat_identifier),
        ("tax registration", seller.tax_registration),
        ("registration", _identifier(seller.legal_registration)),
        ("electronic address", _identifier(seller.electronic_address)),
        *(("identifier", _identifier(one)) for one in seller.identifiers),
    )
    yield seller.additional_legal_information
    yield _contact(seller.contact)


def _buyer(buyer: Buyer) -> Iterator[str | None]:
    yield _named(buyer.name, buyer.trading_name)
    yield _address(buyer.address)
    yield _listed(
        ("VAT", buyer.vat_identifier),
        ("registration", _identifier(buyer.legal_registration)),
        ("electronic address", _identifier(buyer.electronic_address)),
        ("identifier", _identifier(buyer.identifier)),
    )
    yield _contact(buyer.contact)


def _other_parties(invoice: Invoice) -> Iterator[str | None]:
    payee, representative = invoice.payee, invoice.tax_representative
    if payee is not None:
        yield _listed(
            ("payee", payee.name),
            ("registration", _identifier(payee.legal_registration)),
            ("identifier", _identifier(payee.identifier)),
        )
    if representative is not None:
        yield _listed(
            ("tax representative", representative.name),
            ("VAT", representative.vat_identifier),
            ("at", _address(representative.address)),
        )


def _named(name: str | None, trading_name: str | None) -> str | None:
    if trading_name and trading_name != name:
        return f"{name or '(no name)'}, trading as {trading_name}"
    return name


def _address(address: Address | None) -> str | None:
    if address is None:
        return None
    city = " ".join(filter(None, (address.post_code, address.city)))
    parts = (address.line_1, address.line_2, address.line_3, city, address.subdivision)
    return ", ".join(filter(None, (*parts, address.country))) or None


def _contact(contact: Contact | None) -> str | None:
    if contact is None:
        return None
    parts = ", ".join(filter(None, (contact.point, contact.telephone, contact.email)))
    return f"contact: {parts}" if parts else None


def _identifier(identifier: Identifier | None) -> str | None:
    if identifier is None:
        return None
    return f"{identifier.value} ({identifier.scheme})" if identifier.scheme else identifier.value


# --- references and delivery


def _references(invoice: Invoice) -> Iterator[str | None]:
    for label, name in REFERENCES:
        yield _listed((label, getattr(invoice, name)))
    yield _listed(("invoiced object", _identifier(invoice.invoiced_object)))
    yield _listed(("business process", invoice.process.business_process))
    for preceding in invoice.preceding_invoices:
        yield _listed(("preceding invoice", preceding.number), ("of", preceding.issue_date))


def _delivery(delivery: Delivery | None) -> Iterator[str | None]:
    if delivery is None:
        return
    yield _listed(("delivered", delivery.actual_date), ("period", _period(delivery.period)))
    yield _listed(("to", delivery.name), ("location", _identifier(delivery.location)))
    yield _address(delivery.address)


def _period(period: Period | None) -> str | None:
    if period is None:
        return None
    return f"{period.start or '...'} to {period.end or '...'}"


# --- amounts


def _line_row(line: Line) -> Row:
    quantity = " ".join(filter(None, (_amount(line.quantity), line.unit)))
    price = _amount(line.price.net)
    if line.price.base_quantity not in (None, 1):
        price += f" per {_amount(line.price.base_quantity)}"
    numbers = (line.identifier or "", quantity, f"x {price}", _amount(line.net_amount))
    vat = _vat(line.vat.category, line.vat.rate)
    return Row((*numbers, vat), line.item.name or line.item.description or "(no name)")


def _allowances(invoice: Invoice) -> Iterator[Row]:
    for word, parts in (("allowance", invoice.allowances), ("charge", invoice.charges)):
        for part in parts:
            yield Row(
                (word, _amount(part.amount), _vat(part.vat_category, part.vat_rate)), _reason(part)
            )


def _reason(part: AllowanceCharge) -> str:
    return " ".join(filter(None, (part.reason, part.reason_code and f"({part.reason_code})")))


def _vat_rows(invoice: Invoice) -> Iterator[Row]:
    for row in invoice.vat_breakdown:
        reason = ", ".join(filter(None, (row.exemption_reason, row.exemption_reason_code)))
        numbers = (f"on {_amount(row.taxable_amount)}", _amount(row.tax_amount))
        yield Row((_vat(row.category, row.rate), *numbers), reason)


def _total_rows(invoice: Invoice) -> Iterator[Row]:
    for label, name in TOTALS:
        amount = getattr(invoice.totals, name)
        if amount is not None:
            yield Row((label, _amount(amount)), invoice.currency or "")
    if invoice.totals.vat_in_accounting_currency is not None:
        amount = invoice.totals.vat_in_accounting_currency
        yield Row(("VAT", _amount(amount)), invoice.accounting_currency or "")


def _vat(category: str | None, rate: Decimal | None) -> str:
    return " ".join(filter(None, (category, f"{_amount(rate)} %" if rate is not None else None)))


def _amount(value: Decimal | None) -> str:
    return "" if value is None else format_decimal(value)


# --- payment and documents


def _payment(invoice: Invoice) -> Iterator[str | None]:
    if invoice.payment is not None:
        yield from _instructions(invoice.payment)
    yield _listed(("terms:", invoice.payment_terms))


def _instructions(payment: PaymentInstructions) -> Iterator[str | None]:
    word = payment.means_text or MEANS.get(payment.means_code or "")
    yield " ".join(filter(None, (word, payment.means_code and f"({payment.means_code})")))
    for transfer in payment.credit_transfers:
        yield _listed(
            ("account", transfer.account), ("of", transfer.account_name), ("at", transfer.provider)
        )
    if payment.card is not None:
        yield _listed(("card", payment.card.number), ("of", payment.card.holder))
    if payment.direct_debit is not None:
        debit = payment.direct_debit
        yield _listed(
            ("mandate", debit.mandate_reference),
            ("creditor", debit.creditor_identifier),
            ("debited account", debit.debited_account),
        )
    yield _listed(("remittance information", payment.remittance_information))


def _documents(invoice: Invoice) -> Iterator[str | None]:
    for document in invoice.supporting_documents:
        attachment = document.attachment
        size = f"{len(attachment.content):,} bytes" if attachment else None
        parts = (document.reference, document.description, document.external_location)
        file = (attachment.filename, attachment.mime_code) if attachment else ()
        yield ", ".join(filter(None, (*parts, *file, size)))


def _listed(*parts: tuple[str, object]) -> str | None:
    """The parts that have a value, as `label value, label value`."""
    return ", ".join(f"{label} {value}" for label, value in parts if value) or None
