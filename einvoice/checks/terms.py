"""Checks of due dates (BT-9): the issue date, the payment terms (BT-20), French legal maxima.

Source of the maxima: French Commercial code, L441-10 and L441-11; Public order code, R2192-10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from einvoice.checks import mentions
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.due_texts import end_of_month, later, named_terms
from einvoice.checks.parties import PartyView, buyer_of, seller_of
from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.findings import Severity
from einvoice.model import Invoice

#: BT-23 of invoices that were paid before: BT-9 is the day of payment there.
_PAID = frozenset(("B2", "S2", "M2"))
#: UNTDID 1001 codes of invoices of advances.
_ADVANCES = frozenset(("386", "500", "503"))

#: Days from BT-2.
_MAXIMUM = 60
_PERIODIC = 45
_PUBLIC = 30
_HOSPITAL = 50
#: Purchases free of VAT for export have 90 days (L441-11, II).
_EXPORT = 90
_EXPORT_REASON = "VATEX-FR-CGI275"

_OVERSEAS = re.compile(r"97\d{3}|98\d{3}")
#: What names of public bodies hold; a SIREN alone that begins with 1 or 2 may be invented.
_PUBLIC_NAME = re.compile(
    r"\b(?:commune|mairie|ville|ministère|préfecture|département|région|conseil|métropole"
    r"|communauté|syndicat|université|rectorat|hôpital|hôpitaux|chu|chru|ch|hospitalier"
    r"|direction|agence|collège|lycée|office|état|chambre|centre)\b",
    re.I,
)

#: Weekends, holidays, and other ways of counting lie between days that still agree.
_TOLERANCE = timedelta(days=3)


def _before_issue(sight: Sight) -> Iterator[Observation]:
    """BT-9 is not before BT-2, unless that was paid before, or an advance."""
    invoice = sight.invoice
    issued, due = invoice.issue_date, invoice.due_date
    if issued is None or due is None or due >= issued or is_settled(invoice):
        return
    yield Observation(
        message=f"BT-9 is {due}, before the issue date (BT-2) {issued}",
        paths=("due_date",),
        evidence=(("BT-2", str(issued)), ("BT-9", str(due))),
    )


def is_settled(invoice: Invoice) -> bool:
    """Whether nothing is to be paid any more, so that BT-9 means another day."""
    due = invoice.totals.due
    return (
        (invoice.process.business_process or "") in _PAID
        or (invoice.type_code or "") in _ADVANCES | CREDIT_NOTE_TYPES
        or (due is not None and due <= 0)
    )


def _too_late(sight: Sight) -> Iterator[Observation]:
    """Between French firms BT-9 is at most 60 days after BT-2, or 45 days and the end of month."""
    invoice = sight.invoice
    if not _french_firms(invoice) or public_limit(invoice):
        return
    issued, due = invoice.issue_date, invoice.due_date
    if issued is None or due is None or due <= _latest(invoice, issued):
        return
    yield _late(
        issued,
        due,
        f"expected at most {later(issued, _MAXIMUM)} (60 days) or, if the contract says 45 days "
        f"end of month, {_month_end(issued)}; "
        "L441-11 of the Commercial code lists trades with more",
    )


def _latest(invoice: Invoice, issued: date) -> date:
    exported = any(row.exemption_reason_code == _EXPORT_REASON for row in invoice.vat_breakdown)
    return max(later(issued, _EXPORT if exported else _MAXIMUM), _month_end(issued))


def _month_end(issued: date) -> date:
    """The later of both ways of counting 45 days end of month."""
    return max(end_of_month(later(issued, _PERIODIC)), later(end_of_month(issued), _PERIODIC))


def _periodic(sight: Sight) -> Iterator[Observation]:
    """Of an invoice that sums up the deliveries of a month BT-9 is at most 45 days after BT-2."""
    invoice = sight.invoice
    issued, due = invoice.issue_date, invoice.due_date
    if issued is None or due is None or not _french_firms(invoice) or public_limit(invoice):
        return
    summed_up = _deliveries(invoice) > 1
    has_period = invoice.delivery is not None and invoice.delivery.period is not None
    if later(issued, _PERIODIC) < due <= _latest(invoice, issued) and (summed_up or has_period):
        kind = "it sums up several deliveries" if summed_up else "it has a period (BG-14)"
        yield _late(
            issued,
            due,
            f"{kind}: of a periodic invoice at most {later(issued, _PERIODIC)} (45 days)",
            None if summed_up else Severity.INFORMATION,
        )


def _deliveries(invoice: Invoice) -> int:
    """How many deliveries the lines tell of, by day or by despatch advice."""
    details = [line.extension for line in invoice.lines if line.extension]
    days = {d.delivery.actual_date for d in details if d.delivery and d.delivery.actual_date}
    notes = {d.despatch_advice.number for d in details if d.despatch_advice}
    notes |= {d.delivery_note.number for d in details if d.delivery_note}
    return max(len(days), len(notes))


def _public(sight: Sight) -> Iterator[Observation]:
    """A French public buyer pays in 30 days, a hospital in 50."""
    invoice = sight.invoice
    issued, due, limit = invoice.issue_date, invoice.due_date, public_limit(invoice)
    if issued is None or due is None or not limit or not _french_firms(invoice):
        return
    if due > later(issued, limit):
        named = _PUBLIC_NAME.search(invoice.buyer.name or "")
        yield _late(
            issued,
            due,
            f"of a public buyer expected at most {later(issued, limit)} ({limit} days)",
            None if named else Severity.INFORMATION,
        )


def public_limit(invoice: Invoice) -> int | None:
    """How long a public buyer may take; None if the buyer is none. Its SIREN begins with 1 or 2."""
    siren = _siren(buyer_of(invoice))
    if not siren.startswith(("1", "2")):
        return None
    return _HOSPITAL if siren.startswith("26") else _PUBLIC


def _siren(party: PartyView) -> str:
    places = (*party.sirens(), *party.sirets())
    return re.sub(r"\s", "", places[0].value)[:9] if places else ""


def _french_firms(invoice: Invoice) -> bool:
    """Whether an invoice is one between French firms that is still to be paid.

    What is cleared through customs overseas has other days to count from.
    """
    seller, buyer = seller_of(invoice), buyer_of(invoice)
    if not (seller.is_french and buyer.is_french and (buyer.legal or buyer.vat or _siren(buyer))):
        return False
    places = {_is_overseas(invoice.seller.address.post_code, seller.country)}
    places.add(_is_overseas(invoice.buyer.address.post_code, buyer.country))
    return len(places) == 1 and not is_settled(invoice) and not mentions.for_consumers(invoice)


def _is_overseas(post_code: str | None, country: str | None) -> bool:
    return country != "FR" or _OVERSEAS.fullmatch((post_code or "").strip()) is not None


def _late(issued: date, due: date, expected: str, weight: Severity | None = None) -> Observation:
    return Observation(
        message=f"BT-9 is {due}, {(due - issued).days} days after the issue date (BT-2) {issued}; "
        f"{expected}",
        paths=("due_date", "issue_date"),
        evidence=(("BT-2", str(issued)), ("BT-9", str(due))),
        severity=weight,
    )


def _contradicted(sight: Sight) -> Iterator[Observation]:
    """BT-9 is the day that BT-20 names, or near the end of the days that it names."""
    invoice = sight.invoice
    issued, due, text = invoice.issue_date, invoice.due_date, invoice.payment_terms
    if issued is None or due is None or not text or is_settled(invoice) or has_more_terms(invoice):
        return
    terms = named_terms(text)
    meant = [(term, day) for term in terms for day in term.days_meant(issued)]
    if not meant or any(_agree(day, due, exact=term.day is not None) for term, day in meant):
        return
    names = " and ".join(dict.fromkeys(term.text for term in terms))
    days = " or ".join(dict.fromkeys(str(day) for _, day in meant))
    yield Observation(
        message=f"BT-9 is {due}, but the payment terms (BT-20) name {names}: expected {days}",
        paths=("due_date", "payment_terms"),
        evidence=(("BT-2", str(issued)), ("BT-9", str(due)), ("BT-20", names)),
    )


def _agree(day: date, due: date, *, exact: bool) -> bool:
    return day == due if exact else abs(day - due) <= _TOLERANCE


def has_more_terms(invoice: Invoice) -> bool:
    """Whether it is paid in several parts, each with terms of its own."""
    return invoice.extension is not None and bool(invoice.extension.further_payment_terms)


CHECKS: tuple[Check, ...] = (
    Check(
        id="DUE-01",
        title="The due date (BT-9) is not before the issue date (BT-2)",
        severity=Severity.WARNING,
        run=_before_issue,
    ),
    Check(
        id="DUE-02",
        title="French firms: due 60 days after issue, or 45 days end of month, at the latest",
        severity=Severity.WARNING,
        run=_too_late,
    ),
    Check(
        id="DUE-03",
        title="French firms: a periodic invoice is due 45 days after issue at the latest",
        severity=Severity.WARNING,
        run=_periodic,
    ),
    Check(
        id="DUE-04",
        title="French public buyers: due 30 days after issue at the latest, hospitals 50",
        severity=Severity.WARNING,
        run=_public,
    ),
    Check(
        id="DUE-05",
        title="The due date (BT-9) and the payment terms (BT-20) agree",
        severity=Severity.WARNING,
        run=_contradicted,
    ),
    *mentions.CHECKS,
)
