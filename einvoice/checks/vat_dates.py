"""The day on which VAT became chargeable, in every reading that is legal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import msgspec

from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.model import Invoice, Line, Period, VatBreakdown

#: UNTDID 1001: advance invoices, whose VAT follows the payment.
_ADVANCE = frozenset(("386", "500", "503"))
#: UNTDID 1001: corrected invoices, which keep the rate of what they correct.
_CORRECTED = frozenset(("384", "471", "472", "473"))
#: UNTDID 2005 and 2475: VAT is chargeable by the date of the invoice, or by the payment.
_BY_INVOICE = frozenset(("3", "5"))
_BY_PAYMENT = frozenset(("432", "72"))


class TaxDays(msgspec.Struct, frozen=True, kw_only=True):
    """The days that may decide on the rate of VAT."""

    days: tuple[date, ...]
    source: str  #: the terms that they are taken from
    earlier: bool = False  #: whether any earlier day may decide too


def tax_days(invoice: Invoice, row: VatBreakdown) -> TaxDays | None:
    """The tax days of a VAT breakdown: BT-7, else delivery, else end of period, else BT-2.

    None where the invoice has no date. A correction or an advance may be of the day of the
    invoice that it refers to, of any earlier day where that day is not told.
    """
    lines = [line for line in invoice.lines if _is_of(line, row)]
    found, source = _own_days(invoice, lines)
    if not found:
        return None
    if not _looks_back(invoice, row):
        return TaxDays(days=tuple(dict.fromkeys(found)), source=source)
    earlier = list(_preceding_days(invoice, lines))
    days = dict.fromkeys((*found, *_present((invoice.issue_date,)), *earlier))
    return TaxDays(days=tuple(days), source=source, earlier=not earlier)


def _own_days(invoice: Invoice, lines: list[Line]) -> tuple[list[date], str]:
    readings: tuple[tuple[str, Callable[[], Iterable[date | None]]], ...] = (
        ("BT-7", lambda: (invoice.tax_point_date,)),
        ("BT-72", lambda: _delivery_days(invoice, lines)),
        ("BT-74", lambda: _period_days(invoice, lines)),
        ("BT-2", lambda: (invoice.issue_date,)),
    )
    for source, read in readings:
        days = list(_present(read()))
        if days:
            chosen = () if source == "BT-7" else _present(_days_of_code(invoice))
            return [*days, *chosen], source
    return [], ""


def _delivery_days(invoice: Invoice, lines: list[Line]) -> Iterator[date | None]:
    """The days of delivery; a line that has a day of its own or a period is delivered then."""
    days = [invoice.delivery.actual_date if invoice.delivery else None]
    days += [
        line.extension.delivery.actual_date
        for line in lines
        if line.extension and line.extension.delivery
    ]
    if any(days):
        yield from days
        yield from _line_periods(lines)


def _period_days(invoice: Invoice, lines: list[Line]) -> Iterator[date | None]:
    """Begin and end: what goes on over a change of rates may be charged in parts."""
    if invoice.delivery and invoice.delivery.period:
        yield from _ends_first(invoice.delivery.period)
    yield from _line_periods(lines)


def _line_periods(lines: list[Line]) -> Iterator[date | None]:
    for line in lines:
        if line.period:
            yield from _ends_first(line.period)


def _ends_first(period: Period) -> tuple[date | None, date | None]:
    return period.end, period.start


def _days_of_code(invoice: Invoice) -> tuple[date | None, ...]:
    if invoice.tax_point_date_code in _BY_INVOICE:
        return (invoice.issue_date,)
    if invoice.tax_point_date_code in _BY_PAYMENT:
        return invoice.issue_date, invoice.due_date
    return ()


def _looks_back(invoice: Invoice, row: VatBreakdown) -> bool:
    """Whether it is about an earlier supply or payment; a negative base settles an advance."""
    kinds = _ADVANCE | _CORRECTED | CREDIT_NOTE_TYPES
    return invoice.type_code in kinds or (row.taxable_amount is not None and row.taxable_amount < 0)


def _preceding_days(invoice: Invoice, lines: list[Line]) -> Iterator[date]:
    yield from _present(preceding.issue_date for preceding in invoice.preceding_invoices)
    for line in lines:
        if line.extension:
            yield from _present(p.issue_date for p in line.extension.preceding_invoices)


def _is_of(line: Line, row: VatBreakdown) -> bool:
    return (line.vat.category, line.vat.rate) == (row.category, row.rate)


def _present(days: Iterable[date | None]) -> Iterator[date]:
    return (day for day in days if day is not None)
