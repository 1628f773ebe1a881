"""What a mapping table consists of, and the tree that reader and writer walk.

A table binds the model to a syntax: `Field` a term, `Group` a business group, `Quirk` what no row
can say. From its rows one tree of nodes is made, a node for each element of the syntax.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Union

import msgspec

from einvoice.bindings.codecs import TEXT, Codec
from einvoice.bindings.path import Path, Predicate, Step, parse_path

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


Row = Union[Field, Group, Quirk]  # noqa: UP007 - msgspec evaluates it with the forward names above


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


def under(path: str, *rows: Row) -> list[Row]:
    """The same rows, each path with a common beginning."""
    return [_moved(path, row) for row in rows]


def _moved(path: str, row: Row) -> Row:
    if isinstance(row, Quirk):
        gathers = [msgspec.structs.replace(g, path=_join(path, g.path)) for g in row.gathers]
        return msgspec.structs.replace(row, gathers=gathers)
    return msgspec.structs.replace(row, path=_join(path, row.path))


def _join(first: str, second: str) -> str:
    if second in ("", "."):
        return first
    return f"{first}/{second}" if first else second


class Leaf:
    """A term bound to the text of an element or to an attribute of it."""

    __slots__ = ("codec", "get", "key", "role")

    def __init__(self, key: str, codec: Codec, role: Role) -> None:
        self.key = key
        self.codec = codec
        self.role = role
        self.get = getter(key)


class Node:
    """One element of the syntax: what its text, attributes and children mean."""

    __slots__ = (
        "always", "attributes", "constant", "constants", "echo", "edges", "fixed", "items",
        "leaf", "name", "nodes", "order", "repeat", "step", "tag", "tests",
    )  # fmt: skip

    def __init__(self, step: Step) -> None:
        self.step = step
        self.tag = step.tag
        self.tests = tuple(p for p in step.predicates if p.kind != ":=")
        self.leaf: Leaf | None = None
        self.constant: str | None = None  #: text that the syntax demands
        self.attributes: dict[str, Leaf] = {}
        self.constants: dict[str, str] = {}  #: attributes that the syntax demands
        self.nodes: list[Node] = []
        self.edges: dict[str, list[Node]] = {}
        self.always = False
        self.echo = False  #: written only where the parent holds something else
        self.fixed = False  #: the same in any document
        self.repeat: str | None = None  #: key of the frames, for a repeated element
        self.items: Callable[[Any], Iterable[Any]] = _no_items
        self.order: list[Node] | None = None  #: children in the order of the schema
        self.name = ""  #: prefixed name, for writing

    def child(self, step: Step) -> Node:
        """The child for a step; made when there is none yet."""
        for node in self.nodes:
            if node.step == step:
                return node
        node = Node(step)
        self.nodes.append(node)
        same = self.edges.setdefault(step.tag, [])
        same.append(node)
        same.sort(key=lambda n: -len(n.tests))  # a condition is tried before its absence
        for predicate in step.predicates:
            node.demand(predicate)
        return node

    def demand(self, predicate: Predicate) -> None:
        """Make a predicate content of this node: read as known, written as constant."""
        if predicate.kind == "!=":
            return
        node = self
        for tag in predicate.steps:
            node = node.child(Step(tag=tag))
        if predicate.attribute is None:
            node.constant = predicate.value
        else:
            node.constants[predicate.attribute] = predicate.value

    def descend(self, path: Path) -> Node:
        """The node at the end of a path."""
        node = self
        for step in path.steps:
            node = node.child(step)
        return node


class Plan(msgspec.Struct, frozen=True):
    """How a struct is built from the flat values of a frame."""

    struct: type[msgspec.Struct]
    scalars: tuple[tuple[str, str], ...]  #: attribute, key
    groups: tuple[tuple[str, Plan], ...]
    repeated: tuple[tuple[str, str, Plan], ...]  #: attribute, key, plan of one
    required: tuple[str, ...]  #: attributes without which the struct says nothing


class Compiled(msgspec.Struct, frozen=True):
    """A table made ready: the tree, the plan of the struct, and the quirks' readers by frame."""

    table: Table
    root: Node
    plan: Plan
    quirks: dict[int, list[tuple[Quirk, str]]]  #: id of the repeated node or root -> quirks there


def compile_table(table: Table) -> Compiled:
    """Make the tree of a table. Names are checked against the struct.

    Raises:
        ValueError: a path or a name of the table is wrong.
    """
    root = Node(Step(tag=parse_path(table.root, table.namespaces).steps[0].tag))
    compiler = _Compiler(table)
    compiler.add(root, table.rows, table.struct, "", root)
    _name_nodes(root, {uri: prefix for prefix, uri in table.namespaces.items()})
    return Compiled(table, root, plan_of(table.struct), compiler.quirks)


