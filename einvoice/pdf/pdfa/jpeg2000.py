"""The boxes of JPEG2000 data (ISO/IEC 15444-1, Annex I) as PDF/A-3 limits them (6.2.8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from einvoice.errors import PdfError
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.streams import PackedStream, packed_stream

CHANNELS = (1, 3, 4)
METHODS = (1, 2, 3)
CIE_JAB = 19
MAX_DEPTH = 38  # bits
EXTRA_CHANNEL = 0  # type of a colour channel in the box cdef


class Colour(msgspec.Struct, frozen=True):
    """A colour specification (box colr)."""

    method: int
    best: bool  #: marked as exact
    enumerated: int | None = None


class Header(msgspec.Struct, frozen=True):
    """What the boxes of the JP2 header say."""

    channels: int
    depth: int  #: bits; 0 if the components differ
    separate_depths: bool
    colours: tuple[Colour, ...]


def faults(stream: Any, where: str, has_space: bool) -> Iterator[Fault]:
    """The faults of the JPEG2000 data of an image; `has_space`: the image names a ColorSpace."""
    header = _header(stream)
    if header is None:
        return
    at = f"the JPEG2000 data of an image on {where}"
    if header.channels not in CHANNELS:
        yield Fault("6.2.8.3-1", f"{at} has {header.channels} colour channels, expected 1, 3 or 4")
    best = [colour for colour in header.colours if colour.best]
    if len(header.colours) > 1 and len(best) != 1 and not has_space:
        yield Fault(
            "6.2.8.3-2",
            f"{at} marks {len(best)} of {len(header.colours)} colour specifications as exact, "
            "expected one",
        )
    chosen = best[0] if best else header.colours[0] if len(header.colours) == 1 else None
    if (chosen is None or chosen.method not in METHODS) and not has_space:
        method = "no colour specification to use" if chosen is None else f"METH {chosen.method}"
        yield Fault("6.2.8.3-3", f"{at} has {method}, expected one with METH 1, 2 or 3")
    if chosen is not None and chosen.enumerated == CIE_JAB:
        yield Fault("6.2.8.3-4", f"{at} is in CIEJab, expected another colour space")
    if header.separate_depths or not 1 <= header.depth <= MAX_DEPTH:
        yield Fault(
            "6.2.8.3-5",
            f"{at} has a bit depth of {header.depth or 'its own per channel'}, "
            f"expected one of 1 to {MAX_DEPTH} for all channels",
        )


def _header(stream: Any) -> Header | None:
    """The JP2 header; None for a bare code stream or data that does not unpack."""
    packed = packed_stream(stream)
    try:
        data = PackedStream(
            raw=packed.raw, filters=packed.filters[:-1], parameters=packed.parameters
        ).unpack()
    except PdfError:
        return None
    parts = dict(_boxes(data)).get(b"jp2h")
    if parts is None:
        return None
    boxes = list(_boxes(parts))
    image = next((body for kind, body in boxes if kind == b"ihdr"), b"")
    if len(image) < 14:
        return None
    depth = 0 if image[10] == 255 else (image[10] & 0x7F) + 1
    return Header(
        channels=int.from_bytes(image[8:10]) - _extra_channels(boxes),
        depth=depth,
        separate_depths=any(kind == b"bpcc" for kind, _ in boxes),
        colours=tuple(_colour(body) for kind, body in boxes if kind == b"colr" and len(body) > 2),
    )


def _colour(body: bytes) -> Colour:
    enumerated = int.from_bytes(body[3:7]) if body[0] == 1 and len(body) >= 7 else None
    return Colour(body[0], body[2] == 1, enumerated)


def _extra_channels(boxes: list[tuple[bytes, bytes]]) -> int:
    """How many channels the box cdef declares as opacity."""
    for kind, body in boxes:
        if kind == b"cdef":
            rows = [body[place : place + 6] for place in range(2, len(body) - 5, 6)]
            return sum(int.from_bytes(row[2:4]) in (1, 2) for row in rows)
    return 0


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes at one level: type and content."""
    place = 0
    while place + 8 <= len(data):
        size, kind, start = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8], 8
        if size == 1:
            size, start = int.from_bytes(data[place + 8 : place + 16]), 16
        if size == 0:
            size = len(data) - place
        if size < start:
            return
        yield kind, data[place + start : place + size]
        place += size
