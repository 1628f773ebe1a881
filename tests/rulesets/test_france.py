from datetime import date
from pathlib import Path

import pytest

from einvoice.findings import Severity, Verdict
from einvoice.rulesets.catalogue import ruleset_named
from einvoice.rulesets.france import ALL_FATAL, PROCESSES, base_rule, warnings_of
from einvoice.rulesets.rules import rules_of
from einvoice.validate import validate

INVOICE = Path(__file__).parents[2] / "samples" / "broken-fr-mentions" / "invoice.xml"
LAST_LENIENT_DAY = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("check", "base"),
    [
        ("BR-FR-05_BT-22_PMT", "BR-FR-05"),
        ("BR-FR-05_BT-22-1", "BR-FR-05"),
        ("BR-FR-CO-10_BT-29-2", "BR-FR-CO-10"),
        ("BR-FR-MV-14-EXT-FR-FE-136", "BR-FR-MV-14"),
        ("BR-FR-28-Value", "BR-FR-28"),
        ("BR-FR-30_BT-21", "BR-FR-31"),
        ("BR-FR-08_BT-151-2", "BR-FR-15"),
        ("BR-FR-MV-BD_BT-3", "BR-FR-BD-13"),
        ("BR-FREXT-CO-11", None),
        ("BR-CO-15", None),
    ],
)
def test_the_rule_of_the_standard_that_a_check_belongs_to(check, base):
    assert base_rule(check) == base


@pytest.mark.parametrize("name", ["br-fr-ubl", "br-fr-cii"])
def test_every_check_of_the_french_sets_belongs_to_a_rule(name):
    bare = {r.rule for r in rules_of(ruleset_named(name)) if base_rule(r.rule or "") is None}
    assert not bare


def test_the_french_list_has_twenty_cases():
    assert len(PROCESSES) == 20
    assert {"B1", "S3", "M9"} <= PROCESSES
    assert not {"B3", "M5", "M7"} & PROCESSES


def test_the_rules_of_several_sellers_were_never_warnings():
    rules = ["BR-FR-05_BT-22", "BR-FR-MV-01_EXT-FR-FE-163", "BR-FR-BD-13_BT-3", None]
    assert warnings_of(rules, LAST_LENIENT_DAY) == {"BR-FR-05_BT-22": Severity.WARNING}
    assert warnings_of(rules, ALL_FATAL) == {}


@pytest.mark.parametrize(
    ("day", "verdict"), [(LAST_LENIENT_DAY, Verdict.VALID), (ALL_FATAL, Verdict.INVALID)]
)
def test_the_day_that_is_asked_for_sets_the_mode(day, verdict):
    report = validate(INVOICE, as_of=day)
    french = [f for f in report.findings if f.ruleset == "br-fr-ubl"]
    assert "BR-FR-05" in {f.base_rule for f in french}
    assert report.verdict is verdict
    assert any("warning" in note for note in report.notes) is (verdict is Verdict.VALID)


def test_without_a_day_every_rule_is_fatal_whenever_the_invoice_was_made():
    assert validate(INVOICE).verdict is Verdict.INVALID
