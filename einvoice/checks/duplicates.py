"""Checks for an invoice that was seen before, in whatever guise.

Source of DUP-01: AFNOR XP Z12-012, where seller, number and year of an invoice make it one. The
others are what accounts payable departments look for; each needs more than one thing in common,
since an equal amount, or the next number, is what a subscription looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from einvoice.checks.alike import (
    SOON,
    common_account,
    days_apart,
    fits,
    is_slip,
    same_delivery,
    same_work,
)
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.fingerprint import Fingerprint, same_number
from einvoice.checks.history import History, SeenInvoice
from einvoice.checks.parties import plain
from einvoice.codelists import CORRECTED_TYPES
from einvoice.findings import Severity

#: On so many days the same amount makes a habit.
_USUAL = 3
#: A copy under a number that only looks like the first one.
_LATER = 60


def _number_used(sight: Sight) -> Iterator[Observation]:
    """A seller uses a number once a year.

    A corrected invoice may have the number of the one that it names and replaces.
    """
    mine = sight.past.print
    for seen in _numbered(sight.past):
        if seen.same_bytes or _replaces(mine, seen.print):
            continue
        same = mine.content == seen.print.content and mine.content
        kind = _kind_change(mine, seen.print) or ("the same content" if same else "other content")
        yield _about(
            seen,
            mine,
            f"the seller has used the number (BT-1) {mine.number} before, in {seen.told}: {kind}",
        )


def _numbered(history: History) -> Iterator[SeenInvoice]:
    mine = history.print
    for seen in history.alike:
        if seen.same_seller and mine.number and seen.print.number == mine.number:
            years = {day.year for day in (mine.issued, seen.print.issued) if day}
            if len(years) < 2:
                yield seen


def _replaces(mine: Fingerprint, other: Fingerprint) -> bool:
    return mine.type_code in CORRECTED_TYPES and other.number in mine.preceding


def _kind_change(mine: Fingerprint, other: Fingerprint) -> str | None:
    if mine.credit == other.credit:
        return None
    names = ("an invoice", "a credit note")
    return f"that was {names[other.credit]}, this is {names[mine.credit]}"


def _about(
    seen: SeenInvoice,
    mine: Fingerprint,
    message: str,
    severity: Severity | None = None,
    paths: tuple[str, ...] = ("number",),
) -> Observation:
    """What a check says of an invoice that was seen before.

    One that the official rules refused had to be sent again, so it weighs little.
    """
    other = seen.print
    if seen.invalid:
        message += "; that one was invalid, so that it had to be sent again"
    return Observation(
        message=message,
        paths=paths,
        evidence=(
            ("BT-1", f"{mine.number} / {other.number}"),
            ("BT-2", f"{mine.issued} / {other.issued}"),
            ("BT-3", f"{mine.type_code} / {other.type_code}"),
            ("BT-112", f"{mine.gross} / {other.gross} {mine.currency}"),
            ("seen", f"{seen.seen} {seen.name}"),
        ),
        severity=Severity.INFORMATION if seen.invalid else severity,
    )


def _similar_number(sight: Sight) -> Iterator[Observation]:
    """An invoice does not come again under a number that is nearly the same."""
    mine = sight.past.print
    for seen in _others(sight.past):
        if seen.same_seller and is_near(mine, seen.print):
            yield _about(
                seen,
                mine,
                f"the number (BT-1) {mine.number} is nearly that of {seen.told}, with the same "
                f"amount {mine.gross} {mine.currency}: is it the same invoice?",
            )


def is_near(mine: Fingerprint, other: Fingerprint) -> bool:
    """Whether two invoices of a seller have one amount and nearly one number."""
    if not _same_amount(mine, other) or not fits(mine, other):
        return False
    if same_number(mine.number, other.number):
        return days_apart(mine, other) <= _LATER
    # One digit changed is also the next number of a series, of the next day.
    near = 0 if len(mine.number) == len(other.number) else SOON
    slip = is_slip(mine.number, other.number) and days_apart(mine, other) <= near
    return slip and same_work(mine, other)


def _others(history: History) -> Iterator[SeenInvoice]:
    """What was seen under another number, and is not undone or explained by a reference."""
    mine = history.print
    for seen in history.alike:
        other = seen.print
        if seen.same_bytes or (seen.same_seller and other.number == mine.number):
            continue
        if other.number in mine.preceding or mine.number in other.preceding or seen.cancelled:
            continue
        yield seen


def _same_amount(mine: Fingerprint, other: Fingerprint) -> bool:
    same = (mine.gross, mine.currency, mine.credit) == (other.gross, other.currency, other.credit)
    return same and mine.gross not in ("", "0")


def _same_content(sight: Sight) -> Iterator[Observation]:
    """What was sold is not billed again under another number.

    The delivery is the same, or the day. A few days apart, or where lines are missing and only the
    amount is the same, it is but worth knowing. Two credit notes for one invoice are one, whenever
    they come.
    """
    history = sight.past
    mine = history.print
    for seen in _others(history):
        other = seen.print
        if not seen.same_seller or is_near(mine, other) or not _same_amount(mine, other):
            continue
        if mine.credit and set(mine.preceding) & set(other.preceding):
            why, weight = "a credit note for the same invoice", None
        elif not fits(mine, other):
            continue
        elif mine.content and mine.content == other.content and _close(mine, other):
            certain = same_delivery(mine, other) or days_apart(mine, other) == 0
            if not certain and _is_usual(history):
                continue
            why, weight = "the same content", None if certain else Severity.INFORMATION
        elif days_apart(mine, other) == 0 and not (mine.lines and other.lines):
            why, weight = "the same amount on the same day", Severity.INFORMATION
        else:
            continue
        yield _about(
            seen, mine, f"{mine.number} may be {seen.told} under another number: {why}", weight
        )


def _is_usual(history: History) -> bool:
    """Whether the seller bills the amount every few days."""
    mine = history.print
    days = {
        bill.issued
        for bill in history.recent
        if bill.gross is not None and bill.gross == Decimal(mine.gross or -1)
    }
    return len(days) >= _USUAL


def _close(mine: Fingerprint, other: Fingerprint) -> bool:
    return same_delivery(mine, other) or days_apart(mine, other) <= SOON


def _other_seller(sight: Sight) -> Iterator[Observation]:
    """An invoice does not come from two sellers."""
    mine = sight.past.print
    for seen in _others(sight.past):
        other = seen.print
        if seen.same_seller or not _same_amount(mine, other) or not fits(mine, other):
            continue
        if days_apart(mine, other) > SOON or not same_work(mine, other):
            continue
        if link := _link(mine, other):
            yield _about(
                seen,
                mine,
                f"{mine.number} of {mine.seller_name} may be {seen.told} of {other.seller_name}: "
                f"the same amount and {link}",
                paths=("seller.name", "number"),
            )


def _link(mine: Fingerprint, other: Fingerprint) -> str | None:
    if len(mine.number) > 3 and same_number(mine.number, other.number):
        return f"the number {other.number}"
    if account := common_account(mine, other):
        return f"the account {account}"
    return "the name" if plain(mine.seller_name) == plain(other.seller_name) else None


def _kind(sight: Sight) -> Iterator[Observation]:
    """An invoice is not a credit note of the wrong type, nor the other way round.

    The number of one on the other is for DUP-01.
    """
    history = sight.past
    mine = history.print
    for seen in history.alike:
        other = seen.print
        same = (mine.gross, mine.currency) == (other.gross, other.currency) and mine.gross
        if not same or not seen.same_seller or seen.same_bytes or other.number == mine.number:
            continue
        if _confused(mine, other, cancelled=seen.cancelled):
            names = ("a credit note", "an invoice")
            yield _about(
                seen,
                mine,
                f"the type (BT-3) {mine.type_code} and the sign of the amount (BT-112) make "
                f"{mine.number} {names[not mine.credit]}, but it has the content of {seen.told}: "
                f"should it be {names[mine.credit]}?",
                paths=("type_code", "totals.with_vat", "number"),
            )


def _confused(mine: Fingerprint, other: Fingerprint, *, cancelled: bool) -> bool:
    same = mine.content == other.content and fits(mine, other)
    if not mine.content or not same or mine.type_code in CORRECTED_TYPES:
        return False
    if not mine.credit and not other.credit:
        return other.number in mine.preceding and not cancelled
    note = mine if mine.credit else other
    unnamed = mine.credit != other.credit and not note.preceding and not cancelled
    return unnamed and days_apart(mine, other) <= SOON


def _resent(sight: Sight) -> Iterator[Observation]:
    """A document does not come twice."""
    mine = sight.past.print
    for seen in sight.past.alike:
        if seen.same_bytes:
            yield _about(seen, mine, f"the same XML, byte by byte, came before as {seen.told}")


def _check(
    id: str,
    title: str,
    run: Callable[[Sight], Iterator[Observation]],
    severity: Severity = Severity.WARNING,
    reason_code: str = "DOUBLE_FACT",
) -> Check:
    return Check(
        id=id,
        title=title,
        severity=severity,
        run=run,
        reason_code=reason_code,
        needs=("history",),
    )


CHECKS: tuple[Check, ...] = (
    _check(
        "DUP-01",
        "A seller uses a number (BT-1) once a year",
        _number_used,
        Severity.FATAL,
        "DOUBLON",
    ),
    _check(
        "DUP-02",
        "No invoice was seen with nearly the same number and the same amount",
        _similar_number,
        reason_code="DOUBLON",
    ),
    _check("DUP-03", "No invoice was seen with the same content", _same_content),
    _check("DUP-04", "No invoice of another seller was seen with the same content", _other_seller),
    _check(
        "DUP-05",
        "Neither an invoice is sent as a credit note nor a credit note as an invoice",
        _kind,
        reason_code="NON_CONFORME",
    ),
    _check("DUP-06", "The same XML was not seen before", _resent, Severity.FATAL, "DOUBLON"),
)
