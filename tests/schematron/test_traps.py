"""Where Saxon, XPath and Python are easily taken for the same thing and are not."""

import pytest
from lxml import etree

from einvoice.schematron.compile import compile_ruleset
from einvoice.schematron.svrl import Kind
from einvoice.schematron.tree import Tree
from tests.schematron.xpath_oracle import FAILED, by_saxon, by_us, document, form_of

SAME = [
    # untyped values against numbers and strings
    ("v[1] >= 0", ("NaN",), "true"),
    ("v[1] = number(v[2])", ("NaN", "NaN"), "false"),
    ("v[1] != number(v[2])", ("NaN", "NaN"), "true"),
    ("v[1] >= number(v[2])", ("1", "NaN"), "false"),
    ("v[1] = 0.0", ("-0",), "false"),
    ("v[1] = 0", ("-0",), "true"),
    ("v[1] > (0, 5)", ("NaN",), "false"),
    ("v[1] = 1", ("1.0",), "true"),
    ("v[1] = '1'", ("1.0",), "false"),
    ("v[1] = v[2]", ("1", "1.0"), "false"),
    ("v[1] < v[2]", ("9", "10"), "false"),
    ("v[1] eq 1", ("1",), FAILED),
    ("v[1] = true()", ("yes",), FAILED),
    ("v[1] = true()", ("1",), "true"),
    # decimals
    ("xs:decimal(v[1]) * 3 = 0.3", ("0.1",), "true"),
    ("xs:decimal(v[1]) + 1", ("1234567890123456789012345678901234567890.5",),
     "1234567890123456789012345678901234567891.5"),
    ("1 div 3", (), "0.333333333333333333"),
    ("2 div 3", (), "0.666666666666666667"),
    ("xs:decimal(v[1]) div 1.1", ("-0.005",), "-0.00454545454545454545"),
    ("round(xs:decimal(v[1]) * 100) div 100", ("-0.005",), "0"),
    ("round(xs:decimal(v[1]) * 100) div 100", ("0.005",), "0.01"),
    ("round(-2.5)", (), "-2"),
    ("xs:decimal(v[1])", ("1_0",), FAILED),
    ("xs:decimal(v[1])", ("1e3",), FAILED),
    ("xs:decimal(v[1])", ("\u0661",), FAILED),
    ("number(v[1])", ("1_0",), "NaN"),
    ("sum(v)", ("0.1", "0.2"), "0.30000000000000004"),
    ("1 div 0", (), FAILED),
    ("1e0 div 0", (), "INF"),
    # strings
    ("normalize-space(v[1])", ("\u00a0a\u00a0 \n b",), "\u00a0a\u00a0 b"),
    ("matches(v[1], '^a$')", ("a\n",), "false"),
    ("matches(v[1], '\\s')", ("\u00a0",), "false"),
    ("tokenize(v[1], '\\s+')[2]", ("a\u00a0b c",), "c"),
    ("contains(v[1], '')", ("a",), "true"),
    ("substring-after(v[9], '.') = ''", (), "true"),
    # how many items
    ("normalize-space(v)", ("a", "b"), FAILED),
    ("xs:decimal(v)", ("1", "2"), FAILED),
    ("v = 'b'", ("a", "b"), "true"),
    ("v[9] = v", ("a",), "false"),
    ("not(v[9] = 'a') and not(v[9] != 'a')", ("a",), "true"),
    ("boolean(('a', 'b'))", (), FAILED),
    ("boolean((v, 'b'))", ("a",), "true"),
    ("xs:decimal(v[9]) = 0", (), "false"),
    ("count(v | v)", ("a", "b"), "2"),
    # places
    ("v[3]/preceding-sibling::v[1]", ("a", "b", "c"), "b"),
    ("(v[3]/preceding-sibling::v)[1]", ("a", "b", "c"), "a"),
    ("//v[2]", ("a", "b"), "b"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "values", "expected"), SAME)
def test_as_saxon_has_it(expression, values, expected) -> None:
    xml = document(*values)
    assert by_saxon(expression, xml) == expected
    assert by_us(expression, xml) == expected


def found(form, *values: str) -> list[tuple[Kind, str]]:
    fired = compile_ruleset(form).run(Tree(etree.fromstring(document(*values))))
    return [(each.kind, each.text) for each in fired]


def test_a_variable_that_fails_costs_nothing_while_it_is_not_used() -> None:
    form = form_of("if (v = 'x') then 'unused' else $n", ("n", "xs:decimal(v[1]) + 0"))
    assert found(form, "x") == [(Kind.REPORT, "unused")]
    ((kind, text),) = found(form, "y")
    assert (kind, text) == (Kind.ABORT, 'cannot convert "y" to xs:decimal')


def test_an_error_in_a_context_means_that_it_does_not_match() -> None:
    form = form_of("'here'", context="v[xs:decimal(.) > 1]")
    assert found(form, "2", "many", "3") == [(Kind.REPORT, "here")] * 2


def test_texts_are_those_of_elements_without_their_comments() -> None:
    xml = b"<r><v>a<!-- no -->b<?no no?>c<w>d</w></v></r>"
    for expression in ("v", "v/text()", "count(v/node())", "string-join(//text(), '|')"):
        assert by_us(expression, xml) == by_saxon(expression, xml)


@pytest.mark.parametrize(
    "expression",
    [
        "count(for $a in 1 to 100000, $b in 1 to 100000 return 1)",
        "count(1 to 100000000000)",
        "some $a in 1 to 9999, $b in 1 to 9999, $c in 1 to 9999 satisfies $a + $b + $c = -1",
    ],
)
def test_what_would_run_without_end_is_stopped(expression) -> None:
    ((kind, text),) = found(form_of(expression))
    assert kind is Kind.ABORT
    assert "too long" in text
