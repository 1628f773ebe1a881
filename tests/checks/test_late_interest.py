"""The table of interest for late payment: its form, and what its references say of each other."""

from datetime import date
from decimal import Decimal

import pytest

from einvoice.checks.interest import (
    Terms,
    interest,
    late_interest,
    law_of,
    least_agreed,
    reference_named,
)
from einvoice.checks.mentions import Penalty, penalty_named

DUE = date(2026, 1, 1)
EURO_STATES = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def rates(country: str, first: str, last: str, *, public: bool = False) -> list[tuple[str, str]]:
    """First day and rate of each span."""
    begin, end = days(first, last)
    law = law_of(country, begin, public=public)
    assert law is not None
    spans = Terms(law=law).spans(begin, end)
    assert spans is not None
    return [(str(span.first), str(span.rate.percent)) for span in spans]


def test_rates_begin_with_half_years_and_have_source_and_confidence() -> None:
    for reference in late_interest().references:
        starts = [row.start for row in reference.rates]
        assert starts == sorted(set(starts))
        assert {(day.month, day.day) for day in starts} <= {(1, 1), (7, 1)}
        for row in reference.rates:
            assert row.source
            assert row.confidence in {"high", "medium", "low"}
            assert -1 < row.rate < 10
        assert reference.known_until >= starts[-1]


def test_the_german_base_rate_follows_the_rate_of_the_ecb() -> None:
    """BGB 247: since 2015 the difference is 0.88."""
    ecb, german = reference_named("ECB"), reference_named("BGB")
    for year in range(2015, 2027):
        for day in (date(year, 1, 1), date(year, 7, 1)):
            assert german.on(day).rate == ecb.on(day).rate - Decimal("0.88"), day


def test_laws_are_of_the_states_with_the_euro() -> None:
    countries = {country for law in late_interest().laws for country in law.countries}
    assert countries == {*EURO_STATES.split(), *["GP", "MQ", "GF", "RE", "YT", "BL", "MF"]}
    references = {reference.name for reference in late_interest().references}
    for law in late_interest().laws:
        assert law.reference in references
        assert law.points >= 8
        assert law.confidence in {"high", "medium", "low"}


@pytest.mark.parametrize(
    ("country", "rate"), [("FR", "12.15"), ("RE", "12.15"), ("DE", "10.27"), ("ES", "10.15")]
)
def test_rates_of_countries(country, rate) -> None:
    assert rates(country, "2026-01-01", "2026-06-30") == [("2026-01-01", rate)]


@pytest.mark.parametrize("country", ["SE", "CH", "GB", "US", None])
def test_no_rate_is_known_elsewhere(country) -> None:
    assert law_of(country, DUE) is None


@pytest.mark.parametrize(("country", "year"), [("HR", 2023), ("BG", 2026)])
def test_new_states_with_the_euro(country, year) -> None:
    assert law_of(country, date(year - 1, 12, 31)) is None
    assert law_of(country, date(year, 1, 1)) is not None


def test_half_years_have_rates_of_their_own() -> None:
    assert rates("FR", "2024-06-30", "2025-07-01") == [
        ("2024-06-30", "14.50"),
        ("2024-07-01", "14.25"),
        ("2025-01-01", "13.15"),
        ("2025-07-01", "12.15"),
    ]


def test_a_rate_that_stays_is_one_span() -> None:
    assert rates("DE", "2017-03-01", "2022-12-31") == [("2017-03-01", "8.12")]


def test_of_a_french_public_buyer_the_first_rate_stays() -> None:
    found = rates("FR", "2024-06-30", "2025-07-01", public=True)
    assert found == [("2024-06-30", "12.50")]
    assert law_of("DE", DUE, public=True) is None


def test_no_rate_is_known_before_the_table() -> None:
    law = law_of("FR", date(2014, 12, 31))
    assert Terms(law=law).spans(*days("2014-12-31", "2015-01-01")) is None


def test_the_last_known_rate_says_that_it_is_one() -> None:
    law = law_of("DE", DUE)
    (span,) = Terms(law=law).spans(*days("2027-01-01", "2027-01-02"))
    assert span.rate.origin == (
        "German base rate (BGB 247) of 1.52 %, as known until 2026-12-31, plus 9 points "
        "(BGB 288, 2)"
    )


@pytest.mark.parametrize(
    ("amount", "percent", "last", "expected"),
    [
        ("1000.00", "10", "2026-01-01", "0.27"),
        ("36.50", "10", "2026-01-01", "0.01"),
        ("18.25", "10", "2026-01-01", "0.01"),
        ("18.24", "10", "2026-01-01", "0.00"),
        ("1000.00", "10", "2026-12-31", "100.00"),
    ],
)
def test_interest_is_simple_and_rounded_half_up(amount, percent, last, expected) -> None:
    terms = Terms(law=law_of("FR", DUE), agreed=Penalty(percent=Decimal(percent)))
    spans = terms.spans(date(2026, 1, 1), date.fromisoformat(last))
    assert str(interest(Decimal(amount), spans, 2)) == expected


def test_interest_of_a_leap_year_is_of_366_days_of_365() -> None:
    terms = Terms(law=law_of("FR", DUE), agreed=Penalty(percent=Decimal(10)))
    spans = terms.spans(date(2028, 1, 1), date(2028, 12, 31))
    assert interest(Decimal(365), spans, 2) == Decimal("36.60")
    assert interest(Decimal(365), spans, 0) == Decimal(37)


def test_the_least_that_french_firms_may_agree_on() -> None:
    assert least_agreed(date(2026, 1, 1)) == Decimal("7.86")
    assert least_agreed(date(2010, 1, 1)) is None


def test_the_longest_delay_ends() -> None:
    law = law_of("FR", DUE)
    spans = Terms(law=law).spans(date(2026, 7, 1), date.max)
    assert spans[-1].last == date.max


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pénalités de retard : 12 % l'an", Penalty(percent=Decimal(12))),
        ("Taux annuel de 12,5 pour cent", Penalty(percent=Decimal("12.5"))),
        ("12 % ; au-delà du terme 12 %", Penalty(percent=Decimal(12))),
        ("3 fois le taux d'intérêt légal", Penalty(times=3)),
        ("Trois fois le taux légal, indemnité de 40 EUR", Penalty(times=3)),
        ("trois (3) fois le taux de l'intérêt légal", Penalty(times=3)),
        ("au taux de trois fois l’intérêt légal, dues dès le lendemain", Penalty(times=3)),
        ("1,5 fois le taux d'intérêt légal", None),
        ("12 % ou 15 %", None),
        ("1 % par mois de retard", None),
        ("Taux BCE majoré de 10 %", None),
        ("112 %", None),
        ("Pénalités selon la loi", None),
        ("BCE + 10 points, sans être inférieur à trois fois le taux d'intérêt légal", None),
        ("3 fois le taux d'intérêt légal majoré", None),
        ("3 fois ou 4 fois le taux légal", None),
    ],
)
def test_rates_that_a_note_names_plainly(text, expected) -> None:
    assert penalty_named(text) == expected
