"""Invoices made in code, for tests that need one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec

from einvoice.bindings.plan import type_at
from einvoice.model import (
    Address,
    Buyer,
    Identifier,
    Invoice,
    Item,
    Line,
    LineVat,
    Price,
    Process,
    Seller,
    Totals,
    VatBreakdown,
)
from einvoice.model.extension_terms import EXTENSION_TERMS
from einvoice.model.term import Term
from einvoice.model.terms import TERMS

EN16931 = "urn:cen.eu:en16931:2017"


def plain_invoice(**changes: Any) -> Invoice:
    """A small invoice that obeys all rules of EN 16931."""
    invoice = Invoice(
        process=Process(specification=EN16931),
        number="2026-0042",
        issue_date=date(2026, 10, 5),
        type_code="380",
        currency="EUR",
        due_date=date(2026, 11, 4),
        seller=Seller(
            name="Atelier Vauban",
            vat_identifier="FR83404833048",
            address=Address(line_1="3 rue du Four", city="Lille", post_code="59000", country="FR"),
        ),
        buyer=Buyer(name="Kontor Hansen", address=Address(city="Kiel", country="DE")),
        lines=(
            Line(
                identifier="1",
                quantity=Decimal(2),
                unit="C62",
                net_amount=Decimal("200.00"),
                price=Price(net=Decimal("100.00")),
                vat=LineVat(category="S", rate=Decimal(20)),
                item=Item(name="Table"),
            ),
        ),
        vat_breakdown=(
            VatBreakdown(
                taxable_amount=Decimal("200.00"),
                tax_amount=Decimal("40.00"),
                category="S",
                rate=Decimal(20),
            ),
        ),
        totals=Totals(
            line_net=Decimal("200.00"),
            without_vat=Decimal("200.00"),
            vat=Decimal("40.00"),
            with_vat=Decimal("240.00"),
            due=Decimal("240.00"),
        ),
    )
    return msgspec.structs.replace(invoice, **changes)


def full_invoice(type_code: str = "380") -> Invoice:
    """An invoice with every term of EN 16931, each value different, two of each group."""
    return _full(type_code, TERMS, ())


def extended_invoice(type_code: str = "380", leave_out: Collection[str] = ()) -> Invoice:
    """An invoice with every term of EN 16931 and of its extensions but some, two of each group."""
    return _full(type_code, (*TERMS, *EXTENSION_TERMS), leave_out)


def _full(type_code: str, terms: Sequence[Term], leave_out: Collection[str]) -> Invoice:
    paths = {term.path for term in terms if term.datatype != "Group"} - {*leave_out}
    invoice: Invoice = _fill(Invoice, count(1), "", paths)
    lines = tuple(_consistent_price(line) for line in invoice.lines)
    identifiers = (Identifier(value="plain"), *invoice.seller.identifiers)
    return msgspec.structs.replace(
        invoice,
        type_code=type_code,
        currency="EUR",
        accounting_currency="SEK",
        tax_point_date_code="35",
        lines=lines,
        seller=msgspec.structs.replace(invoice.seller, identifiers=identifiers),
    )


def _consistent_price(line: Line) -> Line:
    price = msgspec.structs.replace(line.price, gross=line.price.net + line.price.discount)
    return msgspec.structs.replace(line, price=price)


def _fill(kind: type[msgspec.Struct], numbers: Iterator[int], prefix: str, paths: Set[str]) -> Any:
    values = {}
    for name in kind.__struct_fields__:
        inner, many = type_at(kind, name)
        path = f"{prefix}{name}{'[]' if many else ''}"
        if name == "sub_lines" or not any(p == path or p.startswith(f"{path}.") for p in paths):
            continue
        value = tuple(_value(inner, name, numbers, path, paths) for _ in range(2 if many else 1))
        values[name] = value if many else value[0]
    return kind(**values)


def _value(kind: type[Any], name: str, numbers: Iterator[int], path: str, paths: Set[str]) -> Any:
    if issubclass(kind, msgspec.Struct):
        return _fill(kind, numbers, f"{path}.", paths)
    number = next(numbers)
    if kind is bool:
        return True
    if kind is date:
        return date(2026, 1, 1) + timedelta(days=number)
    if kind is Decimal:
        return Decimal(number).scaleb(-2)
    if kind is bytes:
        return b"content %d" % number
    if name == "subject_code":
        return f"A{number % 10}B"
    if path.endswith("extension.tax_point_date_code"):
        return "432"
    return f"{name} {number}"
