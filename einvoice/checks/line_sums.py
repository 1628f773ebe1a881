"""Arithmetic of lines, prices, allowances and charges."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from einvoice.amounts import format_decimal
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.line_readings import (
    Calculation,
    calculation_of,
    is_right,
    shown,
    slack_of,
    slip,
)
from einvoice.findings import Severity
from einvoice.model import AllowanceCharge, Invoice, Line, LineAllowanceCharge

_GROUP, _INFORMATION = "GROUP", "INFORMATION"  # EXT-FR-FE-163
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)
_PARTS_OF_NET = ("net_amount", "quantity", "price.net")
_PARTS_OF_PRICE = ("price.net", "price.gross", "price.discount")

Part = AllowanceCharge | LineAllowanceCharge


def subtype_of(line: Line) -> str | None:
    """EXT-FR-FE-163: DETAIL, GROUP or INFORMATION, None where it is absent."""
    return None if line.extension is None else line.extension.subtype


def counts(line: Line) -> bool:
    """Whether a line counts in the totals: a group sums up others, an information has no amount."""
    return subtype_of(line) not in (_GROUP, _INFORMATION)


def named(line: Line) -> str:
    """A line as messages call it."""
    return f"line {line.identifier}" if line.identifier else "a line without identifier"


def too_much(difference: Decimal, currency: str | None) -> str:
    """By how much a declared amount is above or below the right one."""
    side = "too much" if difference > 0 else "too little"
    return f"{shown(abs(difference), currency)} {side}"


def line_nets(sight: Sight) -> Iterator[Observation]:
    """BT-131 comes from quantity, price, allowances and charges in one of the right ways.

    Lines of lines (BG-DEX-01) are left alone: they explain a line and count in no total.
    """
    currency = sight.invoice.currency
    for number, line in enumerate(sight.invoice.lines):
        numbers = calculation_of(line, currency) if counts(line) else None
        if numbers is None or is_right(numbers) or _sums_up_its_lines(line):
            continue
        why = slip(numbers) or too_much(numbers.net - numbers.exact, currency)
        yield Observation(
            message=(
                f"BT-131 of {named(line)} is {format_decimal(numbers.net)}, expected "
                f"{shown(numbers.exact, currency)}: {why}."
            ),
            paths=tuple(f"lines[{number}].{part}" for part in _PARTS_OF_NET),
            evidence=_numbers(numbers, currency),
        )


def _sums_up_its_lines(line: Line) -> bool:
    """Whether the net amount is that of the lines that are part of it (BR-DEX-02)."""
    inner = line.extension.sub_lines if line.extension else ()
    nets = sum((part.net_amount or Decimal() for part in inner), Decimal())
    return bool(inner) and line.net_amount == nets


def _numbers(line: Calculation, currency: str | None) -> tuple[tuple[str, str], ...]:
    values = {
        "BT-131": line.net,
        "BT-129": line.quantity,
        "BT-146": line.price,
        "BT-149": line.base,
        "BT-148": line.gross,
        "BT-147": line.discount or None,
        "BG-28": line.charges or None,
        "BG-27": line.allowances or None,
    }
    known = ((name, format_decimal(value)) for name, value in values.items() if value is not None)
    return (*known, ("expected", shown(line.exact, currency)))


def groups(sight: Sight) -> Iterator[Observation]:
    """The net amount of a GROUP line is the sum of the lines right below it, a cent for each."""
    invoice = sight.invoice
    below: defaultdict[str, list[Line]] = defaultdict(list)
    for line in invoice.lines:
        if line.extension is not None and line.extension.parent is not None:
            below[line.extension.parent].append(line)
    for number, line in enumerate(invoice.lines):
        parts = [p for p in below[line.identifier or ""] if subtype_of(p) != _INFORMATION]
        nets = [part.net_amount for part in parts if part.net_amount is not None]
        if subtype_of(line) != _GROUP or line.net_amount is None or not nets:
            continue
        total = sum(nets, Decimal())
        if len(nets) < len(parts) or abs(line.net_amount - total) <= _CENT * len(nets):
            continue
        off = too_much(line.net_amount - total, invoice.currency)
        yield Observation(
            message=(
                f"BT-131 of group {named(line)} is {format_decimal(line.net_amount)}, expected "
                f"{format_decimal(total)}, the sum of its {len(nets)} lines: {off}."
            ),
            paths=(f"lines[{number}].net_amount",),
            evidence=(
                ("BT-131", format_decimal(line.net_amount)),
                ("expected", format_decimal(total)),
            ),
        )


def prices(sight: Sight) -> Iterator[Observation]:
    """BT-146 is BT-148 less BT-147, where all three are given.

    It may be rounded, and the discount may be that of the whole line. A further discount of the
    price, as extensions allow, would have been left out by us: then a lower price is right.
    """
    extended = is_extended(sight.invoice)
    for number, line in enumerate(sight.invoice.lines):
        net, gross, discount = line.price.net, line.price.gross, line.price.discount
        if net is None or not gross or discount is None:
            continue
        expected = gross - discount
        if abs(net - expected) <= _CENT / 2 or (extended and net < expected):
            continue
        units = (line.quantity or Decimal()) / (line.price.base_quantity or Decimal(1))
        if abs((gross - net) * units - discount) <= _CENT / 2 * abs(units):
            continue
        yield Observation(
            message=(
                f"The net price BT-146 of {named(line)} is {format_decimal(net)}, expected "
                f"{format_decimal(expected)}: BT-148 {format_decimal(gross)} less "
                f"BT-147 {format_decimal(discount)}."
            ),
            paths=tuple(f"lines[{number}].{part}" for part in _PARTS_OF_PRICE),
            evidence=(
                ("BT-146", format_decimal(net)),
                ("BT-148", format_decimal(gross)),
                ("BT-147", format_decimal(discount)),
                ("expected", format_decimal(expected)),
            ),
        )


def is_extended(invoice: Invoice) -> bool:
    """Whether BT-24 is that of EXTENDED-CTC-FR, Factur-X EXTENDED or ZUGFeRD EXTENDED."""
    return "extended" in (invoice.process.specification or "").lower()


def _parts(invoice: Invoice) -> Iterator[tuple[str, str, Part]]:
    """Allowances and charges of document and lines: place, name, group."""
    yield from _named_parts("", "the document", invoice.allowances, invoice.charges)
    for number, line in enumerate(invoice.lines):
        yield from _named_parts(f"lines[{number}].", named(line), line.allowances, line.charges)


def _named_parts(
    path: str, owner: str, allowances: tuple[Part, ...], charges: tuple[Part, ...]
) -> Iterator[tuple[str, str, Part]]:
    for number, part in enumerate(allowances):
        yield f"{path}allowances[{number}]", f"an allowance of {owner}", part
    for number, part in enumerate(charges):
        yield f"{path}charges[{number}]", f"a charge of {owner}", part


def percentages(sight: Sight) -> Iterator[Observation]:
    """The amount of an allowance or charge is its base times its percentage, where both are given.

    Signs are left alone: a correction has them in many ways. A percentage may be rounded.
    """
    currency = sight.invoice.currency
    for path, name, part in _parts(sight.invoice):
        amount, base, percentage = part.amount, part.base_amount, part.percentage
        if amount is None or base is None or percentage is None:
            continue
        expected = abs(base * percentage / _HUNDRED)
        rounded = abs(base) * Decimal("0.00005") if percentage % 1 else Decimal()
        if abs(abs(amount) - expected) <= slack_of(currency) + rounded:
            continue
        fraction = abs(abs(amount) - expected * _HUNDRED) <= slack_of(currency)
        why = ", the percentage is written as a fraction" if fraction else ""
        yield Observation(
            message=(
                f"The amount of {name} is {format_decimal(amount)}, expected "
                f"{shown(expected, currency)}, {format_decimal(percentage)} % of "
                f"{format_decimal(base)}{why}."
            ),
            paths=(f"{path}.amount", f"{path}.base_amount", f"{path}.percentage"),
            evidence=(
                ("amount", format_decimal(amount)),
                ("base", format_decimal(base)),
                ("percentage", format_decimal(percentage)),
                ("expected", shown(expected, currency)),
            ),
        )


CHECKS: tuple[Check, ...] = (
    Check(
        id="SUM-01",
        title="BT-131 comes from quantity, price, allowances and charges of its line",
        severity=Severity.WARNING,
        run=line_nets,
        reason_code="CALCUL_ERR",
    ),
    Check(
        id="SUM-02",
        title="The net amount of a GROUP line is the sum of the lines below it",
        severity=Severity.WARNING,
        run=groups,
        reason_code="CALCUL_ERR",
    ),
    Check(
        id="SUM-03",
        title="BT-146 is BT-148 less BT-147",
        severity=Severity.WARNING,
        run=prices,
        reason_code="PU_ERR",
    ),
    Check(
        id="SUM-04",
        title="The amount of an allowance or charge is its base times its percentage",
        severity=Severity.WARNING,
        run=percentages,
        reason_code="REM_ERR",
    ),
)
