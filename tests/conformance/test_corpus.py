"""A part of the public corpus, judged as the official rule sets judged it.

`make conformance` measures all of it with the scripts that come with the corpus. Here every tenth
document is validated, so that a change that breaks agreement is seen at once.
"""

import csv
import re
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

#: Our rule set -> its name in the list of expected ids, where that is another.
NAMES = {
    "xrechnung-ubl": "xr-ubl",
    "xrechnung-cii": "xr-cii",
    "facturx-minimum": "fx-minimum",
    "facturx-basicwl": "fx-basicwl",
    "facturx-basic": "fx-basic",
    "facturx-en16931": "fx-en16931",
    "facturx-extended": "fx-extended",
    "extended-ctc-fr-ubl": "ext-ctc-fr-ubl",
    "extended-ctc-fr-cii": "ext-ctc-fr-cii",
}

#: What counts as an id; checks without one stand in the list by their text.
RULE_ID = re.compile(r"[A-Z][A-Za-z0-9_-]*-[A-Za-z0-9_-]+")

#: Severities that XRechnung changes; on its documents not compared with those of the standard.
OVERRIDDEN = {
    *("BR-CL-10", "BR-CL-11", "BR-CL-13", "BR-CL-21", "BR-CL-23", "BR-CL-24", "BR-CL-25"),
    *("BR-CL-26", "BR-CO-16", "UBL-CR-470", "UBL-CR-646"),
    *("CII-SR-452", "CII-SR-453", "CII-SR-454"),
}

NAMELESS = "the publisher's check has no id, and the expected ids leave such checks out"
EDITION = "the package ships edition 1.09 of BASIC; the list was made with 1.09.2, numbered anew"

#: Where other rules fire than expected, and why: document, rule set -> rules, reason.
DEVIATIONS = {
    ("mustang/validator/validZREtestZugferd.xml", "facturx-extended"): (
        {"FACTURX-EXTENDED-UNNAMED"},
        NAMELESS,
    ),
    (
        "zugferd-corpus/ZUGFeRDv2/correct/FNFE-factur-x-examples/Facture_UE_BASICWL.pdf",
        "facturx-basicwl",
    ): ({"FACTURX-BASICWL-UNNAMED"}, NAMELESS),
    (
        "zugferd-corpus/ZUGFeRDv2/fail/FNFE-factur-x-examples/Facture_DOM_BASIC.pdf",
        "facturx-basic",
    ): (
        {"FX-SCH-A-000493", "FX-SCH-A-000026", "FACTURX-BASIC-UNNAMED"},
        f"{EDITION}; {NAMELESS}",
    ),
}


def expected() -> list[dict[str, str]]:
    """The rows of the official verdicts; some list more than a field may hold by default."""
    usual = csv.field_size_limit(sys.maxsize)
    try:
        with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    finally:
        csv.field_size_limit(usual)


def rows() -> list[dict[str, str]]:
    found = [row for row in expected() if row["verdict"] in ("valid", "invalid")]
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
    "basis",
    [
        "xsd+en16931-ubl",
        "xsd+en16931-cii",
        "xsd+en16931-ubl+xr-ubl",
        "xsd+en16931-cii+xr-cii",
        "xsd+en16931-ubl+peppol-ubl",
        "xsd+fx-minimum",
        "xsd+fx-basicwl",
        "xsd+fx-extended",
    ],
)
def test_where_all_rules_are_there_the_verdict_is_decided(basis) -> None:
    same = [
        row
        for row in expected()
        if row["verdict_basis"].removesuffix("+profile-xsd") == basis and row["kind"] == "xml"
    ]
    reports = [(row, einvoice.validate(CORPUS / row["file"])) for row in same[:20]]
    served = [(row, report) for row, report in reports if report.complete]
    assert served
    for row, report in served:
        assert (row["file"], report.verdict.value) == (row["file"], row["verdict"])


def test_the_same_rules_fire(judged) -> None:
    differences = {}
    compared = 0
    for row, report in judged:
        for ruleset in ran(report) - aborted(row):
            compared += 1
            if different := difference(row, report, ruleset):
                differences[row["file"], ruleset] = different
    assert compared > 120
    assert differences == {where: rules for where, (rules, _) in DEVIATIONS.items()}


def ran(report: einvoice.Report) -> set[str]:
    statuses = {layer.ruleset: layer.status.value for layer in report.layers if layer.ruleset}
    official = (name for name in statuses if not name.startswith("fr-plus"))
    return {name for name in official if statuses[name] in ("passed", "failed")}


def aborted(row: dict[str, str]) -> set[str]:
    """Rule sets that the reference could not finish: nothing to compare with."""
    theirs = re.findall(r"(?:^|;\s*)([a-z0-9-]+):", row["rule_engine_errors"])
    return {ours for ours in theirs if ours not in NAMES.values()} | {
        ours for ours, name in NAMES.items() if name in theirs
    }


def difference(row: dict[str, str], report: einvoice.Report, ruleset: str) -> set[str]:
    """The rules that fire with a severity in one of the two only."""
    theirs = NAMES.get(ruleset, ruleset)
    changed = "xrechnung_3.0" in row["profile"] and ruleset.startswith("en16931")
    fatal = ids(row["fatal_rule_ids"], theirs) ^ fired(report, ruleset, Severity.FATAL)
    warning = ids(row["warning_rule_ids"], theirs) ^ fired(report, ruleset, Severity.WARNING)
    return (fatal | warning) - (OVERRIDDEN if changed else set())


def fired(report: einvoice.Report, ruleset: str, severity: Severity) -> set[str]:
    return {f.rule for f in report.findings if f.ruleset == ruleset and f.severity is severity}


def ids(cell: str, ruleset: str) -> set[str]:
    """The ids of one rule set in a cell such as `en16931-ubl: BR-01 BR-02; xr-ubl: BR-DE-1`."""
    for part in cell.split(";"):
        name, _, found = part.strip().partition(":")
        if name == ruleset:
            return {each for each in found.split() if RULE_ID.fullmatch(each)}
    return set()
