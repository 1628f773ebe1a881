"""ZUGFeRD 1.0 (BASIC, COMFORT, EXTENDED): the mapping. It is read and never written.

Source: the schema ZUGFeRD1p0.xsd, and the examples of the Forum elektronische Rechnung Deutschland.
It is older than EN 16931 and a draft of CII D16B: what the two have in common is taken from there.
"""

from __future__ import annotations

from einvoice.bindings import cii, cii_extension, cii_quirks
from einvoice.bindings.cii_parts import (
    ALLOWANCE,
    CHARGE,
    CONTACT,
    DAY,
    VAT,
    VAT_NUMBER,
)
from einvoice.bindings.cii_quirks import SELLER_IDENTIFIERS, identifier_of
from einvoice.bindings.codecs import AMOUNT, DATE_102, DECIMAL
from einvoice.bindings.table import Field, Group, Row, Table, join, under
from einvoice.bindings.zugferd1_quirks import (
    DATE_OR_TIME,
    DISCOUNTS,
    FREIGHT,
    LINE_NOTES,
    LINES,
    NOTE_ROWS,
    PAYMENT,
    PAYMENT_TERMS,
    PERIOD,
    TAX_CATEGORY,
)
from einvoice.model import Invoice

NAMESPACE = "urn:ferd:CrossIndustryDocument:invoice:1p0"
_STANDARD = "urn:un:unece:uncefact:data:standard"

_TAX_NUMBER = "ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC']/ram:ID"


def _document(path: str, number: str, day: str, line: str | None = None) -> list[Row]:
    """A reference to a document, perhaps to a line of it, by the names of its terms."""
    rows: list[Row] = [
        Field(number, join(path, "ram:ID")),
        Field(day, join(path, "ram:IssueDateTime"), DATE_OR_TIME),
    ]
    return [*rows, Field(line, join(path, "ram:LineID"))] if line else rows


def _line_document(path: str, name: str) -> list[Row]:
    """What a line says of a document, as the model repeats it."""
    return _document(path, f"{name}.number", f"{name}.issue_date", f"{name}.line")


def _other_document(code: str) -> str:
    """Further documents are told apart by a code of UNTDID 1153."""
    return f"ram:AdditionalReferencedDocument[ram:TypeCode='{code}']"


_SALES_ORDER = _other_document("VN")
_PRECEDING = _other_document("OI")

_ADDRESS: list[Row] = [
    Field("post_code", "ram:PostcodeCode"),
    Field("line_1", "ram:LineOne"),
    Field("line_2", "ram:LineTwo"),
    Field("city", "ram:CityName"),
    Field("country", "ram:CountryID"),
]

_DETAILS: list[Row] = [
    Group("contact", "ram:DefinedTradeContact", CONTACT),
    Group("address", "ram:PostalTradeAddress", _ADDRESS),
    Field("vat_identifier", VAT_NUMBER),
]
_BUYER: list[Row] = [Field("name", "ram:Name"), *_DETAILS]
_PARTY: list[Row] = [*_BUYER, SELLER_IDENTIFIERS]
_SELLER: list[Row] = [*_PARTY, Field("tax_registration", _TAX_NUMBER)]

_AGREEMENT: list[Row] = [
    Field("buyer_reference", "ram:BuyerReference"),
    Group("seller", "ram:SellerTradeParty", _SELLER),
    Group("buyer", "ram:BuyerTradeParty", _BUYER),
    cii_extension.BUYER_IDENTIFIERS,
    Field("extension.buyer_tax_registration", f"ram:BuyerTradeParty/{_TAX_NUMBER}"),
    Field("extension.delivery_terms.code", "ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode"),
    *_document(
        "ram:BuyerOrderReferencedDocument",
        "purchase_order_reference",
        "extension.purchase_order_date",
    ),
    *_document(
        "ram:ContractReferencedDocument",
        "contract_reference",
        "extension.contract_date",
    ),
    Field("extension.contract_type", "ram:ContractReferencedDocument/ram:TypeCode"),
    *_document(_SALES_ORDER, "sales_order_reference", "extension.sales_order_date"),
    Group("preceding_invoices", f"{_PRECEDING}+", _document("", "number", "issue_date")),
    Group(
        "supporting_documents",
        "ram:AdditionalReferencedDocument+",
        [Field("reference", "ram:ID")],
    ),
]

_DELIVERED: list[Row] = [
    Field("name", "ram:ShipToTradeParty/ram:Name"),
    identifier_of("location", "ram:ShipToTradeParty"),
    Group("address", "ram:ShipToTradeParty/ram:PostalTradeAddress", _ADDRESS),
    Field(
        "actual_date", f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DAY}", DATE_102
    ),
]

