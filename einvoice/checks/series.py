"""Checks of the numbers (BT-1) of a seller: their order, their form, and what is missing.

A series is what has one text around its last group of digits, such as `2026-#`, or the group before
that if the last one is the year: `#/2026`. A buyer sees only its own part of a series, so a gap is
told only of sellers whose whole series comes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.fingerprint import Fingerprint
from einvoice.checks.history import Bill, History
from einvoice.findings import Severity

#: So many numbers make a habit.
_HABIT = 5
#: So many numbers over so many days that nobody else had any of them.
_RUN = 8
_RUN_DAYS = 60
#: Missing numbers that a message names.
_NAMED = 5

_DIGITS = re.compile(r"\d+")


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a number stands in its series."""

    position: int
    number: str
    day: date


def _split(number: str, day: date) -> tuple[str, int] | None:
    """The series of a number and its position; None if it has no digits that count."""
    groups = list(_DIGITS.finditer(number))
    leads = len(groups) > 1 and groups[0][0] in (f"{day.year}", groups[-1][0])
    if len(groups) > 1 and not leads and _is_year(groups[-1], day):
        groups.pop()
    if not groups or len(groups[-1][0]) > 15:
        return None
    start, end = groups[-1].span()
    return f"{number[:start]}#{number[end:]}", int(groups[-1][0])


def _is_year(digits: re.Match[str], day: date) -> bool:
    """Whether digits are the year of a day: 2026, or /26."""
    before = digits.string[: digits.start()]
    return digits[0] == f"{day.year}" or (digits[0] == f"{day:%y}" and before.endswith("/"))


def _series(history: History) -> tuple[Place, list[Place]] | None:
    """The invoice and the earlier ones of its series, by position."""
    return _places(history.print, history.recent)


def _places(mine: Fingerprint, bills: Iterable[Bill]) -> tuple[Place, list[Place]] | None:
    split = _split(mine.number, mine.issued) if mine.issued else None
    if split is None or mine.issued is None:
        return None
    series, position = split
    places = [
        Place(found[1], bill.number, bill.issued)
        for bill in bills
        if bill.issued and (found := _split(bill.number, bill.issued)) and found[0] == series
    ]
    return Place(position, mine.number, mine.issued), sorted(places)


def _order(sight: Sight) -> Iterator[Observation]:
    """In a series whose numbers have risen with the days, they do so again.

    Credit notes may have a range of numbers of their own.
    """
    credit = sight.past.print.credit
    found = _places(sight.past.print, (b for b in sight.past.recent if b.credit == credit))
    if found is None or len(found[1]) < _HABIT or not _rises(found[1]):
        return
    mine, places = found
    for other in places:
        if _crosses(mine, other):
            yield Observation(
                message=f"{mine.number} is of {mine.day}, but {other.number} is of {other.day}: "
                "numbers rise with the days",
                paths=("issue_date", "number"),
                evidence=(("BT-2", str(mine.day)), (other.number, str(other.day))),
            )
            return


def _rises(places: list[Place]) -> bool:
    return all(one.day <= other.day for one, other in zip(places, places[1:], strict=False))


def _crosses(mine: Place, other: Place) -> bool:
    """Whether the lower number has the later day; with a year numbers may start anew."""
    if other.position < mine.position:
        return mine.day < other.day
    starts_anew = other.day.year < mine.day.year
    return mine.position < other.position and other.day < mine.day and not starts_anew


def _form(sight: Sight) -> Iterator[Observation]:
    """A number has a form that the seller has used."""
    history = sight.past
    mine = history.print
    bills = [bill for bill in history.recent if bill.credit == mine.credit]
    forms = {_form_of(bill.number) for bill in bills}
    if len(bills) >= _HABIT and len(forms) == 1 and _form_of(mine.number) not in forms:
        yield Observation(
            message=f"the number (BT-1) {mine.number} has another form than those of the seller "
            f"before, such as {bills[0].number}",
            paths=("number",),
            evidence=(("BT-1", mine.number), ("before", bills[0].number)),
        )


def _form_of(number: str) -> str:
    return re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "9", number))


def _only_customer(sight: Sight) -> Iterator[Observation]:
    """A seller who sends us every number of a series has no other customer."""
    found = _series(sight.past)
    if found is None:
        return
    mine, places = found
    run = [place for place in places if mine.position - _RUN < place.position < mine.position]
    if len({place.position for place in run}) == _RUN - 1:
        days = (mine.day - run[0].day).days
        if days >= _RUN_DAYS:
            yield Observation(
                message=f"the seller has sent us each number from {run[0].number} to {mine.number} "
                f"in {days} days: it seems to have no other customer",
                paths=("number",),
                evidence=(("first", run[0].number), ("BT-1", mine.number), ("days", str(days))),
            )


def _gap(sight: Sight) -> Iterator[Observation]:
    """Of a seller whose whole series comes here no number is missing."""
    history = sight.past
    assert history.master is not None
    found = _series(history)
    if found is None or not any(supplier.whole_series for supplier in history.master.suppliers):
        return
    mine, places = found
    before = [place.position for place in places if place.position < mine.position]
    missing = mine.position - max(before) - 1 if before else 0
    if missing > 0:
        first = max(before) + 1
        shown = ", ".join(str(n) for n in range(first, min(mine.position, first + _NAMED)))
        more = f" and {missing - _NAMED} more" if missing > _NAMED else ""
        yield Observation(
            message=f"before {mine.number} these numbers of the series were not seen: "
            f"{shown}{more}",
            paths=("number",),
            evidence=(("BT-1", mine.number), ("missing", str(missing))),
        )


CHECKS: tuple[Check, ...] = (
    Check(
        id="SEQ-01",
        title="The numbers of a seller rise with the days",
        severity=Severity.WARNING,
        run=_order,
        reason_code="NON_CONFORME",
        needs=("history",),
    ),
    Check(
        id="SEQ-02",
        title="The number has a form that the seller has used",
        severity=Severity.INFORMATION,
        run=_form,
        needs=("history",),
    ),
    Check(
        id="SEQ-03",
        title="The seller has other customers, who have numbers between ours",
        severity=Severity.INFORMATION,
        run=_only_customer,
        needs=("history",),
    ),
    Check(
        id="SEQ-04",
        title="Where the master data expects a whole series, no number is missing",
        severity=Severity.WARNING,
        run=_gap,
        reason_code="NON_CONFORME",
        needs=("master",),
    ),
)
