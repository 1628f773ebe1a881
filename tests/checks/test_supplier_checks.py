"""The seller against what was seen of it and what the supplier master has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from einvoice.checks.check import GIVEN_BY, Observation, Sight
from einvoice.checks.fingerprint import fingerprint
from einvoice.checks.history import History, Master, Supplier
from einvoice.checks.run import CHECKS as ALL
from einvoice.checks.run import run_checks
from einvoice.checks.suppliers import CHECKS
from einvoice.model import Identifier, Invoice, Seller, Totals
from tests.checks.pasts import DAY, SEEN, bills, issued, observed, transfer

BEFORE = bills(("2026-0041", DAY))
SIREN = "404833048"


def master(**fields: Any) -> Master:
    return Master(suppliers=(Supplier(id="7", name="Vauban", **fields),))


def run(check: str, invoice: Invoice, **known: Any) -> list[Observation]:
    return observed(CHECKS, check, invoice, **{"recent": BEFORE, **known})


def registered(value: str) -> Invoice:
    return issued(seller=Seller(name="Vauban", legal_registration=Identifier(value=value)))


def vat(value: str) -> Invoice:
    return issued(seller=Seller(name="Vauban", vat_identifier=value))


def due(day: date | None, issue_date: date = DAY, **changes: Any) -> Invoice:
    return replace(issued(due_date=day, **changes), issue_date=issue_date)


@pytest.mark.parametrize(
    ("payment", "account"), [(None, "none"), (transfer("DE1", "DE2"), "DE1 DE2")]
)
def test_the_first_invoice_of_a_seller_is_told(payment: Any, account: str) -> None:
    (found,) = run("SUP-01", issued(payment=payment), recent=())
    assert found.message == f"the first invoice seen of Atelier Vauban; account: {account}"
    assert found.paths == ("seller.name",)
    assert found.evidence == (("BT-27", "Atelier Vauban"), ("BT-84", account))
    assert run("SUP-01", issued(payment=payment)) == []


def test_a_seller_is_not_in_the_master() -> None:
    (found,) = run("SUP-02", issued(), master=Master())
    keys = f"siren:{SIREN}, vat:FR83404833048, name:FR:ATELIERVAUBAN:59000"
    assert found.message == (
        "the seller Atelier Vauban is not in the supplier master; it is identified by " + keys
    )
    assert found.paths == ("seller.name",)
    assert found.evidence == (("BT-27", "Atelier Vauban"), ("keys", keys))
    assert run("SUP-02", issued(), master=master()) == []


def test_a_supplier_is_blocked() -> None:
    (found,) = run("SUP-03", issued(), master=master(blocked=True))
    assert found.message == "the supplier 7 Vauban is blocked in the master"
    assert found.paths == ("seller.name",)
    assert found.evidence == (("supplier", "7"),)
    assert run("SUP-03", issued(), master=master()) == []


@pytest.mark.parametrize(
    ("invoice", "fields", "differs"),
    [
        (vat("FR83404833048"), {"vat_number": "FR40303265045"}, True),
        (vat("FR83404833048"), {"vat_number": "FR 83 404.833.048"}, False),
        (vat("FR83404833048"), {"vat_number": ""}, False),
        (vat("FR83404833048"), {"registration": SIREN}, False),
        (registered(SIREN), {"vat_number": "FR83404833048"}, False),
        (registered("303265045"), {"registration": SIREN}, True),
        (registered("404 833 048"), {"registration": SIREN}, False),
        (registered("404 833 048 00022"), {"registration": SIREN}, False),
        (registered(SIREN), {"registration": "40483304800022"}, False),
        (registered("40483304800014"), {"registration": "40483304800022"}, True),
        (registered("HRB 123456789"), {"registration": "HRB123456789"}, False),
    ],
)
def test_identifiers_are_those_of_the_master(
    invoice: Invoice, fields: dict[str, str], differs: bool
) -> None:
    assert bool(run("SUP-04", invoice, master=master(**fields))) is differs


@pytest.mark.parametrize(
    ("invoice", "field", "path", "told"),
    [
        (vat("DE136695976"), "vat_number", "seller.vat_identifier", "BT-31 is DE136695976"),
        (registered("9"), "registration", "seller.legal_registration.value", "BT-30 is 9"),
    ],
)
def test_both_identifiers_are_named(invoice: Invoice, field: str, path: str, told: str) -> None:
    two = [Supplier(id=id, name="V", **{field: f"FR{id}"}) for id in ("1", "2")]
    (found,) = run("SUP-04", invoice, master=Master(suppliers=tuple(two)))
    assert found.message == f"{told}, but the supplier master has FR1 and FR2"
    assert found.paths == (path,)
    assert found.evidence[1] == ("master", "FR1 FR2")


def test_one_of_two_suppliers_is_enough() -> None:
    two = [Supplier(id=n, name="V", vat_number=n, days=int(n[2:])) for n in ("FR60", "FR30")]
    known = Master(suppliers=tuple(two))
    assert run("SUP-04", vat("FR30"), master=known) == []
    assert run("SUP-05", due(date(2026, 11, 4)), master=known) == []


JANUARY = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("invoice", "days", "month_end", "early"),
    [
        (due(date(2026, 11, 3)), 30, False, True),
        (due(date(2026, 11, 4)), 30, False, False),
        (due(date(2026, 12, 31)), 30, False, False),
        (due(None), 30, False, False),
        (due(date(2026, 10, 5)), None, False, False),
        (due(date(2026, 10, 4)), 0, False, True),
        (due(date(2026, 10, 5)), 0, False, False),
        (due(date(2026, 2, 28), JANUARY), 30, False, False),
        (due(date(2026, 2, 27), JANUARY), 30, False, True),
        (due(date(2026, 11, 29)), 45, True, True),
        (due(date(2026, 11, 30)), 45, True, False),
        (due(date(2026, 12, 14), date(2026, 10, 30)), 45, True, True),
        (due(date(2026, 12, 15), date(2026, 10, 30)), 45, True, False),
        (due(date(2026, 10, 6), totals=Totals(due=Decimal(0))), 30, False, False),
        (due(date(2026, 10, 6), totals=Totals()), 30, False, False),
        (due(date(2026, 10, 6), type_code="381"), 30, False, False),
    ],
)
def test_an_invoice_is_due_before_the_agreed_term(
    invoice: Invoice, days: int | None, month_end: bool, early: bool
) -> None:
    found = run("SUP-05", invoice, master=master(days=days, month_end=month_end))
    assert bool(found) is early


def test_the_last_day_there_is() -> None:
    last = date(9999, 12, 31)
    assert run("SUP-05", due(last, last), master=master(days=45, month_end=True)) == []
    assert run("SUP-05", replace(due(DAY), issue_date=None), master=master(days=30)) == []


def test_an_early_day_is_told_with_the_term() -> None:
    (found,) = run("SUP-05", due(date(2026, 11, 20)), master=master(days=45, month_end=True))
    assert found.message == (
        "BT-9 is 2026-11-20, 10 days before 2026-11-30, by the term agreed with supplier 7: "
        "45 days end of month"
    )
    assert found.paths == ("due_date",)
    assert found.evidence == (
        ("BT-2", "2026-10-05"),
        ("BT-9", "2026-11-20"),
        ("agreed", "2026-11-30"),
    )


HISTORY = {
    *(f"DUP-0{n}" for n in range(1, 7)),
    *("BANK-09", "BANK-10", "BANK-11", "SEQ-01", "SEQ-02", "SEQ-03", "HABIT-01", "HABIT-02"),
    "SUP-01",
}
PAYMENTS = {"DUE-11", "DUE-12", "DUE-13", "DUE-14"}
MASTER = {"BANK-12", "SEQ-04", "SUP-02", "SUP-03", "SUP-04", "SUP-05"}


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        (None, {**dict.fromkeys(HISTORY, "history"), **dict.fromkeys(MASTER, "master")}),
        ({}, dict.fromkeys(MASTER, "master")),
        ({"master": Master()}, {}),
    ],
)
def test_what_lacks_something_does_not_run(
    given: dict[str, Any] | None, lacking: dict[str, str]
) -> None:
    invoice = issued()
    past = None if given is None else History(print=fingerprint(invoice), **given)
    outcome = run_checks(Sight(invoice=invoice, today=SEEN, history=past))
    lacking |= dict.fromkeys(PAYMENTS, "payments")
    assert outcome.not_run == {id: GIVEN_BY[need] for id, need in lacking.items()}
    assert not {found.check.id for found in outcome.seen} & outcome.not_run.keys()


def test_all_that_remember_are_listed() -> None:
    assert {check.id for check in ALL if check.needs} == HISTORY | MASTER | PAYMENTS
