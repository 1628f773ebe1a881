"""An account against those that its seller had, those of others, and those of the master data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from einvoice.checks.account_history import CHECKS
from einvoice.checks.check import Observation
from einvoice.checks.history import AccountUse, Master, Supplier
from einvoice.findings import Severity
from einvoice.model import Invoice, Payee
from tests.checks.pasts import DAY, bills, issued, observed, transfer

OLD = "FR7630006000011234567890189"
NEW = "DE89370400440532013000"
SINCE = date(2026, 1, 2)
BEFORE = bills(("2026-0041", DAY))
FACTOR = Payee(name="Banque Lille")


def use(account: str, seller: str = "", *, assigned: bool = False) -> AccountUse:
    """That an account was used: by the seller at hand, or by another one."""
    return AccountUse(
        account=account,
        seller=seller or "Atelier Vauban",
        same_seller=not seller,
        first=SINCE,
        assigned=assigned,
    )


def master(*accounts: str, owners: tuple[tuple[str, str], ...] = ()) -> Master:
    return Master(suppliers=(Supplier(id="7", name="Vauban", accounts=accounts),), owners=owners)


def paid_to(*accounts: str | None, **changes: Any) -> Invoice:
    return issued(payment=transfer(*accounts), **changes)


def run(check: str, invoice: Invoice, *uses: AccountUse, **known: Any) -> list[Observation]:
    return observed(CHECKS, check, invoice, accounts=uses, **{"recent": BEFORE, **known})


BREAKING = [
    ("BANK-09", paid_to(NEW), (), None),
    ("BANK-09", paid_to(NEW), (use(NEW, "Ebenist"),), master(OLD)),
    ("BANK-10", paid_to(NEW), (use(OLD),), None),
    ("BANK-10", paid_to(NEW), (use(OLD),), master(OLD)),
    ("BANK-10", paid_to(NEW, type_code="393"), (use(OLD),), None),
    ("BANK-10", paid_to(NEW, payee=FACTOR), (use(OLD), use(NEW, "Ebenist")), None),
    ("BANK-10", paid_to(NEW), (use(OLD, assigned=True),), None),
    ("BANK-11", paid_to(NEW), (use(NEW, "Ebenist"),), None),
    ("BANK-11", paid_to(NEW), (use(NEW, "Ebenist"), use(NEW)), None),
    ("BANK-11", paid_to(NEW), (use(NEW),), master(OLD, owners=((NEW, "Ebenist"),))),
    ("BANK-11", paid_to(NEW), (), master(OLD, owners=((NEW, "Ebenist"),))),
    ("BANK-12", paid_to(NEW), (), master(OLD)),
    ("BANK-12", paid_to(NEW), (use(NEW),), master(OLD)),
]

PASSING = [
    ("BANK-09", paid_to(NEW), (use(OLD),), None),
    ("BANK-09", paid_to(NEW), (), master(OLD, NEW)),
    ("BANK-09", paid_to(NEW, payee=FACTOR), (), None),
    ("BANK-09", issued(), (), None),
    ("BANK-10", paid_to(OLD), (use(OLD),), None),
    ("BANK-10", paid_to("IBAN FR76 3000 6000 0112 3456 7890 189"), (use(OLD),), None),
    ("BANK-10", paid_to(NEW), (use(OLD),), master(NEW)),
    ("BANK-10", paid_to(NEW), (), None),
    ("BANK-10", paid_to(NEW), (use(OLD), use(NEW)), None),
    ("BANK-10", paid_to(NEW, type_code="393"), (use(OLD), use(NEW, "B", assigned=True)), None),
    ("BANK-10", issued(), (use(OLD),), None),
    ("BANK-11", paid_to(NEW), (use(NEW),), None),
    ("BANK-11", paid_to(NEW), (use(OLD, "Ebenist"),), None),
    ("BANK-11", paid_to(NEW), (use(NEW), use(NEW, "Ebenist")), None),
    ("BANK-11", paid_to(NEW), (use(NEW, "ATELIER VAUBAN"),), None),
    ("BANK-11", paid_to(NEW), (use(NEW, "Ebenist", assigned=True),), None),
    ("BANK-11", paid_to(NEW, payee=FACTOR), (use(NEW, "Ebenist"),), None),
    ("BANK-11", paid_to(NEW), (), master(OLD, owners=((OLD, "Ebenist"),))),
    ("BANK-12", paid_to(OLD), (), master(NEW, OLD)),
    ("BANK-12", paid_to(NEW), (), master()),
    ("BANK-12", paid_to(NEW), (), Master()),
    ("BANK-12", paid_to(NEW, payee=FACTOR), (), master(OLD)),
    ("BANK-12", issued(), (), master(OLD)),
]


@pytest.mark.parametrize(("check", "invoice", "uses", "known"), BREAKING)
def test_breaks(
    check: str, invoice: Invoice, uses: tuple[AccountUse, ...], known: Master | None
) -> None:
    (found,) = run(check, invoice, *uses, master=known)
    assert found.paths[0] == "payment.credit_transfers[0].account"
    assert found.evidence[0] == ("BT-84", NEW)
    assert NEW in found.message


@pytest.mark.parametrize(("check", "invoice", "uses", "known"), PASSING)
def test_passes(
    check: str, invoice: Invoice, uses: tuple[AccountUse, ...], known: Master | None
) -> None:
    assert run(check, invoice, *uses, master=known) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


@pytest.mark.parametrize(
    ("check", "text", "evidence"),
    [
        ("BANK-09", " is the first one seen of this seller", ("invoices before", "1")),
        (
            "BANK-10",
            f" is new; before, the seller had {OLD} (since 2026-01-02): ask by a telephone number "
            "that you know already",
            ("before", f"{OLD} (since 2026-01-02)"),
        ),
        ("BANK-11", " is also that of Ebenist, Zimmer", ("others", "Ebenist, Zimmer")),
        (
            "BANK-12",
            f" is not in the master data of the supplier, which has {OLD}: ask by a telephone "
            "number that you know already",
            ("master", OLD),
        ),
    ],
)
def test_what_is_told(check: str, text: str, evidence: tuple[str, str]) -> None:
    shared = (use(NEW, "Zimmer"), use(NEW, "Ebenist"))
    uses = {"BANK-10": (use(OLD),), "BANK-11": shared}.get(check, ())
    known = master(OLD) if check == "BANK-12" else None
    (found,) = run(check, paid_to(NEW), *uses, master=known)
    assert found.message == f"the account (BT-84) {NEW}{text}"
    assert found.evidence[-1] == evidence


def test_of_a_new_seller_no_account_is_new() -> None:
    assert run("BANK-09", paid_to(NEW), recent=()) == []


@pytest.mark.parametrize(
    ("accounts", "place"), [((OLD, NEW), 1), ((None, NEW), 1), ((OLD, OLD, NEW, NEW), 2)]
)
def test_the_path_is_where_the_account_stands(accounts: tuple[str | None, ...], place: int) -> None:
    (found,) = run("BANK-10", paid_to(*accounts), use(OLD))
    assert found.paths[0] == f"payment.credit_transfers[{place}].account"


@pytest.mark.parametrize(
    ("changed", "told"),
    [(date(2026, 10, 25), True), (date(2026, 10, 24), False), (SINCE, False)],
)
def test_a_change_is_told_again_for_thirty_days(changed: date, told: bool) -> None:
    """Today is 24 November; what was seen first on the day of the oldest account is no change."""
    new = AccountUse(account=NEW, seller="", same_seller=True, first=changed, assigned=False)
    found = run("BANK-10", paid_to(NEW), use(OLD), new)
    assert [each.severity for each in found] == [Severity.INFORMATION] * told
