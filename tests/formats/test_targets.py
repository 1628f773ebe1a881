"""Profiles as targets: what each has a place for, and what it demands."""

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.artefacts import locate
from einvoice.bindings import cii
from einvoice.bindings.path import parse_path
from einvoice.bindings.table import bound_paths
from einvoice.errors import ConversionRefused, UsageError
from einvoice.findings import LossKind, Verdict
from einvoice.formats.compare import differences
from einvoice.formats.mapping import write_xml
from einvoice.formats.targets import TARGETS, fit, missing_terms, target_named, without_extensions
from einvoice.model import Buyer, Invoice
from einvoice.model.levels import Level, level_of
from einvoice.model.terms import TERMS
from einvoice.rulesets.catalogue import ruleset_named
from einvoice.rulesets.run import run
from einvoice.xml import xsd
from einvoice.xml.order import child_order
from einvoice.xml.parse import parse
from einvoice.xml.xsd import schema_named
from tests.examples import extended_invoice, full_invoice, plain_invoice

SCHEMAS = {
    Level.MINIMUM: "facturx-minimum",
    Level.BASIC_WL: "facturx-basicwl",
    Level.BASIC: "facturx-basic",
    Level.EN16931: "facturx-en16931",
}


def target(name: str):
    return next(target for target in TARGETS if target.name == name)


@pytest.mark.parametrize("level", SCHEMAS)
def test_the_schema_of_a_level_has_the_elements_of_its_terms(level) -> None:
    """Each term of a level has its element in the level's schema."""
    bound = bound_paths(cii.INVOICE)
    schema = child_order(locate(schema_named(SCHEMAS[level]).files[0]))
    held = [term for term in TERMS if term.datatype != "Group" and level_of(term.id) <= level]
    assert [term.id for term in held if not _in_schema(schema, bound[term.path])] == []


@pytest.mark.parametrize("target", TARGETS[:4], ids=lambda target: target.name)
def test_nothing_is_kept_that_a_level_does_not_use(target) -> None:
    data = write_xml("cii", fit(extended_invoice(), target)[0])
    assert list(xsd.check(parse(data), f"facturx-{target.name}")) == []
    found = run(ruleset_named(f"facturx-{target.name}"), data, parse(data)).findings
    assert [f.message for f in found if "marked as not used" in f.message] == []


def _in_schema(schema, paths: str) -> bool:
    root = f"{{{cii.NAMESPACE}}}CrossIndustryInvoice"
    return any(
        _is_path(schema, (root, *(step.tag for step in parse_path(path, NAMESPACES).steps)))
        for path in paths.split(", ")
    )


NAMESPACES = cii.INVOICE.namespaces


def _is_path(schema, steps: tuple[str, ...]) -> bool:
    try:
        return all(steps[n] in schema(steps[:n]) for n in range(1, len(steps)))
    except KeyError:
        return False


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_fitting_keeps_what_the_profile_holds_and_says_its_name(target) -> None:
    fitted, fills = fit(full_invoice(), target)
    assert fitted.process.specification == target.specification
    assert {fill.path for fill in fills} >= {"process.specification"}
    gone = {d.path for d in differences(full_invoice(), fitted) if d.after is None}
    assert bool(gone) == (target.level < Level.EN16931)
    assert list(missing_terms(fitted, target)) == []


def test_extensions_go_with_a_profile_that_has_none_of_them() -> None:
    invoice = extended_invoice()
    assert without_extensions(invoice) == without_extensions(full_like(invoice))
    assert fit(invoice, target("extended"))[0].extension == invoice.extension
    third_party = fit(invoice, target("xrechnung-extension"))[0].extension
    assert third_party is not None
    assert third_party.third_party_payments == invoice.extension.third_party_payments
    assert third_party.payer is None


def full_like(invoice: Invoice) -> Invoice:
    lines = tuple(replace(line, extension=None) for line in invoice.lines)
    return replace(invoice, extension=None, lines=lines)


def test_what_is_missing_is_named_once_by_its_number() -> None:
    bare = replace(plain_invoice(), number=None, buyer=Buyer(), vat_breakdown=())
    assert list(missing_terms(bare, target("en16931"))) == ["BT-1", "BT-44", "BT-55", "BG-23"]
    assert list(missing_terms(bare, target("minimum"))) == ["BT-1", "BT-44"]


@pytest.mark.parametrize(
    ("profile", "to", "known"),
    [
        ("nonsense", "ubl", "en16931, extended-ctc-fr, xrechnung"),
        ("minimum", "ubl", "peppol, peppol-selfbilling"),
        ("peppol", "facturx", "minimum, basicwl, basic, extended"),
    ],
)
def test_an_unknown_profile_lists_those_of_the_format(profile, to, known) -> None:
    with pytest.raises(UsageError, match=known):
        target_named(profile, to)


@pytest.mark.parametrize("name", ["minimum", "basicwl", "basic", "en16931", "extended"])
def test_going_down_drops_by_name_and_stays_valid(name) -> None:
    source = write_xml("ubl-invoice", plain_invoice(buyer_reference="R", payment_terms="30 days"))
    conversion = einvoice.convert(source, to="cii", profile=name)
    assert conversion.report is not None
    assert conversion.report.verdict is Verdict.VALID
    assert conversion.report.profile == f"facturx-{name}".replace("facturx-en16931", "en16931")
    dropped = {loss.term for loss in conversion.losses if loss.kind is LossKind.DROPPED}
    assert ("BT-20" in dropped) == (name == "minimum")
    assert ("BT-126" in dropped) == (name in ("minimum", "basicwl"))
    assert "BT-10" not in dropped
    reasons = {loss.reason for loss in conversion.losses if loss.kind is LossKind.DROPPED}
    assert reasons <= {f"the profile {name} has no place for it"}


def test_going_up_lists_all_that_is_missing_at_once() -> None:
    source = write_xml("cii", plain_invoice())
    with pytest.raises(ConversionRefused, match="cannot be written as xrechnung") as refused:
        einvoice.convert(source, to="ubl", profile="xrechnung")
    assert {"BT-10", "BG-6", "BG-16"} <= set(refused.value.terms)
    for rule in ("BR-DE-1 ", "BR-DE-2 ", "BR-DE-15 "):
        assert rule in str(refused.value)


def test_an_invoice_without_lines_cannot_go_up() -> None:
    minimum = fit(plain_invoice(), target("minimum"))[0]
    with pytest.raises(ConversionRefused, match="terms are missing: .*BG-25") as refused:
        einvoice.convert(write_xml("cii", minimum), to="cii", profile="en16931")
    assert {"BG-23", "BG-25", "BT-106"} <= set(refused.value.terms)


def test_the_process_is_kept_unless_the_profile_demands_another() -> None:
    process = plain_invoice().process
    french = plain_invoice(process=replace(process, business_process="B1"))
    assert fit(french, target("basic"))[0].process.business_process == "B1"
    fitted, fills = fit(french, target("peppol"))
    assert fitted.process.business_process == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    assert "it was 'B1'" in fills[-1].reason
