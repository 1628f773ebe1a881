"""Arithmetic: each check with cases that break it, cases that are right, and the borders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from msgspec.structs import replace

from einvoice.checks import arithmetic
from einvoice.checks.check import Check, Observation, Sight
from einvoice.findings import Severity
from einvoice.model import (
    AllowanceCharge,
    Extension,
    Invoice,
    Line,
    LineAllowanceCharge,
    LineExtension,
    LineVat,
    PrecedingInvoice,
    Price,
    Process,
    Totals,
    VatBreakdown,
)
from einvoice.model.extension import AdvancePayment, ThirdPartyPayment
from einvoice.model.lines import LineInvoiceReference
from tests.examples import plain_invoice

EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
MINIMUM = "urn:factur-x.eu:1p0:minimum"
CHECKS = {check.id: check for check in arithmetic.CHECKS}


def run(check: str, invoice: Invoice) -> list[Observation]:
    return list(CHECKS[check].run(Sight(invoice=invoice, today=date(2026, 11, 24))))


def messages(check: str, invoice: Invoice) -> list[str]:
    return [found.message for found in run(check, invoice)]


def found_in(invoice: Invoice) -> list[str]:
    return [check.id for check in arithmetic.CHECKS for _ in run(check.id, invoice)]


def amounts(*values: str) -> tuple[LineAllowanceCharge, ...]:
    return tuple(LineAllowanceCharge(amount=D(value)) for value in values)


def line(net: str, quantity: str, price: str, **changes: Any) -> Line:
    of_price = {
        n: D(changes.pop(n)) for n in ("gross", "discount", "base_quantity") & changes.keys()
    }
    return Line(
        identifier=changes.pop("identifier", "1"),
        net_amount=D(net),
        quantity=D(quantity),
        price=Price(net=D(price), **of_price),
        vat=LineVat(category="S", rate=D(20)),
        **changes,
    )


def with_lines(*lines: Line, **changes: Any) -> Invoice:
    return plain_invoice(lines=lines, **changes)


def with_totals(**values: str | None) -> Invoice:
    changed = {name: None if value is None else D(value) for name, value in values.items()}
    return plain_invoice(totals=replace(plain_invoice().totals, **changed))


def test_a_plain_invoice_has_nothing() -> None:
    assert found_in(plain_invoice()) == []


def test_ids_are_unique_and_in_order() -> None:
    assert list(CHECKS) == [f"SUM-{number:02}" for number in range(1, 11)]
    assert all(isinstance(check, Check) for check in arithmetic.CHECKS)


RIGHT_LINES = {
    "two cents off": line("200.02", "2", "100.00"),
    "two cents less": line("199.98", "2", "100.00"),
    "base quantity": line("5.00", "250", "2.00", base_quantity="100"),
    "allowance and charge": line(
        "193.00", "2", "100", allowances=amounts("10"), charges=amounts("3")
    ),
    "credit by quantity": line("-200.00", "-2", "100.00"),
    "price rounded to cents": line("929.70", "100", "9.30"),
    "price rounded further down": line("929.50", "100", "9.30"),
    "price rounded to four decimals": line("6912.37", "2100", "3.2916"),
    "unit price rounded to 2 before": line("930.00", "100", "9.297"),
    "unit price rounded to 4 before": line("12346.00", "10000", "1.23456789"),
    "price of one rounded to 2": line("100.00", "300", "33.3333", base_quantity="100"),
    "gross price first": line("9.00", "1000", "0.01", gross="0.0100", discount="0.001"),
    "discount told twice": line(
        "90.00", "10", "9.00", gross="10.00", discount="1.00", allowances=amounts("10.00")
    ),
    "a third of an hour": line("30.00", "0.33", "90.00"),
    "sum of its own lines": line(
        "330.00", "1", "300.00", extension=LineExtension(sub_lines=(line("330.00", "9", "9"),))
    ),
    "allowances as a total": line(
        "180.00", "2", "100.00", extension=LineExtension(allowance_charge_total=D("-20.00"))
    ),
    "group": line("999.00", "1", "1.00", extension=LineExtension(subtype="GROUP")),
    "information": line("0.00", "1", "5.00", extension=LineExtension(subtype="INFORMATION")),
    "no quantity": Line(net_amount=D(5), price=Price(net=D(4))),
    "base quantity of zero": line("5.00", "1", "4.00", base_quantity="0"),
    "allowance without an amount": line("1.00", "1", "4.00", allowances=(LineAllowanceCharge(),)),
}


@pytest.mark.parametrize("name", RIGHT_LINES)
def test_a_right_line_has_nothing(name: str) -> None:
    assert messages("SUM-01", with_lines(RIGHT_LINES[name])) == []


WRONG_LINES = {
    "200.03, expected 200.00: 0.03 too much": line("200.03", "2", "100.00"),
    "199.97, expected 200.00: 0.03 too little": line("199.97", "2", "100.00"),
    "929.40, expected 930.00: 0.60 too little": line("929.40", "100", "9.30"),
    "1000.50, expected 1000.00: 0.50 too much": line("1000.50", "100", "10.00"),
    "22.60, expected 22.50: 0.10 too much": line("22.60", "0.25", "90.00"),
    "300.00, expected 200.00: it fits a quantity of 3": line("300.00", "2", "100.00"),
    "-200.00, expected 200.00: it has the opposite sign": line("-200.00", "2", "100.00"),
    "500.00, expected 5.00: it leaves out the base quantity BT-149": line(
        "500.00", "250", "2.00", base_quantity="100"
    ),
    "80.00, expected 67.22: it takes the gross price BT-148, not the net price": line(
        "80.00", "1", "67.2244", gross="80.0006", discount="12.7762"
    ),
    "98.00, expected 80.00: it takes off the price discount BT-147 once, not per unit": line(
        "98.00", "10", "8.00", gross="10.00", discount="2.00"
    ),
    "9.00, expected 7.00: it leaves out allowances and charges of the line (BG-27, BG-28)": line(
        "9.00", "2", "4.50", allowances=amounts("5"), charges=amounts("3")
    ),
    "200.00, expected 190.00: it leaves out the allowances of the line (BG-27)": line(
        "200.00", "2", "100.00", allowances=amounts("6", "4")
    ),
    "200.00, expected 203.00: it leaves out the charges of the line (BG-28)": line(
        "200.00", "2", "100.00", charges=amounts("3")
    ),
    "210.00, expected 190.00: it adds the allowances of the line (BG-27)": line(
        "210.00", "2", "100.00", allowances=amounts("10")
    ),
    "100.00, expected 200.00: it leaves out the quantity BT-129": line("100.00", "2", "100.00"),
    "9.00, expected 90.00: it takes the gross price BT-148, not the net price": line(
        "9.00", "1", "90.00", gross="9.00"
    ),
    "240.00, expected 200.00: it includes VAT": line("240.00", "2", "100.00"),
    "166.67, expected 200.00: VAT is taken out of a price without VAT": line(
        "166.67", "2", "100.00"
    ),
    "2000.00, expected 200.00: it is 10 times too large": line("2000.00", "2", "100.00"),
    "2.00, expected 200.00: it is 100 times too small": line("2.00", "2", "100.00"),
}


@pytest.mark.parametrize("what", WRONG_LINES)
def test_a_wrong_line_is_explained(what: str) -> None:
    assert messages("SUM-01", with_lines(WRONG_LINES[what])) == [f"BT-131 of line 1 is {what}."]


def test_a_wrong_line_has_its_place_and_its_numbers() -> None:
    wrong = line("90.00", "2", "100.00", base_quantity="4", charges=amounts("1.5"))
    (found,) = run("SUM-01", with_lines(line("1.00", "1", "1.00"), wrong))
    assert found.paths == ("lines[1].net_amount", "lines[1].quantity", "lines[1].price.net")
    assert found.evidence == (
        ("BT-131", "90.00"),
        ("BT-129", "2"),
        ("BT-146", "100.00"),
        ("BT-149", "4"),
        ("BG-28", "1.5"),
        ("expected", "51.50"),
    )


@pytest.mark.parametrize(
    ("currency", "net", "wrong"),
    [("HUF", "200.50", 0), ("HUF", "200.51", 1), ("JPY", "200.50", 0), ("CZK", "200.50", 1)],
)
def test_currencies_without_cents_are_rounded_to_whole(currency: str, net: str, wrong: int) -> None:
    invoice = with_lines(line(net, "2", "100.00"), currency=currency)
    assert len(messages("SUM-01", invoice)) == wrong


def test_huge_numbers_are_no_crash() -> None:
    huge = "9" * 300
    odd = line(huge, huge, "0." + "3" * 300, gross=huge, discount=huge, base_quantity="7")
    part = AllowanceCharge(amount=D(huge), base_amount=D(huge), percentage=D("0." + huge))
    totals = Totals(**{name: D(huge) for name in Totals.__struct_fields__})
    rows = (VatBreakdown(taxable_amount=D(1), tax_amount=D(huge), category="S", rate=D(20)),)
    assert found_in(with_lines(odd, allowances=(part,), totals=totals, vat_breakdown=rows))


def grouped(*lines: tuple[str, str | None, str, str]) -> Invoice:
    return plain_invoice(
        lines=tuple(
            Line(
                identifier=name,
                net_amount=D(net),
                extension=LineExtension(parent=parent, subtype=subtype),
            )
            for name, parent, subtype, net in lines
        )
    )


def test_a_group_is_the_sum_of_the_lines_right_below_it() -> None:
    right = (
        ("1", None, "GROUP", "30.02"),
        ("1.1", "1", "GROUP", "20.00"),
        ("1.1.1", "1.1", "DETAIL", "20.00"),
        ("1.2", "1", "DETAIL", "10.00"),
        ("1.3", "1", "INFORMATION", "99.00"),
    )
    assert messages("SUM-02", grouped(*right)) == []
    (found,) = run("SUM-02", grouped(("1", None, "GROUP", "30.03"), *right[1:]))
    assert found.paths == ("lines[0].net_amount",)
    assert found.message == (
        "BT-131 of group line 1 is 30.03, expected 30.00, the sum of its 2 lines: 0.03 too much."
    )


def test_a_group_counts_in_no_total() -> None:
    lines = (("1", None, "GROUP", "200.00"), ("2", "1", "DETAIL", "200.00"))
    assert messages("SUM-05", grouped(*lines)) == []
    totals = replace(plain_invoice().totals, line_net=D("400.00"))
    (message,) = messages("SUM-05", replace(grouped(*lines), totals=totals))[:1]
    assert message.endswith(": it counts groups and informations too.")


def test_a_group_without_lines_is_left_alone() -> None:
    assert messages("SUM-02", grouped(("1", None, "GROUP", "30.00"))) == []


RIGHT_PRICES = {
    "exact": line("9", "1", "9.00", gross="10.00", discount="1.00"),
    "rounded": line("9", "1", "2.48", gross="2.75", discount="0.275"),
    "discount of the line": line("48", "5", "9.60", gross="10.00", discount="2.00"),
    "discount of the line, rounded": line("8", "3", "2.67", gross="3.00", discount="1.00"),
    "no discount given": line("9", "1", "9.00", gross="10.00"),
    "gross price of zero": line("9", "1", "9.00", gross="0.00", discount="0"),
}


@pytest.mark.parametrize("name", RIGHT_PRICES)
def test_a_right_price_has_nothing(name: str) -> None:
    assert messages("SUM-03", with_lines(RIGHT_PRICES[name])) == []


def test_a_net_price_is_gross_less_discount() -> None:
    wrong = line("9.01", "1", "9.01", gross="10.00", discount="1.00")
    (found,) = run("SUM-03", with_lines(wrong))
    assert found.message == (
        "The net price BT-146 of line 1 is 9.01, expected 9.00: BT-148 10.00 less BT-147 1.00."
    )
    assert found.paths == ("lines[0].price.net", "lines[0].price.gross", "lines[0].price.discount")


def test_an_extension_may_have_a_further_discount() -> None:
    lower = with_lines(line("8", "1", "8.00", gross="10.00", discount="1.00"))
    assert len(messages("SUM-03", lower)) == 1
    assert messages("SUM-03", replace(lower, process=Process(specification=EXTENDED))) == []


def part(amount: str, base: str, percentage: str) -> AllowanceCharge:
    return AllowanceCharge(amount=D(amount), base_amount=D(base), percentage=D(percentage))


@pytest.mark.parametrize(
    ("amount", "base", "percentage"),
    [
        ("10.02", "100.00", "10"),
        ("100.00", "300.00", "33.33"),
        ("-10.00", "-100.00", "10"),
        ("-0.10", "-5.00", "-2.00"),
    ],
)
def test_a_right_percentage_has_nothing(amount: str, base: str, percentage: str) -> None:
    assert messages("SUM-04", plain_invoice(allowances=(part(amount, base, percentage),))) == []


def test_a_percentage_gives_the_amount() -> None:
    invoice = plain_invoice(
        allowances=(part("10.03", "100.00", "10"),), charges=(part("5.00", "100.00", "0.05"),)
    )
    assert messages("SUM-04", invoice) == [
        "The amount of an allowance of the document is 10.03, expected 10.00, 10 % of 100.00.",
        "The amount of a charge of the document is 5.00, expected 0.05, 0.05 % of 100.00, "
        "the percentage is written as a fraction.",
    ]


def test_a_percentage_of_a_line_is_checked_too() -> None:
    charge = LineAllowanceCharge(amount=D(5), base_amount=D(100), percentage=D(4))
    (found,) = run("SUM-04", with_lines(line("205.00", "2", "100.00", charges=(charge,))))
    assert found.paths[0] == "lines[0].charges[0].amount"


LINES = (line("100.00", "1", "100.00"), line("60.00", "2", "30.00", identifier="2"))
TOTALS = Totals(
    line_net=D("160.00"),
    allowances=D("20.00"),
    charges=D("5.00"),
    without_vat=D("145.00"),
    vat=D("29.00"),
    with_vat=D("174.00"),
    paid=D("50.00"),
    rounding=D("0.50"),
    due=D("124.50"),
)


def whole(lines: tuple[Line, ...] = LINES, **changes: str | None) -> Invoice:
    values = {name: None if value is None else D(value) for name, value in changes.items()}
    return plain_invoice(
        lines=lines,
        allowances=(AllowanceCharge(amount=D("20.00"), vat_category="S", vat_rate=D(20)),),
        charges=(AllowanceCharge(amount=D("5.00"), vat_category="S", vat_rate=D(20)),),
        totals=replace(TOTALS, **values),
        vat_breakdown=(
            VatBreakdown(
                taxable_amount=D("145.00"), tax_amount=D("29.00"), category="S", rate=D(20)
            ),
        ),
    )


NETS = "the sum of the net amounts of lines BT-131"
WRONG_TOTALS = {
    f"BT-106 is 160.01, expected 160.00, {NETS}: 0.01 too much.": {"line_net": "160.01"},
    f"BT-106 is 100.00, expected 160.00, {NETS}: it leaves out line 2 with 60.00.": {
        "line_net": "100.00"
    },
    f"BT-106 is 220.00, expected 160.00, {NETS}: it counts line 2 with 60.00 twice.": {
        "line_net": "220.00"
    },
    f"BT-106 is 40.00, expected 160.00, {NETS}: it takes line 2 with the opposite sign.": {
        "line_net": "40.00"
    },
    f"BT-106 is 145.00, expected 160.00, {NETS}: it includes the allowances and charges of the "
    "document.": {"line_net": "145.00"},
    "BT-107 is 21.00, expected 20.00, the sum of the allowances of the document BT-92: "
    "1.00 too much.": {"allowances": "21.00"},
    "BT-108 is 4.00, expected 5.00, the sum of the charges of the document BT-99: "
    "1.00 too little.": {"charges": "4.00"},
    "BT-109 is 165.00, expected 145.00, BT-106 - BT-107 + BT-108: it leaves out the allowances "
    "of the document BT-107.": {"without_vat": "165.00"},
    "BT-109 is 140.00, expected 145.00, BT-106 - BT-107 + BT-108: it leaves out the charges of "
    "the document BT-108.": {"without_vat": "140.00"},
    "BT-109 is 174.00, expected 145.00, BT-106 - BT-107 + BT-108: it includes VAT.": {
        "without_vat": "174.00"
    },
    "BT-112 is 174.01, expected 174.00, BT-109 + BT-110: 0.01 too much.": {"with_vat": "174.01"},
    "BT-112 is 145.00, expected 174.00, BT-109 + BT-110: it leaves out VAT.": {
        "with_vat": "145.00"
    },
    "BT-115 is 174.50, expected 124.50, BT-112 - BT-113 + BT-114: it leaves out what has been "
    "paid BT-113.": {"due": "174.50"},
    "BT-115 is 124.00, expected 124.50, BT-112 - BT-113 + BT-114: it leaves out the rounding "
    "amount BT-114.": {"due": "124.00"},
    "BT-115 is 224.50, expected 124.50, BT-112 - BT-113 + BT-114: it adds what has been paid "
    "BT-113.": {"due": "224.50"},
}


def test_right_totals_have_nothing() -> None:
    assert messages("SUM-05", whole()) == []


@pytest.mark.parametrize("message", WRONG_TOTALS)
def test_one_wrong_total_is_reported_once(message: str) -> None:
    assert messages("SUM-05", whole(**WRONG_TOTALS[message])) == [message]


def test_a_total_has_its_place_and_its_parts() -> None:
    (found,) = run("SUM-05", whole(due="1.00"))
    assert found.paths == ("totals.due",)
    assert found.evidence == (
        ("BT-115", "1.00"),
        ("BT-112", "174.00"),
        ("BT-113", "50.00"),
        ("BT-114", "0.50"),
        ("expected", "124.50"),
    )


def test_totals_may_follow_another_that_is_wrong() -> None:
    """Everything above BT-106 is 10 higher: that is one fault."""
    wrong = whole(line_net="170.00", without_vat="155.00", with_vat="184.00", due="134.50")
    assert [m[:6] for m in messages("SUM-05", wrong)] == ["BT-106"]


def test_a_line_that_is_wrong_explains_the_total() -> None:
    wrong = (line("90.00", "1", "100.00"), LINES[1])
    assert messages("SUM-05", whole(lines=wrong)) == [
        f"BT-106 is 160.00, expected 150.00, {NETS}: it counts line 1 as quantity and price say, "
        "not 90.00."
    ]


def test_a_total_of_lines_before_rounding_is_explained() -> None:
    lines = tuple(line("0.33", "1", "0.333", identifier=str(n)) for n in range(10))
    invoice = with_lines(*lines, totals=Totals(line_net=D("3.33")))
    (message,) = messages("SUM-05", invoice)
    assert message.endswith(": it is the sum of quantity times price before rounding.")


def test_absent_totals_are_nothing() -> None:
    assert messages("SUM-05", plain_invoice(totals=Totals())) == []


def test_extended_profiles_allow_a_cent_for_each_part() -> None:
    off = with_lines(*LINES, process=Process(specification=EXTENDED), totals=Totals())
    for net, wrong in (("160.02", 0), ("160.03", 1)):
        invoice = replace(off, totals=Totals(line_net=D(net)))
        assert len(messages("SUM-05", invoice)) == wrong


def test_minimum_cannot_say_what_was_paid() -> None:
    less = with_totals(line_net=None, due="40.00")
    assert len(messages("SUM-05", less)) == 1
    assert messages("SUM-05", replace(less, process=Process(specification=MINIMUM))) == []


def test_what_is_collected_for_others_is_due_too() -> None:
    other = Extension(third_party_payments=(ThirdPartyPayment(amount=D("9.00")),))
    assert messages("SUM-05", replace(with_totals(due="249.00"), extension=other)) == []
    (message,) = messages("SUM-05", replace(plain_invoice(), extension=other))
    assert message.endswith(": it leaves out what is collected for third parties.")


def test_vat_is_that_of_the_breakdown_where_its_total_is_absent() -> None:
    assert messages("SUM-05", with_totals(vat=None)) == []
    assert len(messages("SUM-05", with_totals(vat=None, with_vat="241.00", due="241.00"))) == 1


def taxed(*nets: str, base: str) -> Invoice:
    row = replace(plain_invoice().vat_breakdown[0], taxable_amount=D(base))
    lines = [line(net, "1", net, identifier=str(n)) for n, net in enumerate(nets, 1)]
    return with_lines(*lines, vat_breakdown=(row,))


@pytest.mark.parametrize(
    ("base", "wrong"), [("160.02", 0), ("160.03", 1), ("159.98", 0), ("159.97", 1)]
)
def test_a_taxable_amount_is_right_within_two_cents(base: str, wrong: int) -> None:
    assert len(messages("SUM-06", taxed("100.00", "60.00", base=base))) == wrong


def test_a_taxable_amount_may_be_off_by_a_cent_for_each_part() -> None:
    assert messages("SUM-06", taxed(*["10.00"] * 5, base="50.05")) == []
    assert len(messages("SUM-06", taxed(*["10.00"] * 5, base="50.06"))) == 1


def test_a_taxable_amount_has_allowances_and_charges() -> None:
    assert messages("SUM-06", whole()) == []


def test_the_part_that_a_taxable_amount_leaves_out_is_named() -> None:
    (found,) = run("SUM-06", taxed("100.00", "60.00", base="100.00"))
    assert found.message == (
        "The taxable amount BT-116 of VAT S 20 % is 100.00, expected 160.00, the sum of lines, "
        "allowances and charges of it: it leaves out line 2 with 60.00."
    )
    assert found.paths == ("vat_breakdown[0].taxable_amount",)


def test_a_line_without_category_leaves_taxable_amounts_open() -> None:
    invoice = taxed("100.00", base="1.00")
    assert len(messages("SUM-06", invoice)) == 1
    assert messages("SUM-06", replace(invoice, lines=(*invoice.lines, Line()))) == []


def test_rows_of_one_category_are_taken_together() -> None:
    row = plain_invoice().vat_breakdown[0]
    half = replace(row, taxable_amount=D("100.00"))
    assert messages("SUM-06", plain_invoice(vat_breakdown=(half, half))) == []


@pytest.mark.parametrize(
    ("currency", "amount", "wrong"),
    [
        ("EUR", "1.00", 0),
        ("EUR", "1.01", 1),
        ("EUR", "-1.00", 0),
        ("EUR", "-1.01", 1),
        ("HUF", "2.00", 0),
        ("HUF", "10.01", 1),
        ("JPY", "5", 0),
    ],
)
def test_rounding_is_small(currency: str, amount: str, wrong: int) -> None:
    due = str(D("240.00") + D(amount))
    invoice = replace(with_totals(rounding=amount, due=due), currency=currency)
    assert len(messages("SUM-07", invoice)) == wrong


def test_rounding_goes_the_way_of_the_amount_due() -> None:
    turned = with_totals(rounding="-0.40", due="240.40")
    assert messages("SUM-07", turned) == [
        "The rounding amount BT-114 is -0.40, but the amount due BT-115 240.40 was rounded by 0.40."
    ]
    assert messages("SUM-05", turned) == []
    assert messages("SUM-07", with_totals(rounding="-0.40", due="239.60")) == []
    assert messages("SUM-07", with_totals(rounding="0.00", due="240.00")) == []


PAID = with_totals(paid="40.00", due="200.00")
WITH_ADVANCE = {
    "nothing paid": with_totals(paid="0.00"),
    "preceding invoice": replace(PAID, preceding_invoices=(PrecedingInvoice(number="A1"),)),
    "paid": replace(PAID, process=Process(business_process="S2")),
    "final": replace(PAID, process=Process(business_process="M4")),
    "advance": replace(PAID, extension=Extension(advance_payments=(AdvancePayment(amount=D(40)),))),
    "on a line": replace(
        PAID,
        lines=(
            Line(extension=LineExtension(preceding_invoices=(LineInvoiceReference(number="A1"),))),
        ),
    ),
}


@pytest.mark.parametrize("name", WITH_ADVANCE)
def test_an_advance_may_be_named_in_many_ways(name: str) -> None:
    assert messages("SUM-08", WITH_ADVANCE[name]) == []


@pytest.mark.parametrize("process", [None, "S1", "S24", "1"])
def test_what_was_paid_before_without_an_advance_is_an_information(process: str | None) -> None:
    invoice = replace(PAID, process=Process(business_process=process))
    assert messages("SUM-08", invoice) == [
        "40.00 has been paid before (BT-113), but no advance is referred to (BG-3)."
    ]
    assert CHECKS["SUM-08"].severity is Severity.INFORMATION


@pytest.mark.parametrize(
    ("kind", "total", "wrong"),
    [("380", "-0.01", 1), ("380", "0.00", 0), ("389", "-5.00", 1), ("384", "-5.00", 0)],
)
def test_an_invoice_is_not_negative(kind: str, total: str, wrong: int) -> None:
    invoice = replace(with_totals(with_vat=total), type_code=kind)
    assert len(messages("SUM-09", invoice)) == wrong


def test_a_negative_invoice_that_takes_back_another_is_an_information() -> None:
    invoice = with_totals(with_vat="-5.00")
    (alone,) = run("SUM-09", invoice)
    reference = (PrecedingInvoice(number="A1"),)
    (referring,) = run("SUM-09", replace(invoice, preceding_invoices=reference))
    assert (alone.severity, referring.severity) == (None, Severity.INFORMATION)
    assert alone.message == (
        "The document type BT-3 is 380, an invoice, but its total BT-112 is -5.00: a credit note "
        "is expected."
    )


@pytest.mark.parametrize(
    ("kind", "total", "wrong"),
    [("381", "-0.01", 1), ("381", "0.00", 0), ("261", "-5.00", 1), ("380", "-5.00", 0)],
)
def test_a_credit_note_is_not_negative(kind: str, total: str, wrong: int) -> None:
    invoice = replace(with_totals(with_vat=total), type_code=kind)
    assert len(messages("SUM-10", invoice)) == wrong
