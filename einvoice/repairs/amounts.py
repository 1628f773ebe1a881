"""Repairs of amounts: their decimals, the totals, and the sign of a whole document."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from einvoice.amounts import decimals_of
from einvoice.model import Invoice, Totals
from einvoice.repairs.values import all_of, change_values, counts, fitted, settled

if TYPE_CHECKING:
    from einvoice.model.term import Term

_INVOICE, _CREDIT_NOTE = "380", "381"  # UNTDID 1001
_DECIMALS = 2  # of an amount that the rules compare with (BR-CO-10 to BR-CO-16)


def round_amounts(invoice: Invoice) -> Invoice:
    """BR-DEC: every amount has no more decimals than its currency; no unit price or quantity.

    Half up. An amount is in BT-5, that of BT-111 in BT-6.
    """
    decimals = decimals_of(invoice.currency)
    accounting = decimals_of(invoice.accounting_currency or invoice.currency)

    def change(term: Term | None, value: Any) -> Any:
        if term is None or term.datatype != "Amount":
            return value
        return fitted(value, accounting if term.id == "BT-111" else decimals)

    return change_values(invoice, change)


def compute_totals(invoice: Invoice) -> Invoice:
    """BT-106 to BT-109, BT-112 and BT-115, where absent or others (BR-CO-10 to BR-CO-16).

    Lines of extensions that sum up others do not count. VAT is BT-110, else the sum of BT-117. An
    invoice without lines keeps BT-106; one without lines and breakdown (MINIMUM) keeps all.
    """
    lines = [line.net_amount for line in invoice.lines if counts(line)]
    nets = _sum(lines) if invoice.lines else invoice.totals.line_net
    allowances = _sum(item.amount for item in invoice.allowances)
    charges = _sum(item.amount for item in invoice.charges)
    if not (invoice.lines or invoice.vat_breakdown):
        return invoice
    if nets is None or allowances is None or charges is None:
        return invoice
    old = invoice.totals
    totals = replace(
        old,
        line_net=settled(old.line_net, nets),
        allowances=_total(old.allowances, allowances, bool(invoice.allowances)),
        charges=_total(old.charges, charges, bool(invoice.charges)),
        without_vat=settled(old.without_vat, nets - allowances + charges),
    )
    return replace(invoice, totals=_with_vat(invoice, totals))


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """A sum with at most the decimals that the rules compare, None if a part is absent."""
    known = all_of(values)
    return None if known is None else fitted(sum(known, Decimal()), _DECIMALS)


def _total(old: Decimal | None, new: Decimal, of_any: bool) -> Decimal | None:
    """BT-107 or BT-108; of nothing it is zero, with its decimals, or absent as it was."""
    if of_any:
        return settled(old, new)
    return None if old is None else old * 0


def _with_vat(invoice: Invoice, totals: Totals) -> Totals:
    """BT-112 and BT-115, where VAT is known."""
    vat = totals.vat
    if vat is None and invoice.vat_breakdown:
        vat = _sum(row.tax_amount for row in invoice.vat_breakdown)
    if vat is None or totals.without_vat is None:
        return totals
    with_vat = settled(totals.with_vat, fitted(totals.without_vat + vat, _DECIMALS))
    # BR-DEX-09: what is collected for others is due too.
    others = invoice.extension.third_party_payments if invoice.extension else ()
    collected = _sum(payment.amount for payment in others)
    if collected is None:
        return replace(totals, with_vat=with_vat)
    due = with_vat - (totals.paid or Decimal()) + (totals.rounding or Decimal()) + collected
    return replace(totals, with_vat=with_vat, due=settled(totals.due, fitted(due, _DECIMALS)))


def turn_to_credit_note(invoice: Invoice) -> Invoice:
    """A commercial invoice (380) whose lines and total are all negative is a credit note (381).

    All amounts and quantities turn their sign; a price has none. What is due is positive then, for
    which some rules demand BT-9 or BT-20 (BR-CO-25): neither is made up.
    """
    nets = all_of(line.net_amount for line in invoice.lines)
    total = invoice.totals.with_vat
    if invoice.type_code != _INVOICE or not nets or total is None or total >= 0:
        return invoice
    if any(net > 0 for net in nets):
        return invoice
    return replace(change_values(invoice, _turned), type_code=_CREDIT_NOTE)


def _turned(term: Term | None, value: Any) -> Any:
    turns = term is not None and (term.datatype == "Amount" or term.id == "BT-129")
    return -value if turns else value
