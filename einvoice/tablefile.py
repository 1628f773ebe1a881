"""Tables that a user gives, as CSV: all of a table is right, or none of it is used.

The first row names the columns, in any order. Fields are separated by `,`, `;` or tabs, and stand
in `"` where they hold such a character or a line break. The text is UTF-8, or UTF-16 with its mark.
"""

from __future__ import annotations

import codecs
import csv
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from einvoice.errors import InputNotReadable, TableError

T = TypeVar("T")

_SEPARATORS = ",;\t"
#: How many faults are told; the others are counted.
_TOLD = 10
#: What of a value is told.
_SHOWN = 40
_ZIP = b"PK\x03\x04"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_LINE_END = re.compile(rb"\r\n?|\n")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,2})?")
_AMBIGUOUS = re.compile(r"-?[0-9]{1,3}[.,][0-9]{3}")


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    name: str  #: in the header, in lower case
    parse: Callable[[str], object] = str  #: takes a field without blanks around it
    required: bool = True  #: it has to be there, and no field of it may be empty


class Row(msgspec.Struct, frozen=True):
    """The fields of a row, without blanks around them."""

    line: int  #: of the file, where it begins; the first is 1
    fields: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing at all."""
        return not any(self.fields)


def read_table(
    path: str | Path, columns: Sequence[Column], make: Callable[..., T]
) -> tuple[T, ...]:
    """Read a table.

    Args:
        path: the file.
        columns: all that it may have.
        make: makes something of a row; it gets the parsed fields by the names of their columns,
            None for what is not there. A `ValueError` of its own is a fault of the row.

    Raises:
        InputNotReadable: the file cannot be opened.
        TableError: it is no such table, with all its faults and their lines.
    """
    faults = _Faults(path)
    rows = _rows(_text(path, faults), columns, faults)
    header = next(rows, None)
    if header is None:
        raise faults.error("the file is empty")
    reader = _RowReader(columns, header, faults, make)
    made = [each for row in rows for each in reader.made(row)]
    faults.raise_if_any()
    if not made:
        raise faults.error("there is a header but no row")
    return tuple(made)


class _Faults:
    """The faults of a file: the first ones, and how many more there are."""

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.told: list[str] = []
        self.more = 0

    def add(self, fault: str) -> None:
        if len(self.told) < _TOLD:
            self.told.append(fault)
        else:
            self.more += 1

    def error(self, fault: str) -> TableError:
        self.add(fault)
        return TableError(self.path, tuple(self.told), self.more)

    def raise_if_any(self) -> None:
        if self.told:
            raise TableError(self.path, tuple(self.told), self.more)


# Text


def _text(path: str | Path, faults: _Faults) -> str:
    """The whole text of a file, without a mark at its begin."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputNotReadable(path, error.strerror or str(error)) from None
    if data.startswith(_ZIP):
        raise faults.error("this is a workbook or an archive; save the sheet as CSV UTF-8")
    text = _decoded(data, faults)
    if "\0" in text:
        line = _line_of(text[: text.index("\0")].encode())
        raise faults.error(f"line {line}: there is a NUL; save the table as CSV UTF-8")
    return text


def _decoded(data: bytes, faults: _Faults) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        if wide:
            raise faults.error("the text is no UTF-16; save the table as CSV UTF-8") from None
        # The error counts from behind the mark.
        line = _line_of(error.object[: error.start])
        raise faults.error(
            f"line {line}: the text is no UTF-8; save the table as CSV UTF-8"
        ) from None


def _line_of(before: bytes) -> int:
    return len(_LINE_END.findall(before)) + 1


# Rows


def _rows(text: str, columns: Sequence[Column], faults: _Faults) -> Iterator[Row]:
    """All rows but blank ones, the header first."""
    rows = _split(_lines(text), _separator(text, columns), faults)
    return (row for row in rows if not row.is_blank)


def _lines(text: str) -> Iterator[str]:
    """The lines with their ends, as editors count them; `splitlines` knows more ends."""
    return (match[0] for match in _LINE.finditer(text))


