import pytest

from einvoice.errors import UsageError
from einvoice.findings import Severity
from einvoice.rulesets.foreign import foreign_profile
from einvoice.rulesets.plan import DocumentFacts, Plan, plan
from einvoice.rulesets.profiles import EN, PROFILES
from einvoice.xml.xsd import schemas

XRECHNUNG = f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EXTENSION = f"{XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
CVD = f"{XRECHNUNG}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9"
PEPPOL = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
SELFBILLING = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"
BASIC = f"{EN}#compliant#urn:factur-x.eu:1p0:basic"
EXTENDED = f"{EN}#conformant#urn:factur-x.eu:1p0:extended"
MINIMUM = "urn:factur-x.eu:1p0:minimum"
BASICWL = "urn:factur-x.eu:1p0:basicwl"
CTC = f"{EN}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
OLD_XRECHNUNG = f"{EN}#compliant#urn:xoev-de:kosit:standard:xrechnung_2.1"
EN_CII = ("en16931-cii",)
FR_UBL = ("br-fr-ubl", "fr-plus-ubl")
FR_CII = ("br-fr-cii", "fr-plus-cii")


def planned(bt24: str | None, syntax: str = "cii", country: str | None = None, **facts) -> Plan:
    return plan(DocumentFacts(syntax=syntax, customization_id=bt24, **facts), country=country)


def names(each: Plan) -> tuple[str, ...]:
    return tuple(planned.ruleset.name for planned in each.rulesets)


SERVED = [
    (EN, "ubl-invoice", "en16931", ("ubl-invoice-2.1",), ("en16931-ubl",)),
    (EN, "ubl-creditnote", "en16931", ("ubl-creditnote-2.1",), ("en16931-ubl",)),
    (EN, "cii", "en16931", ("cii-d22b",), EN_CII),
    (MINIMUM, "cii", "facturx-minimum", ("cii-d22b", "facturx-minimum"), ("facturx-minimum",)),
    (BASICWL, "cii", "facturx-basicwl", ("cii-d22b", "facturx-basicwl"), ("facturx-basicwl",)),
    (BASIC, "cii", "facturx-basic", ("cii-d22b", "facturx-basic"), ("facturx-basic",)),
    (EXTENDED, "cii", "facturx-extended", ("cii-d22b", "facturx-extended"), ("facturx-extended",)),
    (CTC, "cii", "extended-ctc-fr", ("cii-d22b",), ("extended-ctc-fr-cii", *FR_CII)),
    (
        CTC,
        "ubl-invoice",
        "extended-ctc-fr",
        ("ubl-invoice-2.1",),
        ("extended-ctc-fr-ubl", *FR_UBL),
    ),
    (XRECHNUNG, "ubl-invoice", "xrechnung", ("ubl-invoice-2.1",), ("en16931-ubl", "xrechnung-ubl")),
    (XRECHNUNG, "cii", "xrechnung", ("cii-d22b",), (*EN_CII, "xrechnung-cii")),
    (EXTENSION, "cii", "xrechnung-extension", ("cii-d22b",), (*EN_CII, "xrechnung-cii")),
    (
        CVD,
        "ubl-creditnote",
        "xrechnung-cvd",
        ("ubl-creditnote-2.1",),
        ("en16931-ubl", "xrechnung-ubl"),
    ),
    (PEPPOL, "ubl-invoice", "peppol", ("ubl-invoice-2.1",), ("en16931-ubl", "peppol-ubl")),
    (PEPPOL, "cii", "peppol", ("cii-d22b",), (*EN_CII, "peppol-cii")),
    (
        SELFBILLING,
        "ubl-invoice",
        "peppol-selfbilling",
        ("ubl-invoice-2.1",),
        ("en16931-ubl", "peppol-ubl-sb"),
    ),
]


@pytest.mark.parametrize(("bt24", "syntax", "profile", "xsds", "rulesets"), SERVED)
def test_served_profiles(bt24, syntax, profile, xsds, rulesets):
    found = planned(bt24, syntax)
    assert (found.profile, found.schemas, names(found)) == (profile, xsds, rulesets)
    assert found.served
    assert all(p.decides or p.ruleset.name.startswith("fr-plus") for p in found.rulesets)


