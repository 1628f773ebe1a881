"""UBL 2.1: the mapping of Invoice and CreditNote.

Source: CEN/TS 16931-3-2 (syntax binding UBL) and the EN 16931 validation artefacts 1.3.16.
"""

from __future__ import annotations

from einvoice.bindings import ubl_extension, ubl_quirks
from einvoice.bindings.codecs import AMOUNT, BINARY, DECIMAL, ISO_DATE
from einvoice.bindings.table import Field, Group, Row, Table
from einvoice.bindings.ubl_parts import ADDRESS, CONTACT, PERIOD, VAT, VAT_NUMBER, identifier
from einvoice.model import Invoice

_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
INVOICE_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

_SELLER: list[Row] = [
    identifier("electronic_address", "cbc:EndpointID"),
    Field("trading_name", "cac:PartyName/cbc:Name"),
    Group("address", "cac:PostalAddress", ADDRESS),
    Field("vat_identifier", VAT_NUMBER),
    Field(
        "tax_registration",
        "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID!='VAT'][cac:TaxScheme/cbc:ID:='FC']/cbc:CompanyID",
    ),
    Field("name", "cac:PartyLegalEntity/cbc:RegistrationName"),
    identifier("legal_registration", "cac:PartyLegalEntity/cbc:CompanyID"),
    Field("additional_legal_information", "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    Group("contact", "cac:Contact", CONTACT),
]

_BUYER: list[Row] = [
    identifier("electronic_address", "cbc:EndpointID"),
    Field("trading_name", "cac:PartyName/cbc:Name"),
    Group("address", "cac:PostalAddress", ADDRESS),
    Field("vat_identifier", VAT_NUMBER),
    Field("name", "cac:PartyLegalEntity/cbc:RegistrationName"),
    identifier("legal_registration", "cac:PartyLegalEntity/cbc:CompanyID"),
    Group("contact", "cac:Contact", CONTACT),
]

_PAYEE: list[Row] = [
    Field("name", "cac:PartyName/cbc:Name"),
    identifier("legal_registration", "cac:PartyLegalEntity/cbc:CompanyID"),
]

_TAX_REPRESENTATIVE: list[Row] = [
    Field("name", "cac:PartyName/cbc:Name"),
    Group("address", "cac:PostalAddress", ADDRESS),
    Field("vat_identifier", VAT_NUMBER),
]

_ALLOWANCE_CHARGE: list[Row] = [
    Field("reason_code", "cbc:AllowanceChargeReasonCode"),
    Field("reason", "cbc:AllowanceChargeReason"),
    Field("percentage", "cbc:MultiplierFactorNumeric", DECIMAL),
    Field("amount", "cbc:Amount", AMOUNT),
    Field("base_amount", "cbc:BaseAmount", AMOUNT),
]

_DOCUMENT_ALLOWANCE_CHARGE: list[Row] = [
    *_ALLOWANCE_CHARGE,
    Field("vat_category", f"cac:TaxCategory{VAT}/cbc:ID"),
    Field("vat_rate", f"cac:TaxCategory{VAT}/cbc:Percent", DECIMAL),
    Field("exemption_reason_code", f"cac:TaxCategory{VAT}/cbc:TaxExemptionReasonCode"),
    Field("exemption_reason", f"cac:TaxCategory{VAT}/cbc:TaxExemptionReason"),
]

_TOTALS: list[Row] = [
    Field("line_net", "cbc:LineExtensionAmount", AMOUNT),
    Field("without_vat", "cbc:TaxExclusiveAmount", AMOUNT),
    Field("with_vat", "cbc:TaxInclusiveAmount", AMOUNT),
    Field("allowances", "cbc:AllowanceTotalAmount", AMOUNT),
    Field("charges", "cbc:ChargeTotalAmount", AMOUNT),
    Field("paid", "cbc:PrepaidAmount", AMOUNT),
    Field("rounding", "cbc:PayableRoundingAmount", AMOUNT),
    Field("due", "cbc:PayableAmount", AMOUNT),
]

_SUPPORTING_DOCUMENT: list[Row] = [
    Field("reference", "cbc:ID"),
    Field("description", "cbc:DocumentDescription"),
    Group(
        "attachment",
        "cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
        [
            Field("content", ".", BINARY),
            Field("mime_code", "@mimeCode"),
            Field("filename", "@filename"),
        ],
    ),
    Field("external_location", "cac:Attachment/cac:ExternalReference/cbc:URI"),
]

_ITEM: list[Row] = [
    Field("description", "cbc:Description"),
    Field("name", "cbc:Name"),
    Field("buyer_identifier", "cac:BuyersItemIdentification/cbc:ID"),
    Field("seller_identifier", "cac:SellersItemIdentification/cbc:ID"),
    identifier("standard_identifier", "cac:StandardItemIdentification/cbc:ID"),
    Field("country_of_origin", "cac:OriginCountry/cbc:IdentificationCode"),
    Group(
        "classifications",
        "cac:CommodityClassification+/cbc:ItemClassificationCode",
        [
            Field("value", "."),
            Field("scheme", "@listID"),
            Field("scheme_version", "@listVersionID"),
        ],
    ),
    Group(
        "attributes",
        "cac:AdditionalItemProperty+",
        [
            Field("name", "cbc:Name"),
            Field("value", "cbc:Value"),
            Field("code", "cbc:NameCode"),
            Field("measure", "cbc:ValueQuantity", DECIMAL),
            Field("measure_unit", "cbc:ValueQuantity/@unitCode"),
        ],
    ),
]

_DISCOUNT = "cac:AllowanceCharge[cbc:ChargeIndicator='false']"
_PRICE: list[Row] = [
    Field("net", "cbc:PriceAmount", AMOUNT),
    Field("base_quantity", "cbc:BaseQuantity", DECIMAL),
    Field("base_quantity_unit", "cbc:BaseQuantity/@unitCode"),
    Field("discount", f"{_DISCOUNT}/cbc:Amount", AMOUNT),
    Field("gross", f"{_DISCOUNT}/cbc:BaseAmount", AMOUNT),
    ubl_quirks.PRICE,
]


def _line(quantity: str, sub_line: str) -> list[Row]:
    return [
        Field("identifier", "cbc:ID"),
        Field("note", "cbc:Note"),
        Field("quantity", quantity, DECIMAL),
        Field("unit", f"{quantity}/@unitCode"),
        Field("net_amount", "cbc:LineExtensionAmount", AMOUNT),
        Field("buyer_accounting_reference", "cbc:AccountingCost"),
        Group("period", "cac:InvoicePeriod", PERIOD),
        Field("order_line_reference", "cac:OrderLineReference/cbc:LineID"),
        Group("allowances", "cac:AllowanceCharge[cbc:ChargeIndicator='false']+", _ALLOWANCE_CHARGE),
        Group("charges", "cac:AllowanceCharge[cbc:ChargeIndicator='true']+", _ALLOWANCE_CHARGE),
        Group("item", "cac:Item", _ITEM),
        Field("vat.category", f"cac:Item/cac:ClassifiedTaxCategory{VAT}/cbc:ID"),
        Field("vat.rate", f"cac:Item/cac:ClassifiedTaxCategory{VAT}/cbc:Percent", DECIMAL),
        Group("price", "cac:Price", _PRICE),
        *ubl_extension.line(sub_line),
    ]


_COMMON: list[Row] = [
    Field("process.specification", "cbc:CustomizationID"),
    Field("process.business_process", "cbc:ProfileID"),
    Field("number", "cbc:ID"),
    Field("issue_date", "cbc:IssueDate", ISO_DATE),
    ubl_quirks.NOTES,
    Field("tax_point_date", "cbc:TaxPointDate", ISO_DATE),
    Field("currency", "cbc:DocumentCurrencyCode"),
    Field("accounting_currency", "cbc:TaxCurrencyCode"),
    Field("buyer_accounting_reference", "cbc:AccountingCost"),
    Field("buyer_reference", "cbc:BuyerReference"),
    Group("delivery.period", "cac:InvoicePeriod", PERIOD),
    Field("tax_point_date_code", "cac:InvoicePeriod/cbc:DescriptionCode"),
    Field("purchase_order_reference", "cac:OrderReference/cbc:ID"),
    Field("sales_order_reference", "cac:OrderReference/cbc:SalesOrderID"),
    ubl_quirks.ORDER_PLACEHOLDER,
    Group(
        "preceding_invoices",
        "cac:BillingReference+/cac:InvoiceDocumentReference",
        [
            Field("number", "cbc:ID"),
            Field("issue_date", "cbc:IssueDate", ISO_DATE),
            Field("type_code", "cbc:DocumentTypeCode"),
        ],
    ),
    Field("despatch_advice_reference", "cac:DespatchDocumentReference/cbc:ID"),
    Field("receiving_advice_reference", "cac:ReceiptDocumentReference/cbc:ID"),
    Field("tender_or_lot_reference", "cac:OriginatorDocumentReference/cbc:ID"),
    Field("contract_reference", "cac:ContractDocumentReference/cbc:ID"),
    Group("supporting_documents", "cac:AdditionalDocumentReference+", _SUPPORTING_DOCUMENT),
    ubl_quirks.SELLER_IDENTIFIERS,
    Group("seller", "cac:AccountingSupplierParty/cac:Party", _SELLER, always=True),
    Group("buyer", "cac:AccountingCustomerParty/cac:Party", _BUYER, always=True),
    ubl_quirks.PAYEE_IDENTIFIERS,
    Group("payee", "cac:PayeeParty", _PAYEE),
    Group("tax_representative", "cac:TaxRepresentativeParty", _TAX_REPRESENTATIVE),
    Field("delivery.actual_date", "cac:Delivery/cbc:ActualDeliveryDate", ISO_DATE),
    identifier("delivery.location", "cac:Delivery/cac:DeliveryLocation/cbc:ID"),
    Group("delivery.address", "cac:Delivery/cac:DeliveryLocation/cac:Address", ADDRESS),
    Field("delivery.name", "cac:Delivery/cac:DeliveryParty/cac:PartyName/cbc:Name"),
    Group(
        "allowances",
        "cac:AllowanceCharge[cbc:ChargeIndicator='false']+",
        _DOCUMENT_ALLOWANCE_CHARGE,
    ),
    Group(
        "charges", "cac:AllowanceCharge[cbc:ChargeIndicator='true']+", _DOCUMENT_ALLOWANCE_CHARGE
    ),
    ubl_quirks.TAX_TOTALS,
    Group("totals", "cac:LegalMonetaryTotal", _TOTALS),
    *ubl_extension.HEADER,
]

INVOICE = Table(
    name="UBL Invoice",
    root="ubl:Invoice",
    schema="ubl-invoice-2.1",
    namespaces={"ubl": INVOICE_NAMESPACE, "cac": _CAC, "cbc": _CBC},
    struct=Invoice,
    currency="cbc:DocumentCurrencyCode",
    writes_currency=True,
    prepare=ubl_extension.prepare,
    rows=[
        *_COMMON,
        Field("type_code", "cbc:InvoiceTypeCode"),
        Field("extension.document_name", "cbc:InvoiceTypeCode/@name"),
        Field("due_date", "cbc:DueDate", ISO_DATE),
        Field("project_reference", "cac:ProjectReference/cbc:ID"),
        ubl_quirks.PAYMENT,
        ubl_extension.THIRD_PARTY_PAYMENTS,
        Group("lines", "cac:InvoiceLine+", _line("cbc:InvoicedQuantity", "cac:SubInvoiceLine")),
    ],
)

CREDIT_NOTE = Table(
    name="UBL CreditNote",
    root="cn:CreditNote",
    schema="ubl-creditnote-2.1",
    namespaces={"cn": CREDIT_NOTE_NAMESPACE, "cac": _CAC, "cbc": _CBC},
    struct=Invoice,
    currency="cbc:DocumentCurrencyCode",
    writes_currency=True,
    prepare=ubl_extension.prepare,
    rows=[
        *_COMMON,
        Field("type_code", "cbc:CreditNoteTypeCode"),
        Field("extension.document_name", "cbc:CreditNoteTypeCode/@name"),
        Field(
            "project_reference",
            "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='50']/cbc:ID",
        ),
        ubl_quirks.CREDIT_NOTE_PAYMENT,
        Group(
            "lines", "cac:CreditNoteLine+", _line("cbc:CreditedQuantity", "cac:SubCreditNoteLine")
        ),
    ],
)
