"""Reports as a flat table: a row for each finding, and one for a document without findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from einvoice.findings import Finding, Report
from einvoice.reports.grouping import evidence_line, plain_message, stopped_layers
from einvoice.reports.lines import one_line
from einvoice.reports.summary import NOBODY, outcome_of

Value = str | int | Decimal | date | None

#: What a row holds, by keys of WORDS.
COLUMNS = (
    "verdict", "path", "number", "issued", "seller", "seller_id", "currency", "total", "format",
    "profile", "severity", "rule", "message", "terms", "line", "location", "evidence",
    "waived_because", "layer", "ruleset", "version", "notes",
)  # fmt: skip
_NOTHING: tuple[Value, ...] = (None,) * 11


def rows_of(report: Report) -> Iterator[tuple[Value, ...]]:
    """The rows of a report; control characters of texts are shown, not written."""
    head, notes = _head(report), one_line("; ".join(notes_of(report)))
    for finding in report.findings:
        yield (*head, *_cells(finding), notes)
    if not report.findings:
        yield (*head, *_NOTHING, notes)


def notes_of(report: Report) -> Iterator[str]:
    """What a report says besides its findings: an error, what did not run, and its notes."""
    if report.error is not None:
        yield report.error.removeprefix(f"{report.path}: ")
    for word, titles, reason in stopped_layers(report):
        yield f"{word} {', '.join(titles)}: {reason}"
    yield from report.notes


def _head(report: Report) -> tuple[Value, ...]:
    about = report.subject or NOBODY
    return (
        outcome_of(report),
        one_line(report.path),
        _text(about.number),
        about.issued,
        _text(about.seller),
        _text(about.seller_id),
        _text(about.currency),
        about.total,
        report.format,
        report.profile,
    )


def _cells(finding: Finding) -> tuple[Value, ...]:
    return (
        finding.severity.value,
        _text(finding.rule),
        one_line(plain_message(finding)),
        " ".join(finding.terms),
        finding.line,
        _text(finding.location),
        one_line(evidence_line(finding)),
        _text(finding.waived),
        finding.layer.value,
        finding.ruleset,
        finding.version,
    )


def _text(text: str | None) -> str | None:
    return None if text is None else one_line(text)
