"""The text of a PDF in the order in which it is drawn, blanks and lines told by the positions."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import msgspec

from einvoice.errors import PdfError
from einvoice.pdf.container import as_dictionary, as_list
from einvoice.pdf.shown.fonts import Font
from einvoice.pdf.shown.geometry import IDENTITY, Matrix, matrix_of, moved, separator, times
from einvoice.pdf.streams import packed_stream

if TYPE_CHECKING:
    import pikepdf

#: What is read of a file; no invoice needs more, and values stand on the first or last pages.
MAX_PAGES = 60
MAX_CONTENT = 4_000_000
MAX_OPERATORS = 400_000
MAX_FORMS = 5_000
MAX_DEPTH = 8

OPERATORS = "BT Tf Tc Tw Tz TL Ts Td TD Tm T* Tj TJ ' \" cm q Q Do"


class PageText(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages say."""

    text: str
    complete: bool = True  #: false if pages or content were left unread


def text_of_pages(document: pikepdf.Pdf) -> PageText:
    """Read the text of a document, the first and the last pages if there are many."""
    reader = _Reader()
    pages = list(document.pages)
    half = MAX_PAGES // 2
    chosen = pages if len(pages) <= MAX_PAGES else [*pages[:half], *pages[-half:]]
    for page in chosen:
        reader.page(page.obj)
    complete = reader.complete and len(chosen) == len(pages)
    return PageText(text="".join(reader.parts), complete=complete)


class _State:
    """The part of the graphics state that places text."""

    __slots__ = ("ctm", "font", "leading", "rise", "scale", "size", "spacing", "word")

    def __init__(self) -> None:
        self.ctm: Matrix = IDENTITY
        self.font: Font | None = None
        self.size = 1.0
        self.spacing = self.word = self.leading = self.rise = 0.0
        self.scale = 1.0

    def copy(self) -> _State:
        other = _State()
        for name in self.__slots__:
            setattr(other, name, getattr(self, name))
        return other


