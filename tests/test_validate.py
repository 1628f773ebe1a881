import sys

import pytest
from lxml import etree
from msgspec.structs import replace

import einvoice
from einvoice.errors import UsageError
from einvoice.findings import LayerName, Report, Severity, Status, Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import Note, TaxRepresentative
from tests.examples import EN16931, plain_invoice


def ubl(**changes) -> bytes:
    return write_xml("ubl-invoice", plain_invoice(**changes))


def claiming(specification: str | None, syntax: str = "ubl-invoice", **changes) -> bytes:
    process = replace(plain_invoice().process, specification=specification)
    return write_xml(syntax, plain_invoice(process=process, **changes))


def statuses(report: Report) -> list[tuple[str, str]]:
    return [(layer.ruleset or layer.name.value, layer.status.value) for layer in report.layers]


def test_a_valid_invoice() -> None:
    report = einvoice.validate(ubl())
    assert report.verdict is Verdict.VALID
    assert report.customization_id == EN16931
    assert statuses(report) == [("xml", "passed"), ("xsd", "passed"), ("en16931-ubl", "passed")]


def test_a_broken_rule_has_everything_that_explains_it() -> None:
    totals = replace(plain_invoice().totals, with_vat=plain_invoice().totals.line_net)
    report = einvoice.validate(ubl(totals=totals))
    assert report.verdict is Verdict.INVALID
    finding = next(f for f in report.findings if f.rule == "BR-CO-15")
    assert (finding.severity, finding.ruleset, finding.version) == (
        Severity.FATAL,
        "en16931-ubl",
        "1.3.16",
    )
    assert finding.terms[0] == "BT-112"
    assert (finding.location, finding.line) == ("/ubl:Invoice", 2)


def test_a_schema_fault_stops_the_rules() -> None:
    data = ubl().replace(b"<cbc:IssueDate>2026-10-05</cbc:IssueDate>", b"")
    report = einvoice.validate(data)
    assert report.verdict is Verdict.INVALID
    assert statuses(report)[1:] == [("xsd", "failed"), ("en16931-ubl", "skipped")]
    assert {finding.rule for finding in report.findings} == {"XSD"}


def test_what_a_profile_of_others_demands_is_said_to_be_skipped() -> None:
    report = einvoice.validate(claiming(f"{EN16931}#compliant#urn:fdc:nen.nl:nlcius:v1.0"))
    assert report.verdict is Verdict.UNDECIDED
    skipped = [layer for layer in report.layers if layer.status is Status.SKIPPED]
    assert [layer.reason for layer in skipped] == ["the rules of profile nlcius are not here"]


@pytest.mark.parametrize(
    ("specification", "good", "bad"),
    [
        (f"{EN16931}#compliant#urn:example:national:1.0", "undecided", "invalid"),
        (f"{EN16931}#conformant#urn:example:national:1.0", "undecided", "undecided"),
        ("urn:example", "undecided", "undecided"),
    ],
)
def test_a_foreign_profile_is_judged_only_if_it_promises_the_standard(
    specification, good, bad
) -> None:
    assert einvoice.validate(claiming(specification)).verdict.value == good
    assert einvoice.validate(claiming(specification, number=None)).verdict.value == "invalid"
    report = einvoice.validate(claiming(specification, currency="EURO"))
    assert (report.verdict.value, "failed" in dict(statuses(report)).values()) == (bad, True)


def test_a_french_claim_decides_and_french_parties_only_warn() -> None:
    french = {"buyer": replace(plain_invoice().buyer, address=plain_invoice().seller.address)}
    advice = einvoice.validate(ubl(**french))
    assert advice.verdict is Verdict.VALID
    warnings = {f.rule for f in advice.findings if f.severity is Severity.WARNING}
    assert "BR-FR-08_BT-23" in warnings
    claimed = einvoice.validate(ubl(**french, notes=(Note(subject_code="BAR", text="B2B"),)))
    assert claimed.verdict is Verdict.INVALID
    asked = einvoice.validate(ubl(**french), country="fr")
    assert asked.verdict is Verdict.INVALID


def test_layers_and_rule_sets_on_request() -> None:
    report = einvoice.validate(ubl(number=None), layers=["xml", "xsd"])
    assert report.verdict is Verdict.INVALID
    part = einvoice.validate(ubl(), layers=["schematron"], rulesets=["en16931-ubl"])
    assert statuses(part) == [("en16931-ubl", "passed")]
    assert part.verdict is Verdict.UNDECIDED
    wanted = {"layers": ["schematron"], "rulesets": ["en16931-ubl"]}
    broken = einvoice.validate(ubl(currency="EURO"), **wanted)
    assert broken.verdict is Verdict.INVALID
    other = einvoice.validate(ubl(), rulesets=["en16931-cii"])
    assert statuses(other)[-1] == ("en16931-cii", "skipped")
    assert other.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    "wrong",
    [{"layers": ["xds"]}, {"rulesets": ["en"]}, {"profile": "none"}, {"country": "xx"}],
)
def test_a_wrong_name_lists_the_known_ones(wrong) -> None:
    with pytest.raises(UsageError, match=r"unknown .* known: "):
        einvoice.validate(ubl(), **wrong)


