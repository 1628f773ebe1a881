"""Amounts and VAT treatments against those that a seller is known for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from einvoice.checks.check import Observation
from einvoice.checks.habits import CHECKS
from einvoice.checks.history import Bill
from einvoice.model import Invoice, VatBreakdown
from tests.checks.pasts import amount, billed, issued, observed

USUAL = [str(n) for n in range(91, 101)]
EQUAL = ["100"] * 10
WIDE = ["1", "10", "20", "50", "100", "100", "400", "1000", "2000", "5000"]
ROW = VatBreakdown(category="S", rate=Decimal(20))


def of(gross: str, type_code: str = "380", currency: str = "EUR") -> Invoice:
    return issued(totals=amount(gross), type_code=type_code, currency=currency)


def amounts(invoice: Invoice, recent: list[Bill]) -> list[Observation]:
    return observed(CHECKS, "HABIT-01", invoice, recent=tuple(recent))


@pytest.mark.parametrize(
    ("invoice", "recent", "far"),
    [
        (of("300.01"), billed(USUAL), True),
        (of("300.00"), billed(USUAL), False),
        (of("300.01"), billed(USUAL[1:]), False),
        (of("300.01"), billed([*USUAL[1:], "0"]), False),
        (of("300.01"), billed(EQUAL), True),
        (of("15000.01"), billed(WIDE), False),
        (of("9" * 12), billed(WIDE), True),
        (of("300.01", currency="SEK"), billed(USUAL), False),
        (of("300.01", "381"), billed(USUAL), False),
        (of("-300.01"), billed(USUAL), False),
        (of("300.01", "381"), billed(USUAL, credit=True), True),
        (of("0"), billed(USUAL), False),
        (of("1" * 400), billed(USUAL), True),
        (of("100"), billed(["1" * 400] * 10), False),
        (of("100"), billed(["0." + "0" * 400 + "1"] * 10), True),
        (replace(of("1"), totals=Invoice().totals), billed(USUAL), False),
    ],
)
def test_an_amount_far_above_all_before(invoice: Invoice, recent: list[Bill], far: bool) -> None:
    assert bool(amounts(invoice, recent)) is far


def test_an_amount_is_told_with_its_habit() -> None:
    (found,) = amounts(of("5000"), billed(WIDE[:5] + EQUAL))
    assert found.message == (
        "the amount (BT-112) 5000 EUR is far above the 15 latest ones of the seller, median 100, "
        "at most 100; a 100th of it would be usual: is the decimal point wrong?"
    )
    assert found.paths == ("totals.with_vat",)
    assert found.evidence == (
        ("BT-112", "5000"),
        ("median", "100"),
        ("highest", "100"),
        ("invoices", "15"),
    )


@pytest.mark.parametrize(
    ("gross", "hint"),
    [("950", "a 10th"), ("9500", "a 100th"), ("95000", "a 1000th"), ("500", None)],
)
def test_a_wrong_decimal_point_is_asked_for(gross: str, hint: str | None) -> None:
    (found,) = amounts(of(gross), billed(USUAL))
    assert (f"; {hint} of it would be usual" in found.message) is (hint is not None)
    assert ("decimal point" in found.message) is (hint is not None)


TREATMENTS = [
    (("S", "20.00"), {("S", "10")}, 10, True),
    (("S", "20"), {("S", "10")}, 9, False),
    (("S", "20.00"), {("S", "20")}, 10, False),
    (("E", "0"), {("S", "20")}, 10, True),
    (("O", None), {("S", "20")}, 10, True),
    (("O", None), {("O", "")}, 10, False),
    (("S", "20"), set(), 10, False),
]


@pytest.mark.parametrize(("treatment", "known", "before", "new"), TREATMENTS)
def test_a_vat_treatment_is_new(
    treatment: tuple[str, str | None], known: set[tuple[str, str]], before: int, new: bool
) -> None:
    category, rate = treatment
    row = VatBreakdown(category=category, rate=None if rate is None else Decimal(rate))
    found = observed(
        CHECKS,
        "HABIT-02",
        issued(vat_breakdown=(row,)),
        recent=tuple(billed(EQUAL[:before])),
        treatments=frozenset(known),
    )
    assert bool(found) is new


def test_a_vat_treatment_is_told_with_those_before() -> None:
    free = VatBreakdown(category="AE", rate=Decimal(0))
    (found,) = observed(
        CHECKS,
        "HABIT-02",
        issued(vat_breakdown=(ROW, free)),
        recent=tuple(billed(EQUAL)),
        treatments=frozenset({("S", "20"), ("O", "")}),
    )
    assert found.message == (
        "VAT category and rate AE 0 % are new for the seller, who has used O, S 20 %"
    )
    assert found.paths == ("vat_breakdown[1].rate", "vat_breakdown[1].category")
    assert found.evidence == (("BG-23", "AE 0 %"), ("before", "O, S 20 %"))
