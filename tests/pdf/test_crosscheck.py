"""The page against the XML."""

import os
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import pikepdf
import pytest
from pdf_examples import CII, DAY, EN_16931

import einvoice
from einvoice.errors import EInvoiceError
from einvoice.findings import LayerName, Severity
from einvoice.model import (
    Buyer,
    CreditTransfer,
    Invoice,
    PaymentInstructions,
    Process,
    Seller,
    Totals,
)
from einvoice.pdf import crosscheck
from einvoice.pdf.attach import attach
from einvoice.pdf.container import open_pdf
from einvoice.pdf.crosscheck import check_page

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("EINVOICE_SHARED", ROOT.parent / "shared"))
CORPUS = SHARED / "corpus"

INVOICE = Invoice(
    number="F-2024-0042",
    issue_date=date(2024, 1, 31),
    due_date=date(2024, 3, 1),
    process=Process(specification=EN_16931),
    seller=Seller(vat_identifier="FR83404833048"),
    buyer=Buyer(vat_identifier="DE136695976"),
    payment=PaymentInstructions(
        credit_transfers=(CreditTransfer(account="FR7630006000011234567890189"),)
    ),
    totals=Totals(
        without_vat=Decimal("1200.00"),
        vat=Decimal("240.00"),
        with_vat=Decimal("1440.00"),
        due=Decimal("1340.00"),
    ),
)
PAGE = """Facture n° F-2024-0042 du 31/01/2024
Echeance : 1 mars 2024
N° TVA FR 83 404 833 048 - client DE 136695976
Total HT 1 200,00 EUR
Total TVA 240,00 EUR
Total TTC 1 440,00 EUR
Net a payer 1 340,00 EUR
IBAN FR76 3000 6000 0112 3456 7890 189"""


@cache
def hybrid(text):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(500, 500))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    shown = b" ".join(b"(" + line.encode("cp1252") + b") '" for line in text.splitlines())
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 10 Tf 12 TL 0 400 Td " + shown + b" ET")
    target = BytesIO()
    pdf.save(target)
    data = attach(target.getvalue(), CII, level="EN 16931", modified=DAY)
    return open_pdf(data)


def found(text, invoice=INVOICE):
    return [
        (f.rule, *f.terms, f.message.partition("; ")[2]) for f in check_page(hybrid(text), invoice)
    ]


def test_page_that_says_the_same():
    assert found(PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("n° F-2024-0042", "n° F-2024-0043", ("PDF-30", "BT-1", "the page has 'F-2024-0043'")),
        ("31/01/2024", "30/01/2024", ("PDF-31", "BT-2", "the page has '2024-01-30'")),
        (
            "1 mars 2024",
            "02.03.2024",
            ("PDF-32", "BT-9", "the page has '2024-01-31', '2024-03-02'"),
        ),
        ("1 mars 2024", "30 jours", ("PDF-32", "BT-9", "the page has '2024-01-31'")),
        ("HT 1 200,00", "HT 1 200,01", ("PDF-33", "BT-109", "the page has '1200.01'")),
        ("TVA 240,00", "TVA 204,00", ("PDF-33", "BT-110", "the page has '204.00'")),
        ("TTC 1 440,00", "TTC 1 404,00", ("PDF-33", "BT-112", "the page has '1404.00'")),
        ("Net a payer 1 340,00", "Solde 9 340,00", ("PDF-33", "BT-115", "the page has '9340.00'")),
        ("HT 1 200,00", "hors taxes", ("PDF-33", "BT-109", "")),
        ("FR 83 404 833 048", "FR", ("PDF-34", "BT-31", "")),
        ("DE 136695976", "DE 327606228", ("PDF-34", "BT-48", "the page has 'DE327606228'")),
        ("DE 136695976", "anonymous", ("PDF-34", "BT-48", "")),
        ("DE 136695976", "FR 61 954 506 077", ("PDF-34", "BT-48", "the page has 'FR61954506077'")),
        (
            "FR76 3000 6000 0112 3456 7890 189",
            "DE88200800000970375700",
            ("PDF-35", "BT-84", "the page has 'DE88200800000970375700'"),
        ),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "", ("PDF-35", "BT-84", "")),
    ],
)
def test_page_that_says_something_else(old, new, finding):
    assert old in PAGE
    assert found(PAGE.replace(old, new)) == [finding]


