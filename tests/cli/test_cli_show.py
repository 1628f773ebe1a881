from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

import einvoice
from einvoice.errors import MalformedXml
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

PARIS = Address(line_1="1 rue de la Paix", city="Paris", post_code="75002", country="FR")
INVOICE = Invoice(
    number="FA-1",
    issue_date=date(2026, 3, 1),
    type_code="380",
    currency="EUR",
    accounting_currency="USD",
    due_date=date(2026, 3, 31),
    purchase_order_reference="PO-7",
    payment_terms="30 jours",
    notes=(Note(text="Escompte néant"),),
    process=Process(business_process="S1", specification="urn:cen.eu:en16931:2017"),
    preceding_invoices=(PrecedingInvoice(number="FA-0", issue_date=date(2026, 1, 2)),),
    seller=Seller(
        name="Vendeur SARL",
        trading_name="Chez V",
        legal_registration=Identifier(value="123456789", scheme="0002"),
        vat_identifier="FR32123456789",
        address=PARIS,
        contact=Contact(point="Anne", email="anne@example.com"),
    ),
    buyer=Buyer(name="Acheteur SA", identifier=Identifier(value="42"), address=PARIS),
    payee=Payee(name="Factor"),
    tax_representative=TaxRepresentative(name="Rep", vat_identifier="DE1", address=PARIS),
    delivery=Delivery(name="Dépôt", period=Period(start=date(2026, 2, 1)), address=PARIS),
    payment=PaymentInstructions(
        means_code="58",
        credit_transfers=(CreditTransfer(account="FR7630006000011234567890189"),),
        card=PaymentCard(number="1234"),
        direct_debit=DirectDebit(mandate_reference="M1"),
    ),
    allowances=(
        AllowanceCharge(
            amount=Decimal("10.00"), vat_category="S", vat_rate=Decimal("20"), reason="Remise"
        ),
    ),
    totals=Totals(
        line_net=Decimal("1010.50"),
        allowances=Decimal("10.00"),
        without_vat=Decimal("1000.50"),
        vat=Decimal("0.00"),
        vat_in_accounting_currency=Decimal("0"),
        due=Decimal("1000.50"),
    ),
    vat_breakdown=(
        VatBreakdown(
            taxable_amount=Decimal("1000.50"), tax_amount=Decimal("0.00"), category="E",
            rate=Decimal("0"), exemption_reason="Article 293 B", exemption_reason_code="VATEX-FR",
        ),
    ),
    supporting_documents=(
        SupportingDocument(
            reference="D1",
            attachment=Attachment(content=b"12345", mime_code="text/csv", filename="a.csv"),
        ),
    ),
    lines=(
        Line(
            identifier="1",
            quantity=Decimal("10"),
            unit="HUR",
            net_amount=Decimal("1000.50"),
            price=Price(net=Decimal("100.05")),
            vat=LineVat(category="E", rate=Decimal("0")),
            item=Item(name="Conseil", attributes=(ItemAttribute(name="a", value="b"),)),
        ),
        Line(
            identifier="20",
            quantity=Decimal("1"),
            net_amount=Decimal("10"),
            price=Price(net=Decimal("100"), base_quantity=Decimal("10")),
        ),
    ),
)  # fmt: skip

EXPECTED = """\
Invoice FA-1
issued 2026-03-01, due 2026-03-31, in EUR  (cii)
urn:cen.eu:en16931:2017

Seller
    Vendeur SARL, trading as Chez V
    1 rue de la Paix, 75002 Paris, FR
    VAT FR32123456789, registration 123456789 (0002)
    contact: Anne, anne@example.com

Buyer
    Acheteur SA
    1 rue de la Paix, 75002 Paris, FR
    identifier 42

Payee and representative
    payee Factor
    tax representative Rep, VAT DE1, at 1 rue de la Paix, 75002 Paris, FR

References
    purchase order PO-7
    business process S1
    preceding invoice FA-0, of 2026-01-02

Delivery
    period 2026-02-01 to ...
    to Dépôt
    1 rue de la Paix, 75002 Paris, FR

Notes
    Escompte néant

Lines (2)
    1   10 HUR      x 100.05  1000.50  E 0 %  Conseil
    20       1  x 100 per 10       10         (no name)

Allowances and charges
    allowance  10.00  S 20 %  Remise

VAT
    E 0 %  on 1000.50  0.00  Article 293 B, VATEX-FR

Totals
    lines        1010.50  EUR
    allowances     10.00  EUR
    without VAT  1000.50  EUR
    VAT             0.00  EUR
    due          1000.50  EUR
    VAT                0  USD

Payment
    SEPA credit transfer (58)
    account FR7630006000011234567890189
    card 1234
    mandate M1
    terms: 30 jours

Supporting documents
    D1, a.csv, text/csv, 5 bytes
"""


def place(path: str) -> SimpleNamespace:
    return SimpleNamespace(xpath=f"/x/{path}", line=7)


@pytest.fixture
def invoice(monkeypatch):
    def with_invoice(invoice: Invoice):
        document = SimpleNamespace(invoice=invoice, format="cii", place=place)
        monkeypatch.setattr(einvoice, "read", lambda source: document, raising=False)

    with_invoice(INVOICE)
    return with_invoice


def test_the_whole_invoice(run, invoice):
    result = run("show", "a.xml")
    assert result.exit_code == 0
    assert result.stdout == EXPECTED


def test_an_invoice_with_nothing_in_it(run, invoice):
    invoice(Invoice())
    text = "Document of type None (no number)\nno dates  (cii)\n"
    assert run("show", "a.xml").stdout == text.replace(" of type None", "")
    assert run("show", "a.xml", "--terms").stdout == ""


def test_terms(run, invoice):
    lines = run("show", "a.xml", "--terms").stdout.splitlines()
    assert lines[0].split() == ["BT-1", "Invoice", "number", "FA-1"]
    assert "BG-25     Invoice line 2" in lines
    assert [line.split()[-1] for line in lines if line.startswith("BT-126 ")] == ["1", "20"]
    assert any(line.startswith("BT-153      ") and line.endswith("Conseil") for line in lines)
    assert any(line.startswith("BT-125 ") and line.endswith("5 bytes") for line in lines)
    assert any(line.startswith("BT-160 ") for line in lines)
    assert not any("/x/" in line for line in lines)
    assert not any(line.startswith("BG-6 ") and "BT" in line for line in lines)


def test_places(run, invoice):
    lines = run("show", "a.xml", "--places").stdout.splitlines()
    assert lines[1].strip() == "line 7  /x/number"
    assert any(line.endswith("line 7  /x/lines[0].item.attributes[0].name") for line in lines)


def test_what_cannot_be_read(run, monkeypatch):
    def read(source):
        raise MalformedXml("not well-formed (line 3)")

    monkeypatch.setattr(einvoice, "read", read, raising=False)
    result = run("show", "-", input=b"<")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: -: not well-formed (line 3)\n"
