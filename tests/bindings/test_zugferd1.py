"""ZUGFeRD 1.0: read from XML and PDF, converted, never written.

`zugferd1.xml` is an EXTENDED invoice with every term that is bound, `zugferd1.json` its model.
"""

import csv
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import einvoice
from einvoice.bindings import ubl, zugferd1
from einvoice.bindings.table import bound_paths
from einvoice.errors import UsageError
from einvoice.findings import LossKind
from einvoice.formats.compare import differences
from einvoice.model import (
    Address,
    AllowanceCharge,
    Buyer,
    Contact,
    CreditTransfer,
    Delivery,
    Extension,
    Identifier,
    Invoice,
    Item,
    Line,
    LineVat,
    Note,
    PaymentInstructions,
    Period,
    Price,
    Process,
    Seller,
    Totals,
    VatBreakdown,
)
from tests.pdf.pdf_examples import hybrid_of

SHARED = Path(os.environ.get("EINVOICE_SHARED", Path(__file__).parents[3] / "shared"))
HERE = Path(__file__).parent
FULL = (HERE / "zugferd1.xml").read_bytes()
MODEL = msgspec.json.decode((HERE / "zugferd1.json").read_bytes(), type=Invoice)

COMFORT = """\
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
<rsm:SpecifiedExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
  <ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:SpecifiedExchangedDocumentContext>
<rsm:HeaderExchangedDocument>
  <ram:ID>2016-17</ram:ID><ram:Name>RECHNUNG</ram:Name><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime>
    <udt:DateTimeString format="102">20160301</udt:DateTimeString>
  </ram:IssueDateTime>
  <ram:IncludedNote><ram:Content>Danke</ram:Content></ram:IncludedNote>
  <ram:IncludedNote>
    <ram:Content>HRB 17</ram:Content><ram:SubjectCode>REG</ram:SubjectCode>
  </ram:IncludedNote>
</rsm:HeaderExchangedDocument>
<rsm:SpecifiedSupplyChainTradeTransaction>
<ram:ApplicableSupplyChainTradeAgreement>
  <ram:SellerTradeParty>
    <ram:GlobalID schemeID="0088">4012345000016</ram:GlobalID>
    <ram:Name>Imkerei Sand</ram:Name>
    <ram:PostalTradeAddress>
      <ram:PostcodeCode>37073</ram:PostcodeCode><ram:LineOne>Heideweg 2</ram:LineOne>
      <ram:CityName>Göttingen</ram:CityName><ram:CountryID>DE</ram:CountryID>
    </ram:PostalTradeAddress>
    <ram:SpecifiedTaxRegistration>
      <ram:ID schemeID="FC">20/9/8</ram:ID>
    </ram:SpecifiedTaxRegistration>
    <ram:SpecifiedTaxRegistration>
      <ram:ID schemeID="VA">DE123456789</ram:ID>
    </ram:SpecifiedTaxRegistration>
  </ram:SellerTradeParty>
  <ram:BuyerTradeParty>
    <ram:ID>K-8</ram:ID>
    <ram:Name>Café Blau</ram:Name>
    <ram:DefinedTradeContact><ram:DepartmentName>Einkauf</ram:DepartmentName></ram:DefinedTradeContact>
    <ram:PostalTradeAddress>
      <ram:CityName>Kassel</ram:CityName><ram:CountryID>DE</ram:CountryID>
    </ram:PostalTradeAddress>
  </ram:BuyerTradeParty>
  <!--documents-->
</ram:ApplicableSupplyChainTradeAgreement>
<ram:ApplicableSupplyChainTradeDelivery><ram:ActualDeliverySupplyChainEvent>
  <ram:OccurrenceDateTime>
    <udt:DateTimeString format="102">20160229</udt:DateTimeString>
  </ram:OccurrenceDateTime>
</ram:ActualDeliverySupplyChainEvent></ram:ApplicableSupplyChainTradeDelivery>
<ram:ApplicableSupplyChainTradeSettlement>
  <ram:PaymentReference>2016-17</ram:PaymentReference>
  <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
  <ram:SpecifiedTradeSettlementPaymentMeans>
    <ram:TypeCode>31</ram:TypeCode><ram:Information>Überweisung</ram:Information>
    <ram:PayeePartyCreditorFinancialAccount>
      <ram:IBANID>DE08700901001234567890</ram:IBANID>
    </ram:PayeePartyCreditorFinancialAccount>
    <ram:PayeeSpecifiedCreditorFinancialInstitution>
      <ram:BICID>GENODEF1M04</ram:BICID>
    </ram:PayeeSpecifiedCreditorFinancialInstitution>
  </ram:SpecifiedTradeSettlementPaymentMeans>
  <ram:ApplicableTradeTax>
    <ram:CalculatedAmount currencyID="EUR">7.00</ram:CalculatedAmount>
    <ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount currencyID="EUR">100.00</ram:BasisAmount>
    <ram:CategoryCode>S</ram:CategoryCode><ram:ApplicablePercent>7.00</ram:ApplicablePercent>
  </ram:ApplicableTradeTax>
  <!--settlement-->
  <ram:SpecifiedTradePaymentTerms>
    <ram:Description>30 Tage netto</ram:Description>
    <ram:DueDateDateTime>
      <udt:DateTimeString format="102">20160331</udt:DateTimeString>
    </ram:DueDateDateTime>
  </ram:SpecifiedTradePaymentTerms>
  <ram:SpecifiedTradeSettlementMonetarySummation>
    <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
    <ram:ChargeTotalAmount currencyID="EUR">0.00</ram:ChargeTotalAmount>
    <ram:AllowanceTotalAmount currencyID="EUR">0.00</ram:AllowanceTotalAmount>
    <ram:TaxBasisTotalAmount currencyID="EUR">100.00</ram:TaxBasisTotalAmount>
    <ram:TaxTotalAmount currencyID="EUR">7.00</ram:TaxTotalAmount>
    <ram:GrandTotalAmount currencyID="EUR">107.00</ram:GrandTotalAmount>
    <ram:DuePayableAmount currencyID="EUR">107.00</ram:DuePayableAmount>
  </ram:SpecifiedTradeSettlementMonetarySummation>
</ram:ApplicableSupplyChainTradeSettlement>
<ram:IncludedSupplyChainTradeLineItem>
  <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
  <ram:SpecifiedSupplyChainTradeAgreement>
    <ram:GrossPriceProductTradePrice>
      <ram:ChargeAmount currencyID="EUR">6.0000</ram:ChargeAmount>
      <!--discounts--><ram:AppliedTradeAllowanceCharge>
        <ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
        <ram:ActualAmount currencyID="EUR">1.0000</ram:ActualAmount>
      </ram:AppliedTradeAllowanceCharge>
    </ram:GrossPriceProductTradePrice>
    <ram:NetPriceProductTradePrice>
      <ram:ChargeAmount currencyID="EUR">5.0000</ram:ChargeAmount>
    </ram:NetPriceProductTradePrice>
  </ram:SpecifiedSupplyChainTradeAgreement>
  <ram:SpecifiedSupplyChainTradeDelivery>
    <ram:BilledQuantity unitCode="C62">20.0000</ram:BilledQuantity>
  </ram:SpecifiedSupplyChainTradeDelivery>
  <ram:SpecifiedSupplyChainTradeSettlement>
    <ram:ApplicableTradeTax>
      <ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
      <ram:ApplicablePercent>7.00</ram:ApplicablePercent>
    </ram:ApplicableTradeTax>
    <!--line-->
    <ram:SpecifiedTradeSettlementMonetarySummation>
      <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementMonetarySummation>
  </ram:SpecifiedSupplyChainTradeSettlement>
  <ram:SpecifiedTradeProduct>
    <ram:SellerAssignedID>H500</ram:SellerAssignedID><ram:Name>Honig 500 g</ram:Name>
  </ram:SpecifiedTradeProduct>
</ram:IncludedSupplyChainTradeLineItem>
<!--lines-->
</rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>
"""