def test_finding_is_a_warning_of_the_container_with_both_values():
    (finding,) = check_page(hybrid(PAGE.replace("TTC 1 440,00", "TTC 1 404,00")), INVOICE)
    assert (finding.severity, finding.layer) == (Severity.WARNING, LayerName.CONTAINER)
    assert finding.message == (
        "BT-112 is '1440.00' in the XML and does not stand on the page; the page has '1404.00'"
    )


def test_credit_note_with_negative_amounts():
    totals = msgspec.structs.replace(INVOICE.totals, with_vat=Decimal("-1440.00"))
    invoice = msgspec.structs.replace(INVOICE, totals=totals)
    assert found(PAGE, invoice) == []
    assert found(PAGE.replace("1 440,00", "-1.440,00"), invoice) == []


def test_what_the_invoice_lacks_or_is_zero_is_not_looked_for():
    totals = Totals(vat=Decimal("0.00"), due=Decimal(0))
    assert found(PAGE, Invoice(totals=totals)) == []


@pytest.mark.parametrize("text", ["", "Page 1 / 1"])
def test_a_scan_is_told_once(text):
    (finding,) = check_page(hybrid(text), INVOICE)
    assert (finding.rule, finding.severity) == ("PDF-36", Severity.INFORMATION)
    assert finding.message.startswith("the page has no text that can be read")


def test_a_page_that_is_too_long_is_not_compared(monkeypatch):
    monkeypatch.setattr("einvoice.pdf.shown.text.MAX_OPERATORS", 5)
    (finding,) = check_page(hybrid(PAGE + PAGE), INVOICE)
    assert finding.rule == "PDF-36"


def test_every_check_has_a_row_and_terms():
    rules = [rule for rule, _, _ in crosscheck.table()]
    assert rules == [f"PDF-{number}" for number in range(30, 37)]
    assert crosscheck.TERMS.keys() == set(rules) - {crosscheck.UNREAD}
    assert all(check.__doc__ for _, _, check in crosscheck.table())


SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/invoice.xml"))


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_our_own_pages_say_what_their_xml_says(language):
    alarms = {}
    for sample in SAMPLES:
        source = ROOT / "samples" / sample / "invoice.xml"
        try:
            made = einvoice.convert(source, to="facturx", language=language, check=False)
        except EInvoiceError:
            continue
        document = einvoice.read(made.data)
        findings = list(check_page(document.opened.container, document.invoice))
        if findings:
            alarms[sample] = findings
    assert alarms == {}


#: Hybrids of the corpus whose page and XML differ, each looked at: what the page shows instead.
DIFFERENT = {
    "MustangBeispiel20221026.pdf": {"PDF-33", "PDF-34"},  # totals off by a cent; no VAT id at all
    "acme_invoice-42_ZUGFeRD.pdf": {"PDF-30", "PDF-31", "PDF-33"},  # another invoice
    "fail2.pdf": {"PDF-31", "PDF-32", "PDF-34"},  # another year; no VAT id of the buyer
    "MustangGnuaccountingBeispielRE-20201121_508_withBOM.pdf": {"PDF-30", "PDF-31", "PDF-32"},
    "ZUGFeRD_2.0_fully_compliant_complete.pdf": {"PDF-32", "PDF-33", "PDF-35"},
    "ZUGFeRD_2_fully_compliant_complete.pdf": {"PDF-32", "PDF-33", "PDF-35"},
}
#: Their pages have no VAT identifier of the buyer, the XML has DE999999999.
WITHOUT_BUYER_ID = "BT-48 is 'DE999999999' in the XML and does not stand on the page"


@pytest.mark.conformance
def test_hybrids_of_the_corpus():
    if not CORPUS.exists():
        pytest.skip("no corpus here")
    alarms = {}
    for path in sorted(CORPUS.rglob("*.pdf")):
        try:
            document = einvoice.read(path)
        except EInvoiceError:
            continue
        findings = check_page(document.opened.container, document.invoice)
        rules = {f.rule for f in findings if f.message != WITHOUT_BUYER_ID}
        expected = DIFFERENT.get(path.name, set())
        if rules != expected and rules | {"PDF-34"} != expected:
            alarms[path.name] = rules
    assert alarms == {}
