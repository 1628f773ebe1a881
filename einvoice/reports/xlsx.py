"""An Excel workbook: a summary, a row for each finding, and a row for each supplier.

What is in it is in `sheets`, which needs openpyxl; the extra `excel` brings it.
"""

from __future__ import annotations

from collections.abc import Iterable

from einvoice.errors import ExtraMissing
from einvoice.findings import Report
from einvoice.reports.output import Output
from einvoice.reports.summary import Summary
from einvoice.reports.words import Words


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """The workbook, once all reports have come; until then its rows are in temporary files.

    Raises:
        ExtraMissing: openpyxl is not installed.
    """
    try:
        from einvoice.reports.sheets import ReportBook
    except ImportError:
        raise ExtraMissing("a report as XLSX", "excel") from None
    book = ReportBook(Words(output.language))
    for report in reports:
        book.add(report)
    book.save(summary, output.stream)
    output.stream.flush()
