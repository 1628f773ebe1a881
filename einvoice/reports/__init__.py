"""Reports: what validation and conversion say, written in one of several formats.

To add one: a module with `write_reports` (and `write_conversions`), and an entry in `REPORTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from einvoice.errors import UsageError
from einvoice.findings import Report
from einvoice.reports import conversions, csv, github, html, json, jsonl, junit, sarif, text, xlsx
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
        for_files: whether it is a file to open, of no use on a terminal.
    """

    name: str
    extension: str
    write_reports: ReportWriter
    write_conversions: ConversionWriter | None = None
    for_people: bool = False
    for_files: bool = False


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
    ReportFormat(name="csv", extension="csv", write_reports=csv.write_reports),
    ReportFormat(name="xlsx", extension="xlsx", write_reports=xlsx.write_reports, for_files=True),
    ReportFormat(name="html", extension="html", write_reports=html.write_reports, for_files=True),
    ReportFormat(name="junit", extension="junit.xml", write_reports=junit.write_reports),
    ReportFormat(name="sarif", extension="sarif", write_reports=sarif.write_reports),
    ReportFormat(name="github", extension="github.txt", write_reports=github.write_reports),
)

#: Those that can tell what became of conversions.
CONVERSION_REPORTS = tuple(form for form in REPORTS if form.write_conversions is not None)


def report_format(name: str) -> ReportFormat:
    """The format with this name.

    Raises:
        UsageError: there is none.
    """
    for candidate in REPORTS:
        if candidate.name == name:
            return candidate
    raise UsageError("report format", name, (known.name for known in REPORTS))
