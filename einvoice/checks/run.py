"""The list of all checks, and running them on an invoice."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from einvoice.checks import (
    account_history,
    arithmetic,
    bank,
    documents,
    duplicates,
    habits,
    identifiers,
    late,
    series,
    suppliers,
    terms,
    vat,
)
from einvoice.checks.check import GIVEN_BY, Check, Observation, Sight
from einvoice.findings import Severity

CHECKS: tuple[Check, ...] = (
    *identifiers.CHECKS,
    *bank.CHECKS,
    *account_history.CHECKS,
    *terms.CHECKS,
    *late.CHECKS,
    *vat.CHECKS,
    *arithmetic.CHECKS,
    *documents.CHECKS,
    *duplicates.CHECKS,
    *series.CHECKS,
    *habits.CHECKS,
    *suppliers.CHECKS,
)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An observation and the check that made it, with the severity that counts."""

    check: Check
    observation: Observation
    severity: Severity


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks found, and which of them did not run."""

    seen: tuple[Seen, ...] = ()
    not_run: dict[str, str] = {}  #: id of a check, and what it lacks


def run_checks(sight: Sight, severities: Mapping[str, Severity] | None = None) -> Outcome:
    """Run all checks on an invoice.

    Args:
        sight: the invoice, and what else is known.
        severities: by id of a check, other severities than its own.
    """
    chosen = severities or {}
    seen: list[Seen] = []
    not_run: dict[str, str] = {}
    for check in CHECKS:
        missing = [name for name in check.needs if getattr(sight, name) is None]
        if missing:
            not_run[check.id] = " and ".join(GIVEN_BY[name] for name in missing)
            continue
        for found in check.run(sight):
            weight = chosen.get(check.id) or found.severity or check.severity
            seen.append(Seen(check=check, observation=found, severity=weight))
    return Outcome(seen=tuple(seen), not_run=not_run)
