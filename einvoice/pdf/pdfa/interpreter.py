"""The operators of one content stream, carried out as far as the checks need it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from einvoice.pdf.pdfa import operators
from einvoice.pdf.pdfa.drawing import Frame, ImageUse, Space, State, identity, space_of
from einvoice.pdf.pdfa.names import shown, text
from einvoice.pdf.pdfa.subject import as_dictionary, as_list, is_array, is_dictionary, is_stream

if TYPE_CHECKING:
    from einvoice.pdf.pdfa.walk import Walker

#: Most q without Q (ISO 19005-3, 6.1.13).
MAX_NESTING = 28

#: Colour spaces that a content stream may name without defining them.
PLAIN_SPACES = ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/Pattern")


class Interpreter:
    """Carries out one content stream and tells the walker what is used."""

    def __init__(self, walker: Walker, frame: Frame, state: State) -> None:
        self.walker = walker
        self.frame = frame
        self.state = state
        self.saved: list[State] = []
        self._found: dict[tuple[str, str], Any] = {}
        self._spaces: dict[str, Space] = {}

    def run(self, instructions: Iterable[Any]) -> None:
        """Carry out the operators in order; unknown ones are a fault (6.2.2-1)."""
        marks = len(self.walker.described)
        for instruction in instructions:
            name = text(instruction.operator)
            if name == "INLINE IMAGE":
                self.inline_image(instruction)
            elif name in HANDLERS:
                HANDLERS[name](self, list(instruction.operands), name)
            elif name not in operators.DEFINED:
                self.walker.drawing.fault(
                    "6.2.2-1",
                    f"{self.frame.where} has the operator {shown(name)}, "
                    "expected only operators of ISO 32000-1",
                )
        del self.walker.described[marks:]

    def find(self, category: str, operand: Any) -> Any:
        """A resource by the name that is an operand."""
        key = (category, text(operand))
        if key not in self._found:
            self._found[key] = self.frame.find(*key)
        return self._found[key]

    def space(self, operand: Any) -> Space:
        """The colour space that `cs` and `CS` choose."""
        name = text(operand)
        if name not in self._spaces:
            value = None if name in PLAIN_SPACES else self.find("/ColorSpace", name)
            value = name if value is None else value
            self._spaces[name] = space_of(value, self.frame)
        return self._spaces[name]

    def save(self, operands: list[Any], name: str) -> None:
        """`q`."""
        self.saved.append(copy.copy(self.state))
        if len(self.saved) == MAX_NESTING + 1:
            self.walker.drawing.fault(
                "6.1.13-8",
                f"{self.frame.where} nests q {len(self.saved)} deep, expected {MAX_NESTING}",
            )

    def restore(self, operands: list[Any], name: str) -> None:
        """`Q`."""
        if self.saved:
            self.state = self.saved.pop()

    def fill(self, operands: list[Any], name: str) -> None:
        """Operators that fill."""
        self.walker.paint(self.frame, self.state, fill=True)

    def stroke(self, operands: list[Any], name: str) -> None:
        """Operators that stroke."""
        self.walker.paint(self.frame, self.state, fill=False)

    def fill_and_stroke(self, operands: list[Any], name: str) -> None:
        """Operators that fill and stroke."""
        self.fill(operands, name)
        self.stroke(operands, name)

    def device_colour(self, operands: list[Any], name: str) -> None:
        """`g`, `rg`, `k` and their stroking forms."""
        device = operators.FILL_DEVICE.get(name) or operators.STROKE_DEVICE[name]
        self._set(space_of(device, self.frame), fill=name in operators.FILL_DEVICE)

    def choose_space(self, operands: list[Any], name: str) -> None:
        """`cs` and `CS`."""
        if operands:
            self._set(self.space(operands[0]), fill=name == "cs")

    def _set(self, space: Space, *, fill: bool) -> None:
        """Change a current colour space; to choose one is to use it."""
        if not self.frame.coloured:
            return
        if fill:
            self.state.fill = space
        else:
            self.state.stroke = space
        self.walker.drawing.colour(space, self.frame.where)

    def colour(self, operands: list[Any], name: str) -> None:
        """`scn` and `SCN`, of which only a pattern matters."""
        if not operands or not _is_name(operands[-1]) or not self.frame.coloured:
            return
        pattern = self.find("/Pattern", operands[-1])
        old = self.state.fill if name == "scn" else self.state.stroke
        key = (identity(old.value), identity(pattern))
        new = Space(old.value, key, self.frame, pattern)
        if name == "scn":
            self.state.fill = new
        else:
            self.state.stroke = new

    def graphics_state(self, operands: list[Any], name: str) -> None:
        """`gs`."""
        found: Any = self.find("/ExtGState", operands[0]) if operands else None
        if not is_dictionary(found):
            return
        self.walker.note_state(found, self.frame)
        state = self.state
        if (both := found.get("/OP")) is not None:
            state.strokes = both is True
            state.fills = state.strokes
        if (only := found.get("/op")) is not None:
            state.fills = only is True
        if isinstance(mode := found.get("/OPM"), int):
            state.opm = mode
        font = as_list(found.get("/Font"))
        if font and is_dictionary(font[0]):
            state.font = self.walker.font(font[0], self.frame)

    def uncoloured(self, operands: list[Any], name: str) -> None:
        """`d1`: the glyph takes the colour of the text."""
        self.frame.coloured = False

    def intent(self, operands: list[Any], name: str) -> None:
        """`ri`."""
        if operands and text(operands[0]) not in operators.INTENTS:
            self.walker.drawing.fault(
                "6.2.6-1", operators.wrong_intent(operands[0], self.frame.where)
            )

    def font(self, operands: list[Any], name: str) -> None:
        """`Tf`."""
        found: Any = self.find("/Font", operands[0]) if operands else None
        self.state.font = self.walker.font(found, self.frame) if is_dictionary(found) else None

    def mode(self, operands: list[Any], name: str) -> None:
        """`Tr`."""
        if operands and isinstance(operands[0], int):
            self.state.mode = operands[0]

    def show(self, operands: list[Any], name: str) -> None:
        """Operators that show text."""
        texts = list(operands[0]) if operands and is_array(operands[0]) else operands[-1:]
        text = b"".join(bytes(part) for part in texts if _is_string(part))
        state, use = self.state, self.state.font
        if not text or use is None:
            return
        hidden = state.mode == operators.INVISIBLE
        described = any(self.walker.described)
        codes = self.walker.drawing.show(use, text, hidden=hidden, described=described)
        if use.font.get("/Subtype") == "/Type3":
            if not hidden:
                self.walker.glyphs(use, codes, self.frame, state)
            return
        if state.mode in operators.FILLING_MODES:
            self.walker.paint(self.frame, state, fill=True)
        if state.mode in operators.STROKING_MODES:
            self.walker.paint(self.frame, state, fill=False)

    def external(self, operands: list[Any], name: str) -> None:
        """`Do`."""
        found: Any = self.find("/XObject", operands[0]) if operands else None
        if not is_stream(found):
            return
        kind = found.get("/Subtype")
        if kind == "/Image":
            self.walker.image(found, self.frame, self.state)
        elif kind == "/PS":
            self.walker.drawing.fault(
                "6.2.9-3", f"{self.frame.where} shows a PostScript XObject, expected none"
            )
        else:
            self.walker.form(found, self.frame, self.state)

    def shading(self, operands: list[Any], name: str) -> None:
        """`sh`."""
        self.walker.shading(self.find("/Shading", operands[0]) if operands else None, self.frame)

    def inline_image(self, instruction: Any) -> None:
        """An inline image, whose keys may be short and whose colour space may be a resource."""
        import pikepdf

        try:
            image = _entries(instruction.iimage)
        except pikepdf.PdfError:
            self.walker.drawing.unreadable = f"an inline image on {self.frame.where} is broken"
            return
        space = image.get("/ColorSpace")
        if space is not None and _is_name(space):
            name = operators.INLINE_SPACES.get(text(space), text(space))
            image["/ColorSpace"] = self.space(name).value
        key = (self.frame.where, len(self.walker.drawing.images))
        self.walker.drawing.images[key] = ImageUse(image, self.frame.where)
        self.walker.image_colour(image, self.frame, self.state)

    def open_mark(self, operands: list[Any], name: str) -> None:
        """`BMC` and `BDC`."""
        described = False
        if name == "BDC" and len(operands) > 1:
            properties = operands[1]
            if _is_name(properties):
                properties = self.find("/Properties", properties)
            properties = as_dictionary(properties)
            number = properties.get("/MCID")
            described = properties.get("/ActualText") is not None or (
                isinstance(number, int) and (self.walker.page, number) in self.walker.actual
            )
        self.walker.described.append(described)

    def close_mark(self, operands: list[Any], name: str) -> None:
        """`EMC`."""
        if self.walker.described:
            self.walker.described.pop()


def _entries(inline: Any) -> dict[str, Any]:
    """The entries of an inline image, whose short keys the reader has written out."""
    found = as_dictionary(inline.obj)
    return dict(found.items())


def _is_name(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Name | str)


def _is_string(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.String)


Handler = Callable[[Interpreter, list[Any], str], None]

HANDLERS: dict[str, Handler] = {
    "q": Interpreter.save,
    "Q": Interpreter.restore,
    "cs": Interpreter.choose_space,
    "CS": Interpreter.choose_space,
    "scn": Interpreter.colour,
    "SCN": Interpreter.colour,
    "gs": Interpreter.graphics_state,
    "d1": Interpreter.uncoloured,
    "ri": Interpreter.intent,
    "Tf": Interpreter.font,
    "Tr": Interpreter.mode,
    "Do": Interpreter.external,
    "sh": Interpreter.shading,
    "BMC": Interpreter.open_mark,
    "BDC": Interpreter.open_mark,
    "EMC": Interpreter.close_mark,
    **dict.fromkeys(operators.FILL, Interpreter.fill),
    **dict.fromkeys(operators.STROKE, Interpreter.stroke),
    **dict.fromkeys(operators.FILL_AND_STROKE, Interpreter.fill_and_stroke),
    **dict.fromkeys(operators.SHOW, Interpreter.show),
    **dict.fromkeys(operators.FILL_DEVICE, Interpreter.device_colour),
    **dict.fromkeys(operators.STROKE_DEVICE, Interpreter.device_colour),
}
