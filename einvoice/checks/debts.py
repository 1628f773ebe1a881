"""What is owed for an invoice over time: its due date, and the payments that settle it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from einvoice.checks import mentions, terms
from einvoice.checks.check import Sight
from einvoice.checks.due_texts import later, named_terms
from einvoice.checks.interest import Law, law_of
from einvoice.checks.parties import buyer_of
from einvoice.checks.payments import Payment
from einvoice.model import Invoice

_SATURDAY = 5
_WEEK = 7


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Until when an invoice between firms is to be paid."""

    day: date
    term: str  #: that names it: BT-9 or BT-20
    path: str  #: of the term in the model
    law: Law | None  #: on late payment
    last: date  #: the last day on which payment is not late


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """An amount that was open from a day on, until it was paid."""

    amount: Decimal
    since: date | None  #: late from the day after; None if it is never late
    until: date  #: the day of payment

    @property
    def days_late(self) -> int:
        """How many days late it was paid."""
        return max((self.until - self.since).days, 0) if self.since else 0


class Debt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the amount due (BT-115) of an invoice until today."""

    amount: Decimal  #: BT-115
    currency: str  #: BT-5
    due: Due | None  #: None where no one day is named, or consumers pay
    counted: tuple[Payment, ...]  #: payments until today, in its currency
    parts: tuple[Part, ...]  #: what was paid
    open: tuple[Part, ...]  #: what is not, until today
    surplus: Decimal  #: what was paid beyond it
    foreign: tuple[Payment, ...]  #: in another currency, not counted
    future: tuple[Payment, ...]  #: after today, not counted

    @property
    def paid(self) -> Decimal:
        """What was paid until today."""
        return sum((payment.amount for payment in self.counted), Decimal(0))


def debt_of(sight: Sight) -> Debt | None:
    """The debt of an invoice; None where nothing is to be paid any more."""
    invoice = sight.invoice
    amount, currency = invoice.totals.due, invoice.currency
    if amount is None or currency is None or sight.payments is None or terms.is_settled(invoice):
        return None
    all_payments = sight.payments.of(invoice)
    due = due_of(invoice)
    book = _Book(amount, due.last if due else None)
    foreign = tuple(each for each in all_payments if each.currency not in (None, currency))
    ours = [each for each in all_payments if each.currency in (None, currency)]
    counted = tuple(each for each in ours if each.paid_on <= sight.today)
    for payment in counted:
        book.add(payment.amount, payment.paid_on)
    return Debt(
        amount=amount,
        currency=currency,
        due=due,
        counted=counted,
        parts=tuple(book.parts),
        open=tuple(Part(amount=a, since=since, until=sight.today) for a, since in book.open),
        surplus=book.surplus,
        foreign=foreign,
        future=tuple(each for each in ours if each.paid_on > sight.today),
    )


def due_of(invoice: Invoice) -> Due | None:
    """Until when an invoice is to be paid: BT-9, or the one day that BT-20 names.

    None where that is before the issue date, where terms name several days, and of consumers.

    A due date on a Saturday or Sunday stays as it is, but where the law of the seller is known to
    move it to the next working day (German BGB 193). Public holidays are not known here, so a
    payment on the day after one may be called late.
    """
    found = _due_day(invoice)
    if found is None or mentions.for_consumers(invoice) or terms.has_more_terms(invoice):
        return None
    day, term, path = found
    if invoice.issue_date is not None and day < invoice.issue_date:
        return None
    public = buyer_of(invoice).is_french and terms.public_limit(invoice) is not None
    country = invoice.seller.address.country
    law = law_of(country, day, public=public) or law_of(country, day)
    moves = law is not None and law.working_days is not None
    return Due(day=day, term=term, path=path, law=law, last=_workday(day) if moves else day)


def _due_day(invoice: Invoice) -> tuple[date, str, str] | None:
    if invoice.due_date is not None:
        return invoice.due_date, "BT-9", "due_date"
    if invoice.issue_date is None or not invoice.payment_terms:
        return None
    named = named_terms(invoice.payment_terms)
    days = {day for term in named for day in term.days_meant(invoice.issue_date)}
    return (days.pop(), "BT-20", "payment_terms") if len(days) == 1 else None


def _workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    weekday = day.weekday()
    return later(day, _WEEK - weekday) if weekday >= _SATURDAY else day


class _Book:
    """Open amounts and what settles them, the oldest first.

    What is taken back is open again from that day on.
    """

    def __init__(self, amount: Decimal, last: date | None) -> None:
        self.amount = amount
        self.last = last
        self.open: list[tuple[Decimal, date | None]] = [(amount, last)]
        self.parts: list[Part] = []
        self.surplus = Decimal(0)

    def add(self, amount: Decimal, day: date) -> None:
        """Enter a payment; they come in the order of their days."""
        if amount < 0:
            self._take_back(-amount, day)
        else:
            self._settle(amount, day)

    def _settle(self, amount: Decimal, day: date) -> None:
        while self.open and amount > 0:
            owed, since = self.open.pop(0)
            settled = min(owed, amount)
            self.parts.append(Part(amount=settled, since=since, until=day))
            amount -= settled
            if owed > settled:
                self.open.insert(0, (owed - settled, since))
        self.surplus += amount

    def _take_back(self, amount: Decimal, day: date) -> None:
        beyond = min(self.surplus, amount)
        self.surplus -= beyond
        settled = self.amount - sum((owed for owed, _ in self.open), Decimal(0))
        again = min(amount - beyond, settled)
        if again > 0:
            # Interest begins on the day after, as it does after the due date.
            since = None if self.last is None else max(self.last, day)
            self.open.append((again, since))
