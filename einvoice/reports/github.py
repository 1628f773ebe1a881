"""Annotations for GitHub Actions: the findings show at the files of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from einvoice.findings import Report, Severity, Verdict
from einvoice.reports.grouping import FindingGroup, group_findings
from einvoice.reports.lines import one_line
from einvoice.reports.output import Output
from einvoice.reports.rows import notes_of
from einvoice.reports.summary import Summary
from einvoice.reports.words import Words

_LEVELS = {
    Severity.FATAL: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "notice",
}


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """A line per finding as soon as it comes, those of one rule with one message together."""
    for report in reports:
        output.write("".join(_annotations(report)))
    if not output.quiet:
        counts = (f"{count} {outcome}" for outcome, count in summary.outcomes.items() if count)
        documents = Words().count("documents", summary.documents)
        told = f"{documents}: {', '.join(counts)}" if summary.documents else documents
        output.write(_annotation("notice", told, title="einvoice"))


def _annotations(report: Report) -> Iterator[str]:
    if report.error is not None:
        reason = report.error.removeprefix(f"{report.path}: ")
        yield _annotation("error", reason, file=report.path, title="error")
        return
    for group in group_findings(report.findings):
        yield _of_group(report, group)
    if report.verdict is Verdict.UNDECIDED:
        why = "; ".join(notes_of(report)) or "undecided"
        yield _annotation("warning", why, file=report.path, title="undecided")
    elif report.verdict is Verdict.INVALID and not report.findings:
        why = "; ".join(notes_of(report)) or "invalid"
        yield _annotation("error", why, file=report.path, title="invalid")


def _of_group(report: Report, group: FindingGroup) -> str:
    first = group.findings[0]
    level = "notice" if first.waived else _LEVELS[first.severity]
    more = f" ({group.lines})" if len(group.findings) > 1 else ""
    lines = {} if first.line is None else {"line": str(max(first.line, 1))}
    message = f"{group.message}{more}"
    return _annotation(level, message, file=report.path, **lines, title=first.rule)


def _annotation(level: str, message: str, **properties: str) -> str:
    """A command to the workflow; no text in it can begin another one."""
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {told}::{_data(one_line(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
