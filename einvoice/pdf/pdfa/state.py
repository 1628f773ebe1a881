"""Graphics state dictionaries and halftones (6.2.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.names import shown
from einvoice.pdf.pdfa.subject import Subject, is_dictionary
from einvoice.pdf.pdfa.walk import drawing

#: Primary colorants of a printer: their halftone has no TransferFunction (ISO 32000-1, 10.5.5.6).
PRIMARY = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black"})
HALFTONE_TYPES = (1, 5)
#: Keys of a type 5 halftone that are no colorant, or one that is primary on some devices only.
NO_COLORANT = frozenset({"/Type", "/HalftoneType", "/HalftoneName", "/Default", "/Gray"})


def states_have_no_transfer(subject: Subject) -> Iterator[Fault]:
    """An ExtGState has no TR (6.2.5-1), TR2 only with Default (6.2.5-2), no HTP (6.2.5-3)."""
    for use in drawing(subject).states.values():
        state, where = use.value, f"a graphics state on {use.where}"
        if state.get("/TR") is not None:
            yield Fault("6.2.5-1", f"{where} has TR, expected no transfer function")
        second = state.get("/TR2")
        if second is not None and second != "/Default":
            yield Fault("6.2.5-2", f"{where} has TR2, expected none or Default")
        if state.get("/HTP") is not None:
            yield Fault("6.2.5-3", f"{where} has HTP, expected none")


def halftones_are_plain(subject: Subject) -> Iterator[Fault]:
    """Halftones have type 1 or 5 (-4), no name (-5), TransferFunction for spot colours (-6)."""
    for use in drawing(subject).states.values():
        halftone = use.value.get("/HT")
        if is_dictionary(halftone):
            yield from _halftone(halftone, None, f"a halftone on {use.where}")


def _halftone(halftone: Any, colorant: str | None, where: str) -> Iterator[Fault]:
    kind = halftone.get("/HalftoneType")
    if kind not in HALFTONE_TYPES:
        yield Fault("6.2.5-4", f"{where} has HalftoneType {kind}, expected 1 or 5")
    if halftone.get("/HalftoneName") is not None:
        yield Fault("6.2.5-5", f"{where} has HalftoneName, expected none")
    if colorant is not None:
        yield from _transfer(halftone.get("/TransferFunction") is not None, colorant, where)
    elif kind == 5:
        for name, part in halftone.items():
            if name not in NO_COLORANT and is_dictionary(part):
                yield from _halftone(part, name, where)


def _transfer(present: bool, colorant: str, where: str) -> Iterator[Fault]:
    """A spot colour needs a TransferFunction, a primary colour must not have one."""
    if present == (colorant in PRIMARY):
        expected = "none" if present else "one, as it is none of CMYK"
        found = "a" if present else "no"
        yield Fault(
            "6.2.5-6",
            f"{where} has {found} TransferFunction for {shown(colorant)}, expected {expected}",
        )


CHECKS = (states_have_no_transfer, halftones_are_plain)

UNCHECKED: dict[str, str] = {}
