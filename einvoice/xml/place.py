"""Where something stands in a source document: XPath with conventional prefixes, and line."""

from __future__ import annotations

from collections import Counter

import msgspec
from lxml import etree

from einvoice.xml.names import line_of, prefixed, step


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a source document."""

    xpath: str
    line: int | None = None


class Places:
    """Places in one document; the numbers of siblings are counted once for each parent."""

    def __init__(self) -> None:
        self._steps: dict[etree._Element, dict[etree._Element, str]] = {}

    def of(self, element: etree._Element, attribute: str | None = None) -> Place:
        """The place of an element, or of an attribute of it."""
        xpath = self.xpath(element)
        if attribute is not None:
            xpath += f"/@{prefixed(attribute)}"
        return Place(xpath=xpath, line=line_of(element))

    def xpath(self, element: etree._Element) -> str:
        """An XPath of the element; an index only where siblings share the name."""
        parent = element.getparent()
        if parent is None:
            return "/" + prefixed(element.tag, element)
        return f"{self.xpath(parent)}/{self._step(parent, element)}"

    def _step(self, parent: etree._Element, element: etree._Element) -> str:
        steps = self._steps.get(parent)
        if steps is None:
            steps = self._steps[parent] = _number(parent)
        return steps[element]


def _number(parent: etree._Element) -> dict[etree._Element, str]:
    """The step of each child, with its number where siblings share the name."""
    children = list(parent)
    total = Counter(child.tag for child in children)
    seen: Counter[str] = Counter()
    steps = {}
    for child in children:
        seen[child.tag] += 1
        steps[child] = step(child, seen[child.tag], total[child.tag])
    return steps
