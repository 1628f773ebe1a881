"""UBL: the rows of what extensions add to EN 16931.

Source: what EXTENDED-CTC-FR for UBL allows beyond EN 16931, and the XRechnung extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from einvoice.bindings.codecs import AMOUNT, BOOLEAN, DECIMAL, ISO_DATE
from einvoice.bindings.quirks import (
    Parts,
    TermsParts,
    binds_of_payment_terms,
    first_and_further,
    payment_terms_of,
    read_payment_terms,
)
from einvoice.bindings.reader import Frame, Reading
from einvoice.bindings.table import Again, Field, Gather, Group, Quirk, Row, bound_rows
from einvoice.bindings.ubl_parts import ADDRESS, CONTACT, IDENTIFIER, VAT, VAT_NUMBER, identifier
from einvoice.model import Identifier, Invoice, Line
from einvoice.model.lines import LineInvoiceReference

#: What UBL wants as line of an order that is referred to as a whole.
NO_LINE = "NA"

_DETAILS: list[Row] = [
    identifier("electronic_address", "cbc:EndpointID"),
    Field("role_code", "cbc:IndustryClassificationCode"),
    Group("address", "cac:PostalAddress", ADDRESS),
    Field("vat_identifier", VAT_NUMBER),
    Field("additional_legal_information", "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    Group("contact", "cac:Contact", CONTACT),
]

_PARTY: list[Row] = [
    *_DETAILS,
    Group("identifiers", "cac:PartyIdentification+/cbc:ID", IDENTIFIER),
    Field("trading_name", "cac:PartyName/cbc:Name"),
    Field("name", "cac:PartyLegalEntity/cbc:RegistrationName"),
    identifier("legal_registration", "cac:PartyLegalEntity/cbc:CompanyID"),
]

#: Of the payer, who stands with the payment means.
PAYER = Group("payer", "cac:PaymentMandate/cac:PayerParty", _PARTY)
PAYER_TERMS = tuple(bound_rows([PAYER], "extension."))


def _gather(path: str) -> Callable[[str, Parts], list[Gather]]:
    def gathers(key: str, parts: Parts) -> list[Gather]:
        return [Gather(key, path, IDENTIFIER, Identifier, parts)]

    return gathers


_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"

BUYER_IDENTIFIERS = first_and_further(
    "buyer.identifier",
    "extension.further_buyer_identifiers",
    _gather(f"{_BUYER}/cac:PartyIdentification+/cbc:ID"),
)
INVOICED_OBJECTS = first_and_further(
    "invoiced_object",
    "extension.further_invoiced_objects",
    _gather("cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']+/cbc:ID"),
)
LINE_OBJECTS = first_and_further(
    "object_identifier",
    "extension.further_objects",
    _gather("cac:DocumentReference[cbc:DocumentTypeCode:='130']+/cbc:ID"),
)

_TERMS_ROWS: list[Row] = [
    Field("description", "cbc:Note"),
    Field("due_date", "cbc:InstallmentDueDate", ISO_DATE),
    Field("partial_amount", "cbc:Amount", AMOUNT),
    Field("discount.percentage", "cbc:SettlementDiscountPercent", DECIMAL),
    Field("discount.amount", "cbc:SettlementDiscountAmount", AMOUNT),
    Field("discount.basis_date", "cac:SettlementPeriod/cbc:StartDate", ISO_DATE),
    Field("discount.period", "cac:SettlementPeriod/cbc:DurationMeasure", DECIMAL),
    Field("discount.period_unit", "cac:SettlementPeriod/cbc:DurationMeasure/@unitCode"),
    Field("penalty.percentage", "cbc:PenaltySurchargePercent", DECIMAL),
    Field("penalty.amount", "cbc:PenaltyAmount", AMOUNT),
    Field("penalty.basis_date", "cac:PenaltyPeriod/cbc:StartDate", ISO_DATE),
    Field("penalty.period", "cac:PenaltyPeriod/cbc:DurationMeasure", DECIMAL),
    Field("penalty.period_unit", "cac:PenaltyPeriod/cbc:DurationMeasure/@unitCode"),
]


def _read_terms(frame: Frame, key: str, reading: Reading) -> None:
    """BT-20, and what extensions know beside it."""
    read_payment_terms(frame, frame.take("@terms"), reading)


def _terms_parts(invoice: Invoice) -> Iterator[TermsParts]:
    """BT-9 has an element of its own, so the first payment terms do not repeat it."""
    for number, terms in enumerate(payment_terms_of(invoice)):
        yield terms if number else replace(terms, due_date=None)


PAYMENT_TERMS = Quirk(
    _read_terms,
    [Gather("@terms", "cac:PaymentTerms+", _TERMS_ROWS, TermsParts, _terms_parts)],
    binds=(
        "payment_terms",
        *binds_of_payment_terms(*(row.name for row in _TERMS_ROWS if isinstance(row, Field))),
    ),
)


class _Reference(LineInvoiceReference, frozen=True, kw_only=True):
    """A reference of a line to an invoice; to its own, with the subtype of the line."""

    subtype: str | None = None


_REFERENCE_ROWS: list[Row] = [
    Field("number", "cac:InvoiceDocumentReference/cbc:ID"),
    Field("issue_date", "cac:InvoiceDocumentReference/cbc:IssueDate", ISO_DATE),
    Field("type_code", "cac:InvoiceDocumentReference/cbc:DocumentTypeCode"),
    Field("subtype", "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"),
    Field("line", "cac:BillingReferenceLine/cbc:ID"),
]


def _keep_references(frame: Frame, key: str, reading: Reading) -> None:
    """They are read with the whole document, whose number tells its own lines from others'."""


