"""What the content streams of a PDF draw with: colour spaces, fonts and codes, images, states."""

from __future__ import annotations

from typing import Any

import msgspec

from einvoice.pdf.pdfa.cmaps import CMap, unicode_map
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.names import entry, shown
from einvoice.pdf.pdfa.subject import as_dictionary, is_dictionary, is_stream


class Frame:
    """Where the names of one content stream are looked up."""

    __slots__ = ("coloured", "fallback", "inherited", "key", "own", "where")

    def __init__(self, own: Any, fallback: Any, where: str) -> None:
        self.own = own if is_dictionary(own) else None
        self.fallback = fallback if is_dictionary(fallback) else None
        self.where = where
        self.coloured = True  #: False where operators must not set colours, and are not heeded
        self.inherited: dict[str, str] = {}
        self.key = identity(self.resources)  #: what tells these resources from others

    @property
    def resources(self) -> Any:
        """The resources of the stream itself, else those it falls back to, else None."""
        return self.own if self.own is not None else self.fallback

    def find(self, category: str, name: str) -> Any:
        """A resource by name; one that only the enclosing content defines is noted as inherited."""
        if self.own is not None:
            found = entry(as_dictionary(self.own.get(category)), name)
            if found is not None:
                return found
        if self.fallback is None:
            return None
        found = entry(as_dictionary(self.fallback.get(category)), name)
        if found is not None:
            self.inherited[name] = category
        return found

    def default(self, device: str) -> Any:
        """The space that stands for a device colour space here (DefaultRGB and so on), or None."""
        return as_dictionary(as_dictionary(self.resources).get("/ColorSpace")).get(
            device.replace("/Device", "/Default")
        )


class Space(msgspec.Struct, frozen=True):
    """A current colour space: its value, where it was chosen, and the pattern if it is one."""

    value: Any
    key: object
    frame: Frame
    pattern: Any = None

    def overprinted(self, on: bool) -> object:
        """What tells this use from others."""
        return (self.key, self.frame.key, on)


def space_of(value: Any, frame: Frame) -> Space:
    """A colour space that is chosen in a frame."""
    return Space(value, identity(value), frame)


class ColourUse(msgspec.Struct, frozen=True):
    """A colour space that is painted with; `overprint`: with overprint mode 1."""

    space: Any
    frame: Frame
    overprint: bool
    where: str


class ImageUse(msgspec.Struct, frozen=True):
    """An image that is painted: its entries, and the stream if it is not inline."""

    image: Any
    where: str
    stream: Any = None


class Named(msgspec.Struct, frozen=True):
    """A dictionary and where it is used."""

    value: Any
    where: str


class FontUse:
    """A font that shows text, and the character codes shown."""

    __slots__ = ("cmap", "font", "hidden", "key", "plain", "rendered", "unicode", "where")

    def __init__(self, font: Any, where: str, cmap: CMap | None) -> None:
        self.font = font
        self.key = identity(font)
        self.where = where
        self.cmap = cmap  #: of a composite font; None for a simple one
        stream = font.get("/ToUnicode")
        self.unicode = unicode_map(stream) if is_stream(stream) else None
        self.rendered: set[int] = set()  #: codes shown in a mode that paints or clips
        self.hidden: set[int] = set()  #: codes shown in rendering mode 3
        self.plain: set[int] = set()  #: codes shown at least once without ActualText

    def show(self, text: bytes, hidden: bool, described: bool) -> set[int]:
        """Note the codes of a string; returns those."""
        codes = set(text if self.cmap is None else self.cmap.split(text))
        (self.hidden if hidden else self.rendered).update(codes)
        if not described:
            self.plain |= codes
        return codes

    @property
    def name(self) -> str:
        """How a message names the font."""
        return f"font {shown(self.font.get('/BaseFont', 'without name'))}"


class State:
    """The part of the graphics state that the checks need."""

    __slots__ = ("fill", "font", "fills", "mode", "opm", "stroke", "strokes")

    def __init__(self, frame: Frame) -> None:
        self.fill = self.stroke = space_of("/DeviceGray", frame)
        self.font: FontUse | None = None
        self.mode = 0
        self.opm = 0
        self.fills = False  #: overprint for filling
        self.strokes = False  #: overprint for stroking

    @property
    def key(self) -> object:
        """What tells one state from another."""
        font = self.font.key if self.font else None
        fill, stroke = self.fill.overprinted(self.fills), self.stroke.overprinted(self.strokes)
        return (fill, stroke, font, self.mode, self.opm)


class Drawing:
    """All that the walk through the content streams found, each thing once."""

    def __init__(self) -> None:
        self.faults: dict[tuple[str, str], Fault] = {}
        self.colours: dict[object, ColourUse] = {}
        self.fonts: dict[object, FontUse] = {}
        self.images: dict[object, ImageUse] = {}
        self.forms: dict[object, Named] = {}
        self.states: dict[object, Named] = {}
        self.transparent: list[Named] = []  #: pages with transparency
        self.unreadable: str | None = None  #: a content stream that cannot be read
        self.cut_short: str | None = None  #: which of our limits kept us from some content

    def fault(self, rule: str, message: str) -> None:
        """Note a fault, once per rule and message."""
        self.faults.setdefault((rule, message), Fault(rule, message))

    def show(self, use: FontUse, text: bytes, *, hidden: bool, described: bool) -> set[int]:
        """Note a string that a font shows; returns its codes."""
        self.fonts.setdefault(use.key, use)
        return use.show(text, hidden, described)

    def colour(self, space: Space, where: str, *, overprint: bool = False) -> None:
        """Note the use of a colour space."""
        key = space.overprinted(overprint)
        if key not in self.colours:
            self.colours[key] = ColourUse(space.value, space.frame, overprint, where)


def identity(value: Any) -> object:
    """What tells a value from another: object number if indirect, else how it is written."""
    if value is None:
        return None
    if getattr(value, "is_indirect", False):
        return value.objgen
    unparse = getattr(value, "unparse", None)
    return unparse() if unparse is not None else value
