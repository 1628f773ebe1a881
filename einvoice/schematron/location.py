"""Turns the locations of SVRL into a conventional XPath and finds the line.

Stylesheets write locations in four ways, all with the position among siblings of the same name:

    /*:Invoice[namespace-uri()='urn:...'][1]/*:InvoiceLine[namespace-uri()='urn:...'][2]
    /*[local-name()='Invoice' and namespace-uri()='urn:...'][1]
    /ubl:Invoice[1]/cac:InvoiceLine[2]
    /Q{urn:...}Invoice[1]/Q{urn:...}InvoiceLine[2]/@schemeID
"""

from __future__ import annotations

import re

import msgspec
from lxml import etree

from einvoice.xml.names import PREFIXES, line_of, prefixed, step
from einvoice.xml.place import Place

_STEP = re.compile(
    r"""/(?P<attribute>@)?
    (?: Q\{(?P<uri>[^}]*)\}(?P<local>[\w.\-]+)
      | (?:(?P<prefix>[\w.\-]+|\*):)?(?P<name>[\w.\-]+|\*)
    )
    (?P<conditions>(?:\[[^\]]*\])*)""",
    re.X,
)
_URI = re.compile(r"namespace-uri\(\)\s*=\s*['\"]([^'\"]*)['\"]")
_LOCAL = re.compile(r"local-name\(\)\s*=\s*['\"]([^'\"]*)['\"]")
_POSITION = re.compile(r"\[(\d+)\]")
_NAMESPACES = {
    prefix: uri for uri, prefix in reversed(PREFIXES.items())
}  # a prefix that two versions share stands for the newer one


class Step(msgspec.Struct, frozen=True):
    """One step of a location: a Clark name and the position among siblings of that name."""

    tag: str
    position: int = 1
    attribute: bool = False


class Locator:
    """Finds the places of one document; the children of a node are walked once, not per finding."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._children: dict[etree._Element, dict[str, list[etree._Element]]] = {}
        self._paths: dict[etree._Element, str] = {}

    def place(self, location: str) -> Place | None:
        """The conventional XPath and the line; None for a location that names no node.

        Where the document has no such node the XPath follows the location and the line is that
        of the nearest ancestor.
        """
        steps = read(location, {p: uri for p, uri in self._root.nsmap.items() if p})
        if not steps or steps[0].tag != self._root.tag:
            return None
        element, path = self._root, "/" + step(self._root, 1, 1)
        for number, each in enumerate(steps[1:], 1):
            below = [] if each.attribute else self._named(element, each.tag)
            if not 0 < each.position <= len(below):
                rest = "".join(_plain(missing) for missing in steps[number:])
                return Place(xpath=path + rest, line=line_of(element))
            element = below[each.position - 1]
            path += "/" + step(element, each.position, len(below))
        return Place(xpath=path, line=line_of(element))

    def _named(self, parent: etree._Element, tag: str) -> list[etree._Element]:
        """The children of that name."""
        groups = self._children.get(parent)
        if groups is None:
            groups = self._children[parent] = {}
            for child in parent.iterchildren(tag=etree.Element):
                groups.setdefault(str(child.tag), []).append(child)
        return groups.get(tag, [])


def read(location: str, prefixes: dict[str, str] | None = None) -> tuple[Step, ...] | None:
    """Split a location into steps; None if it is no path.

    Prefixes are the conventional ones, then those given. Some stylesheets give the value of an
    attribute as its location: that is no path.
    """
    known = {**(prefixes or {}), **_NAMESPACES}
    steps, end = [], 0
    while match := _STEP.match(location, end):
        steps.append(_step(match, known))
        end = match.end()
    return tuple(steps) if steps and end == len(location) else None


def _step(match: re.Match[str], known: dict[str, str]) -> Step:
    conditions = match["conditions"]
    uri, name = match["uri"], match["local"] or match["name"]
    if uri is None:
        written = _URI.search(conditions)
        uri = written.group(1) if written else known.get(match["prefix"] or "", "")
    if name == "*" and (local := _LOCAL.search(conditions)):
        name = local.group(1)
    position = _POSITION.search(conditions)
    tag = f"{{{uri}}}{name}" if uri else name
    return Step(tag, int(position.group(1)) if position else 1, match["attribute"] is not None)


def _plain(missing: Step) -> str:
    position = f"[{missing.position}]" if missing.position > 1 else ""
    return f"/{'@' if missing.attribute else ''}{prefixed(missing.tag)}{position}"