def _reference_parts(line: Line) -> Iterator[_Reference]:
    for reference in line.extension.preceding_invoices if line.extension else ():
        if isinstance(reference, _Reference):
            yield reference
        else:
            yield _Reference(**msgspec.structs.asdict(reference))


_LINE_REFERENCES = Quirk(
    _keep_references,
    [Gather("@references", "cac:BillingReference+", _REFERENCE_ROWS, _Reference, _reference_parts)],
    binds=(
        "extension.parent",
        "extension.subtype",
        *(f"extension.preceding_invoices[].{n}" for n in ("number", "line", "issue_date")),
        "extension.preceding_invoices[].type_code",
    ),
)


def _read_references(frame: Frame, key: str, reading: Reading) -> None:
    """EXT-FR-FE-162 and 163: a line refers to its own invoice to name parent line and subtype."""
    for line in frame.repeated.get("lines", ()):
        _read_references_of(line, frame.get("number"), reading)


def _read_references_of(line: Frame, number: str | None, reading: Reading) -> None:
    others = []
    for part in line.take("@references"):
        if number is None or part.get("number") != number:
            others.append(part)
            continue
        reading.tells.append(part.values["number"])
        for name, term in (("subtype", "extension.subtype"), ("line", "extension.parent")):
            if name in part.values:
                reading.offer(line, term, part.values[name])
    if others:
        line.repeated["extension.preceding_invoices"] = others
    for inner in line.repeated.get("extension.sub_lines", ()):
        _read_references_of(inner, number, reading)


LINE_REFERENCES = Quirk(_read_references)


def prepare(invoice: Invoice) -> Invoice:
    """The invoice with the references of its lines to itself (EXT-FR-FE-162 and 163)."""
    if not any(line.extension for line in invoice.lines):
        return invoice
    lines = tuple(_referring(line, invoice.number) for line in invoice.lines)
    return replace(invoice, lines=lines)


def _referring(line: Line, number: str | None) -> Line:
    if (extension := line.extension) is None:
        return line
    sub_lines = tuple(_referring(inner, number) for inner in extension.sub_lines)
    extension = replace(extension, sub_lines=sub_lines)
    if extension.subtype is None and extension.parent is None:
        return replace(line, extension=extension)
    own = _Reference(number=number, line=extension.parent, subtype=extension.subtype)
    references = (own, *extension.preceding_invoices)
    return replace(line, extension=replace(extension, preceding_invoices=references))


def _drop_line_placeholder(frame: Frame, key: str, reading: Reading) -> None:
    """BT-132: a mere placeholder where a line refers to an order and UBL wants a line of it."""
    line = frame.values.get("order_line_reference")
    refers = any(name in frame.values for name in _OF_ORDER)
    if line is not None and line[0] == NO_LINE and refers:
        del frame.values["order_line_reference"]
        reading.leave_value(line, "a placeholder for an absent line of the order")


_OF_ORDER = (
    "extension.purchase_order_reference",
    "extension.purchase_order_date",
    "extension.sales_order.line",
)
LINE_PLACEHOLDER = Quirk(_drop_line_placeholder)

