"""The functions of XPath that rule sets call.

A text argument is a str, empty where XPath has the empty sequence. What is called `item` may be
absent, which is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from einvoice.schematron.regex import compiled, replacement
from einvoice.schematron.runtime import (
    Unevaluable,
    Untyped,
    atoms,
    decimal_of,
    only,
    string,
    to_double,
    to_integer,
)
from einvoice.schematron.tree import ATTRIBUTE, ELEMENT, Node


def text_of(items: Any) -> str:
    """A sequence of at most one string; nothing is the empty string."""
    return text_or_empty(only(items))


def optional_text(items: Any) -> str | None:
    """A sequence of at most one string, as a parameter of type `xs:string?` takes it."""
    item = only(items)
    return None if item is None else text_or_empty(item)


def all_texts(items: Iterable[Any]) -> list[str]:
    """Items that all have to be strings."""
    return [text_or_empty(item) for item in items]


def text_or_empty(item: Any) -> str:
    """An optional string; nothing is the empty string."""
    if item is None:
        return ""
    if isinstance(item, Node):
        return item.text
    if not isinstance(item, str):
        raise Unevaluable(f"{string(item)[:80]} is no string")
    return item


def node_text(nodes: Any) -> str:
    """The text of at most one node."""
    if not nodes:
        return ""
    if len(nodes) > 1:
        only(nodes)
    text: str = nodes[0].text
    return text


def optional_node_text(nodes: Any) -> str | None:
    """The text of at most one node, None if there is none."""
    return node_text(nodes) if nodes else None


def node_decimal(nodes: Any) -> Decimal | None:
    """xs:decimal() of at most one node."""
    if not nodes:
        return None
    if len(nodes) > 1:
        only(nodes)
    return decimal_of(nodes[0].text)


def text_if(node: Node | None) -> str:
    """The text of an optional node."""
    return "" if node is None else node.text


def normalize_space(text: str) -> str:
    """fn:normalize-space: blanks are the four of XML, a no-break space is none."""
    if text.isascii():
        return " ".join(text.split())
    for blank in "\t\r\n":
        text = text.replace(blank, " ")
    return " ".join(part for part in text.split(" ") if part)


def substring_before(text: str, mark: str) -> str:
    """fn:substring-before."""
    before, found, _ = text.partition(mark) if mark else ("", "", "")
    return before if found else ""


def substring_after(text: str, mark: str) -> str:
    """fn:substring-after."""
    return text.partition(mark)[2] if mark else text


def substring(text: str, start: Any, *length: Any) -> str:
    """fn:substring: positions from 1, rounded; a length that is absent is an error."""
    first = _place(start)
    last = first + _place(length[0]) if length else math.inf
    if not first < last:  # also where one is NaN
        return ""
    begin = max(1.0, first)
    if begin > len(text):
        return ""
    end = min(last, len(text) + 1.0)
    return text[int(begin) - 1 : int(end) - 1] if end > begin else ""


def _place(number: Any) -> float:
    value = to_double(number) if number is not None else None
    if value is None:
        raise Unevaluable("an empty sequence is not allowed as an argument of substring()")
    return math.floor(value + 0.5) if math.isfinite(value) else value


def translate(text: str, old: str, new: str) -> str:
    """fn:translate."""
    table: dict[int, str | None] = {}
    for number, character in enumerate(old):
        table.setdefault(ord(character), new[number] if number < len(new) else None)
    return text.translate(table)


def codepoints_to_string(items: Iterable[Any]) -> str:
    """fn:codepoints-to-string."""
    codes = [to_integer(each) or 0 for each in atoms(items)]
    for code in codes:
        if not (code in (9, 10, 13) or 32 <= code < 0x110000) or 0xD800 <= code < 0xE000:
            raise Unevaluable(f"{code} is the code of no character that XML allows")
    return "".join(map(chr, codes))


def matches(text: str, pattern: str, flags: str = "") -> bool:
    """fn:matches."""
    return compiled(pattern, flags).search(text) is not None


def replace(text: str, pattern: str, new: str, flags: str = "") -> str:
    """fn:replace."""
    expression = compiled(pattern, flags)
    if expression.search("") is not None:
        raise Unevaluable(f"the regular expression {pattern!r} matches an empty text")
    parts = replacement(new, expression.groups)
    return expression.sub(
        lambda m: "".join(p if isinstance(p, str) else m[p] or "" for p in parts), text
    )


def tokenize(text: str, pattern: str, flags: str = "") -> list[str]:
    """fn:tokenize; an empty text has no tokens."""
    expression = compiled(pattern, flags)
    if expression.search("") is not None:
        raise Unevaluable(f"the regular expression {pattern!r} matches an empty text")
    if not text:
        return []
    found, end = [], 0
    for match in expression.finditer(text):
        found.append(text[end : match.start()])
        end = match.end()
    return [*found, text[end:]]


def words(text: str) -> list[str]:
    """fn:tokenize without a pattern."""
    return [word for word in normalize_space(text).split(" ") if word]


def listed_in(text: str, words_of_list: frozenset[str], whole: str) -> bool:
    """`contains(list, concat(' ', text, ' '))`."""
    return f" {text} " in whole if " " in text else text in words_of_list


def concat(*items: Any) -> str:
    """fn:concat of optional items."""
    return "".join([string(item) for item in items])


def string_join(items: Iterable[Any], separator: str = "") -> str:
    """fn:string-join."""
    return separator.join([string(item) for item in items])


def distinct_values(items: Iterable[Any]) -> list[Any]:
    """fn:distinct-values: untyped values are strings, numbers of all types are one kind."""
    found: dict[Any, Any] = {}
    for item in atoms(items):
        if isinstance(item, str):
            found.setdefault(("text", str(item)), item)
        elif isinstance(item, bool):
            found.setdefault(("truth", item), item)
        else:
            found.setdefault("NaN" if item != item else item, item)
    return list(found.values())


def distinct_texts(texts: Iterable[str]) -> list[str]:
    """fn:distinct-values of strings."""
    return list(dict.fromkeys(texts))


def number(items: Any) -> float:
    """fn:number: NaN for what is no number."""
    item = only(items)
    if item is None:
        return math.nan
    try:
        return to_double(item.text if isinstance(item, Node) else item)
    except Unevaluable:
        return math.nan


def local_name(node: Node | None) -> str:
    """fn:local-name of an optional node."""
    return "" if node is None else node.name.rpartition("}")[2]


def namespace_uri(node: Node | None) -> str:
    """fn:namespace-uri of an optional node."""
    return node.name[1:].partition("}")[0] if node is not None and node.name[:1] == "{" else ""


def name(node: Node | None) -> str:
    """fn:name of an optional node, with the prefix of the document."""
    if node is None or node.kind not in (ELEMENT, ATTRIBUTE):
        return ""
    local = local_name(node)
    if node.kind == ELEMENT:
        prefix = node.element.prefix
    else:
        uri, declared = namespace_uri(node), node.parent.element.nsmap
        prefix = next((p for p, u in declared.items() if p and u == uri), None)
    return f"{prefix}:{local}" if prefix else local


def shown(items: Iterable[Any], separator: str = " ") -> str:
    """xsl:value-of: the texts of all items."""
    return separator.join([string(item) for item in items])


def starts_with(text: str, start: str) -> bool:
    """fn:starts-with."""
    return text.startswith(start)


def ends_with(text: str, end: str) -> bool:
    """fn:ends-with."""
    return text.endswith(end)


def floor(item: Any) -> Any:
    """fn:floor of an optional number."""
    return _whole(item, math.floor)


def ceiling(item: Any) -> Any:
    """fn:ceiling of an optional number."""
    return _whole(item, math.ceil)


def _whole(item: Any, rounded: Callable[[Any], int]) -> Any:
    if item is None:
        return None
    if isinstance(item, float):
        return math.copysign(rounded(item), item) if math.isfinite(item) else item
    return type(item)(rounded(item))


def index_of(items: Iterable[Any], wanted: Any) -> list[int]:
    """fn:index-of, for strings and numbers."""
    found = atoms(items)
    texts = isinstance(wanted, str)
    return [
        n for n, item in enumerate(found, 1) if isinstance(item, str) == texts and item == wanted
    ]


def as_untyped(texts: Iterable[str]) -> list[Untyped]:
    """Untyped values among other items."""
    return [Untyped(text) for text in texts]


def subsequence(items: Any, start: Any, *length: Any) -> Any:
    """fn:subsequence."""
    first = _place(start)
    last = first + _place(length[0]) if length else math.inf
    return [item for n, item in enumerate(items, 1) if first <= n < last]


def exact(number: Any) -> Decimal:
    """An integer or decimal as a decimal."""
    return number if type(number) is Decimal else Decimal(number)
