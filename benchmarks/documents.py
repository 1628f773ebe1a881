"""Invoices to measure with: the samples, and long ones made of their lines."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle, islice
from pathlib import Path

import msgspec

import einvoice
from einvoice.formats.mapping import write_xml
from einvoice.model import Invoice, Totals, VatBreakdown

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
CENT = Decimal("0.01")


def sample(name: str) -> bytes:
    return (SAMPLES / name / "invoice.xml").read_bytes()


def long_invoice(name: str, syntax: str, lines: int) -> bytes:
    """A sample with as many lines, its own over and over, and totals that are right."""
    invoice = einvoice.read(sample(name)).invoice
    return write_xml(syntax, _with_lines(invoice, lines))


def _with_lines(invoice: Invoice, count: int) -> Invoice:
    repeated = islice(cycle(invoice.lines), count)
    lines = [msgspec.structs.replace(line, identifier=str(n)) for n, line in enumerate(repeated, 1)]
    bases: dict[tuple[str | None, Decimal | None], Decimal] = defaultdict(Decimal)
    for line in lines:
        bases[line.vat.category, line.vat.rate] += line.net_amount or 0
    breakdown = tuple(
        VatBreakdown(
            category=category,
            rate=rate,
            taxable_amount=base,
            tax_amount=(base * (rate or 0) / 100).quantize(CENT, ROUND_HALF_UP),
        )
        for (category, rate), base in bases.items()
    )
    net = sum(bases.values(), Decimal())
    vat = sum((row.tax_amount or Decimal() for row in breakdown), Decimal())
    totals = Totals(line_net=net, without_vat=net, vat=vat, with_vat=net + vat, due=net + vat)
    return msgspec.structs.replace(
        invoice,
        lines=tuple(lines),
        vat_breakdown=breakdown,
        totals=totals,
        allowances=(),
        charges=(),
    )
