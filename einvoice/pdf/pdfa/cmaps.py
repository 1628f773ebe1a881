"""CMaps: character codes to CIDs, and to Unicode, as composite fonts and ToUnicode have them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import msgspec

from einvoice.pdf.pdfa.names import text
from einvoice.pdf.pdfa.subject import as_dictionary, as_list, is_stream, unpacked

#: The CMaps of ISO 32000-1 Table 118.
PREDEFINED = frozenset(
    "/" + name
    for name in [
        "Identity-H",
        "Identity-V",
        "GB-EUC-H",
        "GB-EUC-V",
        "GBpc-EUC-H",
        "GBpc-EUC-V",
        "GBK-EUC-H",
        "GBK-EUC-V",
        "GBKp-EUC-H",
        "GBKp-EUC-V",
        "GBK2K-H",
        "GBK2K-V",
        "UniGB-UCS2-H",
        "UniGB-UCS2-V",
        "UniGB-UTF16-H",
        "UniGB-UTF16-V",
        "B5pc-H",
        "B5pc-V",
        "HKscs-B5-H",
        "HKscs-B5-V",
        "ETen-B5-H",
        "ETen-B5-V",
        "ETenms-B5-H",
        "ETenms-B5-V",
        "CNS-EUC-H",
        "CNS-EUC-V",
        "UniCNS-UCS2-H",
        "UniCNS-UCS2-V",
        "UniCNS-UTF16-H",
        "UniCNS-UTF16-V",
        "83pv-RKSJ-H",
        "90ms-RKSJ-H",
        "90ms-RKSJ-V",
        "90msp-RKSJ-H",
        "90msp-RKSJ-V",
        "90pv-RKSJ-H",
        "Add-RKSJ-H",
        "Add-RKSJ-V",
        "EUC-H",
        "EUC-V",
        "Ext-RKSJ-H",
        "Ext-RKSJ-V",
        "H",
        "V",
        "UniJIS-UCS2-H",
        "UniJIS-UCS2-V",
        "UniJIS-UCS2-HW-H",
        "UniJIS-UCS2-HW-V",
        "UniJIS-UTF16-H",
        "UniJIS-UTF16-V",
        "KSC-EUC-H",
        "KSC-EUC-V",
        "KSCms-UHC-H",
        "KSCms-UHC-V",
        "KSCms-UHC-HW-H",
        "KSCms-UHC-HW-V",
        "KSCpc-EUC-H",
        "UniKS-UCS2-H",
        "UniKS-UCS2-V",
        "UniKS-UTF16-H",
        "UniKS-UTF16-V",
    ]
)
IDENTITY = ("/Identity-H", "/Identity-V")

HEX = rb"<([0-9A-Fa-f\s]*)>"
SPACES = re.compile(rb"begincodespacerange(.*?)endcodespacerange", re.DOTALL)
CIDS = re.compile(rb"begincid(range|char)(.*?)endcid", re.DOTALL)
TEXTS = re.compile(rb"beginbf(range|char)(.*?)endbf", re.DOTALL)
TOKEN = re.compile(HEX + rb"|(\[)|(\])|(-?\d+)")
COMMENT = re.compile(rb"%[^\r\n]*")
WMODE = re.compile(rb"/WMode\s+(\d+)\s+def")
USES = re.compile(rb"/([^\s/]+)\s+usecmap")

Range = tuple[int, int, int]


class CMap(msgspec.Struct, frozen=True):
    """A CMap from codes to CIDs."""

    name: str
    identity: bool = False
    spaces: tuple[tuple[bytes, bytes], ...] = ()  #: lowest and highest code of each range
    ranges: tuple[Range, ...] = ()  #: first code, last code, CID of the first; in order
    wmode: int = 0  #: as the stream itself says
    uses: str | None = None  #: the CMap that it builds on, as the stream itself says

    @property
    def known(self) -> bool:
        """Whether the CIDs are known; those of the CMaps of the East Asian sets are not."""
        return self.identity or (bool(self.spaces) and self.uses in (None, *IDENTITY))

    def split(self, text: bytes) -> Iterator[int]:
        """The codes of a string; none if the CMap is not known."""
        if self.identity:
            for place in range(0, len(text) - 1, 2):
                yield text[place] << 8 | text[place + 1]
            return
        place = 0
        while self.known and place < len(text):
            size = self._size(text, place)
            yield int.from_bytes(text[place : place + size])
            place += size

    def _size(self, text: bytes, place: int) -> int:
        for size in (1, 2, 3, 4):
            code = text[place : place + size]
            for low, high in self.spaces:
                if len(low) == len(code) == size and _inside(code, low, high):
                    return size
        return min((len(low) for low, _ in self.spaces), default=1) or 1

    def cid(self, code: int) -> int:
        """The CID of a code; 0, which stands for no glyph, if there is none."""
        if self.identity:
            return code
        place = bisect_right(self.ranges, (code, 1 << 40, 0)) - 1
        if place >= 0 and self.ranges[place][0] <= code <= self.ranges[place][1]:
            return self.ranges[place][2] + code - self.ranges[place][0]
        return code if self.uses in IDENTITY else 0


def cmap_of(font: Any) -> CMap | None:
    """The CMap of a composite font; None for a simple font."""
    if font.get("/Subtype") != "/Type0":
        return None
    encoding = font.get("/Encoding")
    if is_stream(encoding):
        return parse(encoding)
    return CMap(text(encoding), identity=text(encoding) in IDENTITY)


def parse(stream: Any) -> CMap:
    """Read an embedded CMap."""
    data = COMMENT.sub(b"", unpacked(stream) or b"")
    wmode, uses = WMODE.search(data), USES.search(data)
    return CMap(
        text(stream.get("/CMapName")),
        spaces=tuple(_spaces(data)),
        ranges=tuple(sorted(_cids(data))),
        wmode=int(wmode[1]) if wmode else 0,
        uses="/" + uses[1].decode("latin-1") if uses else None,
    )


def _spaces(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    for section in SPACES.findall(data):
        codes = [_hex(found) for found in re.findall(HEX, section)]
        yield from zip(codes[::2], codes[1::2], strict=False)


def _cids(data: bytes) -> Iterator[Range]:
    for kind, section in CIDS.findall(data):
        tokens = [
            int(number) if number else int.from_bytes(_hex(code))
            for code, _, _, number in TOKEN.findall(section)
        ]
        step = 3 if kind == b"range" else 2
        for place in range(0, len(tokens) - step + 1, step):
            yield tokens[place], tokens[place + step - 2], tokens[place + step - 1]


class UnicodeMap(msgspec.Struct, frozen=True):
    """A ToUnicode CMap."""

    texts: dict[int, bytes]  #: UTF-16 of single codes
    ranges: tuple[tuple[int, int, bytes], ...]  #: first code, last code, UTF-16 of the first

    def text(self, code: int) -> str | None:
        """The text of a code; None if there is none."""
        found = self.texts.get(code)
        if found is None:
            for low, high, first in self.ranges:
                if low <= code <= high:
                    step = int.from_bytes(first) + code - low
                    found = step.to_bytes(max(len(first), 8)).lstrip(b"\0").rjust(len(first), b"\0")
                    break
        if found is None:
            return None
        return found.rjust(2, b"\0").decode("utf-16-be", "replace")


def unicode_map(stream: Any) -> UnicodeMap:
    """Read a ToUnicode CMap."""
    texts: dict[int, bytes] = {}
    ranges: list[tuple[int, int, bytes]] = []
    for kind, section in TEXTS.findall(COMMENT.sub(b"", unpacked(stream) or b"")):
        tokens = [(_hex(found[0]), found[1], found[2]) for found in TOKEN.findall(section)]
        if kind == b"char":
            pairs = zip(tokens[::2], tokens[1::2], strict=False)
            texts.update((int.from_bytes(code[0]), text[0]) for code, text in pairs)
        else:
            _text_ranges(tokens, texts, ranges)
    return UnicodeMap(texts, tuple(ranges))


def _text_ranges(
    tokens: list[tuple[bytes, bytes, bytes]],
    texts: dict[int, bytes],
    ranges: list[tuple[int, int, bytes]],
) -> None:
    """Take apart the rows of bfrange: low, high, and a text or a list of texts."""
    place = 0
    while place + 2 < len(tokens):
        low, high = int.from_bytes(tokens[place][0]), int.from_bytes(tokens[place + 1][0])
        place += 2
        if not tokens[place][1]:
            ranges.append((low, high, tokens[place][0]))
            place += 1
            continue
        place += 1
        while place < len(tokens) and not tokens[place][2]:
            texts[low] = tokens[place][0]
            low += 1
            place += 1
        place += 1


def system_info(holder: Any) -> tuple[str, str, int] | None:
    """Registry, ordering and supplement of a CIDFont or CMap dictionary."""
    found = holder.get("/CIDSystemInfo")
    rows = as_list(found)
    row = as_dictionary(rows[0]) if rows else as_dictionary(found)
    if row.get("/Registry") is None:
        return None
    supplement = row.get("/Supplement")
    return (
        text(row.get("/Registry")),
        text(row.get("/Ordering")),
        supplement if isinstance(supplement, int) else 0,
    )


def _hex(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode())


def _inside(code: bytes, low: bytes, high: bytes) -> bool:
    """Whether each byte of a code lies between those of the range."""
    return all(a <= b <= c for a, b, c in zip(low, code, high, strict=False))