class _Reader:
    """Runs the operators that show text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.complete = True
        self._fonts: dict[tuple[int, int], Font] = {}
        self._read = self._operators = self._forms = 0
        self._end: tuple[float, float] | None = None
        self._resources: list[Any] = []
        self._state = _State()
        self._saved: list[_State] = []
        self._matrix = self._line = IDENTITY

    def page(self, page: Any) -> None:
        self._resources = [_inherited(page, "/Resources")]
        contents = page.get("/Contents")
        streams = as_list(contents) or [contents]
        self._state, self._end = _State(), None
        self._content(b"\n".join(filter(None, map(self._unpacked, streams))), 0)
        for annotation in map(as_dictionary, as_list(page.get("/Annots"))):
            appearance = as_dictionary(annotation.get("/AP")) if annotation is not None else None
            if appearance is not None:
                self._state = _State()
                self._form(appearance.get("/N"), 0)
        self.parts.append("\n")

    def _unpacked(self, stream: Any) -> bytes | None:
        import pikepdf

        if not isinstance(stream, pikepdf.Stream):
            return None
        try:
            data = packed_stream(stream).unpack(MAX_CONTENT)
        except PdfError:
            self.complete = False
            return None
        self._read += len(data)
        if self._read > MAX_CONTENT:
            self.complete = False
            return None
        return data

    def _content(self, data: bytes, depth: int) -> None:
        """Run a content stream; what is damaged ends it."""
        import pikepdf

        saved, self._saved = self._saved, []
        with pikepdf.new() as scratch, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a stream that ends too early
            try:
                for one in pikepdf.parse_content_stream(pikepdf.Stream(scratch, data), OPERATORS):
                    self._operators += 1
                    if self._operators > MAX_OPERATORS or self._forms > MAX_FORMS:
                        self.complete = False
                        break
                    self._run(str(one.operator), list(one.operands), depth)
            except (pikepdf.PdfError, pikepdf.PdfParsingError, RuntimeError):
                self.complete = False
        self._saved = saved

    def _run(self, operator: str, operands: list[Any], depth: int) -> None:
        if operator == "Do":
            self._form(self._named("/XObject", operands), depth)
            return
        action = ACTIONS.get(operator)
        if action is None:
            return
        try:
            action(self, operands)
        except (TypeError, ValueError, IndexError, ArithmeticError):
            return  # an operand of the wrong kind: readers pass over it

    def _named(self, kind: str, operands: list[Any]) -> Any:
        """A resource by its name, from the innermost form outwards."""
        name = str(operands[0]) if operands else ""
        for resources in reversed(self._resources):
            holder = as_dictionary(resources.get(kind)) if resources is not None else None
            if holder is not None and name in holder:
                return holder[name]
        return None

    def _form(self, form: Any, depth: int) -> None:
        import pikepdf

        if not isinstance(form, pikepdf.Stream) or depth >= MAX_DEPTH:
            return
        if form.get("/Subtype") not in (None, "/Form"):
            return
        self._forms += 1
        data = self._unpacked(form) if self._forms <= MAX_FORMS else None
        if data is None:
            self.complete = False
            return
        before, self._state = self._state, self._state.copy()
        matrix = as_list(form.get("/Matrix"))
        if len(matrix) == 6:
            self._state.ctm = times(matrix_of(matrix), self._state.ctm)
        self._resources.append(as_dictionary(form.get("/Resources")))
        self._content(data, depth + 1)
        self._resources.pop()
        self._state = before

    # --- operators

    def save(self, _: list[Any]) -> None:
        if len(self._saved) < 1000:
            self._saved.append(self._state.copy())

    def restore(self, _: list[Any]) -> None:
        if self._saved:
            self._state = self._saved.pop()

    def concatenate(self, operands: list[Any]) -> None:
        self._state.ctm = times(matrix_of(operands), self._state.ctm)

    def begin(self, _: list[Any]) -> None:
        self._matrix = self._line = IDENTITY

    def font(self, operands: list[Any]) -> None:
        font = as_dictionary(self._named("/Font", operands))
        self._state.font = None if font is None else self._font(font)
        self._state.size = float(operands[1])

    def _font(self, font: Any) -> Font:
        if not font.is_indirect:
            return Font(font)
        if font.objgen not in self._fonts:
            self._fonts[font.objgen] = Font(font)
        return self._fonts[font.objgen]

    def spacing(self, operands: list[Any]) -> None:
        self._state.spacing = float(operands[0])

    def word(self, operands: list[Any]) -> None:
        self._state.word = float(operands[0])

    def scale(self, operands: list[Any]) -> None:
        self._state.scale = float(operands[0]) / 100

    def leading(self, operands: list[Any]) -> None:
        self._state.leading = float(operands[0])

    def rise(self, operands: list[Any]) -> None:
        self._state.rise = float(operands[0])

    def move(self, operands: list[Any]) -> None:
        self._matrix = self._line = moved(self._line, float(operands[0]), float(operands[1]))

    def move_leading(self, operands: list[Any]) -> None:
        self._state.leading = -float(operands[1])
        self.move(operands)

    def place(self, operands: list[Any]) -> None:
        self._matrix = self._line = matrix_of(operands)

    def next_line(self, _: list[Any]) -> None:
        self.move([0, -self._state.leading])

    def show(self, operands: list[Any]) -> None:
        self._show(bytes(operands[0]))

    def show_spaced(self, operands: list[Any]) -> None:
        for item in as_list(operands[0]):
            if _is_string(item):
                self._show(bytes(item))
            else:
                shift = -float(item) / 1000 * self._state.size * self._state.scale
                self._matrix = moved(self._matrix, shift)

    def show_on_next_line(self, operands: list[Any]) -> None:
        self.next_line(operands)
        self.show(operands)

    def show_with_spacing(self, operands: list[Any]) -> None:
        self._state.word, self._state.spacing = float(operands[0]), float(operands[1])
        self.show_on_next_line(operands[2:])

    # --- text

    def _show(self, string: bytes) -> None:
        """Add a string, and what separates it from the one before."""
        state = self._state
        if state.font is None or not string:
            return
        text, advance = [], 0.0
        for glyph, width, is_space in state.font.glyphs(string):
            text.append(glyph)
            step = width * state.size + state.spacing + (state.word if is_space else 0.0)
            advance += step * state.scale
        whole = times(self._matrix, state.ctm)
        if self._end is not None:
            self.parts.append(separator(self._end, whole, state.size))
        self.parts.append("".join(text))
        self._matrix = moved(self._matrix, advance)
        end = times(self._matrix, state.ctm)
        self._end = (end[4], end[5])


ACTIONS = {
    "q": _Reader.save,
    "Q": _Reader.restore,
    "cm": _Reader.concatenate,
    "BT": _Reader.begin,
    "Tf": _Reader.font,
    "Tc": _Reader.spacing,
    "Tw": _Reader.word,
    "Tz": _Reader.scale,
    "TL": _Reader.leading,
    "Ts": _Reader.rise,
    "Td": _Reader.move,
    "TD": _Reader.move_leading,
    "Tm": _Reader.place,
    "T*": _Reader.next_line,
    "Tj": _Reader.show,
    "TJ": _Reader.show_spaced,
    "'": _Reader.show_on_next_line,
    '"': _Reader.show_with_spacing,
}


def _inherited(page: Any, key: str) -> Any:
    """An attribute of a page or of the nodes above it."""
    node = page
    for _ in range(MAX_DEPTH * 4):
        if node is None:
            return None
        if key in node:
            return as_dictionary(node[key])
        node = as_dictionary(node.get("/Parent"))
    return None


def _is_string(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.String)
