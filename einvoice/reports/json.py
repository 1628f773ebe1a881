"""One JSON object: all documents, then the summary. Written as it comes, never held in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from einvoice.findings import Report
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import ConversionLine, report_line

HEAD = b'{"documents": [\n'


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """`{"documents": [...], "summary": {...}}`."""
    _write(map(report_line, reports), summary, output)


def write_conversions(
    lines: Iterable[ConversionLine], summary: ConversionSummary, output: Output
) -> None:
    """`{"documents": [...], "summary": {...}}`."""
    _write(lines, summary, output)


def _write(lines: Iterable[Any], summary: Summary | ConversionSummary, output: Output) -> None:
    before = HEAD  # not written before there is a line: a run that fails at once leaves nothing
    for line in lines:
        output.stream.write(before + msgspec.json.encode(line))
        before = b",\n"
    before = HEAD if before == HEAD else b""
    tail = b'\n],\n"summary": ' + msgspec.json.encode(summary.as_dict()) + b"}\n"
    output.stream.write(before + tail)
    output.stream.flush()
