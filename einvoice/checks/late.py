"""Checks of payments: whether they were in time, and what is owed where they were not.

Sources: Directive 2011/7/EU, art. 3 and 6; French Commercial code, L441-10 and D441-5; German BGB
286 and 288. A payment on the due date itself is in time; the day that counts is the one on which
the seller has the money (Court of Justice, C-306/06). The 40 EUR for the costs of recovery are owed
once for an invoice (C-585/20). All is reckoned from the invoice and its payments: a contract may
have other terms, and the seller may have more to claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from einvoice.amounts import decimals_of, format_decimal, round_half_up
from einvoice.checks import mentions
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.claims import COSTS, COSTS_CURRENCY, Claim, claim_of
from einvoice.checks.debts import Debt, Part, debt_of
from einvoice.checks.vat_rates import percent
from einvoice.findings import Severity

#: Names and values.
Facts = Iterator[tuple[str, str]]


def _paid_late(sight: Sight) -> Iterator[Observation]:
    """What was paid, was paid by the due date."""
    debt = debt_of(sight)
    if debt is None or debt.due is None:
        return
    late = [part for part in debt.parts if part.days_late]
    if not late:
        return
    claim = claim_of(sight.invoice, debt, debt.due, late)
    yield Observation(
        message=f"{_sum(late, debt)} paid late, the last on {late[-1].until}: {_delay(late, debt)}"
        f"{_owed(claim, debt)}",
        paths=(debt.due.path, "totals.due"),
        evidence=(*_facts(debt), *_claimed(claim, debt, late)),
    )


def _unpaid(sight: Sight) -> Iterator[Observation]:
    """After the due date nothing is open."""
    debt = debt_of(sight)
    if debt is None or debt.due is None or not debt.open or sight.today <= debt.due.last:
        return
    told_before = any(part.days_late for part in debt.parts)
    claim = claim_of(sight.invoice, debt, debt.due, debt.open, with_costs=not told_before)
    doubts = "".join(_doubts(sight, debt))
    yield Observation(
        message=f"{_sum(debt.open, debt)} not paid on {sight.today}: {_delay(debt.open, debt)}"
        f"{_owed(claim, debt)}{doubts}",
        paths=("totals.due", debt.due.path),
        evidence=(*_facts(debt), *_claimed(claim, debt, debt.open)),
        severity=Severity.INFORMATION if doubts else None,
    )


def _doubts(sight: Sight, debt: Debt) -> Iterator[str]:
    """Why that which is open may have been settled, each as the end of a sentence."""
    if debt.foreign:
        yield "; what was paid in another currency is not counted"
    if debt.parts and mentions.may_grant_discount(sight.invoice):
        yield "; the terms speak of a discount for early payment"


def _too_much(sight: Sight) -> Iterator[Observation]:
    """Not more is paid than is due."""
    debt = debt_of(sight)
    if debt is None or debt.surplus <= 0:
        return
    yield Observation(
        message=f"{_money(debt.paid, debt.currency)} paid, "
        f"{_money(debt.surplus, debt.currency)} more than is due: "
        f"expected {_money(debt.amount, debt.currency)} (BT-115)",
        paths=("totals.due",),
        evidence=tuple(_facts(debt)),
    )


def _other_currency(sight: Sight) -> Iterator[Observation]:
    """An invoice is paid in its own currency."""
    debt = debt_of(sight)
    if debt is None or not debt.foreign:
        return
    named = " and ".join(dict.fromkeys(f"{payment.currency}" for payment in debt.foreign))
    yield Observation(
        message=f"paid in {named}, which is not counted: expected {debt.currency} (BT-5)",
        paths=("currency",),
        evidence=tuple(_facts(debt)),
    )


# Words


def _money(amount: Decimal, currency: str) -> str:
    """An amount with the decimals of its currency, or more where it has more."""
    rounded = round_half_up(amount, decimals_of(currency))
    return f"{format_decimal(rounded if rounded == amount else amount)} {currency}"


def _sum(parts: Sequence[Part], debt: Debt) -> str:
    return _money(sum((part.amount for part in parts), Decimal(0)), debt.currency)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _delay(parts: Sequence[Part], debt: Debt) -> str:
    assert debt.due is not None
    days = max(part.days_late for part in parts)
    return f"{_days(days)} late, due on {debt.due.day} ({debt.due.term})"


def _owed(claim: Claim, debt: Debt) -> str:
    """What is owed for the delay, as the end of a sentence."""
    owed = []
    if claim.interest is not None:
        owed.append(f"{_money(claim.interest, debt.currency)} of interest")
    if claim.costs:
        owed.append(f"{COSTS} {COSTS_CURRENCY} for the costs of recovery")
    told = f"; owed for it: {' and '.join(owed)}" if owed else ""
    if claim.interest is not None and claim.costs and debt.currency == COSTS_CURRENCY:
        told += f", {_total(claim, claim.interest, debt)} in all"
    return told + (f"; interest is not reckoned: {claim.why_not}" if claim.why_not else "")


# Evidence


def _facts(debt: Debt) -> Facts:
    """What is due until when, and each payment."""
    yield "BT-115", _money(debt.amount, debt.currency)
    if debt.due:
        yield debt.due.term, str(debt.due.day)
        if debt.due.last != debt.due.day and debt.due.law:
            yield "last day", f"{debt.due.last} ({debt.due.law.working_days})"
    for day, text in sorted(_payments(debt), key=lambda each: each[0]):
        yield f"paid {day}", text


def _payments(debt: Debt) -> Iterator[tuple[date, str]]:
    """Day of each payment, and what it was."""
    for payment in debt.counted:
        days = (payment.paid_on - debt.due.last).days if debt.due else 0
        late = f", {_days(days)} late" if days > 0 and payment.amount > 0 else ""
        yield payment.paid_on, f"{_money(payment.amount, debt.currency)}{late}"
    for uncounted, why in ((debt.foreign, "another currency"), (debt.future, "after today")):
        for payment in uncounted:
            amount = _money(payment.amount, payment.currency or debt.currency)
            yield payment.paid_on, f"{amount}, not counted: {why}"


def _claimed(claim: Claim, debt: Debt, parts: Sequence[Part]) -> Facts:
    """Interest and costs, and where they come from."""
    if claim.note:
        yield "BT-22 PMD", claim.note
    for span in claim.rates:
        yield (
            f"rate {span.first} to {span.last}",
            f"{percent(span.rate.percent)} %: {span.rate.origin}",
        )
    for part, interest in zip(parts, claim.each, strict=False):
        name = f"interest on {_money(part.amount, debt.currency)} for {_days(part.days_late)}"
        yield name, _money(interest, debt.currency)
    if claim.costs:
        yield "costs of recovery", f"{COSTS} {COSTS_CURRENCY} ({claim.costs})"
    if claim.interest is not None:
        yield "owed for the delay", _total(claim, claim.interest, debt)


def _total(claim: Claim, interest: Decimal, debt: Debt) -> str:
    """All that is owed; 40 EUR are not added to another currency."""
    if not claim.costs:
        return _money(interest, debt.currency)
    if debt.currency == COSTS_CURRENCY:
        return _money(interest + COSTS, debt.currency)
    return f"{_money(interest, debt.currency)} and {COSTS} {COSTS_CURRENCY}"


CHECKS: tuple[Check, ...] = (
    Check(
        id="DUE-11",
        title="Between firms: what was paid, was paid by the due date (BT-9)",
        severity=Severity.WARNING,
        run=_paid_late,
        needs=("payments",),
    ),
    Check(
        id="DUE-12",
        title="Between firms: after the due date (BT-9) nothing is left to pay (BT-115)",
        severity=Severity.WARNING,
        run=_unpaid,
        needs=("payments",),
    ),
    Check(
        id="DUE-13",
        title="Not more was paid than is due (BT-115)",
        severity=Severity.WARNING,
        run=_too_much,
        needs=("payments",),
    ),
    Check(
        id="DUE-14",
        title="What was paid, was paid in the currency of the invoice (BT-5)",
        severity=Severity.INFORMATION,
        run=_other_currency,
        needs=("payments",),
    ),
)
