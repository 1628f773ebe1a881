"""Checks of the seller against what is known of it: earlier invoices, and the supplier master."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.due_texts import NamedTerm
from einvoice.checks.fingerprint import keys_of
from einvoice.checks.history import Master, Supplier
from einvoice.checks.parties import plain, seller_of
from einvoice.findings import Severity


def _master(sight: Sight) -> Master:
    assert sight.master is not None
    return sight.master


def _first_invoice(sight: Sight) -> Iterator[Observation]:
    """A seller from whom nothing was seen before."""
    history = sight.past
    if not history.recent:
        accounts = " ".join(history.print.accounts) or "none"
        yield Observation(
            message=f"the first invoice seen of {history.print.seller_name}; account: {accounts}",
            paths=("seller.name",),
            evidence=(("BT-27", history.print.seller_name), ("BT-84", accounts)),
        )


def _unknown(sight: Sight) -> Iterator[Observation]:
    """The seller is in the master data."""
    if not _master(sight).suppliers:
        keys = ", ".join(keys_of(seller_of(sight.invoice), sight.invoice)) or "nothing"
        yield Observation(
            message=f"the seller {sight.invoice.seller.name} is not in the supplier master; it is "
            f"identified by {keys}",
            paths=("seller.name",),
            evidence=(("BT-27", sight.invoice.seller.name or ""), ("keys", keys)),
        )


def _blocked(sight: Sight) -> Iterator[Observation]:
    """The seller is not blocked in the master data."""
    for supplier in _master(sight).suppliers:
        if supplier.blocked:
            yield Observation(
                message=f"the supplier {supplier.id} {supplier.name} is blocked in the master",
                paths=("seller.name",),
                evidence=(("supplier", supplier.id),),
            )


def _differs(sight: Sight) -> Iterator[Observation]:
    """VAT number and registration are those of the master data, wherever both have one."""
    suppliers = _master(sight).suppliers
    seller = sight.invoice.seller
    legal = seller.legal_registration.value if seller.legal_registration else None
    rows = (
        ("BT-31", "seller.vat_identifier", seller.vat_identifier, "vat_number"),
        ("BT-30", "seller.legal_registration.value", legal, "registration"),
    )
    for term, path, value, field in rows:
        known = [getattr(s, field) for s in suppliers if getattr(s, field)]
        if value and known and not any(_same(value, other) for other in known):
            yield Observation(
                message=f"{term} is {value}, but the supplier master has {' and '.join(known)}",
                paths=(path,),
                evidence=((term, value), ("master", " ".join(known))),
            )


def _same(value: str, other: str) -> bool:
    """Whether two identifiers are one; a SIRET is of its SIREN."""
    one, two = sorted((plain(value), plain(other)), key=len)
    siren = len(one) == 9 and len(two) == 14 and one.isdigit()
    return one == two or (siren and two.startswith(one))


def _term(sight: Sight) -> Iterator[Observation]:
    """An invoice is not due (BT-9) before the term that was agreed with the supplier.

    Of the days that a term can mean, such as by two ways to count 45 days and the end of the month,
    the earliest counts.
    """
    invoice = sight.invoice
    issued, due = invoice.issue_date, invoice.due_date
    agreed = [(s, _due(s, issued)) for s in _master(sight).suppliers if issued]
    days = [(supplier, day) for supplier, day in agreed if day]
    to_pay = (
        invoice.totals.due is not None and invoice.totals.due > 0 and not sight.past.print.credit
    )
    if due is None or not to_pay or not days or any(due >= day for _, day in days):
        return
    supplier, day = days[0]
    assert day is not None
    agreed_term = f"{supplier.days} days{' end of month' if supplier.month_end else ''}"
    yield Observation(
        message=f"BT-9 is {due}, {(day - due).days} days before {day}, by the term agreed with "
        f"supplier {supplier.id}: {agreed_term}",
        paths=("due_date",),
        evidence=(("BT-2", str(issued)), ("BT-9", str(due)), ("agreed", str(day))),
    )


def _due(supplier: Supplier, issued: date | None) -> date | None:
    if supplier.days is None or issued is None:
        return None
    term = NamedTerm(text="", days=supplier.days, month_end=supplier.month_end)
    return min(term.days_meant(issued))


CHECKS: tuple[Check, ...] = (
    Check(
        id="SUP-01",
        title="The seller has sent invoices before",
        severity=Severity.INFORMATION,
        run=_first_invoice,
        needs=("history",),
    ),
    Check(
        id="SUP-02",
        title="The seller is in the supplier master",
        severity=Severity.WARNING,
        run=_unknown,
        reason_code="EMMET_INC",
        needs=("master",),
    ),
    Check(
        id="SUP-03",
        title="The supplier is not blocked",
        severity=Severity.FATAL,
        run=_blocked,
        reason_code="EMMET_INC",
        needs=("master",),
    ),
    Check(
        id="SUP-04",
        title="VAT number (BT-31) and registration (BT-30) are those of the supplier master",
        severity=Severity.WARNING,
        run=_differs,
        reason_code="EMMET_INC",
        needs=("master",),
    ),
    Check(
        id="SUP-05",
        title="The invoice is not due (BT-9) before the agreed term",
        severity=Severity.WARNING,
        run=_term,
        needs=("master",),
    ),
)
