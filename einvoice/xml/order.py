"""The order of child elements, taken from an official XSD.

The UBL and CII schemas use sequences and choices of elements or of references to global elements,
without groups or substitution, so a small reader of that much is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from lxml import etree

_XS = "{http://www.w3.org/2001/XMLSchema}"


class _Schemas:
    """Global elements and complex types of a schema and all that it imports."""

    def __init__(self, entry: Path) -> None:
        self.elements: dict[str, etree._Element] = {}
        self.types: dict[str, etree._Element] = {}
        self._load(entry.resolve(), set())

    def _load(self, path: Path, seen: set[Path]) -> None:
        if path in seen:
            return
        seen.add(path)
        root = etree.parse(str(path)).getroot()
        namespace = root.get("targetNamespace", "")
        for node in root.iterchildren(f"{_XS}element"):
            self.elements[f"{{{namespace}}}{node.get('name')}"] = node
        for node in root.iterchildren(f"{_XS}complexType"):
            self.types[f"{{{namespace}}}{node.get('name')}"] = node
        for node in root.iterchildren(f"{_XS}import", f"{_XS}include"):
            location = node.get("schemaLocation")
            if location:
                self._load((path.parent / location).resolve(), seen)

    def children(self, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """Name and declaration of each child that the type of an element allows, in order."""
        kind = element.find(f"{_XS}complexType")
        if kind is None:
            kind = self.types.get(_resolve(element, element.get("type", "")))
        if kind is None:
            return
        for node in kind.iterfind(f".//{_XS}element"):
            reference = node.get("ref")
            if reference:
                name = _resolve(node, reference)
                yield name, self.elements[name]
            else:
                yield f"{{{_namespace(node)}}}{node.get('name')}", node


def _namespace(node: etree._Element) -> str:
    return str(node.getroottree().getroot().get("targetNamespace", ""))


def _resolve(node: etree._Element, name: str) -> str:
    """A prefixed name of a schema as Clark name."""
    prefix, colon, local = name.rpartition(":")
    uri = node.nsmap.get(prefix if colon else None, "")
    return f"{{{uri}}}{local}"


@cache
def child_order(entry: Path) -> Callable[[tuple[str, ...]], dict[str, int]]:
    """For a schema: a function from a path of Clark names to the ranks of the children there."""
    schemas = _Schemas(entry)

    def ranks(path: tuple[str, ...]) -> dict[str, int]:
        node = schemas.elements[path[0]]
        for name in path[1:]:
            node = dict(schemas.children(node))[name]
        return {name: rank for rank, (name, _) in enumerate(schemas.children(node))}

    return ranks
