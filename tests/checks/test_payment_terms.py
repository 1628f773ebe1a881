"""Due dates, payment terms, French legal maxima and notes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from einvoice.checks import terms
from einvoice.checks.due_texts import add_months, named_terms
from einvoice.findings import Severity
from einvoice.model import (
    Address,
    Buyer,
    Delivery,
    Extension,
    Identifier,
    Invoice,
    Line,
    LineExtension,
    Note,
    Period,
    Process,
    Totals,
    VatBreakdown,
)
from einvoice.model.extension import FurtherPaymentTerms, PaymentCondition, PaymentConditions
from einvoice.model.lines import LineReference
from tests.checks.seen import observed, only
from tests.examples import plain_invoice

#: 60 days later it is 30 August; 45 days and then the end of month, 31 August; the end of month
#: and then 45 days, 14 September.
ISSUED = date(2026, 7, 1)
LONGEST = date(2026, 9, 14)


def siren(value: str) -> Identifier:
    return Identifier(value=value, scheme="0002")


def french(**changes: Any) -> Invoice:
    """An invoice between French firms."""
    buyer = Buyer(
        name="Menuiserie Hugo",
        legal_registration=siren("732829320"),
        address=Address(country="FR", post_code="75001"),
    )
    return replace(plain_invoice(buyer=buyer, issue_date=ISSUED), **changes)


def public(name: str = "Commune de Lille", number: str = "215903501", **changes: Any) -> Invoice:
    buyer = Buyer(name=name, legal_registration=siren(number), address=Address(country="FR"))
    return french(buyer=buyer, **changes)


def with_terms(text: str, due: date, issued: date = ISSUED) -> Invoice:
    return plain_invoice(issue_date=issued, due_date=due, payment_terms=text)


def noted(subject: str, text: str, **changes: Any) -> Invoice:
    return french(notes=(Note(subject_code=subject, text=text),), **changes)


def on(day: int, month: int = 8) -> date:
    return date(2026, month, day)


def delivered(*numbers: str) -> Invoice:
    lines = tuple(
        Line(extension=LineExtension(despatch_advice=LineReference(number=number)))
        for number in numbers
    )
    return french(lines=lines, due_date=on(16))


BAR_B2C = (Note(subject_code="BAR", text="B2C"),)
EXPORT = (VatBreakdown(exemption_reason_code="VATEX-FR-CGI275"),)
GRANTED = Extension(
    payment_conditions=PaymentConditions(discount=PaymentCondition(percentage=Decimal(2)))
)
DAY = timedelta(days=1)

BREAKING = [
    ("DUE-01", plain_invoice(issue_date=ISSUED, due_date=ISSUED - DAY)),
    ("DUE-02", french(due_date=LONGEST + DAY)),
    ("DUE-02", french(due_date=date(2026, 9, 30), vat_breakdown=EXPORT)),
    ("DUE-02", french(issue_date=date(2028, 1, 1), due_date=date(2028, 3, 17))),
    ("DUE-03", delivered("A", "B")),
    ("DUE-04", public(due_date=date(2026, 8, 1))),
    ("DUE-04", public("CHU de Lille", "265906719", due_date=on(21))),
    ("DUE-05", with_terms("zahlbar bis 15.08.2026", on(16))),
    ("DUE-05", with_terms("Paiement à 30 jours", on(5))),
    ("DUE-06", noted("PMT", "Indemnité de 50 €")),
    ("DUE-06", noted("PMT", "Indemnité de 40,50 €")),
    ("DUE-07", noted("PMD", "Pénalités en cas de retard")),
    ("DUE-08", noted("PMD", "Pénalités : une fois le taux d'intérêt légal")),
    ("DUE-09", noted("AAB", "-")),
    ("DUE-10", noted("AAB", "Pas d'escompte pour paiement anticipé", extension=GRANTED)),
]

PASSING = [
    ("DUE-01", plain_invoice(issue_date=ISSUED, due_date=ISSUED)),
    (
        "DUE-01",
        plain_invoice(due_date=date(2026, 1, 1), process=Process(business_process="S2")),
    ),
    ("DUE-01", plain_invoice(due_date=date(2026, 1, 1), type_code="386")),
    ("DUE-01", plain_invoice(due_date=date(2026, 1, 1), type_code="381")),
    ("DUE-01", plain_invoice(due_date=date(2026, 1, 1), totals=Totals(due=Decimal(0)))),
    ("DUE-01", plain_invoice(due_date=None)),
    ("DUE-02", french(due_date=LONGEST)),
    ("DUE-02", french(due_date=date(2026, 9, 29), vat_breakdown=EXPORT)),
    ("DUE-02", french(issue_date=date(2028, 1, 1), due_date=date(2028, 3, 16))),
    ("DUE-02", french(due_date=date(2027, 1, 1), notes=BAR_B2C)),
    ("DUE-02", french(due_date=date(2027, 1, 1), type_code="381")),
    ("DUE-02", french(due_date=date(2027, 1, 1), buyer=Buyer(address=Address(country="FR")))),
    ("DUE-02", plain_invoice(due_date=date(2027, 12, 1))),
    ("DUE-02", public(due_date=date(2027, 1, 1))),
    (
        "DUE-02",
        french(
            due_date=date(2027, 1, 1),
            buyer=Buyer(vat_identifier="FR1", address=Address(country="RE", post_code="97400")),
        ),
    ),
    ("DUE-02", french(issue_date=date(9999, 12, 30), due_date=date(9999, 12, 31))),
    ("DUE-03", replace(delivered("A", "B"), due_date=on(15))),
    ("DUE-03", delivered("A", "A")),
    ("DUE-03", replace(delivered("A", "B"), due_date=LONGEST + DAY)),
    ("DUE-04", public(due_date=date(2026, 7, 31))),
    ("DUE-04", public("CHU de Lille", "265906719", due_date=on(20))),
    ("DUE-04", french(due_date=on(30))),
    ("DUE-05", with_terms("zahlbar bis 15.08.2026", on(15))),
    ("DUE-05", with_terms("Paiement à 30 jours", on(4))),
    ("DUE-05", with_terms("Zahlbar sofort", on(30))),
    (
        "DUE-05",
        replace(
            with_terms("Paiement à 10 jours", on(30)),
            extension=Extension(further_payment_terms=(FurtherPaymentTerms(),)),
        ),
    ),
    ("DUE-06", noted("PMT", "Indemnité forfaitaire : 40,00 EUR")),
    ("DUE-06", noted("PMT", "quarante euros")),
    ("DUE-06", plain_invoice(notes=(Note(subject_code="PMT", text="Zahlungsavis"),))),
    ("DUE-07", noted("PMD", "12 % l'an")),
    ("DUE-07", noted("PMD", "trois fois le taux d'intérêt légal")),
    ("DUE-08", noted("PMD", "3 fois le taux d'intérêt légal")),
    ("DUE-09", noted("AAB", "Les règlements anticipés ne donnent pas lieu à escompte")),
    ("DUE-10", noted("AAB", "Escompte de 2 % à 10 jours", extension=GRANTED)),
    ("DUE-10", noted("AAB", "Pas d'escompte")),
]


@pytest.mark.parametrize(("check", "invoice"), BREAKING)
def test_breaks(check: str, invoice: Invoice) -> None:
    assert len(observed(terms.CHECKS, check, invoice)) == 1


@pytest.mark.parametrize(("check", "invoice"), PASSING)
def test_passes(check: str, invoice: Invoice) -> None:
    assert observed(terms.CHECKS, check, invoice) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in terms.CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


def test_sixty_days_count_where_they_are_longer() -> None:
    """From 28 November 60 days go to 27 January, the end of month only to the 31st."""
    issued = date(2026, 11, 28)
    assert not observed(
        terms.CHECKS, "DUE-02", french(issue_date=issued, due_date=date(2027, 1, 31))
    )
    assert observed(terms.CHECKS, "DUE-02", french(issue_date=issued, due_date=date(2027, 2, 1)))


def test_message_of_a_late_due_date() -> None:
    found = only(terms.CHECKS, "DUE-02", french(due_date=LONGEST + DAY))
    assert found.message == (
        "BT-9 is 2026-09-15, 76 days after the issue date (BT-2) 2026-07-01; expected at most "
        "2026-08-30 (60 days) or, if the contract says 45 days end of month, 2026-09-14; "
        "L441-11 of the Commercial code lists trades with more"
    )
    assert found.evidence == (("BT-2", "2026-07-01"), ("BT-9", "2026-09-15"))


def test_a_period_alone_does_not_make_an_invoice_periodic() -> None:
    invoice = french(due_date=on(16), delivery=Delivery(period=Period(start=ISSUED)))
    assert only(terms.CHECKS, "DUE-03", invoice).severity is Severity.INFORMATION


def test_a_number_alone_does_not_make_a_buyer_public() -> None:
    found = only(terms.CHECKS, "DUE-04", public("Le Client", "200000008", due_date=on(30)))
    assert found.severity is Severity.INFORMATION


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("30 jours fin de mois", date(2026, 7, 31)),
        ("30 jours fin de mois", date(2026, 8, 30)),
        ("30 jours fin de mois", date(2026, 8, 31)),
        ("45 jours fin de mois le 10", date(2026, 9, 10)),
        ("Net 30", date(2026, 7, 31)),
        ("2/10 net 30", date(2026, 7, 31)),
        ("10 Tage 3% Skonto, 30 Tage netto", date(2026, 7, 31)),
        ("à 30 jours date de facture, sans escompte", date(2026, 8, 1)),
        ("Pénalités : 3 fois le taux légal. Paiement à 60 jours.", date(2026, 8, 30)),
        ("due on 15 August 2026", date(2026, 8, 15)),
        ("Échéance le 15/08/2026", date(2026, 8, 15)),
        ("payable by 08/15/2026", date(2026, 8, 15)),
        ("2026-08-15", date(2026, 8, 15)),
        ("zahlbar bis 15. August 2026", date(2026, 8, 15)),
    ],
)
def test_plain_terms_are_read(text: str, due: date) -> None:
    assert not observed(terms.CHECKS, "DUE-05", with_terms(text, due))
    assert observed(terms.CHECKS, "DUE-05", with_terms(text, due + timedelta(days=70)))


@pytest.mark.parametrize(
    "text",
    [
        "#SKONTO#TAGE=14#PROZENT=2.00#",
        "Bei Zahlung innerhalb 14 Tagen gewähren wir 2,0% Skonto.",
        "Payment within 10 days, 2% discount",
        "30 jours à réception de facture",
        "14 Tage nach Lieferung",
        "10 Werktage, zahlbar nach Erhalt",
        "Réclamations sous 8 jours",
        "Pénalités de retard après 30 jours",
        "50% prepaid, 50% within one month",
        "Rechnung vom 01.02.2026",
        "zahlbar bis 31.02.2026",
        "Kundennummer 30 Tagesgeld",
    ],
)
def test_other_terms_name_no_due_date(text: str) -> None:
    assert named_terms(text) == ()


def test_contradiction_names_text_and_days() -> None:
    found = only(terms.CHECKS, "DUE-05", with_terms("Paiement à 10 jours", on(30)))
    assert found.message == (
        "BT-9 is 2026-08-30, but the payment terms (BT-20) name 10 jours: expected 2026-07-11"
    )


def test_months_end_on_29_february() -> None:
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert not observed(
        terms.CHECKS, "DUE-05", with_terms("30 Tage", date(2028, 2, 29), date(2028, 1, 29))
    )
