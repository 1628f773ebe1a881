"""Account numbers of an invoice (BT-84), and what has the form of an IBAN."""

from __future__ import annotations

import re

from einvoice.checks.keys import stdnum_fault
from einvoice.model import CreditTransfer, Invoice

_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")


def transfers_of(invoice: Invoice) -> tuple[CreditTransfer, ...]:
    """The accounts to pay to (BG-17)."""
    return invoice.payment.credit_transfers if invoice.payment else ()


def compact(value: str | None) -> str:
    """A number of an account or a bank without blanks, hyphens and the word IBAN."""
    number = re.sub(r"[\s-]", "", value or "").upper()
    return re.sub(r"^IBAN:?(?=[A-Z]{2}\d{2})", "", number)


def looks_like_iban(number: str) -> bool:
    """Whether a compact number has the form of an IBAN."""
    return _IBAN.fullmatch(number) is not None


def is_iban(number: str) -> bool:
    """Whether a compact number is an IBAN."""
    return looks_like_iban(number) and stdnum_fault("iban", number) is None
