"""The business terms that an invoice fills, in the order of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from einvoice.amounts import format_decimal
from einvoice.model import Invoice
from einvoice.model.terms import BY_PATH, Term
from einvoice.reports.lines import TextLine

#: Widths of the columns: number, name.
NUMBER_WIDTH = len("BT-125-1")
NAME_WIDTH = 44

PlaceOf = Callable[[str], Any]


class Filled(msgspec.Struct, frozen=True):
    """A term with its value; a group has none.

    Attributes:
        term: the term of the standard.
        path: where it is in this invoice, such as `lines[0].item.name`.
        value: as found.
        number: of a repeated group or term, from 1.
    """

    term: Term
    path: str
    value: object = None
    number: int | None = None

    @property
    def depth(self) -> int:
        """How many groups it stands in."""
        steps = self.term.path.split(".")
        return sum(".".join(steps[: n + 1]) in BY_PATH for n in range(len(steps) - 1))


def filled_terms(invoice: Invoice) -> Iterator[Filled]:
    """Every term and group that has a value."""
    yield from _walk_fields(invoice, "", "")


def _walk_fields(group: msgspec.Struct, path: str, place: str) -> Iterator[Filled]:
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if isinstance(value, tuple):
            for index, part in enumerate(value):
                yield from _walk(part, f"{path}{name}[]", f"{place}{name}[{index}]", index + 1)
        elif value is not None:
            yield from _walk(value, f"{path}{name}", f"{place}{name}", None)


def _walk(value: object, path: str, place: str, number: int | None) -> Iterator[Filled]:
    term = BY_PATH.get(path)
    if not isinstance(value, msgspec.Struct):
        if term is not None:
            yield Filled(term, place, value, number)
        return
    below = list(_walk_fields(value, f"{path}.", f"{place}."))
    if term is not None and below:
        yield Filled(term, place, None, number)
    yield from below


def term_lines(terms: Iterable[Filled], place_of: PlaceOf | None) -> Iterator[TextLine]:
    """One line per term; beneath it, if asked, where it stands in the source."""
    for filled in terms:
        indent = "  " * filled.depth
        name = f"{indent}{filled.term.name}"
        if filled.term.datatype == "Group":
            count = f" {filled.number}" if filled.number is not None else ""
            head = f"{filled.term.id.ljust(NUMBER_WIDTH)}  "
            yield TextLine(((head, "dim"), (name + count, "bold")))
            continue
        yield TextLine(
            (
                (f"{filled.term.id.ljust(NUMBER_WIDTH)}  ", "cyan"),
                (f"{name.ljust(NAME_WIDTH)}  ", ""),
            ),
            ((shown_value(filled.value), "bold"),),
        )
        if place_of is not None:
            yield from _place_line(place_of(filled.path), indent)


def _place_line(place: Any, indent: str) -> Iterator[TextLine]:
    if place is None or not place.xpath:
        return
    line = f"line {place.line}  " if place.line is not None else ""
    blank = " " * (NUMBER_WIDTH + 4) + indent
    yield TextLine(((blank, ""),), ((f"{line}{place.xpath}", "dim"),))


def shown_value(value: object) -> str:
    """The value as text: digits as in the source, attachments by their size."""
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return str(value)
