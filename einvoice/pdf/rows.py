"""The building blocks of the drawn page: labels with texts, and the small texts they share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from einvoice.model import Address, Identifier
from einvoice.pdf import labels
from einvoice.pdf.wording import Wording

#: A label, possibly empty, and a text.
Row = tuple[str, str]
Rows = Iterator[Row]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A titled list of labels and texts."""

    title: str
    rows: list[Row]
    lead: str = ""  #: printed large, the name of a party


def labelled(wording: Wording, rows: Rows) -> list[Row]:
    """Rows with the words for their keys; an empty key gives no label."""
    return [(wording.label(key) if key else "", text) for key, text in rows]


def joined(wording: Wording, rows: Rows) -> str:
    """Rows as one text, for a place that has room for no more."""
    texts = (f"{name} {text}".strip() for name, text in labelled(wording, rows))
    return ", ".join(text.replace("\n", ", ") for text in texts)


def block_of(wording: Wording, title: str, rows: Rows, lead: str | None = None) -> Block:
    """A block from keys of labels; an empty key gives no label."""
    return Block(title=wording.label(title), lead=lead or "", rows=labelled(wording, rows))


def text_row(key: str, text: str | None) -> Rows:
    """A row if there is a text."""
    if text is not None:
        yield key, text


def identifier_row(key: str, value: Identifier | None, wording: Wording) -> Rows:
    """A row if there is an identifier."""
    if value is not None:
        yield key, wording.identifier(value)


def amount_row(key: str, value: Decimal | None, wording: Wording) -> Rows:
    """A row if there is an amount."""
    if value is not None:
        yield key, wording.amount(value)


def dated_row(key: str, text: str | None, day: date | None, wording: Wording) -> Rows:
    """A row if there is a reference or a date of it."""
    if text is not None or day is not None:
        yield key, wording.dated(text, day)


def day_row(key: str, value: date | None, wording: Wording) -> Rows:
    """A row if there is a date."""
    if value is not None:
        yield key, wording.day(value)


def address_row(address: Address, wording: Wording, key: str = "") -> Rows:
    """A postal address as one text of several lines."""
    text = "\n".join(_address_lines(address, wording))
    if text:
        yield key, text


def _address_lines(address: Address, wording: Wording) -> Iterator[str]:
    yield from filter(None, (address.line_1, address.line_2, address.line_3))
    city = " ".join(filter(None, (address.post_code, address.city)))
    yield from filter(None, (city, address.subdivision))
    if address.country is not None:
        yield wording.country(address.country)


def amount_text(value: Decimal | None, wording: Wording) -> str:
    """An amount or nothing."""
    return "" if value is None else wording.amount(value)


def vat_text(category: str | None, rate: Decimal | None, wording: Wording) -> str:
    """VAT category and rate, such as `S 20 %`."""
    percent = "" if rate is None else wording.percent(rate)
    return " ".join(filter(None, (category, percent)))


def exemption_text(text: str | None, code: str | None, wording: Wording) -> str:
    """Why there is no VAT; the usual words for a code that stands alone."""
    if text is None and code in labels.EXEMPTIONS:
        text = wording.code(labels.EXEMPTIONS, code)
    return reason_text(text, code)


def reason_text(text: str | None, code: str | None) -> str:
    """A reason with its code in brackets."""
    if text is None or code is None:
        return text or code or ""
    return f"{text} ({code})"
