"""Resolves what is abstract in an ISO Schematron source: patterns with parameters, and rules."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from einvoice.schematron.reading import FILE, Reader, elements, label
from einvoice.schematron.sch_files import SCH

_RULE, _PATTERN, _PARAM = f"{SCH}rule", f"{SCH}pattern", f"{SCH}param"
#: Attributes that hold expressions, in which `$name` stands for a parameter.
_QUERIES = ("context", "test", "select", "value", "path")


def resolve(reader: Reader, schema: etree._Element) -> None:
    """Leave only patterns and rules that are not abstract, complete."""
    patterns = [each for each in elements(schema) if each.tag == _PATTERN]
    abstract = _by_id(reader, [each for each in patterns if _is_abstract(reader, each)])
    for pattern in patterns:
        if "is-a" in pattern.attrib:
            _instantiate(reader, pattern, abstract)
    for pattern in abstract.values():
        schema.remove(pattern)
    _resolve_rules(reader, schema)


def _is_abstract(reader: Reader, element: etree._Element) -> bool:
    value = element.get("abstract", "false")
    if value not in ("true", "false"):
        reader.fail(element, f"abstract is {value!r}, neither true nor false")
    return value == "true"


def _by_id(reader: Reader, found: list[etree._Element]) -> dict[str, etree._Element]:
    named: dict[str, etree._Element] = {}
    for each in found:
        identity = each.get("id")
        if identity is None:
            reader.fail(each, "what is abstract needs an id")
        if identity in named:
            reader.fail(each, f"there are two abstract ones of the id {identity!r}")
        named[identity] = each
    return named


def _instantiate(
    reader: Reader, pattern: etree._Element, abstract: dict[str, etree._Element]
) -> None:
    """Fill a pattern with the content of its abstract one, parameters put in."""
    name = str(pattern.attrib.pop("is-a"))
    if name not in abstract:
        reader.fail(pattern, f"there is no abstract pattern {name!r}")
    reader.count(pattern)
    values = _parameters(reader, pattern)
    copy = deepcopy(abstract[name])
    reader.mark(copy, reader.file_of(abstract[name]))
    defaults = _parameters(reader, copy, of_abstract=True)
    _substitute(reader, copy, {**defaults, **values})
    file = reader.file_of(copy)
    for child in elements(copy):
        reader.mark(child, file)
        pattern.append(child)


def _parameters(
    reader: Reader, pattern: etree._Element, *, of_abstract: bool = False
) -> dict[str, str]:
    values: dict[str, str] = {}
    for child in elements(pattern):
        if child.tag == _PARAM:
            given = reader.attributes(child, "name value")
            reader.expect_empty(child)
            name = given["name"].strip()  # published sources have blanks behind it
            if name in values:
                reader.fail(child, f"the parameter {name!r} is given twice")
            values[name] = given["value"]
            pattern.remove(child)
        elif not of_abstract and child.tag not in (f"{SCH}title", f"{SCH}p"):
            reader.refuse(child, f"in {label(pattern)}, which takes all from an abstract one")
    return values


def _substitute(reader: Reader, pattern: etree._Element, values: dict[str, str]) -> None:
    """Put the parameters in for `$name`, in all expressions at once, as they stand."""
    if not values:
        return
    names = "|".join(re.escape(name) for name in sorted(values, key=len, reverse=True))
    # what goes on as a longer name or a prefix is another variable
    reference = re.compile(rf"\$({names})(?![\w\u00b7]|[\-.]+\w|:[^\W\d])")
    for element in pattern.iter(etree.Element):
        for attribute in _QUERIES:
            text = element.get(attribute)
            if text is not None and "$" in text:
                element.set(attribute, reference.sub(lambda m: values[m[1]], text))


def _resolve_rules(reader: Reader, schema: etree._Element) -> None:
    """Put the content of abstract rules in for `extends`, and leave the abstract rules out."""
    patterns = [each for each in elements(schema) if each.tag == _PATTERN]
    own = {each: _abstract_rules(reader, each) for each in patterns}
    everywhere: dict[str, etree._Element] = {}
    for rules in own.values():
        everywhere = {**rules, **everywhere}
    for pattern, rules in own.items():
        for rule in elements(pattern):
            if rule.tag == _RULE and not _is_abstract(reader, rule):
                _extend(reader, rule, {**everywhere, **rules}, ())
    for rules in own.values():
        for rule in rules.values():
            _remove(rule)


def _abstract_rules(reader: Reader, pattern: etree._Element) -> dict[str, etree._Element]:
    rules = [each for each in elements(pattern) if each.tag == _RULE]
    abstract = [each for each in rules if _is_abstract(reader, each)]
    for rule in abstract:
        if "context" in rule.attrib:
            reader.fail(rule, "an abstract rule has no context")
    return _by_id(reader, abstract)


def _extend(
    reader: Reader, rule: etree._Element, known: dict[str, etree._Element], above: tuple[str, ...]
) -> None:
    for extends in elements(rule):
        if extends.tag != f"{SCH}extends":
            continue
        name = reader.attributes(extends, "rule")["rule"]
        reader.expect_empty(extends)
        if name not in known:
            reader.fail(extends, f"there is no abstract rule {name!r}")
        if name in above:
            reader.fail(extends, f"the abstract rule {name!r} extends itself")
        reader.count(extends)
        copy = deepcopy(known[name])
        _extend(reader, copy, known, (*above, name))
        for child in elements(copy):
            if child.get(FILE) is None:
                reader.mark(child, reader.file_of(known[name]))
            extends.addprevious(child)
        rule.remove(extends)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
