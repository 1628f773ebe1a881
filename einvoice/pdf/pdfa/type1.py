"""Type 1 font programs: glyph names, widths and the encoding built in."""

from __future__ import annotations

import re

from einvoice.pdf.pdfa.truetype import BrokenFont

EEXEC_KEY = 55665
CHARSTRING_KEY = 4330
#: A glyph: name, length, the operator that reads the bytes, one space.
GLYPH = re.compile(rb"/([^\s/{}\[\]()<>%]+)\s+(\d+)\s+(?:RD|-\||[^\s/]+)\s")
LEN_IV = re.compile(rb"/lenIV\s+(-?\d+)")
MATRIX = re.compile(rb"/FontMatrix\s*[\[{]\s*(-?[\d.eE+-]+)")
ENCODED = re.compile(rb"dup\s+(\d+)\s*/([^\s/{}\[\]()<>%]+)\s+put")
HSBW = 13
ESCAPE = 12
SBW = 7
DIV = 12


class Type1:
    """A Type 1 font program."""

    def __init__(self, data: bytes) -> None:
        clear, private = _parts(data)
        match = LEN_IV.search(private)
        self._skip = int(match[1]) if match else 4
        matrix = MATRIX.search(clear)
        self.scale = float(matrix[1]) * 1000 if matrix else 1.0
        self.glyphs = _glyphs(private)
        if not self.glyphs:
            raise BrokenFont("a Type 1 font without glyphs")
        self.standard = b"StandardEncoding def" in clear
        rows = ENCODED.findall(clear)
        self.codes = {int(code): name.decode("latin-1") for code, name in rows}

    def width(self, name: str) -> float | None:
        """The advance width of a glyph in thousandths of the font size; None if it is not told."""
        if name not in self.glyphs:
            return None
        code = self.glyphs[name]
        if self._skip >= 0:
            code = decrypted(code, CHARSTRING_KEY)[self._skip :]
        width = _advance(code)
        return None if width is None else width * self.scale


def decrypted(data: bytes, key: int) -> bytes:
    """Undo the encryption of Type 1."""
    plain = bytearray(len(data))
    for place, byte in enumerate(data):
        plain[place] = byte ^ (key >> 8)
        key = ((byte + key) * 52845 + 22719) & 0xFFFF
    return bytes(plain)


def _parts(data: bytes) -> tuple[bytes, bytes]:
    """The clear part, and the private part decrypted."""
    if data[:1] == b"\x80":
        data = _unframed(data)
    place = data.find(b"eexec")
    if place < 0:
        raise BrokenFont("a Type 1 font without eexec")
    start = place + 5
    while data[start : start + 1] in (b" ", b"\r", b"\n", b"\t") and start < len(data):
        start += 1
    packed = data[start:]
    if re.fullmatch(rb"[0-9A-Fa-f\s]{8}", packed[:8]):
        digits = b"".join(re.match(rb"[0-9A-Fa-f\s]*", packed)[0].split())  # type: ignore[index]
        packed = bytes.fromhex(digits[: len(digits) // 2 * 2].decode())
    return data[:place], decrypted(packed, EEXEC_KEY)[4:]


def _unframed(data: bytes) -> bytes:
    """The segments of a PFB file joined."""
    parts, place = [], 0
    while data[place : place + 1] == b"\x80" and data[place + 1 : place + 2] in (b"\1", b"\2"):
        size = int.from_bytes(data[place + 2 : place + 6], "little")
        parts.append(data[place + 6 : place + 6 + size])
        place += 6 + size
    return b"".join(parts)


def _glyphs(private: bytes) -> dict[str, bytes]:
    """The encrypted charstring of each glyph."""
    place = private.find(b"/CharStrings")
    found: dict[str, bytes] = {}
    if place < 0:
        return found
    place += len(b"/CharStrings")
    while match := GLYPH.search(private, place):
        size = int(match[2])
        found.setdefault(match[1].decode("latin-1"), private[match.end() : match.end() + size])
        place = match.end() + size
    return found


def _advance(code: bytes) -> float | None:
    """The width that `hsbw` or `sbw` at the start of a charstring sets."""
    stack: list[float] = []
    place = 0
    while place < len(code):
        byte = code[place]
        place += 1
        if byte >= 32:
            number, place = _number(code, byte, place)
            stack.append(number)
        elif byte == HSBW:
            return stack[1] if len(stack) > 1 else None
        elif byte == ESCAPE and code[place : place + 1] == bytes((SBW,)):
            return stack[2] if len(stack) > 2 else None
        elif byte == ESCAPE and code[place : place + 1] == bytes((DIV,)) and len(stack) > 1:
            place += 1
            below = stack.pop()
            stack[-1] = stack[-1] / below if below else 0.0
        else:
            return None
    return None


def _number(code: bytes, byte: int, place: int) -> tuple[int, int]:
    """A number of a charstring, and where it ends."""
    if byte <= 246:
        return byte - 139, place
    if byte <= 250:
        return (byte - 247) * 256 + _byte(code, place) + 108, place + 1
    if byte <= 254:
        return -(byte - 251) * 256 - _byte(code, place) - 108, place + 1
    return int.from_bytes(code[place : place + 4], signed=True), place + 4


def _byte(code: bytes, place: int) -> int:
    return code[place] if place < len(code) else 0
