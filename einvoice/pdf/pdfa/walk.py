"""The walk through pages, forms, patterns, Type 3 glyphs, appearances and soft masks."""

from __future__ import annotations

import copy
import re
import threading
import warnings
from typing import Any

from einvoice.pdf.pdfa.cmaps import cmap_of
from einvoice.pdf.pdfa.described import actual_texts
from einvoice.pdf.pdfa.drawing import (
    Drawing,
    FontUse,
    Frame,
    ImageUse,
    Named,
    Space,
    State,
    identity,
    space_of,
)
from einvoice.pdf.pdfa.encodings import code_names
from einvoice.pdf.pdfa.inheritance import inheriting
from einvoice.pdf.pdfa.interpreter import Interpreter
from einvoice.pdf.pdfa.names import entry
from einvoice.pdf.pdfa.opacity import is_transparent, number
from einvoice.pdf.pdfa.subject import (
    Subject,
    as_dictionary,
    as_list,
    is_array,
    is_dictionary,
    is_stream,
    unpacked,
)

#: What is not walked: streams nested deeper, more streams, larger streams, more operators.
MAX_DEPTH = 25
MAX_STREAMS = 50_000
MAX_SIZE = 10_000_000  # bytes of one content stream
MAX_OPERATORS = 5_000_000
MAX_WORDS = 1_000_000  # of one content stream; few of them are no operators
#: Held while warnings are switched off, which is done for the whole process.
QUIET = threading.Lock()
WORD = re.compile(rb"[A-Za-z'\"*]+")


