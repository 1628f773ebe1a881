"""The numbers of a seller: their order, their form, what is missing, and who else has any."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from einvoice.checks.check import Observation
from einvoice.checks.history import Bill, Master, Supplier
from einvoice.checks.series import CHECKS
from einvoice.model import Invoice
from tests.checks.pasts import DAY, bills, issued, observed

WHOLE = Master(suppliers=(Supplier(id="7", name="Vauban", whole_series=True),))
PART = Master(suppliers=(Supplier(id="7", name="Vauban"),))


def series(
    *positions: int, form: str = "2026-{:04}", apart: int = 10, credit: bool = False
) -> tuple[Bill, ...]:
    """Earlier invoices so many days apart, the last so many before the one at hand."""
    days = [DAY - timedelta(apart * n) for n in range(len(positions), 0, -1)]
    rows = [(form.format(n), day) for n, day in zip(positions, days, strict=True)]
    return bills(*rows, credit=credit)[::-1]


def run(
    check: str, invoice: Invoice, recent: tuple[Bill, ...], master: Master | None = WHOLE
) -> list[Observation]:
    return observed(CHECKS, check, invoice, recent=recent, master=master)


FIVE = series(31, 33, 37, 38, 40)
EIGHT = series(*range(34, 42))
RESTART = bills(*((f"F-{n:03}", date(2026, 12, n - 240)) for n in range(241, 250)))
BACKWARDS = bills(*((f"2026-{n:04}", DAY - timedelta(n)) for n in range(31, 36)))

BREAKING = [
    ("SEQ-01", issued("2026-0032"), FIVE, "issue_date"),
    ("SEQ-01", issued("2026-0041", -11), FIVE, "issue_date"),
    ("SEQ-01", issued("41/2026", -11), series(31, 33, 37, 38, 40, form="{}/2026"), "issue_date"),
    ("SEQ-01", issued("41/A", -11), series(31, 33, 37, 38, 40, form="{}/A"), "issue_date"),
    (
        "SEQ-01",
        issued("F-0251", 86),
        bills(*((f"F-{n:04}", date(2027, 1, n - 240)) for n in range(241, 246))),
        "issue_date",
    ),
    ("SEQ-02", issued("F2026-41"), FIVE, "number"),
    ("SEQ-02", issued("2026-0041-1"), FIVE, "number"),
    ("SEQ-03", issued("2026-0042"), EIGHT, "number"),
    ("SEQ-03", issued("2026-0042"), (*series(*range(35, 42)), *FIVE), "number"),
    ("SEQ-04", issued("2026-0042"), FIVE, "number"),
    ("SEQ-04", issued("42/2026"), series(39, 40, form="{}/2026"), "number"),
    ("SEQ-04", issued("42/26"), series(39, 40, form="{}/26"), "number"),
]

PASSING = [
    ("SEQ-01", issued("2026-0041"), FIVE),
    ("SEQ-01", issued("2026-0039", -10), FIVE),
    ("SEQ-01", issued("2026-0032", -45), FIVE),
    ("SEQ-01", issued("2026-0040", 5), FIVE),
    ("SEQ-01", issued("2026-0032"), FIVE[1:]),
    ("SEQ-01", issued("2026-0001"), BACKWARDS),
    ("SEQ-01", issued("2027-0001", 90), FIVE),
    ("SEQ-01", issued("F-001", 88), RESTART),
    ("SEQ-01", issued("AV-0001"), FIVE),
    ("SEQ-01", issued("2026-0002", type_code="381"), FIVE),
    ("SEQ-01", issued("2026-0041"), (*FIVE, *series(1, 2, 3, credit=True, apart=1))),
    ("SEQ-01", issued("12-" + "9" * 16), FIVE),
    ("SEQ-01", issued("number one"), FIVE),
    ("SEQ-02", issued("2027-1"), FIVE),
    ("SEQ-02", issued("F2026-41"), FIVE[1:]),
    ("SEQ-02", issued("AV41", type_code="381"), FIVE),
    ("SEQ-02", issued("AV41"), (*FIVE, *series(1, form="F{}"))),
    ("SEQ-02", issued("3F2A"), series(1, 2, 3, 4, 5, form="{}C")[:4] + FIVE[:1]),
    ("SEQ-03", issued("2026-0042"), series(*range(36, 42))),
    ("SEQ-03", issued("2026-0042"), series(34, 36, 37, 38, 39, 40, 41)),
    ("SEQ-03", issued("2026-0042"), series(*range(35, 42), apart=8)),
    ("SEQ-03", issued("2027-0042"), EIGHT),
    ("SEQ-03", issued("10/2026"), series(*range(1, 10), form="{}/2026", apart=2)),
    ("SEQ-04", issued("2026-0041"), FIVE),
    ("SEQ-04", issued("2026-0034"), FIVE),
    ("SEQ-04", issued("2026-0002"), FIVE),
    ("SEQ-04", issued("2027-0003", 90), FIVE),
    ("SEQ-04", issued("2026-2027"), series(2024, 2025, 2026)),
    ("SEQ-04", issued("2026/27"), series(24, 25, 26, form="2026/{}")),
    ("SEQ-04", issued("27/2026"), series(24, 25, 26, form="{}/2026")),
    ("SEQ-04", issued("2026-0042"), ()),
]


@pytest.mark.parametrize(("check", "invoice", "recent", "path"), BREAKING)
def test_breaks(check: str, invoice: Invoice, recent: tuple[Bill, ...], path: str) -> None:
    (found,) = run(check, invoice, recent)
    assert found.paths[0] == path
    assert (invoice.number or "") in found.message
    assert found.severity is None


@pytest.mark.parametrize(("check", "invoice", "recent"), PASSING)
def test_passes(check: str, invoice: Invoice, recent: tuple[Bill, ...]) -> None:
    assert run(check, invoice, recent) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


def test_without_a_number_or_a_day_there_is_no_series() -> None:
    undated = (Bill("2026-0041", None, None, "EUR", False),)
    for check in CHECKS:
        assert run(check.id, Invoice(), FIVE[:4]) == []
        assert run(check.id, issued("2026-0099"), undated) == []


def test_only_a_whole_series_has_gaps() -> None:
    for master in (PART, Master()):
        assert run("SEQ-04", issued("2026-0042"), FIVE, master) == []


@pytest.mark.parametrize(
    ("number", "told", "missing"),
    [
        ("2026-0042", "41", "1"),
        ("2026-0046", "41, 42, 43, 44, 45", "5"),
        ("2026-0047", "41, 42, 43, 44, 45 and 1 more", "6"),
    ],
)
def test_missing_numbers_are_named(number: str, told: str, missing: str) -> None:
    (found,) = run("SEQ-04", issued(number), FIVE)
    assert found.message == f"before {number} these numbers of the series were not seen: {told}"
    assert found.evidence == (("BT-1", number), ("missing", missing))


def test_days_of_two_numbers_are_compared() -> None:
    (found,) = run("SEQ-01", issued("2026-0041", -11), FIVE)
    assert found.message == (
        "2026-0041 is of 2026-09-24, but 2026-0040 is of 2026-09-25: numbers rise with the days"
    )
    assert found.evidence == (("BT-2", "2026-09-24"), ("2026-0040", "2026-09-25"))


def test_another_form_is_compared_with_the_latest_number() -> None:
    (found,) = run("SEQ-02", issued("RE/41"), FIVE)
    assert found.message == (
        "the number (BT-1) RE/41 has another form than those of the seller before, such as "
        "2026-0040"
    )
    assert found.evidence == (("BT-1", "RE/41"), ("before", "2026-0040"))


@pytest.mark.parametrize(("days", "told"), [(59, False), (60, True)])
def test_sixty_days_make_a_run(days: int, told: bool) -> None:
    """Seven numbers before ours, so many days after the first of them."""
    recent = bills(*((f"2026-{n:04}", DAY) for n in range(35, 42)))
    found = run("SEQ-03", issued("2026-0042", days), recent)
    text = (
        "the seller has sent us each number from 2026-0035 to 2026-0042 in 60 days: it seems to "
        "have no other customer"
    )
    assert [observation.message for observation in found] == [text] * told
