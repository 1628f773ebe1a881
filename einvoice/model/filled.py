"""The business terms that an invoice fills, in the order of the model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from einvoice.amounts import format_decimal
from einvoice.model.invoice import Invoice
from einvoice.model.term import Term
from einvoice.model.terms import term_of

_INDEX = re.compile(r"\[\d+\]")


class Filled(msgspec.Struct, frozen=True):
    """A term with its value; a group has none.

    Attributes:
        term: the term of the standard, or of an extension of it.
        path: where it is in this invoice, such as `lines[0].item.name`.
        value: as found.
        number: of a repeated group or term, from 1.
    """

    term: Term
    path: str
    value: object = None
    number: int | None = None

    @property
    def is_group(self) -> bool:
        """Whether it is a group, whose terms come after it."""
        return self.term.datatype == "Group"

    @property
    def place(self) -> str:
        """The path without its numbers, such as `lines[].item.name`."""
        return _INDEX.sub("[]", self.path)

    @property
    def depth(self) -> int:
        """How many groups it stands in."""
        steps = self.path.split(".")
        return sum(term_of(".".join(steps[:n])) is not None for n in range(1, len(steps)))


def filled_terms(invoice: Invoice) -> Iterator[Filled]:
    """Every term and group that has a value."""
    yield from _walk_fields(invoice, "", "")


def _walk_fields(group: msgspec.Struct, place: str, path: str) -> Iterator[Filled]:
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if isinstance(value, tuple):
            for index, part in enumerate(value):
                yield from _walk(part, f"{place}{name}[]", f"{path}{name}[{index}]", index + 1)
        elif value is not None:
            yield from _walk(value, f"{place}{name}", f"{path}{name}", None)


def _walk(value: object, place: str, path: str, number: int | None) -> Iterator[Filled]:
    term = term_of(place)
    if not isinstance(value, msgspec.Struct):
        if term is not None:
            yield Filled(term, path, value, number)
        return
    below = list(_walk_fields(value, f"{place}.", f"{path}."))
    if term is not None and below:
        yield Filled(term, path, None, number)
    yield from below


def shown_value(value: object) -> str:
    """The value as text: digits as in the source, attachments by their size."""
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return str(value)
