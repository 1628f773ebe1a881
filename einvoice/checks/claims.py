"""What a seller may claim for late payment: interest, and the 40 EUR for the costs of recovery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from einvoice.amounts import decimals_of
from einvoice.checks import mentions
from einvoice.checks.debts import Debt, Due, Part
from einvoice.checks.due_texts import later
from einvoice.checks.interest import Rate, Span, Terms, interest, least_agreed
from einvoice.checks.parties import FRENCH_COUNTRIES, buyer_of
from einvoice.checks.vat_rates import percent
from einvoice.model import Invoice

#: Directive 2011/7/EU, art. 6 (1), and what France and Germany made of it.
COSTS = Decimal(40)
COSTS_CURRENCY = "EUR"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What is owed for the delay of some parts of an invoice."""

    interest: Decimal | None = None  #: in BT-5; None if it is not reckoned
    each: tuple[Decimal, ...] = ()  #: the interest of each part
    rates: tuple[Span, ...] = ()  #: the days of each rate
    costs: str | None = None  #: the rule on the 40 EUR, where they are owed
    why_not: str | None = None  #: why interest is not reckoned
    note: str | None = None  #: what the note PMD says, and whether its rate counts


def claim_of(
    invoice: Invoice, debt: Debt, due: Due, parts: Sequence[Part], *, with_costs: bool = True
) -> Claim:
    """What is owed for the delay of some parts, if firms owe it and a rate is known.

    Args:
        invoice: the invoice.
        debt: what is owed for it.
        due: until when.
        parts: what was or is late.
        with_costs: false where the 40 EUR, owed once for an invoice, are in another claim.
    """
    if not _buyer_is_firm(invoice):
        return Claim(why_not="nothing says that the buyer is a firm (BT-46 to BT-48)")
    if due.law is None:
        country = invoice.seller.address.country or "no country"
        return Claim(why_not=f"no rate is known for a seller in {country}")
    terms, note = _terms(invoice, due)
    costs = due.law.costs if with_costs else None
    spans = [_spans(terms, part) for part in parts]
    known = [each for each in spans if each is not None]
    if len(known) < len(spans):
        return Claim(why_not=f"no rate is known for {due.day}", costs=costs, note=note)
    decimals = decimals_of(debt.currency)
    each = tuple(interest(part.amount, s, decimals) for part, s in zip(parts, known, strict=True))
    return Claim(
        interest=sum(each, Decimal(0)),
        each=each,
        rates=tuple(_by_rate(span for some in known for span in some)),
        costs=costs,
        note=note,
    )


def _buyer_is_firm(invoice: Invoice) -> bool:
    buyer = buyer_of(invoice)
    numbers = (buyer.legal, buyer.vat, *buyer.sirens(), *buyer.sirets())
    return any(number is not None for number in numbers)


def _terms(invoice: Invoice, due: Due) -> tuple[Terms, str | None]:
    """How interest is reckoned, and what the note PMD has to do with it.

    The rate that a French seller's note names counts before that of the law, if it is three times
    the legal interest rate at least (L441-10, II). To public buyers only the law applies.
    """
    assert due.law is not None
    note = mentions.penalty_note(invoice)
    french = invoice.seller.address.country in FRENCH_COUNTRIES
    if note is None or due.law.public or not french:
        return Terms(law=due.law), None
    named = mentions.penalty_named(note)
    if named is None:
        return Terms(law=due.law), f"{note} (names no rate plainly: not used)"
    least = least_agreed(later(due.last, 1))
    if named.percent is not None and least is not None and named.percent < least:
        reason = f"less than three times the legal interest rate, {percent(least)} %: not used"
        return Terms(law=due.law), f"{note} ({reason})"
    return Terms(law=due.law, agreed=named), note


def _spans(terms: Terms, part: Part) -> tuple[Span, ...] | None:
    assert part.since is not None
    return terms.spans(later(part.since, 1), part.until)


def _by_rate(spans: Iterable[Span]) -> Iterator[Span]:
    """For each rate the days from its first to its last."""
    found: dict[Rate, list[Span]] = {}
    for span in spans:
        found.setdefault(span.rate, []).append(span)
    for rate, same in found.items():
        first, last = min(span.first for span in same), max(span.last for span in same)
        yield Span(first=first, last=last, rate=rate)
