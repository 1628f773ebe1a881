"""How a value is written in a syntax: one load and one dump for each kind of text.

A `load` raises ValueError with the reason when the text is not of its kind.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from einvoice.amounts import format_decimal, parse_decimal


class Codec(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of functions between text and value."""

    load: Callable[[str], Any]
    dump: Callable[[Any], str]
    currency: bool = False  #: carries @currencyID, which has to be BT-5
    part_of: Callable[[str], str | None] | None = None  #: says what of a text the value lacks


def _same(text: str) -> str:
    return text


#: xs:date: a day, and perhaps a time zone, which EN 16931 does not know.
_ISO_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)


def _load_iso_date(text: str) -> date:
    match = _ISO_DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a date YYYY-MM-DD")
    return _date(match[1], text)


def _zone_of(text: str) -> str | None:
    match = _ISO_DATE.fullmatch(text.strip())
    zone = match[2] if match else None
    return f"a date of EN 16931 has no time zone: {zone} is left out" if zone else None


def _load_date_102(text: str) -> date:
    stripped = text.strip()
    if not re.fullmatch(r"\d{8}", stripped, re.ASCII):
        raise ValueError(f"{text!r} is not a date YYYYMMDD (format 102)")
    return _date(f"{stripped[:4]}-{stripped[4:6]}-{stripped[6:]}", text)


def _date(iso: str, text: str) -> date:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None


def _load_code(text: str) -> str:
    """A code without the white space around it, which the official rules pass over."""
    return text.strip(" \t\r\n")


def _load_subject(text: str) -> str:
    return text.strip(" \t\r\n").strip("#")


def _signs_of(text: str) -> str | None:
    return "number signs around the code are of UBL" if "#" in text else None


def _load_boolean(text: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}
    if text.strip() not in known:
        raise ValueError(f"{text!r} is neither true nor false")
    return known[text.strip()]


def _dump_boolean(value: bool) -> str:
    return "true" if value else "false"


def _dump_date_102(value: date) -> str:
    return value.isoformat().replace("-", "")


def _load_binary(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the content is not base64") from None


def _dump_binary(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


TEXT = Codec(load=_same, dump=_same)
CODE = Codec(load=_load_code, dump=_same)
SUBJECT = Codec(load=_load_subject, dump=_same, part_of=_signs_of)
DECIMAL = Codec(load=parse_decimal, dump=format_decimal)
AMOUNT = Codec(load=parse_decimal, dump=format_decimal, currency=True)
ISO_DATE = Codec(load=_load_iso_date, dump=date.isoformat, part_of=_zone_of)
BOOLEAN = Codec(load=_load_boolean, dump=_dump_boolean)
DATE_102 = Codec(load=_load_date_102, dump=_dump_date_102)
BINARY = Codec(load=_load_binary, dump=_dump_binary)


def translated(to_model: Mapping[str, str]) -> Codec:
    """A code whose list differs from the model's; a code in neither list stays as it is."""
    to_syntax = {value: code for code, value in to_model.items()}
    return Codec(
        load=lambda text: to_model.get(text.strip(), text),
        dump=lambda value: to_syntax.get(value, value),
    )