def pdf() -> bytes:
    return einvoice.convert(ubl(), to="facturx", check=False).data


def test_a_pdf_is_judged_as_pdf_a() -> None:
    report = einvoice.validate(pdf())
    layer = report.layers[0]
    assert (layer.name, layer.status) == (LayerName.PDFA, Status.PASSED)
    assert layer.version == "PDF/A-3 (ISO 19005-3:2012)"
    assert report.verdict is Verdict.VALID


def test_a_pdf_that_fails_pdf_a_is_invalid_whatever_its_invoice_says() -> None:
    data = pdf()
    # The comment after the version has to say that the file is binary.
    report = einvoice.validate(data[:10] + b"abcd" + data[14:])
    assert [(layer.name.value, layer.status.value) for layer in report.layers][0] == (
        "pdfa",
        "failed",
    )
    assert report.verdict is Verdict.INVALID
    assert {f.rule for f in report.findings if f.layer is LayerName.PDFA} == {"PDFA-6.1.2-2"}


def test_a_pdf_without_an_invoice_is_judged_as_pdf_a_too() -> None:
    report = einvoice.validate(b"%PDF-1.7 nothing")
    assert [layer.name.value for layer in report.layers] == ["pdfa", "container"]
    assert {layer.status for layer in report.layers} == {Status.FAILED}


def test_a_crash_is_never_a_verdict(monkeypatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(sys.modules["einvoice.validate"], "run", crash)
    report = einvoice.validate(ubl())
    assert statuses(report)[-1] == ("en16931-ubl", "crashed")
    assert report.layers[-1].reason == "RuntimeError: boom"
    assert report.verdict is Verdict.UNDECIDED


def test_an_abort_of_the_official_rules_is_the_documents_fault() -> None:
    representative = TaxRepresentative(
        name="One", vat_identifier="FR83404833048", address=plain_invoice().seller.address
    )
    name = b"<cac:PartyName>\n      <cbc:Name>One</cbc:Name>\n    </cac:PartyName>"
    data = ubl(tax_representative=representative)
    assert einvoice.validate(data).verdict is Verdict.VALID
    report = einvoice.validate(data.replace(name, name + name.replace(b"One", b"Two")))
    assert statuses(report)[1:] == [("xsd", "passed"), ("en16931-ubl", "failed")]
    fatal = [f for f in report.findings if f.severity is Severity.FATAL]
    assert [f.rule for f in fatal] == ["BR-18", "UBL-SR-22"]
    assert "more than one item" in fatal[0].message


def test_canonical_json_has_no_official_rules() -> None:
    data = einvoice.convert(ubl(), to="json", check=False).data
    report = einvoice.validate(data)
    assert (report.format, report.verdict.value) == ("json", "undecided")
    assert "convert it" in report.layers[0].reason


def test_the_path_of_the_report_can_be_given() -> None:
    assert einvoice.validate(ubl(), path="mail/7.xml").path == "mail/7.xml"
    assert einvoice.validate(b"", path="mail/8.xml").path == "mail/8.xml"


@pytest.mark.parametrize("engine", ["saxon", "both"])
def test_the_other_engines_find_the_same(engine) -> None:
    for data in (ubl(), ubl(currency="EURO"), write_xml("cii", plain_invoice(number=None))):
        expected = einvoice.validate(data)
        report = einvoice.validate(data, engine=engine)
        assert report.verdict is expected.verdict
        assert sorted(map(repr, report.findings)) == sorted(map(repr, expected.findings))


def test_engines_that_differ_are_a_crash(monkeypatch) -> None:
    monkeypatch.setattr("einvoice.rulesets.evaluators.by_compiled", lambda *_: ())
    report = einvoice.validate(ubl(currency="EURO"), engine="both")
    assert statuses(report)[-1] == ("en16931-ubl", "crashed")
    assert "the engines differ on BR-CL-03, BR-CL-04" in report.layers[-1].reason
    with pytest.raises(UsageError, match="unknown engine 'xsltproc'"):
        einvoice.validate(ubl(), engine="xsltproc")


@pytest.mark.parametrize("engine", ["compiled", "saxon"])
def test_the_svrl_of_each_rule_set_that_ran_is_given(engine) -> None:
    got: dict[str, bytes] = {}
    data = write_xml("cii", plain_invoice(number=None))
    einvoice.validate(data, engine=engine, svrl=got.__setitem__)
    assert list(got) == ["en16931-cii"]
    report = etree.fromstring(got["en16931-cii"])
    failed = report.findall("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    assert [each.get("id") for each in failed] == ["BR-02"]
    assert report.get("title") == "en16931-cii 1.3.16"


def test_the_svrl_is_the_same_from_both_engines() -> None:
    got: dict[str, list[bytes]] = {}
    for engine in ("compiled", "saxon"):
        for data in (ubl(currency="EURO"), write_xml("cii", plain_invoice(number=None))):
            einvoice.validate(
                data,
                engine=engine,
                country="fr",
                svrl=lambda name, report: got.setdefault(name, []).append(report),
            )
    sets = ("en16931", "br-fr", "fr-plus")
    assert set(got) == {f"{name}-{syntax}" for name in sets for syntax in ("ubl", "cii")}
    assert all(len(set(reports)) == 1 for reports in got.values())
