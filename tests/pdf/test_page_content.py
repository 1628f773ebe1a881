"""What stands on the page beyond the terms of EN 16931: extensions, mentions, structure."""

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec
import pikepdf
import pytest
from invoice_examples import FULL, LINE
from msgspec.structs import replace
from test_visual import shown, text_of, values

from einvoice.model import (
    CreditTransfer,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    Note,
    PaymentInstructions,
    Process,
    Seller,
    VatBreakdown,
)
from einvoice.model.extension import (
    AdvancePayment,
    AdvanceTax,
    CurrencyExchange,
    DocumentReference,
    Extension,
    FurtherPaymentTerms,
    PaymentCondition,
    PaymentConditions,
    ThirdPartyPayment,
)
from einvoice.model.extension_terms import EXTENSION_TERMS
from einvoice.model.lines import LineExtension
from einvoice.model.party import Address, Party
from einvoice.pdf.page import page_of
from einvoice.pdf.page_payment import account_text
from einvoice.pdf.template import Template, built_in
from einvoice.pdf.visual import draw
from einvoice.pdf.wording import Wording
from tests.examples import extended_invoice

pypdf = pytest.importorskip("pypdf")

EN, FR, DE = Wording("en"), Wording("fr"), Wording("de")
IBAN = "FR7630006000011234567890189"


def one_page() -> Template:
    """The built-in page on paper so large that no text is parted by the end of a page."""
    files = built_in().files
    style = files["style.typ"].replace(b'paper = "a4"', b'paper = "a0"')
    return Template(files={**files, "style.typ": style})


@pytest.mark.parametrize("language", ["fr", "de", "en"])
def test_every_term_of_extensions_stands_on_the_page(language: str) -> None:
    invoice = extended_invoice()
    wording = Wording(language)
    text = text_of(draw(invoice, language=language, template=one_page()))
    for term in EXTENSION_TERMS:
        if term.datatype in ("Group", "Indicator"):
            continue
        found = list(values(invoice, term.path))
        assert found, term.path
        for value in found:
            assert any(form in text for form in shown(value, wording)), (term.path, value)


def test_marks_of_tests_and_copies() -> None:
    page = page_of(Invoice(extension=Extension(test=True, copy=True)), FR)
    assert page.marks == ["TEST – ceci n’est pas une facture", "DUPLICATA"]
    assert page_of(Invoice(extension=Extension(test=False, copy=False)), FR).marks == []
    assert "DUPLICATA" in text_of(draw(Invoice(extension=Extension(copy=True))))


@pytest.mark.parametrize(
    ("name", "subtitle"), [("FACTURE", ""), ("Note de frais", "Note de frais")]
)
def test_name_of_the_document_is_not_repeated(name: str, subtitle: str) -> None:
    assert page_of(Invoice(extension=Extension(document_name=name)), FR).subtitle == subtitle


def part(identifier: str, **extension: object) -> Line:
    return Line(identifier=identifier, extension=LineExtension(**extension))  # type: ignore[arg-type]


def levels(*lines: Line) -> list[int]:
    return [row.level for row in page_of(Invoice(lines=lines), EN).lines.rows]


def test_parts_of_lines_are_indented() -> None:
    assert levels(part("1"), part("1.1", parent="1"), part("1.1.1", parent="1.1")) == [0, 1, 2]
    assert levels(part("1", parent="2"), part("2", parent="1")) == [6, 6]
    sub = part("1.1", sub_lines=(part("1.1.1"),))
    assert levels(part("1", sub_lines=(sub,)), part("2")) == [0, 1, 2, 0]


def test_parent_is_named_only_where_it_is_not_there() -> None:
    lines = (part("1.1", parent="1"), part("2"), part("2.1", parent="2", subtype="DETAIL"))
    rows = page_of(Invoice(lines=lines), EN).lines.rows
    assert [row.details for row in rows] == [[("Part of line", "1")], [], []]


def test_subtype_that_readers_must_know() -> None:
    (row,) = page_of(Invoice(lines=(part("1", subtype="INFORMATION"),)), EN).lines.rows
    assert row.details == [("Line type", "INFORMATION")]