COMFORT_MODEL = Invoice(
    process=Process(specification="urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"),
    number="2016-17",
    type_code="380",
    issue_date=date(2016, 3, 1),
    currency="EUR",
    due_date=date(2016, 3, 31),
    payment_terms="30 Tage netto",
    notes=(Note(text="Danke"), Note(text="HRB 17", subject_code="REG")),
    seller=Seller(
        name="Imkerei Sand",
        identifiers=(Identifier(value="4012345000016", scheme="0088"),),
        vat_identifier="DE123456789",
        tax_registration="20/9/8",
        address=Address(line_1="Heideweg 2", city="Göttingen", post_code="37073", country="DE"),
    ),
    buyer=Buyer(
        name="Café Blau",
        identifier=Identifier(value="K-8"),
        contact=Contact(point="Einkauf"),
        address=Address(city="Kassel", country="DE"),
    ),
    delivery=Delivery(actual_date=date(2016, 2, 29)),
    payment=PaymentInstructions(
        means_code="31",
        means_text="Überweisung",
        remittance_information="2016-17",
        credit_transfers=(
            CreditTransfer(account="DE08700901001234567890", provider="GENODEF1M04"),
        ),
    ),
    vat_breakdown=(
        VatBreakdown(
            taxable_amount=Decimal("100.00"),
            tax_amount=Decimal("7.00"),
            category="S",
            rate=Decimal("7.00"),
        ),
    ),
    totals=Totals(
        line_net=Decimal("100.00"),
        charges=Decimal("0.00"),
        allowances=Decimal("0.00"),
        without_vat=Decimal("100.00"),
        vat=Decimal("7.00"),
        with_vat=Decimal("107.00"),
        due=Decimal("107.00"),
    ),
    lines=(
        Line(
            identifier="1",
            quantity=Decimal("20.0000"),
            unit="C62",
            net_amount=Decimal("100.00"),
            price=Price(net=Decimal("5.0000"), discount=Decimal("1.0000"), gross=Decimal("6.0000")),
            vat=LineVat(category="S", rate=Decimal("7.00")),
            item=Item(name="Honig 500 g", seller_identifier="H500"),
        ),
    ),
    extension=Extension(document_name="RECHNUNG"),
)

