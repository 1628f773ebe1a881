"""CSV for spreadsheets: a row for each finding, and one for a document without findings.

UTF-8 with a byte order mark. Fields are separated by what Excel takes for CSV in the language: `,`
in English, `;` in French and German. Verdicts and severities are words of the program.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from einvoice.amounts import format_decimal
from einvoice.findings import Report
from einvoice.reports.output import Output
from einvoice.reports.rows import COLUMNS, Value, rows_of
from einvoice.reports.summary import Summary
from einvoice.reports.words import Words
from einvoice.tablefile import harmless

_MARK = "\ufeff"


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """The rows of each report as soon as it comes."""
    words = Words(output.language)
    separator = "," if words.language == "en" else ";"
    head = _MARK + _line([words[column] for column in COLUMNS], separator)
    for report in reports:
        rows = (_line(list(map(_field, row)), separator) for row in rows_of(report))
        output.write(head + "".join(rows))
        head = ""  # not written before there is a row: a run that fails at once leaves nothing
    output.write(head)


def _line(fields: list[str], separator: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerow(fields)
    return text.getvalue()


def _field(value: Value) -> str:
    """Numbers of ours stay what they are; a text that begins like a formula is made harmless."""
    match value:
        case Decimal():
            return format_decimal(value)
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case _:
            return harmless(value or "")
