"""JUnit XML for build servers: a test case per document.

Invalid is a failure, undecided is skipped. What could not be opened is an error, and so is a
document on which we crashed: a build should not pass over it. Findings that decide nothing stand in
the output of the case.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from lxml import etree

from einvoice.findings import Finding, Report, Severity, Status, Verdict
from einvoice.reports.grouping import group_findings
from einvoice.reports.lines import one_line
from einvoice.reports.output import Output
from einvoice.reports.rows import notes_of
from einvoice.reports.summary import Summary

_SUITE = "einvoice"
#: What is kept in memory before a file is used, in bytes.
_IN_MEMORY = 1_000_000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """The whole file at the end: its counts stand at the start, so the cases wait in a file."""
    counts: Counter[str] = Counter()
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as cases:
        for report in reports:
            case = _case(report)
            counts["tests"] += 1
            counts.update(child.tag for child in case)
            cases.write(etree.tostring(case, encoding="utf-8") + b"\n")
        output.write(_start(counts))
        cases.seek(0)
        shutil.copyfileobj(cases, output.stream)
    output.write("</testsuite>\n</testsuites>\n")


def _start(counts: Counter[str]) -> str:
    told = (
        f'name="{_SUITE}" tests="{counts["tests"]}" failures="{counts["failure"]}" '
        f'errors="{counts["error"]}"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {told}>\n'
        f'<testsuite {told} skipped="{counts["skipped"]}">\n'
    )


def _case(report: Report) -> etree._Element:
    folder, name = str(PurePath(report.path).parent), PurePath(report.path).name
    case = etree.Element("testcase", name=_text(name or report.path), classname=_text(folder))
    found = _outcome(report)
    if found is not None:
        tag, kind, message = found
        child = etree.SubElement(case, tag, message=_text(message), type=kind)
        child.text = _text("\n".join(_lines(report)))
    elif report.findings:
        etree.SubElement(case, "system-out").text = _text("\n".join(_lines(report)))
    return case


def _outcome(report: Report) -> tuple[str, str, str] | None:
    """The element of a case, its type and its message; None for a document that passed."""
    notes = "; ".join(notes_of(report))
    if report.error is not None:
        return "error", "unreadable", notes
    if report.verdict is Verdict.INVALID:
        fatal = [f.rule for f in report.findings if f.severity is Severity.FATAL and not f.waived]
        rules = ", ".join(dict.fromkeys(fatal))
        return "failure", "invalid", rules or notes or "invalid"
    if any(layer.status is Status.CRASHED for layer in report.layers):
        return "error", "crashed", notes
    if report.verdict is Verdict.UNDECIDED:
        return "skipped", "undecided", notes or "undecided"
    return None


def _lines(report: Report) -> Iterator[str]:
    for group in group_findings(report.findings):
        where = f" ({group.lines})" if group.lines else ""
        yield one_line(f"{group.rule} {_severity(group.findings[0])}: {group.message}{where}")
        yield from (f"    {one_line(place)}" for place in group.locations)
    yield from map(one_line, notes_of(report))


def _severity(finding: Finding) -> str:
    return "waived" if finding.waived else finding.severity.value


def _text(text: str) -> str:
    """A text as XML may hold it."""
    shown = "\n".join(map(one_line, text.split("\n")))
    return _NOT_XML.sub("\ufffd", shown)
