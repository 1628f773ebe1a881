"""Reports: what validation and conversion say, written in one of several formats.

To add one: a module with `write_reports` (and `write_conversions`), and an entry in `REPORTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from einvoice.errors import UsageError
from einvoice.findings import Report
from einvoice.reports import conversions, json, jsonl, text
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import ConversionLine

ReportWriter = Callable[[Iterable[Report], Summary, Output], None]
ConversionWriter = Callable[[Iterable[ConversionLine], ConversionSummary, Output], None]


class ReportFormat(msgspec.Struct, frozen=True, kw_only=True):
    """A way to write reports.

    Attributes:
        name: as given to `--format`.
        write_reports: writes the reports of validation, taking each as it comes.
        write_conversions: the same for conversions; None if the format has no form for them.
        extension: of a file that holds such a report.
        for_people: whether a terminal may be addressed.
    """

    name: str
    extension: str
    write_reports: ReportWriter
    write_conversions: ConversionWriter | None = None
    for_people: bool = False


#: All formats of reports, the default first.
REPORTS: tuple[ReportFormat, ...] = (
    ReportFormat(
        name="text",
        extension="txt",
        write_reports=text.write_reports,
        write_conversions=conversions.write_conversions,
        for_people=True,
    ),
    ReportFormat(
        name="json",
        extension="json",
        write_reports=json.write_reports,
        write_conversions=json.write_conversions,
    ),
    ReportFormat(
        name="jsonl",
        extension="jsonl",
        write_reports=jsonl.write_reports,
        write_conversions=jsonl.write_conversions,
    ),
)


def report_format(name: str) -> ReportFormat:
    """The format with this name.

    Raises:
        UsageError: there is none.
    """
    for candidate in REPORTS:
        if candidate.name == name:
            return candidate
    raise UsageError("report format", name, (known.name for known in REPORTS))
