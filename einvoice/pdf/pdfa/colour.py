"""Colour spaces: device colours, ICCBased, Separation, DeviceN, Indexed, Pattern (6.2.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from einvoice.pdf.pdfa.drawing import ColourUse
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.intents import (
    COMPONENTS,
    INPUT_CLASSES,
    INPUT_SPACES,
    output_space,
    profile,
)
from einvoice.pdf.pdfa.names import shown, text
from einvoice.pdf.pdfa.same import canonical
from einvoice.pdf.pdfa.subject import Subject, as_dictionary, as_list, is_array, is_stream
from einvoice.pdf.pdfa.walk import drawing

MAX_DEPTH = 12
MAX_COLORANTS = 32
#: Colorants that need no entry in Colorants: the process colours, and the one that paints nothing.
PROCESS = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black", "/None"})

#: Device space: rule, and the output profiles that allow it (None: any).
DEVICES: dict[str, tuple[str, bytes | None]] = {
    "/DeviceRGB": ("6.2.4.3-2", b"RGB "),
    "/DeviceCMYK": ("6.2.4.3-3", b"CMYK"),
    "/DeviceGray": ("6.2.4.3-4", None),
}


def colours_are_defined(subject: Subject) -> Iterator[Fault]:
    """What is painted with means the same on each device."""
    found: set[tuple[str, str]] = set()
    for use in drawing(subject).colours.values():
        for fault in _space(use.space, use, output_space(subject), 0):
            if (fault.rule, fault.message) not in found:
                found.add((fault.rule, fault.message))
                yield fault


def separations_are_consistent(subject: Subject) -> Iterator[Fault]:
    """Separations of one name have the same alternate space and tint transform (6.2.4.4-2)."""
    first: dict[str, bytes] = {}
    for use in drawing(subject).colours.values():
        for space in _separations(use.space, 0):
            name, meaning = text(space[1]), canonical(space[2]) + canonical(space[3])
            if first.setdefault(name, meaning) != meaning:
                yield Fault(
                    "6.2.4.4-2",
                    f"the Separation {shown(name)} at {use.where} has another alternate space "
                    "or tint transform than before, expected the same in the whole file",
                )


def _space(space: Any, use: ColourUse, output: bytes | None, depth: int) -> Iterator[Fault]:
    """Judge a colour space and those it is built on."""
    parts = list(space) if is_array(space) else [space]
    kind = text(parts[0]) if parts else ""
    if depth > MAX_DEPTH:
        return
    if kind in DEVICES:
        yield from _device(kind, use, output, depth)
    elif kind in FAMILIES and len(parts) > 1:
        yield from FAMILIES[kind](parts, use, output, depth)


def _device(kind: str, use: ColourUse, output: bytes | None, depth: int) -> Iterator[Fault]:
    """A device space needs a default space here or an output intent for it."""
    default = use.frame.default(kind)
    if is_array(default) and len(default) > 1 and text(default[0]) not in DEVICES:
        yield from _space(default, use, output, depth + 1)
        return
    rule, needed = DEVICES[kind]
    if output is None or needed not in (None, output):
        wanted = kind.removeprefix("/Device")
        intent = "any profile" if needed is None else f"a profile for {wanted}"
        yield Fault(
            rule,
            f"{use.where} uses {kind[1:]}, expected Default{wanted} in its resources "
            f"or a PDF/A output intent with {intent}",
        )


def _icc(parts: list[Any], use: ColourUse, output: bytes | None, depth: int) -> Iterator[Fault]:
    stream = parts[1]
    header = profile(stream) if is_stream(stream) else None
    wrong = header.wrong(INPUT_CLASSES, INPUT_SPACES) if header else "no readable header"
    if wrong:
        yield Fault(
            "6.2.4.2-1",
            f"the ICC profile of a colour space at {use.where} has {wrong}, expected a profile "
            "below version 5, of class prtr, mntr, scnr or spac, for GRAY, RGB, CMYK or Lab",
        )
    count = stream.get("/N") if is_stream(stream) else None
    if header and not wrong and COMPONENTS[header.space] != count:
        yield Fault(
            "6.2.4.2-1",
            f"the ICC profile of a colour space at {use.where} is for "
            f"{header.space.decode('latin-1')}, expected N to be {COMPONENTS[header.space]}, "
            f"not {count}",
        )
    if use.overprint and count == 4:
        yield Fault(
            "6.2.4.2-2",
            f"{use.where} overprints in ICCBased CMYK with OPM 1, expected OPM 0",
        )


def _base(parts: list[Any], use: ColourUse, output: bytes | None, depth: int) -> Iterator[Fault]:
    """Indexed and Pattern: the space that they are built on."""
    yield from _space(parts[1], use, output, depth + 1)


def _separation(
    parts: list[Any], use: ColourUse, output: bytes | None, depth: int
) -> Iterator[Fault]:
    if len(parts) > 2:
        yield from _space(parts[2], use, output, depth + 1)


def _device_n(
    parts: list[Any], use: ColourUse, output: bytes | None, depth: int
) -> Iterator[Fault]:
    names = [text(name) for name in as_list(parts[1])]
    if len(names) > MAX_COLORANTS:
        yield Fault(
            "6.1.13-9",
            f"a DeviceN colour space at {use.where} has {len(names)} colorants, "
            f"expected at most {MAX_COLORANTS}",
        )
    attributes = as_dictionary(parts[4]) if len(parts) > 4 else as_dictionary(None)
    process = as_dictionary(attributes.get("/Process"))
    known = PROCESS | {text(name) for name in as_list(process.get("/Components"))}
    known |= {name for name, _ in as_dictionary(attributes.get("/Colorants")).items()}
    if missing := [name for name in names if name not in known]:
        yield Fault(
            "6.2.4.4-1",
            f"a DeviceN colour space at {use.where} has the colorant {shown(missing[0])}, "
            "expected an entry for it in Colorants",
        )
    if len(parts) > 2:
        yield from _space(parts[2], use, output, depth + 1)
    for space in _colorants(attributes):
        yield from _space(space, use, output, depth + 1)


Family = Callable[[list[Any], ColourUse, bytes | None, int], Iterator[Fault]]

FAMILIES: dict[str, Family] = {
    "/ICCBased": _icc,
    "/Indexed": _base,
    "/I": _base,
    "/Pattern": _base,
    "/Separation": _separation,
    "/DeviceN": _device_n,
}


def _colorants(attributes: Any) -> list[Any]:
    """The Separation spaces of the Colorants dictionary of a DeviceN space."""
    return [space for _, space in as_dictionary(attributes.get("/Colorants")).items()]


def _separations(space: Any, depth: int) -> Iterator[list[Any]]:
    """The Separation spaces in a colour space."""
    if not is_array(space) or depth > MAX_DEPTH or len(space) < 2:
        return
    parts = list(space)
    kind = text(parts[0])
    if kind == "/Separation" and len(parts) > 3:
        yield parts
    elif kind in ("/Indexed", "/Pattern"):
        yield from _separations(parts[1], depth + 1)
    elif kind == "/DeviceN" and len(parts) > 4:
        for one in _colorants(as_dictionary(parts[4])):
            yield from _separations(one, depth + 1)


CHECKS = (colours_are_defined, separations_are_consistent)

UNCHECKED = {
    "6.2.4.3, JPEG2000": "the device colours of JPEG2000 data without ColorSpace are not judged",
}
