"""The look-up in the dated table of VAT rates, `codelists/vat_rates.json`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec

from einvoice import codelists
from einvoice.amounts import format_decimal

_TABLE = Path(codelists.__file__).parent / "vat_rates.json"


class VatRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate above zero, where and when it is in force."""

    country: str  #: ISO 3166-1 alpha-2, XI for Northern Ireland
    area: str | None = None  #: a territory with rates of its own
    rate: Decimal  #: percent
    kind: str  #: standard, reduced, parking, temporary or farmers
    start: date | None = None  #: first day, None: before `known_since`
    end: date | None = None  #: last day
    source: str
    confidence: str  #: high, medium or low
    note: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    @property
    def span(self) -> str:
        """Its days, in words."""
        since = f"from {self.start}" if self.start else ""
        until = f"until {self.end}" if self.end else ""
        return " ".join(filter(None, (since, until))) or "at all times"


class VatRates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table: complete, as far as known, for days from `known_since` on."""

    title: str
    version: str
    note: str
    known_since: date
    rates: tuple[VatRate, ...]


@cache
def vat_rates() -> VatRates:
    """The table, read once."""
    return msgspec.json.decode(_TABLE.read_bytes(), type=VatRates)


@cache
def rates_of(country: str) -> tuple[VatRate, ...]:
    """All rates of a country and its territories, none for a country that is not known."""
    return _by_country().get(country, ())


@cache
def _by_country() -> dict[str, tuple[VatRate, ...]]:
    rates: defaultdict[str, list[VatRate]] = defaultdict(list)
    for rate in vat_rates().rates:
        rates[rate.country].append(rate)
    return {country: tuple(found) for country, found in rates.items()}


def rates_on(country: str, day: date, area: str | None = None) -> list[Decimal]:
    """The rates of a country or of one of its territories on a day, highest first."""
    found = (rate for rate in rates_of(country) if rate.area == area and rate.holds_on(day))
    return sorted({rate.rate for rate in found if rate.kind != "farmers"}, reverse=True)


def percents(rates: Iterable[Decimal]) -> str:
    """Rates for a message, such as `20, 10 or 5.5 %`."""
    texts = [percent(rate) for rate in rates]
    if len(texts) < 2:
        return f"{''.join(texts)} %"
    return f"{', '.join(texts[:-1])} or {texts[-1]} %"


def percent(rate: Decimal) -> str:
    """A rate without trailing zeros."""
    return format_decimal(rate.normalize())