def test_every_profile_is_tested_here():
    identifiers = {identifier for profile in PROFILES for identifier in profile.ids}
    assert {bt24 for bt24, *_ in SERVED} == identifiers


def test_blanks_around_the_identifier_do_not_matter():
    assert planned(f"\n {EN} ", "ubl-invoice").profile == "en16931"


def test_en_16931_in_a_pdf_is_factur_x():
    found = planned(EN, in_pdf=True)
    assert found.profile == "facturx-en16931"
    assert found.schemas == ("cii-d22b", "facturx-en16931")
    assert names(found) == ("facturx-en16931",)
    assert names(planned(XRECHNUNG, in_pdf=True)) == (*EN_CII, "xrechnung-cii")


@pytest.mark.parametrize(
    ("bt24", "profile", "ruleset", "compliant"),
    [
        ("urn:zugferd.de:2p0:minimum", "zugferd-2.0-minimum", "facturx-minimum", False),
        ("urn:zugferd.de:2p0:basicwl", "zugferd-2.0-basicwl", "facturx-basicwl", False),
        (f"{EN}#compliant#urn:zugferd.de:2p0:basic", "zugferd-2.0-basic", "facturx-basic", True),
        (f"{EN}:compliant:factur-x.eu:1p0:basic", "zugferd-2.0-basic", "facturx-basic", False),
        (
            f"{EN}#conformant#urn:zugferd.de:2p0:extended",
            "zugferd-2.0-extended",
            "facturx-extended",
            False,
        ),
    ],
)
def test_zugferd_2_0_is_recognised_and_not_served(bt24, profile, ruleset, compliant):
    found = planned(bt24)
    assert (found.profile, names(found)) == (profile, (ruleset,))
    assert (found.served, found.compliant) == (False, compliant)
    assert found.schemas == ("cii-d22b",)
    assert "ZUGFeRD 2.0" in found.notes[0]


@pytest.mark.parametrize("bt24", [MINIMUM, BASICWL, BASIC, EXTENDED])
def test_a_profile_of_the_other_syntax_has_its_schema_only(bt24):
    found = planned(bt24, "ubl-invoice")
    assert found.profile.startswith("facturx-")
    assert found.schemas == ("ubl-invoice-2.1",)
    assert (names(found), found.served) == (("en16931-ubl",), False)
    assert "exists only in CII; the rules of EN 16931 run" in found.notes[0]


def test_peppol_self_billing_does_not_exist_in_cii():
    assert "exists only in UBL" in planned(SELFBILLING).notes[0]


@pytest.mark.parametrize(
    ("bt24", "profile", "compliant"),
    [
        (OLD_XRECHNUNG, "xrechnung-2.1", True),
        (f"{EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0", "nlcius", True),
        (f"{PEPPOL}#conformant#urn:www.agid.gov.it:trns:fattura:3", "agid", True),
        (f"{EN}#conformant#urn:UBL.BE:1.0.0.20180214", "ubl-be", False),
        ("urn:peppol:pint:billing-1@eu-1", "pint", False),
        ("OIOUBL-2.1", "oioubl", False),
        ("invalid", "unknown", False),
        ("", "unknown", False),
        (None, "unknown", False),
    ],
)
def test_profiles_of_others_are_checked_by_en_16931_and_never_served(bt24, profile, compliant):
    for syntax, rulesets in (("ubl-invoice", ("en16931-ubl",)), ("cii", EN_CII)):
        found = planned(bt24, syntax)
        assert (found.profile, names(found)) == (profile, rulesets)
        assert (found.served, found.compliant) == (False, compliant)
        assert "the rules of EN 16931 run" in found.notes[0]


def test_the_last_specification_names_a_profile():
    nlcius = f"{EN}#compliant#urn:fdc:nen.nl:nlcius:v1.0"
    assert foreign_profile(f"{nlcius}#conformant#urn:fdc:nen.nl:gaccount:v1.0") == "nlcius-gaccount"


def test_zugferd_1_has_its_schema_only():
    found = planned("urn:ferd:CrossIndustryDocument:invoice:1p0:comfort", "zugferd1")
    assert (found.schemas, names(found), found.served) == (("zugferd-1.0",), (), False)
    assert planned("x", "zugferd1", country="fr").rulesets == ()


