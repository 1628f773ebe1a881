"""A part of the public corpus, judged as the official rule sets judged it.

`make conformance` measures all of it with the scripts that come with the corpus. Here every tenth
document is validated, so that a change that breaks agreement is seen at once.
"""

import csv
import sys
from pathlib import Path

import pytest

import einvoice
from einvoice.findings import Severity, Verdict

SHARED = Path(__file__).resolve().parents[3] / "shared"
CORPUS = SHARED / "corpus"
EVERY = 10

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the public corpus is not beside the checkout"),
]

#: Our rule set -> its name in the list of expected ids.
NAMES = {"en16931-ubl": "en16931-ubl", "extended-ctc-fr-ubl": "ext-ctc-fr-ubl"}

#: Severities that XRechnung changes; not compared with those of the plain standard.
OVERRIDDEN = {
    *("BR-CL-10", "BR-CL-11", "BR-CL-13", "BR-CL-21", "BR-CL-23", "BR-CL-24", "BR-CL-25"),
    *("BR-CL-26", "BR-CO-16", "UBL-CR-470", "UBL-CR-646"),
}


def rows() -> list[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["verdict"] in ("valid", "invalid")]
    return [row for row in found if row["kind"] in ("xml", "pdf")][::EVERY]


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, str], einvoice.Report]]:
    return [(row, einvoice.validate(CORPUS / row["file"])) for row in rows()]


def test_no_verdict_contradicts_the_official_one(judged) -> None:
    wrong = [
        (row["file"], row["verdict"], report.verdict.value)
        for row, report in judged
        if row["kind"] == "xml"
        and report.verdict is not Verdict.UNDECIDED
        and report.verdict.value != row["verdict"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "basis", ["xsd+en16931-ubl", "xsd+fx-minimum", "xsd+fx-basicwl", "xsd+fx-extended"]
)
def test_where_all_rules_are_there_the_verdict_is_decided(basis) -> None:
    csv.field_size_limit(sys.maxsize)
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as file:
        same = [
            row
            for row in csv.DictReader(file)
            if row["verdict_basis"].removesuffix("+profile-xsd") == basis and row["kind"] == "xml"
        ]
    reports = [(row, einvoice.validate(CORPUS / row["file"])) for row in same[:20]]
    served = [(row, report) for row, report in reports if report.complete]
    assert served
    for row, report in served:
        assert (row["file"], report.verdict.value) == (row["file"], row["verdict"])


def test_the_same_rules_fire(judged) -> None:
    differences = []
    compared = 0
    for row, report in judged:
        for ours, theirs in NAMES.items():
            if not ran(report, ours) or f"{theirs}:" in row["rule_engine_errors"]:
                continue
            compared += 1
            for severity, column in (
                (Severity.FATAL, "fatal_rule_ids"),
                (Severity.WARNING, "warning_rule_ids"),
            ):
                expected = ids(row[column], theirs) - OVERRIDDEN
                found = fired(report, ours, severity) - OVERRIDDEN
                if expected != found:
                    differences.append((row["file"], ours, severity.value, expected ^ found))
    assert compared > 80
    assert differences == []


def ran(report: einvoice.Report, ruleset: str) -> bool:
    statuses = {layer.ruleset: layer.status.value for layer in report.layers}
    return statuses.get(ruleset) in ("passed", "failed")


def fired(report: einvoice.Report, ruleset: str, severity: Severity) -> set[str]:
    return {f.rule for f in report.findings if f.ruleset == ruleset and f.severity is severity}


def ids(cell: str, ruleset: str) -> set[str]:
    """The ids of one rule set in a cell such as `en16931-ubl: BR-01 BR-02; xr-ubl: BR-DE-1`."""
    for part in cell.split(";"):
        name, _, found = part.strip().partition(":")
        if name == ruleset:
            return {each for each in found.split() if not each.startswith("?")}
    return set()
