"""What the strings of a font say: text and width of each glyph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.pdf.container import as_dictionary, as_list
from einvoice.pdf.pdfa.cmaps import CMap, UnicodeMap, cmap_of, unicode_map
from einvoice.pdf.pdfa.encodings import code_names, standard, unicode_of, win_ansi

#: Width of a glyph that the font does not tell, in thousandths of the size.
DEFAULT_WIDTH = 500.0
COMPOSITE_WIDTH = 1000.0

#: Stands for a glyph whose text cannot be told.
UNKNOWN = "\ufffd"

#: Most glyphs in the table of widths of a composite font.
MAX_WIDTHS = 70_000

Glyph = tuple[str, float, bool]  #: text, width in the size of the font, whether it is a space code


class Font:
    """A font of a page, as far as its text goes."""

    def __init__(self, font: Any) -> None:
        stream = font.get("/ToUnicode")
        self._map: UnicodeMap | None = unicode_map(stream) if _is_stream(stream) else None
        self._cmap: CMap | None = cmap_of(font)
        self._glyphs: dict[int, Glyph] = {}
        if self._cmap is None:
            self._names = _code_names(font)
            self._widths, self._default = _simple_widths(font), DEFAULT_WIDTH
            self._unit = _unit(font)
        else:
            descendant = as_dictionary(next(iter(as_list(font.get("/DescendantFonts"))), None))
            self._names = {}
            self._widths = dict(_composite_widths(descendant))
            self._default = _number(descendant.get("/DW") if descendant else None, COMPOSITE_WIDTH)
            self._unit = 0.001

    def glyphs(self, string: bytes) -> Iterator[Glyph]:
        """The glyphs of a string that is shown in the font."""
        for code in string if self._cmap is None else self._cmap.split(string):
            glyph = self._glyphs.get(code)
            if glyph is None:
                glyph = self._glyphs[code] = self._glyph(code)
            yield glyph

    def _glyph(self, code: int) -> Glyph:
        text = self._map.text(code) if self._map else None
        if text is None and code in self._names:
            text = unicode_of(self._names[code])
        cid = code if self._cmap is None else self._cmap.cid(code)
        width = self._widths.get(cid, self._default) * self._unit
        return UNKNOWN if text is None else text, width, self._cmap is None and code == 32


def _code_names(font: Any) -> dict[int, str]:
    """Glyph names of a simple font; one without an encoding has that of its kind."""
    base = win_ansi() if font.get("/Subtype") == "/TrueType" else standard()
    return code_names(font.get("/Encoding"), base)


def _simple_widths(font: Any) -> dict[int, float]:
    first = font.get("/FirstChar")
    start = first if isinstance(first, int) else 0
    widths = as_list(font.get("/Widths"))[:256]
    return {start + n: _number(width, DEFAULT_WIDTH) for n, width in enumerate(widths)}


def _unit(font: Any) -> float:
    """Thousandths, or what the matrix of a Type 3 font says."""
    matrix = as_list(font.get("/FontMatrix")) if font.get("/Subtype") == "/Type3" else []
    return abs(_number(matrix[0], 0.001)) if matrix else 0.001


def _composite_widths(descendant: Any) -> Iterator[tuple[int, float]]:
    """Rows of W: a code and a list of widths, or two codes and a width."""
    items = as_list(descendant.get("/W")) if descendant is not None else []
    place = 0
    count = 0
    while place + 1 < len(items) and count < MAX_WIDTHS:
        first = int(_number(items[place], 0))
        row = as_list(items[place + 1])
        if row:
            place += 2
            pairs = [(first + n, _number(width, COMPOSITE_WIDTH)) for n, width in enumerate(row)]
        elif place + 2 < len(items):
            last = min(int(_number(items[place + 1], 0)), first + MAX_WIDTHS)
            width = _number(items[place + 2], COMPOSITE_WIDTH)
            place += 3
            pairs = [(code, width) for code in range(first, last + 1)]
        else:
            return
        count += len(pairs)
        yield from pairs


def _number(value: Any, default: float) -> float:
    """A number of a PDF, or the default for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError, ArithmeticError):
        return default


def _is_stream(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Stream)
