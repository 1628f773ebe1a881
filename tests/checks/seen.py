"""Runs one check of a table on an invoice."""

from collections.abc import Sequence
from datetime import date

from einvoice.checks.check import Check, Observation, Sight
from einvoice.model import Invoice


def observed(checks: Sequence[Check], name: str, invoice: Invoice) -> list[Observation]:
    (check,) = (check for check in checks if check.id == name)
    return list(check.run(Sight(invoice=invoice, today=date(2026, 11, 24))))


def only(checks: Sequence[Check], name: str, invoice: Invoice) -> Observation:
    (found,) = observed(checks, name, invoice)
    return found
