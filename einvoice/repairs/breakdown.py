"""The VAT breakdown (BG-23), computed from lines, allowances and charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from einvoice.amounts import decimals_of, round_half_up
from einvoice.model import Invoice, VatBreakdown
from einvoice.repairs.values import counts, settled

#: Categories without VAT (EN 16931-1, BR-Z-09, BR-E-09, BR-AE-09, BR-IC-09, BR-G-09, BR-O-09).
_UNTAXED = frozenset(("AE", "E", "G", "K", "O", "Z"))
_OUTSIDE_SCOPE = "O"  # its rate is absent (BR-O-05)

#: Category and rate; the rate of a category without VAT is 0.
Key = tuple[str, Decimal]
#: The net amounts of each category and rate, allowances negative.
Parts = Mapping[Key, list[Decimal]]


def compute_breakdown(invoice: Invoice) -> Invoice:
    """BG-23 anew, one row for each category and rate, and BT-110 as the sum of its VAT.

    BT-116 is the sum of the parts, BT-117 that times the rate, rounded half up. VAT that was
    rounded for each part before it was summed is right too, and stays. Reasons of exemption are
    those of the old row of the category and rate, else those of the category.

    All is left as it is where an amount, a category or a rate is absent, where a category without
    VAT has a rate, and where several old rows of a category and rate have reasons of their own.
    """
    parts = _parts_by_key(invoice)
    if not invoice.lines or parts is None or _has_several_reasons(invoice):
        return invoice
    old = _old_rows(invoice)
    decimals = decimals_of(invoice.currency)
    rows = tuple(
        _row(invoice, key, parts[key], old.get(key), decimals)
        for key in _in_order(invoice.vat_breakdown, parts)
    )
    vat = sum((row.tax_amount or Decimal() for row in rows), Decimal())
    before = invoice.totals.vat
    if before is None and not vat and rows == invoice.vat_breakdown:
        return invoice  # no VAT, and no total of it: some leave that out
    totals = replace(invoice.totals, vat=settled(before, vat))
    return replace(invoice, vat_breakdown=rows, totals=totals)


def _parts(invoice: Invoice) -> Iterator[tuple[str | None, Decimal | None, Decimal | None]]:
    """Category, rate and net amount of all that has VAT."""
    for line in filter(counts, invoice.lines):
        yield line.vat.category, line.vat.rate, line.net_amount
    for item in invoice.charges:
        yield item.vat_category, item.vat_rate, item.amount
    for item in invoice.allowances:
        yield item.vat_category, item.vat_rate, None if item.amount is None else -item.amount


def _parts_by_key(invoice: Invoice) -> Parts | None:
    """None where one of the parts is not known well enough."""
    parts: defaultdict[Key, list[Decimal]] = defaultdict(list)
    for category, rate, amount in _parts(invoice):
        key = _key(category, rate)
        if key is None or amount is None:
            return None
        parts[key].append(amount)
    return parts


def _key(category: str | None, rate: Decimal | None) -> Key | None:
    if category in _UNTAXED:
        return None if rate else (category, Decimal())
    return None if category is None or rate is None else (category, rate)


def _old_rows(invoice: Invoice) -> dict[Key, VatBreakdown]:
    rows: dict[Key, VatBreakdown] = {}
    for row in invoice.vat_breakdown:
        key = _key(row.category, row.rate)
        if key is not None:
            rows.setdefault(key, row)
    return rows


def _has_several_reasons(invoice: Invoice) -> bool:
    """Whether rows differ in nothing but their reason, which the lines do not tell."""
    rows = _old_rows(invoice)
    keys = ((_key(row.category, row.rate), row) for row in invoice.vat_breakdown)
    return any(key is not None and _reasons(rows[key]) != _reasons(row) for key, row in keys)


def _reasons(row: VatBreakdown) -> tuple[str | None, str | None]:
    return row.exemption_reason, row.exemption_reason_code


def _in_order(old: tuple[VatBreakdown, ...], parts: Parts) -> list[Key]:
    """The keys in the order of the old rows; a new one takes the place of one that is gone."""
    before = dict.fromkeys(_key(row.category, row.rate) for row in old)
    new = [key for key in parts if key not in before]
    kept = [key if key in parts else new.pop(0) for key in before if key in parts or new]
    return [key for key in (*kept, *new) if key is not None]


def _row(
    invoice: Invoice, key: Key, amounts: list[Decimal], old: VatBreakdown | None, decimals: int
) -> VatBreakdown:
    category, rate = key
    base = sum(amounts, Decimal())
    if old is None:
        written = None if category == _OUTSIDE_SCOPE else rate
        reason, code = _reasons_of_category(invoice, category)
        old = VatBreakdown(
            category=category, rate=written, exemption_reason=reason, exemption_reason_code=code
        )
    tax = round_half_up(base * rate / 100, decimals)
    by_part = sum((round_half_up(amount * rate / 100, decimals) for amount in amounts), Decimal())
    if old.taxable_amount == base and old.tax_amount == by_part:
        tax = by_part
    return replace(
        old,
        taxable_amount=settled(old.taxable_amount, base),
        tax_amount=settled(old.tax_amount, tax),
    )


def _reasons_of_category(invoice: Invoice, category: str) -> tuple[str | None, str | None]:
    """The reasons of the old rows of a category, where they all have the same."""
    known = {_reasons(row) for row in invoice.vat_breakdown if row.category == category}
    return known.pop() if len(known) == 1 else (None, None)
