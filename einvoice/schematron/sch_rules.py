"""Reads the patterns, rules and checks of an ISO Schematron source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from lxml import etree

from einvoice.schematron.ir import Check, Diagnostic, Let, Rule, RulePattern
from einvoice.schematron.reading import Reader, elements, label
from einvoice.schematron.references import renamed
from einvoice.schematron.sch_files import SCH
from einvoice.schematron.xpath.lexer import tokens
from einvoice.schematron.xpath.syntax import Expression, KindTest, Pattern
from einvoice.schematron.xpath.syntax import Sequence as Items
from einvoice.xml.names import line_of

#: Elements for human readers only.
PROSE = frozenset((f"{SCH}title", f"{SCH}p"))
#: Stands between the name of a let and the number of its pattern, where names clash.
RENAMED = "_pattern_"
_INLINE = frozenset((f"{SCH}emph", f"{SCH}span", f"{SCH}dir"))
_XML = "{http://www.w3.org/XML/1998/namespace}"
#: Attributes that say nothing about the outcome.
LINKS = f"see icon fpi {_XML}lang {_XML}space"

_Part = TypeVar("_Part")
_Message = tuple[tuple[str | Expression, ...], tuple[str, ...]]


class RuleReader:
    """Reads patterns, with the diagnostics that their checks name."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._diagnostics: dict[str, Diagnostic] = {}

    def take_diagnostics(self, groups: list[etree._Element]) -> None:
        """Read what checks may refer to."""
        reader = self._reader
        for group in groups:
            reader.attributes(group)
            for each in elements(group):
                if each.tag != f"{SCH}diagnostic":
                    reader.refuse(each, f"in {label(group)}")
                identity = reader.attributes(each, "id", f"role {LINKS}")["id"]
                message, shown = self._message(each)
                self._diagnostics[identity] = Diagnostic(id=identity, message=message, shown=shown)

    def pattern(self, element: etree._Element) -> tuple[RulePattern, tuple[Let, ...]]:
        """A pattern that is not abstract, and its lets."""
        reader = self._reader
        given = reader.attributes(element, optional=f"id role abstract {LINKS}")
        rules: list[Rule] = []
        lets: list[Let] = []
        title = element.findtext(f"{SCH}title")
        for child in elements(element):
            if child.tag == f"{SCH}rule":
                rules.append(self._rule(child))
            elif child.tag == f"{SCH}let":
                lets.append(read_let(reader, child))
            elif child.tag not in PROSE:
                reader.refuse(child, f"in {label(element)}")
        pattern = RulePattern(
            rules=tuple(rules),
            attributes=any(_is_attribute(each) for rule in rules for each in rule.context),
            id=given.get("id"),
            name=" ".join(title.split()) if title else None,
            line=line_of(element),
        )
        return pattern, tuple(lets)

    def _rule(self, element: etree._Element) -> Rule:
        reader = self._reader
        given = reader.attributes(element, "context", f"id flag role abstract {LINKS}")
        lets: list[Let] = []
        checks: list[Check] = []
        for child in elements(element):
            if child.tag == f"{SCH}let":
                lets.append(read_let(reader, child))
            elif child.tag in (f"{SCH}assert", f"{SCH}report"):
                checks.append(self._check(child))
            elif child.tag not in PROSE:
                reader.refuse(child, f"in {label(element)}")
        if len({let.name for let in lets}) < len(lets):
            reader.fail(element, "two lets in it have the same name")
        context = reader.match(element, given["context"])
        if any(_is_other_node(each) for each in context):
            reader.fail(element, "a context of other nodes than elements and attributes")
        return Rule(
            context=context,
            lets=tuple(lets),
            checks=tuple(checks),
            ends=False,
            id=given.get("id"),
            flag=given.get("flag"),
            role=given.get("role"),
            written=given["context"],
            line=line_of(element),
            file=reader.other_file(element),
        )

    def _check(self, element: etree._Element) -> Check:
        reader = self._reader
        known = f"id flag role diagnostics properties {LINKS}"
        given = reader.attributes(element, "test", known)
        message, shown = self._message(element)
        return Check(
            id=given.get("id"),
            report=element.tag == f"{SCH}report",
            test=reader.expression(element, given["test"]),
            flag=given.get("flag") or given.get("role"),
            message=message,
            line=line_of(element) or 0,
            role=given.get("role"),
            written=given["test"],
            shown=shown,
            diagnostics=tuple(
                self._diagnostic(element, name) for name in given.get("diagnostics", "").split()
            ),
            file=reader.other_file(element),
        )

    def _diagnostic(self, element: etree._Element, name: str) -> Diagnostic:
        if name not in self._diagnostics:
            self._reader.fail(element, f"there is no diagnostic {name!r}")
        return self._diagnostics[name]

    def _message(self, element: etree._Element) -> _Message:
        parts: list[str | Expression] = []
        shown: list[str] = []
        self._add_message(element, parts, shown)
        return tuple(part for part in parts if part != ""), tuple(shown)

    def _add_message(
        self, element: etree._Element, parts: list[str | Expression], shown: list[str]
    ) -> None:
        reader = self._reader
        parts.append(element.text or "")
        for child in elements(element):
            if child.tag in _INLINE:
                reader.attributes(child, optional=f"class value {LINKS}")
                self._add_message(child, parts, shown)
            elif child.tag in (f"{SCH}value-of", f"{SCH}name"):
                shown.append(self._shown(child))
                parts.append(Items((reader.expression(child, shown[-1]),)))
            else:
                reader.refuse(child, f"in {label(element)}")
            parts.append(child.tail or "")

    def _shown(self, element: etree._Element) -> str:
        """The expression of value-of, or of the name of a node."""
        self._reader.expect_empty(element)
        if element.tag == f"{SCH}value-of":
            return self._reader.attributes(element, "select")["select"]
        path = self._reader.attributes(element, optional="path").get("path")
        return f"name({path})" if path else "name(.)"


