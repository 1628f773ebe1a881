"""The business terms that an invoice fills, as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from einvoice.model.filled import Filled, shown_value
from einvoice.reports.lines import TextLine

#: Widths of the columns: number, name.
NUMBER_WIDTH = len("BT-125-1")
NAME_WIDTH = 44

PlaceOf = Callable[[str], Any]


def term_lines(terms: Iterable[Filled], place_of: PlaceOf | None) -> Iterator[TextLine]:
    """One line per term; beneath it, if asked, where it stands in the source."""
    for filled in terms:
        indent = "  " * filled.depth
        name = f"{indent}{filled.term.name}"
        if filled.is_group:
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
