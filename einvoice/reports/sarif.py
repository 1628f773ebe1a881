"""SARIF 2.1.0: the findings for programs that collect the results of analyses.

The results come first, as they stream by; the rules that they name come after them. Inputs that
could not be opened or judged are notifications of the run.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from einvoice.findings import Finding, Report, Severity, Verdict
from einvoice.reports.grouping import plain_message
from einvoice.reports.lines import one_line
from einvoice.reports.output import Output
from einvoice.reports.rows import notes_of
from einvoice.reports.summary import Summary, outcome_of

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.FATAL: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
#: What is kept in memory before a file is used, in bytes.
_IN_MEMORY = 1_000_000


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """One run: results, then what could not be judged, then the tool with its rules."""
    rules = _Rules()
    head = _HEAD  # not written before there is a report: a run that fails at once leaves nothing
    between = b"\n"
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as notifications:
        for report in reports:
            for result in _results(report, rules):
                output.stream.write(head + between + msgspec.json.encode(result))
                head, between = b"", b",\n"
            for notification in _notifications(report):
                before = b",\n" if notifications.tell() else b""
                notifications.write(before + msgspec.json.encode(notification))
        output.stream.write(head + b'\n],\n"invocations": [{"executionSuccessful": ')
        done = b"true" if not summary.errors and not summary.crashed else b"false"
        output.stream.write(done + b', "toolExecutionNotifications": [\n')
        notifications.seek(0)
        shutil.copyfileobj(notifications, output.stream)
    tail = {"tool": {"driver": _driver(rules)}, "properties": summary.as_dict()}
    output.stream.write(b"\n]}],\n" + msgspec.json.encode(tail)[1:] + b"]}\n")
    output.stream.flush()


_HEAD = (
    b'{"$schema": ' + msgspec.json.encode(SCHEMA) + b', "version": "2.1.0", "runs": [{"results": ['
)


class _Rules:
    """The rules that results have named so far, each with its place in the list of the tool."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, Any]] = {}

    def index(self, finding: Finding) -> int:
        """The place of the rule of a finding."""
        if finding.rule not in self.found:
            self.found[finding.rule] = _rule(finding, len(self.found))
        index: int = self.found[finding.rule]["properties"]["index"]
        return index


def _rule(finding: Finding, index: int) -> dict[str, Any]:
    about = {"ruleset": finding.ruleset, "version": finding.version, "layer": finding.layer}
    return {
        "id": one_line(finding.rule),
        "shortDescription": {"text": _message(finding)},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"index": index, **_filled(about)},
    }


def _driver(rules: _Rules) -> dict[str, Any]:
    try:
        version = {"version": metadata.version("einvoice-engine")}
    except metadata.PackageNotFoundError:  # runs from its source
        version = {}
    return {"name": "einvoice", **version, "rules": list(rules.found.values())}


def _results(report: Report, rules: _Rules) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        about = {
            "layer": finding.layer,
            "ruleset": finding.ruleset,
            "version": finding.version,
            "terms": finding.terms,
            "evidence": dict(finding.evidence),
            "verdict": outcome_of(report),
        }
        result = {
            "ruleId": one_line(finding.rule),
            "ruleIndex": rules.index(finding),
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [_location(report.path, finding)],
            "properties": _filled(about),
        }
        if finding.waived:
            waived = {"kind": "external", "justification": one_line(finding.waived)}
            result["suppressions"] = [waived]
        yield result


def _notifications(report: Report) -> Iterator[dict[str, Any]]:
    """Why a document has no verdict."""
    outcome = outcome_of(report)
    if outcome not in ("error", Verdict.UNDECIDED):
        return
    yield {
        "level": "error" if outcome == "error" else "warning",
        "message": {"text": one_line("; ".join(notes_of(report))) or outcome},
        "locations": [_location(report.path)],
        "properties": {"verdict": outcome},
    }


def _location(path: str, finding: Finding | None = None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding is not None and finding.line is not None:
        physical["region"] = {"startLine": max(finding.line, 1)}
    if finding is not None and finding.location:
        named = {"fullyQualifiedName": one_line(finding.location), "kind": "element"}
        location["logicalLocations"] = [named]
    return location


def _uri(path: str) -> str:
    """The path as a relative reference, or as a URI of this machine."""
    pure = PurePath(path)
    text = quote(pure.as_posix(), safe="/")
    return f"file://{text}" if pure.is_absolute() else text


def _message(finding: Finding) -> str:
    return one_line(plain_message(finding)) or one_line(finding.rule)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
