"""How two invoices are alike, from their fingerprints."""

from __future__ import annotations

from datetime import date
from itertools import product

from einvoice.checks.fingerprint import Fingerprint, same_number

#: Days between the issue dates of two writings of one invoice.
SOON = 3

_FAR = date.max.toordinal()


def fits(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether nothing says that two invoices are about different things.

    Two buyers, orders, deliveries or periods do, or two invoices that are credited.
    """
    told_apart = any(other.occasion.get(t, value) != value for t, value in one.occasion.items())
    return _same_buyer(one, other) and _same_preceding(one, other) and not told_apart


def _same_preceding(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both name one invoice (BT-25), as far as both name any."""
    pairs = list(product(one.preceding, other.preceding))
    return not pairs or any(same_number(first, second) for first, second in pairs)


def _same_buyer(one: Fingerprint, other: Fingerprint) -> bool:
    """Identifiers of two kinds may be of one buyer."""
    kinds = {key.partition(":")[0] for key in (one.buyer_key, other.buyer_key)}
    return len(kinds) == 2 or one.buyer_key == other.buyer_key


def same_delivery(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether both name one delivery or period."""
    return one.delivery != "" and one.delivery == other.delivery


def same_work(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the lines are the same, as far as both have lines."""
    return not (one.lines and other.lines) or one.lines == other.lines


def days_apart(one: Fingerprint, other: Fingerprint) -> int:
    """Days between the issue dates; very many where one is unknown."""
    if one.issued is None or other.issued is None:
        return _FAR
    return abs((one.issued - other.issued).days)


def common_account(one: Fingerprint, other: Fingerprint) -> str | None:
    """An account that both are to be paid on; one of a factor says nothing."""
    if one.assigned or other.assigned:
        return None
    return next((account for account in one.accounts if account in other.accounts), None)


def is_slip(one: str, other: str) -> bool:
    """Whether one text is the other with one character changed, left out, added, or two swapped."""
    short, long = sorted((one.upper(), other.upper()), key=len)
    if len(long) - len(short) > 1 or short == long:
        return False
    start = next(
        (n for n, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]),
        len(short),
    )
    rest, more = short[start:], long[start:]
    if len(short) < len(long):
        return rest == more[1:]
    return rest[1:] == more[1:] or (rest[:2] == more[1::-1] and rest[2:] == more[2:])
