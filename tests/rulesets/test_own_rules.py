"""Every rule written here has a document that breaks it and one that passes, in both engines."""

from functools import cache
from pathlib import Path

import pytest
from rule_cases import CASES, Case, cases

from einvoice.artefacts import data_folder
from einvoice.schematron import saxon
from einvoice.schematron.compile import CompiledRuleSet, compile_ruleset
from einvoice.schematron.ir import RuleSetForm
from einvoice.schematron.read_sch import read_sch
from einvoice.schematron.svrl import Fired
from einvoice.schematron.tree import Tree
from einvoice.schematron.write_xslt import write_xslt
from einvoice.xml.parse import parse

SOURCES = {path.stem: path for path in sorted(data_folder("schematron").glob("*.sch"))}
ALL = [(name, case) for name in SOURCES for case in cases(name)]


@cache
def form(name: str) -> RuleSetForm:
    return read_sch(Path(SOURCES[name]))


@cache
def compiled(name: str) -> CompiledRuleSet:
    return compile_ruleset(form(name))


@cache
def stylesheet(name: str) -> str:
    return write_xslt(form(name))


def shown(fired: Fired) -> tuple[object, ...]:
    return fired.rule, fired.flag, fired.kind, fired.location, " ".join(fired.text.split())


def found(name: str, document: bytes) -> set[str | None]:
    """The ids of the rules that fire, once both engines have found the same."""
    ours = compiled(name).run(Tree(parse(document)))
    saxons = saxon.run(stylesheet(name), document)
    assert sorted(map(shown, ours), key=str) == sorted(map(shown, saxons), key=str)
    return {each.rule for each in ours}


@pytest.mark.parametrize("name", SOURCES)
def test_every_rule_has_a_case(name) -> None:
    checks = [c for p in form(name).patterns for rule in p.rules for c in rule.checks]
    assert {check.id for check in checks} == {case.rule for case in cases(name)}


@pytest.mark.parametrize(("name", "case"), ALL, ids=lambda value: str(value))
def test_a_rule_fires_where_it_is_broken_and_only_there(name: str, case: Case) -> None:
    assert case.rule in found(name, case.breaks)
    assert case.rule not in found(name, case.passes)


def test_no_case_file_is_forgotten() -> None:
    assert {path.stem for path in CASES.glob("*.toml")} == set(SOURCES)
