"""What was seen before an invoice, as a ledger tells it: the input of checks that remember."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol

import msgspec

from einvoice.checks.fingerprint import Fingerprint


class SeenInvoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice that was seen before."""

    print: Fingerprint
    name: str  #: of the document: a path, or what the caller called it
    seen: date
    same_bytes: bool = False  #: its XML is that of the invoice at hand
    same_seller: bool = True
    invalid: bool = False  #: the official rules refused it, so that it had to be sent again
    cancelled: bool = False  #: a credit note names it

    @property
    def told(self) -> str:
        """It in words, for a message."""
        return f"{self.print.number} of {self.print.issued} ({self.name}, seen {self.seen})"


class Bill(msgspec.Struct, frozen=True):
    """Of an invoice of the same seller what shows a habit."""

    number: str  #: BT-1
    issued: date | None  #: BT-2
    gross: Decimal | None  #: BT-112 without its sign, in the currency
    currency: str  #: BT-5
    credit: bool


class AccountUse(msgspec.Struct, frozen=True, kw_only=True):
    """That a seller was paid on an account."""

    account: str  #: BT-84
    seller: str  #: BT-27
    same_seller: bool
    first: date  #: when it was seen first
    assigned: bool  #: it is of a payee or factor


class Supplier(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier as the master data has it."""

    id: str  #: of the user's own
    name: str
    vat_number: str = ""  #: BT-31
    registration: str = ""  #: BT-30
    accounts: tuple[str, ...] = ()  #: IBANs
    days: int | None = None  #: agreed term of payment
    month_end: bool = False  #: of the term: to the end of the month
    blocked: bool = False
    whole_series: bool = False  #: all numbers of this seller are sent here, so that none is missing


class Master(msgspec.Struct, frozen=True, kw_only=True):
    """What the master data says about the seller of an invoice."""

    suppliers: tuple[Supplier, ...] = ()  #: that are this seller
    owners: tuple[tuple[str, str], ...] = ()  #: account of the invoice, name of another supplier


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that a ledger knew before an invoice, as far as it bears on it."""

    print: Fingerprint  #: of the invoice
    alike: tuple[SeenInvoice, ...] = ()  #: like it in bytes, number, content or amount
    recent: tuple[Bill, ...] = ()  #: the latest valid ones of the seller, the latest first
    accounts: tuple[AccountUse, ...] = ()  #: of it, and of others with the same ones; oldest first
    treatments: frozenset[tuple[str, str]] = frozenset()  #: VAT category and rate of the seller
    master: Master | None = None  #: None without master data


class Sighted(msgspec.Struct, frozen=True, kw_only=True):
    """A document as a ledger is told of it."""

    print: Fingerprint
    digest: str  #: SHA-256 of its XML
    name: str  #: same name and digest: the same document again
    invalid: bool = False  #: by the official rules


class Ledger(Protocol):
    """What has been seen."""

    def observe(self, sighted: Sighted) -> History:
        """Keep a document, and tell what was known before it.

        Of the same document it tells the same again, however much was seen in the meantime.
        """
