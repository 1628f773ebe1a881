"""Repairs of an invoice, each only by explicit request and each change listed.

`REPAIRS` is the one list. A repair derives what it writes from the invoice itself; where that does
not decide, it leaves the value as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from einvoice.errors import UsageError
from einvoice.findings import Repaired
from einvoice.formats.compare import differences, term_at, text_of
from einvoice.model import Invoice
from einvoice.repairs import amounts, lines, texts


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
        name="document-type",
        title="make an invoice of negative amounts a credit note (381), its signs turned",
        apply=amounts.turn_to_credit_note,
    ),
    Repair(
        name="decimals",
        title="round amounts to the decimals of the currency, half up",
        apply=amounts.round_amounts,
    ),
    Repair(
        name="line-net",
        title="compute line net amounts (BT-131) from quantity, price, allowances and charges",
        apply=amounts.compute_line_nets,
    ),
    Repair(
        name="vat-breakdown",
        title="compute the VAT breakdown (BG-23) from lines, allowances and charges",
        apply=amounts.compute_breakdown,
    ),
    Repair(
        name="totals",
        title="compute the totals (BG-22) from lines, allowances, charges and breakdown",
        apply=amounts.compute_totals,
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
            repaired = each.apply(invoice)
            changes += _changes(each.name, invoice, repaired)
            invoice = repaired
    return invoice, tuple(changes)


def _changes(name: str, before: Invoice, after: Invoice) -> list[Repaired]:
    return [
        Repaired(
            repair=name,
            path=difference.path,
            before=None if difference.before is None else text_of(difference.before),
            after=None if difference.after is None else text_of(difference.after),
            term=term_at(difference.path),
        )
        for difference in differences(before, after)
    ]
