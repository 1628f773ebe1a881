"""The lines of an invoice on the drawn page."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from einvoice.model import Invoice, Item, Line, LineAllowanceCharge, Price
from einvoice.pdf import labels
from einvoice.pdf.rows import (
    Row,
    Rows,
    amount_text,
    identifier_row,
    reason_text,
    text_row,
    vat_text,
)
from einvoice.pdf.wording import Wording


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the invoice: the cells of the table, and what stands under the item's name."""

    cells: list[str]
    details: list[Row]


class LineTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table of lines; the second column is the item with its details."""

    title: str
    head: list[str]
    rows: list[LineRow]


def line_table(invoice: Invoice, wording: Wording) -> LineTable:
    """The table of all lines (BG-25)."""
    head = ("line", "item", "quantity", "unit_price", "vat", "net_amount")
    return LineTable(
        title=wording.label("lines"),
        head=[wording.label(key) for key in head],
        rows=[_line(line, wording) for line in invoice.lines],
    )


def _line(line: Line, wording: Wording) -> LineRow:
    return LineRow(
        cells=[
            line.identifier or "",
            line.item.name or "",
            _quantity(line.quantity, line.unit, wording),
            _price(line.price, wording),
            vat_text(line.vat.category, line.vat.rate, wording),
            amount_text(line.net_amount, wording),
        ],
        details=[
            (wording.label(key) if key else "", text) for key, text in _details(line, wording)
        ],
    )


def _quantity(value: Decimal | None, unit: str | None, wording: Wording) -> str:
    number = "" if value is None else wording.number(value)
    return f"{number} {wording.code(labels.UNITS, unit) if unit else ''}".strip()


def _price(price: Price, wording: Wording) -> str:
    """The net price, with the quantity that it is for unless that is one."""
    amount = amount_text(price.net, wording)
    if price.base_quantity is None and price.base_quantity_unit is None:
        return amount
    quantity = _quantity(price.base_quantity, price.base_quantity_unit, wording)
    return f"{amount} / {quantity}"


def _details(line: Line, wording: Wording) -> Rows:
    """What stands under the name of the item."""
    yield from _item(line.item, wording)
    yield from text_row("line_note", line.note)
    yield from identifier_row("object_identifier", line.object_identifier, wording)
    yield from text_row("order_line_reference", line.order_line_reference)
    yield from text_row("buyer_accounting_reference", line.buyer_accounting_reference)
    if line.period is not None:
        yield from text_row("period", wording.period(line.period))
    if line.price.gross is not None:
        yield "gross_price", wording.amount(line.price.gross)
    if line.price.discount is not None:
        yield "price_discount", wording.amount(line.price.discount)
    for allowance in line.allowances:
        yield "allowance", _adjustment(allowance, wording)
    for charge in line.charges:
        yield "charge", _adjustment(charge, wording)


def _item(item: Item, wording: Wording) -> Rows:
    yield from text_row("", item.description)
    yield from text_row("seller_identifier", item.seller_identifier)
    yield from text_row("buyer_identifier", item.buyer_identifier)
    yield from identifier_row("standard_identifier", item.standard_identifier, wording)
    for classification in item.classifications:
        yield "classification", wording.identifier(classification)
    if item.country_of_origin is not None:
        yield "country_of_origin", wording.country(item.country_of_origin)
    for attribute in item.attributes:
        yield "attribute", ": ".join(filter(None, (attribute.name, attribute.value)))


def _adjustment(row: LineAllowanceCharge, wording: Wording) -> str:
    """An allowance or charge of a line in one text."""
    parts = [amount_text(row.amount, wording)]
    if row.percentage is not None:
        parts.append(wording.percent(row.percentage))
    if row.base_amount is not None:
        parts.append(f"{wording.label('base_amount')} {wording.amount(row.base_amount)}")
    return ", ".join(filter(None, [*parts, reason_text(row.reason, row.reason_code)]))
