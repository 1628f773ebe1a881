"""The sheets of a report as an Excel workbook, written row by row. Needs openpyxl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from einvoice.findings import Report
from einvoice.formats.workbook import FORMULA_STARTS, MAX_ROWS, cut, stored
from einvoice.reports.lines import one_line
from einvoice.reports.rows import COLUMNS, Value, rows_of
from einvoice.reports.summary import OUTCOMES, Summary
from einvoice.reports.tallies import Tally
from einvoice.reports.words import Words

#: Of the columns of the findings, in characters; others have `_WIDTH`.
_WIDTHS = {
    "path": 44, "seller": 26, "seller_id": 18, "message": 70, "location": 44, "evidence": 30,
    "waived_because": 24, "notes": 40, "rule": 22, "line": 8, "currency": 9,
}  # fmt: skip
_WIDTH = 14
#: Of the columns of the summary, and of the suppliers.
_SUMMARY_WIDTHS = (34, 16, 14, 90)
_SUPPLIER_WIDTHS = (40, 24, 13, 12, 12, 16, 12, 34)

#: Font and fill of what has a colour.
_TONES = {
    "valid": ("14693A", "E5F4EB"),
    "invalid": ("B02222", "FCEBEA"),
    "undecided": ("855600", "FDF3DD"),
    "error": ("6F3DA3", "F2EAFA"),
    "fatal": ("B02222", "FCEBEA"),
    "warning": ("855600", "FDF3DD"),
}
_SHARE = "0.0 %"
#: Other tones: a title, the heading of a column of texts and of one of numbers, a text that wraps.
_TITLE, _HEADING, _HEADING_OF_NUMBERS, _LONG = "title", "heading", "number heading", "long"
_NUMBERS = ("documents", "of_all", *OUTCOMES)
_LINE_HEIGHT = 15  # in points
_LONG_LINE = 104  # of a text that wraps, in characters
_LEGIBLE_WIDTH = 200  # of what fits on the width of a page, in characters


class _Look(NamedTuple):
    """How a cell looks."""

    tone: str
    number_format: str
    quoted: bool  #: remains a text when somebody edits it


class ReportBook:
    """A workbook that is being written; its rows are kept in temporary files, not in memory."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._looks: dict[_Look, Any] = {}
        self._book = Workbook(write_only=True)
        self._book.properties.creator = "einvoice"
        self._book.properties.title = words["report"]
        self._summary = self._sheet(words["summary"], _SUMMARY_WIDTHS)
        self._findings: list[Any] = []
        self._rows = 0  # of the last sheet of findings

    def add(self, report: Report) -> None:
        """Write the rows of a report; when a sheet is full they go on in another one."""
        for row in rows_of(report):
            self._append_finding(row)

    def save(self, summary: Summary, stream: BinaryIO) -> None:
        """Write the summary, and then the whole workbook."""
        if not self._findings:
            self._new_findings()
        last = get_column_letter(len(COLUMNS))
        for sheet in self._findings:
            rows = self._rows if sheet is self._findings[-1] else MAX_ROWS
            sheet.auto_filter.ref = f"A1:{last}{rows}"
        for number, row in enumerate(self._summary_rows(summary), 1):
            self._let_wrap(number, row)
            self._append(self._summary, row)
        self._write_suppliers(summary)
        ExcelWriter(self._book, ZipFile(stream, "w", ZIP_DEFLATED)).save()

    # Sheets

    def _sheet(self, title: str, widths: Sequence[int]) -> Any:
        sheet: Any = self._book.create_sheet(title[:31])
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0  # as many pages as it takes
        fits = sum(widths) <= _LEGIBLE_WIDTH
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=fits)
        return sheet

    def _new_findings(self) -> None:
        title, number = self._words["findings"], len(self._findings) + 1
        widths = [_WIDTHS.get(column, _WIDTH) for column in COLUMNS]
        sheet = self._sheet(title if number == 1 else f"{title} {number}", widths)
        sheet.freeze_panes = "C2"
        sheet.print_title_rows = "1:1"
        self._findings.append(sheet)
        self._append(sheet, [(self._words[column], _HEADING) for column in COLUMNS])
        self._rows = 1

    def _append_finding(self, row: Sequence[Value]) -> None:
        if not self._findings or self._rows >= MAX_ROWS:
            self._new_findings()
        cells = [
            (self._words[str(value)], str(value)) if column in ("verdict", "severity") and value
            else (value, "")
            for column, value in zip(COLUMNS, row, strict=True)
        ]  # fmt: skip
        self._append(self._findings[-1], cells)
        self._rows += 1

    def _let_wrap(self, number: int, row: Iterable[tuple[object, str]]) -> None:
        """Make a row of the summary as high as its long text; LibreOffice would not."""
        texts = (str(value) for value, tone in row if tone == _LONG)
        lines = max((len(wrap(text, _LONG_LINE)) for text in texts), default=1)
        if lines > 1:
            self._summary.row_dimensions[number].height = lines * _LINE_HEIGHT

    def _append(self, sheet: Any, cells: Iterable[tuple[object, str]]) -> None:
        sheet.append([None if v is None else self._cell(sheet, v, tone) for v, tone in cells])

    # Cells

    def _cell(self, sheet: Any, value: object, tone: str) -> Any:
        if isinstance(value, int | float):
            content, number_format = value, _SHARE if isinstance(value, float) else "#,##0"
        else:
            content, number_format = stored(value)  # type: ignore[assignment]
        text = cut(content) if isinstance(content, str) else ""
        cell = WriteOnlyCell(sheet, text or content)
        if isinstance(content, str):
            cell.data_type = "s"  # and no formula, whatever it begins with
        self._dress(cell, _Look(tone, number_format, text.startswith(FORMULA_STARTS)))
        return cell

    def _dress(self, cell: Any, look: _Look) -> None:
        """Each look is made once: openpyxl takes most of its time for them."""
        if look not in self._looks:
            cell.number_format = look.number_format
            cell.quotePrefix = look.quoted
            cell.alignment = _alignment(look)
            cell.font = _font(look.tone)
            if look.tone in _TONES:
                cell.fill = PatternFill("solid", fgColor=_TONES[look.tone][1])
            elif look.tone in (_HEADING, _HEADING_OF_NUMBERS):
                cell.fill = PatternFill("solid", fgColor="E4E8EE")
            self._looks[look] = cell._style
        cell._style = self._looks[look]

    # What stands in the summary and beside it

    def _summary_rows(self, summary: Summary) -> Iterator[list[tuple[object, str]]]:
        words, total = self._words, summary.documents
        yield [(words["report"], _TITLE)]
        yield [(f"{words['made']} {datetime.now().astimezone():%Y-%m-%d %H:%M %z}", "")]
        yield []
        yield self._headings("verdicts", "documents", "of_all")
        for outcome, count in summary.outcomes.items():
            yield [(words[outcome], outcome), (count, ""), (count / total if total else 0.0, "")]
        yield [(words["documents"], ""), (total, "")]
        if self._findings[1:]:
            names = ", ".join(sheet.title for sheet in self._findings[1:])
            yield [(words["continued"].format(names), "fatal")]
        yield from self._rules(summary)
        yield from self._profiles(summary)
        yield from self._missing(summary)

    def _headings(self, *keys: str) -> list[tuple[object, str]]:
        tones = dict.fromkeys(_NUMBERS, _HEADING_OF_NUMBERS)
        return [(self._words[key], tones.get(key, _HEADING)) for key in keys]

    def _rules(self, summary: Summary) -> Iterator[list[tuple[object, str]]]:
        yield []
        yield [(self._words["rules_broken"], _TITLE)]
        yield self._headings("rule", "severity", "documents", "message")
        for rule, severity, count in summary.frequent_rules(len(summary.rules)):
            text = one_line(summary.texts.get(rule, ""))
            tone = severity.value
            yield [(one_line(rule), ""), (self._words[tone], tone), (count, ""), (text, _LONG)]

    def _profiles(self, summary: Summary) -> Iterator[list[tuple[object, str]]]:
        yield []
        yield [(self._words["per_profile"], _TITLE)]
        yield self._headings("profile", "documents", "invalid")
        for tally in summary.profiles.ranked():
            name = one_line(tally.name) or self._words["no_profile"]
            yield [(name, ""), (tally.documents, ""), (tally.outcomes["invalid"], "")]
        if (others := summary.profiles.others) is not None:
            name = self._words["other_profiles"]
            yield [(name, ""), (others.documents, ""), (others.outcomes["invalid"], "")]

    def _missing(self, summary: Summary) -> Iterator[list[tuple[object, str]]]:
        if not summary.missing:
            return
        yield []
        yield [(self._words["not_run"], _TITLE)]
        yield self._headings("layer", "documents")
        for title, count in summary.missing_layers(len(summary.missing)):
            yield [(one_line(title), ""), (count, "")]

    def _write_suppliers(self, summary: Summary) -> None:
        sheet = self._sheet(self._words["per_supplier"], _SUPPLIER_WIDTHS)
        sheet.freeze_panes = "B2"
        sheet.print_title_rows = "1:1"
        self._append(
            sheet, self._headings("supplier", "identifier", "documents", *OUTCOMES, "top_rule")
        )
        rows = [self._supplier(tally) for tally in summary.suppliers.ranked()]
        if (others := summary.suppliers.others) is not None:
            most = self._words.number(summary.suppliers.most)
            others.name = self._words["other_suppliers"].format(most)
            rows.append(self._supplier(others))
        for row in rows:
            self._append(sheet, row)
        sheet.auto_filter.ref = f"A1:H{len(rows) + 1}"

    def _supplier(self, tally: Tally) -> list[tuple[object, str]]:
        name = one_line(tally.name or tally.identifier) or self._words["no_supplier"]
        counts = ((tally.outcomes[outcome], "") for outcome in OUTCOMES)
        head = [(name, ""), (one_line(tally.identifier), ""), (tally.documents, "")]
        return [*head, *counts, (one_line(tally.top_rule) or None, "")]


def _alignment(look: _Look) -> Alignment:
    """Numbers stand apart from the texts on their right."""
    if look.number_format != "General" or look.tone == _HEADING_OF_NUMBERS:
        return Alignment("right", "top", indent=1)
    return Alignment("left", "top", wrap_text=look.tone == _LONG)


def _font(tone: str) -> Font:
    if tone == _TITLE:
        return Font(name="Calibri", size=13, bold=True)
    if tone in _TONES:
        return Font(name="Calibri", size=11, bold=True, color=_TONES[tone][0])
    return Font(name="Calibri", size=11, bold=tone in (_HEADING, _HEADING_OF_NUMBERS))
