"""Sheets and cells of an Excel workbook, and its bytes. Needs openpyxl."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from textwrap import wrap
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from einvoice.amounts import format_decimal
from einvoice.errors import ConversionRefused
from einvoice.model.filled import shown_value

#: Limits of Excel: rows of a sheet, UTF-16 units of a text, digits of a number.
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_DIGITS = 15

#: Excel takes 1900 for a leap year: before this day its dates are not those of the calendar.
FIRST_DAY = date(1900, 3, 1)

#: The date of all that has one, so that the same invoice gives the same bytes.
FIXED_TIME = datetime(1980, 1, 1)

#: In characters: of columns, beside their texts, for each level, of what fits on a page.
_MIN_WIDTH, _MAX_WIDTH = 7, 48
_MARGIN = 2
_LEVEL_WIDTH = 2
_LEGIBLE_WIDTH = 200

#: Of a row of titles as it should be, of any row at most (409 points), in points.
_TITLE_LINES = 3
_MAX_LINES = 27
_LINE_HEIGHT = 15

_A4 = 9
_GENERAL = "General"

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: Excel reads `_x0041_` as the character of that number.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

#: What makes a formula of a text once somebody edits its cell.
FORMULA_STARTS = ("=", "+", "-", "@")

_BOLD = Font(name="Calibri", size=11, bold=True)
_GREY = PatternFill("solid", fgColor="E4E8EE")


class Row(NamedTuple):
    """A row: numbers and dates are written as such, all else as text, nothing for None."""

    values: tuple[object, ...]
    levels: tuple[int, ...] = ()  #: how far each is indented; without them numbers are at the right
    is_heading: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table.

    Raises:
        ConversionRefused: it has more rows than a sheet can have.
    """

    name: str
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    filtered: bool = False  #: whether the titles have a filter
    hides_empty: bool = False  #: whether a column without a value is hidden

    def __post_init__(self) -> None:
        if len(self.rows) >= MAX_ROWS:
            raise ConversionRefused(f"a sheet of Excel has {MAX_ROWS:,} rows", ("BG-25",))


class Look(NamedTuple):
    """How a cell looks."""

    level: int | None  #: how far it is indented; None where numbers are at the right
    number_format: str
    is_heading: bool
    quoted: bool  #: remains a text when somebody edits it


class Book:
    """A workbook that is being written.

    Attributes:
        cut: how many texts were longer than a cell may be.
    """

    def __init__(self, title: str) -> None:
        self.cut = 0
        self._looks: dict[Look, Any] = {}
        self._book = Workbook(write_only=True)
        properties = self._book.properties
        properties.creator = "einvoice"
        properties.title = _NOT_XML.sub("\ufffd", title)
        properties.created = properties.modified = FIXED_TIME

    def add(self, sheet: Sheet) -> None:
        """Write a sheet; its first row stays in view and on each printed page."""
        page: Any = self._book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        if sheet.filtered:
            last = get_column_letter(len(sheet.titles))
            page.auto_filter.ref = f"A1:{last}{len(sheet.rows) + 1}"
        widths = tuple(_widths(sheet))
        for column, width in enumerate(widths, 1):
            dimension = page.column_dimensions[get_column_letter(column)]
            dimension.width = width + _MARGIN
            dimension.hidden = not width
        _lay_out(page, sum(widths))
        for number, row in enumerate((Row(sheet.titles, is_heading=True), *sheet.rows), 1):
            if (lines := _lines(row, widths)) > 1:
                page.row_dimensions[number].height = lines * _LINE_HEIGHT
            page.append(self._cells(page, row))

    def _cells(self, page: Any, row: Row) -> list[Cell | None]:
        levels = row.levels or (None,) * len(row.values)
        return [
            self._cell(page, value, level, row.is_heading)
            if value is not None or row.is_heading
            else None
            for value, level in zip(row.values, levels, strict=True)
        ]

    def _cell(self, page: Any, value: object, level: int | None, is_heading: bool) -> Cell:
        content, number_format = stored(value)
        if isinstance(content, str):
            text = cut(content)
            self.cut += text != content
            cell = WriteOnlyCell(page, text)
            cell.data_type = "s"  # and no formula, whatever it begins with
        else:
            text = ""
            cell = WriteOnlyCell(page, content)  # type: ignore[arg-type]  # a Decimal is fine
        quoted = text.startswith(FORMULA_STARTS)
        self._dress(cell, Look(level, number_format, is_heading, quoted))
        return cell

    def _dress(self, cell: Any, look: Look) -> None:
        """Each look is made once: openpyxl takes most of its time for them."""
        if look not in self._looks:
            cell.alignment = _alignment(look)
            cell.number_format = look.number_format
            cell.quotePrefix = look.quoted
            if look.is_heading:
                cell.font, cell.fill = _BOLD, _GREY
            self._looks[look] = cell._style
        cell._style = self._looks[look]

    def data(self) -> bytes:
        """The bytes of the workbook."""
        buffer = io.BytesIO()
        ExcelWriter(self._book, ZipFile(buffer, "w", ZIP_DEFLATED)).save()
        return _with_fixed_times(buffer)


