"""Repairs of amounts: their decimals, the totals, and the sign of a whole document."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    AllowanceCharge,
    Extension,
    LineAllowanceCharge,
    LineExtension,
    Price,
    Totals,
    VatBreakdown,
)
from einvoice.model.extension import ThirdPartyPayment
from einvoice.repairs import repair
from tests.examples import full_invoice, plain_invoice

LINE = plain_invoice().lines[0]


def verdict(invoice):
    syntax = "ubl-creditnote" if invoice.type_code == "381" else "ubl-invoice"
    return einvoice.validate(write_xml(syntax, invoice)).verdict


def changes_of(invoice, name):
    return [(c.path, c.before, c.after) for c in repair(invoice, [name])[1]]


@pytest.mark.parametrize(
    ("currency", "before", "after"),
    [
        ("EUR", "1.005", "1.01"),
        ("EUR", "-1.005", "-1.01"),
        ("EUR", "1.0049", "1.00"),
        ("EUR", "1.000", "1.00"),  # equal, but BR-DEC counts digits
        ("EUR", "1.0", "1.0"),
        (None, "1.005", "1.01"),
        ("JPY", "100.50", "101"),
        ("JPY", "100.00", "100.00"),
        ("JPY", "100.000", "100"),
        ("KWD", "1.005", "1.01"),  # three decimals, but EN 16931 has two
    ],
)
def test_decimals(currency, before, after) -> None:
    totals = replace(plain_invoice().totals, due=D(before))
    invoice = plain_invoice(currency=currency, totals=totals)
    expected = [("totals.due", before, after)] if before != after else []
    assert changes_of(invoice, "decimals") == expected
    assert str(repair(invoice, ["decimals"])[0].totals.due) == after


def test_a_rounded_invoice_is_valid() -> None:
    broken = plain_invoice(totals=replace(plain_invoice().totals, due=D("240.000")))
    assert verdict(broken) is Verdict.INVALID
    assert verdict(repair(broken, ["decimals"])[0]) is Verdict.VALID


def test_only_amounts_are_rounded() -> None:
    line = replace(
        LINE,
        quantity=D("1.2345"),
        net_amount=D("1.2345"),
        price=Price(net=D("1.2345"), gross=D("1.2345"), discount=D("1.2345")),
        allowances=(LineAllowanceCharge(amount=D("1.2345"), percentage=D("1.2345")),),
        extension=LineExtension(vat_amount=D("1.2345"), package_quantity=D("1.2345")),
    )
    charge = AllowanceCharge(base_amount=D("1.2345"), vat_rate=D("1.2345"))
    invoice = plain_invoice(
        lines=(line,), charges=(charge,), vat_breakdown=(VatBreakdown(rate=D("1.2345")),)
    )
    assert changes_of(invoice, "decimals") == [
        ("charges[0].base_amount", "1.2345", "1.23"),
        ("lines[0].net_amount", "1.2345", "1.23"),
        ("lines[0].allowances[0].amount", "1.2345", "1.23"),
        ("lines[0].extension.vat_amount", "1.2345", "1.23"),
    ]


def test_vat_in_the_accounting_currency_has_its_decimals() -> None:
    totals = replace(plain_invoice().totals, vat=D("40.5"), vat_in_accounting_currency=D("0.25"))
    invoice = plain_invoice(currency="JPY", accounting_currency="EUR", totals=totals)
    assert changes_of(invoice, "decimals") == [("totals.vat", "40.5", "41")]
    other = replace(invoice, currency="EUR", accounting_currency="JPY")
    path = "totals.vat_in_accounting_currency"
    assert changes_of(other, "decimals") == [(path, "0.25", "0")]


def test_the_totals() -> None:
    broken = plain_invoice(
        lines=(LINE, replace(LINE, identifier="2", net_amount=D("0.50"))),
        allowances=(AllowanceCharge(amount=D("10.00")), AllowanceCharge(amount=D("0.25"))),
        charges=(AllowanceCharge(amount=D("1.00")),),
        totals=Totals(vat=D("38.25"), paid=D("100.00"), rounding=D("0.50")),
    )
    assert repair(broken, ["totals"])[0].totals == Totals(
        line_net=D("200.50"),
        allowances=D("10.25"),
        charges=D("1.00"),
        without_vat=D("191.25"),
        vat=D("38.25"),
        with_vat=D("229.50"),
        paid=D("100.00"),
        rounding=D("0.50"),
        due=D("130.00"),
    )


def test_the_digits_of_a_right_total_stay() -> None:
    charge = AllowanceCharge(amount=D("1"))
    totals = Totals(
        line_net=D("200.0"),
        allowances=D("0.0"),
        charges=D("1.00"),
        without_vat=D("201"),
        vat=D(40),
        with_vat=D("241.0"),
        due=D("241"),
    )
    assert changes_of(plain_invoice(charges=(charge,), totals=totals), "totals") == []


def test_each_wrong_total_is_told_and_mended() -> None:
    right = plain_invoice().totals
    for name in ("line_net", "without_vat", "with_vat", "due"):
        broken = plain_invoice(totals=replace(right, **{name: D("7.77")}))
        expected = [(f"totals.{name}", "7.77", str(getattr(right, name)))]
        assert changes_of(broken, "totals") == expected
        assert verdict(broken) is Verdict.INVALID
        assert repair(broken, ["totals"])[0] == plain_invoice()
    for name in ("allowances", "charges"):
        broken = plain_invoice(totals=replace(right, **{name: D("7.77")}))
        assert changes_of(broken, "totals") == [(f"totals.{name}", "7.77", "0.00")]
        assert verdict(broken) is Verdict.INVALID
        assert verdict(repair(broken, ["totals"])[0]) is Verdict.VALID


def test_vat_that_is_absent_is_that_of_the_breakdown() -> None:
    broken = plain_invoice(totals=Totals())
    assert changes_of(broken, "totals") == [
        ("totals.line_net", None, "200.00"),
        ("totals.without_vat", None, "200.00"),
        ("totals.with_vat", None, "240.00"),
        ("totals.due", None, "240.00"),
    ]
    unknown = plain_invoice(totals=Totals(with_vat=D(1), due=D(2)), vat_breakdown=())
    totals = Totals(line_net=D(200), without_vat=D(200), with_vat=D(1), due=D(2))
    assert repair(unknown, ["totals"])[0].totals == totals
    row = VatBreakdown(taxable_amount=D(200), category="S", rate=D(20))
    assert repair(replace(unknown, vat_breakdown=(row,)), ["totals"])[0].totals == totals


def test_what_is_not_known_is_not_summed() -> None:
    wrong = Totals(line_net=D(1), vat=D(1), with_vat=D(1), due=D(1))
    for changes in (
        {"lines": (LINE, replace(LINE, net_amount=None))},
        {"allowances": (AllowanceCharge(),)},
        {"charges": (AllowanceCharge(),)},
    ):
        assert changes_of(plain_invoice(totals=wrong, **changes), "totals") == []


def test_an_invoice_without_lines_keeps_their_sum() -> None:
    totals = replace(plain_invoice().totals, without_vat=D(7), due=D(7))
    assert changes_of(plain_invoice(lines=(), totals=totals), "totals") == [
        ("totals.without_vat", "7", "200.00"),
        ("totals.due", "7", "240.00"),
    ]
    minimum = plain_invoice(lines=(), vat_breakdown=(), totals=totals)
    assert changes_of(minimum, "totals") == []


def test_a_line_that_sums_up_others_is_in_no_total() -> None:
    group = replace(LINE, identifier="G", extension=LineExtension(subtype="GROUP"))
    information = replace(group, extension=LineExtension(subtype="INFORMATION"))
    assert changes_of(plain_invoice(lines=(group, information, LINE)), "totals") == []


def test_what_is_collected_for_others_is_due() -> None:
    payments = (ThirdPartyPayment(amount=D("9.00")), ThirdPartyPayment(amount=D("1.00")))
    invoice = plain_invoice(extension=Extension(third_party_payments=payments))
    assert changes_of(invoice, "totals") == [("totals.due", "240.00", "250.00")]
    unknown = plain_invoice(
        extension=Extension(third_party_payments=(ThirdPartyPayment(),)),
        totals=replace(plain_invoice().totals, due=D(7)),
    )
    assert changes_of(unknown, "totals") == []


def test_no_digit_of_a_long_number_is_lost() -> None:
    long = D("1234567890123456789012345678.91")
    lines = (replace(LINE, net_amount=long), replace(LINE, net_amount=D("0.01")))
    totals = repair(plain_invoice(lines=lines), ["totals"])[0].totals
    assert str(totals.line_net) == "1234567890123456789012345678.92"


def test_sums_have_two_decimals() -> None:
    lines = (replace(LINE, net_amount=D("0.005")), replace(LINE, net_amount=D("0.010")))
    totals = repair(plain_invoice(lines=lines), ["totals"])[0].totals
    assert str(totals.line_net) == "0.02"


def negative():
    """The plain invoice, all signs turned."""
    totals = plain_invoice().totals
    names = ("line_net", "without_vat", "vat", "with_vat", "due")
    return plain_invoice(
        lines=(replace(LINE, quantity=D(-2), net_amount=D("-200.00")),),
        vat_breakdown=tuple(
            replace(row, taxable_amount=-row.taxable_amount, tax_amount=-row.tax_amount)
            for row in plain_invoice().vat_breakdown
        ),
        totals=replace(totals, **{name: -getattr(totals, name) for name in names}),
    )


def test_a_negative_invoice_becomes_a_credit_note() -> None:
    mended, changes = repair(negative(), ["document-type"])
    assert mended == plain_invoice(type_code="381")
    assert [(c.path, c.term, c.before, c.after) for c in changes] == [
        ("type_code", "BT-3", "380", "381"),
        ("totals.line_net", "BT-106", "-200.00", "200.00"),
        ("totals.without_vat", "BT-109", "-200.00", "200.00"),
        ("totals.vat", "BT-110", "-40.00", "40.00"),
        ("totals.with_vat", "BT-112", "-240.00", "240.00"),
        ("totals.due", "BT-115", "-240.00", "240.00"),
        ("vat_breakdown[0].taxable_amount", "BT-116", "-200.00", "200.00"),
        ("vat_breakdown[0].tax_amount", "BT-117", "-40.00", "40.00"),
        ("lines[0].quantity", "BT-129", "-2", "2"),
        ("lines[0].net_amount", "BT-131", "-200.00", "200.00"),
    ]


def test_the_credit_note_is_valid() -> None:
    mended = repair(replace(negative(), due_date=None, payment_terms="30 days"), ["document-type"])[
        0
    ]
    assert verdict(mended) is Verdict.VALID


def test_all_amounts_turn_and_nothing_else() -> None:
    """Every amount of a line and of the document, and the quantity, but no price and no rate."""
    full = full_invoice()
    broken = replace(
        full,
        lines=tuple(replace(line, net_amount=-line.net_amount) for line in full.lines),
        totals=replace(full.totals, with_vat=-full.totals.with_vat),
    )
    changes = repair(broken, ["document-type"])[1]
    terms = {change.term for change in changes} - {"BT-3"}
    assert terms == {
        *("BT-92", "BT-93", "BT-99", "BT-100", "BT-106", "BT-107", "BT-108", "BT-109", "BT-110"),
        *("BT-111", "BT-112", "BT-113", "BT-114", "BT-115", "BT-116", "BT-117", "BT-129"),
        *("BT-131", "BT-136", "BT-137", "BT-141", "BT-142"),
    }
    assert all(D(c.after) == -D(c.before) for c in changes if c.term != "BT-3")


@pytest.mark.parametrize(
    "invoice",
    [
        plain_invoice(),
        replace(negative(), type_code="384"),
        replace(negative(), lines=()),
        replace(negative(), lines=(*negative().lines, LINE)),
        replace(negative(), lines=(*negative().lines, replace(LINE, net_amount=None))),
        replace(negative(), totals=plain_invoice().totals),  # paid back more than was paid
        replace(negative(), totals=replace(negative().totals, with_vat=None)),
    ],
)
def test_no_credit_note(invoice) -> None:
    assert repair(invoice, ["document-type"]) == (invoice, ())
