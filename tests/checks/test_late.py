"""Payments in time, late, missing, too high and in another currency, and what is owed for them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import einvoice
from einvoice.checks import late
from einvoice.checks.check import Observation, Sight
from einvoice.checks.payments import Payment, Payments
from einvoice.checks.run import run_checks
from einvoice.findings import LayerName, Severity
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    Address,
    Buyer,
    Extension,
    Identifier,
    Invoice,
    Note,
    Process,
    Seller,
    Totals,
)
from einvoice.model.extension import FurtherPaymentTerms
from tests.examples import plain_invoice

#: Due on 4 November 2026, 240.00 EUR.
NUMBER = "2026-0042"
TODAY = date(2026, 12, 31)
FIRM = Buyer(name="Kontor Hansen", vat_identifier="DE123456788", address=Address(country="DE"))

#: Day, amount and currency.
Row = tuple[str, str] | tuple[str, str, str]
ON_TIME: tuple[Row, ...] = (("2026-11-04", "240.00"),)
ONE_DAY_LATE: tuple[Row, ...] = (("2026-11-05", "240.00"),)


def invoice(**changes: Any) -> Invoice:
    """An invoice between firms."""
    return plain_invoice(**{"buyer": FIRM, **changes})


def german(**changes: Any) -> Invoice:
    seller = Seller(vat_identifier="DE123456788", address=Address(country="DE"))
    return invoice(seller=seller, **changes)


def owed(amount: str, **changes: Any) -> Invoice:
    return invoice(totals=Totals(due=Decimal(amount)), **changes)


def noted(subject: str, text: str, **changes: Any) -> Invoice:
    return invoice(notes=(Note(subject_code=subject, text=text),), **changes)


def public(**changes: Any) -> Invoice:
    siren = Identifier(value="215903501", scheme="0002")
    buyer = Buyer(name="Ville de Lille", legal_registration=siren, address=Address(country="FR"))
    return invoice(buyer=buyer, **changes)


def payments(of: Invoice, rows: Sequence[Row]) -> Payments:
    assert of.seller.vat_identifier
    return Payments(
        Payment(
            seller=of.seller.vat_identifier,
            number=NUMBER,
            paid_on=date.fromisoformat(row[0]),
            amount=Decimal(row[1]),
            currency=row[2] if len(row) > 2 else None,
        )
        for row in rows
    )


def seen(check: str, of: Invoice, rows: Sequence[Row], today: date = TODAY) -> list[Observation]:
    (found,) = (each for each in late.CHECKS if each.id == check)
    return list(found.run(Sight(invoice=of, today=today, payments=payments(of, rows))))


def only(check: str, of: Invoice, rows: Sequence[Row], today: date = TODAY) -> Observation:
    (found,) = seen(check, of, rows, today)
    return found


def evidence(check: str, of: Invoice, rows: Sequence[Row], today: date = TODAY) -> dict[str, str]:
    return dict(only(check, of, rows, today).evidence)


BREAKING = [
    ("DUE-11", invoice(), ONE_DAY_LATE),
    ("DUE-11", invoice(), (("2026-11-04", "239.99"), ("2026-11-05", "0.01"))),
    ("DUE-11", invoice(due_date=None, payment_terms="payable by 2026-11-04"), ONE_DAY_LATE),
    ("DUE-12", invoice(), ()),
    ("DUE-12", invoice(), (("2026-11-04", "239.99"),)),
    ("DUE-12", invoice(), (("2026-11-04", "240.00"), ("2026-11-10", "-240.00"))),
    ("DUE-12", invoice(), (("2027-01-01", "240.00"),)),
    ("DUE-13", invoice(), (("2026-11-04", "240.01"),)),
    ("DUE-13", invoice(), (*ON_TIME, *ON_TIME)),
    ("DUE-13", invoice(due_date=None), (*ON_TIME, *ON_TIME)),
    ("DUE-14", invoice(), (("2026-11-04", "240.00", "USD"),)),
]

PASSING = [
    ("DUE-11", invoice(), ON_TIME),
    ("DUE-11", invoice(), (("2026-10-05", "200.00"), ("2026-11-04", "40.00"))),
    ("DUE-11", invoice(), ()),
    ("DUE-11", invoice(), (*ON_TIME, ("2026-11-20", "1.00"))),
    ("DUE-11", invoice(due_date=None), ONE_DAY_LATE),
    ("DUE-11", invoice(due_date=None, payment_terms="30 jours"), (("2026-12-30", "240.00"),)),
    ("DUE-11", invoice(due_date=date(2026, 10, 1)), ONE_DAY_LATE),
    ("DUE-11", noted("BAR", "B2C"), ONE_DAY_LATE),
    ("DUE-11", invoice(type_code="381"), ONE_DAY_LATE),
    ("DUE-11", invoice(process=Process(business_process="B2")), ONE_DAY_LATE),
    ("DUE-11", owed("0.00"), ONE_DAY_LATE),
    ("DUE-11", invoice(totals=Totals()), ONE_DAY_LATE),
    ("DUE-11", invoice(currency=None), ONE_DAY_LATE),
    ("DUE-11", invoice(), (("2026-11-05", "240.00", "USD"),)),
    ("DUE-11", invoice(), (("2027-01-01", "240.00"),)),
    (
        "DUE-11",
        invoice(extension=Extension(further_payment_terms=(FurtherPaymentTerms(),))),
        ONE_DAY_LATE,
    ),
    ("DUE-12", invoice(), ON_TIME),
    ("DUE-12", invoice(), ONE_DAY_LATE),
    ("DUE-12", invoice(due_date=TODAY), ()),
    ("DUE-12", invoice(due_date=None), ()),
    ("DUE-12", noted("BAR", "B2C"), ()),
    ("DUE-13", invoice(), ON_TIME),
    ("DUE-13", invoice(), (*ON_TIME, *ON_TIME, ("2026-11-10", "-240.00"))),
    ("DUE-14", invoice(), (("2026-11-04", "240.00", "EUR"),)),
]


@pytest.mark.parametrize(("check", "of", "rows"), BREAKING)
def test_breaks(check: str, of: Invoice, rows: Sequence[Row]) -> None:
    assert len(seen(check, of, rows)) == 1


@pytest.mark.parametrize(("check", "of", "rows"), PASSING)
def test_passes(check: str, of: Invoice, rows: Sequence[Row]) -> None:
    assert seen(check, of, rows) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in late.CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


def test_29_february_is_a_day() -> None:
    """From 28 February to 1 March are two days in 2028, one in 2027."""
    for year, days in ((2028, 2), (2027, 1)):
        due = date(year, 2, 28)
        found = only("DUE-11", invoice(due_date=due), ((f"{year}-03-01", "240"),), date.max)
        assert f": {days} day" in found.message
    leap = invoice(due_date=date(2028, 2, 29))
    assert not seen("DUE-11", leap, (("2028-02-29", "240"),), date.max)


def test_a_late_payment_with_what_is_owed_for_it() -> None:
    found = only("DUE-11", invoice(), (("2026-11-04", "140.00"), ("2026-11-20", "100.00")))
    assert found.message == (
        "100.00 EUR paid late, the last on 2026-11-20: 16 days late, due on 2026-11-04 (BT-9); "
        "owed for it: 0.54 EUR of interest and 40 EUR for the costs of recovery, 40.54 EUR in all"
    )
    assert found.paths == ("due_date", "totals.due")
    assert found.evidence == (
        ("BT-115", "240.00 EUR"),
        ("BT-9", "2026-11-04"),
        ("paid 2026-11-04", "140.00 EUR"),
        ("paid 2026-11-20", "100.00 EUR, 16 days late"),
        (
            "rate 2026-11-05 to 2026-11-20",
            "12.4 %: ECB main refinancing rate of 2.40 % (medium confidence) plus 10 points "
            "(Commercial code, L441-10, II)",
        ),
        ("interest on 100.00 EUR for 16 days", "0.54 EUR"),
        ("costs of recovery", "40 EUR (Commercial code, D441-5)"),
        ("owed for the delay", "40.54 EUR"),
    )


def test_each_part_has_its_days_and_its_interest_is_rounded() -> None:
    """At 12.4 %: 14600 for 10 days is 49.60, 7300 for 20 days too, 18.41 for 1 day is 0.006."""
    rows = (("2026-11-05", "18.41"), ("2026-11-14", "14600"), ("2026-11-24", "7300"))
    found = evidence("DUE-11", owed("21918.41"), rows)
    assert found["interest on 18.41 EUR for 1 day"] == "0.01 EUR"
    assert found["interest on 14600.00 EUR for 10 days"] == "49.60 EUR"
    assert found["interest on 7300.00 EUR for 20 days"] == "49.60 EUR"
    assert found["owed for the delay"] == "139.21 EUR"


def test_a_delay_over_two_half_years_has_two_rates() -> None:
    """Of 36500 a day at 14.25 % is 14.25, two days at 13.15 % are 26.30."""
    of = owed("36500.00", issue_date=date(2024, 11, 1), due_date=date(2024, 12, 30))
    found = evidence("DUE-11", of, (("2025-01-02", "36500.00"),))
    assert found["rate 2024-12-31 to 2024-12-31"].startswith("14.25 %: ")
    assert found["rate 2025-01-01 to 2025-01-02"].startswith("13.15 %: ")
    assert found["interest on 36500.00 EUR for 3 days"] == "40.55 EUR"


def test_a_german_seller_has_the_rate_and_the_sum_of_the_bgb() -> None:
    found = evidence("DUE-11", german(), ONE_DAY_LATE)
    assert found["rate 2026-11-05 to 2026-11-05"] == (
        "10.52 %: German base rate (BGB 247) of 1.52 % (medium confidence) plus 9 points "
        "(BGB 288, 2)"
    )
    assert found["costs of recovery"] == "40 EUR (BGB 288, 5)"


@pytest.mark.parametrize("due", [date(2026, 11, 7), date(2026, 11, 8)])
def test_in_germany_what_is_due_on_a_weekend_may_be_paid_on_monday(due) -> None:
    """BGB 193; the day of the delay begins after that Monday."""
    of = german(due_date=due)
    assert not seen("DUE-11", of, (("2026-11-09", "240.00"),))
    assert not seen("DUE-12", of, (), date(2026, 11, 9))
    found = only("DUE-11", of, (("2026-11-10", "240.00"),))
    assert ": 1 day late, due on" in found.message
    assert ("last day", "2026-11-09 (BGB 193)") in found.evidence
    assert seen("DUE-11", invoice(due_date=due), (("2026-11-09", "240.00"),))


def test_a_french_public_buyer_owes_eight_points_at_the_rate_of_the_begin() -> None:
    of = public(issue_date=date(2024, 6, 1), due_date=date(2024, 6, 29))
    found = evidence("DUE-11", of, (("2024-07-10", "240.00"),))
    assert found["rate 2024-06-30 to 2024-07-10"] == (
        "12.5 %: ECB main refinancing rate of 4.50 % plus 8 points (Public order code, R2192-31)"
    )
    assert found["costs of recovery"] == "40 EUR (Public order code, D2192-35)"


@pytest.mark.parametrize(
    ("text", "rate", "note"),
    [
        ("15 % l'an", "15 %: named in the note PMD (BT-22)", ""),
        (
            "3 fois le taux d'intérêt légal",
            "7.86 %: 3 times the French legal interest rate for firms of 2.62 %, as known until "
            "2026-06-30, named in the note PMD (BT-22)",
            "",
        ),
        (
            "5 % l'an",
            "12.4 %: ECB",
            " (less than three times the legal interest rate, 7.86 %: not used)",
        ),
        ("1 % par mois", "12.4 %: ECB", " (names no rate plainly: not used)"),
    ],
)
def test_the_rate_of_the_note_counts_where_it_is_plain_and_high_enough(text, rate, note) -> None:
    found = evidence("DUE-11", noted("PMD", text), ONE_DAY_LATE)
    assert found["rate 2026-11-05 to 2026-11-05"].startswith(rate)
    assert found["BT-22 PMD"] == f"{text}{note}"


def test_the_note_of_a_german_seller_is_not_read() -> None:
    notes = (Note(subject_code="PMD", text="15 %"),)
    assert "BT-22 PMD" not in evidence("DUE-11", german(notes=notes), ONE_DAY_LATE)


def test_what_may_be_a_consumer_owes_no_interest() -> None:
    found = only("DUE-11", plain_invoice(), ONE_DAY_LATE)
    assert found.message.endswith(
        "(BT-9); interest is not reckoned: nothing says that the buyer is a firm (BT-46 to BT-48)"
    )


def test_no_rate_is_known_of_a_swedish_seller() -> None:
    of = invoice(seller=Seller(vat_identifier="SE556036079301", address=Address(country="SE")))
    found = only("DUE-11", of, ONE_DAY_LATE)
    assert found.message.endswith("interest is not reckoned: no rate is known for a seller in SE")


def test_before_the_table_only_the_40_eur_are_told() -> None:
    of = invoice(issue_date=None, due_date=date(2014, 11, 4))
    found = only("DUE-11", of, (("2014-11-05", "240.00"),))
    assert found.message.endswith(
        "; owed for it: 40 EUR for the costs of recovery; interest is not reckoned: "
        "no rate is known for 2014-11-04"
    )


def test_40_eur_are_not_added_to_another_currency() -> None:
    found = only("DUE-11", owed("36500", currency="JPY"), (("2026-11-05", "36500"),))
    assert found.message.endswith("12 JPY of interest and 40 EUR for the costs of recovery")
    assert ("owed for the delay", "12 JPY and 40 EUR") in found.evidence


def test_what_is_open_has_interest_until_today() -> None:
    found = only("DUE-12", owed("36500.00"), (("2026-11-04", "36499.00"),), date(2026, 11, 5))
    assert found.message == (
        "1.00 EUR not paid on 2026-11-05: 1 day late, due on 2026-11-04 (BT-9); owed for it: "
        "0.00 EUR of interest and 40 EUR for the costs of recovery, 40.00 EUR in all"
    )
    assert found.paths == ("totals.due", "due_date")


def test_the_40_eur_are_owed_once() -> None:
    rows = (("2026-11-14", "100.00"),)
    assert "costs of recovery" in evidence("DUE-11", invoice(), rows)
    assert "costs of recovery" not in evidence("DUE-12", invoice(), rows)


def test_what_was_taken_back_is_late_from_then_on() -> None:
    """On time, back after six days, paid again after ten more: ten days of delay, not sixteen."""
    rows = (*ON_TIME, ("2026-11-10", "-240.00"), ("2026-11-20", "240.00"))
    found = evidence("DUE-11", invoice(), rows)
    assert found["interest on 240.00 EUR for 10 days"] == "0.82 EUR"
    assert found["paid 2026-11-10"] == "-240.00 EUR"


def test_what_was_never_paid_cannot_be_taken_back() -> None:
    found = only("DUE-12", invoice(), (("2026-11-04", "-10.00"),))
    assert found.message.startswith("240.00 EUR not paid")


def test_after_today_nothing_is_counted_yet() -> None:
    found = only("DUE-12", invoice(), (("2026-12-01", "240.00"),), date(2026, 11, 30))
    assert ("paid 2026-12-01", "240.00 EUR, not counted: after today") in found.evidence


def test_another_currency_is_told_and_makes_what_is_open_doubtful() -> None:
    rows = (("2026-11-04", "260.00", "USD"),)
    found = only("DUE-12", invoice(), rows)
    assert found.severity is Severity.INFORMATION
    assert found.message.endswith("; what was paid in another currency is not counted")
    assert ("paid 2026-11-04", "260.00 USD, not counted: another currency") in found.evidence
    told = only("DUE-14", invoice(), rows)
    assert told.message == "paid in USD, which is not counted: expected EUR (BT-5)"


@pytest.mark.parametrize(
    ("of", "weight"),
    [
        (invoice(payment_terms="3 % Skonto bei Zahlung in 10 Tagen"), Severity.INFORMATION),
        (noted("AAB", "Escompte de 3 % à 10 jours"), Severity.INFORMATION),
        (noted("AAB", "Pas d'escompte pour paiement anticipé"), None),
        (invoice(), None),
    ],
)
def test_what_a_discount_leaves_open_is_worth_knowing(of, weight) -> None:
    assert only("DUE-12", of, (("2026-10-10", "232.80"),)).severity is weight


def test_paid_twice() -> None:
    found = only("DUE-13", invoice(), (*ON_TIME, ("2026-11-20", "240.00")))
    assert found.message == (
        "480.00 EUR paid, 240.00 EUR more than is due: expected 240.00 EUR (BT-115)"
    )


def test_due_by_payment_terms() -> None:
    of = invoice(due_date=None, payment_terms="payable by 2026-11-04")
    found = only("DUE-11", of, ONE_DAY_LATE)
    assert "due on 2026-11-04 (BT-20)" in found.message
    assert found.paths[0] == "payment_terms"


def test_without_payments_the_checks_say_what_they_need() -> None:
    lacking = run_checks(Sight(invoice=invoice(), today=TODAY)).not_run
    for check in late.CHECKS:
        assert lacking[check.id] == "a payments file (--payments)"


def test_all_checks_run_with_payments() -> None:
    sight = Sight(invoice=invoice(), today=TODAY, payments=payments(invoice(), ONE_DAY_LATE))
    outcome = run_checks(sight)
    assert not outcome.not_run.keys() & {check.id for check in late.CHECKS}
    assert "DUE-11" in {seen.check.id for seen in outcome.seen}


def test_validation_with_payments_reports_checks() -> None:
    data = write_xml("ubl-invoice", invoice())
    options = {"payments": payments(invoice(), ONE_DAY_LATE), "as_of": TODAY}
    report = einvoice.validate(data, **options)
    (found,) = (each for each in report.findings if each.rule == "DUE-11")
    assert found.location.endswith("/cbc:DueDate")
    assert set(found.terms) == {"BT-9", "BT-115"}
    assert report.layers[-1].name is LayerName.CHECKS
    assert not report.layers[-1].decides
    assert "DUE-11" not in report.layers[-1].not_run
    without = einvoice.validate(data, checks="report", as_of=TODAY)
    assert without.layers[-1].not_run["DUE-11"] == "a payments file (--payments)"
