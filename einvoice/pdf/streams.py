"""Unpack a PDF stream without ever holding more than a limit in memory."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from einvoice.errors import PdfError

#: Most bytes that a stream may unpack to, unless the caller says otherwise.
MAX_UNPACKED = 100_000_000

#: Most output bytes for one input byte, of the filters that are not measured while they unpack.
#: LZW: a code of 9 to 12 bits gives at most 3838 bytes; run length: 2 bytes give 128; ASCII85: `z`.
GROWTH = {
    "/LZWDecode": 2600,
    "/LZW": 2600,
    "/RunLengthDecode": 64,
    "/RL": 64,
    "/ASCII85Decode": 4,
    "/A85": 4,
    "/ASCIIHexDecode": 1,
    "/AHx": 1,
}
FLATE = ("/FlateDecode", "/Fl")


class PackedStream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream as it lies in the file, decrypted but not unpacked."""

    raw: bytes
    filters: tuple[str, ...] = ()  #: PDF names, in the order in which they are undone
    parameters: tuple[dict[str, int] | None, ...] = ()  #: one per filter, whole numbers only

    def unpack(self, max_unpacked: int = MAX_UNPACKED) -> bytes:
        """Undo all filters.

        Raises:
            PdfError: more than `max_unpacked` bytes, broken data, or a filter for images.
        """
        data = self.raw
        for number, name in enumerate(self.filters):
            parameters = self.parameters[number] if number < len(self.parameters) else None
            data = _undo(name, parameters, data, max_unpacked)
        if len(data) > max_unpacked:
            raise too_large(max_unpacked)
        return data

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes of the content, or nothing if they cannot be had cheaply."""
        if not self.filters:
            return self.raw[:size]
        if len(self.filters) == 1 and self.filters[0] in FLATE and not _predicted(self.parameters):
            return _inflated_head(self.raw, size)
        try:
            return self.unpack(max(size, 1_000_000))[:size]
        except PdfError:
            return b""


def too_large(limit: int) -> PdfError:
    """The error for a stream above the limit."""
    return PdfError(
        f"a stream of the PDF unpacks to more than {limit} bytes, the limit; "
        "no invoice needs that, the file may be built to exhaust memory"
    )


def _undo(name: str, parameters: dict[str, int] | None, data: bytes, limit: int) -> bytes:
    """Undo one filter."""
    if name in FLATE:
        plain = inflate(data, limit)
        if not _predicted((parameters,)):
            return plain
    elif name in GROWTH:
        if len(data) * GROWTH[name] > max(limit, 1_000_000):
            raise too_large(limit)
    elif name != "/Crypt":
        raise PdfError(f"the stream is packed with {name}, which is no filter for an attached file")
    else:
        return data
    return _undo_by_library(name, parameters, data)


def inflate(data: bytes, limit: int) -> bytes:
    """Undo Flate, stopping as soon as the limit is passed.

    A stream that is cut off gives what it holds, as PDF readers do.
    """
    machine = zlib.decompressobj()
    try:
        plain = machine.decompress(data, limit + 1)
    except zlib.error as error:
        raise PdfError(f"a stream of the PDF is damaged and cannot be unpacked: {error}") from None
    if len(plain) > limit:
        raise too_large(limit)
    return plain


def _inflated_head(data: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, size)
    except zlib.error:
        return b""


def _predicted(parameters: tuple[dict[str, int] | None, ...]) -> bool:
    """Whether Flate data must go through a predictor as well."""
    return any(row and row.get("/Predictor", 1) > 1 for row in parameters)


def _undo_by_library(name: str, parameters: dict[str, int] | None, data: bytes) -> bytes:
    """Let the PDF library undo one filter; the caller has bounded the result."""
    import pikepdf

    with pikepdf.new() as scratch:
        stream = pikepdf.Stream(scratch, data)
        stream.Filter = pikepdf.Name(name)
        if parameters:
            stream.DecodeParms = pikepdf.Dictionary(parameters)
        try:
            return stream.read_bytes(pikepdf.StreamDecodeLevel.specialized)
        except (pikepdf.PdfError, RuntimeError) as error:
            raise PdfError(f"a stream of the PDF cannot be unpacked: {error}") from None


def packed_stream(stream: Any) -> PackedStream:
    """Take a pikepdf stream as it lies in the file."""
    return PackedStream(
        raw=stream.read_raw_bytes(),
        filters=tuple(str(name) for name in _as_list(stream.get("/Filter"))),
        parameters=tuple(_numbers(row) for row in _as_list(stream.get("/DecodeParms"))),
    )


def _as_list(value: Any) -> list[Any]:
    """A PDF value that may stand alone or in an array."""
    import pikepdf

    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _numbers(row: Any) -> dict[str, int] | None:
    """The whole numbers of a dictionary of filter parameters."""
    import pikepdf

    if not isinstance(row, pikepdf.Dictionary):
        return None
    return {key: int(value) for key, value in row.items() if isinstance(value, int)}
