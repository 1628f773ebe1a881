"""Transparency: blend modes and blending colour spaces (6.2.10)."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.intents import output_space
from einvoice.pdf.pdfa.names import shown, text
from einvoice.pdf.pdfa.subject import Subject, as_dictionary, as_list
from einvoice.pdf.pdfa.walk import drawing

#: ISO 32000-1 Tables 136 and 137; Compatible is the old name of Normal.
BLEND_MODES = frozenset(
    "/" + mode
    for mode in [
        "Normal",
        "Compatible",
        "Multiply",
        "Screen",
        "Overlay",
        "Darken",
        "Lighten",
        "ColorDodge",
        "ColorBurn",
        "HardLight",
        "SoftLight",
        "Difference",
        "Exclusion",
        "Hue",
        "Saturation",
        "Color",
        "Luminosity",
    ]
)


def blend_modes_are_known(subject: Subject) -> Iterator[Fault]:
    """BM in an ExtGState names a blend mode of ISO 32000-1 (6.2.10-1)."""
    for use in drawing(subject).states.values():
        modes = [text(mode) for mode in as_list(use.value.get("/BM"))]
        for mode in modes:
            if mode not in BLEND_MODES:
                yield Fault(
                    "6.2.10-1",
                    f"a graphics state on {use.where} has the blend mode {shown(mode)}, "
                    "expected one of ISO 32000-1",
                )


def blending_has_a_space(subject: Subject) -> Iterator[Fault]:
    """Without PDF/A output intent a page with transparency names its blending space (6.2.10-2)."""
    if output_space(subject) is not None:
        return
    for use in drawing(subject).transparent:
        if as_dictionary(use.value.get("/Group")).get("/CS") is None:
            yield Fault(
                "6.2.10-2",
                f"{use.where} has transparency, but neither a PDF/A output intent nor "
                "a Group with CS, expected one of them",
            )


CHECKS = (blend_modes_are_known, blending_has_a_space)

UNCHECKED: dict[str, str] = {}
