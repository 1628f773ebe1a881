"""The font program that a font dictionary embeds."""

from __future__ import annotations

from typing import Any

import msgspec

from einvoice.pdf.pdfa.cff import Cff
from einvoice.pdf.pdfa.subject import Subject, as_dictionary, as_list, is_stream, unpacked
from einvoice.pdf.pdfa.truetype import BrokenFont, TrueType
from einvoice.pdf.pdfa.type1 import Type1

FILES = ("/FontFile", "/FontFile2", "/FontFile3")
#: Subtypes of FontFile3, ISO 32000-1 Table 126.
SUBTYPES = ("/Type1C", "/CIDFontType0C", "/OpenType")

Program = TrueType | Type1 | Cff


class Embedded(msgspec.Struct, frozen=True):
    """A font program, or why there is none."""

    program: Program | None = None
    problem: str | None = None  #: None also where nothing is embedded
    present: bool = False  #: there is a stream


def described(font: Any) -> Any:
    """The font dictionary with the descriptor: of a composite font its descendant."""
    if font.get("/Subtype") != "/Type0":
        return font
    descendants = as_list(font.get("/DescendantFonts"))
    return as_dictionary(descendants[0]) if descendants else as_dictionary(None)


def descriptor(font: Any) -> Any:
    """The font descriptor; empty if there is none."""
    return as_dictionary(described(font).get("/FontDescriptor"))


def embedded(subject: Subject, font: Any) -> Embedded:
    """The program of a font, each stream read once."""
    for key in FILES:
        stream = descriptor(font).get(key)
        if is_stream(stream):
            known = subject.once(_read)
            number = stream.objgen
            if number not in known:
                known[number] = _embedded(stream, key)
            return known[number]
    return Embedded()


def _read(subject: Subject) -> dict[tuple[int, int], Embedded]:
    """The programs read so far, by object number."""
    return {}


def _embedded(stream: Any, key: str) -> Embedded:
    if key == "/FontFile3" and stream.get("/Subtype") not in SUBTYPES:
        return Embedded(problem=f"FontFile3 has the Subtype {stream.get('/Subtype')}", present=True)
    data = unpacked(stream)
    if not data:
        return Embedded(problem="the stream does not unpack", present=True)
    try:
        return Embedded(program=read(data), present=True)
    except (BrokenFont, ValueError, IndexError, KeyError) as error:
        return Embedded(problem=str(error), present=True)


def read(data: bytes) -> Program:
    """Read a font program of any kind.

    Raises:
        BrokenFont: it is of no known kind or cannot be read.
    """
    if data[:4] == b"OTTO":
        return Cff(TrueType(data).table("CFF"))
    if data[:4] in (b"\0\1\0\0", b"true"):
        return TrueType(data)
    if data[:2] == b"%!" or data[:1] == b"\x80":
        return Type1(data)
    if data[:1] == b"\1":
        return Cff(data)
    raise BrokenFont("a font program of unknown kind")


def glyph_table(stream: Any) -> list[int]:
    """A CIDToGIDMap stream: the glyph of each CID."""
    data = (unpacked(stream) or b"")[:131_072]
    return [data[place] << 8 | data[place + 1] for place in range(0, len(data) - 1, 2)]
