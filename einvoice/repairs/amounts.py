"""Repairs of amounts: rounding, sums, the VAT breakdown, and the sign of a whole document.

Rounding is half up, to the decimals of BT-5. Formulas: EN 16931-1, BR-CO-10 to BR-CO-17.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from einvoice.amounts import decimals_of, round_half_up
from einvoice.model import AllowanceCharge, Invoice, Line, LineAllowanceCharge, VatBreakdown
from einvoice.model.terms import term_of

_INVOICE, _CREDIT_NOTE = "380", "381"
#: Zero at any rate: exempt, reverse charge, intra-community, export, outside the scope, zero rated.
_UNTAXED = frozenset(["E", "AE", "K", "G", "O", "Z"])
_ZERO = Decimal()

T = TypeVar("T", bound=msgspec.Struct)
Category = tuple[str | None, Decimal | None]


def _rounded(invoice: Invoice, value: Decimal) -> Decimal:
    return round_half_up(value, decimals_of(invoice.currency))


def round_amounts(invoice: Invoice) -> Invoice:
    """BR-DEC: every amount, but no unit price and no quantity, has the decimals of its currency."""
    rounded = _amounts_rounded(invoice, "", decimals_of(invoice.currency))
    assert isinstance(rounded, Invoice)
    return rounded


def _amounts_rounded(value: Any, path: str, decimals: int) -> Any:
    if isinstance(value, tuple):
        return tuple(_amounts_rounded(item, f"{path}[]", decimals) for item in value)
    if isinstance(value, msgspec.Struct):
        changes = {
            name: _amounts_rounded(inner, f"{path}.{name}" if path else name, decimals)
            for name in value.__struct_fields__
            if (inner := getattr(value, name)) is not None
        }
        return replace(value, **changes)
    if not isinstance(value, Decimal):
        return value
    term = term_of(path)
    exponent = value.as_tuple().exponent
    too_fine = isinstance(exponent, int) and -exponent > decimals
    is_amount = term is not None and term.datatype == "Amount"
    return round_half_up(value, decimals) if is_amount and too_fine else value


def compute_line_nets(invoice: Invoice) -> Invoice:
    """BT-131 = BT-129 x BT-146 / BT-149 + charges - allowances, where it is absent or another."""

    def change(line: Line) -> Line:
        price = line.price
        base = Decimal(1) if price.base_quantity is None else price.base_quantity
        if line.quantity is None or price.net is None or base == 0:
            return line
        product = _rounded(invoice, line.quantity * price.net / base)
        net = product + _sum(line.charges) - _sum(line.allowances)
        return line if line.net_amount == net else replace(line, net_amount=net)

    return replace(invoice, lines=tuple(map(change, invoice.lines)))


def _sum(items: Iterable[AllowanceCharge | LineAllowanceCharge]) -> Decimal:
    return sum((item.amount or _ZERO for item in items), _ZERO)


def compute_breakdown(invoice: Invoice) -> Invoice:
    """BG-23 anew, one for each category and rate; reasons of exemption are kept."""
    bases: dict[Category, Decimal] = {}
    parts = [((line.vat.category, line.vat.rate), line.net_amount) for line in invoice.lines]
    parts += [((x.vat_category, x.vat_rate), _negative(x.amount)) for x in invoice.allowances]
    parts += [((x.vat_category, x.vat_rate), x.amount) for x in invoice.charges]
    if not invoice.lines or any(category is None for (category, _), _ in parts):
        return invoice
    for key, amount in parts:
        bases[key] = bases.get(key, _ZERO) + (amount or _ZERO)
    rows = tuple(_row(invoice, key, base) for key, base in bases.items())
    if _equal(rows, invoice.vat_breakdown):
        return invoice
    vat = sum((row.tax_amount or _ZERO for row in rows), _ZERO)
    return replace(invoice, vat_breakdown=rows, totals=replace(invoice.totals, vat=vat))


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _row(invoice: Invoice, key: Category, base: Decimal) -> VatBreakdown:
    category, rate = key
    old = next((r for r in invoice.vat_breakdown if (r.category, r.rate) == key), None)
    old = old or next((r for r in invoice.vat_breakdown if r.category == category), None)
    taxed = category not in _UNTAXED and rate is not None
    tax = base * (rate or _ZERO) / 100 if taxed else _ZERO
    return VatBreakdown(
        taxable_amount=_rounded(invoice, base),
        tax_amount=_rounded(invoice, tax),
        category=category,
        rate=rate,
        exemption_reason=old.exemption_reason if old else None,
        exemption_reason_code=old.exemption_reason_code if old else None,
    )


def _equal(rows: tuple[VatBreakdown, ...], others: tuple[VatBreakdown, ...]) -> bool:
    """Whether two breakdowns say the same in another order."""
    return len(rows) == len(others) and all(row in others for row in rows)


def compute_totals(invoice: Invoice) -> Invoice:
    """BT-106 to BT-109, BT-112 and BT-115, where absent or other (BR-CO-10 to BR-CO-16)."""
    if not invoice.lines:
        return invoice
    old = invoice.totals
    line_net = sum((line.net_amount or _ZERO for line in invoice.lines), _ZERO)
    allowances, charges = _sum(invoice.allowances), _sum(invoice.charges)
    without_vat = line_net - allowances + charges
    with_vat = without_vat + (old.vat or _ZERO)
    new = {
        "line_net": line_net,
        "allowances": allowances if invoice.allowances else _zero_or_none(old.allowances),
        "charges": charges if invoice.charges else _zero_or_none(old.charges),
        "without_vat": without_vat,
        "with_vat": with_vat,
        "due": with_vat - (old.paid or _ZERO) + (old.rounding or _ZERO),
    }
    changed = {name: value for name, value in new.items() if getattr(old, name) != value}
    return replace(invoice, totals=replace(old, **changed))


def _zero_or_none(value: Decimal | None) -> Decimal | None:
    return None if value is None else value * 0


def turn_to_credit_note(invoice: Invoice) -> Invoice:
    """A commercial invoice (380) whose lines and total are all negative is a credit note (381)."""
    nets = [line.net_amount for line in invoice.lines]
    total = invoice.totals.with_vat
    if invoice.type_code != _INVOICE or not nets or total is None or total >= 0:
        return invoice
    if any(net is None or net > 0 for net in nets):
        return invoice
    totals = _turned(invoice.totals)
    return replace(
        invoice,
        type_code=_CREDIT_NOTE,
        lines=tuple(map(_turned_line, invoice.lines)),
        allowances=tuple(_turned(x, "amount", "base_amount") for x in invoice.allowances),
        charges=tuple(_turned(x, "amount", "base_amount") for x in invoice.charges),
        vat_breakdown=tuple(
            _turned(x, "taxable_amount", "tax_amount") for x in invoice.vat_breakdown
        ),
        totals=totals,
    )


def _turned_line(line: Line) -> Line:
    """A line with its signs turned; the price stays, as the quantity bears the sign."""
    turned = _turned(line, "net_amount", "quantity")
    return replace(
        turned,
        allowances=tuple(_turned(x, "amount", "base_amount") for x in line.allowances),
        charges=tuple(_turned(x, "amount", "base_amount") for x in line.charges),
    )


def _turned(struct: T, *names: str) -> T:
    """A struct with the signs of some amounts turned; of all of them if none is named."""
    values = {name: getattr(struct, name) for name in names or struct.__struct_fields__}
    return replace(struct, **{n: -v for n, v in values.items() if isinstance(v, Decimal)})
