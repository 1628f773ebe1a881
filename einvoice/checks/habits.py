"""Checks of an invoice against the habits of its seller: amounts, VAT treatments."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from einvoice.checks.check import Check, Observation, Sight
from einvoice.findings import Severity

#: So many invoices make a habit.
_HABIT = 10
#: How far above the highest amount so far, and how far beyond the spread of the amounts.
_TIMES = 3
_SPREADS = 6
#: The spread of amounts that are nearly equal, as a share of the median.
_LEAST_SPREAD = 0.1


def _amount(sight: Sight) -> Iterator[Observation]:
    """An amount (BT-112) is not far above all that the seller has billed.

    Far is three times the highest one so far, and six times the usual spread (median absolute
    deviation of the logarithms) above the median.
    """
    history = sight.past
    mine = history.print
    amounts = [
        bill.gross
        for bill in history.recent
        if bill.gross and bill.currency == mine.currency and bill.credit == mine.credit
    ]
    gross = Decimal(mine.gross or 0)
    if len(amounts) < _HABIT or gross <= _TIMES * max(amounts) or gross <= _usual_limit(amounts):
        return
    middle = median(amounts)
    slip = next((n for n in (10, 100, 1000) if min(amounts) <= gross / n <= max(amounts)), None)
    hint = f"; a {slip}th of it would be usual: is the decimal point wrong?" if slip else ""
    yield Observation(
        message=f"the amount (BT-112) {gross} {mine.currency} is far above the {len(amounts)} "
        f"latest ones of the seller, median {middle}, at most {max(amounts)}{hint}",
        paths=("totals.with_vat",),
        evidence=(
            ("BT-112", str(gross)),
            ("median", str(middle)),
            ("highest", str(max(amounts))),
            ("invoices", str(len(amounts))),
        ),
    )


def _usual_limit(amounts: list[Decimal]) -> float:
    logarithms = [float(amount.ln()) for amount in amounts]
    middle = median(logarithms)
    spread = median(abs(value - middle) for value in logarithms)
    return math.exp(min(middle + _SPREADS * max(spread, _LEAST_SPREAD), 700))


def _treatment(sight: Sight) -> Iterator[Observation]:
    """A VAT category and rate (BG-23) is one that the seller has used."""
    history = sight.past
    known = history.treatments
    if len(history.recent) < _HABIT or not known:
        return
    for number, row in enumerate(sight.invoice.vat_breakdown):
        treatment = next(
            (t for t in history.print.treatments if _is_of(t, row.category, row.rate)), None
        )
        if treatment and treatment not in known:
            before = ", ".join(sorted(map(_told, known)))
            yield Observation(
                message=f"VAT category and rate {_told(treatment)} are new for the seller, who has "
                f"used {before}",
                paths=(f"vat_breakdown[{number}].rate", f"vat_breakdown[{number}].category"),
                evidence=(("BG-23", _told(treatment)), ("before", before)),
            )


def _is_of(treatment: tuple[str, str], category: str | None, rate: Decimal | None) -> bool:
    same_rate = (
        treatment[1] == "" if rate is None else treatment[1] != "" and Decimal(treatment[1]) == rate
    )
    return treatment[0] == category and same_rate


def _told(treatment: tuple[str, str]) -> str:
    category, rate = treatment
    return f"{category} {rate} %" if rate else category


CHECKS: tuple[Check, ...] = (
    Check(
        id="HABIT-01",
        title="The amount (BT-112) is not far above those of the seller before",
        severity=Severity.WARNING,
        run=_amount,
        reason_code="MONTANTTOTAL_ERR",
        needs=("history",),
    ),
    Check(
        id="HABIT-02",
        title="VAT categories and rates (BG-23) are some that the seller has used",
        severity=Severity.INFORMATION,
        run=_treatment,
        reason_code="TX_TVA_ERR",
        needs=("history",),
    ),
)
