"""Each node finds its rule, and a document pays only for the checks that it calls for."""

from pathlib import Path

import msgspec
import pytest
from lxml import etree

from einvoice.artefacts import locate
from einvoice.rulesets.catalogue import RULESETS, Stylesheet
from einvoice.schematron.compile import compile_program, compile_ruleset
from einvoice.schematron.evaluate import CompiledRuleSet, Program
from einvoice.schematron.ir import Check, Rule, RulePattern, RuleSetForm
from einvoice.schematron.read_xslt import read_xslt
from einvoice.schematron.tree import Tree
from einvoice.schematron.xpath.parser import parse_expression
from einvoice.schematron.xpath.patterns import parse_pattern
from einvoice.xml.parse import parse

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
XML = """<r><a k="1"><b>x</b><a><b>y</b></a></a><c><b/></c><Amount>1</Amount></r>"""


def rule(context: str, name: str, *, ends: bool = False, test: str = "true()") -> Rule:
    check = Check(
        id=name, report=True, test=parse_expression(test, {}), flag=None, message=(), line=1
    )
    return Rule(context=parse_pattern(context, {}), lets=(), checks=(check,), ends=ends)


def form(*patterns: tuple[Rule, ...], attributes: bool = True) -> RuleSetForm:
    made = tuple(RulePattern(rules=rules, attributes=attributes) for rules in patterns)
    return RuleSetForm(title="x", lets=(), functions=(), patterns=made, origin="/nowhere/x.sch")


def fired(*patterns: tuple[Rule, ...], xml: str = XML, attributes: bool = True) -> list[str]:
    rules = compile_ruleset(form(*patterns, attributes=attributes))
    found = rules.run(Tree(etree.fromstring(xml)))
    return [f"{each.rule} {each.location.replace('Q{}', '').replace('[1]', '')}" for each in found]


def test_the_first_rule_that_matches_is_the_only_one_of_its_pattern() -> None:
    rules = (rule("a/b[. = 'x']", "1"), rule("a//b", "2"), rule("b", "3"))
    assert fired(rules) == ["1 /r/a/b", "2 /r/a/a/b", "3 /r/c/b"]
    assert fired(rules[1:], rules[2:]) == [
        *("2 /r/a/b", "2 /r/a/a/b", "3 /r/c/b"),
        *("3 /r/a/b", "3 /r/a/a/b", "3 /r/c/b"),
    ]


def test_a_rule_without_checks_that_are_called_for_still_takes_its_nodes() -> None:
    assert fired((rule("a/b", "1", test="none"), rule("b", "2"))) == ["2 /r/c/b"]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ("/", ["1 /"]),
        ("/r", ["1 /r"]),
        ("/b", []),
        ("/r//b", ["1 /r/a/b", "1 /r/a/a/b", "1 /r/c/b"]),
        ("a/a/b | c/b", ["1 /r/a/a/b", "1 /r/c/b"]),
        ("(a|c)/b", ["1 /r/a/b", "1 /r/a/a/b", "1 /r/c/b"]),
        ("a[@k]//b", ["1 /r/a/b", "1 /r/a/a/b"]),
        ("a[@k]/b", ["1 /r/a/b"]),
        ("@k", ["1 /r/a/@k"]),
        ("a/@*[. > 0]", ["1 /r/a/@k"]),
        ("//*[ends-with(name(), 'ount')]", ["1 /r/Amount"]),
        ("//*[not(ends-with(name(), 'b')) and not(self::r)]", [
            "1 /r/a", "1 /r/a/a", "1 /r/c", "1 /r/Amount"]),
        ("*[not(*) and not(normalize-space())]", ["1 /r/c/b"]),
        ("r/*[2]", None),
        ("a[1]", ["1 /r/a", "1 /r/a/a"]),
        ("b[last()]", ["1 /r/a/b", "1 /r/a/a/b", "1 /r/c/b"]),
    ],
)  # fmt: skip
def test_contexts(context, expected) -> None:
    if expected is None:
        with pytest.raises(Exception, match="place among siblings"):
            fired((rule(context, "1"),))
    else:
        assert fired((rule(context, "1"),)) == expected


def test_attributes_are_taken_only_where_the_pattern_takes_them() -> None:
    assert fired((rule("@k", "1"),), attributes=False) == []


def test_a_pattern_does_not_go_on_below_a_rule_that_ends() -> None:
    rules = (rule("a[@k]", "1", ends=True), rule("b", "2"))
    assert fired(rules) == ["1 /r/a", "2 /r/c/b"]


def without_guards(program: Program) -> CompiledRuleSet:
    checks = tuple(msgspec.structs.replace(c, guards=None) for c in program.table.checks)
    return CompiledRuleSet(
        Program(code=program.code, table=msgspec.structs.replace(program.table, checks=checks))
    )


@pytest.mark.parametrize("name", [r.name for r in RULESETS if isinstance(r.source, Stylesheet)])
def test_the_checks_that_are_left_out_would_not_fire(name) -> None:
    ruleset = next(r for r in RULESETS if r.name == name)
    assert isinstance(ruleset.source, Stylesheet)
    program = compile_program(read_xslt(locate(ruleset.source.file)))
    guarded, all_of_them = CompiledRuleSet(program), without_guards(program)
    for path in sorted(SAMPLES.glob("*/invoice.xml")):
        root = parse(path.read_bytes())
        if root.tag in ruleset.roots and path.parent.name != "lines-500":
            tree = Tree(root)
            assert guarded.run(tree) == all_of_them.run(tree), path.parent.name