def test_further_party_has_a_block() -> None:
    agent = Party(name="Agent", identifiers=(Identifier(value="1", scheme="0009"),))
    page = page_of(Invoice(extension=Extension(sales_agent=agent)), EN)
    block = page.parties[2]
    assert (block.title, block.lead, block.rows) == (
        "Sales agent",
        "Agent",
        [("Identifier", "1 (SIRET)")],
    )


def test_payment_conditions_in_the_way_of_the_country() -> None:
    discount = PaymentCondition(
        percentage=Decimal(2), period=Decimal(10), period_unit="DAY", basis_amount=Decimal(1000)
    )
    extension = Extension(
        payment_conditions=PaymentConditions(discount=discount),
        further_payment_terms=(
            FurtherPaymentTerms(
                description="Solde", due_date=date(2026, 5, 1), partial_amount=Decimal("1234.5")
            ),
        ),
        third_party_payments=(
            ThirdPartyPayment(kind="taxi", amount=Decimal(7), description="Course"),
        ),
        advance_payments=(
            AdvancePayment(
                amount=Decimal(60),
                received=date(2026, 1, 2),
                taxes=(AdvanceTax(amount=Decimal(10), category="S", rate=Decimal(20)),),
                invoice=DocumentReference(number="A1", issue_date=date(2026, 1, 1)),
                invoice_type_code="386",
            ),
        ),
        exchange=CurrencyExchange(source="EUR", target="CHF", rate=Decimal("0.9412")),
    )
    page = page_of(Invoice(extension=extension), DE)
    assert dict(page.payment.rows) == {
        "Skonto": "2\xa0%, Grundbetrag 1.000,00, 10 Tage",
        "Teilzahlung": "Solde, Fällig am 01.05.2026, Teilbetrag 1.234,50",
        "Anzahlung": "60,00, 02.01.2026, USt S 20\xa0% 10,00, "
        "Vorauszahlungsrechnung A1 (01.01.2026)",
        "Für Dritte eingezogen": "7,00, Course (taxi)",
    }
    assert ("Wechselkurs", "1 EUR = 0,9412 CHF") in page.facts


@pytest.mark.parametrize(
    ("value", "unit", "fr", "de"),
    [
        ("1", "DAY", "1 jour", "1 Tag"),
        ("1.5", "DAY", "1,5 jour", "1,5 Tage"),
        ("2", "C62", "2 unités", "2 Einheiten"),
        ("-2", "H87", "-2 pièces", "-2 Stück"),
        ("12500.25", "KGM", "12\u202f500,25 kg", "12.500,25 kg"),
        ("3", "XYZ", "3 XYZ", "3 XYZ"),
    ],
)
def test_quantities(value: str, unit: str, fr: str, de: str) -> None:
    assert FR.quantity(Decimal(value), unit) == fr
    assert DE.quantity(Decimal(value), unit) == de


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", ["31 janv. 2024", "1 234 567,89", "1 010,10 €", "19,6 %", "12,5 h"]),
        ("de", ["31.01.2024", "1.234.567,89", "1.010,10 €", "19,6 %", "12,5 h"]),
        ("en", ["31 Jan 2024", "1,234,567.89", "€1,010.10", "19.6%", "12.5 h"]),
    ],
)
def test_values_stand_in_the_form_of_the_locale(language: str, forms: list[str]) -> None:
    text = text_of(draw(FULL, language=language))
    assert [form for form in forms if "".join(form.split()) not in text] == []


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (IBAN, "FR76 3000 6000 0112 3456 7890 189"),
        ("FR76 30006000011234567890189", "FR76 3000 6000 0112 3456 7890 189"),
        ("123456789", "123456789"),
    ],
)
def test_iban_is_grouped(account: str, expected: str) -> None:
    assert account_text(account) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Virement SEPA", "58 – Virement SEPA"),
        ("par banque", "58 – Virement SEPA, par banque"),
        (None, "58 – Virement SEPA"),
    ],
)
def test_means_are_not_said_twice(text: str | None, expected: str) -> None:
    payment = PaymentInstructions(means_code="58", means_text=text)
    assert dict(page_of(Invoice(payment=payment), FR).payment.rows) == {
        "Moyen de paiement": expected
    }


