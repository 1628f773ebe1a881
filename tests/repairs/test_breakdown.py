"""The VAT breakdown, computed from lines, allowances and charges."""

from decimal import Decimal as D

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import AllowanceCharge, LineExtension, LineVat, Totals, VatBreakdown
from einvoice.repairs import repair
from tests.examples import plain_invoice

LINE = plain_invoice().lines[0]


def line(net, category="S", rate="20", **changes):
    vat = LineVat(category=category, rate=number(rate))
    return replace(LINE, net_amount=number(net), vat=vat, **changes)


def part(amount, category="S", rate="20"):
    return AllowanceCharge(amount=number(amount), vat_category=category, vat_rate=number(rate))


def row(base, tax, category="S", rate="20", reason=None, code=None):
    return VatBreakdown(
        taxable_amount=number(base),
        tax_amount=number(tax),
        category=category,
        rate=number(rate),
        exemption_reason=reason,
        exemption_reason_code=code,
    )


def number(text):
    return None if text is None else D(text)


def computed(lines, old=(), vat="40.00", **changes):
    totals = Totals(vat=number(vat))
    invoice = plain_invoice(lines=tuple(lines), vat_breakdown=tuple(old), totals=totals, **changes)
    return repair(invoice, ["vat-breakdown"])[0]


def test_a_row_for_each_category_and_rate() -> None:
    invoice = computed(
        [
            line("100.00"),
            line("10.00", rate="5.5"),
            line("50.05", rate="20.00"),
            line("7.00", "E", "0"),
        ],
        allowances=(part("0.01"), part("1.00", rate="5.5")),
        charges=(part("2.00"),),
    )
    assert invoice.vat_breakdown == (
        row("152.04", "30.41"),
        row("9.00", "0.50", rate="5.5"),  # 0.495, half up
        row("7.00", "0.00", "E", "0"),
    )
    assert invoice.totals.vat == D("30.91")


def test_negative_vat_is_rounded_away_from_zero() -> None:
    assert computed([line("-9.00", rate="5.5")]).vat_breakdown == (
        row("-9.00", "-0.50", rate="5.5"),
    )


def test_vat_that_was_rounded_for_each_line_is_right() -> None:
    lines = [line("0.12"), line("0.12")]  # 0.024 each
    assert computed(lines).vat_breakdown == (row("0.24", "0.05"),)
    each = row("0.24", "0.04")
    assert computed(lines, [each]).vat_breakdown == (each,)
    other = row("0.25", "0.04")
    assert computed(lines, [other]).vat_breakdown == (row("0.24", "0.05"),)


def test_reasons_are_kept() -> None:
    lines = [line("1.00", "E", "0"), line("2.00", "AE", None), line("3.00")]
    old = [row("9", "9", "E", "0.00", "exempt", "VATEX-EU-132"), row("9", "9", "AE", None, "R")]
    assert computed(lines, old).vat_breakdown == (
        row("1.00", "0.00", "E", "0.00", "exempt", "VATEX-EU-132"),
        row("2.00", "0.00", "AE", None, "R"),
        row("3.00", "0.60"),
    )


def test_the_reason_of_a_category_goes_with_a_new_rate() -> None:
    # The rate of an exempt row was wrong.
    old = [row("1.00", "0.20", "E", "20", "exempt")]
    expected = (row("1.00", "0.00", "E", "0", "exempt"),)
    assert computed([line("1.00", "E", "0")], old).vat_breakdown == expected


def test_a_new_row_takes_the_place_of_one_that_is_gone() -> None:
    old = [row("1.00", "0.19", rate="19"), row("2.00", "0.11", rate="5.5")]
    lines = [line("2.00", rate="5.5"), line("1.00"), line("3.00", "Z", "0")]
    assert computed(lines, old).vat_breakdown == (
        row("1.00", "0.20"),
        row("2.00", "0.11", rate="5.5"),
        row("3.00", "0.00", "Z", "0"),
    )
    assert computed([line("1.00")], [row("1", "0", rate="7"), *old]).vat_breakdown == (
        row("1.00", "0.20"),
    )


def test_what_is_outside_the_scope_has_no_rate() -> None:
    assert computed([line("1.00", "O", None)]).vat_breakdown == (row("1.00", "0.00", "O", None),)
    zero = row("1.00", "0.00", "O", "0")  # some write one, and the rules bear it
    assert computed([line("1.00", "O", None)], [zero]).vat_breakdown == (zero,)


@pytest.mark.parametrize(("before", "after"), [(None, None), ("0", "0"), ("0.10", "0")])
def test_the_vat_total_of_no_vat(before, after) -> None:
    invoice = computed([line("1.00", "Z", "0")], [row("1.00", "0", "Z", "0")], vat=before)
    assert invoice.totals.vat == number(after)
    assert computed([line("1.00", "Z", "0")], [], vat=before).totals.vat == D(0)


def test_the_vat_total_is_the_sum_though_the_rows_are_right() -> None:
    invoice = computed([line("1.00")], [row("1.00", "0.20")], vat="9.99")
    assert invoice.totals.vat == D("0.20")
    assert computed([line("1.00")], [row("1.00", "0.20")], vat=None).totals.vat == D("0.20")


def test_a_line_that_sums_up_others_does_not_count() -> None:
    group = line("5.00", None, None, extension=LineExtension(subtype="GROUP"))
    detail = line("5.00", extension=LineExtension(subtype="DETAIL"))
    assert computed([group, detail]).vat_breakdown == (row("5.00", "1.00"),)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [line(None)],
        [line("1.00", None)],
        [line("1.00", "S", None)],
        [line("1.00", "E", "20")],
    ],
)
def test_what_does_not_tell_is_left(lines) -> None:
    old = (row("3.00", "7.00"),)
    assert computed(lines, old).vat_breakdown == old


def test_an_allowance_that_does_not_tell_is_left() -> None:
    for unknown in (part(None), part("1.00", None), part("1.00", rate=None)):
        assert computed([line("1.00")], allowances=(unknown,)).vat_breakdown == ()
        assert computed([line("1.00")], charges=(unknown,)).vat_breakdown == ()


def test_rows_that_differ_in_their_reason_alone_are_left() -> None:
    old = (row("9.00", "0.00", "E", "0", "a"), row("1.00", "0.00", "E", "0", "b"))
    assert computed([line("7.00", "E", "0")], old).vat_breakdown == old
    double = (row("9.00", "0.00", "E", "0", "a"), row("1.00", "0.00", "E", "0", "a"))
    expected = (row("7.00", "0.00", "E", "0", "a"),)
    assert computed([line("7.00", "E", "0")], double).vat_breakdown == expected


def test_an_invoice_without_its_breakdown_becomes_valid() -> None:
    broken = plain_invoice(vat_breakdown=())
    assert einvoice.validate(write_xml("ubl-invoice", broken)).verdict is Verdict.INVALID
    mended = write_xml("ubl-invoice", repair(broken, ["vat-breakdown"])[0])
    assert einvoice.validate(mended).verdict is Verdict.VALID