TEXT_LINE = (
    "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>{}"
    "</ram:AssociatedDocumentLineDocument><ram:SpecifiedSupplyChainTradeSettlement/>"
    "</ram:IncludedSupplyChainTradeLineItem>"
)
TEXT = "<ram:IncludedNote><ram:Content>{}</ram:Content></ram:IncludedNote>"


def comfort(*changes: tuple[str, str]) -> einvoice.Document:
    """The comfort invoice after some replacements; each text must be there."""
    text = COMFORT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return einvoice.read(text.encode())


def told(document: einvoice.Document, kind: LossKind = LossKind.DROPPED) -> list[tuple[str, str]]:
    """What is left over: the end of its path, and its value."""
    losses = (*document.leftovers, *document.derived)
    return [(loss.path.rpartition("ram:")[2], loss.value) for loss in losses if loss.kind is kind]


def pattern(path: str) -> str:
    """A path of the model without its numbers, as the tables write it."""
    return re.sub(r"\[\d+\]", "[]", path)


def document_of(**children: str) -> str:
    inner = "".join(f"<ram:{name}>{text}</ram:{name}>" for name, text in children.items())
    return f"<ram:AdditionalReferencedDocument>{inner}</ram:AdditionalReferencedDocument>"


def test_every_term_is_read() -> None:
    document = einvoice.read(FULL)
    assert document.format == "zugferd1"
    assert document.invoice == MODEL
    assert told(document) == []
    assert document.derived == ()


def test_the_example_has_every_term_that_is_bound() -> None:
    bound = bound_paths(zugferd1.INVOICE)
    values = {key for key in bound if not any(other.startswith(f"{key}.") for other in bound)}
    read = {pattern(path) for path, _ in einvoice.read(FULL).values()}
    assert values == read


