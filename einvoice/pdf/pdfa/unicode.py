"""Text that can be extracted (6.2.11.7, levels u and a)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from einvoice.pdf.pdfa.composite import of_east_asia
from einvoice.pdf.pdfa.drawing import FontUse
from einvoice.pdf.pdfa.encodings import PREDEFINED, base_of, code_names, standard, unicode_of
from einvoice.pdf.pdfa.fault import Fault, Level
from einvoice.pdf.pdfa.fonts import is_symbolic
from einvoice.pdf.pdfa.programs import embedded
from einvoice.pdf.pdfa.subject import Subject, is_dictionary
from einvoice.pdf.pdfa.truetype import TrueType
from einvoice.pdf.pdfa.walk import drawing

#: What no text may contain: nothing, and the byte order marks.
FORBIDDEN = frozenset("\0\ufeff\ufffe")


def text_can_be_extracted(subject: Subject) -> Iterator[Fault]:
    """Each code has a Unicode value (6.2.11.7.2-1), no mark (-2), none private (.3-1)."""
    for use in drawing(subject).fonts.values():
        codes = sorted(use.rendered | use.hidden)
        texts = {code: text for code in codes if (text := _mapped(use, code)) is not None}
        other = _other_way(subject, use)
        lost = [code for code in codes if code not in texts and not other(code)]
        if lost:
            yield _fault("6.2.11.7.2-1", use, lost[0], "has no Unicode value", "one", "u")
        marks = [code for code, text in texts.items() if FORBIDDEN & set(text)]
        if marks:
            found = "is mapped to U+0000, U+FEFF or U+FFFE"
            yield _fault("6.2.11.7.2-2", use, marks[0], found, "a character", "u")
        private = [c for c, text in texts.items() if c in use.plain and any(map(_private, text))]
        if private:
            found = "is mapped to the private use area"
            yield _fault("6.2.11.7.3-1", use, private[0], found, "an ActualText for it", "a")


def _mapped(use: FontUse, code: int) -> str | None:
    """The text of a code by ToUnicode."""
    return use.unicode.text(code) if use.unicode is not None else None


def _other_way(subject: Subject, use: FontUse) -> Callable[[int], bool]:
    """Whether a code has a Unicode value without ToUnicode (the four ways of 6.2.11.7.2)."""
    font = use.font
    if use.cmap is not None:
        found = of_east_asia(font)
        return lambda code: found
    encoding = font.get("/Encoding")
    base = base_of(encoding)
    program = embedded(subject, font).program
    if font.get("/Subtype") == "/TrueType":
        found = base in PREDEFINED or not is_symbolic(font)
        return lambda code: found
    if not is_dictionary(encoding) and base in PREDEFINED:
        return lambda code: True
    own = {} if program is None or isinstance(program, TrueType) else program.codes
    names = code_names(encoding, own or standard())
    return lambda code: code in names and unicode_of(names[code]) is not None


def _private(letter: str) -> bool:
    """Whether a character lies in a private use area."""
    code = ord(letter)
    return 0xE000 <= code <= 0xF8FF or 0xF0000 <= code <= 0xFFFFD or code >= 0x100000


def _fault(rule: str, use: FontUse, code: int, found: str, expected: str, level: Level) -> Fault:
    message = f"code {code} of {use.name} on {use.where} {found}, expected {expected}"
    return Fault(rule, message, level)


CHECKS = (text_can_be_extracted,)

UNCHECKED: dict[str, str] = {}
