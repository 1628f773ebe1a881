"""Payments of invoices: the table, and the look-up whichever identifier of the seller it names."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from einvoice.checks.keys import seller_key
from einvoice.checks.payments import Payment, Payments, load_payments
from einvoice.errors import InputNotReadable, TableError
from einvoice.model import Identifier, Invoice
from tests.examples import plain_invoice

HEADER = "seller;number;paid_on;amount;currency\n"


def invoice(**seller: object) -> Invoice:
    return plain_invoice(seller=replace(plain_invoice().seller, **seller))


def payment(seller: str = "404833048", number: str = "2026-0042", day: int = 4) -> Payment:
    paid_on = date(2026, 11, day)
    return Payment(seller=seller, number=number, paid_on=paid_on, amount=Decimal(1))


def loaded(tmp_path, rows: str) -> Payments:
    path = tmp_path / "payments.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    return load_payments(path)


@pytest.mark.parametrize(
    "seller",
    [
        "FR83404833048",
        "fr 83 404 833 048",
        "404833048",
        "404 833 048",
        "404.833.048-00022",
        "40483304800022",
    ],
)
@pytest.mark.parametrize(
    "given",
    [
        {"vat_identifier": "FR83404833048"},
        {"vat_identifier": None, "legal_registration": Identifier(value="404833048")},
        {"vat_identifier": None, "identifiers": (Identifier(value="404 833 048 00022"),)},
    ],
)
def test_a_french_seller_is_found_by_each_of_its_numbers(seller, given) -> None:
    assert len(Payments([payment(seller)]).of(invoice(**given))) == 1


def test_a_foreign_seller_is_found_by_each_of_its_numbers() -> None:
    seller = {"vat_identifier": "DE123456788", "legal_registration": Identifier(value="HRB 1-23")}
    payments = Payments([payment("HRB123", day=6), payment("de 123.456.788", day=5)])
    assert [each.paid_on.day for each in payments.of(invoice(**seller))] == [5, 6]
    assert Payments([payment("123456788")]).of(invoice(**seller)) == ()


@pytest.mark.parametrize(
    "other",
    [
        payment("732829320"),
        payment(number="2026-0043"),
        payment(number="2026-42"),
    ],
)
def test_other_invoices_and_sellers_are_not_found(other) -> None:
    assert Payments([other]).of(invoice()) == ()


def test_a_number_without_check_digit_stands_for_itself_alone() -> None:
    assert seller_key("FR00123456789") == "FR00123456789"
    assert seller_key("12345678900011") == "12345678900011"


def test_payments_come_by_day_and_once(tmp_path) -> None:
    rows = (
        "404833048;2026-0042;2026-11-20;100,00;eur\n"
        "FR83404833048; 2026-0042 ;2026-11-04;140.00;\n"
        "404833048;2026-0042;2026-11-04;-1;\n"
        "404833048;2026-0042;2026-11-04;1;\n"
    )
    found = loaded(tmp_path, rows).of(invoice(legal_registration=Identifier(value="404833048")))
    assert [(each.paid_on.day, str(each.amount), each.currency) for each in found] == [
        (4, "140.00", None),
        (4, "1", None),
        (4, "-1", None),
        (20, "100.00", "EUR"),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("---;1;2026-11-04;1;", "line 2: seller '---' has neither letter nor digit"),
        ("A;;2026-11-04;1;", "line 2: number is empty"),
        ("A;1;04.11.2026;1;", "line 2: paid_on '04.11.2026' is no day in the form 2026-11-24"),
        ("A;1;2026-11-04;1.000;", "line 2: amount '1.000' can be thousands or three decimals; "),
        ("A;1;2026-11-04;1;euro", "line 2: currency 'euro' is no currency code such as EUR"),
    ],
)
def test_a_faulty_row_costs_the_whole_table(tmp_path, row, fault) -> None:
    with pytest.raises(TableError) as raised:
        loaded(tmp_path, f"{row}\nA;1;2026-11-04;1;\n")
    (found,) = raised.value.faults
    assert found.startswith(fault)


def test_a_table_that_is_not_there(tmp_path) -> None:
    with pytest.raises(InputNotReadable):
        load_payments(tmp_path / "none.csv")