@pytest.mark.parametrize("data", [FULL, COMFORT.encode()], ids=["full", "comfort"])
def test_it_is_judged_by_its_schema_only(data) -> None:
    report = einvoice.validate(data)
    assert (report.format, report.profile) == ("zugferd1", "zugferd-1.0")
    assert report.verdict.value == "undecided"
    assert report.findings == ()


def test_a_comfort_invoice() -> None:
    document = comfort()
    assert document.invoice == COMFORT_MODEL
    assert document.leftovers == ()
    assert document.derived == ()
    place = document.place("lines[0].price.net")
    assert place is not None
    assert place.xpath.endswith("/ram:NetPriceProductTradePrice/ram:ChargeAmount")


@pytest.mark.parametrize("to", ["cii", "ubl"])
def test_a_comfort_invoice_is_converted_without_loss(to) -> None:
    result = einvoice.convert(COMFORT.encode(), to=to, account=True)
    assert einvoice.read(result.data).invoice == COMFORT_MODEL
    assert result.losses == ()
    assert result.account is not None
    assert result.account.complete


#: Of extensions too, but in the groups of EN 16931.
OF_EXTENSIONS = {
    "notes[0].content_code",
    "allowances[1].exemption_reason",
    "charges[1].exemption_reason",
    "lines[0].item.attributes[0].code",
    "lines[0].item.attributes[1].measure",
    "lines[0].item.attributes[1].measure_unit",
}


@pytest.mark.parametrize("to", ["cii", "ubl"])
@pytest.mark.parametrize("data", [FULL, COMFORT.encode()], ids=["full", "comfort"])
def test_it_becomes_a_valid_invoice_of_en_16931(to, data) -> None:
    result = einvoice.convert(data, to=to, profile="en16931")
    assert result.report is not None
    assert result.report.verdict.value == "valid"
    before, after = einvoice.read(data).invoice, einvoice.read(result.data).invoice
    changed = {difference.path for difference in differences(before, after)}
    of_standard = {path for path in changed if "extension." not in path}
    assert of_standard - OF_EXTENSIONS == {"process.specification"}


def test_cii_keeps_all_that_was_read() -> None:
    result = einvoice.convert(FULL, to="cii", account=True)
    assert einvoice.read(result.data).invoice == MODEL
    assert {loss.kind for loss in result.losses} == {LossKind.MOVED}
    assert result.account is not None
    assert result.account.complete


def test_ubl_keeps_all_that_it_has_a_place_for() -> None:
    result = einvoice.convert(FULL, to="ubl", account=True)
    after = einvoice.read(result.data).invoice
    gone = {pattern(difference.path) for difference in differences(MODEL, after)}
    assert gone
    assert gone & bound_paths(ubl.INVOICE).keys() == set()
    assert result.account is not None
    assert result.account.complete


def test_a_pdf_with_it_is_read_and_converted() -> None:
    data = hybrid_of("ZUGFeRD-invoice.xml", COMFORT.encode())
    document = einvoice.read(data)
    assert (document.format, document.opened.syntax) == ("pdf-zugferd1", "zugferd1")
    assert document.invoice == COMFORT_MODEL
    result = einvoice.convert(data, to="cii")
    assert einvoice.read(result.data).invoice == COMFORT_MODEL


def test_it_is_no_target() -> None:
    with pytest.raises(UsageError, match="zugferd1"):
        einvoice.convert(COMFORT.encode(), to="zugferd1")


@pytest.mark.parametrize(
    ("code", "category"), [("IC", "K"), ("K", "K"), ("AE", "AE"), ("E", "E"), ("O", "O")]
)
def test_the_category_of_a_supply_within_the_union_has_another_code_today(code, category) -> None:
    old = "<ram:CategoryCode>S</ram:CategoryCode>"
    new = f"<ram:CategoryCode>{code}</ram:CategoryCode>"
    invoice = comfort((old, new), (old, new)).invoice
    assert invoice.vat_breakdown[0].category == category
    assert invoice.lines[0].vat.category == category


