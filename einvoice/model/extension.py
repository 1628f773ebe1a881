"""What EN 16931 has no term for and its extensions do: content of the whole document.

Sources: EXTENDED-CTC-FR (ids EXT-FR-FE-nn), Factur-X EXTENDED, the XRechnung extension (ids
BT-DEX-nnn). What an extension adds to a line is in `lines.LineExtension`; a single value that it
adds to a repeated group stands in that group.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from einvoice.model.party import Party, PartyDetails
from einvoice.model.values import Identifier, Struct


class DocumentReference(Struct, frozen=True):
    """A reference to another document, such as a delivery note."""

    number: str | None = None
    issue_date: date | None = None


class DeliveryTerms(Struct, frozen=True):
    """Terms of delivery."""

    code: str | None = None  #: Incoterms, UNTDID 4053
    location: str | None = None


class CurrencyExchange(Struct, frozen=True):
    """How amounts in BT-5 become amounts in BT-6."""

    source: str | None = None  #: ISO 4217
    target: str | None = None  #: ISO 4217
    rate: Decimal | None = None  #: BT-167, target for one of source
    day: date | None = None


class PaymentCondition(Struct, frozen=True):
    """A discount for early or a penalty for late payment."""

    basis_date: date | None = None
    period: Decimal | None = None
    period_unit: str | None = None  #: UN/ECE Recommendation 20, such as DAY
    basis_amount: Decimal | None = None  #: in BT-5
    percentage: Decimal | None = None
    amount: Decimal | None = None  #: in BT-5


class PaymentConditions(Struct, frozen=True):
    """What is agreed beside payment terms (BT-20) and due date (BT-9)."""

    partial_amount: Decimal | None = None  #: in BT-5
    discount: PaymentCondition | None = None
    penalty: PaymentCondition | None = None


class FurtherPaymentTerms(PaymentConditions, frozen=True):
    """Payment terms after the first ones, such as an instalment."""

    description: str | None = None
    due_date: date | None = None


class ThirdPartyPayment(Struct, frozen=True):
    """An amount that is collected for a third party (BG-DEX-09)."""

    kind: str | None = None  #: BT-DEX-001
    amount: Decimal | None = None  #: BT-DEX-002, in BT-5
    description: str | None = None  #: BT-DEX-003


class AdvanceTax(Struct, frozen=True):
    """VAT that was paid with an advance."""

    amount: Decimal | None = None  #: in BT-5
    category: str | None = None  #: UNTDID 5305 subset
    rate: Decimal | None = None  #: percent


class AdvancePayment(Struct, frozen=True):
    """An advance that was paid, and its invoice (Factur-X EXTENDED)."""

    amount: Decimal | None = None  #: in BT-5
    received: date | None = None
    taxes: tuple[AdvanceTax, ...] = ()
    invoice: DocumentReference | None = None
    invoice_type_code: str | None = None  #: UNTDID 1001


class Extension(Struct, frozen=True):
    """The content of extensions of the whole document."""

    document_name: str | None = None
    test: bool | None = None  #: whether it is a test and no invoice
    copy: bool | None = None  #: whether it is a copy of an invoice
    purchase_order_date: date | None = None
    sales_order_date: date | None = None
    despatch_advice_date: date | None = None
    receiving_advice_date: date | None = None
    project_name: str | None = None  #: of the project that BT-11 refers to
    contract_date: date | None = None
    contract_type: str | None = None
    delivery_note: DocumentReference | None = None
    further_invoiced_objects: tuple[Identifier, ...] = ()  #: BT-18 after the first
    further_buyer_identifiers: tuple[Identifier, ...] = ()  #: BT-46 after the first
    buyer_tax_registration: str | None = None
    sales_agent: Party | None = None
    buyer_agent: Party | None = None
    invoicer: Party | None = None
    invoicee: Party | None = None
    payer: Party | None = None
    payee: PartyDetails | None = None  #: what EN 16931 has no term for in BG-10
    ship_from: Party | None = None
    ultimate_ship_to: Party | None = None
    delivery_terms: DeliveryTerms | None = None
    exchange: CurrencyExchange | None = None
    payment_conditions: PaymentConditions | None = None  #: of the first payment terms
    further_payment_terms: tuple[FurtherPaymentTerms, ...] = ()
    third_party_payments: tuple[ThirdPartyPayment, ...] = ()
    advance_payments: tuple[AdvancePayment, ...] = ()
