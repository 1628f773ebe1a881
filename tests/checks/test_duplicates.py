"""Invoices that were seen before in some guise, and those that only look so."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from einvoice.checks.alike import is_slip
from einvoice.checks.duplicates import CHECKS
from einvoice.checks.fingerprint import fingerprint
from einvoice.checks.history import SeenInvoice
from einvoice.findings import Severity
from einvoice.model import Address, Buyer, Delivery, Invoice, Payee, Period, Seller
from tests.checks.pasts import DAY, amount, bills, issued, naming, observed, seen, transfer

FIRST = issued()
SELLER = FIRST.seller
OTHER_LINES = (replace(FIRST.lines[0], quantity=Decimal(4)),)
OTHER_BUYER = Buyer(name="Hansen Logistik", address=Address(city="Kiel", country="DE"))
TWIN = replace(SELLER, vat_identifier="FR40303265045")
STRANGER = Seller(name="Ebenist SARL", vat_identifier="FR40303265045")
MONTHS = [Delivery(period=Period(start=date(2026, m, 1), end=date(2026, m, 28))) for m in (9, 10)]
MONEY_BACK = {"type_code": "381"}
NEGATIVE = replace(FIRST.totals, with_vat=Decimal(-240), due=Decimal(-240))
IBAN = transfer("FR7630006000011234567890189")


def other(invoice: Invoice = FIRST, **more: Any) -> SeenInvoice:
    return seen(invoice, same_seller=False, **more)


def credit_note(number: str = "A-7", **changes: Any) -> Invoice:
    return issued(number, **MONEY_BACK, **changes)


BREAKING = [
    ("DUP-01", issued(days=30), seen(FIRST), "number"),
    ("DUP-01", issued(lines=OTHER_LINES, totals=amount("480")), seen(FIRST), "number"),
    ("DUP-01", replace(FIRST, issue_date=date(2026, 12, 31)), seen(issued(days=-277)), "number"),
    ("DUP-01", replace(FIRST, issue_date=None), seen(FIRST), "number"),
    ("DUP-01", issued(**MONEY_BACK), seen(FIRST), "number"),
    ("DUP-01", FIRST, seen(FIRST, cancelled=True), "number"),
    ("DUP-01", issued(type_code="384", preceding_invoices=naming("8")), seen(FIRST), "number"),
    ("DUP-02", issued("2026/42"), seen(FIRST), "number"),
    ("DUP-02", issued("2026/42", lines=OTHER_LINES), seen(FIRST), "number"),
    ("DUP-03", issued("77"), seen(FIRST), "number"),
    ("DUP-03", issued("77", 3), seen(FIRST), "number"),
    ("DUP-03", issued("77", 9, delivery=MONTHS[0]), seen(issued(delivery=MONTHS[0])), "number"),
    ("DUP-03", issued("77", lines=()), seen(FIRST), "number"),
    (
        "DUP-03",
        credit_note("A-9", days=200, preceding_invoices=naming("2026-0042")),
        seen(credit_note(preceding_invoices=naming("2026-0042"))),
        "number",
    ),
    ("DUP-04", issued(seller=STRANGER), other(), "seller.name"),
    ("DUP-04", issued("2026-42", 3, seller=STRANGER), other(), "seller.name"),
    ("DUP-04", issued("77", seller=TWIN), other(), "seller.name"),
    ("DUP-04", issued("77", seller=STRANGER, payment=IBAN), other(issued(payment=IBAN)), "seller"),
    ("DUP-05", credit_note(days=3), seen(FIRST), "type_code"),
    ("DUP-05", issued("77"), seen(credit_note()), "type_code"),
    ("DUP-05", issued("77", 99, preceding_invoices=naming("2026-0042")), seen(FIRST), "type_code"),
    (
        "DUP-05",
        credit_note(totals=NEGATIVE, preceding_invoices=naming("2026-0042")),
        seen(FIRST),
        "type_code",
    ),
    ("DUP-06", FIRST, seen(FIRST, same_bytes=True), "number"),
]

PASSING = [
    ("DUP-01", FIRST, seen(FIRST, same_bytes=True)),
    ("DUP-01", FIRST, other()),
    ("DUP-01", issued(days=365), seen(FIRST)),
    ("DUP-01", replace(FIRST, issue_date=date(2027, 1, 1)), seen(issued(days=87))),
    ("DUP-01", issued("2026-0043"), seen(FIRST)),
    ("DUP-01", issued(""), seen(issued(""))),
    ("DUP-01", issued(type_code="384", preceding_invoices=naming("2026-0042")), seen(FIRST)),
    ("DUP-02", issued("2026/42", totals=amount("241")), seen(FIRST)),
    ("DUP-02", issued("2026/42", currency="SEK"), seen(FIRST)),
    ("DUP-02", issued("2026/42", type_code="381"), seen(FIRST)),
    ("DUP-02", issued("2026/42", totals=amount("0")), seen(issued(totals=amount("0")))),
    ("DUP-02", issued("2026/42", buyer=OTHER_BUYER), seen(FIRST)),
    (
        "DUP-02",
        issued("2026/42", purchase_order_reference="2"),
        seen(issued(purchase_order_reference="1")),
    ),
    ("DUP-02", issued("2026/42", delivery=MONTHS[1]), seen(issued(delivery=MONTHS[0]))),
    ("DUP-02", issued("2026/42", preceding_invoices=naming("2026-0042")), seen(FIRST)),
    ("DUP-02", issued("2026/42"), seen(FIRST, cancelled=True)),
    ("DUP-02", issued("2026/42"), other()),
    ("DUP-02", issued("2026-0043", lines=OTHER_LINES), seen(FIRST)),
    ("DUP-03", issued("2026-0072", 30), seen(FIRST)),
    ("DUP-03", issued("77", 4), seen(FIRST)),
    ("DUP-03", issued("77", delivery=MONTHS[1]), seen(issued(delivery=MONTHS[0]))),
    ("DUP-03", issued("77", contract_reference="2"), seen(issued(contract_reference="1"))),
    ("DUP-03", issued("77", buyer=OTHER_BUYER), seen(FIRST)),
    ("DUP-03", issued("77"), seen(FIRST, cancelled=True)),
    ("DUP-03", issued("77", preceding_invoices=naming("2026-0042")), seen(FIRST)),
    ("DUP-03", issued("77"), seen(issued("2026-0042", preceding_invoices=naming("77")))),
    ("DUP-03", issued("77", lines=OTHER_LINES), seen(FIRST)),
    ("DUP-03", issued("77", 1, lines=()), seen(FIRST)),
    ("DUP-03", issued("2026/42"), seen(FIRST)),
    ("DUP-03", issued("77"), other()),
    (
        "DUP-03",
        credit_note("A-9", days=30, preceding_invoices=naming("2026-0041")),
        seen(credit_note(preceding_invoices=naming("2026-0042"))),
    ),
    (
        "DUP-03",
        credit_note("B-20", preceding_invoices=naming("2026-0041")),
        seen(credit_note(preceding_invoices=naming("2026-0042"))),
    ),
    ("DUP-04", issued(days=4, seller=STRANGER), other()),
    ("DUP-04", issued("77", seller=STRANGER), other()),
    ("DUP-04", issued("1/7", seller=STRANGER), other(issued("1-7"))),
    ("DUP-04", issued(seller=STRANGER, lines=OTHER_LINES), other()),
    ("DUP-04", issued(seller=STRANGER, buyer=OTHER_BUYER), other()),
    ("DUP-04", issued(seller=STRANGER, totals=amount("241")), other()),
    ("DUP-04", issued(seller=TWIN), seen(FIRST)),
    (
        "DUP-04",
        issued("77", seller=STRANGER, payment=IBAN, payee=Payee(name="Factor")),
        other(issued(payment=IBAN, payee=Payee(name="Factor"))),
    ),
    ("DUP-05", credit_note(days=4), seen(FIRST)),
    ("DUP-05", credit_note(preceding_invoices=naming("2026-0042")), seen(FIRST)),
    ("DUP-05", credit_note(), seen(FIRST, cancelled=True)),
    ("DUP-05", credit_note(lines=OTHER_LINES), seen(FIRST)),
    ("DUP-05", credit_note(), other()),
    ("DUP-05", credit_note("A-8"), seen(credit_note())),
    ("DUP-05", issued(**MONEY_BACK), seen(FIRST)),
    (
        "DUP-05",
        issued("77", preceding_invoices=naming("2026-0042")),
        seen(FIRST, cancelled=True),
    ),
    (
        "DUP-05",
        issued("77", type_code="384", preceding_invoices=naming("2026-0042")),
        seen(FIRST),
    ),
    (
        "DUP-05",
        issued("77", lines=(), preceding_invoices=naming("2026-0042")),
        seen(issued(lines=())),
    ),
    ("DUP-06", FIRST, seen(FIRST)),
]


@pytest.mark.parametrize(("check", "invoice", "before", "path"), BREAKING)
def test_breaks(check: str, invoice: Invoice, before: SeenInvoice, path: str) -> None:
    (found,) = observed(CHECKS, check, invoice, before)
    assert found.paths[0].startswith(path)
    assert dict(found.evidence)["BT-1"] == f"{invoice.number} / {before.print.number}"
    assert before.told in found.message
    assert found.severity in (None, Severity.INFORMATION)


@pytest.mark.parametrize(("check", "invoice", "before"), PASSING)
def test_passes(check: str, invoice: Invoice, before: SeenInvoice) -> None:
    assert observed(CHECKS, check, invoice, before) == []


def test_each_check_has_both_cases() -> None:
    ids = {check.id for check in CHECKS}
    assert {case[0] for case in BREAKING} == ids == {case[0] for case in PASSING}


@pytest.mark.parametrize("check", [check.id for check in CHECKS])
def test_what_nothing_is_known_of_is_like_nothing(check: str) -> None:
    empty = Invoice()
    assert observed(CHECKS, check, empty) == []
    assert observed(CHECKS, check, empty, seen(empty)) == []


@pytest.mark.parametrize(
    ("one", "two", "days", "similar"),
    [
        ("2026-0042", "2026/42", 60, True),
        ("2026-0042", "2026/42", -60, True),
        ("2026-0042", "2026/42", 61, False),
        ("2026-0042", "2026 OO42", 60, True),
        ("RE-1001", "re I00l", 60, True),
        ("2026-0042", "2026-00442", 3, True),
        ("2026-0042", "2026-00442", 4, False),
        ("2026-0042", "2026-002", 3, True),
        ("2026-0042", "2026-0024", 0, True),
        ("2026-0042", "2026-0024", 1, False),
        ("2026-0042", "2026-0043", 0, True),
        ("2026-0042", "2026-0043", 1, False),
        ("2026-0042", "2026-4200", 0, False),
        ("2026-0042", "2026-0000042", 30, True),
        ("2026-09", "2026-10", 0, False),
    ],
)
def test_numbers_are_nearly_the_same(one: str, two: str, days: int, similar: bool) -> None:
    found = observed(CHECKS, "DUP-02", issued(two, days), seen(issued(one)))
    assert bool(found) is similar


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "the same content"),
        ({"lines": OTHER_LINES}, "other content"),
        ({"lines": ()}, "other content"),
        (MONEY_BACK, "that was an invoice, this is a credit note"),
        ({"totals": NEGATIVE}, "that was an invoice, this is a credit note"),
    ],
)
def test_a_used_number_tells_what_it_was_used_for(changes: dict[str, Any], kind: str) -> None:
    (found,) = observed(CHECKS, "DUP-01", issued(days=1, **changes), seen(FIRST))
    assert found.message == (
        "the seller has used the number (BT-1) 2026-0042 before, in 2026-0042 of 2026-10-05 "
        f"(old.xml, seen 2026-10-06): {kind}"
    )


def test_evidence_has_both_invoices() -> None:
    (found,) = observed(CHECKS, "DUP-02", issued("2026/42", 2), seen(FIRST))
    assert found.message.startswith("the number (BT-1) 2026/42 is nearly that of 2026-0042 of ")
    assert found.evidence == (
        ("BT-1", "2026/42 / 2026-0042"),
        ("BT-2", "2026-10-07 / 2026-10-05"),
        ("BT-3", "380 / 380"),
        ("BT-112", "240 / 240 EUR"),
        ("seen", "2026-10-06 old.xml"),
    )


@pytest.mark.parametrize(
    ("invoice", "before", "why", "severity"),
    [
        (issued("77"), FIRST, "the same content", None),
        (issued("77", 3), FIRST, "the same content", Severity.INFORMATION),
        (issued("77", lines=()), FIRST, "the same amount on the same day", Severity.INFORMATION),
        (
            issued("77", 30, despatch_advice_reference="L 1"),
            issued(despatch_advice_reference="L1"),
            "the same content",
            None,
        ),
        (
            credit_note("B-20", preceding_invoices=naming("5")),
            credit_note(preceding_invoices=naming("5")),
            "a credit note for the same invoice",
            None,
        ),
    ],
)
def test_the_same_content_weighs_by_what_is_known(
    invoice: Invoice, before: Invoice, why: str, severity: Severity | None
) -> None:
    (found,) = observed(CHECKS, "DUP-03", invoice, seen(before))
    assert found.message.endswith(f" under another number: {why}")
    assert found.severity is severity


@pytest.mark.parametrize(
    ("number", "seller", "link"),
    [
        ("2026/0042", STRANGER, "the number 2026-0042"),
        ("77", STRANGER, "the account FR7630006000011234567890189"),
        ("77", replace(TWIN, name="ATELIER  VAUBAN"), "the name"),
    ],
)
def test_two_sellers_are_linked(number: str, seller: Seller, link: str) -> None:
    payment = None if link == "the name" else IBAN
    invoice = issued(number, seller=seller, payment=payment)
    (found,) = observed(CHECKS, "DUP-04", invoice, other(issued(payment=payment)))
    assert found.message.endswith(f"of Atelier Vauban: the same amount and {link}")


@pytest.mark.parametrize(
    ("invoice", "before", "kinds"),
    [
        (credit_note(), FIRST, ("a credit note", "an invoice")),
        (issued("77"), credit_note(), ("an invoice", "a credit note")),
        (
            credit_note(totals=NEGATIVE, preceding_invoices=naming("2026-0042")),
            FIRST,
            ("an invoice", "a credit note"),
        ),
    ],
)
def test_the_wrong_type_is_named(invoice: Invoice, before: Invoice, kinds: tuple[str, str]) -> None:
    (found,) = observed(CHECKS, "DUP-05", invoice, seen(before))
    is_now, should_be = kinds
    assert found.message.startswith(
        f"the type (BT-3) {invoice.type_code} and the sign of the amount (BT-112) make "
        f"{invoice.number} {is_now}, "
    )
    assert found.message.endswith(f": should it be {should_be}?")
    assert found.paths == ("type_code", "totals.with_vat", "number")


def test_equal_bytes_are_told_as_such() -> None:
    (found,) = observed(CHECKS, "DUP-06", FIRST, seen(FIRST, same_bytes=True))
    assert found.message == (
        "the same XML, byte by byte, came before as 2026-0042 of 2026-10-05 "
        "(old.xml, seen 2026-10-06)"
    )


@pytest.mark.parametrize(
    ("check", "invoice", "same_bytes"),
    [
        ("DUP-01", issued(days=1), False),
        ("DUP-02", issued("2026/42"), False),
        ("DUP-03", issued("77"), False),
        ("DUP-05", credit_note(), False),
        ("DUP-06", FIRST, True),
    ],
)
def test_what_was_invalid_had_to_be_sent_again(
    check: str, invoice: Invoice, same_bytes: bool
) -> None:
    before = seen(FIRST, invalid=True, same_bytes=same_bytes)
    (found,) = observed(CHECKS, check, invoice, before)
    assert found.severity is Severity.INFORMATION
    assert found.message.endswith("; that one was invalid, so that it had to be sent again")


def test_each_invoice_seen_before_is_told_once() -> None:
    """No pair of invoices breaks two checks but where each has something else to say."""
    for invoice in (issued(days=1), issued("2026/42"), issued("77"), credit_note()):
        broken = [c.id for c in CHECKS if observed(CHECKS, c.id, invoice, seen(FIRST))]
        assert len(broken) == 1, (invoice.number, broken)
    assert len(observed(CHECKS, "DUP-01", issued(days=1), seen(FIRST), seen(issued(days=2)))) == 2


NUMBERS = st.text("0123456789OIl-/ aAbZ", max_size=9)


@given(NUMBERS, NUMBERS)
def test_a_slip_goes_both_ways(one: str, two: str) -> None:
    assert is_slip(one, two) == is_slip(two, one)


@given(NUMBERS)
def test_equal_texts_are_no_slip(text: str) -> None:
    assert not is_slip(text, text)
    assert not is_slip(text, text.lower())


@given(NUMBERS, st.integers(0, 9), st.sampled_from("0123456789X"))
def test_one_change_is_a_slip(text: str, place: int, letter: str) -> None:
    place = min(place, len(text))
    head, tail = text[:place], text[place:]
    changed = {head + letter + tail, head + tail[1:], head + letter + tail[1:]}
    changed.add(head + tail[1:2] + tail[:1] + tail[2:])
    for other_text in changed:
        assert is_slip(text, other_text) is (text.upper() != other_text.upper())


@pytest.mark.parametrize(
    ("one", "two"), [("1234", "2143"), ("1234", "3214"), ("12", "1234"), ("1234", "1256")]
)
def test_two_changes_are_no_slip(one: str, two: str) -> None:
    assert not is_slip(one, two)


def test_the_day_of_the_examples() -> None:
    assert fingerprint(FIRST).issued == DAY


@pytest.mark.parametrize(("habit", "told"), [(2, True), (3, False)])
def test_the_same_content_some_days_later_is_told_unless_it_is_usual(
    habit: int, told: bool
) -> None:
    """Bread is delivered every day."""
    recent = bills(*((f"2026-00{n}", DAY - timedelta(n)) for n in range(habit)))
    found = observed(CHECKS, "DUP-03", issued("77", days=2), seen(FIRST), recent=recent)
    assert [each.severity for each in found] == [Severity.INFORMATION] * told
