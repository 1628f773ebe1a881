"""The totals of a document (BG-22), counted again from their parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from einvoice.amounts import decimals_of, format_decimal
from einvoice.checks.line_readings import calculation_of, sum_of
from einvoice.checks.line_sums import counts, is_extended, named
from einvoice.model import Invoice, Line

_ZERO = Decimal()
_CENT = Decimal("0.01")


class Recount(msgspec.Struct, frozen=True, kw_only=True):
    """A total as declared and as its parts say."""

    term: str  #: such as BT-106
    field: str  #: in `Totals`
    found: Decimal
    expected: Decimal  #: from the parts as declared
    formula: str  #: in words, of the terms
    parts: tuple[tuple[str, Decimal], ...]
    tolerance: Decimal
    otherwise: tuple[Decimal, ...] = ()  #: what it is right to be where one of its parts is wrong
    slip: str | None = None  #: what gives the declared total

    @property
    def is_right(self) -> bool:
        """Whether it is right by its parts, or wrong only because one of them is."""
        known = (self.expected, *self.otherwise)
        return any(abs(self.found - amount) <= self.tolerance for amount in known)


#: An amount that somebody might have come to, and what they did.
Slip = tuple[Decimal, str]


def recount(invoice: Invoice) -> Iterator[Recount]:
    """All totals that are given and can be computed; absent ones are left out."""
    for count in (_lines, _allowances, _charges, _without_vat, _with_vat, _due):
        total = count(invoice)
        if total is not None:
            yield total


def _tolerance(invoice: Invoice, elements: int) -> Decimal:
    """Half a cent, for rounding; a cent for each element in EXTENDED-CTC-FR (BR-FREXT-CO-10)."""
    half = Decimal(5).scaleb(-decimals_of(invoice.currency) - 1)
    return max(half, _CENT * elements) if is_extended(invoice) else half


def _why(found: Decimal, expected: Decimal, tolerance: Decimal, slips: list[Slip]) -> str | None:
    """The first slip that gives what was found, None if there is none."""
    fitting = (what for amount, what in slips if abs(found - amount) <= tolerance)
    return None if abs(found - expected) <= tolerance else next(fitting, None)


def _line_sum(invoice: Invoice) -> Decimal | None:
    """The sum of BT-131 of all lines that count; BT-106 itself where there are no lines."""
    nets = [line.net_amount for line in invoice.lines if counts(line)]
    known = [net for net in nets if net is not None]
    if not invoice.lines:
        return invoice.totals.line_net
    return sum(known, _ZERO) if len(known) == len(nets) else None


def _lines(invoice: Invoice) -> Recount | None:
    """BT-106 is the sum of BT-131 (BR-CO-10)."""
    found, expected = invoice.totals.line_net, _line_sum(invoice)
    if found is None or expected is None or not invoice.lines:
        return None
    tolerance = _tolerance(invoice, len(invoice.lines))
    slips = [*_line_slips(invoice, found, expected)] if found != expected else []
    return Recount(
        term="BT-106",
        field="line_net",
        found=found,
        expected=expected,
        formula="the sum of the net amounts of lines BT-131",
        parts=(("sum of BT-131", expected),),
        tolerance=tolerance,
        slip=_why(found, expected, tolerance, slips),
    )


def _line_slips(invoice: Invoice, found: Decimal, expected: Decimal) -> Iterator[Slip]:
    yield _unrounded(invoice), "it is the sum of quantity times price before rounding"
    yield _sum(invoice, lambda _: True), "it counts groups and informations too"
    totals = invoice.totals
    reduced = expected - (totals.allowances or _ZERO) + (totals.charges or _ZERO)
    yield reduced, "it includes the allowances and charges of the document"
    for line in filter(counts, invoice.lines):
        net = line.net_amount or _ZERO
        yield expected - net, f"it leaves out {named(line)} with {format_decimal(net)}"
        yield expected + net, f"it counts {named(line)} with {format_decimal(net)} twice"
        yield expected - 2 * net, f"it takes {named(line)} with the opposite sign"
    for line in filter(counts, invoice.lines):
        numbers = calculation_of(line, invoice.currency)
        if numbers is not None and abs(numbers.exact - numbers.net) > numbers.slack:
            fixed = expected - numbers.net + numbers.exact
            declared = format_decimal(numbers.net)
            yield fixed, f"it counts {named(line)} as quantity and price say, not {declared}"


def _sum(invoice: Invoice, wanted: Callable[[Line], bool]) -> Decimal:
    return sum((line.net_amount or _ZERO for line in invoice.lines if wanted(line)), _ZERO)


def _unrounded(invoice: Invoice) -> Decimal:
    """The sum of the lines as they were before BT-131 was rounded."""
    total = _ZERO
    for line in filter(counts, invoice.lines):
        numbers = calculation_of(line, invoice.currency)
        near = numbers is not None and abs(numbers.exact - numbers.net) <= numbers.slack
        total += numbers.exact if numbers and near else line.net_amount or _ZERO
    return total


def _allowances(invoice: Invoice) -> Recount | None:
    """BT-107 is the sum of BT-92 (BR-CO-11)."""
    found, expected = invoice.totals.allowances, sum_of(invoice.allowances)
    if found is None or expected is None:
        return None
    return Recount(
        term="BT-107",
        field="allowances",
        found=found,
        expected=expected,
        formula="the sum of the allowances of the document BT-92",
        parts=(("sum of BT-92", expected),),
        tolerance=_tolerance(invoice, len(invoice.allowances)),
    )


def _charges(invoice: Invoice) -> Recount | None:
    """BT-108 is the sum of BT-99 (BR-CO-12)."""
    found, expected = invoice.totals.charges, sum_of(invoice.charges)
    if found is None or expected is None:
        return None
    return Recount(
        term="BT-108",
        field="charges",
        found=found,
        expected=expected,
        formula="the sum of the charges of the document BT-99",
        parts=(("sum of BT-99", expected),),
        tolerance=_tolerance(invoice, len(invoice.charges)),
    )


def _net_from_lines(invoice: Invoice) -> tuple[Decimal, ...]:
    """What BT-109 is if nothing is believed but lines, allowances and charges; none if unknown."""
    nets = _line_sum(invoice)
    less, more = sum_of(invoice.allowances), sum_of(invoice.charges)
    return () if nets is None or less is None or more is None else (nets - less + more,)


def _without_vat(invoice: Invoice) -> Recount | None:
    """BT-109 is BT-106 less BT-107 and with BT-108 (BR-CO-13)."""
    totals = invoice.totals
    found, nets = totals.without_vat, totals.line_net
    if found is None or nets is None:
        return None
    less, more = totals.allowances or _ZERO, totals.charges or _ZERO
    expected = nets - less + more
    tolerance = _tolerance(invoice, 1 + len(invoice.allowances) + len(invoice.charges))
    slips = [
        (nets, "it leaves out the allowances and charges of the document"),
        (nets + more, "it leaves out the allowances of the document BT-107"),
        (nets - less, "it leaves out the charges of the document BT-108"),
        (nets + less + more, "it adds the allowances of the document BT-107"),
        (nets - less - more, "it takes off the charges of the document BT-108"),
        (expected + (totals.vat or _ZERO), "it includes VAT"),
    ]
    return Recount(
        term="BT-109",
        field="without_vat",
        found=found,
        expected=expected,
        formula="BT-106 - BT-107 + BT-108",
        parts=(("BT-106", nets), ("BT-107", less), ("BT-108", more)),
        tolerance=tolerance,
        otherwise=_net_from_lines(invoice),
        slip=_why(found, expected, tolerance, slips),
    )


def _with_vat(invoice: Invoice) -> Recount | None:
    """BT-112 is BT-109 with BT-110 (BR-CO-15), which is the sum of BT-117 where it is absent."""
    totals = invoice.totals
    found, net = totals.with_vat, totals.without_vat
    unknown = totals.vat is None and not invoice.vat_breakdown
    if found is None or net is None or unknown:
        return None
    rows = sum((row.tax_amount or _ZERO for row in invoice.vat_breakdown), _ZERO)
    vat = rows if totals.vat is None else totals.vat
    lower = _without_vat(invoice)
    nets = (net, *((lower.expected, *lower.otherwise) if lower else ()))
    tolerance = _tolerance(invoice, 1 + len(invoice.vat_breakdown))
    slips = [(net, "it leaves out VAT"), (net - vat, "it takes off VAT")]
    return Recount(
        term="BT-112",
        field="with_vat",
        found=found,
        expected=net + vat,
        formula="BT-109 + BT-110",
        parts=(("BT-109", net), ("BT-110", vat)),
        tolerance=tolerance,
        otherwise=tuple(amount + tax for amount in nets for tax in (vat, rows)),
        slip=_why(found, net + vat, tolerance, slips),
    )


def _due(invoice: Invoice) -> Recount | None:
    """BT-115 is BT-112 less BT-113 and with BT-114 (BR-CO-16), and with BT-DEX-002 (BR-DEX-09).

    MINIMUM has no BT-113: what is due may be less there.
    """
    totals = invoice.totals
    found, gross = totals.due, totals.with_vat
    others = invoice.extension.third_party_payments if invoice.extension else ()
    minimum = (invoice.process.specification or "").lower().endswith(":minimum")
    if found is None or gross is None or (minimum and totals.paid is None):
        return None
    paid, rounding = totals.paid or _ZERO, totals.rounding or _ZERO
    collected = sum((payment.amount or _ZERO for payment in others), _ZERO)
    after = rounding + collected - paid
    lower = _with_vat(invoice)
    tolerance = _tolerance(invoice, 1)
    slips = [
        (gross + after + paid, "it leaves out what has been paid BT-113"),
        (gross + after - rounding, "it leaves out the rounding amount BT-114"),
        (gross + after + 2 * paid, "it adds what has been paid BT-113"),
        (gross + after - collected, "it leaves out what is collected for third parties"),
    ]
    turned = found == gross + after - 2 * rounding  # SUM-07 tells that
    return Recount(
        term="BT-115",
        field="due",
        found=found,
        expected=gross + after,
        formula="BT-112 - BT-113 + BT-114",
        parts=(("BT-112", gross), ("BT-113", paid), ("BT-114", rounding)),
        tolerance=tolerance,
        otherwise=(*((lower.expected + after,) if lower else ()), *((found,) if turned else ())),
        slip=_why(found, gross + after, tolerance, slips),
    )
