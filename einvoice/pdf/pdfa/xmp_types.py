"""Value types of XMP: which values a property may have."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from einvoice.pdf.pdfa.xmp_tree import Node

DATE = r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
TEXT = re.compile(r".*", re.DOTALL)

#: Simple types by their name in lower case; those that any text serves share one pattern.
SIMPLE: dict[str, re.Pattern[str]] = {
    "boolean": re.compile(r"True|False"),
    "integer": re.compile(r"[+-]?\d+"),
    "real": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)"),
    "date": re.compile(DATE),
    "mimetype": re.compile(r"[-\w+.]+/[-\w+.]+"),
    "rational": re.compile(r"[+-]?\d+/\d+"),
    "gpscoordinate": re.compile(r"\d{1,3},\d{1,2}(,\d{1,2}|\.\d+)[NSEW]"),
    "locale": re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|x-default"),
    **dict.fromkeys(
        ("text", "propername", "agentname", "uri", "url", "xpath", "guid", "renditionclass"), TEXT
    ),
}
ARRAY = re.compile(r"(bag|seq|alt)\s+(?:of\s+)?(.+)")
CHOICE = re.compile(r"(?:open|closed)?\s*choice(?:\s+of)?\s*")
MAX_NESTING = 20

#: Namespace and name of a field, and the name of its type.
Fields = Mapping[tuple[str, str], str]


class Types(msgspec.Struct, frozen=True):
    """The structures that a packet may use, by their name in lower case."""

    structures: Mapping[str, Fields]

    def known(self, name: str) -> bool:
        """Whether a type has a meaning."""
        name = _plain(name)
        if array := ARRAY.fullmatch(name):
            return name == "lang alt" or self.known(array[2])
        return name in SIMPLE or name in self.structures or name == "lang alt"

    def allow(self, name: str, node: Node, depth: int = 0) -> bool:
        """Whether a value is of a type."""
        name = _plain(name)
        if depth > MAX_NESTING:
            return False
        if name == "lang alt":
            return node.kind == "alt" and all(map(_has_language, node.children))
        if array := ARRAY.fullmatch(name):
            return node.kind == array[1] and all(
                self.allow(array[2], item, depth + 1) for item in node.children
            )
        if name in self.structures:
            return self._allow_structure(self.structures[name], node, depth)
        return node.kind == "simple" and bool(SIMPLE[name].fullmatch(node.text.strip()))

    def _allow_structure(self, fields: Fields, node: Node, depth: int) -> bool:
        return node.kind == "struct" and all(
            (key := (row.namespace, row.name)) in fields and self.allow(fields[key], row, depth + 1)
            for row in node.children
        )


def _plain(name: str) -> str:
    """A type name in lower case, without the words for a choice, which never narrow it here."""
    name = " ".join(name.lower().split())
    array = ARRAY.fullmatch(name)
    if array and array[2].startswith(("open", "closed", "choice")):
        return f"{array[1]} {_plain(array[2])}"
    return CHOICE.sub("", name) or "text"


def _has_language(item: Node) -> bool:
    return item.kind == "simple" and item.language is not None