def _alignment(look: Look) -> Alignment:
    """Numbers of a table stand apart from the texts on their right."""
    if look.level is None and look.number_format != _GENERAL:
        return Alignment("right", "top", indent=1)
    return Alignment("left", "top", wrap_text=True, indent=look.level or 0)


def stored(value: object) -> tuple[Decimal | date | bool | str, str]:
    """What a cell holds of a value, and the format that shows it as it is."""
    if isinstance(value, Decimal) and _is_exact(value):
        return value, _number_format(value)
    if isinstance(value, date) and value >= FIRST_DAY:
        return value, "yyyy-mm-dd"
    if isinstance(value, bool):
        return value, _GENERAL
    text = "" if value is None else shown_value(value)
    return _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text)), _GENERAL


def cut(text: str) -> str:
    """What a cell can hold of a text."""
    if 2 * len(text) <= MAX_TEXT:
        return text
    return text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")


def _is_exact(number: Decimal) -> bool:
    """Whether Excel, which computes in binary, shows all digits."""
    return number.is_finite() and sum(map(str.isdigit, format_decimal(number))) <= MAX_DIGITS


def _number_format(number: Decimal) -> str:
    _, point, decimals = format_decimal(number).partition(".")
    return f"#,##0{point}{'0' * len(decimals)}"


def _lay_out(page: Any, width: int) -> None:
    """On paper: on pages as wide as the sheet, unless that would be too small to be read."""
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToHeight = 0  # as many as it takes
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=width <= _LEGIBLE_WIDTH)


def _widths(sheet: Sheet) -> Iterator[int]:
    """Of each column, in characters; zero for one that is to be hidden."""
    for column, title in enumerate(sheet.titles):
        widths = [_width(row, column) for row in sheet.rows]
        if sheet.hides_empty and sheet.rows and not any(widths):
            yield 0
        else:
            yield min(max(_title_width(title), *widths, _MIN_WIDTH), _MAX_WIDTH)


def _title_width(title: str) -> int:
    return max(len(title) // _TITLE_LINES, *map(len, title.split()))


def _width(row: Row, column: int) -> int:
    value = row.values[column]
    if value is None:
        return 0
    text = f"{value:,f}" if isinstance(value, Decimal) else shown_value(value)
    return max(map(len, text.splitlines()), default=0) + _indent(row, column)


def _indent(row: Row, column: int) -> int:
    return row.levels[column] * _LEVEL_WIDTH if row.levels else 0


def _lines(row: Row, widths: Sequence[int]) -> int:
    """How high a row is, in lines of text; LibreOffice does not find out by itself."""
    texts = ((n, value) for n, value in enumerate(row.values) if isinstance(value, str))
    rooms = ((text, widths[n] + _MARGIN - _indent(row, n)) for n, text in texts if widths[n])
    counts = (_wrapped(text, room) for text, room in rooms)
    return min(max(counts, default=1), _MAX_LINES)


def _wrapped(text: str, width: int) -> int:
    if len(text) <= width and "\n" not in text:
        return 1
    lines = text[: _MAX_LINES * _MAX_WIDTH].splitlines()
    return sum(max(len(wrap(line, max(width, 1))), 1) for line in lines)


def _with_fixed_times(archive: io.BytesIO) -> bytes:
    """The archive with one time for all that it holds."""
    fixed = io.BytesIO()
    with ZipFile(archive) as old, ZipFile(fixed, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = ZipInfo(entry.filename, FIXED_TIME.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return fixed.getvalue()
