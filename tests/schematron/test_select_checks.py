"""Composition: some checks of a rule set, at other severities, without a change of who matches."""

import pytest
from rule_examples import form_of, ids, run

from einvoice.errors import UsageError
from einvoice.schematron.select_checks import select_checks

RULES = """<pattern id="p">
      <rule context="s:line[@no='1']"><report id="BR-01" test="true()">.</report></rule>
      <rule context="s:line[@no='2']"><report id="XX-02" test="true()">.</report></rule>
      <rule context="s:line"><report id="BR-03" test="true()" flag="fatal">.</report>
        <report id="XX-03" test="true()">.</report><report test="true()">no id</report></rule>
      <rule context="s:id"><report id="XX-04" test="true()">.</report></rule></pattern>
    <pattern id="q"><rule context="s:id"><report id="XX-05" test="true()">.</report></rule>
    </pattern>"""


def test_all_is_the_default(tmp_path) -> None:
    form = form_of(tmp_path, RULES)
    assert select_checks(form) == form


def test_a_rule_without_checks_still_takes_its_nodes(tmp_path) -> None:
    chosen = select_checks(form_of(tmp_path, RULES), include=["BR-*"])
    assert ids(run(chosen)) == ["BR-01", "BR-03"]
    (pattern,) = chosen.patterns
    assert [len(rule.checks) for rule in pattern.rules] == [1, 0, 1]


def test_exclusion_counts_more_than_inclusion(tmp_path) -> None:
    chosen = select_checks(form_of(tmp_path, RULES), include=["BR-*", "XX-0[35]"], exclude=["*3"])
    assert ids(run(chosen)) == ["BR-01", "XX-05"]


def test_severities_change_by_the_first_pattern_that_matches(tmp_path) -> None:
    flags = {"BR-03": "warning", "BR-*": "fatal", "*": "info"}
    found = run(select_checks(form_of(tmp_path, RULES), flags=flags))
    assert {each.rule: each.flag for each in found} == {
        "BR-01": "fatal",
        "XX-02": "info",
        "BR-03": "warning",
        "XX-03": "info",
        None: "info",
        "XX-04": "info",
        "XX-05": "info",
    }


def test_a_pattern_that_matches_nothing_is_a_mistake(tmp_path) -> None:
    with pytest.raises(UsageError, match=r"unknown check 'BR-9\*'; known: BR-01, BR-03"):
        select_checks(form_of(tmp_path, RULES), include=["BR-*", "BR-9*"])
