"""One invoice that holds every term of EN 16931 once, each with a value of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from einvoice.model import (
    Address,
    AllowanceCharge,
    Attachment,
    Buyer,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    LineAllowanceCharge,
    LineVat,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    Process,
    Seller,
    SupportingDocument,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)


def address(place: str, country: str) -> Address:
    return Address(
        line_1=f"{place} line 1",
        line_2=f"{place} line 2",
        line_3=f"{place} line 3",
        city=f"{place} city",
        post_code=f"{place} code",
        subdivision=f"{place} region",
        country=country,
    )


def identifier(value: str, scheme: str, version: str | None = None) -> Identifier:
    return Identifier(value=value, scheme=scheme, scheme_version=version)


def contact(who: str) -> Contact:
    return Contact(point=f"{who} desk", telephone=f"{who} phone", email=f"{who}@example.eu")


def line_adjustment(kind: str, digit: str) -> LineAllowanceCharge:
    return LineAllowanceCharge(
        amount=Decimal(f"{digit}1.11"),
        base_amount=Decimal(f"{digit}22.22"),
        percentage=Decimal(f"{digit}.75"),
        reason=f"line {kind} reason",
        reason_code=f"L{kind}",
    )


def adjustment(kind: str, digit: str) -> AllowanceCharge:
    return AllowanceCharge(
        amount=Decimal(f"{digit}3.33"),
        base_amount=Decimal(f"{digit}44.44"),
        percentage=Decimal(f"{digit}.25"),
        vat_category="E",
        vat_rate=Decimal(f"{digit}.5"),
        reason=f"document {kind} reason",
        reason_code=f"D{kind}",
    )


LINE = Line(
    identifier="LINE-1",
    note="line note",
    object_identifier=identifier("OBJECT-LINE", "AAR"),
    quantity=Decimal("12.500"),
    unit="HUR",
    net_amount=Decimal("1234567.89"),
    order_line_reference="ORDER-LINE-7",
    buyer_accounting_reference="ACCOUNT-LINE",
    period=Period(start=date(2023, 1, 2), end=date(2023, 2, 3)),
    allowances=(line_adjustment("allowance", "5"),),
    charges=(line_adjustment("charge", "6"),),
    price=Price(
        net=Decimal("98.765432"),
        discount=Decimal("1.234567"),
        gross=Decimal("99.999999"),
        base_quantity=Decimal("17"),
        base_quantity_unit="KGM",
    ),
    vat=LineVat(category="S", rate=Decimal("19.6")),
    item=Item(
        name="item name",
        description="item description\nin two lines",
        seller_identifier="ITEM-SELLER",
        buyer_identifier="ITEM-BUYER",
        standard_identifier=identifier("ITEM-STANDARD", "0161"),
        classifications=(identifier("ITEM-CLASS", "STI", "19.05"),),
        country_of_origin="NO",
        attributes=(ItemAttribute(name="attribute name", value="attribute value"),),
    ),
)

FULL = Invoice(
    number="F-2024-0042",
    issue_date=date(2024, 1, 31),
    type_code="384",
    currency="EUR",
    accounting_currency="SEK",
    tax_point_date=date(2024, 1, 30),
    tax_point_date_code="35",
    due_date=date(2024, 3, 1),
    buyer_reference="BUYER-REF",
    project_reference="PROJECT",
    contract_reference="CONTRACT",
    purchase_order_reference="PURCHASE-ORDER",
    sales_order_reference="SALES-ORDER",
    receiving_advice_reference="RECEIVING",
    despatch_advice_reference="DESPATCH",
    tender_or_lot_reference="TENDER",
    invoiced_object=identifier("OBJECT", "ABZ"),
    buyer_accounting_reference="ACCOUNTING",
    payment_terms="payment terms",
    notes=(Note(subject_code="PMD", text="note with subject"), Note(text="note without subject")),
    process=Process(business_process="S1", specification="urn:cen.eu:en16931:2017"),
    preceding_invoices=(PrecedingInvoice(number="PRECEDING", issue_date=date(2022, 12, 24)),),
    seller=Seller(
        name="Seller name",
        trading_name="Seller trading",
        identifiers=(identifier("SELLER-ID", "0088"), Identifier(value="SELLER-ID-2")),
        legal_registration=identifier("SELLER-LEGAL", "0002"),
        vat_identifier="SELLER-VAT",
        tax_registration="SELLER-TAX",
        additional_legal_information="Seller legal information",
        electronic_address=identifier("SELLER-ENDPOINT", "9957"),
        address=address("Seller", "FR"),
        contact=contact("seller"),
    ),
    buyer=Buyer(
        name="Buyer name",
        trading_name="Buyer trading",
        identifier=identifier("BUYER-ID", "0060"),
        legal_registration=identifier("BUYER-LEGAL", "0204"),
        vat_identifier="BUYER-VAT",
        electronic_address=identifier("BUYER-ENDPOINT", "9930"),
        address=address("Buyer", "DE"),
        contact=contact("buyer"),
    ),
    payee=Payee(
        name="Payee name",
        identifier=identifier("PAYEE-ID", "0199"),
        legal_registration=identifier("PAYEE-LEGAL", "0009"),
    ),
    tax_representative=TaxRepresentative(
        name="Representative name",
        vat_identifier="REPRESENTATIVE-VAT",
        address=address("Representative", "BE"),
    ),
    delivery=Delivery(
        name="Delivery name",
        location=identifier("DELIVERY-LOCATION", "0106"),
        actual_date=date(2024, 1, 15),
        period=Period(start=date(2023, 11, 1), end=date(2023, 12, 2)),
        address=address("Delivery", "IT"),
    ),
    payment=PaymentInstructions(
        means_code="58",
        means_text="means text",
        remittance_information="REMITTANCE",
        credit_transfers=(
            CreditTransfer(
                account="FR7630006000011234567890189",
                account_name="Account name",
                provider="BICBIC",
            ),
        ),
        card=PaymentCard(number="1234", holder="Card holder"),
        direct_debit=DirectDebit(
            mandate_reference="MANDATE", creditor_identifier="CREDITOR", debited_account="DEBITED"
        ),
    ),
    allowances=(adjustment("allowance", "7"),),
    charges=(adjustment("charge", "8"),),
    totals=Totals(
        line_net=Decimal("1001.01"),
        allowances=Decimal("1002.02"),
        charges=Decimal("1003.03"),
        without_vat=Decimal("1004.04"),
        vat=Decimal("1005.05"),
        vat_in_accounting_currency=Decimal("1006.06"),
        with_vat=Decimal("1007.07"),
        paid=Decimal("1008.08"),
        rounding=Decimal("-0.09"),
        due=Decimal("1010.10"),
    ),
    vat_breakdown=(
        VatBreakdown(
            taxable_amount=Decimal("2001.01"),
            tax_amount=Decimal("2002.02"),
            category="AE",
            rate=Decimal("3.3"),
            exemption_reason="exemption reason",
            exemption_reason_code="VATEX-EU-AE",
        ),
    ),
    supporting_documents=(
        SupportingDocument(
            reference="DOCUMENT",
            description="document description",
            external_location="https://example.eu/" + "a" * 60,
            attachment=Attachment(
                content=b"content", mime_code="application/pdf", filename="document.pdf"
            ),
        ),
    ),
    lines=(LINE,),
)
