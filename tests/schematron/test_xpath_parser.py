import pytest

from einvoice.schematron.xpath.lexer import XPathError
from einvoice.schematron.xpath.parser import parse_expression
from einvoice.schematron.xpath.patterns import parse_pattern
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    ContextItem,
    For,
    If,
    KindTest,
    NameTest,
    Negative,
    Number,
    Quantified,
    Root,
    Sequence,
    Slash,
    Step,
    Text,
    Typed,
    Variable,
)

SPACES = {"a": "urn:a", "xs": "http://www.w3.org/2001/XMLSchema"}
ONE = Step("child", NameTest("urn:a", "one"))
ANYWHERE = Step("descendant-or-self", KindTest("node"))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("'it''s'", Text("it's")),
        ("1", Number(1)),
        ("a:one", ONE),
        ("@x", Step("attribute", NameTest("", "x"))),
        ("..", Step("parent", KindTest("node"))),
        ("//a:one", Slash(Slash(Root(), ANYWHERE), ONE)),
        (
            "*:one/a:*",
            Slash(Step("child", NameTest(None, "one")), Step("child", NameTest("urn:a", None))),
        ),
        ("$x - 1", Binary("-", Variable("x"), Number(1))),
        ("- -1", Number(1)),
        ("-$x", Negative(Variable("x"))),
        ("1 + 2 * 3", Binary("+", Number(1), Binary("*", Number(2), Number(3)))),
        ("(1, 2)", Sequence((Number(1), Number(2)))),
        ("()", Sequence(())),
        ("if (1) then 2 else 3", If(Number(1), Number(2), Number(3))),
        ("for $x in 1 return $x", For("x", Number(1), Variable("x"))),
        ("some $x in 1 satisfies .", Quantified(False, "x", Number(1), ContextItem())),
        ("xs:decimal(1)", Call("{http://www.w3.org/2001/XMLSchema}decimal", (Number(1),))),
        (
            "1 cast as xs:date?",
            Typed("cast", Number(1), "{http://www.w3.org/2001/XMLSchema}date", "?"),
        ),
        ("not(: a (: nested :) comment :)(1)", Call("not", (Number(1),))),
        (
            "div div div",
            Binary("div", Step("child", NameTest("", "div")), Step("child", NameTest("", "div"))),
        ),
    ],
)
def test_expressions(text, tree) -> None:
    assert parse_expression(text, SPACES) == tree


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a:", "unexpected ':'"),
        ("b:one", "prefix 'b' is not declared"),
        ("1 +", "unexpected 'end'"),
        ("one two", "unexpected 'two'"),
        ("(1", "expected '\\)'"),
        ("up::one", "unknown axis 'up'"),
        ("(: no end", "comment does not end"),
        ("if (1) then 2", "expected 'else'"),
        ("#", "unexpected '#'"),
    ],
)
def test_what_is_no_xpath_says_where(text, reason) -> None:
    with pytest.raises(XPathError, match=f"{reason}.*line 7, character"):
        parse_expression(text, SPACES, line=7)


def test_patterns_have_an_alternative_for_each_branch() -> None:
    patterns = parse_pattern("/a:one/(a:two | a:three[@x])//@y | a:four", SPACES)
    shown = [([s.test.local for s in p.steps], p.gaps, p.rooted) for p in patterns]
    assert shown == [
        (["one", "two", "y"], (False, False, True), True),
        (["one", "three", "y"], (False, False, True), True),
        (["four"], (False,), False),
    ]
    assert len(patterns[1].steps[1].predicates) == 1


def test_what_is_no_pattern_is_refused() -> None:
    with pytest.raises(XPathError, match="no match pattern"):
        parse_pattern("a:one/..", SPACES)
