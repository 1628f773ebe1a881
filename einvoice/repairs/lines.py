"""Repairs of lines: numbers, prices, and lines of an invoice that has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import count

from msgspec.structs import replace

from einvoice.amounts import format_decimal
from einvoice.model import Invoice, Item, Line, LineVat, Price, VatBreakdown

_ONE = "C62"  #: UN/ECE Recommendation 20: one


def _each(invoice: Invoice, change: Callable[[Line], Line]) -> Invoice:
    return replace(invoice, lines=tuple(map(change, invoice.lines)))


def number(invoice: Invoice) -> Invoice:
    """BT-126: a line without an identifier, or with that of an earlier line, gets a free number."""
    taken = Counter(line.identifier for line in invoice.lines)
    free = (str(n) for n in count(1) if str(n) not in taken)
    seen: set[str] = set()
    lines = []
    for line in invoice.lines:
        if line.identifier is None or line.identifier in seen:
            line = replace(line, identifier=next(free))
        assert line.identifier is not None
        seen.add(line.identifier)
        lines.append(line)
    return replace(invoice, lines=tuple(lines))


def turn_negative_prices(invoice: Invoice) -> Invoice:
    """BR-27, BR-28: prices are not negative; the quantity is what is taken back."""

    def change(line: Line) -> Line:
        price = line.price
        if price.net is None or price.net >= 0 or line.quantity is None:
            return line
        turned = replace(price, net=-price.net, gross=_negated(price.gross))
        if price.discount is not None:
            turned = replace(turned, discount=-price.discount)
        return replace(line, price=turned, quantity=-line.quantity)

    return _each(invoice, change)


def _negated(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def complete_prices(invoice: Invoice) -> Invoice:
    """BT-147 is BT-148 less BT-146; two of them give the third."""

    def change(line: Line) -> Line:
        price = line.price
        if price.net is None or (price.gross is None) == (price.discount is None):
            return line
        if price.gross is not None:
            return replace(line, price=replace(price, discount=price.gross - price.net))
        assert price.discount is not None
        return replace(line, price=replace(price, gross=price.net + price.discount))

    return _each(invoice, change)


def from_breakdown(invoice: Invoice) -> Invoice:
    """One line for each VAT breakdown; allowances and charges would make its base another one."""
    if invoice.lines or invoice.allowances or invoice.charges:
        return invoice
    if any(row.taxable_amount is None for row in invoice.vat_breakdown):
        return invoice
    rows = enumerate(invoice.vat_breakdown, 1)
    return replace(invoice, lines=tuple(_line(n, row, invoice.number) for n, row in rows))


def _line(position: int, row: VatBreakdown, invoice_number: str | None) -> Line:
    net = row.taxable_amount or Decimal()
    sign = -1 if net < 0 else 1
    rate = "" if row.rate is None else f" {format_decimal(row.rate)} %"
    return Line(
        identifier=str(position),
        quantity=Decimal(sign),
        unit=_ONE,
        net_amount=net,
        price=Price(net=abs(net)),
        vat=LineVat(category=row.category, rate=row.rate),
        item=Item(name=f"Total of {invoice_number}, VAT {row.category}{rate}"),
    )
