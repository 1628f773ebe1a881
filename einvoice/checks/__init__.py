"""Checks beyond the official rules, on the model: VAT, arithmetic, identifiers, bank, terms.

`CHECKS` is the one list. A check never sees XML, and its findings never change the official verdict
unless that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from einvoice.checks import arithmetic, bank, documents, identifiers, late, terms, vat
from einvoice.checks.check import GIVEN_BY, Check, Observation, Sight
from einvoice.findings import Severity

CHECKS: tuple[Check, ...] = (
    *identifiers.CHECKS,
    *bank.CHECKS,
    *terms.CHECKS,
    *late.CHECKS,
    *vat.CHECKS,
    *arithmetic.CHECKS,
    *documents.CHECKS,
)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An observation and the check that made it, with the severity that counts."""

    check: Check
    observation: Observation
    severity: Severity


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks found, and which of them did not run."""

    seen: tuple[Seen, ...] = ()
    not_run: dict[str, str] = {}  #: id of a check, and what it needs

    @property
    def what_is_missing(self) -> str | None:
        """Which checks did not run for lack of what, in words."""
        checks: dict[str, list[str]] = {}
        for name, need in self.not_run.items():
            checks.setdefault(need, []).append(name)
        parts = (
            f"{', '.join(names)} need{'' if len(names) > 1 else 's'} {need}"
            for need, names in checks.items()
        )
        return "not run: " + "; ".join(parts) if checks else None


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
