"""Type 3 fonts: the widths in the glyph descriptions (6.2.11.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from einvoice.pdf.pdfa.encodings import code_names
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.glyphs import TOLERANCE, simple_widths
from einvoice.pdf.pdfa.subject import Subject, as_dictionary, is_stream, unpacked
from einvoice.pdf.pdfa.walk import drawing

#: The operator d0 or d1 that starts a glyph description, and its first operand, the width.
WIDTH = re.compile(rb"\s*([-+.\d]+)\s+[-+.\d]+\s+(?:(?:[-+.\d]+\s+){4}d1|d0)")


def type3_widths_are_consistent(subject: Subject) -> Iterator[Fault]:
    """Widths of a Type 3 font are those of d0 and d1 (6.2.11.5-1)."""
    for use in drawing(subject).fonts.values():
        if use.font.get("/Subtype") != "/Type3":
            continue
        names, told = code_names(use.font.get("/Encoding")), simple_widths(use.font)
        programs = dict(as_dictionary(use.font.get("/CharProcs")).items())
        for code in sorted(use.rendered):
            stream = programs.get("/" + names.get(code, ""))
            match = WIDTH.match(unpacked(stream) or b"") if is_stream(stream) else None
            if match and abs(_number(match[1]) - (told(code) or 0.0)) > TOLERANCE:
                yield Fault(
                    "6.2.11.5-1",
                    f"code {code} of {use.name} on {use.where} has the width {told(code):g} in "
                    f"the dictionary, expected {_number(match[1]):g} as its description",
                )
                break


def _number(digits: bytes) -> float:
    try:
        return float(digits)
    except ValueError:
        return 0.0


CHECKS = (type3_widths_are_consistent,)

UNCHECKED: dict[str, str] = {}
