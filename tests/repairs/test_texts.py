"""Repairs of texts, codes and identifiers."""

from datetime import date

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    Contact,
    CreditTransfer,
    Identifier,
    Invoice,
    Item,
    Note,
    PaymentInstructions,
    Process,
    Seller,
    SupportingDocument,
)
from einvoice.repairs import repair
from tests.examples import plain_invoice


def trimmed(invoice):
    return repair(invoice, ["trim-text"])[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  a \t b\n", "a b"),
        ("a\nb", "a b"),
        ("a\u00a0: b", "a\u00a0: b"),  # one no-break space is French, two are a fault
        ("a\u00a0\u00a0b\u00a0", "a b"),
        ("a b", "a b"),
    ],
)
def test_a_text_of_one_line(before, after) -> None:
    assert trimmed(plain_invoice(number=before)).number == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n a  b \n\n  c\r\n", "a b\n\nc"),
        ("a\tb", "a b"),
    ],
)
def test_a_note_keeps_its_lines(before, after) -> None:
    assert trimmed(plain_invoice(notes=(Note(text=before),))).notes == (Note(text=after),)


def test_a_cash_discount_keeps_the_line_break_at_its_end() -> None:
    terms = "#SKONTO#TAGE=7#PROZENT=2.00#\n"
    assert trimmed(plain_invoice(payment_terms=f" {terms}  ")).payment_terms == terms
    assert trimmed(plain_invoice(payment_terms=" \n ")).payment_terms is None


def test_a_group_without_content_is_left_out() -> None:
    seller = plain_invoice().seller
    blank = Identifier(value=" ", scheme="0088")
    empty = plain_invoice(
        notes=(Note(text=" "), Note(text="a")),
        process=Process(specification=" "),
        seller=replace(
            seller, identifiers=(blank,), legal_registration=blank, contact=Contact(point="\n")
        ),
    )
    expected = plain_invoice(notes=(Note(text="a"),), process=Process(), seller=seller)
    mended, changes = repair(empty, ["trim-text"])
    assert mended == expected
    assert ("seller.legal_registration.scheme", "0088", None) in {
        (change.path, change.before, change.after) for change in changes
    }
    assert trimmed(Invoice(number=" ", seller=Seller(name=""))) == Invoice()


def test_a_trimmed_invoice_is_valid() -> None:
    seller = replace(plain_invoice().seller, legal_registration=Identifier(value="1", scheme=" "))
    line = replace(plain_invoice().lines[0], item=Item(name="Table", country_of_origin=""))
    blank = SupportingDocument(reference="\n")
    broken = plain_invoice(seller=seller, lines=(line,), supporting_documents=(blank,))
    before = einvoice.validate(write_xml("ubl-invoice", broken))
    assert {finding.rule for finding in before.findings} == {"BR-CL-11", "BR-CL-15", "BR-52"}
    mended = write_xml("ubl-invoice", trimmed(broken))
    assert einvoice.validate(mended).verdict is Verdict.VALID


def account(text):
    return plain_invoice(
        payment=PaymentInstructions(
            means_code="58", credit_transfers=(CreditTransfer(account=text, provider="x y"),)
        )
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("DE89\u00a037040044\u00a00532013000", "DE89370400440532013000"),
        ("DE88 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),  # another check digit
        ("30002 00550 0000157841Z 25", "30002 00550 0000157841Z 25"),  # a French RIB
        ("", ""),
        (None, None),
    ],
)
def test_an_iban(before, after) -> None:
    mended, changes = repair(account(before), ["iban"])
    assert mended == account(after)
    assert [change.term for change in changes] == (["BT-84"] if before != after else [])


def test_a_tax_point_date_wins_over_its_code() -> None:
    both = plain_invoice(tax_point_date=date(2026, 10, 1), tax_point_date_code="35")
    mended = repair(both, ["tax-point"])[0]
    assert mended == plain_invoice(tax_point_date=date(2026, 10, 1))
    only = plain_invoice(tax_point_date_code="35")
    assert repair(only, ["tax-point"]) == (only, ())
