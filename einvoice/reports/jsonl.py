"""JSON Lines: one object per document, written as soon as the document is done."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from einvoice.findings import Report
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import ConversionLine, report_line


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """One line per report; the summary is left to whoever reads the lines."""
    for report in reports:
        _write_line(report_line(report), output)


def write_conversions(
    lines: Iterable[ConversionLine], summary: ConversionSummary, output: Output
) -> None:
    """One line per conversion."""
    for line in lines:
        _write_line(line, output)


def _write_line(line: msgspec.Struct, output: Output) -> None:
    output.stream.write(msgspec.json.encode(line) + b"\n")
    output.stream.flush()
