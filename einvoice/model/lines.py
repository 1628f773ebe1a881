"""Invoice lines (BG-25) and what they hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from einvoice.model.party import Address, Party
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
    code: str | None = None  #: EXT-FR-FE-159, UNTDID 6313; of extensions
    measure: Decimal | None = None  #: of extensions: a value that has a unit
    measure_unit: str | None = None  #: UN/ECE Recommendation 20 and 21


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
    extension: LineExtension | None = None


class LineReference(Struct, frozen=True):
    """A reference to a document or to a line of it."""

    number: str | None = None
    line: str | None = None
    issue_date: date | None = None


class LineInvoiceReference(LineReference, frozen=True):
    """A reference to an earlier invoice or to a line of it."""

    type_code: str | None = None  #: EXT-FR-FE-137, UNTDID 1001


class LineDelivery(Struct, frozen=True):
    """Where and when a line was delivered."""

    name: str | None = None
    location: Identifier | None = None  #: EXT-FR-FE-146
    actual_date: date | None = None  #: EXT-FR-FE-158
    address: Address | None = None


class LineDocument(Struct, frozen=True):
    """A document that belongs to a line (Factur-X EXTENDED)."""

    reference: str | None = None
    line: str | None = None
    name: str | None = None
    reference_type: str | None = None  #: UNTDID 1153


class IncludedItem(Struct, frozen=True):
    """A part of the item of a line (Factur-X EXTENDED)."""

    name: str | None = None
    description: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    seller_identifier: str | None = None
    buyer_identifier: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None  #: UN/ECE Recommendation 20 and 21


class LineExtension(Struct, frozen=True):
    """The content of extensions of a line; see `extension` for their names."""

    parent: str | None = None  #: EXT-FR-FE-162, BT-126 of the line that this one is a part of
    subtype: str | None = None  #: EXT-FR-FE-163: DETAIL, GROUP or INFORMATION
    status_code: str | None = None
    note_subject_code: str | None = None  #: of BT-127, UNTDID 4451
    seller: Party | None = None
    delivery: LineDelivery | None = None
    delivery_terms_code: str | None = None  #: Incoterms, UNTDID 4053
    delivery_terms_location: str | None = None
    purchase_order_reference: str | None = None
    purchase_order_date: date | None = None
    sales_order: LineReference | None = None
    despatch_advice: LineReference | None = None
    receiving_advice: LineReference | None = None
    delivery_note: LineReference | None = None
    contract: LineReference | None = None
    preceding_invoices: tuple[LineInvoiceReference, ...] = ()  #: EXT-FR-FE-136 to 138
    documents: tuple[LineDocument, ...] = ()
    further_objects: tuple[Identifier, ...] = ()  #: BT-128 after the first
    exemption_reason: str | None = None
    exemption_reason_code: str | None = None  #: VATEX
    tax_point_date_code: str | None = None  #: UNTDID 2005 (3, 35, 432)
    vat_amount: Decimal | None = None  #: EXT-FR-FE-181, in BT-5
    gross_amount: Decimal | None = None  #: EXT-FR-FE-184, in BT-5, with VAT
    allowance_charge_total: Decimal | None = None  #: in BT-5
    package_quantity: Decimal | None = None
    package_unit: str | None = None
    per_package_quantity: Decimal | None = None
    price_discount_reason: str | None = None
    price_discount_reason_code: str | None = None  #: UNTDID 5189
    included_items: tuple[IncludedItem, ...] = ()
    sub_lines: tuple[Line, ...] = ()  #: BG-DEX-01: they explain the line and count in no total
