"""Interest for late payment between firms, from the dated table `codelists/late_interest.json`.

A law takes a reference rate and adds points. For the first half of a year the reference is that of
1 January, for the second that of 1 July (Directive 2011/7/EU, art. 3 (3); French Commercial code,
L441-10, II; German BGB 247), so a delay that goes through several half years has several rates. Of
French public buyers the rate of the half year in which the delay began holds to its end (Public
order code, R2192-31). Interest is simple, by days of a year of 365, from the day after the last day
for paying to the day of payment. The table says how sure each of its rows is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path

import msgspec

from einvoice import codelists
from einvoice.amounts import EXACT, round_half_up
from einvoice.checks.mentions import Penalty

_TABLE = Path(codelists.__file__).parent / "late_interest.json"

#: An agreed rate is at least so many times the French legal interest rate (L441-10, II).
_LEAST_TIMES = 3
_LEGAL = "FR-LEGAL"
_AGREED = "named in the note PMD (BT-22)"
_DAY = timedelta(days=1)


class ReferenceRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate from the first day of a half year on."""

    start: date
    rate: Decimal  #: percent a year
    source: str
    confidence: str  #: high, medium or low


class Reference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate that laws refer to."""

    name: str
    title: str
    known_until: date  #: later days have the last rate that is known
    rates: tuple[ReferenceRate, ...]

    def on(self, day: date) -> ReferenceRate | None:
        """The rate on a day; None before the first that is known."""
        return next((row for row in reversed(self.rates) if row.start <= day), None)

    def said(self, found: ReferenceRate, day: date) -> str:
        """The rate of a day in words, with what makes it doubtful."""
        told = f"{self.title} of {found.rate} %"
        if day > self.known_until:
            return f"{told}, as known until {self.known_until},"
        return told if found.confidence == "high" else f"{told} ({found.confidence} confidence)"


class Law(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the law of a seller's country adds to a reference rate."""

    countries: tuple[str, ...]  #: ISO 3166-1 alpha-2, of the seller
    start: date | None = None  #: the first due date that it is applied to
    public: bool = False  #: for public buyers only
    reference: str
    points: Decimal
    fixed: bool = False  #: the rate of the first day holds to the end
    working_days: str | None = None  #: the rule that moves a weekend to Monday, if any
    costs: str  #: the rule on the 40 EUR for the costs of recovery
    source: str
    confidence: str
    note: str | None = None


class LateInterest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table."""

    title: str
    version: str
    note: str
    references: tuple[Reference, ...]
    laws: tuple[Law, ...]


@cache
def late_interest() -> LateInterest:
    """The table, read once."""
    return msgspec.json.decode(_TABLE.read_bytes(), type=LateInterest)


@cache
def reference_named(name: str) -> Reference:
    """A reference rate by its name."""
    return next(each for each in late_interest().references if each.name == name)


def law_of(country: str | None, due: date, *, public: bool = False) -> Law | None:
    """The law on what a seller in a country is owed; None where we know none.

    Where the parties chose no law, it is that of the seller (Regulation (EC) 593/2008, art. 4 (1)).
    """
    return next(
        (
            law
            for law in late_interest().laws
            if country in law.countries
            and law.public == public
            and (law.start is None or law.start <= due)
        ),
        None,
    )


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """A rate of interest and where it comes from."""

    percent: Decimal  #: a year
    origin: str


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days in a row with one rate."""

    first: date
    last: date
    rate: Rate

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How interest for the late payment of an invoice is reckoned."""

    law: Law
    agreed: Penalty | None = None  #: counts before the rate of the law

    def spans(self, first: date, last: date) -> tuple[Span, ...] | None:
        """The days from a first to a last one with their rates; None if one is not known."""
        spans: list[Span] = []
        for begin, end in _half_years(first, last):
            rate = self._rate_on(first if self.law.fixed else begin)
            if rate is None:
                return None
            if spans and spans[-1].rate == rate:
                begin = spans.pop().first
            spans.append(Span(first=begin, last=end, rate=rate))
        return tuple(spans)

    def _rate_on(self, day: date) -> Rate | None:
        if self.agreed and self.agreed.percent is not None:
            return Rate(percent=self.agreed.percent, origin=_AGREED)
        if self.agreed and self.agreed.times is not None:
            return _multiple(self.agreed.times, day, _AGREED)
        reference = reference_named(self.law.reference)
        found = reference.on(day)
        if found is None:
            return None
        source = "; ".join(filter(None, (self.law.source, self.law.note)))
        origin = f"{reference.said(found, day)} plus {self.law.points} points ({source})"
        return Rate(percent=found.rate + self.law.points, origin=origin)


def least_agreed(day: date) -> Decimal | None:
    """The least rate that French firms may agree on, percent a year; None if it is not known."""
    rate = _multiple(_LEAST_TIMES, day, "")
    return rate.percent if rate else None


def _multiple(times: int, day: date, origin: str) -> Rate | None:
    reference = reference_named(_LEGAL)
    found = reference.on(day)
    if found is None:
        return None
    told = f"{times} times the {reference.said(found, day)} {origin}"
    return Rate(percent=times * found.rate, origin=told)


def _half_years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The half years from one day to another, the outer ones in part."""
    while first <= last:
        end = date(first.year, 6, 30) if first.month <= 6 else date(first.year, 12, 31)
        yield first, min(end, last)
        if end >= last:
            return
        first = end + _DAY


def interest(amount: Decimal, spans: tuple[Span, ...], decimals: int) -> Decimal:
    """Simple interest on an amount, rounded once, half up."""
    with localcontext(EXACT):
        percent_days = sum((span.rate.percent * span.days for span in spans), Decimal(0))
        return round_half_up(amount * percent_days / 36500, decimals)
