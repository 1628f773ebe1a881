"""UN/CEFACT Cross Industry Invoice (D16B to D22B): the mapping.

Source: CEN/TS 16931-3-3 (syntax binding CII) and the EN 16931 validation artefacts 1.3.16.
"""

from __future__ import annotations

from einvoice.bindings import cii_quirks
from einvoice.bindings.cii_quirks import identifier_of
from einvoice.bindings.codecs import AMOUNT, BINARY, DATE_102, DECIMAL
from einvoice.bindings.table import Field, Group, Row, Table, under
from einvoice.model import Invoice

NAMESPACE = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_STANDARD = "urn:un:unece:uncefact:data:standard"

_DAY = "udt:DateTimeString[@format='102']"
_VAT = "[ram:TypeCode:='VAT']"
_ALLOWANCE = "ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']+"
_CHARGE = "ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='true']+"

_ADDRESS: list[Row] = [
    Field("post_code", "ram:PostcodeCode"),
    Field("line_1", "ram:LineOne"),
    Field("line_2", "ram:LineTwo"),
    Field("line_3", "ram:LineThree"),
    Field("city", "ram:CityName"),
    Field("country", "ram:CountryID"),
    Field("subdivision", "ram:CountrySubDivisionName"),
]

_CONTACT: list[Row] = [
    Field("point", "ram:PersonName"),
    Field("point", "ram:DepartmentName", role="fallback"),
    Field("telephone", "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
    Field("email", "ram:EmailURIUniversalCommunication/ram:URIID"),
]

_PERIOD: list[Row] = [
    Field("start", f"ram:StartDateTime/{_DAY}", DATE_102),
    Field("end", f"ram:EndDateTime/{_DAY}", DATE_102),
]


def _identifier(name: str, path: str) -> Group:
    return Group(name, path, [Field("value", "."), Field("scheme", "@schemeID")])


_PARTY: list[Row] = [
    Field("name", "ram:Name"),
    _identifier("legal_registration", "ram:SpecifiedLegalOrganization/ram:ID"),
    Field("trading_name", "ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
    Group("contact", "ram:DefinedTradeContact", _CONTACT),
    Group("address", "ram:PostalTradeAddress", _ADDRESS),
    _identifier("electronic_address", "ram:URIUniversalCommunication/ram:URIID"),
    Field("vat_identifier", "ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA']/ram:ID"),
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
    Group("buyer", "ram:BuyerTradeParty", [*_PARTY, identifier_of("identifier")]),
    Group(
        "tax_representative",
        "ram:SellerTaxRepresentativeTradeParty",
        [
            Field("name", "ram:Name"),
            Group("address", "ram:PostalTradeAddress", _ADDRESS),
            Field("vat_identifier", "ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA']/ram:ID"),
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
        "invoiced_object",
        "ram:AdditionalReferencedDocument[ram:TypeCode='130']",
        [Field("value", "ram:IssuerAssignedID"), Field("scheme", "ram:ReferenceTypeCode")],
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
    Group("address", "ram:ShipToTradeParty/ram:PostalTradeAddress", _ADDRESS),
    Field(
        "actual_date", f"ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/{_DAY}", DATE_102
    ),
]

_ALLOWANCE_CHARGE: list[Row] = [
    Field("percentage", "ram:CalculationPercent", DECIMAL),
    Field("base_amount", "ram:BasisAmount", AMOUNT),
    Field("amount", "ram:ActualAmount", AMOUNT),
    Field("reason_code", "ram:ReasonCode"),
    Field("reason", "ram:Reason"),
]

_DOCUMENT_ALLOWANCE_CHARGE: list[Row] = [
    *_ALLOWANCE_CHARGE,
    Field("vat_category", f"ram:CategoryTradeTax{_VAT}/ram:CategoryCode"),
    Field("vat_rate", f"ram:CategoryTradeTax{_VAT}/ram:RateApplicablePercent", DECIMAL),
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
            _identifier("legal_registration", "ram:SpecifiedLegalOrganization/ram:ID"),
        ],
    ),
    cii_quirks.PAYMENT,
    cii_quirks.TAXES,
    Group("delivery.period", "ram:BillingSpecifiedPeriod", _PERIOD),
    Group("allowances", _ALLOWANCE, _DOCUMENT_ALLOWANCE_CHARGE),
    Group("charges", _CHARGE, _DOCUMENT_ALLOWANCE_CHARGE),
    Field("payment_terms", "ram:SpecifiedTradePaymentTerms/ram:Description"),
    Field("due_date", f"ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/{_DAY}", DATE_102),
    Field(
        "payment.direct_debit.mandate_reference",
        "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID",
    ),
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
            Field(
                "issue_date",
                "ram:FormattedIssueDateTime/qdt:DateTimeString[@format='102']",
                DATE_102,
            ),
        ],
    ),
    Field("buyer_accounting_reference", "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
]

_PRODUCT: list[Row] = [
    _identifier("standard_identifier", "ram:GlobalID"),
    Field("seller_identifier", "ram:SellerAssignedID"),
    Field("buyer_identifier", "ram:BuyerAssignedID"),
    Field("name", "ram:Name"),
    Field("description", "ram:Description"),
    Group(
        "attributes",
        "ram:ApplicableProductCharacteristic+",
        [Field("name", "ram:Description"), Field("value", "ram:Value")],
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

_DISCOUNT = "ram:AppliedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']"
_PRICE: list[Row] = [
    *under(
        "ram:GrossPriceProductTradePrice",
        Field("gross", "ram:ChargeAmount", AMOUNT),
        Field("base_quantity", "ram:BasisQuantity", DECIMAL, role="echo"),
        Field("base_quantity_unit", "ram:BasisQuantity/@unitCode", role="echo"),
        Field("discount", f"{_DISCOUNT}/ram:ActualAmount", AMOUNT),
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
    Field("vat.category", f"ram:ApplicableTradeTax{_VAT}/ram:CategoryCode"),
    Field("vat.rate", f"ram:ApplicableTradeTax{_VAT}/ram:RateApplicablePercent", DECIMAL),
    Group("period", "ram:BillingSpecifiedPeriod", _PERIOD),
    Group("allowances", _ALLOWANCE, _ALLOWANCE_CHARGE),
    Group("charges", _CHARGE, _ALLOWANCE_CHARGE),
    Field(
        "net_amount",
        "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        AMOUNT,
    ),
    Group(
        "object_identifier",
        "ram:AdditionalReferencedDocument[ram:TypeCode='130']",
        [Field("value", "ram:IssuerAssignedID"), Field("scheme", "ram:ReferenceTypeCode")],
    ),
    Field("buyer_accounting_reference", "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"),
]

_LINE: list[Row] = [
    Field("identifier", "ram:AssociatedDocumentLineDocument/ram:LineID"),
    Field("note", "ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
    Group("item", "ram:SpecifiedTradeProduct", _PRODUCT),
    Field(
        "order_line_reference",
        "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID",
    ),
    Group("price", "ram:SpecifiedLineTradeAgreement", _PRICE),
    Field("quantity", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", DECIMAL),
    Field("unit", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode"),
    *under("ram:SpecifiedLineTradeSettlement", *_LINE_SETTLEMENT),
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
        Field("issue_date", f"{_DOCUMENT}/ram:IssueDateTime/{_DAY}", DATE_102),
        Group(
            "notes",
            f"{_DOCUMENT}/ram:IncludedNote+",
            [Field("text", "ram:Content"), Field("subject_code", "ram:SubjectCode")],
        ),
        Group("lines", f"{_TRANSACTION}/ram:IncludedSupplyChainTradeLineItem+", _LINE),
        *under(f"{_TRANSACTION}/ram:ApplicableHeaderTradeAgreement", *_AGREEMENT),
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
        ),
        *under(f"{_TRANSACTION}/ram:ApplicableHeaderTradeSettlement", *_SETTLEMENT),
    ],
)
