"""One tree per document, shared by all rule sets that judge it.

Built once from the parsed lxml tree. Elements are grouped by their path from the root; a path is
the same object in all documents, so that a rule set works out once what it has to do there.
"""

from __future__ import annotations

import gc
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import attrgetter
from sys import intern
from typing import Any

from lxml import etree

#: Kinds of nodes.
DOCUMENT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION = range(6)

_MAX_PATHS = 100_000  #: known at the same time; beyond, all are forgotten
_NO_KIDS: dict[str, list[Node]] = {}
_NO_ATTRIBUTES: dict[str, Node] = {}
order_of = attrgetter("order")


class Path:
    """The names from the root down to an element; one object per path in the whole process."""

    __slots__ = ("children", "name", "names", "parent", "plans")

    def __init__(self, name: str, parent: Path | None) -> None:
        self.name = intern(name)
        self.parent = parent
        self.children: dict[str, Path] = {}
        self.names: tuple[str, ...] = (*parent.names, self.name) if parent else ()
        self.plans: dict[int, Any] = {}  #: what rule sets, by number, have worked out


class Node:
    """A node as XPath sees it. What most nodes never need is worked out when it is asked for."""

    __slots__ = (
        "attributes",  # name -> attribute node
        "children",  # elements, in order
        "element",
        "end",  # order of the last element inside
        "kids",  # name -> children of that name
        "kind",
        "name",  # Clark name
        "order",
        "parent",
        "path",
        "text",  # the string value
    )
    children: list[Node]
    end: float
    text: str

    def __init__(
        self, kind: int, name: str, parent: Node, path: Path, order: float, element: Any
    ) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.path = path
        self.order = order
        self.element = element
        self.kids = _NO_KIDS
        self.attributes = _NO_ATTRIBUTES

    def __getattr__(self, name: str) -> Any:
        """A value that is not known yet."""
        if name not in _LATER:
            raise AttributeError(name)
        value = _LATER[name](self)
        setattr(self, name, value)
        return value

    def content(self) -> list[Node]:
        """Children of all kinds, in order."""
        if self.kind > ELEMENT:
            return []
        if self.kind == DOCUMENT:
            return self.children
        return _mixed(self)

    def ancestors(self) -> Iterator[Node]:
        """Parent, its parent and so on, the document last."""
        node = self.parent
        while node is not NOWHERE:
            yield node
            node = node.parent

    def location(self) -> str:
        """An XPath with positions and namespaces written out, as fn:path gives it."""
        if self.kind == DOCUMENT:
            return "/"
        above = "" if self.parent.kind == DOCUMENT else self.parent.location()
        if self.kind == ATTRIBUTE:
            return f"{above}/@{_expanded(self.name).removeprefix('Q{}')}"
        return f"{above}/{_expanded(self.name)}[{self.place(self.parent.kids[self.name])}]"

    def place(self, among: list[Node]) -> int:
        """The position among nodes in document order."""
        return bisect_left(among, self.order, key=order_of) + 1


def _expanded(name: str) -> str:
    return f"Q{name}" if name.startswith("{") else f"Q{{}}{name}"


def _text(node: Node) -> str:
    element = node.element
    if element is None:
        return node.children[0].text if node.children else ""
    if len(element):
        return "".join(element.itertext(etree.Element))
    return element.text or ""


def _end(node: Node) -> float:
    while node.kids:
        node = node.children[-1]
    return node.order


def _children(node: Node) -> list[Node]:
    kids = node.kids
    if len(kids) == 1:
        return next(iter(kids.values()))
    return sorted((kid for same in kids.values() for kid in same), key=order_of)


_LATER = {"text": _text, "end": _end, "children": _children}


def _mixed(node: Node) -> list[Node]:
    """Elements, texts, comments and instructions; all but elements are made anew each time."""
    depth = sum(1 for _ in node.ancestors())
    elements = iter(node.children)
    found: list[Node] = []
    order = node.order
    between = 0

    def add(kind: int, text: str | None) -> None:
        nonlocal between
        between += 1
        place = order + 1 / (depth + 2) + between * 1e-9
        made = Node(kind, "", node, node.path, place, None)
        made.text = text or ""
        found.append(made)

    if node.element.text:
        add(TEXT, node.element.text)
    for child in node.element:
        if isinstance(child.tag, str):
            found.append(next(elements))
            order, between = found[-1].end, 0
        else:
            add(COMMENT if child.tag is etree.Comment else INSTRUCTION, child.text)
        if child.tail:
            if found[-1].kind == TEXT:  # two texts around what is no node
                found[-1].text += child.tail
            else:
                add(TEXT, child.tail)
    return found


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking through a large tree again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _nowhere() -> Node:
    """Above the document: a node without anything, its own parent."""
    node = Node(DOCUMENT, "", None, None, -1, None)  # type: ignore[arg-type]  # set below
    node.parent = node
    node.children = []
    node.text = ""
    return node


