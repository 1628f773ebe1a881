"""Keys of identifiers, and what several of them say of one party."""

from typing import Any

import pytest
from msgspec.structs import replace

from einvoice.checks import identifiers
from einvoice.checks.keys import key_fault, vat_fault
from einvoice.findings import Severity
from einvoice.model import (
    Address,
    Buyer,
    Delivery,
    Extension,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Payee,
    Seller,
    TaxRepresentative,
)
from tests.checks.seen import observed, only
from tests.examples import plain_invoice

SIREN = Identifier(value="404833048", scheme="0002")
OTHER_SIREN = Identifier(value="732829320", scheme="0002")
FRANCE = Address(country="FR")


def with_seller(**changes: Any) -> Invoice:
    invoice = plain_invoice()
    return replace(invoice, seller=replace(invoice.seller, **changes))


def with_buyer(**changes: Any) -> Invoice:
    invoice = plain_invoice()
    return replace(invoice, buyer=replace(invoice.buyer, **changes))


def with_items(*items: Identifier | None) -> Invoice:
    lines = tuple(Line(item=Item(standard_identifier=item)) for item in items)
    return plain_invoice(lines=lines)


def party_check(identifier: Identifier) -> Invoice:
    return with_seller(identifiers=(Identifier(value="plain"), identifier))


BREAKING = [
    ("ID-01", with_seller(vat_identifier="FR84404833048"), "seller.vat_identifier"),
    ("ID-01", with_buyer(vat_identifier="DE136695977"), "buyer.vat_identifier"),
    (
        "ID-01",
        plain_invoice(tax_representative=TaxRepresentative(vat_identifier="ATU1")),
        "tax_representative.vat_identifier",
    ),
    (
        "ID-02",
        party_check(Identifier(value="404833049", scheme="0002")),
        "seller.identifiers[1].value",
    ),
    (
        "ID-02",
        with_seller(legal_registration=Identifier(value="404833049")),
        "seller.legal_registration.value",
    ),
    (
        "ID-02",
        with_buyer(identifier=Identifier(value="1", scheme="0231")),
        "buyer.identifier.value",
    ),
    (
        "ID-03",
        party_check(Identifier(value="73282932000079", scheme="0009")),
        "seller.identifiers[1].value",
    ),
    (
        "ID-03",
        plain_invoice(delivery=Delivery(location=Identifier(value="68", scheme="0009"))),
        "delivery.location.value",
    ),
    (
        "ID-04",
        plain_invoice(payee=Payee(identifier=Identifier(value="400000112345", scheme="0088"))),
        "payee.identifier.value",
    ),
    (
        "ID-04",
        with_buyer(legal_registration=Identifier(value="8", scheme="0106")),
        "buyer.legal_registration.value",
    ),
    (
        "ID-04",
        plain_invoice(
            extension=Extension(further_buyer_identifiers=(Identifier(value="1", scheme="0199"),))
        ),
        "extension.further_buyer_identifiers[0].value",
    ),
    (
        "ID-05",
        with_seller(electronic_address=Identifier(value="a.b", scheme="EM")),
        "seller.electronic_address.value",
    ),
    (
        "ID-05",
        with_buyer(electronic_address=Identifier(value="1_x", scheme="0225")),
        "buyer.electronic_address.value",
    ),
    (
        "ID-06",
        with_items(Identifier(value="4012345001236", scheme="0160")),
        "lines[0].item.standard_identifier.value",
    ),
    ("ID-07", with_seller(tax_registration="DE136695976"), "seller.tax_registration"),
    (
        "ID-07",
        with_seller(tax_registration="123/456/789", address=Address(country="DE")),
        "seller.tax_registration",
    ),
    ("ID-08", plain_invoice(buyer_reference="04011000-12345-34"), "buyer_reference"),
    ("ID-09", with_seller(address=Address(country="DE")), "seller.vat_identifier"),
    ("ID-09", with_buyer(vat_identifier="FR83404833048"), "buyer.vat_identifier"),
    (
        "ID-10",
        with_seller(
            legal_registration=SIREN,
            identifiers=(Identifier(value="73282932000074", scheme="0009"),),
        ),
        "seller.identifiers[0].value",
    ),
    ("ID-11", with_seller(legal_registration=OTHER_SIREN), "seller.vat_identifier"),
    (
        "ID-12",
        with_buyer(
            legal_registration=OTHER_SIREN,
            electronic_address=Identifier(value="404833048_A", scheme="0225"),
        ),
        "buyer.electronic_address.value",
    ),
    (
        "ID-12",
        with_seller(
            legal_registration=SIREN,
            electronic_address=Identifier(value="FR44732829320", scheme="9957"),
        ),
        "seller.electronic_address.value",
    ),
    (
        "ID-13",
        with_buyer(electronic_address=Identifier(value="404833048_73282932000074", scheme="0225")),
        "buyer.electronic_address.value",
    ),
    ("ID-14", with_buyer(vat_identifier="fr 83 404 833 048"), "buyer.vat_identifier"),
]

