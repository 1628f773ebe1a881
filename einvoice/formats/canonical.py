"""Canonical JSON: the model as it is, one object, absent terms left out."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import msgspec

from einvoice.errors import MalformedJson
from einvoice.formats.compare import differences
from einvoice.formats.format import Format, Options, Written
from einvoice.model import Invoice


def read(data: bytes) -> Invoice:
    """Read an invoice from canonical JSON.

    Raises:
        MalformedJson: not JSON, or not the model; the message has the path of the value.
    """
    try:
        invoice = _decoder().decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJson(f"not a canonical invoice: {error}") from None
    for found in differences(Invoice(), invoice):
        if isinstance(found.after, Decimal) and not found.after.is_finite():
            raise MalformedJson(f"not a canonical invoice: {found.after} at {found.path}")
    return invoice


@cache
def _decoder() -> msgspec.json.Decoder[Invoice]:
    return msgspec.json.Decoder(Invoice)


def write(invoice: Invoice, options: Options) -> Written:
    """Write an invoice as canonical JSON, indented."""
    return Written(data=msgspec.json.format(msgspec.json.encode(invoice), indent=2) + b"\n")


FORMAT = Format(name="json", title="canonical JSON", extension=".json", write=write)
