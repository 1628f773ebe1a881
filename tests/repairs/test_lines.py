"""Repairs of lines."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    AllowanceCharge,
    Line,
    LineAllowanceCharge,
    LineExtension,
    LineVat,
    Price,
    VatBreakdown,
)
from einvoice.repairs import repair
from tests.examples import plain_invoice

LINE = plain_invoice().lines[0]


def line(**changes):
    return replace(LINE, **changes)


def lines_after(name, *lines, **changes):
    return repair(plain_invoice(lines=lines, **changes), [name])[0].lines


def verdict(invoice):
    return einvoice.validate(write_xml("ubl-invoice", invoice)).verdict


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([None, None], ["1", "2"]),
        (["1", None, "1", "A", "A"], ["1", "2", "3", "A", "4"]),
        (["2", "2", None], ["2", "1", "3"]),
        (["10", "20"], ["10", "20"]),
    ],
)
def test_line_numbers(before, after) -> None:
    lines = lines_after("line-numbers", *(line(identifier=each) for each in before))
    assert [each.identifier for each in lines] == after


PRICES = [
    # quantity, net, gross, discount, BT-131: before and after
    ("2", "-5", None, None, "-10", "-2", "5", None, None),
    ("2", "-5", "-6", "-1", "-10", "-2", "5", "6", "1"),
    ("2", "-5", None, "1", "-10", "-2", "5", None, "1"),  # a discount has no sign of its own
    ("-2", "-5", None, None, "10", "2", "5", None, None),
    ("-2", "-5", None, None, "-10", "-2", "5", None, None),  # the sign is there twice
    ("-2", "-5", None, None, None, "2", "5", None, None),
    ("2", "-5", "10", "15", "-10", "2", "-5", "10", "15"),  # a gross price of another sign
    ("-2", "5", None, None, "-10", "-2", "5", None, None),
    (None, "-5", None, None, "-10", None, "-5", None, None),
    ("2", "5", "-6", None, "10", "2", "5", "-6", None),
]


@pytest.mark.parametrize("case", PRICES, ids=lambda case: " ".join(map(str, case)))
def test_negative_prices(case) -> None:
    numbers = [None if text is None else D(text) for text in case]
    quantity, net, gross, discount, total, *expected = numbers
    price = Price(net=net, gross=gross, discount=discount)
    before = line(quantity=quantity, price=price, net_amount=total)
    (after,) = lines_after("negative-price", before)
    found = [after.quantity, after.price.net, after.price.gross, after.price.discount]
    assert (found, after.net_amount) == (expected, total)


def test_a_line_of_a_line_is_repaired_too() -> None:
    inner = line(quantity=D(1), price=Price(net=D(-3)), net_amount=D(-3))
    outer = line(extension=LineExtension(sub_lines=(LINE, inner)))
    invoice = plain_invoice(lines=(outer,))
    mended, changes = repair(invoice, ["negative-price"])
    assert [(change.path, change.term, change.after) for change in changes] == [
        ("lines[0].extension.sub_lines[1].quantity", "BT-129", "-1"),
        ("lines[0].extension.sub_lines[1].price.net", "BT-146", "3"),
    ]
    assert mended.lines[0].extension.sub_lines[0] == LINE


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (
            Price(net=D("9.50"), gross=D("10")),
            Price(net=D("9.50"), gross=D("10"), discount=D(".5")),
        ),
        (Price(net=D(9), discount=D(2)), Price(net=D(9), discount=D(2), gross=D(11))),
        (Price(net=D(9), gross=D(9)), None),  # no discount
        (Price(net=D(9), gross=D(8)), None),  # a surcharge, or a mistake
        (Price(gross=D(9)), None),
        (Price(net=D(9), gross=D(8), discount=D(5)), None),
    ],
)
def test_price_discounts(price, expected) -> None:
    (after,) = lines_after("price-discount", line(price=price))
    assert after.price == (expected or price)


def test_a_gross_price_alone_is_no_ubl() -> None:
    invoice = plain_invoice(lines=(line(price=Price(net=D(100), gross=D(110))),))
    assert verdict(invoice) is Verdict.INVALID
    assert verdict(repair(invoice, ["price-discount"])[0]) is Verdict.VALID


NETS = [
    # quantity, price, base quantity, BT-131: before and after
    ("3", "0.335", None, None, "1.01"),  # 1.005, half up
    ("-3", "0.335", None, None, "-1.01"),
    ("250", "99.90", "100", None, "249.75"),
    ("1", "100", "3", None, "33.33"),
    ("3", "0.335", None, "1.00", "1.00"),  # within 0.02 of the exact amount
    ("3", "0.335", None, "1.03", "1.01"),
    ("2", "10", None, "200.00", "20.00"),
    ("2", "10", "0", "200.00", "200.00"),  # no base to divide by
    ("2", None, None, None, None),
    (None, "10", None, None, None),
]


@pytest.mark.parametrize("case", NETS, ids=lambda case: " ".join(map(str, case)))
def test_line_nets(case) -> None:
    numbers = [None if text is None else D(text) for text in case]
    quantity, net, base, before, expected = numbers
    price = Price(net=net, base_quantity=base)
    (after,) = lines_after("line-net", line(quantity=quantity, price=price, net_amount=before))
    assert str(after.net_amount) == str(expected)


@pytest.mark.parametrize(
    ("currency", "before", "expected"),
    [("JPY", None, "17"), ("HUF", "17.00", "17.00"), ("HUF", "17.20", "16.50")],
)
def test_line_nets_of_a_currency(currency, before, expected) -> None:
    price = Price(net=D("16.5"))
    net = None if before is None else D(before)
    first = line(quantity=D(1), price=price, net_amount=net)
    (after,) = lines_after("line-net", first, currency=currency)
    assert str(after.net_amount) == expected


def test_a_line_that_does_not_tell_stops_no_other() -> None:
    unknown = line(price=Price(net=D(1), base_quantity=D(0)))
    after = lines_after("line-net", unknown, line(net_amount=None))
    assert after == (unknown, line(net_amount=D("200.00")))


def test_allowances_and_charges_are_in_the_line_net() -> None:
    less, more = LineAllowanceCharge(amount=D("10.00")), LineAllowanceCharge(amount=D("0.50"))
    first = line(net_amount=None, allowances=(less, less), charges=(more,))
    assert lines_after("line-net", first)[0].net_amount == D("180.50")
    unknown = line(net_amount=None, allowances=(LineAllowanceCharge(),))
    assert lines_after("line-net", unknown) == (unknown,)


def test_a_line_that_sums_up_others_keeps_its_net() -> None:
    group = line(net_amount=D(999), extension=LineExtension(subtype="GROUP"))
    assert lines_after("line-net", group) == (group,)
    inner = line(net_amount=D(7))
    outer = line(net_amount=D(999), extension=LineExtension(sub_lines=(inner,)))
    changes = repair(plain_invoice(lines=(outer,)), ["line-net"])[1]
    path = "lines[0].extension.sub_lines[0].net_amount"
    assert [(c.path, c.before, c.after) for c in changes] == [(path, "7", "200.00")]


def row(base, tax, category="S", rate="20"):
    return VatBreakdown(
        taxable_amount=D(base),
        tax_amount=D(tax),
        category=category,
        rate=None if rate is None else D(rate),
    )


def from_breakdown(*rows, **changes):
    return repair(plain_invoice(lines=(), vat_breakdown=rows, **changes), ["lines-from-breakdown"])[
        0
    ]


def test_lines_from_the_breakdown() -> None:
    invoice = from_breakdown(row("220.00", "44.00", rate="20.00"), row("-20.00", "0.00", "O", None))
    assert [each.item.name for each in invoice.lines] == [
        "Total of invoice 2026-0042, VAT S 20 %",
        "Total of invoice 2026-0042, VAT O",
    ]
    first, second = (replace(each, item=type(each.item)()) for each in invoice.lines)
    assert first == Line(
        identifier="1",
        quantity=D(1),
        unit="C62",
        net_amount=D("220.00"),
        price=Price(net=D("220.00")),
        vat=LineVat(category="S", rate=D(20)),
    )
    assert (second.identifier, second.quantity) == ("2", D(-1))
    assert (second.net_amount, second.price.net) == (D("-20.00"), D("20.00"))
    (only,) = from_breakdown(row("1.00", "0.20"), number=None).lines
    assert only.item.name == "Total of invoice, VAT S 20 %"


def test_an_invoice_with_lines_from_its_breakdown_is_valid() -> None:
    without = plain_invoice(lines=())
    assert verdict(without) is Verdict.INVALID
    mended = repair(without, ["lines-from-breakdown"])[0]
    assert verdict(mended) is Verdict.VALID


@pytest.mark.parametrize(
    "changes",
    [
        {"allowances": (AllowanceCharge(amount=D(1)),)},
        {"charges": (AllowanceCharge(amount=D(1)),)},
        {"totals": replace(plain_invoice().totals, allowances=D(1))},
        {"totals": replace(plain_invoice().totals, charges=D(1))},
        {"vat_breakdown": ()},
        {"vat_breakdown": (row("1.00", "0.20"), VatBreakdown(category="S", rate=D(20)))},
        {"vat_breakdown": (row("1.00", "0.20", category=None),)},
        {"lines": (LINE,)},
    ],
)
def test_no_lines_from_the_breakdown(changes) -> None:
    invoice = replace(plain_invoice(lines=()), **changes)
    assert repair(invoice, ["lines-from-breakdown"]) == (invoice, ())
