"""Repairs of lines: numbers, prices, net amounts, and lines of an invoice that has none."""

from __future__ import annotations

from decimal import Decimal
from itertools import count

from msgspec.structs import replace

from einvoice.amounts import EXACT, decimals_of, format_decimal, round_half_up
from einvoice.model import Invoice, Item, Line, LineAllowanceCharge, LineVat, Price, VatBreakdown
from einvoice.repairs.values import all_of, change_lines, counts

_ONE = "C62"  #: UN/ECE Recommendation 20: one

#: How far BT-131 may be off, for prices are rounded too (PEPPOL-EN16931-R120).
_SLACK = Decimal("0.02")
_SLACK_IN_HUF = Decimal("0.5")


def number(invoice: Invoice) -> Invoice:
    """BT-126: a line without an identifier, or with that of an earlier line, gets a free number.

    Lines of lines keep theirs.
    """
    taken = {line.identifier for line in invoice.lines}
    free = (str(n) for n in count(1) if str(n) not in taken)
    seen: set[str] = set()
    lines = []
    for line in invoice.lines:
        identifier = line.identifier
        if identifier is None or identifier in seen:
            identifier = next(free)
        seen.add(identifier)
        lines.append(replace(line, identifier=identifier))
    return replace(invoice, lines=tuple(lines))


def turn_negative_prices(invoice: Invoice) -> Invoice:
    """BR-27, BR-28: prices are not negative; the quantity is what is taken back.

    A negative price of a negative quantity that gives a negative net amount has its sign twice:
    the price loses it. A gross price of the other sign is left, and its line with it.
    """
    return change_lines(invoice, _with_positive_price)


def _with_positive_price(line: Line) -> Line:
    price, quantity = line.price, line.quantity
    if price.net is None or price.net >= 0 or quantity is None:
        return line
    if price.gross is not None and price.gross > 0:
        return line
    twice = quantity < 0 and line.net_amount is not None and line.net_amount < 0
    turned = replace(price, net=-price.net)
    if price.gross is not None:
        discount = None if price.discount is None else -price.discount
        turned = replace(turned, gross=-price.gross, discount=discount)
    return replace(line, price=turned, quantity=quantity if twice else -quantity)


def complete_prices(invoice: Invoice) -> Invoice:
    """BT-147 is BT-148 less BT-146: the one of BT-147 and BT-148 that is absent.

    A gross price equal to the net price needs no discount, and one below it none that we know.
    """
    return change_lines(invoice, _with_complete_price)


def _with_complete_price(line: Line) -> Line:
    price = line.price
    if price.net is None:
        return line
    if price.discount is None and price.gross is not None and price.gross > price.net:
        return replace(line, price=replace(price, discount=price.gross - price.net))
    if price.gross is None and price.discount is not None:
        return replace(line, price=replace(price, gross=price.net + price.discount))
    return line


def compute_nets(invoice: Invoice) -> Invoice:
    """BT-131 = BT-129 x BT-146 / BT-149 + charges - allowances, where it is absent or off.

    Rounded half up; off is what the rules of Peppol and XRechnung refuse, more than 0.02. A line
    that sums up others, such as its own lines, is left.
    """
    decimals = decimals_of(invoice.currency)
    slack = _SLACK_IN_HUF if invoice.currency == "HUF" else _SLACK

    def change(line: Line) -> Line:
        exact = None if _sums_up(line) else _exact_net(line)
        net = line.net_amount
        if exact is None or (net is not None and abs(net - exact) <= slack):
            return line
        return replace(line, net_amount=round_half_up(exact, decimals))

    return change_lines(invoice, change)


def _sums_up(line: Line) -> bool:
    """Whether the net amount is that of other lines (GROUP, BR-DEX-02)."""
    return not counts(line) or (line.extension is not None and line.extension.sub_lines != ())


def _exact_net(line: Line) -> Decimal | None:
    """BT-131 before it is rounded, None where something of it is absent."""
    price = line.price
    base = Decimal(1) if price.base_quantity is None else price.base_quantity
    charges, allowances = _sum(line.charges), _sum(line.allowances)
    if line.quantity is None or price.net is None or base == 0:
        return None
    if charges is None or allowances is None:
        return None
    return line.quantity * price.net / base + charges - allowances


def _sum(items: tuple[LineAllowanceCharge, ...]) -> Decimal | None:
    amounts = all_of(item.amount for item in items)
    return None if amounts is None else sum(amounts, Decimal())


def from_breakdown(invoice: Invoice) -> Invoice:
    """An invoice without lines (MINIMUM, BASIC WL) gets one for each VAT breakdown (BG-23).

    Not where there are allowances or charges: they are in the breakdown too, so that the lines
    would have to be without them. The sign stands with the quantity, for a price has none (BR-27).
    """
    totals = invoice.totals
    reduced = invoice.allowances or invoice.charges or totals.allowances or totals.charges
    if invoice.lines or reduced:
        return invoice
    rows = invoice.vat_breakdown
    if any(row.taxable_amount is None or row.category is None for row in rows):
        return invoice
    lines = tuple(_line(place, row, invoice.number) for place, row in enumerate(rows, 1))
    return replace(invoice, lines=lines)


def _line(place: int, row: VatBreakdown, invoice_number: str | None) -> Line:
    net = row.taxable_amount or Decimal()
    document = f"invoice {invoice_number}" if invoice_number else "invoice"
    rate = "" if row.rate is None else f" {format_decimal(row.rate.normalize(EXACT))} %"
    return Line(
        identifier=str(place),
        quantity=Decimal(-1 if net < 0 else 1),
        unit=_ONE,
        net_amount=net,
        price=Price(net=abs(net)),
        vat=LineVat(category=row.category, rate=row.rate),
        item=Item(name=f"Total of {document}, VAT {row.category}{rate}"),
    )