@pytest.mark.parametrize(
    ("text", "day", "left", "kind"),
    [
        ("2016-02-01T00:00:00", date(2016, 2, 1), None, None),
        ("2016-02-01", date(2016, 2, 1), None, None),
        (" 2016-02-01T00:00:00.000 ", date(2016, 2, 1), None, None),
        ("2016-02-01T09:30:00", date(2016, 2, 1), "no time of day: 09:30:00 ", "approximated"),
        ("2016-02-01T00:00:00Z", date(2016, 2, 1), "no time of day: 00:00:00Z", "approximated"),
        ("2016-02-01+01:00", date(2016, 2, 1), "no time zone", "approximated"),
        ("2016-02-30", None, "not a day of the calendar", "dropped"),
        ("1.2.2016", None, "not a date", "dropped"),
    ],
)
def test_the_date_of_a_document_referred_to(text, day, left, kind) -> None:
    document = comfort(
        ("<!--documents-->", document_of(IssueDateTime=text, TypeCode="OI", ID="2016-9"))
    )
    (preceding,) = document.invoice.preceding_invoices
    assert (preceding.number, preceding.issue_date) == ("2016-9", day)
    losses = [(loss.reason, loss.kind.value) for loss in document.leftovers]
    assert len(losses) == (left is not None)
    if left is not None:
        assert left in losses[0][0]
        assert losses[0][1] == kind


def test_documents_are_told_apart_by_their_code() -> None:
    document = comfort(
        (
            "<!--documents-->",
            document_of(TypeCode="VN", ID="A-1")
            + document_of(TypeCode="OI", ID="R-1")
            + document_of(TypeCode="OI", ID="R-2")
            + document_of(TypeCode="AGG", ID="REKLA 3")
            + document_of(ID="Anlage 4")
            + document_of(),
        )
    )
    invoice = document.invoice
    assert invoice.sales_order_reference == "A-1"
    assert [row.number for row in invoice.preceding_invoices] == ["R-1", "R-2"]
    assert [row.reference for row in invoice.supporting_documents] == ["REKLA 3", "Anlage 4"]
    assert told(document) == [("TypeCode", "AGG")]


def period(start: str, end: str) -> str:
    def day(text: str) -> str:
        form = {8: "102", 6: "610"}.get(len(text), "616")
        return f'<udt:DateTimeString format="{form}">{text.rstrip("w")}</udt:DateTimeString>'

    return (
        f"<ram:BillingSpecifiedPeriod><ram:StartDateTime>{day(start)}</ram:StartDateTime>"
        f"<ram:EndDateTime>{day(end)}</ram:EndDateTime></ram:BillingSpecifiedPeriod>"
    )


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "losses"),
    [
        ("20160201", "20160210", date(2016, 2, 1), date(2016, 2, 10), 0),
        ("201602", "201602", date(2016, 2, 1), date(2016, 2, 29), 2),
        ("201604", "201606", date(2016, 4, 1), date(2016, 6, 30), 2),
        ("201601w", "201601w", date(2016, 1, 4), date(2016, 1, 10), 2),
        ("201553w", "201602w", date(2015, 12, 28), date(2016, 1, 17), 2),
        ("20160201", "201602", date(2016, 2, 1), date(2016, 2, 29), 1),
    ],
)
def test_a_period_may_be_of_months_or_weeks(start, end, first, last, losses) -> None:
    document = comfort(
        ("<!--line-->", period(start, end)), ("<!--settlement-->", period(start, end))
    )
    assert document.invoice.lines[0].period == Period(start=first, end=last)
    assert document.invoice.delivery == Delivery(
        actual_date=date(2016, 2, 29), period=Period(start=first, end=last)
    )
    assert [loss.kind for loss in document.leftovers] == [LossKind.APPROXIMATED] * losses * 2
    assert all("a period of EN 16931 has days" in loss.reason for loss in document.leftovers)


@pytest.mark.parametrize("text", ["201613", "201653w", "2016-1", "999999"])
def test_a_month_or_week_that_does_not_exist_is_left(text) -> None:
    document = comfort(("<!--line-->", period(text, "20160210")))
    assert document.invoice.lines[0].period == Period(end=date(2016, 2, 10))
    assert [loss.value for loss in document.leftovers] == [text.rstrip("w")]