PASSING = [
    ("ID-01", plain_invoice()),
    ("ID-01", with_seller(vat_identifier="DE 136 695 976")),
    ("ID-01", with_seller(vat_identifier="US12")),
    ("ID-02", with_seller(legal_registration=SIREN)),
    ("ID-02", with_buyer(legal_registration=Identifier(value="404833049"))),
    ("ID-03", party_check(Identifier(value="732 829 320 00074", scheme="0009"))),
    ("ID-04", party_check(Identifier(value="4000001123452", scheme="0088"))),
    ("ID-04", party_check(Identifier(value="anything", scheme="0177"))),
    ("ID-05", with_seller(electronic_address=Identifier(value="a@b.fr", scheme="EM"))),
    ("ID-05", with_seller(electronic_address=Identifier(value="404833048_A", scheme="0225"))),
    ("ID-06", with_items(Identifier(value="4012345001235", scheme="0160"), None)),
    ("ID-06", with_items(Identifier(value="house code", scheme="XR01"))),
    ("ID-07", with_seller(tax_registration="201/113/40209", address=Address(country="DE"))),
    ("ID-07", with_seller(tax_registration="4711")),
    ("ID-08", plain_invoice(buyer_reference="04011000-12345-03")),
    ("ID-08", plain_invoice(buyer_reference="12345-2026-01")),
    ("ID-09", plain_invoice()),
    ("ID-09", with_seller(address=Address(country="MC"))),
    ("ID-09", with_seller(vat_identifier="EL094259216", address=Address(country="GR"))),
    ("ID-09", with_seller(vat_identifier="XI1", address=Address(country="GB"))),
    (
        "ID-09",
        replace(with_seller(address=Address(country="US")), tax_representative=TaxRepresentative()),
    ),
    (
        "ID-10",
        with_seller(
            legal_registration=OTHER_SIREN,
            identifiers=(Identifier(value="73282932000074", scheme="0009"),),
        ),
    ),
    ("ID-11", with_seller(legal_registration=SIREN)),
    ("ID-11", with_seller(legal_registration=SIREN, vat_identifier="FR61000000001")),
    (
        "ID-11",
        replace(
            with_seller(legal_registration=OTHER_SIREN),
            notes=(Note(subject_code="TXD", text="MEMBRE_ASSUJETTI_UNIQUE"),),
        ),
    ),
    (
        "ID-12",
        with_seller(
            legal_registration=SIREN,
            electronic_address=Identifier(value="404833048_A", scheme="0225"),
        ),
    ),
    (
        "ID-12",
        with_seller(
            legal_registration=SIREN,
            electronic_address=Identifier(value="4000001123452", scheme="0088"),
        ),
    ),
    (
        "ID-13",
        with_buyer(electronic_address=Identifier(value="732829320_73282932000074", scheme="0225")),
    ),
    ("ID-14", with_buyer(vat_identifier="DE136695976")),
    (
        "ID-14",
        replace(
            with_buyer(vat_identifier="DE136695976", legal_registration=SIREN),
            seller=Seller(vat_identifier="FR83404833048", legal_registration=SIREN),
        ),
    ),
]


@pytest.mark.parametrize(("check", "invoice", "path"), BREAKING)
def test_breaks(check: str, invoice: Invoice, path: str) -> None:
    assert [found.paths[0] for found in observed(identifiers.CHECKS, check, invoice)] == [path]


