"""Reads the XSLT instructions that functions, variables and keys of rule sets are written in.

They become expressions where an expression says the same: choices become `if`, variables become
lets of the whole function. Where none does, Saxon has to run them as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy

import msgspec
from lxml import etree

from einvoice.schematron.ir import INSTRUCTIONS, Function, Key, Let
from einvoice.schematron.reading import FILE, XSD, XSL, Reader, content, elements, label
from einvoice.schematron.references import renamed
from einvoice.schematron.xpath.syntax import Call, Expression, For, If, Sequence, Text, Variable
from einvoice.xml.names import line_of

_ITEMS = "item()*"
#: What could be read as a number, and then is one in a comparison.
_NUMBER = re.compile(r"^\s*([-+]?[\d.]+([eE][-+]?\d+)?|-?INF|NaN)\s*$")
_EMPTY = Sequence(())
#: Types whose values are made from the text that value-of gives.
_FROM_TEXT = frozenset(
    f"xs:{name}" for name in ("string", "boolean", "decimal", "integer", "double", "date")
)


class _Scope(msgspec.Struct):
    """What instructions are read in: the type that is wanted, and the variables so far."""

    reader: Reader
    type: str = _ITEMS
    names: dict[str, str] = {}  #: variable as written -> its name among the lets
    lets: list[Let] = []
    taken: set[str] = set()  #: names of parameters and lets

    def below(self, wanted: str | None = None) -> _Scope:
        """The scope of instructions inside another one: its variables end with it."""
        return _Scope(self.reader, wanted or self.type, dict(self.names), self.lets, self.taken)

    def expression(self, element: etree._Element, attribute: str) -> Expression:
        """The expression in an attribute."""
        text = self.reader.attributes(element, attribute, "separator name as")[attribute]
        return renamed(self.reader.expression(element, text), self.names)


def read_function(reader: Reader, element: etree._Element) -> Function:
    """`xsl:function`."""
    reader.take_prefixes(element)
    given = reader.attributes(element, "name", "as")
    name = reader.clark(element, given["name"])
    if not name.startswith("{"):
        reader.fail(element, "the name of a function needs a prefix")
    parameters = tuple(
        _parameter(reader, each) for each in elements(element) if each.tag == f"{XSL}param"
    )
    wanted = _type(given) or _ITEMS
    scope = _Scope(reader, wanted, taken={each for each, _ in parameters})
    result = _body(scope, element, skip=len(parameters))
    return Function(
        name=name,
        parameters=parameters,
        lets=tuple(scope.lets),
        result=INSTRUCTIONS if result is None else result,
        type=wanted,
        written=_as_written(element),
        line=line_of(element),
        file=reader.other_file(element),
    )


def _parameter(reader: Reader, element: etree._Element) -> tuple[str, str]:
    given = reader.attributes(element, "name", "as")
    reader.expect_empty(element)
    return given["name"], _type(given) or _ITEMS


def read_key(reader: Reader, element: etree._Element) -> Key:
    """`xsl:key`."""
    reader.take_prefixes(element)
    given = reader.attributes(element, "name match use")
    reader.expect_empty(element)
    return Key(
        name=given["name"],
        match=reader.match(element, given["match"]),
        use=reader.expression(element, given["use"]),
        written=_as_written(element),
        line=line_of(element),
    )


def read_variable(reader: Reader, element: etree._Element) -> Let:
    """`xsl:variable`, or `xsl:param` of a whole stylesheet with its default value."""
    given = reader.attributes(element, "name", "select as")
    common = {"name": given["name"], "type": _type(given), "line": line_of(element)}
    if "select" in given:
        reader.expect_empty(element)
        value = reader.expression(element, given["select"])
        return Let(value=value, written=given["select"], **common)  # type: ignore[arg-type]
    if next(content(element), None) is None:
        return Let(value=Text(""), written="''", **common)  # type: ignore[arg-type]
    reader.take_prefixes(element)
    value_or_none = _made(_Scope(reader), element)
    inner = "".join(_as_written(each) for each in elements(element))
    text = (element.text or "") + inner
    return Let(value=value_or_none or INSTRUCTIONS, content=text, **common)  # type: ignore[arg-type]


def _type(given: dict[str, str]) -> str | None:
    return " ".join(given["as"].split()) if "as" in given else None


def _as_written(element: etree._Element) -> str:
    copy = deepcopy(element)
    copy.attrib.pop(FILE, "")
    return etree.tostring(copy, encoding="unicode", with_tail=True)


# Each reads an instruction, and gives None where no expression says the same.


def _body(scope: _Scope, parent: etree._Element, skip: int = 0) -> Expression | None:
    """The instructions in an element, after so many child elements that are none."""
    found: list[Expression | None] = []
    for part in list(content(parent))[skip:]:
        if isinstance(part, str):
            found.append(_from_text(scope, Text(part)))
            continue
        read = _INSTRUCTIONS.get(str(part.tag))
        if read is None:
            scope.reader.refuse(part, f"in {_place(parent)}")
        value = read(scope, part)
        if part.tag != f"{XSL}variable":
            found.append(value)
        elif value is None:
            found.append(None)
    known = tuple(each for each in found if each is not None)
    if len(known) < len(found):
        return None
    return known[0] if len(known) == 1 else Sequence(known)


def _place(parent: etree._Element) -> str:
    return "a variable with a body" if parent.tag == f"{XSL}variable" else label(parent)


def _variable(scope: _Scope, element: etree._Element) -> Expression | None:
    """Put a variable among the lets; under another name if there is one of that name already."""
    value = _made(scope, element)
    name = str(element.get("name"))
    unique = name
    while unique in scope.taken:
        unique += "#"
    scope.taken.add(unique)
    scope.names[name] = unique
    if value is not None:
        scope.lets.append(Let(name=unique, value=value, line=line_of(element)))
    return value


def _made(scope: _Scope, element: etree._Element) -> Expression | None:
    """The value of a variable; without a type its content makes a document, no expression."""
    given = scope.reader.attributes(element, "name", "select as")
    if "select" in given:
        scope.reader.expect_empty(element)
        return scope.expression(element, "select")
    value = _body(scope.below(_type(given)), element)
    return value if "as" in given else _constant(element)


def _constant(element: etree._Element) -> Expression | None:
    """A content of one text, no number: the document that it makes is always used as this text."""
    parts = list(content(element))
    if len(parts) != 1 or not isinstance(parts[0], str):
        return None
    return None if _NUMBER.search(parts[0]) else Text(parts[0])


def _choose(scope: _Scope, element: etree._Element) -> Expression | None:
    scope.reader.attributes(element)
    branches = elements(element)
    otherwise: Expression | None = _EMPTY
    if branches and branches[-1].tag == f"{XSL}otherwise":
        otherwise = _body(scope.below(), branches.pop())
    for branch in branches:
        if branch.tag != f"{XSL}when":
            scope.reader.refuse(branch, f"in {label(element)}")
    return _cases(scope, branches, otherwise)


def _if(scope: _Scope, element: etree._Element) -> Expression | None:
    return _cases(scope, [element], _EMPTY)


def _cases(
    scope: _Scope, branches: list[etree._Element], otherwise: Expression | None
) -> Expression | None:
    cases = [(scope.expression(b, "test"), _body(scope.below(), b)) for b in branches]
    result = otherwise
    for test, value in reversed(cases):
        result = None if value is None or result is None else If(test, value, result)
    return result


def _for_each(scope: _Scope, element: etree._Element) -> None:
    scope.expression(element, "select")
    _body(scope.below(), element)


def _sequence(scope: _Scope, element: etree._Element) -> Expression | None:
    scope.reader.expect_empty(element)
    return scope.expression(element, "select")


def _copy_of(scope: _Scope, element: etree._Element) -> None:
    scope.reader.expect_empty(element)
    scope.expression(element, "select")


def _value_of(scope: _Scope, element: etree._Element) -> Expression | None:
    """One text of all items, which the type makes a value of."""
    scope.reader.expect_empty(element)
    items = scope.expression(element, "select")
    separator = element.get("separator", " ")
    if "{" in separator:
        scope.reader.fail(element, "a computed separator is not known")
    texts = For("#item", items, Call("string", (Variable("#item"),)))
    return _from_text(scope, Call("string-join", (texts, Text(separator))))


def _text(scope: _Scope, element: etree._Element) -> Expression | None:
    scope.reader.attributes(element)
    for child in elements(element):
        scope.reader.refuse(child, f"in {label(element)}")
    return _from_text(scope, Text(element.text or ""))


def _from_text(scope: _Scope, text: Expression) -> Expression | None:
    """A text where a value is wanted; of no certain type it would be a text node."""
    name = scope.type.rstrip("?*+")
    if name not in _FROM_TEXT:
        return None
    kind = name.removeprefix("xs:")
    return text if kind == "string" else Call(f"{{{XSD}}}{kind}", (text,))


_INSTRUCTIONS: dict[str, Callable[[_Scope, etree._Element], Expression | None]] = {
    f"{XSL}variable": _variable,
    f"{XSL}choose": _choose,
    f"{XSL}if": _if,
    f"{XSL}for-each": _for_each,
    f"{XSL}sequence": _sequence,
    f"{XSL}value-of": _value_of,
    f"{XSL}copy-of": _copy_of,
    f"{XSL}text": _text,
}
