"""UN/CEFACT Cross Industry Invoice (D16B to D22B): the mapping.

Source: CEN/TS 16931-3-3 (syntax binding CII) and the EN 16931 validation artefacts 1.3.16.
"""

from __future__ import annotations

from einvoice.bindings import cii_extension, cii_quirks
from einvoice.bindings.cii_parts import (
    ADDRESS,
    ALLOWANCE,
    CHARGE,
    CONTACT,
    DAY,
    DISCOUNT,
    PERIOD,
    VAT,
    VAT_NUMBER,
    formatted_date,
    identifier,
)
from einvoice.bindings.cii_quirks import identifier_of
from einvoice.bindings.codecs import AMOUNT, BINARY, DATE_102, DECIMAL, SUBJECT
from einvoice.bindings.table import Field, Group, Row, Table, under
from einvoice.model import Invoice

NAMESPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_STANDARD = "urn:un:unece:uncefact:data:standard"

_PARTY: list[Row] = [
    Field("name", "ram:Name"),
    identifier("legal_registration", "ram:SpecifiedLegalOrganization/ram:ID"),
    Field("trading_name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    Group("contact", "ram:DefinedTradeContact", CONTACT),
    Group("address", "ram:PostalTradeAddress", ADDRESS),
    identifier("electronic_address", "ram:URIUniversalCommunication/ram:URIID"),
    Field("vat_identifier", VAT_NUMBER),
]

_SELLER: list[Row] = [
    *_PARTY,
    cii_quirks.SELLER_IDENTIFIERS,
    Field("additional_legal_information", "ram:Description"),
    Field("tax_registration", "ram:SpecifiedTaxRegistration[ram:ID/@schemeID='FC']/ram:ID"),
]

_AGREEMENT: list[Row] = [
    Field("buyer_reference", "ram:BuyerReference"),
    Group("seller", "ram:SellerTradeParty", _SELLER),
    Group("buyer", "ram:BuyerTradeParty", _PARTY),
    Group(
        "tax_representative",
        "ram:SellerTaxRepresentativeTradeParty",
        [
            Field("name", "ram:Name"),
            Group("address", "ram:PostalTradeAddress", ADDRESS),
            Field("vat_identifier", VAT_NUMBER),
        ],
    ),
    Field("sales_order_reference", "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"),
    Field("purchase_order_reference", "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
    Field("contract_reference", "ram:ContractReferencedDocument/ram:IssuerAssignedID"),
    Field(
        "tender_or_lot_reference",
        "ram:AdditionalReferencedDocument[ram:TypeCode='50']/ram:IssuerAssignedID",
    ),
    Group(
        "supporting_documents",
        "ram:AdditionalReferencedDocument[ram:TypeCode='916']+",
        [
            Field("reference", "ram:IssuerAssignedID"),
            Field("external_location", "ram:URIID"),
            Field("description", "ram:Name"),
            Group(
                "attachment",
                "ram:AttachmentBinaryObject",
                [
                    Field("content", ".", BINARY),
                    Field("mime_code", "@mimeCode"),
                    Field("filename", "@filename"),
                ],
            ),
        ],
    ),
    Field(
        "project_reference", "ram:SpecifiedProcuringProject[ram:Name:='Project reference']/ram:ID"
    ),
]

_DELIVERY: list[Row] = [
    Field("name", "ram:ShipToTradeParty/ram:Name"),
    identifier_of("location", "ram:ShipToTradeParty"),
    Group("address", "ram:ShipToTradeParty/ram:PostalTradeAddress", ADDRESS),
    Field(
        "actual_date", f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{DAY}", DATE_102
    ),
]

ALLOWANCE_CHARGE: list[Row] = [
    Field("percentage", "ram:CalculationPercent", DECIMAL),
    Field("base_amount", "ram:BasisAmount", AMOUNT),
    Field("amount", "ram:ActualAmount", AMOUNT),
    Field("reason_code", "ram:ReasonCode"),
    Field("reason", "ram:Reason"),
]

_DOCUMENT_ALLOWANCE_CHARGE: list[Row] = [
    *ALLOWANCE_CHARGE,
    Field("vat_category", f"ram:CategoryTradeTax{VAT}/ram:CategoryCode"),
    Field("vat_rate", f"ram:CategoryTradeTax{VAT}/ram:RateApplicablePercent", DECIMAL),
    Field("exemption_reason", f"ram:CategoryTradeTax{VAT}/ram:ExemptionReason"),
    Field("exemption_reason_code", f"ram:CategoryTradeTax{VAT}/ram:ExemptionReasonCode"),
]

_SUMMATION = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_SETTLEMENT: list[Row] = [
    Field("payment.direct_debit.creditor_identifier", "ram:CreditorReferenceID"),
    Field("payment.remittance_information", "ram:PaymentReference"),
    Field("accounting_currency", "ram:TaxCurrencyCode"),
    Field("currency", "ram:InvoiceCurrencyCode"),
    Group(
        "payee",
        "ram:PayeeTradeParty",
        [
            identifier_of("identifier"),
            Field("name", "ram:Name"),
            identifier("legal_registration", "ram:SpecifiedLegalOrganization/ram:ID"),
        ],
    ),
    cii_quirks.PAYMENT,
    cii_quirks.TAXES,
    Group("delivery.period", "ram:BillingSpecifiedPeriod", PERIOD),
    Group("allowances", ALLOWANCE, _DOCUMENT_ALLOWANCE_CHARGE),
    Group("charges", CHARGE, _DOCUMENT_ALLOWANCE_CHARGE),
    cii_quirks.TAX_TOTALS,
    *under(
        _SUMMATION,
        Field("totals.line_net", "ram:LineTotalAmount", AMOUNT),
        Field("totals.charges", "ram:ChargeTotalAmount", AMOUNT),
        Field("totals.allowances", "ram:AllowanceTotalAmount", AMOUNT),
        Field("totals.without_vat", "ram:TaxBasisTotalAmount", AMOUNT),
        Field("totals.rounding", "ram:RoundingAmount", AMOUNT),
        Field("totals.with_vat", "ram:GrandTotalAmount", AMOUNT),
        Field("totals.paid", "ram:TotalPrepaidAmount", AMOUNT),
        Field("totals.due", "ram:DuePayableAmount", AMOUNT),
    ),
    Group(
        "preceding_invoices",
        "ram:InvoiceReferencedDocument+",
        [
            Field("number", "ram:IssuerAssignedID"),
            Field("type_code", "ram:TypeCode"),
            formatted_date("issue_date", ""),
        ],
    ),
    Field("buyer_accounting_reference", "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
]

PRODUCT: list[Row] = [
    identifier("standard_identifier", "ram:GlobalID"),
    Field("seller_identifier", "ram:SellerAssignedID"),
    Field("buyer_identifier", "ram:BuyerAssignedID"),
    Field("name", "ram:Name"),
    Field("description", "ram:Description"),
    Group(
        "attributes",
        "ram:ApplicableProductCharacteristic+",
        [
            Field("name", "ram:Description"),
            Field("value", "ram:Value"),
            Field("code", "ram:TypeCode"),
            Field("measure", "ram:ValueMeasure", DECIMAL),
            Field("measure_unit", "ram:ValueMeasure/@unitCode"),
        ],
    ),
    Group(
        "classifications",
        "ram:DesignatedProductClassification+/ram:ClassCode",
        [
            Field("value", "."),
            Field("scheme", "@listID"),
            Field("scheme_version", "@listVersionID"),
        ],
    ),
    Field("country_of_origin", "ram:OriginTradeCountry/ram:ID"),
]

_PRICE: list[Row] = [
    *under(
        "ram:GrossPriceProductTradePrice",
        Field("gross", "ram:ChargeAmount", AMOUNT),
        Field("base_quantity", "ram:BasisQuantity", DECIMAL, role="echo"),
        Field("base_quantity_unit", "ram:BasisQuantity/@unitCode", role="echo"),
        Field("discount", f"{DISCOUNT}/ram:ActualAmount", AMOUNT),
    ),
    *under(
        "ram:NetPriceProductTradePrice",
        Field("net", "ram:ChargeAmount", AMOUNT),
        Field("base_quantity", "ram:BasisQuantity", DECIMAL),
        Field("base_quantity_unit", "ram:BasisQuantity/@unitCode"),
    ),
    cii_quirks.PRICE,
]

_LINE_SETTLEMENT: list[Row] = [
    Field("vat.category", f"ram:ApplicableTradeTax{VAT}/ram:CategoryCode"),
    Field("vat.rate", f"ram:ApplicableTradeTax{VAT}/ram:RateApplicablePercent", DECIMAL),
    Group("period", "ram:BillingSpecifiedPeriod", PERIOD),
    Group("allowances", ALLOWANCE, ALLOWANCE_CHARGE),
    Group("charges", CHARGE, ALLOWANCE_CHARGE),
    Field(
        "net_amount",
        "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        AMOUNT,
    ),
    Field("buyer_accounting_reference", "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
]

_LINE: list[Row] = [
    Field("identifier", "ram:AssociatedDocumentLineDocument/ram:LineID"),
    Field("note", "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
    Group("item", "ram:SpecifiedTradeProduct", PRODUCT),
    Field(
        "order_line_reference",
        "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID",
    ),
    Group("price", "ram:SpecifiedLineTradeAgreement", _PRICE),
    Field("quantity", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", DECIMAL),
    Field("unit", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode"),
    *under("ram:SpecifiedLineTradeSettlement", *_LINE_SETTLEMENT),
    *cii_extension.LINE,
]

_CONTEXT = "rsm:ExchangedDocumentContext"
_DOCUMENT = "rsm:ExchangedDocument"
_TRANSACTION = "rsm:SupplyChainTradeTransaction"

INVOICE = Table(
    name="CII",
    root="rsm:CrossIndustryInvoice",
    schema="cii-d22b",
    namespaces={
        "rsm": NAMESPACE,
        "ram": f"{_STANDARD}:ReusableAggregateBusinessInformationEntity:100",
        "qdt": f"{_STANDARD}:QualifiedDataType:100",
        "udt": f"{_STANDARD}:UnqualifiedDataType:100",
    },
    struct=Invoice,
    currency=f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement/ram:InvoiceCurrencyCode",
    writes_currency=False,
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
        Group(
            "notes",
            f"{_DOCUMENT}/ram:IncludedNote+",
            [
                Field("text", "ram:Content"),
                Field("subject_code", "ram:SubjectCode", SUBJECT),
                Field("content_code", "ram:ContentCode"),
            ],
        ),
        Group("lines", f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem+", _LINE),
        *under(_CONTEXT, cii_extension.CONTEXT),
        *under(_DOCUMENT, *cii_extension.DOCUMENT),
        *under(
            f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement",
            *_AGREEMENT,
            *cii_extension.AGREEMENT,
        ),
        Group(
            "delivery", f"{_TRANSACTION}/ram:ApplicableHeaderTradeDelivery", _DELIVERY, always=True
        ),
        *under(
            f"{_TRANSACTION}/ram:ApplicableHeaderTradeDelivery",
            Field(
                "despatch_advice_reference",
                "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID",
            ),
            Field(
                "receiving_advice_reference",
                "ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID",
            ),
            *cii_extension.DELIVERY,
        ),
        *under(
            f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement",
            *_SETTLEMENT,
            *cii_extension.SETTLEMENT,
        ),
    ],
)
