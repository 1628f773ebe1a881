"""What a mapping table consists of.

A table binds the model to a syntax: `Field` a term, `Group` a business group, `Quirk` what no row
can say. `bindings.tree` makes of it what reader and writer walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Union

import msgspec

from einvoice.bindings.codecs import TEXT, Codec

if TYPE_CHECKING:
    from einvoice.bindings.reader import Frame, Reading


Role = Literal["main", "fallback", "echo"]


class Field(msgspec.Struct, frozen=True):
    """One term: its name in the model, relative to the group, and its path.

    `role` is for a second path of a term: it is read only where the first has nothing; a
    `fallback` is never written, an `echo` is written where its parent holds something else.
    """

    name: str
    path: str
    codec: Codec = TEXT
    role: Role = "main"


class Group(msgspec.Struct, frozen=True):
    """A business group. A `+` in the path makes it a repeated one, a tuple in the model.

    With `always` the element is written even when it is empty, because the schema demands it.
    """

    name: str
    path: str
    rows: Sequence[Row]
    always: bool = False


class Again(msgspec.Struct, frozen=True):
    """The group around it once more, as a repeated group within itself: lines of lines."""

    name: str
    path: str


class Gather(msgspec.Struct, frozen=True):
    """Repeated elements that a quirk reads as raw parts and writes from them."""

    key: str
    path: str
    rows: Sequence[Row]
    struct: type[msgspec.Struct]
    parts: Callable[[Any], Iterable[msgspec.Struct]]  #: the group of the model -> parts to write


class Quirk(msgspec.Struct, frozen=True):
    """What no row can say: parts that are gathered, and a function that makes terms of them.

    `read` gets the frame that holds the parts, the path of the group in it (such as `seller.`),
    and the reading, to which it leaves what it cannot use. `binds` names the terms that pass
    through the quirk, by their path below the group, as `terms.TERMS` writes them.
    """

    read: Callable[[Frame, str, Reading], None]
    gathers: Sequence[Gather] = ()
    binds: Sequence[str] = ()


Row = Union[Field, Group, Again, Quirk]  # noqa: UP007 - msgspec evaluates it with the forward names above


def _as_it_is(model: Any) -> Any:
    return model


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The whole mapping of one document kind of one syntax."""

    name: str
    root: str  #: prefixed name of the root element
    schema: str  #: official schema, which gives the order of children
    namespaces: Mapping[str, str]  #: prefix -> namespace, in the order of declaration
    struct: type[msgspec.Struct]
    rows: Sequence[Row]
    currency: str  #: path of BT-5, needed to judge the currency of amounts
    writes_currency: bool  #: amounts carry @currencyID
    prepare: Callable[[Any], Any] = _as_it_is  #: the model as the rows want to write it


def under(path: str, *rows: Row) -> list[Row]:
    """The same rows, each path with a common beginning."""
    return [_moved(path, row) for row in rows]


def _moved(path: str, row: Row) -> Row:
    if isinstance(row, Quirk):
        gathers = [msgspec.structs.replace(g, path=join(path, g.path)) for g in row.gathers]
        return msgspec.structs.replace(row, gathers=gathers)
    return msgspec.structs.replace(row, path=join(path, row.path))


def join(first: str, second: str) -> str:
    """One path below another."""
    if second in ("", "."):
        return first
    return f"{first}/{second}" if first else second


def bound_paths(table: Table) -> dict[str, str]:
    """Path in the model, as `terms.TERMS` writes it -> path in the syntax, for each term bound."""
    return bound_rows(table.rows)


def bound_rows(rows: Sequence[Row], key: str = "") -> dict[str, str]:
    """The same for some rows; `key` is the path of their group in the model, with its dot."""
    return dict(_bound(rows, key, ""))


def _bound(rows: Sequence[Row], key: str, path: str) -> Iterator[tuple[str, str]]:
    for row in rows:
        if isinstance(row, Field):
            if row.role == "main":
                yield key + row.name, join(path, row.path)
        elif isinstance(row, Again):
            yield f"{key}{row.name}[]", join(path, row.path)
        elif isinstance(row, Group):
            here = join(path, row.path)
            many = "[]" if any(step.endswith("+") for step in row.path.split("/")) else ""
            yield f"{key}{row.name}{many}", here
            yield from _bound(row.rows, f"{key}{row.name}{many}.", here)
        else:
            gathered = ", ".join(join(path, gather.path) for gather in row.gathers)
            yield from ((key + name, gathered) for name in row.binds)
