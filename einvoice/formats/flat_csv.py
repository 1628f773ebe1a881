"""CSV for spreadsheets: a row per line, as RFC 4180 has it, in UTF-8 with a byte order mark.

Numbers have a decimal point and the digits of the source, dates are ISO 8601. A text that a
spreadsheet would take for a formula gets an apostrophe before it; our own numbers do not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from einvoice.amounts import format_decimal
from einvoice.formats.flat import Cell, header_columns, line_columns, untold
from einvoice.formats.format import Format, Options, Written
from einvoice.model import Invoice
from einvoice.tablefile import harmless


def write(invoice: Invoice, options: Options) -> Written:
    """Write the lines of an invoice as CSV; an invoice without lines is one row."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_rows(invoice))
    return Written(data=text.getvalue().encode("utf-8-sig"), notes=_notes(untold(invoice)))


def _rows(invoice: Invoice) -> Iterator[list[str]]:
    of_line = line_columns()
    yield [column.title for column in (*header_columns(), *of_line)]
    header = [_text(column.cell(invoice)) for column in header_columns()]
    for line in invoice.lines:
        yield header + [_text(column.cell(line)) for column in of_line]
    if not invoice.lines:
        yield header + [""] * len(of_line)


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return format_decimal(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell or "")


def _notes(missing: int) -> tuple[str, ...]:
    if not missing:
        return ()
    verb = "is" if missing == 1 else "are"
    return (f"a flat table of the lines: {missing} of the invoice's terms {verb} not in it",)


FORMAT = Format(
    name="csv", title="CSV, one row per line", extension=".csv", write=write, reads_back=False
)
