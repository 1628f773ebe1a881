"""Dates, references, line identifiers and attachments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from einvoice.checks.attachments import dangerous, empty
from einvoice.checks.check import Check, Observation, Sight
from einvoice.codelists import CORRECTED_TYPES, CREDIT_NOTE_TYPES
from einvoice.findings import Severity
from einvoice.model import Invoice, Line, Period, PrecedingInvoice

_YEARS = 10  # for which accounts are kept, in France by code de commerce L123-22

#: A credit note for a rebate on all of a period, which refers to a contract (BR-FR-CO-03).
_REBATE_TYPE = "262"


def future(sight: Sight) -> Iterator[Observation]:
    """The issue date BT-2 is not after today."""
    issued = sight.invoice.issue_date
    if issued is None or issued <= sight.today:
        return
    yield Observation(
        message=f"The issue date BT-2 is {issued}, after today {sight.today}.",
        paths=("issue_date",),
        evidence=(("BT-2", issued.isoformat()), ("today", sight.today.isoformat())),
    )


def too_old(sight: Sight) -> Iterator[Observation]:
    """The issue date BT-2 is at most ten years ago, to the day."""
    issued = sight.invoice.issue_date
    if issued is None or _years_after(issued, _YEARS) >= sight.today:
        return
    yield Observation(
        message=f"The issue date BT-2 is {issued}, more than {_YEARS} years before {sight.today}.",
        paths=("issue_date",),
        evidence=(("BT-2", issued.isoformat()), ("today", sight.today.isoformat())),
    )


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; 1 March for a 29 February that it does not have."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def periods(sight: Sight) -> Iterator[Observation]:
    """A period, of the invoice (BG-14) or of a line (BG-26), does not end before it starts."""
    for path, name, period in _periods(sight.invoice):
        if period.start is None or period.end is None or period.end >= period.start:
            continue
        yield Observation(
            message=f"The period of {name} ends on {period.end}, before its start {period.start}.",
            paths=(f"{path}.end", f"{path}.start"),
            evidence=(("start", period.start.isoformat()), ("end", period.end.isoformat())),
        )


def _periods(invoice: Invoice) -> Iterator[tuple[str, str, Period]]:
    if invoice.delivery is not None and invoice.delivery.period is not None:
        yield "delivery.period", "the invoice (BG-14)", invoice.delivery.period
    for number, line in enumerate(invoice.lines):
        if line.period is not None:
            yield f"lines[{number}].period", f"line {line.identifier} (BG-26)", line.period


def missing_reference(sight: Sight) -> Iterator[Observation]:
    """A credit note or corrected invoice names the invoice that it is about.

    In BG-3 or on a line. A rebate on a period (262) may name a contract or a period instead.
    """
    invoice = sight.invoice
    kind = _kind(invoice)
    if kind is None or invoice.preceding_invoices or any(map(_line_names_one, invoice.lines)):
        return
    period = invoice.delivery is not None and invoice.delivery.period is not None
    if invoice.type_code == _REBATE_TYPE and (invoice.contract_reference or period):
        return
    yield Observation(
        message=(
            f"The document type BT-3 is {invoice.type_code}, {kind}, but no preceding invoice "
            "(BG-3) is named."
        ),
        paths=("preceding_invoices", "type_code"),
        evidence=(("BT-3", invoice.type_code or ""),),
    )


def _kind(invoice: Invoice) -> str | None:
    if invoice.type_code in CREDIT_NOTE_TYPES:
        return "a credit note"
    return "a corrected invoice" if invoice.type_code in CORRECTED_TYPES else None


def _line_names_one(line: Line) -> bool:
    return line.extension is not None and line.extension.preceding_invoices != ()


def reference_dates(sight: Sight) -> Iterator[Observation]:
    """A preceding invoice (BT-26) was not issued after the document that names it."""
    issued = sight.invoice.issue_date
    for number, preceding in enumerate(sight.invoice.preceding_invoices):
        if issued is None or preceding.issue_date is None or preceding.issue_date <= issued:
            continue
        yield Observation(
            message=(
                f"The preceding invoice {preceding.number} is of {preceding.issue_date} (BT-26), "
                f"after the issue date BT-2 {issued}."
            ),
            paths=(f"preceding_invoices[{number}].issue_date", "issue_date"),
            evidence=(("BT-26", preceding.issue_date.isoformat()), ("BT-2", issued.isoformat())),
        )


def reference_to_itself(sight: Sight) -> Iterator[Observation]:
    """A document does not name itself as its preceding invoice.

    A corrected invoice may have the number of the one that it replaces.
    """
    invoice = sight.invoice
    if invoice.type_code in CORRECTED_TYPES:
        return
    for number, preceding in enumerate(invoice.preceding_invoices):
        if _is_it(invoice, preceding):
            yield Observation(
                message=f"The preceding invoice BT-25 is {preceding.number}, the document itself.",
                paths=(f"preceding_invoices[{number}].number", "number"),
                evidence=(("BT-25", preceding.number or ""), ("BT-1", invoice.number or "")),
            )


def _is_it(invoice: Invoice, preceding: PrecedingInvoice) -> bool:
    same_day = preceding.issue_date in (None, invoice.issue_date)
    return preceding.number is not None and preceding.number == invoice.number and same_day


def line_identifiers(sight: Sight) -> Iterator[Observation]:
    """Each line has an identifier BT-126 of its own."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(sight.invoice.lines):
        if line.identifier is not None:
            places[line.identifier].append(number)
    for identifier, numbers in places.items():
        if len(numbers) > 1:
            yield Observation(
                message=f"{len(numbers)} lines have the identifier BT-126 {identifier}.",
                paths=tuple(f"lines[{number}].identifier" for number in numbers[1:]),
                evidence=(("BT-126", identifier), ("lines", str(len(numbers)))),
            )


CHECKS: tuple[Check, ...] = (
    Check(
        id="DOC-01",
        title="The issue date is not in the future",
        severity=Severity.WARNING,
        run=future,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DOC-02",
        title="The issue date is at most ten years ago",
        severity=Severity.WARNING,
        run=too_old,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DOC-03",
        title="No period ends before it starts",
        severity=Severity.WARNING,
        run=periods,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DOC-04",
        title="Each line has an identifier of its own",
        severity=Severity.WARNING,
        run=line_identifiers,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="DOC-05",
        title="No attachment is a program or holds macros",
        severity=Severity.FATAL,
        run=dangerous,
        reason_code="IRR_EXT_DOC",
    ),
    Check(
        id="DOC-06",
        title="No attachment is empty",
        severity=Severity.FATAL,
        run=empty,
        reason_code="IRR_VID_PJ",
    ),
    Check(
        id="REF-01",
        title="A credit note or corrected invoice names a preceding invoice",
        severity=Severity.WARNING,
        run=missing_reference,
        reason_code="REF_ERR",
    ),
    Check(
        id="REF-02",
        title="A preceding invoice was not issued after the document",
        severity=Severity.WARNING,
        run=reference_dates,
        reason_code="REF_ERR",
    ),
    Check(
        id="REF-03",
        title="A document does not name itself as its preceding invoice",
        severity=Severity.WARNING,
        run=reference_to_itself,
        reason_code="REF_ERR",
    ),
)
