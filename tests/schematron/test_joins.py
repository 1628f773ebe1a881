"""Conditions that join nodes by a value are answered by an index, with the same result."""

import time

import pytest
from lxml import etree

from einvoice.schematron.compile import compile_ruleset
from einvoice.schematron.tree import Tree
from tests.schematron.xpath_oracle import by_saxon, form_of, rules_for

JOINS = [
    "for $x in line return count(/r/line[parent = $x/id])",
    "for $x in line return count(//line[parent = $x/id and amount > 1])",
    "for $x in line return string-join(//line[parent = $x/id]/id, ',')",
    "for $x in line return sum(//line[amount > 1][parent = $x/id]/xs:decimal(amount))",
    "for $x in line/id return string-join($x/../../line[ref/id = $x]/id, '+')",
    "for $x in line/id return string-join($x/../../line[ref[kind = 'a' and id = $x]]/id, '+')",
    "for $x in line/id return count(($x/../../line | $x/../../other)[id = $x])",
    "for $x in line/xs:decimal(amount) return count(//line[xs:decimal(amount) = $x])",
    "for $x in line return exists(//line[id = $x/(parent | ref/id)])",
    "count(//id[. = preceding::id])",
    "count(//line[id = preceding::id])",
    "for $x in line return $x/parent = //line/id",
]


def lines(count: int, same: int = 3) -> bytes:
    root = etree.Element("r")
    for number in range(count):
        line = etree.SubElement(root, "line" if number % 5 else "other")
        etree.SubElement(line, "id").text = str(number % (count - 1))
        etree.SubElement(line, "parent").text = str(number // same)
        etree.SubElement(line, "amount").text = f"{number % 4}.0"
        ref = etree.SubElement(line, "ref")
        etree.SubElement(ref, "kind").text = "ab"[number % 2]
        etree.SubElement(ref, "id").text = str(number // 2)
    return etree.tostring(root)


@pytest.mark.parametrize("expression", JOINS)
def test_a_join_gives_what_saxon_gives(expression) -> None:
    xml = lines(30)
    (fired,) = rules_for(expression).run(Tree(etree.fromstring(xml)))
    assert fired.text == by_saxon(expression, xml)


@pytest.mark.parametrize(
    "test",
    [
        "count(/r/line[parent = $id]) > 9",
        "count(../line[parent = $id]) > 9",
        "count((../line | ../other)[ref[kind = 'a' and id = $id]]) > 9",
        "sum(//line[amount > 1][parent = $id]/amount) > 99",
        "id = preceding::id and parent = 'none'",
        "count(//line[id = $id]) > 9",
    ],
)
def test_the_cost_grows_with_the_lines_and_not_with_their_square(test) -> None:
    form = form_of(f"{test}", ("id", "id"), context="line")
    rules = compile_ruleset(form)

    def once(tree: Tree) -> float:
        start = time.process_time()
        rules.run(tree)
        return time.process_time() - start

    def duration(count: int) -> float:
        """The least of three, each on a tree of its own: indexes are part of the cost."""
        data = lines(count)
        return min(once(Tree(etree.fromstring(data))) for _ in range(3))

    duration(100)
    assert duration(8000) < 30 * max(duration(1000), 0.005)
