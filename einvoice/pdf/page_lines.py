"""The lines of an invoice on the drawn page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from einvoice.model import Invoice, Item, ItemAttribute, Line, LineAllowanceCharge, Price
from einvoice.model.lines import LineExtension
from einvoice.pdf import labels
from einvoice.pdf.page_line_extension import extension_rows
from einvoice.pdf.rows import (
    Row,
    Rows,
    amount_row,
    amount_text,
    identifier_row,
    labelled,
    reason_text,
    text_row,
    vat_text,
)
from einvoice.pdf.wording import Wording

#: The parent of each line; a line whose parent is not there says so itself.
Structure = Mapping[str | None, str | None]

#: How deep lines are indented at most; those below stand as deep.
DEEPEST = 6


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the invoice: the cells of the table, and what stands under the item's name."""

    cells: list[str]
    description: str
    details: list[Row]
    level: int = 0  #: how many lines this one is a part of


class LineTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table of lines; the second column is the item with its details."""

    title: str
    head: list[str]
    rows: list[LineRow]
    longest: list[int]  #: letters of the longest cell of each column


def line_table(invoice: Invoice, wording: Wording) -> LineTable:
    """The table of all lines (BG-25), each followed by its sub-lines."""
    head = ("line", "item", "quantity", "unit_price", "vat", "net_amount")
    structure = _structure(invoice.lines)
    rows = [row for line in invoice.lines for row in _rows(line, structure, wording)]
    return LineTable(
        title=wording.label("lines"),
        head=[wording.label(key) for key in head],
        rows=rows,
        longest=[max((len(row.cells[n]) for row in rows), default=0) for n in range(len(head))],
    )


def _structure(lines: tuple[Line, ...]) -> Structure:
    """Identifier of the parent by that of the line."""
    return {
        line.identifier: line.extension.parent if line.extension is not None else None
        for line in lines
        if line.identifier
    }


def _level(line: Line, structure: Structure) -> int:
    """How many lines stand above a line; the circle of a faulty invoice ends at the deepest."""
    parent = line.extension.parent if line.extension is not None else None
    level = 0
    while parent in structure and level < DEEPEST:
        parent = structure[parent]
        level += 1
    return level


def _rows(line: Line, structure: Structure, wording: Wording, above: int = 0) -> Iterator[LineRow]:
    level = min(above + _level(line, structure), DEEPEST)
    yield LineRow(
        cells=[
            line.identifier or "",
            line.item.name or "",
            wording.quantity(line.quantity, line.unit),
            _price(line.price, wording),
            vat_text(line.vat.category, line.vat.rate, wording),
            amount_text(line.net_amount, wording),
        ],
        description=line.item.description or "",
        details=labelled(wording, _details(line, structure, wording)),
        level=level,
    )
    for part in line.extension.sub_lines if line.extension else ():
        yield from _rows(part, {}, wording, level + 1)


def _price(price: Price, wording: Wording) -> str:
    """The net price, with the quantity that it is for unless that is one."""
    amount = amount_text(price.net, wording)
    if price.base_quantity is None and price.base_quantity_unit is None:
        return amount
    quantity = wording.quantity(price.base_quantity, price.base_quantity_unit)
    return f"{amount} / {quantity}"


def _details(line: Line, structure: Structure, wording: Wording) -> Rows:
    """What stands under the name of the item and its description."""
    extension = line.extension or LineExtension()
    if extension.parent not in structure:
        yield from text_row("part_of", extension.parent)
    yield from _item(line.item, wording)
    subject = extension.note_subject_code
    kind = wording.code(labels.NOTE_SUBJECTS, subject) if subject is not None else None
    yield from text_row("line_note", reason_text(line.note, kind) or None)
    yield from identifier_row("object_identifier", line.object_identifier, wording)
    yield from text_row("order_line_reference", line.order_line_reference)
    yield from text_row("buyer_accounting_reference", line.buyer_accounting_reference)
    if line.period is not None:
        yield from text_row("period", wording.period(line.period))
    yield from amount_row("gross_price", line.price.gross, wording)
    yield from _discount(line.price, extension, wording)
    for allowance in line.allowances:
        yield "allowance", _adjustment(allowance, wording)
    for charge in line.charges:
        yield "charge", _adjustment(charge, wording)
    yield from extension_rows(extension, wording)


def _discount(price: Price, extension: LineExtension, wording: Wording) -> Rows:
    reason = reason_text(extension.price_discount_reason, extension.price_discount_reason_code)
    text = ", ".join(filter(None, (amount_text(price.discount, wording), reason)))
    yield from text_row("price_discount", text or None)


def _item(item: Item, wording: Wording) -> Rows:
    yield from text_row("seller_identifier", item.seller_identifier)
    yield from text_row("buyer_identifier", item.buyer_identifier)
    yield from identifier_row("standard_identifier", item.standard_identifier, wording)
    for classification in item.classifications:
        yield "classification", wording.identifier(classification)
    if item.country_of_origin is not None:
        yield "country_of_origin", wording.country(item.country_of_origin)
    for attribute in item.attributes:
        yield "attribute", _attribute(attribute, wording)


def _attribute(attribute: ItemAttribute, wording: Wording) -> str:
    measure = wording.quantity(attribute.measure, attribute.measure_unit)
    value = " ".join(filter(None, (attribute.value, measure)))
    return ": ".join(filter(None, (reason_text(attribute.name, attribute.code), value)))


def _adjustment(row: LineAllowanceCharge, wording: Wording) -> str:
    """An allowance or charge of a line in one text."""
    parts = [amount_text(row.amount, wording)]
    if row.percentage is not None:
        parts.append(wording.percent(row.percentage))
    if row.base_amount is not None:
        parts.append(f"{wording.label('base_amount')} {wording.amount(row.base_amount)}")
    return ", ".join(filter(None, [*parts, reason_text(row.reason, row.reason_code)]))
