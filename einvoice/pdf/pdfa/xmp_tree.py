"""The properties of an XMP packet as XMP means them, whatever RDF they are written in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
from lxml import etree

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
DESCRIPTION = f"{{{RDF}}}Description"
VALUE = f"{{{RDF}}}value"
MAX_NESTING = 50

Kind = Literal["simple", "struct", "bag", "seq", "alt"]
ARRAYS: dict[str, Kind] = {f"{{{RDF}}}Bag": "bag", f"{{{RDF}}}Seq": "seq", f"{{{RDF}}}Alt": "alt"}


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A property, a field of a structure or an item of an array."""

    namespace: str = ""
    name: str = ""  #: empty for an item
    prefix: str | None = None
    kind: Kind = "simple"
    text: str = ""  #: of a simple value
    language: str | None = None  #: xml:lang
    children: tuple[Node, ...] = ()  #: fields or items

    def field(self, namespace: str, name: str) -> Node | None:
        """The field of that name; None if absent."""
        return next(
            (row for row in self.children if (row.namespace, row.name) == (namespace, name)), None
        )


def properties(root: etree._Element) -> tuple[Node, ...]:
    """The properties of a packet, in document order."""
    descriptions = root.iter(f"{{{RDF}}}RDF")
    return tuple(
        node
        for rdf in descriptions
        for description in rdf.iterchildren(DESCRIPTION)
        for node in _fields(description, 0)
    )


def _fields(element: etree._Element, depth: int) -> Iterator[Node]:
    """The fields of a description or structure, written as attributes or as elements."""
    for key, value in element.attrib.items():
        name = etree.QName(str(key))
        if name.namespace not in (None, RDF, XML):
            yield Node(
                namespace=name.namespace or "",
                name=name.localname,
                prefix=_prefix(element, name.namespace),
                text=str(value),
            )
    for child in element.iterchildren(tag=etree.Element):
        yield _node(child, depth + 1)


def _prefix(element: etree._Element, namespace: str | None) -> str | None:
    return next((key for key, uri in element.nsmap.items() if uri == namespace and key), None)


def _node(element: etree._Element, depth: int) -> Node:
    """A property element with its value."""
    kind, text, children = _value(element, depth)
    name = etree.QName(element)
    item = name.namespace == RDF
    return Node(
        namespace="" if item else name.namespace or "",
        name="" if item else name.localname,
        prefix=element.prefix,
        kind=kind,
        text=text,
        language=element.get(f"{{{XML}}}lang"),
        children=children,
    )


def _value(element: etree._Element, depth: int) -> tuple[Kind, str, tuple[Node, ...]]:
    if depth > MAX_NESTING:
        return "simple", "", ()
    inner = list(element.iterchildren(tag=etree.Element))
    if element.get(f"{{{RDF}}}parseType") == "Resource":
        return _structure(element, depth)
    if not inner:
        return _childless(element, depth)
    first = inner[0]
    if kind := ARRAYS.get(str(first.tag)):
        return kind, "", tuple(_node(item, depth + 1) for item in first.iterchildren(etree.Element))
    if first.tag == DESCRIPTION:
        return _structure(first, depth)
    return "struct", "", tuple(_node(child, depth + 1) for child in inner)


def _childless(element: etree._Element, depth: int) -> tuple[Kind, str, tuple[Node, ...]]:
    """An empty element: text, a reference, or fields as attributes."""
    resource = element.get(f"{{{RDF}}}resource")
    if resource is not None:
        return "simple", resource, ()
    fields = tuple(_fields(element, depth))
    return ("struct", "", fields) if fields else ("simple", element.text or "", ())


def _structure(element: etree._Element, depth: int) -> tuple[Kind, str, tuple[Node, ...]]:
    """A structure, or a simple value that is written as one because of its qualifiers."""
    value = element.find(VALUE)
    if value is not None:
        return _value(value, depth + 1)
    return "struct", "", tuple(_fields(element, depth))
