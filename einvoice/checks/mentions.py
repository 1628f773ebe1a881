"""Checks of what French invoices say of late and early payment: the notes PMT, PMD and AAB.

Source: French Commercial code, L441-9, L441-10 and D441-5. That the notes are there is for the
official rule BR-FR-05; these checks read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.parties import buyer_of, seller_of
from einvoice.findings import Severity
from einvoice.model import Invoice

_FORTY = re.compile(r"(?<![\d.,])40(?:[.,]0{1,2})?(?![\d]|[.,]\d)|\bquarante\b", re.I)
_RATE = re.compile(
    r"\d\s*(?:%|pour ?cents?\b)|\btaux\b|\blégal|\blegal|\bBCE\b|\bECB\b|banque centrale|\bfois\b"
    r"|refinancement|interest rate|\brate\b|percent",
    re.I,
)
_DISCOUNT = re.compile(r"escompte|anticip|discount|skonto|remise|rabais|early|\d\s*%", re.I)
_NO_DISCOUNT = re.compile(
    r"(?:pas d['’ ]|sans|aucun|\bni|\bno\b|without|ne donne(?:ra|ront)?[^.]{0,30}pas)"
    r"[^.,;]{0,40}(?:escompte|discount|skonto)"
    r"|escompte[^.;]{0,60}(?:néant|aucun|\bnon\b|\b0\s*%)",
    re.I,
)
_TOO_FEW = re.compile(
    r"\b(une|deux|1(?:[.,]5)?|2(?:[.,]5)?)\s*fois\s+le\s+taux\s+(?:d['’ ]?\s*intérêts?\s+)?légal",
    re.I,
)
#: What makes a percentage another thing than a rate of penalty for a year.
_UNPLAIN = re.compile(
    r"\bfois\b|times|\bBCE\b|\bECB\b|banque centrale|refinanc|major|augment|point|légal|legal"
    r"|\bmois\b|mensuel|month|par jour|per day|daily|escompte|discount|indemnité[^.;]{0,40}%",
    re.I,
)
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s*(?:%|pour ?cent\b)", re.I)
_TIMES = re.compile(
    r"(?<![\d.,])\b(trois|quatre|cinq|[3-9])\s*(?:\(\d\)\s*)?fois\s+"
    r"(?:le\s+taux\s+)?(?:de\s+)?(?:[ld]['’ ]\s*)?(?:intérêts?\s+)?légal",
    re.I,
)
#: What names another rate beside a multiple of the legal one, or makes that the least of them.
_BESIDE = re.compile(
    r"\bBCE\b|\bECB\b|banque centrale|refinanc|major|augment|point|inférieur|minim|maxim|%", re.I
)
_WORDS = {"trois": 3, "quatre": 4, "cinq": 5}


class Penalty(msgspec.Struct, frozen=True, kw_only=True):
    """The rate for late payment that a note PMD names: one of both."""

    percent: Decimal | None = None  #: a year
    times: int | None = None  #: of the French legal interest rate


def for_consumers(invoice: Invoice) -> bool:
    """Whether a note BAR says that the buyer is a consumer."""
    return any(
        note.subject_code == "BAR" and (note.text or "").strip().startswith("B2C")
        for note in invoice.notes
    )


def penalty_note(invoice: Invoice) -> str | None:
    """What the notes PMD say of late payment."""
    texts = [note.text for note in invoice.notes if note.subject_code == "PMD" and note.text]
    return " ".join(" ".join(texts).split()) or None


def penalty_named(text: str) -> Penalty | None:
    """The rate for late payment that a text names, where it is plain."""
    percents = {found[1] for found in _PERCENT.finditer(text)}
    if len(percents) == 1 and not _UNPLAIN.search(text):
        return Penalty(percent=Decimal(percents.pop().replace(",", ".")))
    times = _TIMES.search(text)
    if times and text.lower().count("fois") == 1 and not _BESIDE.search(text):
        word = times[1].lower()
        return Penalty(times=_WORDS.get(word) or int(word))
    return None


def may_grant_discount(invoice: Invoice) -> bool:
    """Whether the payment terms or a note AAB speak of a discount for early payment."""
    conditions = invoice.extension and invoice.extension.payment_conditions
    if conditions and conditions.discount:
        return True
    notes = [note.text for note in invoice.notes if note.subject_code == "AAB"]
    texts = [text for text in (invoice.payment_terms, *notes) if text]
    return any(_DISCOUNT.search(text) and not _NO_DISCOUNT.search(text) for text in texts)


def _notes(subject: str, invoice: Invoice) -> Iterator[tuple[str, str]]:
    """Path and text of the notes of a subject, in an invoice between French firms."""
    french = seller_of(invoice).is_french and buyer_of(invoice).is_french
    if not french or for_consumers(invoice):
        return
    for number, note in enumerate(invoice.notes):
        if note.subject_code == subject:
            yield f"notes[{number}].text", " ".join((note.text or "").split())


def _names(
    subject: str, pattern: re.Pattern[str], what: str
) -> Callable[[Sight], Iterator[Observation]]:
    """A check that the notes of a subject name something."""

    def run(sight: Sight) -> Iterator[Observation]:
        for path, text in _notes(subject, sight.invoice):
            if not pattern.search(text):
                yield _unnamed(subject, path, text, what)

    return run


def _unnamed(subject: str, path: str, text: str, what: str) -> Observation:
    return Observation(
        message=f"the note {subject} (BT-22) is {text!r}, which does not name {what}",
        paths=(path,),
        evidence=((f"BT-22 {subject}", text),),
    )


def _too_few(sight: Sight) -> Iterator[Observation]:
    """The penalty for late payment is three times the legal rate at least (L441-10, II)."""
    for path, text in _notes("PMD", sight.invoice):
        match = _TOO_FEW.search(text)
        if match:
            yield Observation(
                message=f"the note PMD (BT-22) names {match[0]!r}, expected three times at least",
                paths=(path,),
                evidence=(("BT-22 PMD", text),),
            )


def _no_and_yes(sight: Sight) -> Iterator[Observation]:
    """Where AAB says that there is no discount for early payment, no other term grants one."""
    conditions = sight.invoice.extension and sight.invoice.extension.payment_conditions
    granted = conditions.discount if conditions else None
    if granted is None or not (granted.percentage or granted.amount):
        return
    for path, text in _notes("AAB", sight.invoice):
        if _NO_DISCOUNT.search(text):
            found = f"{granted.percentage} %" if granted.percentage else f"{granted.amount}"
            yield Observation(
                message=f"the note AAB (BT-22) is {text!r}, but the payment terms grant {found}",
                paths=(path, "extension.payment_conditions.discount"),
                evidence=(("BT-22 AAB", text), ("discount", found)),
            )


CHECKS: tuple[Check, ...] = (
    Check(
        id="DUE-06",
        title="French firms: the note PMT names the 40 EUR for the costs of recovery",
        severity=Severity.WARNING,
        run=_names("PMT", _FORTY, "the 40 EUR for the costs of recovery"),
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DUE-07",
        title="French firms: the note PMD names the rate of the penalty for late payment",
        severity=Severity.WARNING,
        run=_names("PMD", _RATE, "a rate of penalty"),
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DUE-08",
        title="French firms: the penalty for late payment is three times the legal rate at least",
        severity=Severity.WARNING,
        run=_too_few,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DUE-09",
        title="French firms: the note AAB tells of a discount for early payment, or that none is",
        severity=Severity.WARNING,
        run=_names("AAB", _DISCOUNT, "a discount for early payment, nor says that there is none"),
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DUE-10",
        title="French firms: where the note AAB denies a discount, the payment terms grant none",
        severity=Severity.WARNING,
        run=_no_and_yes,
        reason_code="NON_CONFORME",
    ),
)
