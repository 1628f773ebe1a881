"""Numbers, and what adds up: allowances, charges, lines, VAT breakdown and totals."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from einvoice.amounts import EXACT
from einvoice.model import AllowanceCharge, Line, LineAllowanceCharge, Price, Totals, VatBreakdown
from tests.properties import codes
from tests.properties.parts import maybe
from tests.properties.texts import TEXTS

LARGEST = 10**12
CENT = Decimal("0.01")
#: Category and rate of VAT; the rate is as it is written, 20 and 20.0 are the same one.
Rate = tuple[str, Decimal | None]


def cents(value: Decimal) -> Decimal:
    """A value rounded to two decimals; never -0.00, which BR-CO-12 in CII does not take for 0."""
    return EXACT.add(value.quantize(CENT, ROUND_HALF_UP, context=EXACT), Decimal())


def total(values: Iterable[Decimal]) -> Decimal:
    """An exact sum, 0 of nothing."""
    result = Decimal("0.00")
    for value in values:
        result = EXACT.add(result, value)
    return result


@st.composite
def decimals(draw, least: int | Decimal, most: int | Decimal, places: int) -> Decimal:
    """A number with up to so many decimals."""
    digits = draw(st.integers(0, places))
    unit = 10**digits
    number = draw(st.integers(math.ceil(least * unit), math.floor(most * unit)))
    return Decimal(number).scaleb(-digits, context=EXACT)


def amounts(most: int = LARGEST) -> st.SearchStrategy[Decimal]:
    """An amount with up to two decimals."""
    return decimals(-most, most, 2)


RATES = st.sampled_from(
    ["20", "20.0", "20.00", "5.5", "2.10", "19", "27", "100", "0.5", "8.1", "12.3456"]
).map(Decimal)
ZERO_RATES = st.sampled_from(["0", "0.00"]).map(Decimal)
PERCENTAGES = st.sampled_from(["0", "10", "33.3333333333", "100.00"]).map(Decimal) | decimals(
    0, 100, 4
)


@st.composite
def vat_rates(draw) -> list[Rate]:
    """The categories and rates of an invoice: O stands alone, the others mix."""
    if draw(st.integers(0, 7)) == 7:
        return [("O", None)]
    chosen = draw(
        st.lists(
            st.sampled_from(["S", "S", "Z", "E", "AE", "K", "G", "L", "M"]), min_size=1, max_size=6
        )
    )
    return [(category, draw(_rate(category))) for category in chosen]


def _rate(category: str) -> st.SearchStrategy[Decimal]:
    if category == "M":
        return RATES | ZERO_RATES
    return RATES if category in "SL" else ZERO_RATES  # in CII BR-AF-05 refuses L at zero


@st.composite
def adjustments(draw, most: int, reasons: st.SearchStrategy[str]) -> LineAllowanceCharge:
    """An allowance or charge: its amount alone, or as a percentage of a base amount."""
    base = draw(maybe(amounts(most)))
    percentage = draw(maybe(PERCENTAGES))
    if base is not None and percentage is not None:
        amount = cents(EXACT.multiply(base, percentage).scaleb(-2, context=EXACT))
    else:
        amount = draw(amounts(most))
    reason, code = draw(st.tuples(TEXTS, maybe(reasons)) | st.tuples(st.none(), reasons))
    return LineAllowanceCharge(
        amount=amount, base_amount=base, percentage=percentage, reason=reason, reason_code=code
    )


def document_adjustments(
    rates: list[Rate], reasons: st.SearchStrategy[str]
) -> st.SearchStrategy[tuple[AllowanceCharge, ...]]:
    """Allowances or charges of the document, each at one of the rates of the invoice."""

    def at(adjustment: LineAllowanceCharge, rate: Rate) -> AllowanceCharge:
        return AllowanceCharge(
            amount=adjustment.amount,
            base_amount=adjustment.base_amount,
            percentage=adjustment.percentage,
            reason=adjustment.reason,
            reason_code=adjustment.reason_code,
            vat_category=rate[0],
            vat_rate=rate[1],
        )

    one = st.builds(at, adjustments(LARGEST, reasons), st.sampled_from(rates))
    return st.lists(one, max_size=2).map(tuple)


@st.composite
def quantities_and_prices(draw) -> tuple[Decimal, Price]:
    """A quantity and a price whose product is no larger than the largest amount."""
    digits = draw(st.integers(0, 12))
    quantity = draw(decimals(-(10**digits), 10**digits, 10))
    base = draw(
        maybe(st.sampled_from(["1", "100", "12.5", "0.001"]).map(Decimal) | decimals(1, 1000, 10))
    )
    most = Decimal(10 ** (12 - digits)) * min(base or Decimal(1), Decimal(1))
    net = draw(decimals(0, most, 10))
    price = Price(net=net, base_quantity=base)
    if draw(st.booleans()):
        # UBL demands BT-147 beside BT-148 and CII BT-148 beside BT-147: one alone would be filled.
        # A discount of zero is no discount.
        discount = draw(decimals(0, LARGEST, 10).map(lambda value: value or CENT))
        price = replace(price, discount=discount, gross=EXACT.add(net, discount))
    return quantity, price


def line_net(quantity: Decimal, price: Price, line: Line) -> Decimal:
    """BT-131: quantity times price, less allowances, plus charges."""
    gross = EXACT.divide(EXACT.multiply(quantity, price.net), price.base_quantity or Decimal(1))
    more = total(charge.amount for charge in line.charges)
    less = total(allowance.amount for allowance in line.allowances)
    return cents(EXACT.subtract(EXACT.add(gross, more), less))


@st.composite
def vat_breakdowns(
    draw,
    lines: tuple[Line, ...],
    allowances: tuple[AllowanceCharge, ...],
    charges: tuple[AllowanceCharge, ...],
) -> tuple[VatBreakdown, ...]:
    """One row for each category and rate of lines, allowances and charges."""
    taxable: defaultdict[Rate, list[Decimal]] = defaultdict(list)
    for line in lines:
        taxable[line.vat.category, line.vat.rate].append(line.net_amount)
    for charge in charges:
        taxable[charge.vat_category, charge.vat_rate].append(charge.amount)
    for allowance in allowances:
        taxable[allowance.vat_category, allowance.vat_rate].append(-allowance.amount)
    rows = [draw(_breakdown(rate, total(parts))) for rate, parts in taxable.items()]
    return tuple(draw(st.permutations(rows)))


@st.composite
def _breakdown(draw, rate: Rate, taxable: Decimal) -> VatBreakdown:
    category, percent = rate
    row = VatBreakdown(
        taxable_amount=taxable, tax_amount=Decimal("0.00"), category=category, rate=percent
    )
    if percent:
        tax = cents(EXACT.multiply(taxable, percent).scaleb(-2, context=EXACT))
        # BR-CO-17 lets the tax amount differ by less than 1.
        tolerance = draw(st.just(Decimal()) | decimals(Decimal("-0.98"), Decimal("0.98"), 2))
        return replace(row, tax_amount=EXACT.add(tax, tolerance))
    if category not in codes.EXEMPTIONS:
        return row
    code = codes.EXEMPTIONS[category]
    reason, code = draw(st.tuples(TEXTS, maybe(code)) | st.tuples(st.none(), code))
    return replace(row, exemption_reason=reason, exemption_reason_code=code)


@st.composite
def totals(
    draw,
    lines: tuple[Line, ...],
    allowances: tuple[AllowanceCharge, ...],
    charges: tuple[AllowanceCharge, ...],
    breakdown: tuple[VatBreakdown, ...],
    *,
    foreign: bool,
) -> Totals:
    """The totals of the document: what is given for all, and what is left to pay."""
    line_net = total(line.net_amount for line in lines)
    less, more = (total(part.amount for part in parts) for parts in (allowances, charges))
    without_vat = EXACT.add(EXACT.subtract(line_net, less), more)
    vat = total(row.tax_amount for row in breakdown)
    with_vat = EXACT.add(without_vat, vat)
    paid = draw(maybe(amounts() | st.just(with_vat)))
    rounding = draw(maybe(amounts(1)))
    due = EXACT.add(EXACT.subtract(with_vat, paid or Decimal()), rounding or Decimal())
    return Totals(
        line_net=line_net,
        allowances=less if allowances else draw(maybe(st.just(less))),
        charges=more if charges else draw(maybe(st.just(more))),
        without_vat=without_vat,
        vat=vat,
        vat_in_accounting_currency=draw(amounts()) if foreign else None,
        with_vat=with_vat,
        paid=paid,
        rounding=rounding,
        due=due,
    )
