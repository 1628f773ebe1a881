"""Sequences of nodes, as compiled XPath expressions need them: order, axes, predicates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from einvoice.schematron.runtime import Unevaluable, truth
from einvoice.schematron.tree import Node


def distinct(nodes: Iterable[Node]) -> list[Node]:
    """Nodes in document order, each once."""
    found = {id(node): node for node in nodes}
    return sorted(found.values(), key=lambda node: node.order)


def at(items: list[Any], position: int) -> list[Any]:
    """`[n]`."""
    return items[position - 1 : position] if position > 0 else []


def chosen(items: list[Any], test: Callable[[Any, int, int], list[Any]]) -> list[Any]:
    """A predicate whose value may be a position or a truth."""
    size = len(items)
    kept = []
    for position, item in enumerate(items, 1):
        found = test(item, position, size)
        number = found[0] if len(found) == 1 else None
        if isinstance(number, int | Decimal | float) and not isinstance(number, bool):
            if number == position:
                kept.append(item)
        elif truth(found):
            kept.append(item)
    return kept


def node(item: Any) -> Node:
    """An item that has to be a node."""
    if not isinstance(item, Node):
        raise Unevaluable("a path begins at a value that is no node")
    return item


def texts_below(nodes: Iterable[Node]) -> list[Node]:
    """text() of elements without children: the element stands for its one text."""
    return [found for found in nodes if not found.children and found.text]


def combined(sign: str, left: list[Node], right: list[Node]) -> list[Node]:
    """Union, intersection and difference of nodes."""
    if sign == "|":
        return distinct([*left, *right])
    others = {id(each) for each in right}
    return distinct(each for each in left if (id(each) in others) == (sign == "intersect"))


def node_compare(sign: str, left: list[Node], right: list[Node]) -> bool | None:
    """`is`, `<<` and `>>`."""
    if not left or not right:
        return None
    if sign == "is":
        return left[0] is right[0]
    return left[0].order < right[0].order if sign == "<<" else left[0].order > right[0].order


def siblings(of: Node, before: bool) -> list[Node]:
    """preceding-sibling, nearest first, or following-sibling."""
    among, place = of.siblings()
    return among[:place][::-1] if before else among[place + 1 :]


def preceding(tree: Any, of: Node) -> list[Node]:
    """All elements that end before a node begins."""
    above = {id(each) for each in of.ancestors()}
    return [n for n in tree.nodes[: of.order - 1] if id(n) not in above]


def following(tree: Any, of: Node) -> list[Node]:
    """All elements that begin after a node ends."""
    return list(tree.nodes[of.end :])
