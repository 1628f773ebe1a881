"""The published form of one report and of one conversion: every key always there, in this order."""

from __future__ import annotations

from typing import Any

import msgspec

from einvoice.findings import Finding, Layer, Loss, Repaired, Report, Subject, Verdict


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """What validation says about one document."""

    path: str
    format: str
    profile: str | None
    customization_id: str | None
    subject: Subject | None
    verdict: Verdict
    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    complete: bool
    error: str | None


class ConversionLine(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one document that was to be converted."""

    path: str  #: of the source, as it was named
    output: str | None = None  #: what was written; None when nothing was
    format: str | None = None  #: of the output
    outcome: str  #: `converted`, or a name in batch.convert.OUTCOMES
    exit_code: int = 0
    verdict: Verdict | None = None  #: of the output
    losses: tuple[Loss, ...] = ()
    repaired: tuple[Repaired, ...] = ()
    findings: tuple[Finding, ...] = ()  #: about the output
    notes: tuple[str, ...] = ()
    error: str | None = None

    @property
    def converted(self) -> bool:
        """Whether an output exists."""
        return self.outcome == "converted"


def report_line(report: Report) -> ReportLine:
    """The published form of a report."""
    return ReportLine(verdict=report.verdict, **msgspec.structs.asdict(report))


def report_dict(report: Report) -> dict[str, Any]:
    """The published form of a report, as JSON would give it back."""
    line: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(report_line(report)))
    return line
