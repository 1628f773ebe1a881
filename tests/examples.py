"""Invoices made in code, for tests that need one."""

from __future__ import annotations

from collections.abc import Iterator
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
    """An invoice with every term of the model, each value different, two of each group."""
    invoice: Invoice = _fill(Invoice, count(1))
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


def _fill(kind: type[msgspec.Struct], numbers: Iterator[int]) -> Any:
    values = {}
    for name in kind.__struct_fields__:
        inner, many = type_at(kind, name)
        if many:
            values[name] = (_value(inner, name, numbers), _value(inner, name, numbers))
        else:
            values[name] = _value(inner, name, numbers)
    if kind is Identifier:
        values.pop("scheme_version")
    return kind(**values)


def _value(kind: type[Any], name: str, numbers: Iterator[int]) -> Any:
    if issubclass(kind, msgspec.Struct):
        return _fill(kind, numbers)
    number = next(numbers)
    if kind is date:
        return date(2026, 1, 1) + timedelta(days=number)
    if kind is Decimal:
        return Decimal(number).scaleb(-2)
    if kind is bytes:
        return b"content %d" % number
    if name == "subject_code":
        return f"A{number % 10}B"
    return f"{name} {number}"
