"""How the net amount of a line (BT-131) may come about: the ways that are right, and known slips.

By EN 16931 it is BT-129 x BT-146 / BT-149, with the charges (BG-28) and less the allowances
(BG-27) of the line. Prices and quantities are rounded before they are written, and programs count
with what they had before; the standard does not say when to round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from einvoice.amounts import decimals_of, format_decimal, round_half_up
from einvoice.model import AllowanceCharge, Line, LineAllowanceCharge

#: How far a computed amount may be off (PEPPOL-EN16931-R040 and R120; XRechnung for forints).
SLACK = Decimal("0.02")
SLACK_IN_HUF = Decimal("0.5")

_ZERO = Decimal()
_HUNDRED = Decimal(100)
_TOO_LARGE = Decimal(10) ** 30  # amounts of which nobody has to see the cents
_PRICE_DECIMALS = (2, 4)  # to which unit prices are rounded
_QUARTERS = 4
_MOST_TIMES = 10  # as many as were meant, beyond which another quantity explains nothing


class Calculation(msgspec.Struct, frozen=True, kw_only=True):
    """What the net amount of a line is computed from."""

    net: Decimal  #: BT-131 as declared
    quantity: Decimal  #: BT-129
    price: Decimal  #: BT-146
    base: Decimal  #: BT-149, 1 where it is absent
    gross: Decimal | None  #: BT-148
    discount: Decimal  #: BT-147
    charges: Decimal  #: of BG-28
    allowances: Decimal  #: of BG-27
    stated_total: Decimal  #: charges less allowances, where an extension states nothing but that
    rate: Decimal  #: BT-152, percent
    slack: Decimal

    @property
    def exact(self) -> Decimal:
        """What BT-131 is by EN 16931, before it is rounded."""
        return self.of(self.price) + self.charges - self.allowances

    def of(self, price: Decimal) -> Decimal:
        """The quantity at a price for the base quantity."""
        return self.quantity * price / self.base

    def fits(self, amount: Decimal, further: Decimal = _ZERO) -> bool:
        """Whether an amount is what is declared, but for what rounding does."""
        return abs(self.net - amount) <= self.slack + further


def calculation_of(line: Line, currency: str | None) -> Calculation | None:
    """The numbers of a line, None where one that is needed is absent."""
    price, base = line.price, line.price.base_quantity
    charges, allowances = sum_of(line.charges), sum_of(line.allowances)
    if line.net_amount is None or line.quantity is None or price.net is None or base == 0:
        return None
    if charges is None or allowances is None:
        return None
    alone = not (line.charges or line.allowances) and line.extension is not None
    stated = line.extension.allowance_charge_total if alone and line.extension else None
    return Calculation(
        net=line.net_amount,
        quantity=line.quantity,
        price=price.net,
        base=Decimal(1) if base is None else base,
        gross=price.gross,
        discount=price.discount or _ZERO,
        charges=charges,
        allowances=allowances,
        stated_total=stated or _ZERO,
        rate=line.vat.rate or _ZERO,
        slack=slack_of(currency),
    )


def sum_of(items: Iterable[LineAllowanceCharge | AllowanceCharge]) -> Decimal | None:
    """The sum of allowances or of charges, None where the amount of one is absent."""
    amounts = [item.amount for item in items]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, _ZERO) if len(known) == len(amounts) else None


def slack_of(currency: str | None) -> Decimal:
    """How far an amount in a currency may be off where rounding comes into it."""
    if currency == "HUF" or decimals_of(currency) == 0:
        return SLACK_IN_HUF
    return SLACK


def shown(amount: Decimal, currency: str | None) -> str:
    """An amount that we computed, in the decimals of its currency."""
    if abs(amount) >= _TOO_LARGE:
        return format_decimal(amount)
    return format_decimal(round_half_up(amount, decimals_of(currency)))


def is_right(line: Calculation) -> bool:
    """Whether one of the right ways gives the declared amount."""
    if line.fits(line.exact):
        return True
    blur = _blur(line)
    for extras in _extras(line):
        if line.fits(line.of(line.price) + extras, blur):
            return True
        if any(line.fits(amount + extras) for amount in _rounded_prices(line)):
            return True
    return False


def _extras(line: Calculation) -> Iterator[Decimal]:
    """What is added to quantity times price."""
    yield line.charges - line.allowances
    if line.allowances and abs(line.allowances - line.of(line.discount)) <= line.slack:
        yield line.charges  # the discount of the price, told once more as an allowance
    if line.stated_total:
        yield line.stated_total
        yield -line.stated_total


def _rounded_prices(line: Calculation) -> Iterator[Decimal]:
    """Quantity times price, where the price for one is rounded first.

    Or where BT-148 less BT-147 is taken, of which BT-146 is the rounded value.
    """
    prices = [line.price]
    before = None if line.gross is None else line.gross - line.discount
    if before is not None and abs(before - line.price) <= _lost(line.price):
        prices.append(before)
        yield line.of(before)
    for price in prices:
        one = price / line.base
        if abs(one) < _TOO_LARGE:
            yield from (line.quantity * round_half_up(one, places) for places in _PRICE_DECIMALS)


def _blur(line: Calculation) -> Decimal:
    """What the digits that price and quantity have lost may add up to.

    A whole price has lost none, nor has a quantity in quarters.
    """
    of_price = _ZERO if _is_whole(line.price) else _lost(line.price)
    of_quantity = _ZERO if _is_whole(line.quantity * _QUARTERS) else _lost(line.quantity)
    return abs(line.quantity / line.base) * of_price + abs(line.price / line.base) * of_quantity


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _lost(value: Decimal) -> Decimal:
    """Half a unit of the last digit, which is at least the second decimal."""
    exponent = value.as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return Decimal(5).scaleb(-places - 1)


def slip(line: Calculation) -> str | None:
    """What somebody did who came to the declared amount, None if that is not to be seen."""
    exact = line.exact
    for amount, what in _slips(line):
        if amount != exact and line.fits(amount):
            return what
    return _as_if(line)


def _slips(line: Calculation) -> Iterator[tuple[Decimal, str]]:
    amount, extras = line.of(line.price), line.charges - line.allowances
    yield -line.exact, "it has the opposite sign"
    yield line.quantity * line.price + extras, "it leaves out the base quantity BT-149"
    if line.gross is not None:
        yield line.of(line.gross) + extras, "it takes the gross price BT-148, not the net price"
        once = line.of(line.gross) - line.discount + extras
        yield once, "it takes off the price discount BT-147 once, not per unit"
    yield amount + line.charges, "it leaves out the allowances of the line (BG-27)"
    yield amount - line.allowances, "it leaves out the charges of the line (BG-28)"
    yield amount, "it leaves out allowances and charges of the line (BG-27, BG-28)"
    yield amount + line.charges + line.allowances, "it adds the allowances of the line (BG-27)"
    yield line.price + extras, "it leaves out the quantity BT-129"
    yield line.exact * (1 + line.rate / _HUNDRED), "it includes VAT"
    if line.rate > 0:
        yield line.exact / (1 + line.rate / _HUNDRED), "VAT is taken out of a price without VAT"
    for factor in (10, 100, 1000):
        yield line.exact * factor, f"it is {factor} times too large"
        yield line.exact / factor, f"it is {factor} times too small"


def _as_if(line: Calculation) -> str | None:
    """A whole quantity, not far from the declared one, that would give the declared amount."""
    if line.price == 0 or not _is_whole(line.quantity):
        return None
    quantity = (line.net - line.charges + line.allowances) * line.base / line.price
    if quantity <= 0 or not _is_whole(quantity) or quantity > abs(line.quantity) * _MOST_TIMES:
        return None
    return f"it fits a quantity of {format_decimal(quantity.to_integral_value())}"