@pytest.mark.parametrize(
    ("facts", "country", "reason"),
    [
        ({}, "fr", "was asked for"),
        ({}, "FR", "was asked for"),
        ({"business_process": "S1"}, None, "BT-23 S1"),
        ({"business_process": " M9 "}, None, "BT-23 M9"),
        ({"notes": (("AAB", "x"), ("BAR", "B2B"))}, None, "subject BAR"),
    ],
)
def test_france_decides_where_it_is_claimed(facts, country, reason):
    found = planned(EN, "ubl-invoice", country, **facts)
    assert names(found) == ("en16931-ubl", *FR_UBL)
    assert [each.decides for each in found.rulesets] == [True, True, False]
    assert reason in found.notes[-1]


def test_france_advises_where_both_parties_are_french():
    found = planned(EN, seller_country="FR", buyer_country="FR")
    assert names(found) == (*EN_CII, *FR_CII)
    assert [each.decides for each in found.rulesets] == [True, False, False]
    assert "would refuse this" in found.notes[-1]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"seller_country": "FR"},
        {"seller_country": "FR", "buyer_country": "DE"},
        {"business_process": "B3"},
        {"business_process": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"},
        {"notes": (("PMT", "BAR"), (None, "#BAR#"))},
    ],
)
def test_france_is_silent_elsewhere(facts):
    assert names(planned(EN, "ubl-invoice", **facts)) == ("en16931-ubl",)


def test_the_french_rules_follow_every_level_but_minimum():
    assert names(planned(BASICWL, country="fr")) == ("facturx-basicwl", *FR_CII)
    assert names(planned(EN, in_pdf=True, country="fr")) == ("facturx-en16931", *FR_CII)
    assert names(planned(MINIMUM, country="fr")) == ("facturx-minimum",)
    assert names(planned("urn:zugferd.de:2p0:minimum", country="fr")) == ("facturx-minimum",)


def test_extended_ctc_runs_the_french_rules_once_and_says_why():
    found = planned(CTC, country="fr")
    assert names(found) == ("extended-ctc-fr-cii", *FR_CII)
    assert "profile is extended-ctc-fr" in planned(CTC).notes[-1]


def test_no_other_country_is_known():
    with pytest.raises(UsageError, match="country 'de'; known: fr"):
        planned(EN, country="de")


def test_the_user_may_name_the_profile():
    facts = DocumentFacts(syntax="cii", customization_id="nonsense")
    found = plan(facts, profile="facturx-en16931")
    assert (found.profile, names(found), found.served) == (
        "facturx-en16931",
        ("facturx-en16931",),
        True,
    )
    assert found.notes == ("judged as facturx-en16931 by your choice; BT-24 is nonsense",)


def test_an_unknown_profile_is_a_usage_error_that_names_the_known_ones():
    with pytest.raises(UsageError, match="xrechnung-cvd"):
        plan(DocumentFacts(syntax="cii"), profile="zugferd")


def levels(bt24: str, syntax: str) -> dict[str, Severity]:
    return planned(bt24, syntax).rulesets[0].levels


def test_xrechnung_changes_severities_as_its_publisher_does():
    assert levels(XRECHNUNG, "ubl-invoice")["BR-CL-23"] is Severity.WARNING
    assert levels(XRECHNUNG, "ubl-invoice")["UBL-CR-646"] is Severity.FATAL
    assert "UBL-CR-646" not in levels(XRECHNUNG, "ubl-creditnote")
    assert levels(XRECHNUNG, "cii")["CII-SR-453"] is Severity.FATAL
    assert levels(EXTENSION, "ubl-invoice")["BR-CO-16"] is Severity.INFORMATION
    assert "BR-CO-16" not in levels(EXTENSION, "cii")
    assert levels(CVD, "cii")["BR-CL-13"] is Severity.INFORMATION
    assert levels(EN, "cii") == {}


def test_all_schemas_of_plans_exist():
    for bt24, syntax, *_ in SERVED:
        assert set(planned(bt24, syntax).schemas) <= set(schemas())