def test_a_delivery_in_a_month_has_no_day() -> None:
    document = comfort(('"102">20160229', '"610">201602'))
    assert document.invoice.delivery is None
    assert ("DateTimeString", "201602") in [
        (path.rpartition("udt:")[2], value) for path, value in told(document)
    ]


ACCOUNT = "<ram:IBANID>DE08700901001234567890</ram:IBANID>"
NATIONAL = "<ram:ProprietaryID>1234567890</ram:ProprietaryID>"
BANK = "<ram:BICID>GENODEF1M04</ram:BICID>"
SORT_CODE = "<ram:GermanBankleitzahlID>70090100</ram:GermanBankleitzahlID>"


def test_a_national_account_is_read_where_there_is_no_iban() -> None:
    document = comfort((ACCOUNT, NATIONAL), (BANK, SORT_CODE))
    payment = document.invoice.payment
    assert payment is not None
    assert payment.credit_transfers == (CreditTransfer(account="1234567890", provider="70090100"),)
    assert document.leftovers == ()


def test_a_national_account_beside_an_iban_is_left() -> None:
    document = comfort((ACCOUNT, ACCOUNT + NATIONAL), (BANK, BANK + SORT_CODE))
    assert document.invoice == COMFORT_MODEL
    assert sorted(told(document)) == [
        ("GermanBankleitzahlID", "70090100"),
        ("ProprietaryID", "1234567890"),
    ]


def test_the_account_that_is_debited_may_be_national() -> None:
    payer = "<ram:PayerPartyDebtorFinancialAccount>{}</ram:PayerPartyDebtorFinancialAccount>"
    before = "<ram:PayeePartyCreditorFinancialAccount>"
    document = comfort((before, payer.format("<ram:ProprietaryID>99</ram:ProprietaryID>") + before))
    payment = document.invoice.payment
    assert payment is not None
    assert payment.direct_debit is not None
    assert payment.direct_debit.debited_account == "99"


def test_freight_is_a_charge_and_said_to_have_moved() -> None:
    freight = (
        "<ram:SpecifiedLogisticsServiceCharge><ram:Description>Fracht</ram:Description>"
        '<ram:AppliedAmount currencyID="EUR">{}</ram:AppliedAmount>'
        "<ram:AppliedTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>IC"
        "</ram:CategoryCode><ram:ApplicablePercent>0</ram:ApplicablePercent></ram:AppliedTradeTax>"
        "</ram:SpecifiedLogisticsServiceCharge>"
    )
    document = comfort(("<!--settlement-->", freight.format("3.00") + freight.format("4.00")))
    charge = AllowanceCharge(
        amount=Decimal("3.00"), reason="Fracht", vat_category="K", vat_rate=Decimal(0)
    )
    assert document.invoice.charges == (charge, replace(charge, amount=Decimal("4.00")))
    assert told(document) == []
    assert ("AppliedAmount", "4.00") in told(document, LossKind.MOVED)


def discount(amount: str, reason: str = "", charge: str = "false") -> str:
    said = f"<ram:Reason>{reason}</ram:Reason>" if reason else ""
    return (
        f"<ram:AppliedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{charge}"
        "</udt:Indicator></ram:ChargeIndicator>"
        f'<ram:ActualAmount currencyID="EUR">{amount}</ram:ActualAmount>{said}'
        "</ram:AppliedTradeAllowanceCharge>"
    )


def test_several_discounts_are_one() -> None:
    document = comfort(
        ('"EUR">6.0000', '"EUR">6.3000'),
        ("<!--discounts-->", discount("0.2000", "Treue") + discount("0.1000", "Menge")),
    )
    line = document.invoice.lines[0]
    assert line.price == Price(
        net=Decimal("5.0000"), discount=Decimal("1.3000"), gross=Decimal("6.3000")
    )
    assert line.extension is not None
    assert line.extension.price_discount_reason == "Treue"
    assert told(document, LossKind.MOVED) == [
        ("ActualAmount", "0.2000"),
        ("ActualAmount", "0.1000"),
        ("ActualAmount", "1.0000"),
    ]
    assert told(document) == [("Reason", "Menge")]


