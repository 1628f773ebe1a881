"""Changing values of an invoice wherever they stand; what is not changed stays the same object."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec.structs import replace

from einvoice.amounts import round_half_up
from einvoice.model import Invoice, Line

if TYPE_CHECKING:
    from einvoice.model.term import Term

T = TypeVar("T")

#: Gives the value that takes the place of one, and the same object where nothing is to change.
Change = Callable[["Term | None", Any], Any]

_MOST_DECIMALS = 2  # of an amount of EN 16931


def change_values(invoice: Invoice, change: Change) -> Invoice:
    """Change each value by its term; a group that becomes empty by it is left out."""
    changed = _changed(invoice, "", change)
    return Invoice() if changed is None else changed


@cache
def _term(path: str) -> Term | None:
    from einvoice.model.terms import term_of  # a large table, needed only for a repair

    return term_of(path)


def _changed(value: Any, path: str, change: Change) -> Any:
    if isinstance(value, tuple):
        return _changed_items(value, f"{path}[]", change)
    if isinstance(value, msgspec.Struct):
        return _changed_group(value, path, change)
    return change(_term(path), value)


def _changed_items(items: tuple[Any, ...], path: str, change: Change) -> tuple[Any, ...]:
    after = [_changed(item, path, change) for item in items]
    if all(new is old for new, old in zip(after, items, strict=True)):
        return items
    return tuple(item for item in after if item is not None)


def _changed_group(group: msgspec.Struct, path: str, change: Change) -> msgspec.Struct | None:
    changes = {}
    for name in group.__struct_fields__:
        before = getattr(group, name)
        if before is not None:
            after = _changed(before, f"{path}.{name}" if path else name, change)
            if after is not before:
                changes[name] = after
    return _with(group, changes) if changes else group


def _with(group: msgspec.Struct, changes: dict[str, Any]) -> msgspec.Struct | None:
    """A group with some values changed; None where it has lost what it consists of."""
    fields = msgspec.structs.fields(group)
    defaults = {field.name: field.default for field in fields}
    changes = {name: defaults[name] if v is None else v for name, v in changes.items()}
    if msgspec.NODEFAULT in changes.values():
        return None
    changed = replace(group, **changes)
    empty = all(getattr(changed, name) == default for name, default in defaults.items())
    return None if empty else changed


def change_lines(invoice: Invoice, change: Callable[[Line], Line]) -> Invoice:
    """Change each line, and each line of a line."""
    lines = _changed_lines(invoice.lines, change)
    return invoice if lines is invoice.lines else replace(invoice, lines=lines)


def _changed_lines(lines: tuple[Line, ...], change: Callable[[Line], Line]) -> tuple[Line, ...]:
    after = tuple(_changed_line(line, change) for line in lines)
    return lines if all(new is old for new, old in zip(after, lines, strict=True)) else after


def _changed_line(line: Line, change: Callable[[Line], Line]) -> Line:
    if line.extension is not None and line.extension.sub_lines:
        inner = _changed_lines(line.extension.sub_lines, change)
        if inner is not line.extension.sub_lines:
            line = replace(line, extension=replace(line.extension, sub_lines=inner))
    return change(line)


def counts(line: Line) -> bool:
    """Whether a line counts in the totals: a group sums up others, an information has no amount.

    EXTENDED-CTC-FR and Factur-X EXTENDED, BR-FREXT-CO-10.
    """
    return line.extension is None or line.extension.subtype in (None, "DETAIL")


def all_of(values: Iterable[T | None]) -> list[T] | None:
    """The values, None if one of them is absent."""
    found = list(values)
    known = [value for value in found if value is not None]
    return known if len(known) == len(found) else None


def settled(old: Decimal | None, new: Decimal) -> Decimal:
    """The new amount, or the old one with its digits where both are equal."""
    return old if old is not None and old == new else new


def fitted(value: Decimal, decimals: int) -> Decimal:
    """An amount rounded half up where it is finer than its currency or than EN 16931 allows."""
    rounded = round_half_up(value, decimals)
    return value if rounded == value and decimals_in(value) <= _MOST_DECIMALS else rounded


def decimals_in(value: Decimal) -> int:
    """How many decimals a number is written with."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
