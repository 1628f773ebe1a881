"""`einvoice rules`: lists, explains and prepares."""

import pytest

from einvoice.rulesets import evaluators
from einvoice.rulesets.catalogue import RULESETS


@pytest.fixture
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    evaluators.compiled_rules.cache_clear()
    return tmp_path / "einvoice" / "rules"


def test_every_rule_set_is_listed_with_its_version(run) -> None:
    lines = run("rules", "list").output.splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in RULESETS]
    assert all(each.version in line for each, line in zip(RULESETS, lines, strict=True))


def test_a_rule_is_shown_in_every_rule_set_that_has_it(run) -> None:
    output = run("rules", "show", "br-co-15").output
    heads = [line for line in output.splitlines() if not line.startswith(" ")]
    assert "BR-CO-15  fatal  en16931-ubl 1.3.16" in heads
    assert "BR-CO-15  fatal  facturx-en16931 1.09.2" in heads
    assert "terms: BT-112 BT-109 BT-110" in output
    assert "demands: " in output


def test_a_rule_set_is_shown_with_all_its_rules(run) -> None:
    output = run("rules", "show", "br-fr-ubl").output
    assert "rules: 175 fatal" in output
    assert output.count("    BR-FR-") == 175


def test_an_unknown_name_lists_the_known_rule_sets(run) -> None:
    found = run("rules", "show", "nonsense")
    assert found.exit_code == 2
    assert "unknown rule or rule set 'nonsense'; known: en16931-ubl, " in found.output


def test_warm_leaves_compiled_rules_in_the_cache(run, cache) -> None:
    found = run("rules", "warm", "facturx-minimum", "br-fr-ubl")
    assert found.exit_code == 0
    assert "facturx-minimum 1.09: 119 checks compiled" in found.output
    assert f"kept in {cache}" in found.output
    assert len(list(cache.glob("*.rules"))) == 2


def test_warm_names_a_rule_set_that_saxon_will_run(run, cache, monkeypatch) -> None:
    cause = evaluators.NotCompiled("run by Saxon: rules.sch, line 3: no")
    monkeypatch.setattr(evaluators, "compiled_rules", lambda _: cause)
    assert "br-fr-ubl" in (output := run("rules", "warm", "br-fr-ubl").output)
    assert "run by Saxon, nothing to compile" in output


@pytest.mark.usefixtures("cache", "obeyed_permissions")
def test_a_cache_folder_that_cannot_be_written_is_an_error(run, tmp_path) -> None:
    tmp_path.chmod(0o500)
    found = run("rules", "warm", "br-fr-ubl")
    assert found.exit_code == 4
    assert "cannot be written" in found.output


@pytest.mark.usefixtures("cache")
def test_a_cache_folder_that_is_a_file_is_an_error(run, tmp_path) -> None:
    (tmp_path / "einvoice").write_text("")
    found = run("rules", "warm", "br-fr-ubl")
    assert found.exit_code == 4
    assert "cannot be written" in found.output
