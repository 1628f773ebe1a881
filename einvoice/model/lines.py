"""Invoice lines (BG-25) and what they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from einvoice.model.values import Identifier, Struct


class Period(Struct, frozen=True):
    """A period of supply (BG-14, BG-26)."""

    start: date | None = None
    end: date | None = None


class LineAllowanceCharge(Struct, frozen=True):
    """An allowance (BG-27) or a charge (BG-28) of a line; amounts in BT-5, without VAT."""

    amount: Decimal | None = None
    base_amount: Decimal | None = None
    percentage: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None  #: UNTDID 5189 (allowance) or 7161 (charge)


class Price(Struct, frozen=True):
    """Price of an item (BG-29), in BT-5 without VAT, per base quantity."""

    net: Decimal | None = None  #: BT-146
    discount: Decimal | None = None  #: BT-147; a discount of zero is no discount
    gross: Decimal | None = None  #: BT-148
    base_quantity: Decimal | None = None  #: BT-149
    base_quantity_unit: str | None = None  #: BT-150, UN/ECE Recommendation 20 and 21


class LineVat(Struct, frozen=True):
    """VAT of a line (BG-30)."""

    category: str | None = None  #: BT-151, UNTDID 5305 subset
    rate: Decimal | None = None  #: BT-152, percent


class ItemAttribute(Struct, frozen=True):
    """A property of an item (BG-32)."""

    name: str | None = None  #: BT-160
    value: str | None = None  #: BT-161


class Item(Struct, frozen=True):
    """The goods or service of a line (BG-31)."""

    name: str | None = None  #: BT-153
    description: str | None = None  #: BT-154
    seller_identifier: str | None = None  #: BT-155
    buyer_identifier: str | None = None  #: BT-156
    standard_identifier: Identifier | None = None  #: BT-157
    classifications: tuple[Identifier, ...] = ()  #: BT-158
    country_of_origin: str | None = None  #: BT-159
    attributes: tuple[ItemAttribute, ...] = ()  #: BG-32


class Line(Struct, frozen=True):
    """A line of the invoice (BG-25)."""

    identifier: str | None = None  #: BT-126
    note: str | None = None  #: BT-127
    object_identifier: Identifier | None = None  #: BT-128
    quantity: Decimal | None = None  #: BT-129
    unit: str | None = None  #: BT-130, UN/ECE Recommendation 20 and 21
    net_amount: Decimal | None = None  #: BT-131, in BT-5
    order_line_reference: str | None = None  #: BT-132
    buyer_accounting_reference: str | None = None  #: BT-133
    period: Period | None = None  #: BG-26
    allowances: tuple[LineAllowanceCharge, ...] = ()  #: BG-27
    charges: tuple[LineAllowanceCharge, ...] = ()  #: BG-28
    price: Price = Price()  #: BG-29
    vat: LineVat = LineVat()  #: BG-30
    item: Item = Item()  #: BG-31
