"""Repairs of an invoice, each only by explicit request and each change listed.

`REPAIRS` is the one list. A repair derives what it writes from the invoice itself; where that does
not decide, it leaves the value as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from decimal import Decimal, localcontext
from typing import Any

import msgspec

from einvoice.amounts import EXACT, format_decimal
from einvoice.errors import UsageError
from einvoice.findings import Repaired
from einvoice.formats.compare import Difference, differences, term_at, text_of
from einvoice.model import Invoice
from einvoice.repairs import amounts, breakdown, lines, texts
from einvoice.repairs.values import change_values


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """A repair that can be asked for."""

    name: str  #: as in `--repair`
    title: str
    apply: Callable[[Invoice], Invoice]


#: In the order in which they are applied: lines before the totals that are made of them.
REPAIRS: tuple[Repair, ...] = (
    Repair(
        name="trim-text",
        title="remove white space around and doubled within texts; empty ones become absent",
        apply=texts.trim,
    ),
    Repair(
        name="iban",
        title="write accounts that are an IBAN without blanks and in capitals (BT-84)",
        apply=texts.normalise_ibans,
    ),
    Repair(
        name="tax-point",
        title="drop the tax point date code (BT-8) where there is a tax point date (BT-7)",
        apply=texts.keep_tax_point_date,
    ),
    Repair(
        name="line-numbers",
        title="number lines whose identifier (BT-126) is absent or there twice",
        apply=lines.number,
    ),
    Repair(
        name="negative-price",
        title="move the sign of a negative price (BT-146) to the quantity (BT-129)",
        apply=lines.turn_negative_prices,
    ),
    Repair(
        name="price-discount",
        title="compute the one of price discount (BT-147) and gross price (BT-148) that is absent",
        apply=lines.complete_prices,
    ),
    Repair(
        name="lines-from-breakdown",
        title="give an invoice without lines one for each VAT breakdown (BG-23)",
        apply=lines.from_breakdown,
    ),
    Repair(
        name="decimals",
        title="round amounts to the decimals of the currency, half up",
        apply=amounts.round_amounts,
    ),
    Repair(
        name="line-net",
        title="compute line net amounts (BT-131) from quantity, price, allowances and charges",
        apply=lines.compute_nets,
    ),
    Repair(
        name="vat-breakdown",
        title="compute the VAT breakdown (BG-23) from lines, allowances and charges",
        apply=breakdown.compute_breakdown,
    ),
    Repair(
        name="totals",
        title="compute the totals (BG-22) from lines, allowances, charges and breakdown",
        apply=amounts.compute_totals,
    ),
    Repair(
        name="document-type",
        title="make an invoice of negative amounts a credit note (381), its signs turned",
        apply=amounts.turn_to_credit_note,
    ),
)


def repair(invoice: Invoice, names: Collection[str]) -> tuple[Invoice, tuple[Repaired, ...]]:
    """Apply the named repairs, in the order of `REPAIRS`, and list what each changed.

    Raises:
        UsageError: there is no repair of that name.
    """
    known = {each.name for each in REPAIRS}
    for name in names:
        if name not in known:
            raise UsageError("repair", name, [each.name for each in REPAIRS])
    changes: list[Repaired] = []
    for each in REPAIRS:
        if each.name in names:
            repaired = _applied(each, invoice)
            changes += (_told(each.name, change) for change in _changes(invoice, repaired))
            invoice = repaired
    return invoice, tuple(changes)


def _applied(each: Repair, invoice: Invoice) -> Invoice:
    """Numbers that no arithmetic can hold, such as one of a thousand digits, leave all as it is."""
    try:
        with localcontext(EXACT):
            return each.apply(invoice)
    except ArithmeticError:
        return invoice


def _changes(before: Invoice, after: Invoice) -> Iterator[Difference]:
    """What differs, also in digits alone: 1.000 equals 1.00 and is not written alike."""
    if msgspec.json.encode(after) != msgspec.json.encode(before):
        yield from differences(_written(before), _written(after))


def _written(invoice: Invoice) -> Invoice:
    return change_values(invoice, _number_as_text)


def _number_as_text(term: object, value: Any) -> Any:
    return format_decimal(value) if isinstance(value, Decimal) else value


def _told(name: str, change: Difference) -> Repaired:
    return Repaired(
        repair=name,
        path=change.path,
        before=None if change.before is None else text_of(change.before),
        after=None if change.after is None else text_of(change.after),
        term=term_at(change.path),
    )
