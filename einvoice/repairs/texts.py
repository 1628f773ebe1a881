"""Repairs of texts, codes and identifiers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from einvoice.model import CreditTransfer, Invoice
from einvoice.repairs.values import change_values

if TYPE_CHECKING:
    from einvoice.model.term import Term

#: Texts whose line breaks say something, by the last part of their path.
_MANY_LINES = frozenset(
    (
        "additional_legal_information",
        "description",
        "exemption_reason",
        "note",
        "payment_terms",
        "reason",
        "text",
    )
)

#: A single no-break space is no fault: French has one before a colon and within a number.
_DOUBLED = re.compile(r"\s{2,}|[\t\r\n]")


def trim(invoice: Invoice) -> Invoice:
    """Every text without white space around it and doubled within; an empty one is absent."""
    return change_values(invoice, _trimmed)


def _trimmed(term: Term | None, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name = term.path.rpartition(".")[2] if term else ""
    trimmed = _trimmed_text(value, name)
    return (value if trimmed == value else trimmed) or None


def _trimmed_text(text: str, name: str) -> str:
    stripped = text.strip()
    if name not in _MANY_LINES:
        return _DOUBLED.sub(" ", stripped)
    lines = (_DOUBLED.sub(" ", line.strip()) for line in stripped.split("\n"))
    # The cash discount lines of XRechnung (BR-DE-18) end with a line break.
    end = "\n" if name == "payment_terms" and stripped and text.rstrip(" \t").endswith("\n") else ""
    return "\n".join(lines) + end


def normalise_ibans(invoice: Invoice) -> Invoice:
    """BT-84: an IBAN without blanks and in capitals, if its check digits hold."""
    payment = invoice.payment
    if payment is None:
        return invoice
    transfers = tuple(map(_normalised, payment.credit_transfers))
    return replace(invoice, payment=replace(payment, credit_transfers=transfers))


def _normalised(transfer: CreditTransfer) -> CreditTransfer:
    from stdnum import iban

    if transfer.account is None or not iban.is_valid(transfer.account):
        return transfer
    return replace(transfer, account=iban.compact(transfer.account))


def keep_tax_point_date(invoice: Invoice) -> Invoice:
    """BR-CO-03: of BT-7 and BT-8 only one may be given; the date says more."""
    if invoice.tax_point_date is None or invoice.tax_point_date_code is None:
        return invoice
    return replace(invoice, tax_point_date_code=None)
