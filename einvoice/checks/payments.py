"""What was paid for invoices: a table of the user, and its look-up by seller and number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from einvoice.checks.keys import seller_key
from einvoice.model import Invoice
from einvoice.tablefile import Column, parse_amount, parse_day, read_table, shown

_CURRENCY = re.compile(r"[A-Z]{3}")


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment of an invoice or of a part of it."""

    seller: str  #: BT-31, BT-30 or BT-29 of the seller
    number: str  #: BT-1
    paid_on: date  #: the day on which the seller had the money
    amount: Decimal  #: in the currency; below zero for what was taken back
    currency: str | None = None  #: ISO 4217; None: that of the invoice (BT-5)


class Payments:
    """Payments by invoice."""

    def __init__(self, payments: Iterable[Payment]) -> None:
        by_invoice: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
        for payment in payments:
            by_invoice[seller_key(payment.seller), payment.number.strip()].append(payment)
        self._by_invoice = dict(by_invoice)

    def of(self, invoice: Invoice) -> tuple[Payment, ...]:
        """The payments of an invoice in the order of their days, whichever identifier they name."""
        number = (invoice.number or "").strip()
        found = (
            payment
            for key in dict.fromkeys(_seller_keys(invoice))
            for payment in self._by_invoice.get((key, number), ())
        )
        # Of one day what was taken back comes last: it was paid before.
        return tuple(sorted(found, key=lambda payment: (payment.paid_on, payment.amount < 0)))


def _seller_keys(invoice: Invoice) -> Iterator[str]:
    seller = invoice.seller
    if seller.vat_identifier:
        yield seller_key(seller.vat_identifier)
    legal = (seller.legal_registration,) if seller.legal_registration else ()
    for identifier in (*legal, *seller.identifiers):
        if identifier.value:
            yield seller_key(identifier.value)


def load_payments(path: str | Path) -> Payments:
    """Read payments from a CSV table.

    Its columns are `seller`, `number`, `paid_on` and `amount`, and `currency` if need be. Rows of
    the same invoice are part payments.

    Raises:
        InputNotReadable: the file cannot be opened.
        TableError: it is no such table.
    """
    return Payments(read_table(path, _COLUMNS, Payment))


def _parse_seller(text: str) -> str:
    if not seller_key(text):
        raise ValueError(f"{shown(text)} has neither letter nor digit")
    return text


def _parse_currency(text: str) -> str:
    if _CURRENCY.fullmatch(text.upper()) is None:
        raise ValueError(f"{shown(text)} is no currency code such as EUR")
    return text.upper()


_COLUMNS = (
    Column("seller", _parse_seller),
    Column("number"),
    Column("paid_on", parse_day),
    Column("amount", parse_amount),
    Column("currency", _parse_currency, required=False),
)
