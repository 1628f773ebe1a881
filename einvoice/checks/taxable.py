"""The taxable amounts of the VAT breakdown (BT-116), from lines, allowances and charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from einvoice.amounts import format_decimal
from einvoice.checks.check import Observation, Sight
from einvoice.checks.line_readings import SLACK, shown
from einvoice.checks.line_sums import counts, named, too_much
from einvoice.model import Invoice

_CENT = Decimal("0.01")

#: Category and rate, 0 where it is absent.
Key = tuple[str, Decimal]
#: What is taxed: its name, its category and rate, its amount (allowances negative).
Part = tuple[str, str | None, Decimal | None, Decimal | None]


def taxable_amounts(sight: Sight) -> Iterator[Observation]:
    """BT-116 is the sum of what has its category and rate, within 0.02 or a cent for each part.

    The official rules let it pass up to 1.00 for categories with VAT. Rows that differ in their
    reason of exemption only are taken together. Nothing is said where a line has no category.
    """
    invoice = sight.invoice
    parts = _parts_by_key(invoice)
    if parts is None or not invoice.lines:
        return
    declared: defaultdict[Key, list[tuple[int, Decimal]]] = defaultdict(list)
    for number, row in enumerate(invoice.vat_breakdown):
        if row.category is not None and row.taxable_amount is not None:
            declared[row.category, row.rate or Decimal()].append((number, row.taxable_amount))
    for key, rows in declared.items():
        total = sum((amount for _, amount in rows), Decimal())
        yield from _compare(total, parts.get(key, []), key, rows[0][0], invoice.currency)


def _compare(
    found: Decimal,
    parts: list[tuple[str, Decimal]],
    key: Key,
    number: int,
    currency: str | None,
) -> Iterator[Observation]:
    expected = sum((amount for _, amount in parts), Decimal())
    difference = found - expected
    if not parts or abs(difference) <= max(SLACK, _CENT * len(parts)):
        return
    category, rate = key
    why = _missing(difference, parts) or too_much(difference, currency)
    yield Observation(
        message=(
            f"The taxable amount BT-116 of VAT {category} {format_decimal(rate)} % is "
            f"{format_decimal(found)}, expected {shown(expected, currency)}, the sum of lines, "
            f"allowances and charges of it: {why}."
        ),
        paths=(f"vat_breakdown[{number}].taxable_amount",),
        evidence=(
            ("BT-116", format_decimal(found)),
            ("BT-118", category),
            ("BT-119", format_decimal(rate)),
            ("expected", shown(expected, currency)),
        ),
    )


def _missing(difference: Decimal, parts: list[tuple[str, Decimal]]) -> str | None:
    """The part that was left out or counted twice."""
    for name, amount in parts:
        if amount and difference in (amount, -amount):
            what = "leaves out" if difference == -amount else "counts twice"
            return f"it {what} {name} with {format_decimal(amount)}"
    return None


def _parts_by_key(invoice: Invoice) -> dict[Key, list[tuple[str, Decimal]]] | None:
    """None where the category or the amount of a part is absent."""
    parts: defaultdict[Key, list[tuple[str, Decimal]]] = defaultdict(list)
    for name, category, rate, amount in _parts(invoice):
        if category is None or amount is None:
            return None
        parts[category, rate or Decimal()].append((name, amount))
    return parts


def _parts(invoice: Invoice) -> Iterator[Part]:
    for line in filter(counts, invoice.lines):
        yield named(line), line.vat.category, line.vat.rate, line.net_amount
    for item in invoice.charges:
        yield "a charge of the document", item.vat_category, item.vat_rate, item.amount
    for item in invoice.allowances:
        amount = None if item.amount is None else -item.amount
        yield "an allowance of the document", item.vat_category, item.vat_rate, amount
