"""Arithmetic of the document: totals from the lines up, rounding, advances, signs.

A total is compared with what its parts say as they are declared. Where one total is wrong, those
above it are not reported for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from einvoice.amounts import decimals_of, format_decimal
from einvoice.checks import line_sums, taxable
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.line_readings import shown
from einvoice.checks.line_sums import too_much
from einvoice.checks.sums import Recount, recount
from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.findings import Severity
from einvoice.model import Invoice

#: UNTDID 1001: invoices, self-billed and factored ones, that are neither final nor corrections.
_INVOICE_TYPES = frozenset(("380", "389", "393", "501"))

#: BT-23 of France: already paid, or final invoice after an advance.
_PAID_BEFORE = re.compile("[BSM][24]")

_LARGEST_ROUNDING = Decimal(1)
_LARGEST_ROUNDING_WHOLE = Decimal(10)  # where the smallest coin is 5 or 10
_FORINT = "HUF"


def totals(sight: Sight) -> Iterator[Observation]:
    """BT-106 to BT-109, BT-112 and BT-115 are what their parts add up to."""
    currency = sight.invoice.currency
    for total in recount(sight.invoice):
        if total.is_right:
            continue
        off = too_much(total.found - total.expected, currency)
        yield Observation(
            message=(
                f"{total.term} is {format_decimal(total.found)}, expected "
                f"{shown(total.expected, currency)}, {total.formula}: {total.slip or off}."
            ),
            paths=(f"totals.{total.field}",),
            evidence=_parts(total, currency),
        )


def _parts(total: Recount, currency: str | None) -> tuple[tuple[str, str], ...]:
    parts = ((name, format_decimal(value)) for name, value in total.parts)
    found = (total.term, format_decimal(total.found))
    return (found, *parts, ("expected", shown(total.expected, currency)))


def rounding(sight: Sight) -> Iterator[Observation]:
    """BT-114 is at most 1.00, 10 where there are no cents, and goes the way that BT-115 went."""
    invoice = sight.invoice
    amount = invoice.totals.rounding
    if amount is None:
        return
    whole = invoice.currency == _FORINT or decimals_of(invoice.currency) == 0
    limit = _LARGEST_ROUNDING_WHOLE if whole else _LARGEST_ROUNDING
    if abs(amount) > limit:
        yield Observation(
            message=(
                f"The rounding amount BT-114 is {format_decimal(amount)}, expected at most "
                f"{format_decimal(limit)}: this is no rounding."
            ),
            paths=("totals.rounding",),
            evidence=(("BT-114", format_decimal(amount)), ("limit", format_decimal(limit))),
        )
    due = next((total for total in recount(invoice) if total.field == "due"), None)
    if due is not None and amount and due.found == due.expected - 2 * amount:
        yield Observation(
            message=(
                f"The rounding amount BT-114 is {format_decimal(amount)}, but the amount due "
                f"BT-115 {format_decimal(due.found)} was rounded by {format_decimal(-amount)}."
            ),
            paths=("totals.rounding", "totals.due"),
            evidence=(("BT-114", format_decimal(amount)), *_parts(due, invoice.currency)),
        )


def advances(sight: Sight) -> Iterator[Observation]:
    """An amount paid before (BT-113) comes with a reference to an advance.

    That is BG-3, an advance of Factur-X EXTENDED, or BT-23 of an invoice that is paid or final.
    """
    invoice = sight.invoice
    paid = invoice.totals.paid
    if paid is None or paid <= 0 or _names_advance(invoice):
        return
    yield Observation(
        message=(
            f"{format_decimal(paid)} has been paid before (BT-113), but no advance is referred to "
            "(BG-3)."
        ),
        paths=("totals.paid", "preceding_invoices"),
        evidence=(("BT-113", format_decimal(paid)),),
    )


def _names_advance(invoice: Invoice) -> bool:
    extension = invoice.extension
    return (
        bool(invoice.preceding_invoices)
        or _PAID_BEFORE.fullmatch(invoice.process.business_process or "") is not None
        or (extension is not None and extension.advance_payments != ())
        or any(line.extension and line.extension.preceding_invoices for line in invoice.lines)
    )


def negative_invoice(sight: Sight) -> Iterator[Observation]:
    """An invoice whose total is negative ought to be a credit note.

    One that refers to the invoice that it takes back (BG-3) is used in Peppol: an information.
    """
    invoice = sight.invoice
    total = invoice.totals.with_vat
    if invoice.type_code not in _INVOICE_TYPES or total is None or total >= 0:
        return
    yield Observation(
        message=(
            f"The document type BT-3 is {invoice.type_code}, an invoice, but its total BT-112 is "
            f"{format_decimal(total)}: a credit note is expected."
        ),
        paths=("totals.with_vat", "type_code"),
        evidence=(("BT-3", invoice.type_code or ""), ("BT-112", format_decimal(total))),
        severity=Severity.INFORMATION if invoice.preceding_invoices else None,
    )


def negative_credit_note(sight: Sight) -> Iterator[Observation]:
    """The total of a credit note is not negative: its type turns the sign already."""
    invoice = sight.invoice
    total = invoice.totals.with_vat
    if invoice.type_code not in CREDIT_NOTE_TYPES or total is None or total >= 0:
        return
    yield Observation(
        message=(
            f"The document type BT-3 is {invoice.type_code}, a credit note, and its total BT-112 "
            f"is {format_decimal(total)}: a positive amount is expected, or the buyer would pay."
        ),
        paths=("totals.with_vat", "type_code"),
        evidence=(("BT-3", invoice.type_code or ""), ("BT-112", format_decimal(total))),
    )


CHECKS: tuple[Check, ...] = (
    *line_sums.CHECKS,
    Check(
        id="SUM-05",
        title="BT-106 to BT-109, BT-112 and BT-115 are what their parts add up to",
        severity=Severity.WARNING,
        run=totals,
        reason_code="MONTANTTOTAL_ERR",
    ),
    Check(
        id="SUM-06",
        title="BT-116 is the sum of what has its VAT category and rate",
        severity=Severity.WARNING,
        run=taxable.taxable_amounts,
        reason_code="CALCUL_ERR",
    ),
    Check(
        id="SUM-07",
        title="BT-114 is small, and its sign is that of the rounding",
        severity=Severity.WARNING,
        run=rounding,
        reason_code="CALCUL_ERR",
    ),
    Check(
        id="SUM-08",
        title="An amount paid before comes with a reference to an advance",
        severity=Severity.INFORMATION,
        run=advances,
        reason_code="REF_ERR",
    ),
    Check(
        id="SUM-09",
        title="An invoice has no negative total",
        severity=Severity.WARNING,
        run=negative_invoice,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="SUM-10",
        title="A credit note has no negative total",
        severity=Severity.WARNING,
        run=negative_credit_note,
        reason_code="NON_CONFORME",
    ),
)