def read_let(reader: Reader, element: etree._Element) -> Let:
    """A let of any level."""
    given = reader.attributes(element, "name value", "as")
    reader.expect_empty(element)
    return Let(
        name=given["name"],
        value=reader.expression(element, given["value"]),
        type=given.get("as"),
        written=given["value"],
        line=line_of(element),
        file=reader.other_file(element),
    )


def _is_attribute(pattern: Pattern) -> bool:
    return bool(pattern.steps) and pattern.steps[-1].axis == "attribute"


def _is_other_node(pattern: Pattern) -> bool:
    """Whether a context is of texts, comments or the like, which are not walked."""
    test = pattern.steps[-1].test if pattern.steps else None
    return isinstance(test, KindTest) and test.kind not in ("element", "attribute")


def with_names(part: _Part, names: Mapping[str, str]) -> _Part:
    """A part of a rule set with variables under other names, parsed and as written."""
    if not names:
        return part
    if isinstance(part, tuple):
        return tuple(with_names(each, names) for each in part)  # type: ignore[return-value]
    if not isinstance(part, Let | Rule | RulePattern | Check | Diagnostic):
        return renamed(part, names)
    fields = part.__struct_fields__
    changed: dict[str, Any] = {field: with_names(getattr(part, field), names) for field in fields}
    if "written" in changed:
        changed["written"] = _text_with_names(changed["written"], names)
    if "shown" in changed:
        changed["shown"] = tuple(_text_with_names(each, names) for each in changed["shown"])
    if isinstance(part, Let):
        changed["name"] = names.get(part.name, part.name)
    return msgspec.structs.replace(part, **changed)


def _text_with_names(text: str, names: Mapping[str, str]) -> str:
    """An expression with its variables under other names, those that it binds itself, too."""
    found = tokens(text)
    for dollar, name in reversed(list(zip(found, found[1:], strict=False))):
        if dollar.value == "$" and name.value in names:
            end = name.position + len(name.value)
            text = text[: name.position] + names[name.value] + text[end:]
    return text
