"""The layer of checks: what they find in a document, with the places in it."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from einvoice.checks.policy import CheckPolicy
from einvoice.errors import UsageError
from einvoice.findings import Finding, Layer, LayerName, Severity, Status
from einvoice.formats import Document, Source, name_of
from einvoice.formats.compare import term_at

if TYPE_CHECKING:
    from einvoice.checks.history import History, Ledger
    from einvoice.checks.payments import Payments
    from einvoice.checks.run import Seen

#: What becomes of the findings of checks beyond the official rules.
ChecksMode = Literal["off", "report", "fatal"]


class AskedChecks(msgspec.Struct, frozen=True, kw_only=True):
    """How a document is checked."""

    mode: ChecksMode = "off"
    policy: CheckPolicy = CheckPolicy()
    ledger: Ledger | None = None
    payments: Payments | None = None

    def known(self, *, named: bool) -> AskedChecks:
        """The same, if it can be; naming the layer, or giving what checks need, asks for a report.

        Raises:
            UsageError: there is no such mode.
        """
        if self.mode not in get_args(ChecksMode):
            raise UsageError("mode of checks", self.mode, get_args(ChecksMode))
        wanted = named or self.ledger is not None or self.payments is not None
        if self.mode == "off" and wanted:
            return msgspec.structs.replace(self, mode="report")
        return self


def name_in_ledger(source: Source | Document, path: str | None) -> str:
    """What tells a document from another with the same XML: its file, or what it was called."""
    name = source.opened.path if isinstance(source, Document) else name_of(source)
    if isinstance(source, bytes | bytearray | memoryview) or name == "-":
        return path or "-"
    return os.path.realpath(name)


def checks_layer(
    document: Document, asked: AskedChecks, *, today: date, name: str, invalid: bool
) -> tuple[Layer, list[Finding]]:
    """Run the checks on a document.

    Args:
        document: the document.
        asked: how.
        today: the day of the checks.
        name: of the document in a ledger.
        invalid: by the official rules.

    Raises:
        LedgerError: the ledger cannot be written or read.
    """
    from einvoice.checks.check import Sight
    from einvoice.checks.run import run_checks  # every check, a third of the time of import

    past = None if asked.ledger is None else _past(document, asked.ledger, name, invalid)
    sight = Sight(invoice=document.invoice, today=today, history=past, payments=asked.payments)
    outcome = run_checks(sight, asked.policy.severity)
    findings = [_finding(seen, document, asked.policy) for seen in outcome.seen]
    fatal = any(f.severity is Severity.FATAL and f.waived is None for f in findings)
    layer = Layer(
        name=LayerName.CHECKS,
        status=Status.FAILED if fatal else Status.PASSED,
        decides=asked.mode == "fatal",
        not_run=outcome.not_run,
    )
    return layer, findings


def _past(document: Document, ledger: Ledger, name: str, invalid: bool) -> History:
    from einvoice.checks.fingerprint import fingerprint
    from einvoice.checks.history import Sighted

    digest = hashlib.sha256(document.opened.xml).hexdigest()
    mine = fingerprint(document.invoice)
    return ledger.observe(Sighted(print=mine, digest=digest, name=name, invalid=invalid))


def _finding(seen: Seen, document: Document, policy: CheckPolicy) -> Finding:
    observation = seen.observation
    place = next(filter(None, map(document.place, observation.paths)), None)
    waiver = policy.waiver(seen.check, document.invoice)
    return Finding(
        rule=seen.check.id,
        severity=seen.severity,
        layer=LayerName.CHECKS,
        message=observation.message,
        location=place.xpath if place else None,
        line=place.line if place else None,
        terms=tuple(dict.fromkeys(filter(None, map(term_at, observation.paths)))),
        evidence=observation.evidence,
        reason_code=seen.check.reason_code,
        waived=f"{waiver.reason} ({waiver.author}, until {waiver.expires})" if waiver else None,
    )
