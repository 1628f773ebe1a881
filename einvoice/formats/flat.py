"""An invoice as a flat table for people: one row per line (BG-25), and which terms it tells.

The columns are always the same, so that the tables of many invoices can be put below each other.
What a line repeats is one cell: amounts of allowances and charges (BG-27, BG-28) as their sum, the
rest joined by `; `. Lines of lines are no rows: they count in no total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache, reduce
from operator import attrgetter
from typing import Any

import msgspec

from einvoice.amounts import EXACT, format_decimal
from einvoice.bindings.plan import getter
from einvoice.model import Identifier, Invoice, ItemAttribute, Line
from einvoice.model.filled import filled_terms
from einvoice.model.terms import BY_ID, BY_PATH, TERMS, Term

Cell = str | Decimal | date | None

SEPARATOR = "; "

#: The terms of the document that people sort lines by; the first columns.
HEADER_IDS = (
    "BT-1", "BT-2", "BT-3", "BT-5", "BT-27", "BT-31", "BT-44", "BT-48", "BT-9",
    "BT-109", "BT-110", "BT-112", "BT-115",
)  # fmt: skip

_LINES = "lines[]."

#: Which line a line is a part of and whether its amount counts: who adds up BT-131 has to know.
_HIERARCHY = (f"{_LINES}extension.parent", f"{_LINES}extension.subtype")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the table."""

    title: str  #: number and name of its term
    cell: Callable[[Any], Cell]  #: of the invoice, or of the line
    tells: tuple[str, ...]  #: places in the model of the terms that it holds as they are


@cache
def header_columns() -> tuple[Column, ...]:
    """The columns of the document, the same in each row."""
    return tuple(_single(BY_ID[id], "") for id in HEADER_IDS)


@cache
def line_columns() -> tuple[Column, ...]:
    """The columns of a line (BG-25 to BG-32), in the order of the standard."""
    terms = (*TERMS, *(BY_PATH[place] for place in _HIERARCHY))
    return tuple(_columns_of(term for term in terms if term.path.startswith(_LINES)))


def _columns_of(terms: Iterable[Term]) -> Iterator[Column]:
    for term in terms:
        place = term.path.removeprefix(_LINES)
        if place in _REPEATED:
            cell, told = _REPEATED[place]
            title = _title(term) if told else f"{_title(term)}, sum"
            yield Column(title=title, cell=cell, tells=tuple(f"{_LINES}{name}" for name in told))
        elif term.datatype != "Group" and "[]" not in place:
            yield _single(term, _LINES)


def _single(term: Term, prefix: str) -> Column:
    cell = getter(term.path.removeprefix(prefix))
    return Column(title=_title(term), cell=cell, tells=(term.path,))


def _title(term: Term) -> str:
    return f"{term.id} {term.name}"


def _joined(parts: Iterable[str | None]) -> str | None:
    return SEPARATOR.join(part for part in parts if part) or None


def _sum_of(group: str) -> Callable[[Line], Cell]:
    def cell(line: Line) -> Cell:
        amounts = [part.amount for part in getattr(line, group) if part.amount is not None]
        return reduce(EXACT.add, amounts) if amounts else None

    return cell


def _all_of(group: str, name: str) -> Callable[[Line], Cell]:
    value = attrgetter(name)
    return lambda line: _joined(value(part) for part in getattr(line, group))


def _classifications(line: Line) -> Cell:
    return _joined(_classification(identifier) for identifier in line.item.classifications)


def _classification(identifier: Identifier) -> str:
    version = f"({identifier.scheme_version})" if identifier.scheme_version else ""
    scheme = f"{identifier.scheme or ''}{version}"
    return f"{scheme}:{identifier.value}" if scheme else identifier.value


def _attributes(line: Line) -> Cell:
    return _joined(_attribute(attribute) for attribute in line.item.attributes)


def _attribute(attribute: ItemAttribute) -> str:
    measure = None if attribute.measure is None else format_decimal(attribute.measure)
    parts = (attribute.value, measure, attribute.measure_unit)
    value = " ".join(part for part in parts if part)
    return f"{attribute.name or ''}={value}".removesuffix("=")


#: Place of what a line repeats: its cell, and the places of what can be read from it. A sum tells
#: no amount.
_REPEATED: dict[str, tuple[Callable[[Line], Cell], tuple[str, ...]]] = {
    "allowances[].amount": (_sum_of("allowances"), ()),
    "allowances[].reason": (_all_of("allowances", "reason"), ("allowances[].reason",)),
    "allowances[].reason_code": (
        _all_of("allowances", "reason_code"),
        ("allowances[].reason_code",),
    ),
    "charges[].amount": (_sum_of("charges"), ()),
    "charges[].reason": (_all_of("charges", "reason"), ("charges[].reason",)),
    "charges[].reason_code": (_all_of("charges", "reason_code"), ("charges[].reason_code",)),
    "item.classifications[].value": (
        _classifications,
        (
            "item.classifications[].value",
            "item.classifications[].scheme",
            "item.classifications[].scheme_version",
        ),
    ),
    "item.attributes[]": (
        _attributes,
        (
            "item.attributes[].name",
            "item.attributes[].value",
            "item.attributes[].measure",
            "item.attributes[].measure_unit",
        ),
    ),
}


@cache
def told_places() -> frozenset[str]:
    """The places in the model of the terms that the table tells as they are."""
    columns = (*header_columns(), *line_columns())
    return frozenset(place for column in columns for place in column.tells)


def untold(invoice: Invoice) -> int:
    """How many filled terms cannot be read from the table.

    The amount of an allowance or charge can be, where its line has no other to add to it.
    """
    told = told_places()
    filled = (term for term in filled_terms(invoice) if not term.is_group)
    return sum(term.place not in told for term in filled) - _lone_amounts(invoice)


def _lone_amounts(invoice: Invoice) -> int:
    groups = (group for line in invoice.lines for group in (line.allowances, line.charges))
    return sum(sum(part.amount is not None for part in group) == 1 for group in groups)
