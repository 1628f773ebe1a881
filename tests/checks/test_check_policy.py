"""Severities and waivers of checks, and the layer that they make."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.checks.policy import CheckPolicy, load_check_policy
from einvoice.checks.run import CHECKS
from einvoice.errors import InputNotReadable, PolicyError, UsageError
from einvoice.findings import LayerName, Severity, Status, Verdict
from einvoice.formats.mapping import write_xml
from tests.examples import plain_invoice

KNOWN = frozenset(check.id for check in CHECKS)
TODAY = date(2026, 11, 24)
WAIVER = """
[[waive]]
rule = "VAT-13"
supplier = "FR40303265045"
document = "2026-*"
reason = "agreed by phone"
author = "A. Prüferin"
expires = 2026-11-24
"""


def wrong_vat() -> bytes:
    """VAT is 0.89 too high everywhere: the official rules accept it."""
    invoice = plain_invoice()
    more = Decimal("0.89")
    totals = replace(
        invoice.totals,
        vat=invoice.totals.vat + more,
        with_vat=invoice.totals.with_vat + more,
        due=invoice.totals.due + more,
    )
    row = replace(invoice.vat_breakdown[0], tax_amount=invoice.vat_breakdown[0].tax_amount + more)
    seller = replace(invoice.seller, vat_identifier="FR40303265045")
    changed = replace(invoice, totals=totals, vat_breakdown=(row,), seller=seller)
    return write_xml("ubl-invoice", changed)


def policy(tmp_path, text: str) -> CheckPolicy:
    path = tmp_path / "checks.toml"
    path.write_text(text, encoding="utf-8")
    return load_check_policy(path, KNOWN, TODAY)


def found(report: einvoice.Report, rule: str) -> einvoice.Finding:
    return next(finding for finding in report.findings if finding.rule == rule)


def test_ids_are_unique_and_well_formed() -> None:
    assert len(KNOWN) == len(CHECKS)
    assert all(name.partition("-")[2].isdigit() for name in KNOWN)
    assert all(check.title and not check.title.endswith(".") for check in CHECKS)


def test_checks_run_only_when_asked_for() -> None:
    report = einvoice.validate(wrong_vat())
    assert report.verdict is Verdict.VALID
    assert LayerName.CHECKS not in {layer.name for layer in report.layers}


def test_what_the_official_rules_let_pass_is_found_with_evidence_and_decides_nothing() -> None:
    report = einvoice.validate(wrong_vat(), checks="report")
    assert report.verdict is Verdict.VALID
    layer = report.layers[-1]
    assert (layer.name, layer.decides) == (LayerName.CHECKS, False)
    finding = found(report, "VAT-13")
    assert finding.layer is LayerName.CHECKS
    assert finding.severity is Severity.WARNING
    assert "BT-117" in finding.terms
    assert finding.location.endswith("/cac:TaxSubtotal/cbc:TaxAmount")
    assert finding.line is not None
    assert "40.89" in {value for _, value in finding.evidence}


def test_a_user_may_make_it_decide() -> None:
    severe = CheckPolicy(severity={"VAT-13": Severity.FATAL})
    told = einvoice.validate(wrong_vat(), checks="report", check_policy=severe)
    assert told.verdict is Verdict.VALID
    assert told.layers[-1].status is Status.FAILED
    decided = einvoice.validate(wrong_vat(), checks="fatal", check_policy=severe)
    assert decided.verdict is Verdict.INVALID


def test_a_waived_finding_stays_visible_and_decides_nothing(tmp_path) -> None:
    text = f'[severity]\nVAT-13 = "fatal"\n{WAIVER}'
    report = einvoice.validate(wrong_vat(), checks="fatal", check_policy=policy(tmp_path, text))
    assert report.verdict is Verdict.VALID
    waived = found(report, "VAT-13").waived
    assert waived == "agreed by phone (A. Prüferin, until 2026-11-24)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("VAT-13", "VAT-14"),
        ("FR40303265045", "FR83404833048"),
        ("2026-*", "2025-*"),
    ],
)
def test_a_waiver_covers_only_what_it_names(tmp_path, before, after) -> None:
    other = policy(tmp_path, WAIVER.replace(before, after))
    report = einvoice.validate(wrong_vat(), checks="report", check_policy=other)
    assert found(report, "VAT-13").waived is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WAIVER.replace("2026-11-24", "2026-11-23"), "waiver 1 of VAT-13 by A. Prüferin expired"),
        (WAIVER.replace("VAT-13", "VAT-99"), "there is no check 'VAT-99'; known: .*VAT-01"),
        ('[severity]\nNONE-1 = "fatal"', "there is no check 'NONE-1'"),
        ('[severity]\nVAT-13 = "severe"', "Invalid enum value 'severe'"),
        (WAIVER.replace("author", "autor"), "unknown field `autor`"),
        ("[[", "cannot be used as a policy"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused(tmp_path, text, reason) -> None:
    with pytest.raises(PolicyError, match=reason):
        policy(tmp_path, text)


def test_a_policy_that_is_not_there(tmp_path) -> None:
    with pytest.raises(InputNotReadable):
        load_check_policy(tmp_path / "none.toml", KNOWN, TODAY)


def test_an_unknown_mode_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="off, report, fatal"):
        einvoice.validate(wrong_vat(), checks="strict")