_DELIVERY: list[Row] = [
    Group("delivery", ".", _DELIVERED),
    Group("extension.ship_from", "ram:ShipFromTradeParty", _PARTY),
    Group("extension.ultimate_ship_to", "ram:UltimateShipToTradeParty", _PARTY),
    *_document(
        "ram:DespatchAdviceReferencedDocument",
        "despatch_advice_reference",
        "extension.despatch_advice_date",
    ),
    *_document(
        "ram:ReceivingAdviceReferencedDocument",
        "receiving_advice_reference",
        "extension.receiving_advice_date",
    ),
    *_document(
        "ram:DeliveryNoteReferencedDocument",
        "extension.delivery_note.number",
        "extension.delivery_note.issue_date",
    ),
]

_ALLOWANCE_CHARGE: list[Row] = [
    *cii.ALLOWANCE_CHARGE,
    Field("vat_category", f"ram:CategoryTradeTax{VAT}/ram:CategoryCode", TAX_CATEGORY),
    Field("vat_rate", f"ram:CategoryTradeTax{VAT}/ram:ApplicablePercent", DECIMAL),
    Field("exemption_reason", f"ram:CategoryTradeTax{VAT}/ram:ExemptionReason"),
]

_SETTLEMENT: list[Row] = [
    Field("payment.remittance_information", "ram:PaymentReference"),
    Field("currency", "ram:InvoiceCurrencyCode"),
    Group("extension.invoicee", "ram:InvoiceeTradeParty", _PARTY),
    Group(
        "payee",
        "ram:PayeeTradeParty",
        [identifier_of("identifier"), Field("name", "ram:Name")],
    ),
    Group("extension.payee", "ram:PayeeTradeParty", _DETAILS),
    PAYMENT,
    Group(
        "vat_breakdown",
        f"ram:ApplicableTradeTax{VAT}+",
        [
            Field("tax_amount", "ram:CalculatedAmount", AMOUNT),
            Field("exemption_reason", "ram:ExemptionReason"),
            Field("taxable_amount", "ram:BasisAmount", AMOUNT),
            Field("category", "ram:CategoryCode", TAX_CATEGORY),
            Field("rate", "ram:ApplicablePercent", DECIMAL),
        ],
    ),
    Group("delivery.period", "ram:BillingSpecifiedPeriod", PERIOD),
    Group("allowances", ALLOWANCE, _ALLOWANCE_CHARGE),
    Group("charges", CHARGE, _ALLOWANCE_CHARGE),
    FREIGHT,
    PAYMENT_TERMS,
    *under(
        "ram:SpecifiedTradeSettlementMonetarySummation",
        Field("totals.line_net", "ram:LineTotalAmount", AMOUNT),
        Field("totals.charges", "ram:ChargeTotalAmount", AMOUNT),
        Field("totals.allowances", "ram:AllowanceTotalAmount", AMOUNT),
        Field("totals.without_vat", "ram:TaxBasisTotalAmount", AMOUNT),
        Field("totals.vat", "ram:TaxTotalAmount", AMOUNT),
        Field("totals.with_vat", "ram:GrandTotalAmount", AMOUNT),
        Field("totals.paid", "ram:TotalPrepaidAmount", AMOUNT),
        Field("totals.due", "ram:DuePayableAmount", AMOUNT),
    ),
    Field("buyer_accounting_reference", "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
    Field(
        "buyer_accounting_reference", "ram:SpecifiedTradeAccountingAccount/ram:ID", role="fallback"
    ),
]

_PRICE: list[Row] = [
    *under(
        "ram:GrossPriceProductTradePrice",
        Field("gross", "ram:ChargeAmount", AMOUNT),
        Field("base_quantity", "ram:BasisQuantity", DECIMAL, role="fallback"),
        Field("base_quantity_unit", "ram:BasisQuantity/@unitCode", role="fallback"),
    ),
    *under(
        "ram:NetPriceProductTradePrice",
        Field("net", "ram:ChargeAmount", AMOUNT),
        Field("base_quantity", "ram:BasisQuantity", DECIMAL),
        Field("base_quantity_unit", "ram:BasisQuantity/@unitCode"),
    ),
    cii_quirks.PRICE,
]

_LINE_AGREEMENT: list[Row] = [
    *_document(
        "ram:BuyerOrderReferencedDocument",
        "extension.purchase_order_reference",
        "extension.purchase_order_date",
        "order_line_reference",
    ),
    *_line_document("ram:ContractReferencedDocument", "extension.contract"),
    *_line_document(_SALES_ORDER, "extension.sales_order"),
    Group(
        "extension.preceding_invoices",
        f"{_PRECEDING}+",
        _document("", "number", "issue_date", "line"),
    ),
    Group(
        "extension.documents",
        "ram:AdditionalReferencedDocument+",
        [
            Field("reference", "ram:ID"),
            Field("line", "ram:LineID"),
            Field("reference_type", "ram:TypeCode"),
        ],
    ),
    Field("extension.delivery_terms_code", "ram:ApplicableTradeDeliveryTerms/ram:DeliveryTypeCode"),
    Group("price", ".", _PRICE),
]

_LINE_DELIVERY: list[Row] = [
    Field("quantity", "ram:BilledQuantity", DECIMAL),
    Field("unit", "ram:BilledQuantity/@unitCode"),
    Field("extension.package_quantity", "ram:PackageQuantity", DECIMAL),
    Field("extension.package_unit", "ram:PackageQuantity/@unitCode"),
    Group("extension.delivery", ".", _DELIVERED),
    *_line_document("ram:DespatchAdviceReferencedDocument", "extension.despatch_advice"),
    *_line_document("ram:ReceivingAdviceReferencedDocument", "extension.receiving_advice"),
    *_line_document("ram:DeliveryNoteReferencedDocument", "extension.delivery_note"),
]

_LINE_SETTLEMENT: list[Row] = [
    *under(
        f"ram:ApplicableTradeTax{VAT}",
        Field("vat.category", "ram:CategoryCode", TAX_CATEGORY),
        Field("vat.rate", "ram:ApplicablePercent", DECIMAL),
        Field("extension.exemption_reason", "ram:ExemptionReason"),
    ),
    Group("period", "ram:BillingSpecifiedPeriod", PERIOD),
    Group("allowances", ALLOWANCE, cii.ALLOWANCE_CHARGE),
    Group("charges", CHARGE, cii.ALLOWANCE_CHARGE),
    *under(
        "ram:SpecifiedTradeSettlementMonetarySummation",
        Field("net_amount", "ram:LineTotalAmount", AMOUNT),
        Field("extension.vat_amount", "ram:TaxTotalAmount", AMOUNT),
        Field("extension.gross_amount", "ram:GrandTotalAmount", AMOUNT),
        Field("extension.allowance_charge_total", "ram:TotalAllowanceChargeAmount", AMOUNT),
    ),
    Field("buyer_accounting_reference", "ram:SpecifiedTradeAccountingAccount/ram:ID"),
    Field(
        "buyer_accounting_reference",
        "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
        role="fallback",
    ),
]

_LINE: list[Row] = [
    Field("identifier", "ram:AssociatedDocumentLineDocument/ram:LineID"),
    Group("item", "ram:SpecifiedTradeProduct", cii.PRODUCT),
    Group(
        "extension.included_items",
        "ram:SpecifiedTradeProduct/ram:IncludedReferencedProduct+",
        cii_extension.INCLUDED,
    ),
    DISCOUNTS,
    *under("ram:SpecifiedSupplyChainTradeAgreement", *_LINE_AGREEMENT),
    *under("ram:SpecifiedSupplyChainTradeDelivery", *_LINE_DELIVERY),
    *under("ram:SpecifiedSupplyChainTradeSettlement", *_LINE_SETTLEMENT),
    LINE_NOTES,
]

_CONTEXT = "rsm:SpecifiedExchangedDocumentContext"
_DOCUMENT = "rsm:HeaderExchangedDocument"
_TRANSACTION = "rsm:SpecifiedSupplyChainTradeTransaction"

INVOICE = Table(
    name="ZUGFeRD 1.0",
    root="rsm:CrossIndustryDocument",
    schema="zugferd-1.0",
    namespaces={
        "rsm": NAMESPACE,
        "ram": f"{_STANDARD}:ReusableAggregateBusinessInformationEntity:12",
        "udt": f"{_STANDARD}:UnqualifiedDataType:15",
    },
    struct=Invoice,
    currency=f"{_TRANSACTION}/ram:ApplicableSupplyChainTradeSettlement/ram:InvoiceCurrencyCode",
    writes_currency=True,
    rows=[
        Field(
            "process.business_process",
            f"{_CONTEXT}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
        ),
        Field(
            "process.specification",
            f"{_CONTEXT}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
        ),
        Field("number", f"{_DOCUMENT}/ram:ID"),
        Field("type_code", f"{_DOCUMENT}/ram:TypeCode"),
        Field("issue_date", f"{_DOCUMENT}/ram:IssueDateTime/{DAY}", DATE_102),
        Group("notes", f"{_DOCUMENT}/ram:IncludedNote+", NOTE_ROWS),
        *under(_CONTEXT, cii_extension.CONTEXT),
        *under(_DOCUMENT, *cii_extension.DOCUMENT),
        Group("lines", f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem+", _LINE),
        *under(f"{_TRANSACTION}/ram:ApplicableSupplyChainTradeAgreement", *_AGREEMENT),
        *under(f"{_TRANSACTION}/ram:ApplicableSupplyChainTradeDelivery", *_DELIVERY),
        *under(f"{_TRANSACTION}/ram:ApplicableSupplyChainTradeSettlement", *_SETTLEMENT),
        LINES,
    ],
)