@pytest.mark.parametrize(("check", "invoice"), PASSING)
def test_passes(check: str, invoice: Invoice) -> None:
    assert observed(identifiers.CHECKS, check, invoice) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in identifiers.CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


def test_message_names_value_and_fault() -> None:
    found = only(identifiers.CHECKS, "ID-01", with_seller(vat_identifier="FR84404833048"))
    assert found.message == (
        "BT-31 is FR84404833048, which is no VAT number of FR: its check digits do not fit"
    )
    assert found.evidence == (("BT-31", "FR84404833048"),)


def test_one_finding_for_a_number_on_many_lines() -> None:
    wrong = Identifier(value="123456789", scheme="0160")
    found = only(identifiers.CHECKS, "ID-06", with_items(wrong, None, wrong))
    assert found.paths == (
        "lines[0].item.standard_identifier.value",
        "lines[2].item.standard_identifier.value",
    )


def test_the_vat_number_of_a_buyer_may_be_that_of_its_group() -> None:
    invoice = with_buyer(vat_identifier="FR83404833048", legal_registration=OTHER_SIREN)
    assert only(identifiers.CHECKS, "ID-11", invoice).severity is Severity.INFORMATION


@pytest.mark.parametrize(
    ("seller", "buyer"),
    [
        (Seller(legal_registration=SIREN), Buyer(legal_registration=SIREN)),
        (
            Seller(name="A", address=FRANCE, legal_registration=Identifier(value="R 1")),
            Buyer(name="a", address=FRANCE, legal_registration=Identifier(value="R1")),
        ),
        (Seller(identifiers=(SIREN,)), Buyer(identifier=SIREN)),
    ],
)
def test_the_same_party_twice(seller: Seller, buyer: Buyer) -> None:
    assert observed(identifiers.CHECKS, "ID-14", plain_invoice(seller=seller, buyer=buyer))


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("0007", "5560360793"),
        ("0037", "00372077474-0"),
        ("0037", "003720774740A1"),
        ("0060", "123456789"),
        ("0151", "83914571673"),
        ("0154", "25123891"),
        ("0183", "CHE-107.787.577"),
        ("0184", "DK13585628"),
        ("0188", "5835678256246"),
        ("0192", "988077917"),
        ("0199", "213800KUD8LAJWSQ9D15"),
        ("0204", "991-03730-19"),
        ("0208", "0403019261"),
        ("0211", "IT00743110157"),
        ("0216", "003720774740"),
        ("0221", "T5835678256246"),
        ("0223", "FR83404833048"),
        ("9930", "DE136695976"),
        ("9957", "FR83404833048"),
        ("XX", "whatever"),
    ],
)
def test_numbers_that_fit_their_scheme(scheme: str, value: str) -> None:
    assert key_fault(scheme, value) is None


@pytest.mark.parametrize(
    ("scheme", "value", "fault"),
    [
        ("0037", "003720774741", "its check digits do not fit"),
        ("0088", "40170725", "a GLN has 13 digits"),
        ("0154", "CZ2512", "it has 8 digits"),
        ("0199", "213800KUD8LXJWSQ9D15", "its check digits do not fit"),
        ("0199", "1", "an LEI has 20 characters"),
        ("0204", "17011000-12345-03", "a part of it cannot be"),
        ("0225", "404833048-A", "it does not begin with a SIREN of nine digits"),
        ("0225", "404833049_A", "its check digits do not fit"),
        ("0238", "12", "its form is wrong"),
    ],
)
def test_numbers_that_do_not_fit(scheme: str, value: str, fault: str) -> None:
    assert key_fault(scheme, value) == fault


@pytest.mark.parametrize(
    "value",
    [
        "GR094259216",
        "EL094259216",
        "GB980780684",
        "XI980780684",
        "NO995525828MVA",
        "NO995525828",
        "CHE-107.787.577 IVA",
        "CHE107787577",
        "NL004495445B01",
        "FR58000004639",
        "EU372022452",
        "unknown",
    ],
)
def test_vat_numbers_that_fit(value: str) -> None:
    assert vat_fault(value) is None
