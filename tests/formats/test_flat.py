"""The columns of the flat table, and how many terms it does not tell."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from einvoice.formats.flat import header_columns, line_columns, told_places, untold
from einvoice.model import Identifier, Invoice, Item, ItemAttribute, Line, LineAllowanceCharge
from einvoice.model.filled import filled_terms
from einvoice.model.lines import LineExtension
from einvoice.model.terms import TERMS, term_of
from tests.examples import full_invoice, plain_invoice


def allowance(amount: str, reason: str | None = None) -> LineAllowanceCharge:
    return LineAllowanceCharge(amount=Decimal(amount), reason=reason, reason_code="95")


def cells(line: Line) -> dict[str, object]:
    shown = ((column.title, column.cell(line)) for column in line_columns())
    return {title.split()[0]: value for title, value in shown if value is not None}


def test_the_columns_of_the_document() -> None:
    assert [column.title for column in header_columns()][:6] == [
        "BT-1 Invoice number",
        "BT-2 Invoice issue date",
        "BT-3 Invoice type code",
        "BT-5 Invoice currency code",
        "BT-27 Seller name",
        "BT-31 Seller VAT identifier",
    ]


def test_each_single_term_of_a_line_has_a_column() -> None:
    single = {
        term.path
        for term in TERMS
        if term.path.startswith("lines[].")
        and term.datatype != "Group"
        and "[]" not in term.path.removeprefix("lines[].")
    }
    assert len(single) == 25
    assert single <= told_places()


def test_each_column_tells_terms_that_exist() -> None:
    assert [place for place in told_places() if term_of(place) is None] == []


def test_allowances_and_charges_are_summed_exactly() -> None:
    line = Line(
        allowances=(allowance("0.10", "Rebate"), allowance("0.200"), LineAllowanceCharge()),
        charges=(allowance("-1.00", "Freight"),),
    )
    assert cells(line) == {
        "BT-136": Decimal("0.300"),
        "BT-139": "Rebate",
        "BT-140": "95; 95",
        "BT-141": Decimal("-1.00"),
        "BT-144": "Freight",
        "BT-145": "95",
    }


def test_an_amount_that_is_absent_gives_no_sum() -> None:
    assert cells(Line(allowances=(LineAllowanceCharge(),))) == {}


def test_what_an_item_repeats_is_joined() -> None:
    item = Item(
        classifications=(
            Identifier(value="43211507", scheme="TST", scheme_version="19.05"),
            Identifier(value="8471", scheme="HS"),
            Identifier(value="plain"),
        ),
        attributes=(
            ItemAttribute(name="Colour", value="red"),
            ItemAttribute(name="Weight", measure=Decimal("1.50"), measure_unit="KGM"),
            ItemAttribute(name="Fragile"),
        ),
    )
    assert cells(Line(item=item)) == {
        "BT-158": "TST(19.05):43211507; HS:8471; plain",
        "BG-32": "Colour=red; Weight=1.50 KGM; Fragile",
    }


def test_which_line_is_a_part_of_which() -> None:
    line = Line(extension=LineExtension(parent="1", subtype="DETAIL"))
    assert cells(line) == {"EXT-FR-FE-162": "1", "EXT-FR-FE-163": "DETAIL"}


def with_line(**changes: object) -> Invoice:
    (line,) = plain_invoice().lines
    return plain_invoice(lines=(replace(line, **changes),))


@pytest.mark.parametrize(
    ("invoice", "more"),
    [
        (plain_invoice(), 0),
        (plain_invoice(payment_terms="30 days"), 1),
        (plain_invoice(lines=()), 0),
        (with_line(note="told"), 0),
        (with_line(allowances=(allowance("1.00", "a"),)), 0),
        (with_line(allowances=(allowance("1.00", "a"), allowance("2.00", "b"))), 2),
        (with_line(allowances=(allowance("1.00"),), charges=(allowance("2.00"),)), 0),
        (with_line(charges=(LineAllowanceCharge(base_amount=Decimal(5)),)), 1),
        (with_line(extension=LineExtension(parent="1")), 0),
        (with_line(extension=LineExtension(sub_lines=(Line(identifier="1.1"),))), 1),
    ],
)
def test_terms_that_are_not_told_are_counted(invoice, more) -> None:
    """The plain invoice has 12: BT-24, six of addresses, BT-106 and the four of its BG-23."""
    assert untold(invoice) == 12 + more


def test_of_a_full_line_only_amounts_that_are_summed_and_their_bases_are_not_told() -> None:
    lines = [f.term.id for f in filled_terms(full_invoice()) if f.path.startswith("lines[0].")]
    rest = [
        f.term.id
        for f in filled_terms(full_invoice())
        if f.path.startswith("lines[0].") and not f.is_group and f.place not in told_places()
    ]
    assert len(lines) > 50
    assert rest == ["BT-136", "BT-137", "BT-138"] * 2 + ["BT-141", "BT-142", "BT-143"] * 2
