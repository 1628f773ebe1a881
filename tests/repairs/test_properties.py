"""What holds for all repairs: once is enough, nothing is silent, and arithmetic becomes right."""

from decimal import Decimal as D

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import einvoice
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    AllowanceCharge,
    CreditTransfer,
    Line,
    LineAllowanceCharge,
    LineExtension,
    LineVat,
    PaymentInstructions,
    Price,
    Totals,
    VatBreakdown,
)
from einvoice.repairs import REPAIRS, repair
from tests.examples import extended_invoice, plain_invoice

NAMES = [each.name for each in REPAIRS]
ITEM = plain_invoice().lines[0].item

NUMBERS = st.decimals(-1000, 1000, places=3) | st.sampled_from([D(0), D("1.000"), D("-2.5")])
TEXTS = st.text(" \t\n\u00a0aé1#", max_size=6)
CATEGORIES = st.sampled_from(["S", "S", "E", "O", "AE", None])
RATES = st.sampled_from([D(20), D("20.00"), D("5.5"), D(0), None])


def group(kind, **fields):
    return st.builds(kind, **{name: st.none() | value for name, value in fields.items()})


PRICES = group(Price, net=NUMBERS, discount=NUMBERS, gross=NUMBERS, base_quantity=NUMBERS)
REDUCTIONS = st.lists(group(LineAllowanceCharge, amount=NUMBERS), max_size=1).map(tuple)
SUBTYPES = st.sampled_from([None, LineExtension(subtype="GROUP"), LineExtension(subtype="DETAIL")])
LINES = st.builds(
    Line,
    identifier=st.sampled_from(["1", "2", " 1", "", None]),
    note=TEXTS,
    quantity=st.none() | NUMBERS,
    net_amount=st.none() | NUMBERS,
    price=PRICES,
    vat=st.builds(LineVat, category=CATEGORIES, rate=RATES),
    allowances=REDUCTIONS,
    charges=REDUCTIONS,
    extension=SUBTYPES,
)
PARTS = st.lists(
    st.builds(
        AllowanceCharge,
        amount=st.none() | NUMBERS,
        vat_category=CATEGORIES,
        vat_rate=RATES,
        reason=TEXTS,
    ),
    max_size=1,
).map(tuple)
ROWS = st.builds(
    VatBreakdown,
    taxable_amount=st.none() | NUMBERS,
    tax_amount=st.none() | NUMBERS,
    category=CATEGORIES,
    rate=RATES,
    exemption_reason=st.none() | TEXTS,
)
TOTALS = group(Totals, **dict.fromkeys(Totals.__struct_fields__, NUMBERS))
PAYMENTS = TEXTS.map(
    lambda text: PaymentInstructions(credit_transfers=(CreditTransfer(account=text),))
)
BROKEN = st.builds(
    plain_invoice,
    number=TEXTS,
    payment_terms=TEXTS,
    currency=st.sampled_from(["EUR", "JPY", "HUF", None]),
    tax_point_date=st.sampled_from([None, plain_invoice().issue_date]),
    tax_point_date_code=st.sampled_from([None, "3"]),
    payment=st.none() | PAYMENTS,
    lines=st.lists(LINES, max_size=3).map(tuple),
    allowances=PARTS,
    charges=PARTS,
    vat_breakdown=st.lists(ROWS, max_size=3).map(tuple),
    totals=TOTALS,
)


def digits(invoice):
    """The invoice as it is written: 1.0 is not 1.00."""
    return msgspec.json.encode(invoice)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(invoice=BROKEN)
def test_twice_is_as_once_and_nothing_is_silent(invoice) -> None:
    for name in NAMES:
        mended, changes = repair(invoice, [name])
        assert (digits(mended) != digits(invoice)) == bool(changes)
        assert all(change.repair == name and change.term for change in changes)
        again, more = repair(mended, [name])
        assert (digits(again), more) == (digits(mended), ())


@settings(max_examples=60, derandomize=True, deadline=None)
@given(invoice=BROKEN)
def test_all_together_twice_is_as_once(invoice) -> None:
    mended, _ = repair(invoice, NAMES)
    assert repair(mended, NAMES)[1] == ()


def amounts(most):
    return st.decimals(-most, most, places=2)


@st.composite
def arithmetic(draw):
    """An invoice whose lines are right, and whose totals are not."""
    rates = [LineVat(category="S", rate=D(20)), LineVat(category="Z", rate=D(0))]
    lines = tuple(
        Line(
            identifier=str(number),
            quantity=draw(st.decimals(-50, 50, places=3)),
            unit="C62",
            price=Price(net=draw(st.decimals(0, 50, places=4))),
            vat=draw(st.sampled_from(rates)),
            item=ITEM,
        )
        for number in range(draw(st.integers(1, 4)))
    )
    charge = AllowanceCharge(
        amount=draw(amounts(20)), reason="Freight", vat_category="S", vat_rate=D(20)
    )
    charges = (charge,) if draw(st.booleans()) else ()
    totals = Totals(paid=draw(st.none() | amounts(50)), due=draw(amounts(50)))
    return plain_invoice(lines=lines, charges=charges, totals=totals, vat_breakdown=())


@settings(max_examples=25, derandomize=True, deadline=None)
@given(broken=arithmetic())
def test_any_arithmetic_becomes_valid(broken) -> None:
    mended, changes = repair(broken, ["line-net", "vat-breakdown", "totals"])
    assert einvoice.validate(write_xml("ubl-invoice", mended)).verdict is Verdict.VALID
    assert {change.repair for change in changes} == {"line-net", "vat-breakdown", "totals"}


@pytest.mark.parametrize("number", [D("NaN"), D("Infinity"), D("1E+300"), D("1E-300")])
def test_a_number_beyond_all_arithmetic_stops_no_repair(number) -> None:
    line = replace(plain_invoice().lines[0], quantity=number, net_amount=number)
    invoice = plain_invoice(lines=(line,), totals=Totals(due=number, paid=number))
    repair(invoice, NAMES)


def test_every_value_of_extensions_is_walked() -> None:
    """What no repair touches is the same object afterwards, and of a clean invoice all is."""
    invoice = extended_invoice()
    assert repair(invoice, ["trim-text"])[0] is invoice
    assert repair(invoice, ["decimals"])[0] is invoice


def test_the_order_asked_for_does_not_matter() -> None:
    invoice = plain_invoice(number=" 1 ", totals=Totals())
    assert repair(invoice, ["totals", "trim-text"]) == repair(invoice, ["trim-text", "totals"])
    assert [c.repair for c in repair(invoice, ["totals", "trim-text"])[1]][0] == "trim-text"
