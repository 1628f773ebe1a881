"""CII: the rows of what extensions add to EN 16931.

Source: Factur-X 1.09 EXTENDED, and what EXTENDED-CTC-FR for CII allows beyond EN 16931.
"""

from __future__ import annotations

from collections.abc import Iterable

from einvoice.bindings.cii_parts import (
    ADDRESS,
    CONTACT,
    DAY,
    DISCOUNT,
    IDENTIFIER,
    TAX_POINT_CODE,
    VAT,
    VAT_NUMBER,
    formatted_date,
    identifier,
    identifier_gathers,
)
from einvoice.bindings.cii_quirks import SELLER_IDENTIFIERS, identifier_of
from einvoice.bindings.codecs import AMOUNT, BOOLEAN, DATE_102, DECIMAL
from einvoice.bindings.quirks import (
    Parts,
    TermsParts,
    binds_of_payment_terms,
    first_and_further,
    payment_terms_of,
    read_payment_terms,
)
from einvoice.bindings.reader import Frame, Reading
from einvoice.bindings.table import Field, Gather, Group, Quirk, Row, under
from einvoice.model import AllowanceCharge, Identifier, Invoice

_DETAILS: list[Row] = [
    Field("role_code", "ram:RoleCode"),
    Field("additional_legal_information", "ram:Description"),
    Group("contact", "ram:DefinedTradeContact", CONTACT),
    Group("address", "ram:PostalTradeAddress", ADDRESS),
    identifier("electronic_address", "ram:URIUniversalCommunication/ram:URIID"),
    Field("vat_identifier", VAT_NUMBER),
]

