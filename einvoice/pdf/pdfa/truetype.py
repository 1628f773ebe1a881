"""The tables of TrueType and OpenType fonts that the checks need."""

from __future__ import annotations

import struct
from functools import cached_property

MAGIC = (b"\0\1\0\0", b"true", b"OTTO")
MAX_CODES = 200_000
NAMED_GLYPHS = 258  #: glyph names that format 2 of `post` need not spell out


class BrokenFont(ValueError):
    """A font program that cannot be read."""


class TrueType:
    """A font program in tables; raises BrokenFont where a table that is needed is missing."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        if data[:4] not in MAGIC:
            raise BrokenFont("no TrueType or OpenType font")
        self.tables = _directory(data)
        head, maxp, hhea = self.table("head"), self.table("maxp"), self.table("hhea")
        if len(head) < 54 or len(maxp) < 6 or len(hhea) < 36:
            raise BrokenFont("a table of the font is cut off")
        self.units = struct.unpack_from(">H", head, 18)[0] or 1000
        self.count: int = struct.unpack_from(">H", maxp, 4)[0]  #: number of glyphs
        self._measured: int = struct.unpack_from(">H", hhea, 34)[0]

    def table(self, tag: str) -> bytes:
        """The content of a table; empty if there is none."""
        start, size = self.tables.get(tag, (0, 0))
        return self.data[start : start + size]

    def width(self, glyph: int) -> float | None:
        """The advance width of a glyph in thousandths of the font size; None if it is not told."""
        if not 0 <= glyph < self.count or self._measured == 0:
            return None
        place = 4 * min(glyph, self._measured - 1)
        metrics = self._metrics
        if place + 2 > len(metrics):
            return None
        return int(struct.unpack_from(">H", metrics, place)[0]) * 1000 / self.units

    @cached_property
    def _metrics(self) -> bytes:
        return self.table("hmtx")

    @cached_property
    def maps(self) -> dict[tuple[int, int], int]:
        """The subtables of `cmap` by platform and encoding: where each starts."""
        table = self.table("cmap")
        if len(table) < 4:
            return {}
        found = {}
        for number in range(struct.unpack_from(">H", table, 2)[0]):
            if 12 + 8 * number > len(table):
                break
            platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * number)
            found[platform, encoding] = start
        return found

    def glyph(self, platform: int, encoding: int, code: int) -> int:
        """The glyph of a code in a subtable of `cmap`; 0 if there is none."""
        key = (platform, encoding)
        if key not in self.maps:
            return 0
        if key not in self._codes:
            self._codes[key] = _codes(self.table("cmap")[self.maps[key] :])
        return self._codes[key].get(code, 0)

    @cached_property
    def _codes(self) -> dict[tuple[int, int], dict[int, int]]:
        return {}

    @cached_property
    def names(self) -> dict[str, int]:
        """Glyphs by the names of `post`; empty where it has none."""
        table = self.table("post")
        if len(table) < 34 or table[:4] != b"\0\2\0\0":
            return {}
        count = struct.unpack_from(">H", table, 32)[0]
        if 34 + 2 * count > len(table):
            return {}
        texts = _pascal(table[34 + 2 * count :])
        found: dict[str, int] = {}
        for glyph, index in enumerate(struct.unpack_from(f">{count}H", table, 34)):
            if index >= NAMED_GLYPHS and index - NAMED_GLYPHS < len(texts):
                found.setdefault(texts[index - NAMED_GLYPHS], glyph)
            elif index < NAMED_GLYPHS:
                found.setdefault(_standard_names()[index], glyph)
        return found


def _directory(data: bytes) -> dict[str, tuple[int, int]]:
    """Where each table starts and how long it is."""
    if len(data) < 12:
        raise BrokenFont("the font is cut off")
    tables = {}
    for number in range(struct.unpack_from(">H", data, 4)[0]):
        if 28 + 16 * number > len(data):
            raise BrokenFont("the table directory of the font is cut off")
        tag, _, start, size = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        tables[tag.decode("latin-1").strip()] = (start, size)
    return tables


def _standard_names() -> list[str]:
    from fontTools.ttLib.standardGlyphOrder import standardGlyphOrder

    return list(standardGlyphOrder)


def _pascal(data: bytes) -> list[str]:
    texts, place = [], 0
    while place < len(data):
        size = data[place]
        texts.append(data[place + 1 : place + 1 + size].decode("latin-1"))
        place += 1 + size
    return texts


def _codes(table: bytes) -> dict[int, int]:
    """The codes of one subtable of `cmap`; none if it is cut off or not of format 0, 4, 6, 12."""
    try:
        kind = struct.unpack_from(">H", table)[0]
        reader = {0: _format_0, 4: _format_4, 6: _format_6, 12: _format_12}.get(kind)
        return reader(table) if reader else {}
    except struct.error:
        return {}


def _format_0(table: bytes) -> dict[int, int]:
    return {code: glyph for code, glyph in enumerate(table[6:262]) if glyph}


def _format_4(table: bytes) -> dict[int, int]:
    count = struct.unpack_from(">H", table, 6)[0] // 2
    row = f">{count}H"
    ends = struct.unpack_from(row, table, 14)
    starts = struct.unpack_from(row, table, 16 + 2 * count)
    deltas = struct.unpack_from(row, table, 16 + 4 * count)
    place = 16 + 6 * count
    offsets = struct.unpack_from(row, table, place)
    found: dict[int, int] = {}
    for number, (start, end, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        for code in range(start, end + 1):
            glyph = code
            if offset:
                at = place + 2 * number + offset + 2 * (code - start)
                if at + 2 > len(table):
                    break
                glyph = struct.unpack_from(">H", table, at)[0]
            if (glyph or not offset) and (glyph := (glyph + delta) & 0xFFFF):
                found[code] = glyph
        if len(found) > MAX_CODES:
            break
    return found


def _format_6(table: bytes) -> dict[int, int]:
    first, count = struct.unpack_from(">HH", table, 6)
    glyphs = struct.unpack_from(f">{count}H", table, 10)
    return {first + number: glyph for number, glyph in enumerate(glyphs) if glyph}


def _format_12(table: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in range(struct.unpack_from(">I", table, 12)[0]):
        start, end, glyph = struct.unpack_from(">III", table, 16 + 12 * number)
        if end - start + len(found) > MAX_CODES:
            break
        found.update((code, glyph + code - start) for code in range(start, end + 1))
    return found