class _Compiler:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.quirks: dict[int, list[tuple[Quirk, str]]] = {}

    def add(
        self, node: Node, rows: Sequence[Row], struct: type[msgspec.Struct], key: str, frame: Node
    ) -> None:
        """Add rows below a node; `key` is the path of their group inside the frame."""
        for row in rows:
            if isinstance(row, Field):
                self._field(node, row, struct, key)
            elif isinstance(row, Group):
                self._group(node, row, struct, key, frame)
            else:
                self._quirk(node, row, key, frame)

    def _path(self, text: str) -> Path:
        return parse_path(text, self.table.namespaces)

    def _field(self, node: Node, row: Field, struct: type[msgspec.Struct], key: str) -> None:
        type_at(struct, row.name)  # raises for a wrong name
        path = self._path(row.path)
        target = node.descend(path)
        leaf = Leaf(key + row.name, row.codec, row.role)
        target.echo = row.role == "echo"
        if path.attribute is not None:
            target.attributes[path.attribute] = leaf
        elif target.leaf is not None:
            raise ValueError(f"{self.table.name}: {row.path} is bound twice below {key!r}")
        else:
            target.leaf = leaf

    def _group(
        self, node: Node, row: Group, struct: type[msgspec.Struct], key: str, frame: Node
    ) -> None:
        inner, _ = type_at(struct, row.name)
        path = self._path(row.path)
        target = node.descend(path)
        repeated = [i for i, step in enumerate(path.steps) if step.repeats]
        if not repeated:
            target.always = target.always or row.always
            self.add(target, row.rows, inner, f"{key}{row.name}.", frame)
            return
        first = node.descend(Path(steps=path.steps[: repeated[0] + 1]))
        self._repeat(first, key + row.name)
        first.items = _tuple_getter(key + row.name)
        self.add(target, row.rows, inner, "", first)

    def _quirk(self, node: Node, row: Quirk, key: str, frame: Node) -> None:
        self.quirks.setdefault(id(frame), []).append((row, key))
        for gather in row.gathers:
            path = self._path(gather.path)
            at = next(i for i, step in enumerate(path.steps) if step.repeats)
            first = node.descend(Path(steps=path.steps[: at + 1]))
            self._repeat(first, key + gather.key)
            first.items = _parts_getter(key, gather.parts)
            self.add(node.descend(path), gather.rows, gather.struct, "", first)

    def _repeat(self, node: Node, key: str) -> None:
        if node.repeat not in (None, key):
            raise ValueError(f"{self.table.name}: {node.tag} is repeated for two groups")
        node.repeat = key


def _name_nodes(node: Node, prefixes: Mapping[str, str]) -> None:
    namespace, _, local = node.tag[1:].partition("}")
    node.name = f"{prefixes[namespace]}:{local}"
    for child in node.nodes:
        _name_nodes(child, prefixes)


def type_at(struct: type[msgspec.Struct], name: str) -> tuple[Any, bool]:
    """The type of a dotted attribute and whether it is a tuple.

    Raises:
        ValueError: there is no such attribute.
    """
    kind: Any = struct
    many = False
    for part in name.split("."):
        hints = _hints(kind)
        if part not in hints:
            raise ValueError(f"{kind.__name__} has no {part!r} (in {name!r})")
        kind, many = _bare(hints[part])
    return kind, many


@cache
def _hints(struct: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(struct)


def _bare(hint: Any) -> tuple[Any, bool]:
    """`tuple[X, ...]` and `X | None` without their wrapping."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        return typing.get_args(hint)[0], True
    if origin in (Union, types.UnionType):
        return next(a for a in typing.get_args(hint) if a is not type(None)), False
    return hint, False


@cache
def plan_of(struct: type[Any], prefix: str = "") -> Plan:
    """How to build a struct from the flat keys below a prefix."""
    scalars, groups, repeated = [], [], []
    for name in struct.__struct_fields__:
        kind, many = type_at(struct, name)
        if many:
            repeated.append((name, prefix + name, plan_of(kind)))
        elif issubclass(kind, msgspec.Struct):
            groups.append((name, plan_of(kind, f"{prefix}{name}.")))
        else:
            scalars.append((name, prefix + name))
    required = tuple(f.name for f in msgspec.structs.fields(struct) if f.required)
    return Plan(struct, tuple(scalars), tuple(groups), tuple(repeated), required)


def getter(key: str) -> Callable[[Any], Any]:
    """A function that follows a dotted attribute and gives None where a group is absent."""
    names = key.split(".")
    last = names.pop()

    def get(value: Any) -> Any:
        for name in names:
            value = getattr(value, name)
            if value is None:
                return None
        return getattr(value, last)

    return get


def _no_items(_: Any) -> Iterable[Any]:
    return ()


def _tuple_getter(key: str) -> Callable[[Any], Iterable[Any]]:
    get = getter(key)
    return lambda value: get(value) or ()


def _parts_getter(
    key: str, parts: Callable[[Any], Iterable[msgspec.Struct]]
) -> Callable[[Any], Iterator[Any]]:
    get = getter(key[:-1]) if key else None

    def items(value: Any) -> Iterator[Any]:
        group = value if get is None else get(value)
        return iter(()) if group is None else iter(parts(group))

    return items


def bound_paths(table: Table) -> dict[str, str]:
    """Path in the model, as `terms.TERMS` writes it -> path in the syntax, for each term bound."""
    return dict(_bound(table.rows, "", ""))


def _bound(rows: Sequence[Row], key: str, path: str) -> Iterator[tuple[str, str]]:
    for row in rows:
        if isinstance(row, Field):
            if row.role == "main":
                yield key + row.name, _join(path, row.path)
        elif isinstance(row, Group):
            here = _join(path, row.path)
            many = "[]" if any(step.endswith("+") for step in row.path.split("/")) else ""
            yield f"{key}{row.name}{many}", here
            yield from _bound(row.rows, f"{key}{row.name}{many}.", here)
        else:
            gathered = ", ".join(_join(path, gather.path) for gather in row.gathers)
            yield from ((key + name, gathered) for name in row.binds)