_PARTY: list[Row] = [
    *_DETAILS,
    SELLER_IDENTIFIERS,
    Field("trading_name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    Field("name", "ram:Name"),
    identifier("legal_registration", "ram:SpecifiedLegalOrganization/ram:ID"),
]


_OBJECT: list[Row] = [
    Field("value", "ram:IssuerAssignedID"),
    Field("scheme", "ram:ReferenceTypeCode"),
]


def _objects(key: str, parts: Parts) -> list[Gather]:
    path = "ram:AdditionalReferencedDocument[ram:TypeCode='130']+"
    return [Gather(key, path, _OBJECT, Identifier, parts)]


BUYER_IDENTIFIERS = first_and_further(
    "buyer.identifier",
    "extension.further_buyer_identifiers",
    lambda key, parts: identifier_gathers(key, "ram:BuyerTradeParty", parts),
)
INVOICED_OBJECTS = first_and_further(
    "invoiced_object",
    "extension.further_invoiced_objects",
    _objects,
)
LINE_OBJECTS = first_and_further(
    "object_identifier",
    "extension.further_objects",
    _objects,
)


def _condition(name: str, path: str, amount: str) -> Group:
    return Group(
        name,
        path,
        [
            Field("basis_date", f"ram:BasisDateTime/{DAY}", DATE_102),
            Field("period", "ram:BasisPeriodMeasure", DECIMAL),
            Field("period_unit", "ram:BasisPeriodMeasure/@unitCode"),
            Field("basis_amount", "ram:BasisAmount", AMOUNT),
            Field("percentage", "ram:CalculationPercent", DECIMAL),
            Field("amount", f"ram:{amount}", AMOUNT),
        ],
    )


_TERMS_ROWS: list[Row] = [
    Field("description", "ram:Description"),
    Field("due_date", f"ram:DueDateDateTime/{DAY}", DATE_102),
    Field("mandate", "ram:DirectDebitMandateID"),
    Field("partial_amount", "ram:PartialPaymentAmount", AMOUNT),
    _condition("penalty", "ram:ApplicableTradePaymentPenaltyTerms", "ActualPenaltyAmount"),
    _condition("discount", "ram:ApplicableTradePaymentDiscountTerms", "ActualDiscountAmount"),
]
_CONDITION_TERMS = ("basis_date", "period", "period_unit", "basis_amount", "percentage", "amount")


def _read_terms(frame: Frame, key: str, reading: Reading) -> None:
    """BT-20, BT-9 and BT-89, and what extensions know beside them."""
    read_payment_terms(frame, frame.take("@terms"), reading)


PAYMENT_TERMS = Quirk(
    _read_terms,
    [
        Gather(
            "@terms", "ram:SpecifiedTradePaymentTerms+", _TERMS_ROWS, TermsParts, payment_terms_of
        )
    ],
    binds=(
        "payment_terms",
        "due_date",
        "payment.direct_debit.mandate_reference",
        *binds_of_payment_terms(
            "description",
            "due_date",
            "partial_amount",
            *(f"{group}.{name}" for group in ("penalty", "discount") for name in _CONDITION_TERMS),
        ),
    ),
)

_FREIGHT_ROWS: list[Row] = [
    Field("reason", "ram:Description"),
    Field("amount", "ram:AppliedAmount", AMOUNT),
    Field("vat_category", f"ram:AppliedTradeTax{VAT}/ram:CategoryCode"),
    Field("vat_rate", f"ram:AppliedTradeTax{VAT}/ram:RateApplicablePercent", DECIMAL),
]


def _read_freight(frame: Frame, key: str, reading: Reading) -> None:
    """A charge for logistics is a charge (BG-21): it is part of BT-108."""
    freight = frame.take("@freight")
    for part in freight:
        reading.move(part.element, "a charge for logistics is a document charge (BG-21)")
    if freight:
        frame.repeated.setdefault("charges", []).extend(freight)


def _no_freight(invoice: Invoice) -> Iterable[AllowanceCharge]:
    return ()


FREIGHT = Quirk(
    _read_freight,
    [
        Gather(
            "@freight",
            "ram:SpecifiedLogisticsServiceCharge+",
            _FREIGHT_ROWS,
            AllowanceCharge,
            _no_freight,
        )
    ],
)


def _document(name: str, path: str) -> list[Row]:
    """A reference to a document or to a line of it."""
    return [
        Field(f"{name}.number", f"{path}/ram:IssuerAssignedID"),
        Field(f"{name}.line", f"{path}/ram:LineID"),
        formatted_date(f"{name}.issue_date", path),
    ]


CONTEXT = Field("extension.test", "ram:TestIndicator/udt:Indicator", BOOLEAN)

DOCUMENT: list[Row] = [
    Field("extension.document_name", "ram:Name"),
    Field("extension.copy", "ram:CopyIndicator/udt:Indicator", BOOLEAN),
]

AGREEMENT: list[Row] = [
    BUYER_IDENTIFIERS,
    INVOICED_OBJECTS,
    Field(
        "extension.project_name",
        "ram:SpecifiedProcuringProject[ram:Name:='Project reference']/ram:Name",
    ),
    Field(
        "extension.buyer_tax_registration",
        "ram:BuyerTradeParty/ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC']/ram:ID",
    ),
    Group("extension.sales_agent", "ram:SalesAgentTradeParty", _PARTY),
    Group("extension.buyer_agent", "ram:BuyerAgentTradeParty", _PARTY),
    Field("extension.delivery_terms.code", "ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode"),
    Field(
        "extension.delivery_terms.location",
        "ram:ApplicableTradeDeliveryTerms/ram:RelevantTradeLocation/ram:Name",
    ),
    formatted_date("extension.sales_order_date", "ram:SellerOrderReferencedDocument"),
    formatted_date("extension.purchase_order_date", "ram:BuyerOrderReferencedDocument"),
    formatted_date("extension.contract_date", "ram:ContractReferencedDocument"),
    Field("extension.contract_type", "ram:ContractReferencedDocument/ram:ReferenceTypeCode"),
]

DELIVERY: list[Row] = [
    Group("extension.ship_from", "ram:ShipFromTradeParty", _PARTY),
    Group("extension.ultimate_ship_to", "ram:UltimateShipToTradeParty", _PARTY),
    formatted_date("extension.despatch_advice_date", "ram:DespatchAdviceReferencedDocument"),
    formatted_date("extension.receiving_advice_date", "ram:ReceivingAdviceReferencedDocument"),
    Field(
        "extension.delivery_note.number", "ram:DeliveryNoteReferencedDocument/ram:IssuerAssignedID"
    ),
    formatted_date("extension.delivery_note.issue_date", "ram:DeliveryNoteReferencedDocument"),
]

_ADVANCE_INVOICE = "ram:InvoiceSpecifiedReferencedDocument"

SETTLEMENT: list[Row] = [
    Group("extension.invoicer", "ram:InvoicerTradeParty", _PARTY),
    Group("extension.invoicee", "ram:InvoiceeTradeParty", _PARTY),
    Group("extension.payer", "ram:PayerTradeParty", _PARTY),
    Group("extension.payee", "ram:PayeeTradeParty", _DETAILS),
    Group(
        "extension.exchange",
        "ram:TaxApplicableTradeCurrencyExchange",
        [
            Field("source", "ram:SourceCurrencyCode"),
            Field("target", "ram:TargetCurrencyCode"),
            Field("rate", "ram:ConversionRate", DECIMAL),
            Field("day", f"ram:ConversionRateDateTime/{DAY}", DATE_102),
        ],
    ),
    PAYMENT_TERMS,
    FREIGHT,
    Group(
        "extension.advance_payments",
        "ram:SpecifiedAdvancePayment+",
        [
            Field("amount", "ram:PaidAmount", AMOUNT),
            Field(
                "received",
                "ram:FormattedReceivedDateTime/qdt:DateTimeString[@format='102']",
                DATE_102,
            ),
            Group(
                "taxes",
                f"ram:IncludedTradeTax{VAT}+",
                [
                    Field("amount", "ram:CalculatedAmount", AMOUNT),
                    Field("category", "ram:CategoryCode"),
                    Field("rate", "ram:RateApplicablePercent", DECIMAL),
                ],
            ),
            Field("invoice.number", f"{_ADVANCE_INVOICE}/ram:IssuerAssignedID"),
            formatted_date("invoice.issue_date", _ADVANCE_INVOICE),
            Field("invoice_type_code", f"{_ADVANCE_INVOICE}/ram:TypeCode"),
        ],
    ),
]

INCLUDED: list[Row] = [
    Group("identifiers", "ram:GlobalID+", IDENTIFIER),
    Field("seller_identifier", "ram:SellerAssignedID"),
    Field("buyer_identifier", "ram:BuyerAssignedID"),
    Field("name", "ram:Name"),
    Field("description", "ram:Description"),
    Field("quantity", "ram:UnitQuantity", DECIMAL),
    Field("unit", "ram:UnitQuantity/@unitCode"),
]

_LINE_AGREEMENT: list[Row] = [
    Group("extension.seller", "ram:ItemSellerTradeParty", _PARTY),
    Field("extension.delivery_terms_code", "ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode"),
    Field(
        "extension.delivery_terms_location",
        "ram:ApplicableTradeDeliveryTerms/ram:RelevantTradeLocation/ram:Name",
    ),
    Field(
        "extension.purchase_order_reference",
        "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
    ),
    formatted_date("extension.purchase_order_date", "ram:BuyerOrderReferencedDocument"),
    *_document("extension.sales_order", "ram:SellerOrderReferencedDocument"),
    *_document("extension.contract", "ram:ContractReferencedDocument"),
    Group(
        "extension.documents",
        "ram:AdditionalReferencedDocument[ram:TypeCode='916']+",
        [
            Field("reference", "ram:IssuerAssignedID"),
            Field("line", "ram:LineID"),
            Field("name", "ram:Name"),
            Field("reference_type", "ram:ReferenceTypeCode"),
        ],
    ),
    *under(
        f"ram:GrossPriceProductTradePrice/{DISCOUNT}",
        Field("extension.price_discount_reason_code", "ram:ReasonCode"),
        Field("extension.price_discount_reason", "ram:Reason"),
    ),
]

_LINE_DELIVERY: list[Row] = [
    Group(
        "extension.delivery",
        ".",
        [
            Field("name", "ram:ShipToTradeParty/ram:Name"),
            identifier_of("location", "ram:ShipToTradeParty"),
            Group("address", "ram:ShipToTradeParty/ram:PostalTradeAddress", ADDRESS),
            Field(
                "actual_date",
                f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DAY}",
                DATE_102,
            ),
        ],
    ),
    *_document("extension.despatch_advice", "ram:DespatchAdviceReferencedDocument"),
    *_document("extension.receiving_advice", "ram:ReceivingAdviceReferencedDocument"),
    *_document("extension.delivery_note", "ram:DeliveryNoteReferencedDocument"),
    Field("extension.package_quantity", "ram:PackageQuantity", DECIMAL),
    Field("extension.package_unit", "ram:PackageQuantity/@unitCode"),
    Field("extension.per_package_quantity", "ram:PerPackageUnitQuantity", DECIMAL),
]