# --- mentions


def mentions(**changes: object) -> list[tuple[str, str]]:
    seller = Seller(address=Address(country=str(changes.pop("country", "FR"))))
    page = page_of(Invoice(seller=seller, **changes), FR)  # type: ignore[arg-type]
    return next((b.rows for b in page.blocks if b.title == "Mentions légales"), [])


OPERATION = "Catégorie d’opération"


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"process": Process(business_process="S1")}, OPERATION, "Prestation de services"),
        (
            {"process": Process(business_process="M4")},
            OPERATION,
            "Livraison de biens et prestation de services",
        ),
        ({"type_code": "389"}, "", "Autofacturation"),
        ({"vat_breakdown": (VatBreakdown(category="AE"),)}, "", "Autoliquidation"),
        (
            {"tax_point_date_code": "5"},
            "",
            "Option pour le paiement de la taxe d’après les débits",
        ),
        ({"notes": (Note(text="MEMBRE_ASSUJETTI_UNIQUE"),)}, "", "Membre d’un assujetti unique"),
    ],
)
def test_french_mentions(changes: dict[str, object], key: str, expected: str) -> None:
    assert mentions(**changes) == [(key, expected)]
    assert mentions(**changes, country="DE") == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"type_code": "380", "vat_breakdown": (VatBreakdown(category="S"),)},
        {"tax_point_date_code": "432"},
        {"process": Process(business_process="Sales")},
    ],
)
def test_no_mention_without_a_code(changes: dict[str, object]) -> None:
    assert mentions(**changes) == []


def test_debits_are_no_option_for_goods() -> None:
    rows = mentions(process=Process(business_process="B1"), tax_point_date_code="5")
    assert rows == [(OPERATION, "Livraison de biens")]


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (None, "TVA non applicable, art. 293 B du CGI (VATEX-FR-FRANCHISE)"),
        ("Franchise", "Franchise (VATEX-FR-FRANCHISE)"),
    ],
)
def test_reason_of_exemption(reason: str | None, expected: str) -> None:
    row = VatBreakdown(
        category="E", exemption_reason=reason, exemption_reason_code="VATEX-FR-FRANCHISE"
    )
    page = page_of(Invoice(vat_breakdown=(row,)), FR)
    assert expected in page.tables[0].rows[0]


# --- the code on the page


def images(pdf: bytes) -> Iterator[str]:
    """The alternative texts of a tagged PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item:
                yield str(item.Alt)


def test_payment_code_is_on_the_page() -> None:
    transfer = CreditTransfer(account=IBAN)
    payment = replace(FULL.payment, credit_transfers=(transfer,))
    pdf = draw(replace(FULL, payment=payment, type_code="380"), language="de")
    assert list(images(pdf)) == ["QR-Code einer SEPA-Überweisung, EPC069-12"]
    assert "Zahlungscode" in text_of(pdf)


def test_credit_note_has_no_payment_code() -> None:
    pdf = draw(replace(FULL, type_code="381"), language="de")
    assert list(images(pdf)) == []
    assert "Zahlungscode" not in text_of(pdf)


# --- room


def test_long_cells_leave_room_for_the_item() -> None:
    long = replace(LINE, identifier="L" * 60, quantity=Decimal("123456789012345.123456"))
    item = Item(name="name", description="word " * 40, attributes=(ItemAttribute(name="a"),))
    pdf = draw(Invoice(lines=(replace(long, item=item),)), language="en")
    text = text_of(pdf)
    assert "L" * 60 in text
    assert "word" * 40 in text
    (page, *_) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    lines = [line for line in page.extract_text().splitlines() if line.startswith("word word")]
    assert 2 <= len(lines) <= 12


def test_many_rates_and_adjustments() -> None:
    rates = tuple(
        VatBreakdown(
            category="S", rate=Decimal(n), taxable_amount=Decimal(n), tax_amount=Decimal(n)
        )
        for n in map(Decimal, range(1, 13))
    )
    text = text_of(draw(msgspec.structs.replace(FULL, vat_breakdown=rates), language="en"))
    assert all(f"S–standardorreducedrate{n}%{n}.00{n}.00" in text for n in range(1, 13))
