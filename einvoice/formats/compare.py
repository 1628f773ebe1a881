"""Where two invoices differ, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from einvoice.amounts import format_decimal
from einvoice.model import Invoice


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is not the same in both."""

    path: str  #: in the model, such as `lines[3].price.net`
    before: Any
    after: Any


def differences(before: Invoice, after: Invoice) -> Iterator[Difference]:
    """All values that differ; equal invoices give none."""
    if before != after:
        yield from _differ(before, after, "")


def _differ(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, msgspec.Struct) or isinstance(after, msgspec.Struct):
        for name in (before if before is not None else after).__struct_fields__:
            inner = f"{path}.{name}" if path else name
            yield from _differ(getattr(before, name, None), getattr(after, name, None), inner)
    elif isinstance(before, tuple) or isinstance(after, tuple):
        before, after = before or (), after or ()
        for number in range(max(len(before), len(after))):
            first, second = _item(before, number), _item(after, number)
            yield from _differ(first, second, f"{path}[{number}]")
    else:
        yield Difference(path=path, before=before, after=after)


def _item(items: tuple[Any, ...], number: int) -> Any:
    return items[number] if number < len(items) else None


def text_of(value: Any) -> str:
    """A value of the model as people read it."""
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return "" if value is None else str(value)


def term_at(path: str) -> str | None:
    """The number of the term at a path of the model, such as BT-146 for `lines[3].price.net`."""
    from einvoice.model.terms import term_of  # a large table, needed only for a loss

    term = term_of(path)
    return term.id or None if term else None