class Walker:
    """Walks the content of one PDF, each once for each state in which it is used."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.drawing = Drawing()
        self.transparent = False
        self.described: list[bool] = []  #: open marked content, whether it has ActualText
        self.actual: frozenset[tuple[object, int]] = frozenset()
        self.page: object = None
        self._done: dict[object, bool] = {}
        self._inheriting = inheriting(subject)
        self._fonts: dict[object, FontUse] = {}
        self._depth = 0
        self._operators = 0

    def pages(self) -> Drawing:
        """Walk all pages and their annotations."""
        for place, page in enumerate(self.subject.pages, 1):
            self.transparent = False
            self.page = identity(page)
            where = f"page {place}"
            self._page(page, where)
            self._appearances(page, where)
            if self.transparent:
                self.drawing.transparent.append(Named(page, where))
        return self.drawing

    def _page(self, page: Any, where: str) -> None:
        resources = self.subject.inherited(page, "/Resources")
        if page.objgen in self._inheriting:
            frame = Frame(None, resources, where)
        else:
            frame = Frame(resources, None, where)
        self.group(page, frame)
        parts = [part for part in as_list(page.get("/Contents")) if is_stream(part)]
        self.run(b"\n".join(self.content(part, where) for part in parts), frame, State(frame))

    def _appearances(self, page: Any, where: str) -> None:
        for annotation in as_list(page.get("/Annots")):
            if not is_dictionary(annotation):
                continue
            normal = as_dictionary(annotation.get("/AP")).get("/N")
            for stream in _streams(normal):
                frame = Frame(None, None, f"the appearance of an annotation on {where}")
                self.form(stream, frame, State(frame))

    def content(self, stream: Any, where: str) -> bytes:
        """The content of a stream; empty, and noted, if it does not unpack."""
        data = unpacked(stream)
        if data is None:
            self.drawing.unreadable = f"{where} does not unpack"
        return data or b""

    def group(self, holder: Any, frame: Frame) -> None:
        """Note the blending colour space of a transparency group."""
        space = as_dictionary(holder.get("/Group")).get("/CS")
        if space is not None:
            where = f"the blending of {frame.where}"
            self.drawing.colour(space_of(space, frame), where)

    def form(self, stream: Any, outer: Frame, state: State, *, mask: bool = False) -> None:
        """Walk a form XObject as it is used in a frame and a state, or in a soft mask."""
        frame = Frame(stream.get("/Resources"), outer.resources, _place(stream, "form", outer))
        self.drawing.forms.setdefault(identity(stream), Named(stream, frame.where))
        if as_dictionary(stream.get("/Group")).get("/S") == "/Transparency":
            self.transparent = True
        if not mask:
            self.group(stream, frame)
        self.stream(stream, frame, state)

    def pattern(self, pattern: Any, outer: Frame, base: Space) -> None:
        """Walk a tiling pattern, or note the space of a shading pattern."""
        if is_stream(pattern):
            frame = Frame(
                pattern.get("/Resources"), outer.resources, _place(pattern, "pattern", outer)
            )
            frame.coloured = pattern.get("/PaintType") != 2
            state = State(frame)
            if not frame.coloured:
                state.fill = state.stroke = base
            self.stream(pattern, frame, state)
        elif is_dictionary(pattern):
            self.shading(pattern.get("/Shading"), outer)
            if is_dictionary(state := pattern.get("/ExtGState")):
                self.note_state(state, outer)

    def shading(self, shading: Any, frame: Frame) -> None:
        """Note the colour space of a shading."""
        if is_dictionary(shading) and (space := shading.get("/ColorSpace")) is not None:
            self.drawing.colour(space_of(space, frame), f"a shading on {frame.where}")

    def stream(self, stream: Any, frame: Frame, state: State) -> None:
        """Walk a stream once for each state and set of resources."""
        key = (identity(stream), frame.key, state.key)
        if key not in self._done:
            if self._depth >= MAX_DEPTH or len(self._done) >= MAX_STREAMS:
                self.drawing.cut_short = f"{frame.where} is nested or reused too much"
                return
            outer, self.transparent = self.transparent, False
            self._done[key] = False
            self._depth += 1
            self.run(self.content(stream, frame.where), frame, copy.copy(state))
            self._depth -= 1
            self._done[key] = self.transparent
            self.transparent |= outer
        self.transparent |= self._done[key]

    def run(self, data: bytes, frame: Frame, state: State) -> None:
        """Interpret the operators of one content stream."""
        if _is_large(data) or self._operators > MAX_OPERATORS:
            self.drawing.cut_short = f"{frame.where} has too much content"
            return
        instructions = _instructions(data, self.drawing, frame)
        self._operators += len(instructions)
        Interpreter(self, frame, state).run(instructions)
        for name, category in frame.inherited.items():
            self.drawing.fault(
                "6.2.2-2",
                f"{frame.where} uses {name} of {category}, which only the enclosing content "
                "defines, expected in resources of its own",
            )

    def note_state(self, state: Any, frame: Frame) -> None:
        """Note an ExtGState dictionary and whether it makes what follows transparent."""
        self.drawing.states.setdefault(identity(state), Named(state, frame.where))
        if is_transparent(state):
            self.transparent = True
        mask = as_dictionary(state.get("/SMask")).get("/G")
        if is_stream(mask):
            self.form(mask, frame, State(frame), mask=True)

    def image(self, image: Any, frame: Frame, state: State) -> None:
        """Note an image XObject, its mask and its colours."""
        self.drawing.images.setdefault(identity(image), ImageUse(image, frame.where, image))
        mask = image.get("/SMask")
        if is_stream(mask) or number(image.get("/SMaskInData")) > 0:
            self.transparent = True
        for part in (mask, image.get("/Mask")):
            if is_stream(part):
                self.drawing.images.setdefault(identity(part), ImageUse(part, frame.where, part))
        self.image_colour(image, frame, state)

    def image_colour(self, image: Any, frame: Frame, state: State) -> None:
        """Note the colours of an image, which for a stencil are those of the state."""
        if image.get("/ImageMask") is True:
            self.paint(frame, state, fill=True)
        elif (space := image.get("/ColorSpace")) is not None:
            on = state.opm == 1 and state.fills
            where = f"an image on {frame.where}"
            self.drawing.colour(space_of(space, frame), where, overprint=on)

    def paint(self, frame: Frame, state: State, *, fill: bool) -> None:
        """Note the current colour space as used, with the pattern in it."""
        space = state.fill if fill else state.stroke
        on = state.opm == 1 and (state.fills if fill else state.strokes)
        self.drawing.colour(space, frame.where, overprint=on)
        if space.pattern is not None:
            based = is_array(space.value) and len(space.value) > 1
            base = space.value[1] if based else "/DeviceGray"
            self.pattern(space.pattern, space.frame, space_of(base, space.frame))

    def font(self, font: Any, frame: Frame) -> FontUse:
        """The record of a font, made when first met."""
        key = identity(font)
        if key not in self._fonts:
            self._fonts[key] = FontUse(font, frame.where, cmap_of(font))
        return self._fonts[key]

    def glyphs(self, use: FontUse, codes: set[int], frame: Frame, state: State) -> None:
        """Walk the glyphs of a Type 3 font that are shown."""
        font = use.font
        programs = as_dictionary(font.get("/CharProcs"))
        names = code_names(font.get("/Encoding"))
        for code in codes:
            program = entry(programs, "/" + names[code]) if code in names else None
            if is_stream(program):
                where = f"a glyph of a font on {frame.where}"
                inner = Frame(font.get("/Resources"), frame.resources, where)
                plain = copy.copy(state)
                plain.font, plain.mode = None, 0
                self.stream(program, inner, plain)


def _streams(normal: Any) -> list[Any]:
    """The streams of an appearance: one, or one per state."""
    if is_stream(normal):
        return [normal]
    if not is_dictionary(normal):
        return []
    return [one for _, one in normal.items() if is_stream(one)]


def _place(stream: Any, kind: str, outer: Frame) -> str:
    page = outer.where.rpartition(" on ")[2]
    number = f" {stream.objgen[0]}" if stream.is_indirect else ""
    return f"{kind}{number} on {page}"


def _is_large(data: bytes) -> bool:
    """Whether a content stream could need much memory once it is taken apart."""
    if len(data) <= MAX_WORDS:
        return False
    return len(data) > MAX_SIZE or sum(1 for _ in WORD.finditer(data)) > MAX_WORDS


def _instructions(data: bytes, drawing: Drawing, frame: Frame) -> list[Any]:
    """The operators of a content stream with their operands; none if it cannot be parsed.

    An `n` without effect is put at the end: it takes the operands that no operator takes.
    """
    import pikepdf

    found: list[Any] = []
    with QUIET, warnings.catch_warnings(), pikepdf.new() as scratch:
        warnings.simplefilter("ignore", UserWarning)  # of content that ends too early
        try:
            found = list(pikepdf.parse_content_stream(pikepdf.Stream(scratch, data + b"\nn")))
        except (pikepdf.PdfError, RuntimeError, TypeError, ValueError, IndexError):
            found = []
    if not found or found[-1].operator != pikepdf.Operator("n"):
        drawing.unreadable = f"{frame.where} cannot be parsed to its end"
    return found


def drawing(subject: Subject) -> Drawing:
    """What the content of a PDF draws with."""
    return subject.once(_walked)


def _walked(subject: Subject) -> Drawing:
    walker = Walker(subject)
    walker.actual = actual_texts(subject)
    return walker.pages()