def _separator(text: str, columns: Sequence[Column]) -> str:
    """What separates most columns that are known, or else most fields, in the header."""
    known = {column.name for column in columns}

    def weight(separator: str) -> tuple[int, int]:
        lines = itertools.dropwhile(lambda line: not line.strip(), _lines(text))
        row = next(_split(lines, separator, _Faults("")), None)
        names = [name.lower() for name in row.fields] if row else []
        return len(known.intersection(names)), len(names)

    return max(_SEPARATORS, key=weight)


def _split(lines: Iterable[str], separator: str, faults: _Faults) -> Iterator[Row]:
    """The rows of a text, up to the first that cannot be split."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = 1
    try:
        for fields in reader:
            yield Row(line, [field.strip() for field in fields])
            line = reader.line_num + 1
    except csv.Error as error:
        # What follows a quote that is not closed would be split wrongly.
        faults.add(f"line {line}: cannot be split into fields ({error}); is a quote missing?")


class _RowReader:
    """Makes something of each row, once the header is understood."""

    def __init__(
        self, columns: Sequence[Column], header: Row, faults: _Faults, make: Callable[..., T]
    ) -> None:
        self.faults = faults
        self.make = make
        self.all = columns
        known = {column.name: column for column in columns}
        names = [name.lower() for name in header.fields]
        for fault in _header_faults(names, known):
            faults.add(f"line {header.line}: {fault}")
        faults.raise_if_any()
        self.columns = [known[name] for name in names]

    def made(self, row: Row) -> Iterator[Any]:
        """What is made of a row; nothing if it has a fault."""
        if len(row.fields) != len(self.columns):
            self._fault(row, f"has {len(row.fields)} fields, expected {len(self.columns)}")
            return
        found = dict.fromkeys((column.name for column in self.all), None)
        cells = zip(self.columns, row.fields, strict=True)
        parsed = [self._parse(row, column, field, found) for column, field in cells]
        if not all(parsed):
            return
        try:
            yield self.make(**found)
        except ValueError as error:
            self._fault(row, str(error))

    def _parse(self, row: Row, column: Column, field: str, found: dict[str, Any]) -> bool:
        """Put the value of a field where it belongs; false if it has none."""
        if not field:
            if column.required:
                self._fault(row, f"{column.name} is empty")
            return not column.required
        try:
            found[column.name] = column.parse(field)
        except ValueError as error:
            self._fault(row, f"{column.name} {error}")
            return False
        return True

    def _fault(self, row: Row, fault: str) -> None:
        self.faults.add(f"line {row.line}: {fault}")


def _header_faults(names: list[str], known: dict[str, Column]) -> Iterator[str]:
    for number, name in enumerate(names, 1):
        if not name:
            yield f"column {number} has no name"
        elif name not in known:
            close = get_close_matches(name, known, 1)
            meant = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
            yield f"there is no column {shown(name)}; {meant}"
    for name in dict.fromkeys(names):
        if name in known and names.count(name) > 1:
            yield f"the column {name!r} is there {names.count(name)} times"
    for column in known.values():
        if column.required and column.name not in names:
            yield f"the column {column.name!r} is missing"


# Fields


def shown(text: str) -> str:
    """A text for a message: in quotes, the beginning of a long one."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def parse_day(text: str) -> date:
    """A day in the form of ISO 8601 with hyphens.

    Raises:
        ValueError: it has another form, or is not in the calendar.
    """
    if _DAY.fullmatch(text) is None:
        raise ValueError(f"{shown(text)} is no day in the form 2026-11-24")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is not in the calendar") from None


def parse_amount(text: str) -> Decimal:
    """An amount with a point or a comma before at most two decimals; nothing between thousands.

    Raises:
        ValueError: it has another form, or could be read in two ways.
    """
    if _AMBIGUOUS.fullmatch(text):
        raise ValueError(
            f"{shown(text)} can be thousands or three decimals; write it as 1234.00 or 1.23"
        )
    if _AMOUNT.fullmatch(text) is None:
        raise ValueError(
            f"{shown(text)} is no amount in the form 1234.56 or 1234,56 "
            "(two decimals at most, nothing between thousands)"
        )
    return Decimal(text.replace(",", "."))


def parse_yes_no(text: str) -> bool:
    """`yes` or `no`, in small or capital letters.

    Raises:
        ValueError: it is neither.
    """
    answers = {"yes": True, "no": False}
    if text.lower() not in answers:
        raise ValueError(f"{shown(text)} is neither yes nor no")
    return answers[text.lower()]
