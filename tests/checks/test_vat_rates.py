"""The table of VAT rates: its form, its borders, and what another table says of today."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from einvoice.checks.vat_rates import VatRate, percents, rates_of, rates_on, vat_rates

#: What eu-vat-rates-data has otherwise, and why: (only here, only there).
DIFFERENT = {
    "FR": ({"1.75"}, {"13"}),  # live animals overseas; petroleum in Corsica ended in 2025
    "IE": ({"4.8"}, set()),  # livestock
    "NO": ({"11.11"}, set()),  # raw fish
    "PT": ({"12", "9", "4"}, set()),  # reduced rates of Madeira and the Azores
    "GR": ({"9"}, set()),  # islands
}


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("country", "day", "standard"),
    [
        ("LU", "2022-12-31", "17"),
        ("LU", "2023-01-01", "16"),
        ("LU", "2023-12-31", "16"),
        ("LU", "2024-01-01", "17"),
        ("RO", "2025-07-31", "19"),
        ("RO", "2025-08-01", "21"),
        ("GR", "2016-05-31", "23"),
        ("GR", "2016-06-01", "24"),
        ("CH", "2023-12-31", "7.7"),
        ("CH", "2024-01-01", "8.1"),
        ("DE", "2020-06-30", "19"),
        ("DE", "2020-07-01", "16"),
        ("DE", "2021-01-01", "19"),
        ("IE", "2021-02-28", "21"),
        ("EE", "2025-06-30", "22"),
        ("EE", "2025-07-01", "24"),
        ("FI", "2024-08-31", "24"),
        ("FI", "2024-09-01", "25.5"),
        ("FI", "2024-02-29", "24"),
        ("SK", "2024-12-31", "20"),
        ("SK", "2025-01-01", "23"),
    ],
)
def test_standard_rates_change_on_their_day(country: str, day: str, standard: str) -> None:
    assert rates_on(country, date.fromisoformat(day))[0] == Decimal(standard)


def test_reduced_rates_change_too() -> None:
    before, after = days("2025-12-31", "2026-01-01")
    assert rates_on("FI", before) == [Decimal("25.5"), 14, 10]
    assert rates_on("FI", after) == [Decimal("25.5"), Decimal("13.5"), 10]
    assert rates_on("LT", before) == [21, 9, 5]
    assert rates_on("LT", after) == [21, 12, 5]


def test_territories_have_rates_of_their_own() -> None:
    day = date(2026, 10, 5)
    assert percents(rates_on("FR", day)) == "20, 10, 5.5 or 2.1 %"
    assert percents(rates_on("FR", day, "FR-DOM")) == "8.5, 2.1, 1.75 or 1.05 %"
    assert percents(rates_on("FR", day, "FR-COR")) == "20, 10, 5.5, 2.1 or 0.9 %"
    assert rates_on("PT", day, "PT-20") == [16, 9, 4]
    assert rates_on("PT", day, "PT-30") == [22, 12, 4]
    assert rates_on("FR", date(2025, 2, 15), "FR-COR")[1] == 13


def standard_rows() -> Iterator[tuple[tuple[str, str | None], list[VatRate]]]:
    places = dict.fromkeys((row.country, row.area) for row in vat_rates().rates)
    for country, area in places:
        rows = [r for r in rates_of(country) if r.area == area and r.kind == "standard"]
        yield (country, area), sorted(rows, key=lambda row: row.start or date.min)


def test_standard_rates_follow_each_other_without_gap() -> None:
    for place, rows in standard_rows():
        rows = [row for row in rows if row.end is None or row.end >= vat_rates().known_since]
        for row, following in zip(rows, rows[1:], strict=False):
            assert row.end is not None, place
            assert following.start == row.end + timedelta(1), place
        assert not rows or place[1] == "GR-ISL" or rows[-1].end is None, place


def test_every_row_is_a_rate_above_zero_with_source_and_confidence() -> None:
    for row in vat_rates().rates:
        assert 0 < row.rate <= 27
        assert row.source
        assert row.confidence in {"high", "medium", "low"}
        assert row.kind in {"standard", "reduced", "parking", "temporary", "farmers"}
        assert row.start is None or row.end is None or row.start <= row.end


def test_all_member_states_and_neighbours_are_known() -> None:
    eu = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    assert {row.country for row in vat_rates().rates} == {*eu.split(), "GB", "XI", "CH", "NO", "IS"}


def test_rates_of_today_are_those_of_another_table() -> None:
    other = pytest.importorskip("eu_vat_rates_data", reason="eu-vat-rates-data is not installed")
    day = date(2026, 9, 29)
    for country in dict.fromkeys(row.country for row in vat_rates().rates):
        said = other.get_rate(country)
        rates = {said["standard"], *said["reduced"], said["super_reduced"], said["parking"]}
        there = {Decimal(str(rate)) for rate in rates if rate}
        rows = [r for r in rates_of(country) if r.holds_on(day) and r.kind != "farmers"]
        here = {row.rate for row in rows}
        ours, theirs = ({Decimal(x) for x in xs} for xs in DIFFERENT.get(country, ((), ())))
        assert (here - there, there - here) == (ours, theirs), country
        standard = [r.rate for r in rows if r.kind == "standard" and r.area is None]
        assert standard == [Decimal(str(said["standard"]))], country