_LINE_SETTLEMENT: list[Row] = [
    LINE_OBJECTS,
    *under(
        f"ram:ApplicableTradeTax{VAT}",
        Field("extension.exemption_reason", "ram:ExemptionReason"),
        Field("extension.exemption_reason_code", "ram:ExemptionReasonCode"),
        Field("extension.tax_point_date_code", "ram:DueDateTypeCode", TAX_POINT_CODE),
    ),
    *under(
        "ram:SpecifiedTradeSettlementLineMonetarySummation",
        Field("extension.vat_amount", "ram:TaxTotalAmount", AMOUNT),
        Field("extension.gross_amount", "ram:GrandTotalAmount", AMOUNT),
        Field("extension.allowance_charge_total", "ram:TotalAllowanceChargeAmount", AMOUNT),
    ),
    Group(
        "extension.preceding_invoices",
        "ram:InvoiceReferencedDocument+",
        [
            Field("number", "ram:IssuerAssignedID"),
            Field("line", "ram:LineID"),
            Field("type_code", "ram:TypeCode"),
            formatted_date("issue_date", ""),
        ],
    ),
]

LINE: list[Row] = [
    *under(
        "ram:AssociatedDocumentLineDocument",
        Field("extension.parent", "ram:ParentLineID"),
        Field("extension.status_code", "ram:LineStatusCode"),
        Field("extension.subtype", "ram:LineStatusReasonCode"),
        Field("extension.note_subject_code", "ram:IncludedNote/ram:SubjectCode"),
    ),
    Group(
        "extension.included_items",
        "ram:SpecifiedTradeProduct/ram:IncludedReferencedProduct+",
        INCLUDED,
    ),
    *under("ram:SpecifiedLineTradeAgreement", *_LINE_AGREEMENT),
    *under("ram:SpecifiedLineTradeDelivery", *_LINE_DELIVERY),
    *under("ram:SpecifiedLineTradeSettlement", *_LINE_SETTLEMENT),
]
