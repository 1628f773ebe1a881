"""Unpacking within limits."""

import zlib

import pytest

from einvoice.errors import PdfError
from einvoice.pdf.streams import PackedStream

TEXT = b"<a>" + b"x" * 5000 + b"</a>"
FLATE = PackedStream(raw=zlib.compress(TEXT), filters=("/FlateDecode",))


def test_unpacked_stream():
    assert PackedStream(raw=TEXT).unpack() == TEXT
    assert PackedStream(raw=TEXT).head(3) == b"<a>"
    with pytest.raises(PdfError, match="more than 10 bytes"):
        PackedStream(raw=TEXT).unpack(10)


def test_limit_is_exact():
    assert FLATE.unpack(len(TEXT)) == TEXT
    with pytest.raises(PdfError, match="more than"):
        FLATE.unpack(len(TEXT) - 1)


def test_head_of_flate():
    assert FLATE.head(3) == b"<a>"
    assert PackedStream(raw=b"no flate", filters=("/FlateDecode",)).head() == b""


def test_head_through_two_filters():
    packed = FLATE.raw.hex().encode() + b">"
    both = PackedStream(raw=packed, filters=("/ASCIIHexDecode", "/FlateDecode"))
    assert both.head(3) == b"<a>"
    assert PackedStream(raw=b"x", filters=("/JPXDecode",)).head() == b""


def test_cut_flate_gives_what_it_holds():
    cut = PackedStream(raw=FLATE.raw[:-6], filters=("/FlateDecode",))
    assert TEXT.startswith(cut.unpack())


def test_identity_of_encryption_changes_nothing():
    assert PackedStream(raw=TEXT, filters=("/Crypt",)).unpack() == TEXT


def test_damaged_data_of_other_filters():
    damaged = PackedStream(raw=b"\x01", filters=("/LZWDecode",), parameters=({"/EarlyChange": 9},))
    with pytest.raises(PdfError, match="cannot be unpacked"):
        damaged.unpack()
