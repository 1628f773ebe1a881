"""Canonical JSON: the model as it is, one object, absent terms left out."""

from __future__ import annotations

import msgspec

from einvoice.errors import MalformedJson
from einvoice.formats.format import Format, Options, Written
from einvoice.model import Invoice

_DECODER = msgspec.json.Decoder(Invoice)
_ENCODER = msgspec.json.Encoder()


def read(data: bytes) -> Invoice:
    """Read an invoice from canonical JSON.

    Raises:
        MalformedJson: not JSON, or not the model; the message has the path of the value.
    """
    try:
        return _DECODER.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJson(f"not a canonical invoice: {error}") from None


def write(invoice: Invoice, options: Options) -> Written:
    """Write an invoice as canonical JSON, indented."""
    return Written(data=msgspec.json.format(_ENCODER.encode(invoice), indent=2) + b"\n")


FORMAT = Format(name="json", title="canonical JSON", extension=".json", write=write)
