"""The glyphs shown: there, not .notdef, as wide as told (6.2.11.4.1, .5, .8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from einvoice.pdf.pdfa.cff import Cff
from einvoice.pdf.pdfa.drawing import FontUse
from einvoice.pdf.pdfa.encodings import base_of, code_names, standard
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.fonts import is_symbolic
from einvoice.pdf.pdfa.programs import Program, described, descriptor, embedded, glyph_table
from einvoice.pdf.pdfa.subject import Subject, is_array, is_dictionary, is_stream
from einvoice.pdf.pdfa.truetype import TrueType
from einvoice.pdf.pdfa.type1 import Type1
from einvoice.pdf.pdfa.walk import drawing

#: Widths may differ by this, in thousandths of the font size: they are rounded to whole numbers.
TOLERANCE = 1.0
MAX_CID = 65535
#: Its codes are not mapped here, as hardly any font has them.
MAC_EXPERT = "/MacExpertEncoding"
#: Where Microsoft symbol fonts put their codes.
SYMBOL_PAGES = (0xF000, 0, 0xF100, 0xF200)


class Glyph(msgspec.Struct, frozen=True):
    """A glyph that a code chooses."""

    there: bool  #: in the program
    named: bool = True  #: not .notdef
    width: float | None = None  #: in the program, thousandths; None if not told
    told: float | None = None  #: in the font dictionary


Chooser = Callable[[int], Glyph]


def glyphs_are_there(subject: Subject) -> Iterator[Fault]:
    """Each glyph shown is in the program (6.2.11.4.1-2) and is not .notdef (6.2.11.8-1)."""
    for use, choose in _choosers(subject):
        absent = [code for code in sorted(use.rendered) if not choose(code).there]
        if absent:
            yield _fault("6.2.11.4.1-2", use, absent, "has no glyph", "one in the program")
        unnamed = [code for code in sorted(use.rendered | use.hidden) if not choose(code).named]
        if unnamed:
            yield _fault("6.2.11.8-1", use, unnamed, "has .notdef", "a glyph")


def widths_are_consistent(subject: Subject) -> Iterator[Fault]:
    """The width of each glyph painted is the one of the program (6.2.11.5-1)."""
    for use, choose in _choosers(subject):
        for code in sorted(use.rendered):
            glyph = choose(code)
            if glyph.width is None or glyph.told is None:
                continue
            if abs(glyph.width - glyph.told) > TOLERANCE:
                told = f"has the width {glyph.told:g} in the dictionary"
                yield _fault("6.2.11.5-1", use, [code], told, f"{glyph.width:.1f} as the program")
                break


def cids_are_small(subject: Subject) -> Iterator[Fault]:
    """No CID is above 65535 (6.1.13-10)."""
    for use in drawing(subject).fonts.values():
        if use.cmap is not None:
            codes = [code for code in use.rendered | use.hidden if use.cmap.cid(code) > MAX_CID]
            if codes:
                yield _fault("6.1.13-10", use, codes, "has a CID above 65535", "a lower one")


def _fault(rule: str, use: FontUse, codes: list[int], found: str, expected: str) -> Fault:
    more = f" and {len(codes) - 1} more" if len(codes) > 1 else ""
    return Fault(
        rule,
        f"code {codes[0]}{more} of {use.name} on {use.where} {found}, expected {expected}",
    )


def _choosers(subject: Subject) -> list[tuple[FontUse, Chooser]]:
    """The fonts with a program, and what their codes choose."""
    return subject.once(_all_choosers)


def _all_choosers(subject: Subject) -> list[tuple[FontUse, Chooser]]:
    found = []
    for use in drawing(subject).fonts.values():
        program = embedded(subject, use.font).program
        if program is not None and use.font.get("/Subtype") != "/Type3":
            choose = _chooser(use, program)
            if choose is not None:
                found.append((use, choose))
    return found


def _chooser(use: FontUse, program: Program) -> Chooser | None:
    if use.cmap is not None:
        return _composite(use, program)
    if isinstance(program, TrueType):
        return _true_type(use.font, program)
    if (isinstance(program, Cff) and program.by_cid) or base_of(
        use.font.get("/Encoding")
    ) == MAC_EXPERT:
        return None
    return _type1(use.font, program)


def _type1(font: Any, program: Type1 | Cff) -> Chooser:
    """A simple font with named glyphs."""
    base = standard() if program.standard else program.codes
    names, widths = code_names(font.get("/Encoding"), base), simple_widths(font)

    def choose(code: int) -> Glyph:
        name = names.get(code, ".notdef")
        there = name in program.glyphs
        width = program.width(name if there else ".notdef")
        return Glyph(there, name != ".notdef", width, widths(code))

    return choose


def _true_type(font: Any, program: TrueType) -> Chooser:
    """A simple font with a TrueType program."""
    encoding, widths = font.get("/Encoding"), simple_widths(font)
    if is_symbolic(font) or encoding is None:
        names: dict[int, str] | None = None
    else:
        names = code_names(encoding, standard() if is_dictionary(encoding) else None)

    def choose(code: int) -> Glyph:
        if names is None:
            glyph = symbol_glyph(program, code)
        else:
            glyph = latin_glyph(program, names.get(code, ".notdef"))
            glyph = glyph or (symbol_glyph(program, code) if (3, 1) not in program.maps else 0)
        named = names is None or names.get(code, ".notdef") != ".notdef"
        return Glyph(0 < glyph < program.count, named, program.width(glyph), widths(code))

    return choose


def symbol_glyph(program: TrueType, code: int) -> int:
    """The glyph of a code without encoding: Microsoft symbol, then Macintosh, then any subtable."""
    for page in SYMBOL_PAGES:
        if glyph := program.glyph(3, 0, page + code):
            return glyph
    if glyph := program.glyph(1, 0, code):
        return glyph
    return next((glyph for key in program.maps if (glyph := program.glyph(*key, code))), 0)


def latin_glyph(program: TrueType, name: str) -> int:
    """The glyph of a name: by Unicode, then by Macintosh code, then by `post`."""
    from einvoice.pdf.pdfa.encodings import mac_roman, unicode_of

    text = unicode_of(name)
    if text and len(text) == 1:
        for key in ((3, 1), (3, 10), (0, 3), (0, 4), (0, 1), (0, 0)):
            if glyph := program.glyph(*key, ord(text)):
                return glyph
    if (1, 0) in program.maps:
        for code, known in mac_roman().items():
            if known == name and (glyph := program.glyph(1, 0, code)):
                return glyph
    return program.names.get(name, 0)


def _composite(use: FontUse, program: Program) -> Chooser | None:
    """A composite font, whose codes choose CIDs."""
    cmap, font = use.cmap, described(use.font)
    if cmap is None or not cmap.known or isinstance(program, Type1):
        return None
    widths = cid_widths(font)
    mapping = font.get("/CIDToGIDMap")
    table = glyph_table(mapping) if is_stream(mapping) else None

    def choose(code: int) -> Glyph:
        cid = cmap.cid(code)
        if isinstance(program, Cff):
            name = program.name(cid)
            return Glyph(name in program.glyphs, cid != 0, program.width(name), widths(cid))
        glyph = cid if table is None else table[cid] if cid < len(table) else 0
        there = glyph < program.count and (glyph > 0 or cid == 0)
        return Glyph(there, cid != 0, program.width(glyph), widths(cid))

    return choose


def simple_widths(font: Any) -> Callable[[int], float | None]:
    """The width that a simple font dictionary tells for a code."""
    first, widths = font.get("/FirstChar"), font.get("/Widths")
    rows = [_number(width) for width in widths] if is_array(widths) else []
    missing = _number(descriptor(font).get("/MissingWidth")) or 0.0
    start = first if isinstance(first, int) else None

    def told(code: int) -> float | None:
        inside = start is not None and 0 <= code - start < len(rows)
        return rows[code - start] if inside and start is not None else missing

    return told


def cid_widths(font: Any) -> Callable[[int], float | None]:
    """The width that a CIDFont dictionary tells for a CID (W and DW)."""
    default = _number(font.get("/DW"))
    single: dict[int, float | None] = {}
    ranges: list[tuple[int, int, float | None]] = []
    row = list(font.get("/W")) if is_array(font.get("/W")) else []
    place = 0
    while place + 1 < len(row):
        start = int(row[place])
        if is_array(row[place + 1]):
            widths = [_number(width) for width in row[place + 1]]
            single.update((start + number, width) for number, width in enumerate(widths))
            place += 2
        elif place + 2 < len(row):
            ranges.append((start, int(row[place + 1]), _number(row[place + 2])))
            place += 3
        else:
            break

    def told(cid: int) -> float | None:
        if cid in single:
            return single[cid]
        found = (width for low, high, width in ranges if low <= cid <= high)
        return next(found, 1000.0 if default is None else default)

    return told


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


CHECKS = (glyphs_are_there, widths_are_consistent, cids_are_small)

UNCHECKED = {
    "6.2.11.5, East Asian CMaps": "codes of predefined CMaps but Identity are not mapped to CIDs",
}
