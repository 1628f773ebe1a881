"""The tree of a mapping table, a node for each element; reader and writer walk it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from einvoice.bindings.codecs import CODE, TEXT, Codec
from einvoice.bindings.path import Path, Predicate, Step, parse_path
from einvoice.bindings.plan import Plan, getter, plan_of, type_at
from einvoice.bindings.table import Again, Field, Group, Quirk, Role, Row, Table


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
        "again", "always", "attributes", "constant", "constants", "echo", "edges", "fixed", "items",
        "leaf", "name", "needs", "nodes", "order", "origin", "repeat", "step", "tag", "tests",
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
        self.again = False  #: its children are those of the node above it
        self.echo = False  #: written only where the parent holds something else
        self.fixed = False  #: the same in any document
        self.repeat: str | None = None  #: key of the frames, for a repeated element
        self.items: Callable[[Any], Iterable[Any]] = _no_items
        self.origin: str | None = (
            None  #: of a repeated element, path in the model of what it is from
        )
        self.needs: str | None = None  #: attribute without which nothing of it is written
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
            elif isinstance(row, Again):
                self._again(node, row, key, frame)
            else:
                self._quirk(node, row, key, frame)

    def _path(self, text: str) -> Path:
        return parse_path(text, self.table.namespaces)

    def _field(self, node: Node, row: Field, struct: type[msgspec.Struct], key: str) -> None:
        type_at(struct, row.name)  # raises for a wrong name
        path = self._path(row.path)
        target = node.descend(path)
        leaf = Leaf(key + row.name, _codec_of(row), row.role)
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
        first.origin = key + row.name
        self.add(target, row.rows, inner, "", first)

    def _again(self, node: Node, row: Again, key: str, frame: Node) -> None:
        target = node.descend(self._path(row.path))
        self._repeat(target, key + row.name)
        target.items = _tuple_getter(key + row.name)
        target.origin = key + row.name
        target.again = True
        target.nodes, target.edges, target.attributes = node.nodes, node.edges, node.attributes
        self.quirks[id(target)] = self.quirks.setdefault(id(frame), [])

    def _quirk(self, node: Node, row: Quirk, key: str, frame: Node) -> None:
        self.quirks.setdefault(id(frame), []).append((row, key))
        for gather in row.gathers:
            path = self._path(gather.path)
            at = next(i for i, step in enumerate(path.steps) if step.repeats)
            first = node.descend(Path(steps=path.steps[: at + 1]))
            self._repeat(first, key + gather.key)
            first.items = _parts_getter(key, gather.parts)
            first.origin = key
            self.add(node.descend(path), gather.rows, gather.struct, "", first)

    def _repeat(self, node: Node, key: str) -> None:
        if node.repeat not in (None, key):
            raise ValueError(f"{self.table.name}: {node.tag} is repeated for two groups")
        node.repeat = key


#: Terms of the model that are codes, by their last name.
CODES = frozenset(
    [
        "accounting_currency",
        "base_quantity_unit",
        "category",
        "code",
        "content_code",
        "contract_type",
        "country",
        "country_of_origin",
        "currency",
        "delivery_terms_code",
        "exemption_reason_code",
        "invoice_type_code",
        "means_code",
        "measure_unit",
        "mime_code",
        "note_subject_code",
        "package_unit",
        "period_unit",
        "price_discount_reason_code",
        "reason_code",
        "reference_type",
        "role_code",
        "scheme",
        "scheme_version",
        "source",
        "status_code",
        "subject_code",
        "subtype",
        "target",
        "tax_point_date_code",
        "type_code",
        "unit",
        "vat_category",
    ]
)


def _codec_of(row: Field) -> Codec:
    """The codec of a row; of a code, white space around it is passed over."""
    is_code = row.codec is TEXT and row.name.rpartition(".")[2] in CODES
    return CODE if is_code else row.codec


def _name_nodes(node: Node, prefixes: Mapping[str, str]) -> None:
    namespace, _, local = node.tag[1:].partition("}")
    node.name = f"{prefixes[namespace]}:{local}"
    for child in () if node.again else node.nodes:
        _name_nodes(child, prefixes)


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
