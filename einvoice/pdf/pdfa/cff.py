"""Compact Font Format programs: glyph names or CIDs, widths and the encoding built in."""

from __future__ import annotations

import io
import math
from typing import Any

from einvoice.pdf.pdfa.truetype import BrokenFont


class Cff:
    """A CFF font program; raises BrokenFont if it cannot be read."""

    def __init__(self, data: bytes) -> None:
        from fontTools.cffLib import CFFFontSet

        try:
            fonts = CFFFontSet()
            fonts.decompile(io.BytesIO(data), None, isCFF2=False)
            self._top: Any = fonts[0]
            self._charstrings: Any = self._top.CharStrings
            self.order: list[str] = list(self._top.charset)  #: names; `cid00001` in a CID font
        except Exception as error:  # noqa: BLE001 - the library raises whatever it meets
            raise BrokenFont(f"a CFF font that cannot be read ({type(error).__name__})") from None
        self.by_cid = hasattr(self._top, "ROS")  #: glyphs are chosen by CID, not by name
        self.glyphs = frozenset(self.order)
        self._widths: dict[str, float | None] = {}

    @property
    def cids(self) -> frozenset[int]:
        """The CIDs of a CID font."""
        return frozenset(int(name[3:]) for name in self.order if name[3:].isdigit())

    @property
    def codes(self) -> dict[int, str]:
        """The encoding built in; empty where it is the standard one."""
        encoding = getattr(self._top, "Encoding", None)
        if not isinstance(encoding, list):
            return {}
        return {code: name for code, name in enumerate(encoding) if name != ".notdef"}

    @property
    def standard(self) -> bool:
        """Whether the encoding built in is the standard one."""
        return getattr(self._top, "Encoding", None) == "StandardEncoding"

    def name(self, cid: int) -> str:
        """The name of the glyph of a CID: by CID in a CID font, else by place."""
        if self.by_cid:
            return f"cid{cid:05d}" if cid else ".notdef"
        return self.order[cid] if cid < len(self.order) else ""

    def width(self, name: str) -> float | None:
        """The advance width of a glyph in thousandths of the font size; None if it is not told."""
        if name not in self._widths:
            self._widths[name] = self._width(name) if name in self.glyphs else None
        return self._widths[name]

    def _width(self, name: str) -> float | None:
        from fontTools.misc.psCharStrings import T2WidthExtractor

        try:
            code = self._charstrings[name]
            private = code.private
            extractor = T2WidthExtractor(
                getattr(private, "Subrs", []),
                self._top.GlobalSubrs,
                private.nominalWidthX,
                private.defaultWidthX,
                private,
            )
            extractor.execute(code)
            return float(extractor.width) * self._scale(name)
        except Exception:  # noqa: BLE001 - a broken glyph has no width to compare
            return None

    def _scale(self, name: str) -> float:
        """Thousandths per unit: the font matrix, in a CID font that of its part as well."""
        rows = [self._top.rawDict.get("FontMatrix")]
        if self.by_cid:
            part = self._charstrings.getItemAndSelector(name)[1]
            rows.append(self._top.FDArray[part or 0].rawDict.get("FontMatrix"))
        scales = [float(row[0]) for row in rows if row is not None]
        if len(scales) == 2 and scales[0] < 1 and scales[1] < 1:
            scales = scales[1:]
        return math.prod(scales) * 1000 if scales else 1.0
