"""Severities that a user gives to checks, and findings that somebody has waived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from einvoice.errors import PolicyError
from einvoice.findings import Severity
from einvoice.model import Invoice
from einvoice.policyfile import read_policy

if TYPE_CHECKING:
    from einvoice.checks.check import Check


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Findings of a check that somebody has accepted until a day."""

    rule: str  #: id of a check
    reason: str
    author: str
    expires: date  #: the last day on which it holds
    supplier: str | None = None  #: BT-31, BT-30 or BT-29 of the seller
    document: str | None = None  #: BT-1; `*` stands for anything

    def covers(self, check: Check, invoice: Invoice) -> bool:
        """Whether it waives what a check finds in an invoice."""
        return (
            self.rule == check.id
            and (self.supplier is None or self.supplier in _names(invoice))
            and (self.document is None or fnmatchcase(invoice.number or "", self.document))
        )


def _names(invoice: Invoice) -> Iterator[str | None]:
    seller = invoice.seller
    yield seller.vat_identifier
    yield seller.legal_registration.value if seller.legal_registration else None
    yield from (identifier.value for identifier in seller.identifiers)


class CheckPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a user says about checks."""

    severity: dict[str, Severity] = {}  #: by id of a check
    waive: tuple[Waiver, ...] = ()

    def waiver(self, check: Check, invoice: Invoice) -> Waiver | None:
        """The waiver of what a check finds in an invoice, None if there is none."""
        return next((w for w in self.waive if w.covers(check, invoice)), None)


def load_check_policy(path: str | Path, known: frozenset[str], today: date) -> CheckPolicy:
    """Read a policy of checks: TOML with a table `severity`, and a `[[waive]]` for each waiver.

    Args:
        path: the file.
        known: ids of all checks.
        today: a waiver that ended before is refused: what it hid has to be looked at again.

    Raises:
        InputNotReadable: the file cannot be opened.
        PolicyError: it cannot be understood, names an unknown check, or a waiver has expired.
    """
    policy = read_policy(path, CheckPolicy)
    for name in (*policy.severity, *(waiver.rule for waiver in policy.waive)):
        if name not in known:
            raise PolicyError(
                path, f"there is no check {name!r}; known: {', '.join(sorted(known))}"
            )
    for number, waiver in enumerate(policy.waive, 1):
        if waiver.expires < today:
            raise PolicyError(
                path,
                f"waiver {number} of {waiver.rule} by {waiver.author} expired on {waiver.expires}; "
                "renew or remove it",
            )
    return policy
