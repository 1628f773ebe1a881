"""The amounts of VAT: each row of the breakdown to the cent, and their sum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from einvoice.amounts import decimals_of, format_decimal, round_half_up
from einvoice.checks.check import Observation, Sight
from einvoice.checks.vat_places import seller_countries
from einvoice.checks.vat_rates import percent, rates_on
from einvoice.findings import Severity
from einvoice.model import Invoice, VatBreakdown

#: UNTDID 5305: categories whose VAT is base times rate.
_CHARGED = frozenset(("S", "L", "M", "B"))
#: Forints are rounded to whole ones, though ISO 4217 gives them two decimals.
_LEAST = {"HUF": Decimal("0.5")}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A line, an allowance (negative) or a charge, as it counts in a row of the breakdown."""

    name: str
    amount: Decimal


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the breakdown (BG-23) with its parts."""

    base: Decimal  #: BT-116
    tax: Decimal  #: BT-117
    rate: Decimal  #: BT-119, percent
    parts: tuple[Part, ...]
    decimals: int
    tolerance: Decimal

    def of(self, base: Decimal, rate: Decimal | None = None) -> Decimal:
        """VAT of a base, rounded to the digits of the currency."""
        return round_half_up(base * (self.rate if rate is None else rate) / 100, self.decimals)

    @property
    def expected(self) -> Decimal:
        """Rate times base."""
        return self.of(self.base)

    @property
    def by_parts(self) -> Decimal | None:
        """The sum of the VAT of each part, None where the parts are not those of the base."""
        if sum((part.amount for part in self.parts), Decimal()) != self.base:
            return None
        return sum((self.of(part.amount) for part in self.parts), Decimal())

    @property
    def is_right(self) -> bool:
        """Whether one of the readings is near enough."""
        readings = (reading for reading in (self.expected, self.by_parts) if reading is not None)
        return any(abs(self.tax - reading) <= self.tolerance for reading in readings)


def tax_to_the_cent(sight: Sight) -> Iterator[Observation]:
    """BT-117 is BT-116 times BT-119, or the sum of that for each line, rounded to the cent.

    The tolerance is 0.02, or 0.01 for each line, allowance and charge of the row.
    """
    invoice = sight.invoice
    for index, vat in enumerate(invoice.vat_breakdown):
        row = _row(invoice, vat)
        if row is None or row.is_right:
            continue
        why = _explanation(invoice, row)
        yield Observation(
            message=f"BT-117 is {row.tax}, expected {row.expected} (BT-116 {row.base} at "
            f"{percent(row.rate)} %){f'; {why}' if why else ''}.",
            paths=(f"vat_breakdown[{index}].tax_amount",),
            evidence=(
                ("BT-117", format_decimal(row.tax)),
                ("BT-116 x BT-119", format_decimal(row.expected)),
                ("sum by line", "" if row.by_parts is None else format_decimal(row.by_parts)),
                ("difference", format_decimal(row.tax - row.expected)),
                ("tolerance", format_decimal(row.tolerance)),
                ("explanation", why),
            ),
        )


def sum_of_tax(sight: Sight) -> Iterator[Observation]:
    """BT-110 is the sum of BT-117; a cent for each row, which extensions allow, is information."""
    invoice = sight.invoice
    amounts = [row.tax_amount for row in invoice.vat_breakdown]
    known = [amount for amount in amounts if amount is not None]
    total, found = sum(known, Decimal()), invoice.totals.vat
    if not known or len(known) < len(amounts) or total == (found or 0):
        return
    allowed = _cent(invoice.currency) * len(known)
    near = found is not None and abs(found - total) <= allowed
    yield Observation(
        message=f"BT-110 is {'absent' if found is None else found}, expected {total}, the sum of "
        "BT-117.",
        paths=("totals.vat",),
        evidence=(("BT-110", "" if found is None else str(found)), ("sum of BT-117", str(total))),
        severity=Severity.INFORMATION if near else None,
    )


def _row(invoice: Invoice, vat: VatBreakdown) -> Row | None:
    if vat.category not in _CHARGED:
        return None  # the official rules hold the others to zero
    if vat.taxable_amount is None or vat.tax_amount is None or vat.rate is None:
        return None
    parts = tuple(_parts(invoice, vat))
    cent = _cent(invoice.currency)
    return Row(
        base=vat.taxable_amount,
        tax=vat.tax_amount,
        rate=vat.rate,
        parts=parts,
        decimals=decimals_of(invoice.currency),
        tolerance=max(2 * cent, cent * len(parts), _LEAST.get(invoice.currency or "", cent)),
    )


def _cent(currency: str | None) -> Decimal:
    return Decimal(1).scaleb(-decimals_of(currency))


def _parts(invoice: Invoice, vat: VatBreakdown) -> Iterator[Part]:
    """The parts of a category and rate; lines that only group or inform count in no total."""
    key = (vat.category, vat.rate)
    for line in invoice.lines:
        detail = line.extension is None or line.extension.subtype in (None, "DETAIL")
        if detail and (line.vat.category, line.vat.rate) == key and line.net_amount is not None:
            yield Part(name=f"line {line.identifier}", amount=line.net_amount)
    for name, sign in (("allowances", -1), ("charges", 1)):
        for number, item in enumerate(getattr(invoice, name), 1):
            if (item.vat_category, item.vat_rate) == key and item.amount is not None:
                yield Part(name=f"{name[:-1]} {number}", amount=sign * item.amount)


def _explanation(invoice: Invoice, row: Row) -> str:
    """The smallest change that gives the amount that was found, in words; empty if none does."""
    explained = (what for what, amount in _suppositions(invoice, row) if amount == row.tax)
    return next(explained, "")


def _suppositions(invoice: Invoice, row: Row) -> Iterator[tuple[str, Decimal]]:
    """What may have gone wrong, and the VAT that it would give."""
    yield "its sign is wrong", -row.expected
    yield "it is the VAT contained in the base", row.of(row.base / (100 + row.rate) * 100)
    for rate in _other_rates(invoice, row):
        yield f"it is the VAT at {percent(rate)} %", row.of(row.base, rate)
    for part in row.parts:
        yield f"it is the VAT without {part.name}", row.of(row.base - part.amount)
        yield f"it has the VAT of {part.name} twice", row.of(row.base + part.amount)
    for factor in (10, 100):
        yield f"it is {factor} times as much", row.expected * factor
        yield f"it is a {factor}th", round_half_up(row.expected / factor, row.decimals)
    if sum((part.amount for part in row.parts), Decimal()) != row.base:
        total = sum((part.amount for part in row.parts), Decimal())
        yield f"it is the VAT of the lines, whose sum is {total}", row.of(total)
    if _swapped(format_decimal(row.expected), format_decimal(row.tax)):
        yield "two neighbouring digits are swapped", row.tax


def _other_rates(invoice: Invoice, row: Row) -> Iterator[Decimal]:
    yield from (vat.rate for vat in invoice.vat_breakdown if vat.rate)
    if invoice.issue_date is not None:
        for country in seller_countries(invoice):
            yield from rates_on(country, invoice.issue_date)


def _swapped(expected: str, found: str) -> bool:
    if len(expected) != len(found):
        return False
    places = [i for i, (a, b) in enumerate(zip(expected, found, strict=True)) if a != b]
    if len(places) != 2:
        return False
    one, two = places
    return (expected[one], expected[two]) == (found[two], found[one]) and (
        expected[one + 1 : two] in ("", ".")
    )