def test_a_charge_on_a_price_is_left() -> None:
    document = comfort(("<!--discounts-->", discount("9.0000", charge="true")))
    assert document.invoice == COMFORT_MODEL
    assert ("ActualAmount", "9.0000") in told(document)


def test_a_line_of_text_is_a_note() -> None:
    texts = TEXT_LINE.format(TEXT.format("Seite 2") + TEXT.format("Fortsetzung"))
    document = comfort(("<!--lines-->", texts))
    notes = (*COMFORT_MODEL.notes, Note(text="Seite 2"), Note(text="Fortsetzung"))
    assert document.invoice == replace(COMFORT_MODEL, notes=notes)
    assert told(document) == []
    assert told(document, LossKind.MOVED) == [("Content", "Seite 2"), ("Content", "Fortsetzung")]


def test_the_number_of_a_line_of_text_is_left() -> None:
    text = TEXT_LINE.format("<ram:LineID>2</ram:LineID>" + TEXT.format("Ende"))
    document = comfort(("<!--lines-->", text))
    assert document.invoice.lines == COMFORT_MODEL.lines
    assert document.invoice.notes[-1] == Note(text="Ende")
    assert told(document) == [("LineID", "2")]


def test_a_line_has_one_note() -> None:
    coded = "<ram:IncludedNote><ram:ContentCode>ST3</ram:ContentCode><ram:Content>a</ram:Content>"
    coded += "<ram:SubjectCode>AAK</ram:SubjectCode></ram:IncludedNote>"
    number = "<ram:LineID>1</ram:LineID>"
    document = comfort((number, number + coded + TEXT.format("b")))
    line = document.invoice.lines[0]
    assert line.note == "a"
    assert line.extension is not None
    assert line.extension.note_subject_code == "AAK"
    assert told(document) == [("ContentCode", "ST3"), ("Content", "b")]


def test_a_line_without_a_number_stays_without() -> None:
    document = comfort(("<ram:LineID>1</ram:LineID>", ""))
    assert document.invoice.lines == (replace(COMFORT_MODEL.lines[0], identifier=None),)
    assert document.derived == ()


def test_an_amount_in_another_currency_says_so() -> None:
    document = comfort(('<ram:GrandTotalAmount currencyID="EUR">', "<ram:GrandTotalAmount>"))
    assert document.leftovers == ()
    document = comfort(('GrandTotalAmount currencyID="EUR"', 'GrandTotalAmount currencyID="CHF"'))
    assert told(document) == [("GrandTotalAmount/@currencyID", "CHF")]


def test_what_only_zugferd_1_knows_is_left() -> None:
    tax = "<ram:CategoryCode>S</ram:CategoryCode>"
    basis = '<ram:LineTotalBasisAmount currencyID="EUR">100.00</ram:LineTotalBasisAmount>'
    document = comfort((tax, basis + tax))
    assert document.invoice == COMFORT_MODEL
    assert told(document) == [
        ("LineTotalBasisAmount", "100.00"),
        ("LineTotalBasisAmount/@currencyID", "EUR"),
    ]


@pytest.mark.conformance
def test_the_public_documents_are_read_and_each_value_accounted_for() -> None:
    corpus = SHARED / "corpus"
    if not (corpus / "expected.csv").is_file():
        pytest.skip("the shared corpus is not here")
    with (corpus / "expected.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "ZUGFeRD 1" in row["syntax"]]
    seen = 0
    for row in rows:
        document = einvoice.read(corpus / row["file"])
        if document.opened.syntax != "zugferd1":
            continue  # a Factur-X stands beside it
        seen += 1
        for to in ("cii", "ubl"):
            result = einvoice.convert(document, to=to, check=False, account=True)
            assert result.account is not None
            assert result.account.complete, row["file"]
    assert seen == 17
