"""Font dictionaries: required entries, embedding, encodings, subsets (6.2.11.2, .4, .6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.pdf.pdfa.cff import Cff
from einvoice.pdf.pdfa.drawing import FontUse
from einvoice.pdf.pdfa.encodings import base_of, differences, listed
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.names import shown, text
from einvoice.pdf.pdfa.programs import SUBTYPES, described, descriptor, embedded, glyph_table
from einvoice.pdf.pdfa.subject import (
    Subject,
    as_dictionary,
    is_array,
    is_dictionary,
    is_stream,
    unpacked,
)
from einvoice.pdf.pdfa.truetype import TrueType
from einvoice.pdf.pdfa.type1 import Type1
from einvoice.pdf.pdfa.walk import drawing

SIMPLE = ("/Type1", "/MMType1", "/TrueType", "/Type3")
KINDS = (*SIMPLE, "/Type0", "/CIDFontType0", "/CIDFontType2")
#: The fonts that every reader has (ISO 32000-1, 9.6.2.2); they need no widths.
STANDARD_14 = frozenset(
    "/" + name
    for name in [
        "Times-Roman",
        "Times-Bold",
        "Times-Italic",
        "Times-BoldItalic",
        "Helvetica",
        "Helvetica-Bold",
        "Helvetica-Oblique",
        "Helvetica-BoldOblique",
        "Courier",
        "Courier-Bold",
        "Courier-Oblique",
        "Courier-BoldOblique",
        "Symbol",
        "ZapfDingbats",
    ]
)
SYMBOLIC = 4  #: bit of Flags
LATIN = ("/MacRomanEncoding", "/WinAnsiEncoding")


def dictionaries_are_complete(subject: Subject) -> Iterator[Fault]:
    """Type, Subtype and BaseFont of fonts (6.2.11.2-1 to -3), Subtype of FontFile3 (-7)."""
    for use in drawing(subject).fonts.values():
        font, inner = use.font, described(use.font)
        if font.get("/Type") != "/Font" or inner.get("/Type") != "/Font":
            yield _fault("6.2.11.2-1", use, "has no Type Font, expected it")
        if font.get("/Subtype") not in KINDS or inner.get("/Subtype") not in KINDS:
            yield _fault("6.2.11.2-2", use, "has a Subtype that ISO 32000-1 does not know")
        nameless = font.get("/BaseFont") is None or inner.get("/BaseFont") is None
        if nameless and font.get("/Subtype") != "/Type3":
            yield _fault("6.2.11.2-3", use, "has no BaseFont, expected one")
        stream = descriptor(font).get("/FontFile3")
        if is_stream(stream) and stream.get("/Subtype") not in SUBTYPES:
            kind = stream.get("/Subtype")
            yield _fault(
                "6.2.11.2-7",
                use,
                f"has a FontFile3 of Subtype {shown(kind)}, "
                "expected Type1C, CIDFontType0C or OpenType",
            )


def widths_are_there(subject: Subject) -> Iterator[Fault]:
    """A simple font has FirstChar (-4), LastChar (-5) and as many Widths (-6)."""
    for use in drawing(subject).fonts.values():
        font = use.font
        if font.get("/Subtype") not in SIMPLE or text(font.get("/BaseFont")) in STANDARD_14:
            continue
        first, last, widths = (font.get(key) for key in ("/FirstChar", "/LastChar", "/Widths"))
        for rule, key, value in (
            ("6.2.11.2-4", "FirstChar", first),
            ("6.2.11.2-5", "LastChar", last),
        ):
            if not isinstance(value, int):
                yield _fault(rule, use, f"has no {key}, expected one")
        count = len(widths) if is_array(widths) else None
        both = isinstance(first, int) and isinstance(last, int)
        if not both or count != last - first + 1:
            wanted = f"LastChar - FirstChar + 1 = {last - first + 1}" if both else "a count"
            yield _fault("6.2.11.2-6", use, f"has {count or 'no'} Widths, expected {wanted}")


def fonts_are_embedded(subject: Subject) -> Iterator[Fault]:
    """A font that is painted with is embedded (6.2.11.4.1-1)."""
    for use in drawing(subject).fonts.values():
        if not use.rendered or use.font.get("/Subtype") == "/Type3":
            continue
        found = embedded(subject, use.font)
        if found.program is None:
            problem = found.problem or "there is no font file"
            yield _fault("6.2.11.4.1-1", use, f"is not embedded ({problem}), expected its program")


def charsets_are_complete(subject: Subject) -> Iterator[Fault]:
    """CharSet names all glyphs of the program (6.2.11.4.2-1)."""
    for use in drawing(subject).fonts.values():
        listing = descriptor(use.font).get("/CharSet")
        program = embedded(subject, use.font).program
        if listing is None or use.font.get("/Subtype") not in ("/Type1", "/MMType1"):
            continue
        if isinstance(program, Type1 | Cff) and not is_open_type(use.font):
            named = {name.strip() for name in text(listing).split("/")}
            if missing := sorted(set(program.glyphs) - named - {".notdef"}):
                yield _fault(
                    "6.2.11.4.2-1", use, f"has the glyph {shown(missing[0])}, not in its CharSet"
                )


def cid_sets_are_complete(subject: Subject) -> Iterator[Fault]:
    """CIDSet tells the CIDs of the program (6.2.11.4.2-2)."""
    for use in drawing(subject).fonts.values():
        stream = descriptor(use.font).get("/CIDSet")
        program = embedded(subject, use.font).program
        if not is_stream(stream) or program is None or use.font.get("/Subtype") != "/Type0":
            continue
        told = _bits(stream)
        there = _cids(program, described(use.font))
        if there is None:
            continue
        if missing := sorted(there - told - {0}):
            yield _fault("6.2.11.4.2-2", use, f"has the CID {missing[0]}, not in its CIDSet")
        elif extra := sorted(told - there - {0}):
            yield _fault("6.2.11.4.2-2", use, f"has no CID {extra[0]}, but its CIDSet lists it")


def _bits(stream: Any) -> set[int]:
    """The numbers of the bits that are set, the highest bit of the first byte being 0."""
    data = (unpacked(stream) or b"")[:8192]
    return {
        8 * place + bit
        for place, byte in enumerate(data)
        for bit in range(8)
        if byte & (0x80 >> bit)
    }


def _cids(program: Any, font: Any) -> set[int] | None:
    """The CIDs that a program has glyphs for; None if they cannot be told."""
    if isinstance(program, Cff):
        return set(program.cids) if program.by_cid else set(range(len(program.order)))
    if isinstance(program, TrueType):
        mapping = font.get("/CIDToGIDMap")
        if not is_stream(mapping):
            return set(range(program.count))
        return {cid for cid, glyph in enumerate(glyph_table(mapping)) if 0 < glyph < program.count}
    return None


def true_type_is_encoded(subject: Subject) -> Iterator[Fault]:
    """TrueType fonts have the encoding that their Flags ask for (6.2.11.6)."""
    for use in drawing(subject).fonts.values():
        program = embedded(subject, use.font).program
        if use.font.get("/Subtype") != "/TrueType" or not isinstance(program, TrueType):
            continue
        if is_symbolic(use.font):
            yield from _symbolic(use, program)
        else:
            yield from _latin(use, program)


def is_open_type(font: Any) -> bool:
    """Whether the program is an OpenType file, which is no Type 1 font."""
    return bool(as_dictionary(descriptor(font).get("/FontFile3")).get("/Subtype") == "/OpenType")


def is_symbolic(font: Any) -> bool:
    """Whether the descriptor calls the font symbolic."""
    flags = descriptor(font).get("/Flags")
    return isinstance(flags, int) and bool(flags & SYMBOLIC)


def _symbolic(use: FontUse, program: TrueType) -> Iterator[Fault]:
    if use.font.get("/Encoding") is not None:
        yield _fault("6.2.11.6-3", use, "is symbolic and has an Encoding, expected none")
    if len(program.maps) != 1 and (3, 0) not in program.maps:
        yield _fault(
            "6.2.11.6-4",
            use,
            f"is symbolic and its cmap has {len(program.maps)} subtables, "
            "expected one, or one for Microsoft symbols",
        )


def _latin(use: FontUse, program: TrueType) -> Iterator[Fault]:
    if use.rendered and not program.maps:
        yield _fault("6.2.11.6-1", use, "is not symbolic and has no cmap, expected one")
    encoding = use.font.get("/Encoding")
    base = base_of(encoding)
    if base not in LATIN:
        yield _fault(
            "6.2.11.6-2",
            use,
            "is not symbolic, expected the encoding MacRomanEncoding or WinAnsiEncoding",
        )
        return
    names = differences(encoding) if is_dictionary(encoding) else {}
    unlisted = [name for name in names.values() if name != ".notdef" and not listed(name)]
    if unlisted:
        yield _fault(
            "6.2.11.6-2",
            use,
            f"has {shown(unlisted[0])} in Differences, expected names of the Adobe Glyph List",
        )
    elif names and (3, 1) not in program.maps:
        yield _fault("6.2.11.6-2", use, "has Differences, expected a Microsoft Unicode cmap for it")


def _fault(rule: str, use: FontUse, found: str) -> Fault:
    return Fault(rule, f"{use.name} on {use.where} {found}")


CHECKS = (
    dictionaries_are_complete,
    widths_are_there,
    fonts_are_embedded,
    charsets_are_complete,
    cid_sets_are_complete,
    true_type_is_encoded,
)

UNCHECKED = {
    "6.2.11.4.2, OpenType": "CharSet is compared with Type 1 and CFF programs, not with OpenType",
}
