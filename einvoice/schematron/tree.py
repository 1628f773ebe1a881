"""One tree per document, shared by all rule sets that judge it.

Built once from the parsed lxml tree: children by name, nodes by name, string values and document
order are at hand, and nothing is looked up in lxml afterwards but attributes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from lxml import etree

_NONE: list[Node] = []


class Node:
    """An element, an attribute or the document; the nodes of XPath that rules look at."""

    __slots__ = (
        "_text", "attributes", "children", "element", "end", "kids", "name", "order", "parent",
    )  # fmt: skip

    def __init__(
        self, name: str, parent: Node | None, order: int, element: etree._Element | None
    ) -> None:
        self.name = name  #: Clark name; empty for the document
        self.parent = parent
        self.order = order
        self.end = order  #: order of the last node below
        self.element = element
        self.children: list[Node] = []
        self.kids: dict[str, list[Node]] = {}
        self.attributes: dict[str, Node] | None = None
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The string value."""
        if self._text is None:
            if not self.children:
                self._text = (self.element.text or "") if self.element is not None else ""
            elif self.element is not None:
                self._text = "".join(str(part) for part in self.element.itertext())
            else:
                self._text = self.children[0].text
        return self._text

    @property
    def is_element(self) -> bool:
        """Whether it is neither an attribute nor the document."""
        return self.element is not None

    def attribute(self, name: str) -> list[Node]:
        """The attribute of that name, as a list of one or none."""
        held = self.attributes
        if held is None:
            held = self.attributes = self._read_attributes()
        found = held.get(name)
        return _NONE if found is None else [found]

    def all_attributes(self) -> list[Node]:
        """All attributes."""
        if self.attributes is None:
            self.attributes = self._read_attributes()
        return list(self.attributes.values())

    def _read_attributes(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        if self.element is not None:
            for name, value in self.element.items():
                node = Node(str(name), self, self.order, None)
                node._text = str(value)
                found[node.name] = node
        return found

    def named(self, name: str) -> list[Node]:
        """The children of that name."""
        return self.kids.get(name, _NONE)

    def ancestors(self) -> Iterator[Node]:
        """Parent, its parent and so on, the document last."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def siblings(self) -> tuple[list[Node], int]:
        """The children of the parent, and the place among them."""
        if self.parent is None or not self.is_element:
            return [self], 0
        return self.parent.children, self.parent.children.index(self)

    def location(self) -> str:
        """An XPath with positions and namespaces written out, as fn:path gives it."""
        if self.parent is None:
            return ""
        if not self.is_element:
            name = _expanded(self.name).removeprefix("Q{}")
            return f"{self.parent.location()}/@{name}"
        same = self.parent.named(self.name)
        position = next(n for n, node in enumerate(same, 1) if node is self)
        return f"{self.parent.location()}/{_expanded(self.name)}[{position}]"


def _order(node: Node) -> int:
    return node.order


def _expanded(name: str) -> str:
    return f"Q{name}" if name.startswith("{") else f"Q{{}}{name}"


class Tree:
    """A document as rules see it."""

    def __init__(self, root: etree._Element) -> None:
        self.document = Node("", None, 0, None)
        self.nodes: list[Node] = []  #: all elements in document order
        self.index: dict[str, list[Node]] = {}
        self._build(root)

    def _build(self, root: etree._Element) -> None:
        nodes, index = self.nodes, self.index
        stack: list[tuple[etree._Element, Node]] = [(root, self.document)]
        while stack:
            element, parent = stack.pop()
            node = Node(element.tag, parent, len(nodes) + 1, element)
            nodes.append(node)
            parent.children.append(node)
            parent.kids.setdefault(node.name, []).append(node)
            index.setdefault(node.name, []).append(node)
            if len(element):
                stack.extend(
                    (child, node) for child in reversed(element) if isinstance(child.tag, str)
                )

        for node in reversed(nodes):
            if node.children:
                node.end = node.children[-1].end
        self.document.end = len(nodes)

    def below(self, node: Node, name: str) -> list[Node]:
        """The descendants of that name, in document order."""
        found = self.index.get(name, _NONE)
        if not found or (node.order < found[0].order and found[-1].order <= node.end):
            return found
        first = bisect_right(found, node.order, key=_order)
        return found[first : bisect_right(found, node.end, key=_order)]

    def named(self, name: str) -> list[Node]:
        """All elements of that name, in document order."""
        return self.index.get(name, _NONE)
