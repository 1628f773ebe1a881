"""Invoices and what was seen before them, for checks that remember."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.fingerprint import fingerprint
from einvoice.checks.history import Bill, History, SeenInvoice
from einvoice.model import CreditTransfer, Invoice, PaymentInstructions, PrecedingInvoice, Totals
from tests.examples import plain_invoice

#: The issue date of `plain_invoice`.
DAY = date(2026, 10, 5)
SEEN = date(2026, 10, 6)


def issued(number: str = "2026-0042", days: int = 0, **changes: Any) -> Invoice:
    """A plain invoice with a number, so many days after the first."""
    return plain_invoice(number=number, issue_date=DAY + timedelta(days), **changes)


def amount(gross: str) -> Totals:
    """Totals of which only the amount counts."""
    return Totals(with_vat=Decimal(gross), due=Decimal(gross))


def naming(*numbers: str) -> tuple[PrecedingInvoice, ...]:
    """References to preceding invoices."""
    return tuple(PrecedingInvoice(number=number) for number in numbers)


def transfer(*accounts: str | None) -> PaymentInstructions:
    """To be paid on these accounts."""
    transfers = tuple(CreditTransfer(account=account) for account in accounts)
    return PaymentInstructions(means_code="30", credit_transfers=transfers)


def seen(invoice: Invoice, **more: Any) -> SeenInvoice:
    """An invoice, as it was seen before."""
    return SeenInvoice(print=fingerprint(invoice), name="old.xml", seen=SEEN, **more)


def bills(*rows: tuple[str, date], gross: str = "240", credit: bool = False) -> tuple[Bill, ...]:
    """Earlier invoices by number and day."""
    return tuple(Bill(number, day, Decimal(gross), "EUR", credit) for number, day in rows)


def billed(amounts: Iterable[str], currency: str = "EUR", *, credit: bool = False) -> list[Bill]:
    """Earlier invoices by amount."""
    return [
        Bill(f"2026-{n:04}", DAY - timedelta(n), Decimal(gross), currency, credit)
        for n, gross in enumerate(amounts, 1)
    ]


def observed(
    checks: Sequence[Check], name: str, invoice: Invoice, *alike: SeenInvoice, **known: Any
) -> list[Observation]:
    """What a check finds in an invoice after a history."""
    history = History(print=fingerprint(invoice), alike=alike, **known)
    (check,) = (check for check in checks if check.id == name)
    return list(check.run(Sight(invoice=invoice, today=date(2026, 11, 24), history=history)))
