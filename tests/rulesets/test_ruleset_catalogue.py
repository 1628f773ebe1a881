import re

import pytest

from einvoice.errors import UsageError
from einvoice.findings import Severity
from einvoice.rulesets import evaluators
from einvoice.rulesets.catalogue import (
    ROOTS,
    RULESETS,
    Composition,
    Stylesheet,
    composed,
    parts_of,
    ruleset_named,
    severity_of,
    terms_of,
)

NAMES = """
en16931-ubl en16931-cii xrechnung-ubl xrechnung-cii peppol-ubl peppol-ubl-sb
peppol-cii facturx-minimum facturx-basicwl facturx-basic facturx-en16931 facturx-extended
br-fr-ubl br-fr-cii fr-plus-ubl fr-plus-cii extended-ctc-fr-ubl extended-ctc-fr-cii
"""


def test_the_names_are_the_public_ones_each_once():
    assert sorted(ruleset.name for ruleset in RULESETS) == sorted(NAMES.split())


def test_an_unknown_rule_set_is_a_usage_error():
    with pytest.raises(UsageError, match="en16931-ubl"):
        ruleset_named("en16931")


@pytest.mark.parametrize("ruleset", RULESETS, ids=lambda each: each.name)
def test_a_rule_set_says_what_it_is(ruleset):
    assert ruleset.version
    assert ruleset.licence
    assert ruleset.roots == ROOTS[ruleset.syntax]
    syntax = re.search(r"-(ubl|cii)", ruleset.name)
    assert syntax is None or syntax[1] == ruleset.syntax


def test_factur_x_rule_sets_read_their_code_database():
    for ruleset in RULESETS:
        if isinstance(ruleset.source, Stylesheet):
            assert bool(ruleset.source.reads) == ruleset.name.startswith("facturx-")


def test_versions_are_those_of_the_files():
    assert ruleset_named("en16931-ubl").version == "1.3.16"
    assert ruleset_named("facturx-basic").version == "1.09"
    assert ruleset_named("facturx-extended").version == "1.09.2"


@pytest.mark.parametrize(
    ("flag", "severity"),
    [
        (None, Severity.FATAL),
        ("fatal", Severity.FATAL),
        ("error", Severity.FATAL),
        ("Warning", Severity.WARNING),
        ("information", Severity.INFORMATION),
        ("info", Severity.INFORMATION),
        ("something new", Severity.FATAL),
    ],
)
def test_what_flags_weigh(flag, severity):
    assert severity_of(flag) is severity


def en_cii():
    source = ruleset_named("en16931-cii").source
    assert isinstance(source, Composition)
    return composed(source.data)


def test_the_composed_rule_set_shares_out_the_rules_of_the_standard():
    standard = en_cii()
    groups = [*standard.rules.values(), standard.missing]
    rules = [rule for group in groups for some in group.values() for rule in some]
    assert len(rules) == len(set(rules)) == 806
    fatal = [rule for group in groups for rule in group[Severity.FATAL]]
    assert len(fatal) == 335


def test_what_the_parts_do_not_have_is_written_here_at_the_severity_of_the_standard():
    rest = parts_of(ruleset_named("en16931-cii"))[-1]
    written = {
        check.id: severity_of(check.flag)
        for pattern in evaluators.form_of(rest).patterns
        for rule in pattern.rules
        for check in rule.checks
    }
    missing = en_cii().missing.items()
    assert written == {rule: severity for severity, rules in missing for rule in rules}


def test_severities_are_those_of_the_standard():
    standard = en_cii()
    assert standard.severities("extended-ctc-fr-cii")["BR-16"] is Severity.FATAL
    assert standard.severities("extended-ctc-fr-cii")["CII-SR-465"] is Severity.WARNING


@pytest.mark.parametrize(
    ("rule", "message", "terms"),
    [
        (
            "BR-CO-15",
            "amount with VAT (BT-112) = BT-109 + (BT-110).",
            ("BT-112", "BT-109", "BT-110"),
        ),
        ("BR-FR-05_BT-22", "Le texte de la note (BG-1)", ("BT-22", "BG-1")),
        ("BR-FR-CO-10_BT-29-2", "", ("BT-29",)),
        ("BR-FR-01_EXT-FR-FE-136", "", ("EXT-FR-FE-136",)),
        ("BR-DEX-10", "the payment (BT-DEX-001)", ("BT-DEX-001",)),
        ("BR-16", "one Invoice line (BG-25), one (BG-25)", ("BG-25",)),
        ("BR-01", "nothing", ()),
        ("X", "ABT-1 and BT-0012a and BT-x", ("BT-12",)),
    ],
)
def test_terms_of_a_finding(rule, message, terms):
    assert terms_of(rule, message) == terms
