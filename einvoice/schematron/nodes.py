"""Sequences of nodes, as compiled XPath needs them: order, axes, predicates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from einvoice.schematron.runtime import Unevaluable, is_number, truth
from einvoice.schematron.tree import DOCUMENT, ELEMENT, NOWHERE, Node, order_of


def distinct(nodes: Iterable[Node]) -> list[Node]:
    """Nodes in document order, each once."""
    found = {id(node): node for node in nodes}
    return sorted(found.values(), key=order_of)


def at(items: Sequence[Any], position: int) -> Sequence[Any]:
    """`[n]`."""
    return items[position - 1 : position] if position > 0 else ()


def chosen(items: Sequence[Any], test: Callable[[Any, int, int], Any]) -> list[Any]:
    """A predicate whose value may be a position or a truth."""
    size = len(items)
    kept = []
    for position, item in enumerate(items, 1):
        found = test(item, position, size)
        if len(found) == 1 and is_number(found[0]):
            if found[0] == position:
                kept.append(item)
        elif truth(found):
            kept.append(item)
    return kept


def real(node: Node) -> Node | None:
    """A parent, or None if that is the node above the document."""
    return None if node is NOWHERE else node


def expect_node(item: Any) -> Node:
    """An item that has to be a node."""
    if not isinstance(item, Node):
        raise Unevaluable("a path begins at a value that is no node")
    return item


def expect_nodes(items: Iterable[Any]) -> list[Node]:
    """Items that have to be nodes."""
    return [expect_node(item) for item in items]


def united(left: Iterable[Node], right: Iterable[Node]) -> list[Node]:
    """Union."""
    return distinct([*left, *right])


def common(left: Iterable[Node], right: Iterable[Node]) -> list[Node]:
    """Intersection."""
    others = {id(each) for each in right}
    return distinct(each for each in left if id(each) in others)


def without(left: Iterable[Node], right: Iterable[Node]) -> list[Node]:
    """Difference."""
    others = {id(each) for each in right}
    return distinct(each for each in left if id(each) not in others)


def compare(sign: str, left: Node | None, right: Node | None) -> bool | None:
    """`is`, `<<` and `>>` of optional nodes."""
    if left is None or right is None:
        return None
    if sign == "is":
        return left is right
    return left.order < right.order if sign == "<<" else left.order > right.order


def content(node: Node, kind: int | None) -> list[Node]:
    """The children of a kind, or of all kinds."""
    return [n for n in node.content() if kind is None or n.kind == kind]


def inside(node: Node, kind: int | None, *, self_too: bool = False) -> list[Node]:
    """All nodes of a kind, or of all kinds, below a node, in document order."""
    found = [node] if self_too and (kind is None or node.kind == kind) else []
    stack = list(reversed(node.content()))
    while stack:
        each = stack.pop()
        if kind is None or each.kind == kind:
            found.append(each)
        stack.extend(reversed(each.content()))
    return found


def elements_inside(node: Node) -> list[Node]:
    """`.//*`."""
    found: list[Node] = []
    if node.kind > ELEMENT:
        return found
    stack = list(reversed(node.children)) if node.kids else []
    while stack:
        each = stack.pop()
        found.append(each)
        if each.kids:
            stack.extend(reversed(each.children))
    return found


def siblings(of: Node, *, before: bool) -> list[Node]:
    """preceding-sibling or following-sibling, in document order."""
    if of.kind != ELEMENT or of.parent.kind == DOCUMENT:
        return []
    among = of.parent.children
    position = of.place(among)
    return among[: position - 1] if before else among[position:]


def ancestors_named(of: Node, name: str) -> list[Node]:
    """`ancestor::name`, in document order."""
    found = []
    node = of.parent
    while node is not NOWHERE:
        if node.name == name:
            found.append(node)
        node = node.parent
    return found[::-1]


def ancestors(of: Node, *, self_too: bool = False) -> list[Node]:
    """ancestor, in document order."""
    found = [of] if self_too else []
    found.extend(of.ancestors())
    return found[::-1]


def place(of: Node) -> int:
    """The position among the siblings of the same name."""
    return of.place(of.parent.kids[of.name])


def index(nodes: Iterable[Node], values: Callable[[Node], Iterable[str]]) -> dict[str, list[Node]]:
    """The nodes by the texts that an expression gives for each."""
    found: dict[str, list[Node]] = {}
    for node in nodes:
        for text in values(node):
            same = found.setdefault(text, [])
            if not same or same[-1] is not node:
                same.append(node)
    return found


def picked(found: dict[str, list[Node]], texts: Iterable[str]) -> Sequence[Node]:
    """The nodes of an index for several texts."""
    lists = [found[text] for text in dict.fromkeys(texts) if text in found]
    if len(lists) == 1:
        return lists[0]
    return distinct(node for nodes in lists for node in nodes) if lists else ()
