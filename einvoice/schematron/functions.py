"""The functions of XPath 2.0 that rule sets call, on optional items and sequences.

Regular expressions are those of XPath: the dollar sign ends the text, blanks are those of XML.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from einvoice.schematron.runtime import (
    Unevaluable,
    Untyped,
    arithmetic,
    atoms,
    string,
    to_double,
    total,
)
from einvoice.schematron.tree import Node

_BLANKS = " \t\r\n"
_RUN = re.compile(r"[ \t\r\n]+")


def text_of(item: Any) -> str:
    """An optional item that has to be a string; absent is empty."""
    if item is None:
        return ""
    if not isinstance(item, str):
        raise Unevaluable(f"{string(item)!r} is no string")
    return item


def normalize_space(item: Any) -> str:
    """fn:normalize-space."""
    return _RUN.sub(" ", text_of(item)).strip(" ")


def substring_before(item: Any, mark: Any) -> str:
    """fn:substring-before."""
    before, found, _ = text_of(item).partition(text_of(mark)) if mark else ("", "", "")
    return before if found else ""


def substring_after(item: Any, mark: Any) -> str:
    """fn:substring-after."""
    if not mark:
        return text_of(item)
    return text_of(item).partition(text_of(mark))[2]


def substring(item: Any, start: Any, length: Any = None) -> str:
    """fn:substring: positions from 1, rounded."""
    text = text_of(item)
    first = _rounded(start)
    last = first + _rounded(length) if length is not None else float("inf")
    return "".join(c for n, c in enumerate(text, 1) if first <= n < last)


def _rounded(number: Any) -> float:
    return (to_double(number) + 0.5) // 1


def translate(item: Any, old: Any, new: Any) -> str:
    """fn:translate."""
    table: dict[int, str | None] = {}
    target = text_of(new)
    for number, character in enumerate(text_of(old)):
        table.setdefault(ord(character), target[number] if number < len(target) else None)
    return text_of(item).translate(table)


@lru_cache(maxsize=1000)
def _regex(pattern: str, flags: str = "") -> re.Pattern[str]:
    """An XPath regular expression as Python's."""
    parts, position, in_class = [], 0, 0
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            pair = pattern[position : position + 2]
            blanks = _BLANKS if in_class else f"[{_BLANKS}]"
            parts.append(blanks if pair == "\\s" else pair)
            position += 2
            continue
        in_class += (character == "[") - (character == "]")
        parts.append(r"\Z" if character == "$" and not in_class else character)
        position += 1
    known = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
    try:
        return re.compile("".join(parts), sum(known[flag] for flag in flags))
    except (re.error, KeyError):
        raise Unevaluable(f"{pattern!r} is no regular expression that we know") from None


def matches(item: Any, pattern: Any, flags: Any = "") -> bool:
    """fn:matches."""
    return _regex(text_of(pattern), text_of(flags)).search(text_of(item)) is not None


def replace(item: Any, pattern: Any, new: Any) -> str:
    """fn:replace; `$1` stands for a group."""
    template = re.sub(r"\$(\d)", r"\\\1", text_of(new).replace("\\", "\\\\"))
    return _regex(text_of(pattern)).sub(template, text_of(item))


def tokenize(item: Any, pattern: Any) -> list[str]:
    """fn:tokenize; an empty text has no tokens."""
    text = text_of(item)
    return list(_regex(text_of(pattern)).split(text)) if text else []


def concat(*items: Any) -> str:
    """fn:concat."""
    return "".join(string(item) for item in items)


def string_join(items: list[Any], separator: Any) -> str:
    """fn:string-join."""
    return text_of(separator).join(text_of(item) for item in atoms(items))


def distinct_values(items: list[Any]) -> list[Any]:
    """fn:distinct-values."""
    found: dict[Any, Any] = {}
    for item in atoms(items):
        key = str(item) if isinstance(item, str) else item
        found.setdefault((isinstance(item, str), key), item)
    return list(found.values())


def number(item: Any) -> float:
    """fn:number: NaN for what is no number."""
    if item is None:
        return float("nan")
    try:
        return to_double(item)
    except Unevaluable:
        return float("nan")


def absolute(item: Any) -> Any:
    """fn:abs."""
    if item is None:
        return None
    return abs(to_double(item) if isinstance(item, Untyped) else item)


def extreme(items: list[Any], largest: bool) -> Any:
    """fn:max and fn:min of numbers."""
    numbers = [to_double(a) if isinstance(a, Untyped) else a for a in atoms(items)]
    if not numbers:
        return None
    if any(isinstance(a, str) for a in numbers):
        return max(map(str, numbers)) if largest else min(map(str, numbers))
    if any(isinstance(a, float) for a in numbers):
        numbers = [float(a) for a in numbers]
        if any(a != a for a in numbers):  # NaN wins
            return float("nan")
    return max(numbers) if largest else min(numbers)


def local_name(nodes: list[Node]) -> str:
    """fn:local-name of an optional node."""
    return nodes[0].name.rpartition("}")[2] if nodes else ""


def namespace_uri(nodes: list[Node]) -> str:
    """fn:namespace-uri of an optional node."""
    return nodes[0].name[1:].partition("}")[0] if nodes and nodes[0].name[:1] == "{" else ""


def name(nodes: list[Node]) -> str:
    """fn:name of an optional node, with the prefix of the document."""
    if not nodes:
        return ""
    element = nodes[0].element
    prefix = element.prefix if element is not None else None
    return f"{prefix}:{local_name(nodes)}" if prefix else local_name(nodes)


def integers(first: Any, last: Any) -> list[int]:
    """`first to last`; bounded, as a rule may count what a document says."""
    if first is None or last is None:
        return []
    if int(last) - int(first) > 1_000_000:
        raise Unevaluable("a range of more than a million numbers")
    return list(range(int(first), int(last) + 1))


def average(items: list[Any]) -> Any:
    """fn:avg."""
    return arithmetic("div", total(items), Decimal(len(items))) if items else None
