"""Reads the XSLT instructions that functions and variables of rule sets are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from einvoice.schematron.ir import (
    Body,
    Branch,
    Choose,
    CopyOf,
    ForEach,
    Function,
    Instruction,
    Key,
    Let,
    Parameter,
    Sequence,
    Text,
    ValueOf,
    Variable,
)
from einvoice.schematron.reading import FILE, XSL, Reader, elements, label, line_of


def read_function(reader: Reader, element: etree._Element) -> Function:
    """`xsl:function`."""
    _take_prefixes(reader, element)
    given = reader.attributes(element, "name", "as")
    name = reader.clark(element, given["name"])
    if not name.startswith("{"):
        reader.fail(element, f"{label(element)} needs a name with a prefix")
    rest = elements(element)
    parameters = []
    while rest and rest[0].tag == f"{XSL}param":
        parameters.append(_parameter(reader, rest.pop(0)))
    return Function(
        name=name,
        parameters=tuple(parameters),
        body=read_body(reader, element, skip=len(parameters)),
        type=_type(given),
        line=line_of(element),
    )


def _parameter(reader: Reader, element: etree._Element) -> Parameter:
    given = reader.attributes(element, "name", "as")
    if has_content(element):
        reader.fail(element, f"a default value of {label(element)} is not understood")
    return Parameter(given["name"], _type(given))


def read_key(reader: Reader, element: etree._Element) -> Key:
    """`xsl:key`."""
    _take_prefixes(reader, element)
    given = reader.attributes(element, "name match use")
    if has_content(element):
        reader.fail(element, f"the content of {label(element)} is not understood")
    return Key(
        name=given["name"],
        match=reader.match(element, given["match"]),
        use=reader.expression(element, given["use"]),
        line=line_of(element),
    )


def read_variable(reader: Reader, element: etree._Element) -> Let:
    """`xsl:variable`, or `xsl:param` of a whole stylesheet with its default value."""
    given = reader.attributes(element, "name", "select as")
    body = read_body(reader, element)
    if "select" in given and body:
        reader.fail(element, f"{label(element)} has both a select and a content")
    value = reader.expression(element, given["select"]) if "select" in given else body
    if value == ():
        value = (Text(""),)
    return Let(name=given["name"], value=value, type=_type(given), line=line_of(element))


def read_body(reader: Reader, parent: etree._Element, skip: int = 0) -> Body:
    """The instructions in an element, after so many child elements that are none."""
    found: list[Instruction] = []
    for part in list(content(parent))[skip:]:
        if isinstance(part, str):
            found.append(Text(part))
            continue
        read = _INSTRUCTIONS.get(str(part.tag))
        if read is None:
            reader.refuse(part)
        found.append(read(reader, part))
    return tuple(found)


def content(parent: etree._Element) -> Iterator[str | etree._Element]:
    """Child elements and text; text of white space alone does not count in a stylesheet."""
    if parent.text and parent.text.strip():
        yield parent.text
    for child in elements(parent):
        yield child
        if child.tail and child.tail.strip():
            yield child.tail


def has_content(element: etree._Element) -> bool:
    """Whether there is anything in an element."""
    return next(content(element), None) is not None


def read_value_of(reader: Reader, element: etree._Element) -> ValueOf:
    """`xsl:value-of`."""
    given = reader.attributes(element, "select", "separator")
    separator = given.get("separator", " ")
    if "{" in separator or "}" in separator:
        reader.fail(element, f"a computed separator of {label(element)} is not understood")
    _expect_empty(reader, element)
    return ValueOf(reader.expression(element, given["select"]), separator)


def read_text(reader: Reader, element: etree._Element) -> Text:
    """`xsl:text`, whose white space counts."""
    reader.attributes(element)
    for child in elements(element):
        reader.refuse(child)
    return Text(element.text or "")


def _variable(reader: Reader, element: etree._Element) -> Variable:
    return Variable(read_variable(reader, element))


def _choose(reader: Reader, element: etree._Element) -> Choose:
    reader.attributes(element)
    branches: list[Branch] = []
    otherwise: Body = ()
    for child in elements(element):
        last = child.getnext() is None
        if child.tag == f"{XSL}when":
            branches.append(_branch(reader, child))
        elif child.tag == f"{XSL}otherwise" and last:
            reader.attributes(child)
            otherwise = read_body(reader, child)
        else:
            reader.refuse(child)
    return Choose(tuple(branches), otherwise)


def _if(reader: Reader, element: etree._Element) -> Choose:
    return Choose((_branch(reader, element),))


def _branch(reader: Reader, element: etree._Element) -> Branch:
    given = reader.attributes(element, "test")
    return Branch(reader.expression(element, given["test"]), read_body(reader, element))


def _for_each(reader: Reader, element: etree._Element) -> ForEach:
    given = reader.attributes(element, "select")
    return ForEach(reader.expression(element, given["select"]), read_body(reader, element))


def _sequence(reader: Reader, element: etree._Element) -> Sequence:
    given = reader.attributes(element, "select")
    _expect_empty(reader, element)
    return Sequence(reader.expression(element, given["select"]))


def _copy_of(reader: Reader, element: etree._Element) -> CopyOf:
    given = reader.attributes(element, "select")
    _expect_empty(reader, element)
    return CopyOf(reader.expression(element, given["select"]))


def _expect_empty(reader: Reader, element: etree._Element) -> None:
    if has_content(element):
        reader.fail(element, f"{label(element)} must be empty")


def _type(given: dict[str, str]) -> str | None:
    return " ".join(given["as"].split()) if "as" in given else None


def _take_prefixes(reader: Reader, element: etree._Element) -> None:
    """The prefixes in scope of an element and of those below it."""
    for each in element.iter(etree.Element):
        used = {str(p): str(uri) for p, uri in each.nsmap.items() if p and uri != FILE[1:-5]}
        reader.declare(each, used)


_INSTRUCTIONS: dict[str, Callable[[Reader, etree._Element], Instruction]] = {
    f"{XSL}variable": _variable,
    f"{XSL}choose": _choose,
    f"{XSL}if": _if,
    f"{XSL}for-each": _for_each,
    f"{XSL}sequence": _sequence,
    f"{XSL}value-of": read_value_of,
    f"{XSL}copy-of": _copy_of,
    f"{XSL}text": read_text,
}
