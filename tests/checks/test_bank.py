"""Accounts, banks, and who receives the money."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from einvoice.checks import bank
from einvoice.findings import Severity
from einvoice.model import (
    Address,
    CreditTransfer,
    DirectDebit,
    Identifier,
    Invoice,
    Note,
    Payee,
    PaymentInstructions,
    Seller,
    Totals,
)
from tests.checks.seen import observed, only
from tests.examples import plain_invoice

FRENCH = "FR7630006000011234567890189"
GERMAN = "DE89370400440532013000"
BRITISH = "GB29NWBK60161331926819"


def paid_to(*accounts: str | None, means: str = "30", bic: str | None = None) -> Invoice:
    transfers = tuple(CreditTransfer(account=account, provider=bic) for account in accounts)
    return plain_invoice(payment=PaymentInstructions(means_code=means, credit_transfers=transfers))


def debited(account: str | None = None, creditor: str | None = None, means: str = "59") -> Invoice:
    debit = DirectDebit(debited_account=account, creditor_identifier=creditor)
    return plain_invoice(payment=PaymentInstructions(means_code=means, direct_debit=debit))


def paid_by(payee: Payee, *, country: str = "FR", **changes: object) -> Invoice:
    seller = Seller(
        name="Atelier Vauban",
        trading_name="Vauban",
        legal_registration=Identifier(value="404833048", scheme="0002"),
        address=Address(country=country),
    )
    return replace(plain_invoice(payee=payee, seller=seller), **changes)


FACTOR = Payee(name="Banque Lille")
DUE = Totals(due=Decimal("0.01"))

BREAKING = [
    ("BANK-01", paid_to(FRENCH.replace("0189", "0188")), "payment.credit_transfers[0].account"),
    ("BANK-01", paid_to("IBAN DE88 3704 0044 0532 0130 00"), "payment.credit_transfers[0].account"),
    ("BANK-01", paid_to(FRENCH, "123456", means="58"), "payment.credit_transfers[1].account"),
    ("BANK-01", debited("DE88370400440532013000"), "payment.direct_debit.debited_account"),
    ("BANK-02", paid_to(FRENCH, bic="AGRIFRPP8"), "payment.credit_transfers[0].provider"),
    ("BANK-03", debited(creditor="DE97ZZZ09999999999"), "payment.direct_debit.creditor_identifier"),
    ("BANK-03", debited(creditor="none yet"), "payment.direct_debit.creditor_identifier"),
    ("BANK-04", paid_to(FRENCH, bic="COBADEFFXXX"), "payment.credit_transfers[0].provider"),
    ("BANK-05", paid_to(GERMAN), "payment.credit_transfers[0].account"),
    ("BANK-06", paid_by(FACTOR), "payee.name"),
    ("BANK-07", paid_to(), "payment.means_code"),
    ("BANK-07", replace(paid_to(None, means="58"), totals=DUE), "payment.means_code"),
    ("BANK-08", paid_to(FRENCH, GERMAN), "payment.credit_transfers[1].account"),
]

PASSING = [
    ("BANK-01", paid_to("FR76 3000 6000 0112 3456 7890 189", means="58")),
    ("BANK-01", paid_to("47668033")),
    ("BANK-01", paid_to("DE85760400XXXXXXXXXX07", "DE8444010046023...", means="58")),
    ("BANK-01", paid_to(None)),
    ("BANK-02", paid_to(FRENCH, bic="AGRIFRPP")),
    ("BANK-02", paid_to("47668033", bic="SE:PLUSGIRO")),
    ("BANK-03", debited(creditor="DE98ZZZ09999999999")),
    ("BANK-03", debited(creditor="23123687", means="49")),
    ("BANK-04", paid_to(GERMAN, bic="COBADEFFXXX")),
    ("BANK-04", paid_to(FRENCH, bic="BNPAMCM1XXX")),
    ("BANK-04", paid_to(FRENCH, bic="no BIC")),
    ("BANK-05", paid_to(GERMAN, FRENCH)),
    ("BANK-05", paid_to("DE88370400440532013000")),
    ("BANK-05", replace(paid_to(GERMAN), payee=FACTOR)),
    ("BANK-06", paid_by(FACTOR, type_code="393")),
    ("BANK-06", paid_by(FACTOR, notes=(Note(text="Créance cédée à la Banque Lille"),))),
    ("BANK-06", paid_by(FACTOR, payment_terms="subrogation au profit de la banque")),
    ("BANK-06", paid_by(Payee(name="VAUBAN"))),
    ("BANK-06", paid_by(Payee(name="B", legal_registration=Identifier(value="404 833 048")))),
    ("BANK-06", plain_invoice()),
    ("BANK-07", paid_to(FRENCH)),
    ("BANK-07", paid_to(means="10")),
    ("BANK-07", replace(paid_to(), totals=Totals(due=Decimal("0.00")))),
    ("BANK-08", paid_to(FRENCH, FRENCH, "DE88370400440532013000")),
]


@pytest.mark.parametrize(("check", "invoice", "path"), BREAKING)
def test_breaks(check: str, invoice: Invoice, path: str) -> None:
    assert [found.paths[0] for found in observed(bank.CHECKS, check, invoice)] == [path]


@pytest.mark.parametrize(("check", "invoice"), PASSING)
def test_passes(check: str, invoice: Invoice) -> None:
    assert observed(bank.CHECKS, check, invoice) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in bank.CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


def test_a_french_account_has_a_key_of_its_own() -> None:
    """The check digits of the IBAN are right, those of the account are not."""
    found = only(bank.CHECKS, "BANK-01", paid_to("FR20 1254 2547 2569 8542 5874 698"))
    assert found.message == (
        "BT-84 is FR20 1254 2547 2569 8542 5874 698, which is no IBAN: "
        "its French key (clé RIB) does not fit"
    )


def test_letters_count_in_the_key_of_a_french_account() -> None:
    assert not observed(bank.CHECKS, "BANK-01", paid_to("FR1420041010050500013M02606"))


@pytest.mark.parametrize(
    ("invoice", "severity"),
    [
        (paid_by(FACTOR), Severity.WARNING),
        (paid_by(FACTOR, country="DE"), None),
        (paid_by(FACTOR, country="DE", payment=paid_to(GERMAN).payment), None),
        (paid_by(FACTOR, country="DE", payment=paid_to(BRITISH).payment), Severity.WARNING),
    ],
)
def test_another_payee_weighs_more_in_france_and_abroad(
    invoice: Invoice, severity: Severity | None
) -> None:
    assert only(bank.CHECKS, "BANK-06", invoice).severity is severity


def test_evidence_holds_both_countries() -> None:
    found = only(bank.CHECKS, "BANK-05", paid_to(GERMAN))
    assert found.message == f"BT-84 {GERMAN} is an account of DE, but the seller is in FR"
    assert found.evidence == (("BT-84", GERMAN), ("BT-40", "FR"))
