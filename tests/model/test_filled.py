"""The walk over the terms that an invoice fills."""

from datetime import date
from decimal import Decimal

import pytest

from einvoice.model import Identifier, Invoice, Line, Note, Price, Seller, SupportingDocument
from einvoice.model.extension import Extension
from einvoice.model.filled import filled_terms, shown_value
from einvoice.model.lines import LineExtension
from tests.examples import extended_invoice

INVOICE = Invoice(
    number="7",
    notes=(Note(text="first"), Note(text="second")),
    seller=Seller(identifiers=(Identifier(value="1", scheme="0088"),)),
    lines=(
        Line(
            extension=LineExtension(
                sub_lines=(Line(identifier="1.1"), Line(price=Price(net=Decimal("0.10")))),
            )
        ),
    ),
    extension=Extension(project_name="Bridge"),
)


def test_terms_come_after_the_groups_that_they_stand_in() -> None:
    walked = [(f.path, f.term.id, f.depth, f.number, f.value) for f in filled_terms(INVOICE)]
    sub = "lines[0].extension.sub_lines"
    assert walked == [
        ("number", "BT-1", 0, None, "7"),
        ("notes[0]", "BG-1", 0, 1, None),
        ("notes[0].text", "BT-22", 1, None, "first"),
        ("notes[1]", "BG-1", 0, 2, None),
        ("notes[1].text", "BT-22", 1, None, "second"),
        ("seller", "BG-4", 0, None, None),
        ("seller.identifiers[0].value", "BT-29", 1, None, "1"),
        ("seller.identifiers[0].scheme", "BT-29-1", 1, None, "0088"),
        ("lines[0]", "BG-25", 0, 1, None),
        ("lines[0].extension", "", 1, None, None),
        (f"{sub}[0]", "BG-DEX-01", 2, 1, None),
        (f"{sub}[0].identifier", "BT-126", 3, None, "1.1"),
        (f"{sub}[1]", "BG-DEX-01", 2, 2, None),
        (f"{sub}[1].price", "BG-29", 3, None, None),
        (f"{sub}[1].price.net", "BT-146", 4, None, Decimal("0.10")),
        ("extension", "", 0, None, None),
        ("extension.project_name", "", 1, None, "Bridge"),
    ]


def test_the_place_is_the_path_without_numbers() -> None:
    places = {filled.path: filled.place for filled in filled_terms(INVOICE)}
    assert places["seller.identifiers[0].value"] == "seller.identifiers[].value"
    assert places["number"] == "number"


def test_empty_groups_are_not_filled() -> None:
    assert list(filled_terms(Invoice(supporting_documents=(SupportingDocument(),)))) == []


def test_each_path_is_walked_once() -> None:
    paths = [filled.path for filled in filled_terms(extended_invoice())]
    assert len(paths) == len({*paths})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("2.50"), "2.50"),
        (b"x" * 1234, "1,234 bytes"),
        (date(2026, 3, 1), "2026-03-01"),
        ("=1", "=1"),
    ],
)
def test_values_are_shown_as_they_are(value, text) -> None:
    assert shown_value(value) == text
