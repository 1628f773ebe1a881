"""Evaluates one XPath expression with Saxon and with the compiled engine."""

from __future__ import annotations

from functools import cache
from typing import Any

import saxonche
from lxml import etree

from einvoice.schematron.compile import CompiledRuleSet, compile_ruleset
from einvoice.schematron.ir import Check, Let, Rule, RulePattern, RuleSetForm
from einvoice.schematron.svrl import Kind
from einvoice.schematron.tree import Tree
from einvoice.schematron.xpath.parser import parse_expression
from einvoice.schematron.xpath.patterns import parse_pattern

NAMESPACES = {"xs": "http://www.w3.org/2001/XMLSchema", "p": "urn:p"}
FAILED = "an error"


def document(*values: str) -> bytes:
    """`<r><v>…</v>…</r>`, each value in an attribute, too."""
    root = etree.Element("r", nsmap={"p": "urn:p"})
    for value in values:
        etree.SubElement(root, "v", a=value).text = value
    return etree.tostring(root, encoding="UTF-8")


@cache
def _processor() -> tuple[Any, Any]:
    processor = saxonche.PySaxonProcessor(license=False)
    xpath = processor.new_xpath_processor()
    for prefix, uri in NAMESPACES.items():
        xpath.declare_namespace(prefix, uri)
    return processor, xpath


def by_saxon(expression: str, xml: bytes) -> str:
    """The strings of the items, or FAILED."""
    processor, xpath = _processor()
    try:
        node = processor.parse_xml(xml_text=xml.decode())
        xpath.set_context(xdm_item=node)
        # a predicate makes the document element the context, as in a rule
        found = xpath.evaluate(
            f"for $c in /r return $c/string-join(({expression}) ! string(), ' ')"
        )
    except saxonche.PySaxonApiError:
        return FAILED
    return str(found.head.string_value)


def form_of(expression: str, *lets: tuple[str, str], context: str = "/r") -> RuleSetForm:
    """A rule set that reports the value of an expression."""

    def parsed(text: str) -> Any:
        return parse_expression(text, NAMESPACES)

    check = Check(
        id="X",
        report=True,
        test=parsed("true()"),
        flag=None,
        message=(parsed(expression),),
        line=1,
    )
    rule = Rule(
        context=parse_pattern(context, NAMESPACES),
        lets=tuple(Let(name=name, value=parsed(value)) for name, value in lets),
        checks=(check,),
        ends=False,
    )
    pattern = RulePattern(rules=(rule,), attributes=True)
    return RuleSetForm(
        title="x", lets=(), functions=(), patterns=(pattern,), origin="/nowhere/x.sch"
    )


@cache
def rules_for(expression: str) -> CompiledRuleSet:
    """The compiled rule set of an expression."""
    return compile_ruleset(form_of(expression))


def by_us(expression: str, xml: bytes) -> str:
    """The strings of the items, or FAILED."""
    (fired,) = rules_for(expression).run(Tree(etree.fromstring(xml)))
    return FAILED if fired.kind is Kind.ABORT else fired.text