HEADER: list[Row] = [
    Field("extension.copy", "cbc:CopyIndicator", BOOLEAN),
    Field("extension.purchase_order_date", "cac:OrderReference/cbc:IssueDate", ISO_DATE),
    Field(
        "extension.despatch_advice_date", "cac:DespatchDocumentReference/cbc:IssueDate", ISO_DATE
    ),
    Field(
        "extension.receiving_advice_date", "cac:ReceiptDocumentReference/cbc:IssueDate", ISO_DATE
    ),
    Field("extension.contract_date", "cac:ContractDocumentReference/cbc:IssueDate", ISO_DATE),
    Field("extension.contract_type", "cac:ContractDocumentReference/cbc:DocumentType"),
    BUYER_IDENTIFIERS,
    INVOICED_OBJECTS,
    Field(
        "extension.buyer_tax_registration",
        f"{_BUYER}/cac:PartyTaxScheme[cac:TaxScheme/cbc:ID!='VAT']"
        "[cac:TaxScheme/cbc:ID:='FC']/cbc:CompanyID",
    ),
    Group("extension.sales_agent", f"{_SELLER}/cac:AgentParty", _PARTY),
    Group("extension.invoicer", f"{_SELLER}/cac:ServiceProviderParty/cac:Party", _PARTY),
    Group("extension.buyer_agent", f"{_BUYER}/cac:AgentParty", _PARTY),
    Group("extension.invoicee", f"{_BUYER}/cac:ServiceProviderParty/cac:Party", _PARTY),
    Group("extension.ship_from", "cac:Delivery/cac:Despatch/cac:DespatchParty", _PARTY),
    Group("extension.payee", "cac:PayeeParty", _DETAILS),
    Field("extension.delivery_terms.code", "cac:DeliveryTerms/cbc:ID"),
    Field("extension.delivery_terms.location", "cac:DeliveryTerms/cac:DeliveryLocation/cbc:Name"),
    Group(
        "extension.exchange",
        "cac:TaxExchangeRate",
        [
            Field("source", "cbc:SourceCurrencyCode"),
            Field("target", "cbc:TargetCurrencyCode"),
            Field("rate", "cbc:CalculationRate", DECIMAL),
            Field("day", "cbc:Date", ISO_DATE),
        ],
    ),
    PAYMENT_TERMS,
    LINE_REFERENCES,
]

#: BG-DEX-09; only an invoice has them, not a credit note.
THIRD_PARTY_PAYMENTS = Group(
    "extension.third_party_payments",
    "cac:PrepaidPayment+",
    [
        Field("kind", "cbc:ID"),
        Field("amount", "cbc:PaidAmount", AMOUNT),
        Field("description", "cbc:InstructionID"),
    ],
)


def _line_reference(name: str, path: str) -> Group:
    return Group(
        name,
        path,
        [
            Field("line", "cbc:LineID"),
            Field("number", "cac:DocumentReference/cbc:ID"),
            Field("issue_date", "cac:DocumentReference/cbc:IssueDate", ISO_DATE),
        ],
    )


_CATEGORY = f"cac:Item/cac:ClassifiedTaxCategory{VAT}"
_ORDER = "cac:OrderLineReference/cac:OrderReference"
_PRICE_DISCOUNT = "cac:Price/cac:AllowanceCharge[cbc:ChargeIndicator='false']"


def line(sub_line: str) -> list[Row]:
    """The rows of a line; `sub_line` is the element of lines within it."""
    return [
        LINE_OBJECTS,
        LINE_PLACEHOLDER,
        _LINE_REFERENCES,
        Group("extension.seller", "cac:Item/cac:ManufacturerParty", _PARTY),
        Group(
            "extension.delivery",
            "cac:Delivery",
            [
                Field("actual_date", "cbc:ActualDeliveryDate", ISO_DATE),
                identifier("location", "cac:DeliveryLocation/cbc:ID"),
                Group("address", "cac:DeliveryLocation/cac:Address", ADDRESS),
                Field("name", "cac:DeliveryParty/cac:PartyName/cbc:Name"),
            ],
        ),
        Field("extension.delivery_terms_code", "cac:DeliveryTerms/cbc:ID"),
        Field(
            "extension.delivery_terms_location", "cac:DeliveryTerms/cac:DeliveryLocation/cbc:Name"
        ),
        Field("extension.purchase_order_reference", f"{_ORDER}/cbc:ID"),
        Field("extension.purchase_order_date", f"{_ORDER}/cbc:IssueDate", ISO_DATE),
        Field("extension.sales_order.line", "cac:OrderLineReference/cbc:SalesOrderLineID"),
        _line_reference("extension.despatch_advice", "cac:DespatchLineReference"),
        _line_reference("extension.receiving_advice", "cac:ReceiptLineReference"),
        Field("extension.exemption_reason_code", f"{_CATEGORY}/cbc:TaxExemptionReasonCode"),
        Field("extension.exemption_reason", f"{_CATEGORY}/cbc:TaxExemptionReason"),
        Field("extension.tax_point_date_code", "cac:InvoicePeriod/cbc:DescriptionCode"),
        Field("extension.vat_amount", "cac:TaxTotal/cbc:TaxAmount", AMOUNT),
        Field("extension.package_quantity", "cac:Item/cbc:PackQuantity", DECIMAL),
        Field("extension.package_unit", "cac:Item/cbc:PackQuantity/@unitCode"),
        Field("extension.per_package_quantity", "cac:Item/cbc:PackSizeNumeric", DECIMAL),
        Field(
            "extension.price_discount_reason_code",
            f"{_PRICE_DISCOUNT}/cbc:AllowanceChargeReasonCode",
        ),
        Field("extension.price_discount_reason", f"{_PRICE_DISCOUNT}/cbc:AllowanceChargeReason"),
        Again("extension.sub_lines", f"{sub_line}+"),
    ]
