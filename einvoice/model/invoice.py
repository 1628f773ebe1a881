"""The canonical invoice: every business term and group of EN 16931-1, whatever the syntax."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from einvoice.model.extension import Extension
from einvoice.model.lines import Line, Period
from einvoice.model.party import Address, Buyer, Payee, Seller, TaxRepresentative
from einvoice.model.payment import PaymentInstructions
from einvoice.model.values import Attachment, Identifier, Struct


class Note(Struct, frozen=True):
    """A note (BG-1)."""

    subject_code: str | None = None  #: BT-21, UNTDID 4451
    text: str | None = None  #: BT-22
    content_code: str | None = None  #: of extensions: the text as a code


class Process(Struct, frozen=True):
    """Process control (BG-2)."""

    business_process: str | None = None  #: BT-23
    specification: str | None = None  #: BT-24


class PrecedingInvoice(Struct, frozen=True):
    """A reference to an earlier invoice (BG-3)."""

    number: str | None = None  #: BT-25
    issue_date: date | None = None  #: BT-26
    type_code: str | None = None  #: EXT-FR-FE-02, UNTDID 1001; of extensions


class Delivery(Struct, frozen=True):
    """Delivery (BG-13)."""

    name: str | None = None  #: BT-70
    location: Identifier | None = None  #: BT-71
    actual_date: date | None = None  #: BT-72
    period: Period | None = None  #: BG-14
    address: Address | None = None  #: BG-15


class AllowanceCharge(Struct, frozen=True):
    """An allowance (BG-20) or a charge (BG-21) of the document; amounts in BT-5, without VAT."""

    amount: Decimal | None = None
    base_amount: Decimal | None = None
    percentage: Decimal | None = None
    vat_category: str | None = None  #: UNTDID 5305 subset
    vat_rate: Decimal | None = None  #: percent
    reason: str | None = None
    reason_code: str | None = None  #: UNTDID 5189 (allowance) or 7161 (charge)
    exemption_reason: str | None = None  #: of extensions
    exemption_reason_code: str | None = None  #: of extensions, VATEX


class Totals(Struct, frozen=True):
    """Totals of the document (BG-22), in BT-5 except BT-111."""

    line_net: Decimal | None = None  #: BT-106
    allowances: Decimal | None = None  #: BT-107
    charges: Decimal | None = None  #: BT-108
    without_vat: Decimal | None = None  #: BT-109
    vat: Decimal | None = None  #: BT-110
    vat_in_accounting_currency: Decimal | None = None  #: BT-111, in BT-6
    with_vat: Decimal | None = None  #: BT-112
    paid: Decimal | None = None  #: BT-113
    rounding: Decimal | None = None  #: BT-114
    due: Decimal | None = None  #: BT-115


class VatBreakdown(Struct, frozen=True):
    """One VAT category and rate of the invoice (BG-23)."""

    taxable_amount: Decimal | None = None  #: BT-116, in BT-5
    tax_amount: Decimal | None = None  #: BT-117, in BT-5
    category: str | None = None  #: BT-118, UNTDID 5305 subset
    rate: Decimal | None = None  #: BT-119, percent
    exemption_reason: str | None = None  #: BT-120
    exemption_reason_code: str | None = None  #: BT-121, VATEX


class SupportingDocument(Struct, frozen=True):
    """A document that supports the invoice (BG-24)."""

    reference: str | None = None  #: BT-122
    description: str | None = None  #: BT-123
    external_location: str | None = None  #: BT-124
    attachment: Attachment | None = None  #: BT-125


class Invoice(Struct, frozen=True):
    """An invoice or credit note as EN 16931-1 sees it.

    Amounts are in BT-5 unless said otherwise, dates are calendar dates, `None` is absent and zero
    is a value.
    """

    number: str | None = None  #: BT-1
    issue_date: date | None = None  #: BT-2
    type_code: str | None = None  #: BT-3, UNTDID 1001
    currency: str | None = None  #: BT-5, ISO 4217
    accounting_currency: str | None = None  #: BT-6, ISO 4217
    tax_point_date: date | None = None  #: BT-7
    tax_point_date_code: str | None = None  #: BT-8, UNTDID 2005 (3, 35, 432)
    due_date: date | None = None  #: BT-9
    buyer_reference: str | None = None  #: BT-10
    project_reference: str | None = None  #: BT-11
    contract_reference: str | None = None  #: BT-12
    purchase_order_reference: str | None = None  #: BT-13
    sales_order_reference: str | None = None  #: BT-14
    receiving_advice_reference: str | None = None  #: BT-15
    despatch_advice_reference: str | None = None  #: BT-16
    tender_or_lot_reference: str | None = None  #: BT-17
    invoiced_object: Identifier | None = None  #: BT-18
    buyer_accounting_reference: str | None = None  #: BT-19
    payment_terms: str | None = None  #: BT-20
    notes: tuple[Note, ...] = ()  #: BG-1
    process: Process = Process()  #: BG-2
    preceding_invoices: tuple[PrecedingInvoice, ...] = ()  #: BG-3
    seller: Seller = Seller()  #: BG-4
    buyer: Buyer = Buyer()  #: BG-7
    payee: Payee | None = None  #: BG-10
    tax_representative: TaxRepresentative | None = None  #: BG-11
    delivery: Delivery | None = None  #: BG-13
    payment: PaymentInstructions | None = None  #: BG-16
    allowances: tuple[AllowanceCharge, ...] = ()  #: BG-20
    charges: tuple[AllowanceCharge, ...] = ()  #: BG-21
    totals: Totals = Totals()  #: BG-22
    vat_breakdown: tuple[VatBreakdown, ...] = ()  #: BG-23
    supporting_documents: tuple[SupportingDocument, ...] = ()  #: BG-24
    lines: tuple[Line, ...] = ()  #: BG-25
    extension: Extension | None = None
