"""Fingerprints do not depend on how an invoice is written, and differ where invoices do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from einvoice.checks.fingerprint import (
    fingerprint,
    master_values,
    number_key,
    same_number,
    values_of,
)
from einvoice.model import (
    Address,
    Buyer,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Payee,
    Period,
    Seller,
    VatBreakdown,
)
from tests.checks.pasts import amount, issued, naming, transfer

NUMBERS = st.text("0123456789OIL-/. abZé", max_size=8)
ZEROS = st.text("0", max_size=3)
BLANKS = st.text(" \t\n\u00a0", max_size=3)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2026-0042", "2026/42", True),
        ("2026-0042", "20260042", True),
        ("2026-0042", "2026-042", True),
        ("RE-1001", "re IOOl", True),
        ("Ｆ-１", "F-1", True),
        ("0", "000", True),
        ("2026-0042", "2026-4200", False),
        ("2026-0042", "2026-0420", False),
        ("42", "2026-42", False),
        ("42", "42-A", False),
        ("A-42", "B-42", False),
        ("", "", False),
        ("--", "--", False),
    ],
)
def test_two_writings_of_one_number(one: str, two: str, same: bool) -> None:
    assert same_number(one, two) is same
    assert (number_key(one) == number_key(two)) or not same


@given(NUMBERS, NUMBERS)
def test_same_number_goes_both_ways_and_has_one_key(one: str, two: str) -> None:
    assert same_number(one, two) == same_number(two, one)
    assert not same_number(one, two) or number_key(one) == number_key(two)


@given(st.lists(st.text("0123456789abcxyz", min_size=1, max_size=4), min_size=1, max_size=4))
def test_case_and_separators_do_not_make_another_number(parts: list[str]) -> None:
    number = "-".join(parts)
    for other in (number.upper(), "/".join(parts), " . ".join(parts), "".join(parts)):
        assert same_number(number, other)


@given(ZEROS, st.integers(1, 9999), ZEROS, st.integers(0, 9999))
def test_zeros_before_a_group_do_not_make_another_number(
    more: str, first: int, zeros: str, second: int
) -> None:
    assert same_number(f"F{more}{first}-{zeros}{second}", f"F{first}-{second}")


def _with_amounts(zeros: str) -> Invoice:
    """Two lines, each number with some zeros behind the point."""

    def number(text: str) -> Decimal:
        return Decimal(text + zeros)

    lines = tuple(
        Line(item=Item(name=name), quantity=number("2.5"), net_amount=number("100.0"))
        for name in ("Table", "Chaise")
    )
    row = VatBreakdown(category="S", rate=number("20.0"))
    totals = replace(amount("240"), with_vat=number("240.0"))
    return issued(lines=lines, totals=totals, vat_breakdown=(row,))


@given(ZEROS, st.booleans())
def test_zeros_behind_the_point_and_the_order_of_lines_do_not_count(
    zeros: str, swapped: bool
) -> None:
    invoice = _with_amounts(zeros)
    lines = invoice.lines[::-1] if swapped else invoice.lines
    assert fingerprint(replace(invoice, lines=lines)) == fingerprint(_with_amounts(""))


def _with_blanks(blank: str) -> Invoice:
    """An invoice whose texts have blanks where people put them."""
    line = issued().lines[0]
    return issued(
        f"{blank}2026-0042{blank}",
        seller=Seller(
            name=f"{blank}Atelier Vauban",
            vat_identifier=f"FR83{blank}404{blank}833048",
            legal_registration=Identifier(value=f"404{blank}833{blank}048", scheme="0002"),
            address=Address(country="FR", post_code=f"59000{blank}"),
        ),
        buyer=Buyer(name=f"Kontor{blank}Hansen", vat_identifier=f"DE{blank}136695976"),
        lines=(replace(line, item=Item(name=f"Table{blank}")),),
        purchase_order_reference=f"PO{blank}7",
        payment=transfer(f"FR76{blank}30006000011234567890189"),
        preceding_invoices=naming(f"2026-0041{blank}"),
    )


@given(BLANKS)
def test_blanks_do_not_count(blank: str) -> None:
    assert fingerprint(_with_blanks(blank)) == fingerprint(_with_blanks(""))


PERIODS = [Period(start=issued(days=n).issue_date) for n in (0, 30)]
IN_PERIODS = tuple(replace(issued().lines[0], period=period) for period in PERIODS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "2026-0043"}, "number"),
        ({"currency": "SEK"}, "currency"),
        ({"totals": amount("240.01")}, "gross"),
        ({"lines": (replace(issued().lines[0], quantity=Decimal(3)),)}, "lines"),
        ({"lines": (replace(issued().lines[0], item=Item(name="Chaise")),)}, "lines"),
        ({"lines": issued().lines * 2}, "lines"),
        ({"buyer": Buyer(name="Hansen Logistik")}, "buyer_key"),
        ({"project_reference": "P"}, "occasion"),
        ({"contract_reference": "C"}, "occasion"),
        ({"receiving_advice_reference": "R"}, "occasion"),
        ({"invoiced_object": Identifier(value="meter 7")}, "occasion"),
        ({"delivery": Delivery(actual_date=issued().issue_date)}, "occasion"),
        ({"delivery": Delivery(period=PERIODS[0])}, "occasion"),
        ({"lines": IN_PERIODS[:1]}, "occasion"),
        ({"payee": Payee(name="Factor")}, "assigned"),
        ({"type_code": "393"}, "assigned"),
        ({"type_code": "381"}, "credit"),
    ],
)
def test_what_differs_shows(changes: dict[str, Any], field: str) -> None:
    base = issued()
    assert getattr(fingerprint(replace(base, **changes)), field) != getattr(
        fingerprint(base), field
    )


def test_two_line_periods_are_one_occasion_in_any_order() -> None:
    one, two = (fingerprint(issued(lines=lines)) for lines in (IN_PERIODS, IN_PERIODS[::-1]))
    assert one == two != fingerprint(issued(lines=IN_PERIODS[:1]))


@pytest.mark.parametrize(
    ("type_code", "gross", "credit"),
    [
        ("380", "240", False),
        ("381", "240", True),
        ("380", "-240", True),
        ("381", "-240", False),
        ("381", "0", True),
        ("380", "-0.00", False),
    ],
)
def test_type_and_sign_tell_what_gives_money_back(type_code: str, gross: str, credit: bool) -> None:
    found = fingerprint(issued(type_code=type_code, totals=amount(gross)))
    assert found.credit is credit
    assert found.gross == gross.removeprefix("-").removesuffix(".00")


def test_content_is_known_only_with_lines_and_an_amount() -> None:
    assert fingerprint(issued()).content == fingerprint(issued("77", 99)).content != ""
    assert fingerprint(issued(lines=())).content == ""
    assert fingerprint(replace(issued(), totals=Invoice().totals)).content == ""


def test_many_digits_are_kept() -> None:
    gross = "1" * 40 + ".01"
    assert fingerprint(issued(totals=amount(f"-{gross}"))).gross == gross


@pytest.mark.parametrize(
    ("seller", "keys"),
    [
        (Seller(vat_identifier="FR83 404 833 048"), ("siren:404833048", "vat:FR83404833048")),
        (
            Seller(legal_registration=Identifier(value="40483304800022", scheme="0009")),
            ("siren:404833048",),
        ),
        (
            Seller(
                legal_registration=Identifier(value="404833048"), address=Address(country="FR")
            ),
            ("siren:404833048",),
        ),
        (
            Seller(
                name="Möbel Öhm",
                legal_registration=Identifier(value="HRB 12345"),
                tax_registration="27/181/08155",
                address=Address(country="DE", post_code="10115"),
            ),
            ("reg-DE:HRB12345", "tax-DE:2718108155", "name:DE:MOBELOHM:10115"),
        ),
        (Seller(identifiers=(Identifier(value="4000001123452", scheme="0088"),)),
         ("0088:4000001123452",)),
        (Seller(identifiers=(Identifier(value="supplier 12345"),)), ()),
        (Seller(vat_identifier="N/A", legal_registration=Identifier(value="00000")), ()),
        (Seller(legal_registration=Identifier(value="000000000", scheme="0002")), ()),
    ],
)  # fmt: skip
def test_keys_of_a_seller_the_strongest_first(seller: Seller, keys: tuple[str, ...]) -> None:
    assert fingerprint(Invoice(seller=seller)).seller_keys == keys


@pytest.mark.parametrize(
    ("payee", "assigned"),
    [
        (Payee(name="Banque Lille"), True),
        (Payee(name="ATELIER VAUBAN"), False),
        (Payee(name="A. V.", legal_registration=Identifier(value="404 833 048")), False),
    ],
)
def test_a_payee_who_is_the_seller_is_no_factor(payee: Payee, assigned: bool) -> None:
    seller = replace(
        issued().seller, legal_registration=Identifier(value="404833048", scheme="0002")
    )
    assert fingerprint(issued(seller=seller, payee=payee)).assigned is assigned


@pytest.mark.parametrize(
    ("vat", "registration", "keys"),
    [
        ("FR83 404 833 048", "", ("siren:404833048",)),
        ("", "404 833 048 00022", ("siren:404833048",)),
        ("DE136695976", "", ("vat:DE136695976",)),
        ("", "HRB 12345", ("reg-DE:HRB12345",)),
    ],
)
def test_a_supplier_is_found_by_the_keys_of_its_invoices(
    vat: str, registration: str, keys: tuple[str, ...]
) -> None:
    assert master_values(vat, registration) & values_of(keys)


def test_a_name_finds_no_supplier() -> None:
    assert values_of(("name:FR:ATELIERVAUBAN:59000",)) == set()
    assert master_values("", "") == set()