NOWHERE = _nowhere()
_top = Path("", None)
_known = 0


class Tree:
    """A document as rules see it."""

    def __init__(self, root: etree._Element) -> None:
        self.document = Node(DOCUMENT, "", NOWHERE, _start(), 0, None)
        self.paths: dict[Path, list[Node]] = {}  #: elements of each path, in document order
        self._by_name: dict[str, list[list[Node]]] | None = None  #: those of each path
        self._owned: dict[str, list[Node]] = {}  #: attributes by name
        self._inner: list[Node] = []  #: the document and the elements with something inside
        with collector_paused():
            self.size = self._build(root)

    def _build(self, root: etree._Element) -> int:
        """Make all nodes; nothing else runs so often, so it is written for speed."""
        paths, make = self.paths, object.__new__
        parents: dict[etree._Element | None, Node] = {root.getparent(): self.document}
        order = 0
        for element in root.iter(etree.Element):
            order += 1
            parent = parents[element.getparent()]
            above = parent.path
            path = above.children.get(element.tag)
            if path is None:
                path = _new_path(above, element.tag)
            node = make(Node)
            node.kind = ELEMENT
            node.name = name = path.name
            node.parent = parent
            node.path = path
            node.order = order
            node.element = element
            node.kids = _NO_KIDS
            node.attributes = _NO_ATTRIBUTES
            kids = parent.kids
            if not kids:
                parent.kids = {name: [node]}
            elif name in kids:
                kids[name].append(node)
            else:
                kids[name] = [node]
            if path in paths:
                paths[path].append(node)
            else:
                paths[path] = [node]
            if len(element):
                parents[element] = node
            else:
                node.text = element.text or ""
            if attributes := element.items():
                self._add_attributes(node, attributes)
        self._inner = list(parents.values())
        return order

    def _add_attributes(self, node: Node, attributes: Iterable[tuple[Any, Any]]) -> None:
        node.attributes = found = {}
        for number, (name, value) in enumerate(attributes, 1):
            order = node.order + number * 1e-6
            found[name] = each = Node(ATTRIBUTE, name, node, node.path, order, None)
            each.text = value
            self._owned.setdefault(name, []).append(each)

    def attributes_named(self, name: str) -> list[Node]:
        """All attributes of that name, in document order."""
        return self._owned.get(name, [])

    def __del__(self) -> None:
        """Let the nodes go at once: in their circles they would wait for the collector."""
        for node in self._inner:
            node.kids = _NO_KIDS
            node.children = []
        for nodes in self._owned.values():
            for node in nodes:
                node.parent = NOWHERE

    def named(self, name: str) -> list[Node]:
        """All elements of that name, in document order."""
        if self._by_name is None:
            self._by_name = {}
            for path, nodes in self.paths.items():
                self._by_name.setdefault(path.name, []).append(nodes)
        lists = self._by_name.get(name)
        if lists is None:
            return []
        if len(lists) > 1:
            lists[:] = [sorted((node for nodes in lists for node in nodes), key=order_of)]
        return lists[0]

    def elements(self) -> list[Node]:
        """All elements, in document order."""
        return sorted((node for nodes in self.paths.values() for node in nodes), key=order_of)

    def below(self, top: Node, name: str) -> list[Node]:
        """The elements of that name inside a node, in document order."""
        found = self.named(name)
        if not found or top is self.document:
            return found
        first = bisect_right(found, top.order, key=order_of)
        return found[first : bisect_right(found, top.end, lo=first, key=order_of)]

    def before(self, node: Node, name: str) -> list[Node]:
        """The elements of that name that end before a node begins (preceding)."""
        found = self.named(name)
        found = found[: bisect_left(found, node.order, key=order_of)]
        return [each for each in found if each.end < node.order]


def _new_path(above: Path, name: Any) -> Path:
    global _known
    _known += 1
    return above.children.setdefault(intern(name), Path(name, above))


def _start() -> Path:
    """Where all paths begin; anew once there are too many, as made-up documents could have."""
    global _top, _known
    if _known > _MAX_PATHS:
        _top, _known = Path("", None), 0
    return _top
