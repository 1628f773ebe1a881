"""Reads a rule from the template that the ISO Schematron skeleton made of it."""

from __future__ import annotations

from lxml import etree

from einvoice.schematron.instructions import read_variable
from einvoice.schematron.ir import Check, Diagnostic, Let, Rule
from einvoice.schematron.reading import XSL, Reader, content, elements, label
from einvoice.schematron.xpath.syntax import Expression
from einvoice.schematron.xpath.syntax import Sequence as Items
from einvoice.xml.names import line_of

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
APPLY = f"{XSL}apply-templates"
_OUTPUTS = {False: f"{SVRL}failed-assert", True: f"{SVRL}successful-report"}
_CONSTANTS = "id name flag role test context location document documents see icon fpi"
#: What a pattern goes on to below a node: whether attributes are among it. Comments and
#: processing instructions are in no document that we read.
_WALKS = {
    "*": False,
    "node()": False,
    "*|comment()|processing-instruction()": False,
    "@*|*": True,
    "*|@*": True,
    "@*|node()": True,
    "@*|*|comment()|processing-instruction()": True,
}


def read_rule(reader: Reader, template: etree._Element) -> Rule:
    """A template as a rule."""
    match = reader.attributes(template, "match", "mode priority")["match"]
    lets: list[Let] = []
    checks: list[Check] = []
    fired: dict[str, str] = {}
    ends = True
    for part in content(template):
        if isinstance(part, str):
            reader.fail(template, f"the text {part.strip()!r} is not known in a rule")
        if not ends:
            reader.refuse(part, "behind the end of a rule")
        if part.tag == f"{XSL}variable":
            lets.append(read_variable(reader, part))
        elif part.tag in (f"{XSL}choose", f"{XSL}if"):
            checks.append(_check(reader, part))
        elif part.tag == f"{SVRL}fired-rule":
            fired = constants(reader, part)
        elif part.tag == APPLY:
            walk(reader, part, str(template.get("mode")))
            ends = False
        else:
            reader.refuse(part, "in a rule")
    return Rule(
        context=reader.match(template, match),
        lets=tuple(lets),
        checks=tuple(checks),
        ends=ends,
        id=fired.get("id"),
        flag=fired.get("flag"),
        role=fired.get("role"),
        written=match,
        line=line_of(template),
    )


def walk(reader: Reader, applied: etree._Element, mode: str) -> bool:
    """Whether a pattern goes on to attributes."""
    if applied.tag != APPLY:
        reader.refuse(applied, "in a rule")
    given = reader.attributes(applied, "select mode")
    select = "".join(given["select"].split())
    if select not in _WALKS or given["mode"] != mode:
        reader.fail(applied, f"going on to {select!r} in the mode {given['mode']!r} is not known")
    return _WALKS[select]


def _check(reader: Reader, part: etree._Element) -> Check:
    """An assertion is a choice whose first branch is empty, a report is a condition."""
    report = part.tag == f"{XSL}if"
    tested = holder = part
    if not report:
        branches = elements(part)
        if [each.tag for each in branches] != [f"{XSL}when", f"{XSL}otherwise"]:
            reader.fail(part, "no assertion of the skeleton")
        tested, holder = branches
        reader.expect_empty(tested)
    output = only_child(reader, holder)
    if output.tag != _OUTPUTS[report]:
        reader.refuse(output, f"in {label(holder)}")
    test = reader.attributes(tested, "test")["test"]
    texts = list(output.iterchildren(f"{SVRL}text"))
    if len(texts) != 1:
        reader.fail(output, f"{len(texts)} texts where one is expected")
    named = constants(reader, output)
    message, shown = _message(reader, texts[0])
    return Check(
        id=named.get("id"),
        report=report,
        test=reader.expression(tested, test),
        flag=named.get("flag") or named.get("role"),
        message=message,
        line=line_of(tested) or 0,
        role=named.get("role"),
        written=test,
        shown=shown,
        diagnostics=tuple(
            _diagnostic(reader, each) for each in output.iterchildren(f"{SVRL}diagnostic-reference")
        ),
    )


def _diagnostic(reader: Reader, element: etree._Element) -> Diagnostic:
    identity = reader.attributes(element, "diagnostic")["diagnostic"]
    message, shown = _message(reader, element)
    return Diagnostic(id=identity, message=message, shown=shown)


def _message(
    reader: Reader, text: etree._Element
) -> tuple[tuple[str | Expression, ...], tuple[str, ...]]:
    """The parts of a message, and its expressions as written."""
    parts: list[str | Expression] = []
    shown: list[str] = []
    for part in content(text):
        if isinstance(part, str):
            parts.append(part)
        elif part.tag == f"{XSL}text":
            reader.attributes(part)
            parts.append(part.text or "")
        elif part.tag == f"{XSL}value-of":
            select = reader.attributes(part, "select")["select"]
            reader.expect_empty(part)
            parts.append(Items((reader.expression(part, select),)))
            shown.append(select)
        else:
            reader.refuse(part, "in a message")
    return tuple(part for part in parts if part != ""), tuple(shown)


def constants(reader: Reader, output: etree._Element) -> dict[str, str]:
    """The attributes that an output element gets, literal or by xsl:attribute."""
    found = reader.attributes(output, optional=_CONSTANTS)
    for part in elements(output):
        if part.tag == f"{XSL}attribute":
            name = reader.attributes(part, "name")["name"]
            if name not in _CONSTANTS.split():
                reader.refuse(part, f"in {label(output)}")
            found[name] = (part.text or "").strip()
        elif part.tag not in (f"{SVRL}text", f"{SVRL}diagnostic-reference", APPLY):
            reader.refuse(part, f"in {label(output)}")
    return {name: value for name, value in found.items() if value}


def only_child(reader: Reader, parent: etree._Element) -> etree._Element:
    """The one element in an element."""
    found = list(content(parent))
    if len(found) != 1 or isinstance(found[0], str):
        reader.fail(parent, "one element is expected in it")
    return found[0]
