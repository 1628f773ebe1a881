"""Composite fonts: CIDSystemInfo, CIDToGIDMap and CMaps (6.2.11.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.pdf.pdfa.cmaps import IDENTITY, PREDEFINED, system_info
from einvoice.pdf.pdfa.drawing import FontUse
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.names import shown, text
from einvoice.pdf.pdfa.programs import described, embedded
from einvoice.pdf.pdfa.subject import Subject, is_stream
from einvoice.pdf.pdfa.walk import drawing

#: Registry, ordering, supplement; None where a predefined CMap does not tell it.
Info = tuple[str, str, int | None]

#: Character collections of the CMaps of ISO 32000-1 Table 118, by how the name starts.
COLLECTIONS = {
    "GB1": ("/GB", "/UniGB"),
    "CNS1": ("/B5", "/HKscs", "/ETen", "/CNS", "/UniCNS"),
    "Korea1": ("/KSC", "/UniKS"),
}


def composite_fonts(subject: Subject) -> list[FontUse]:
    """The composite fonts that show text."""
    return [use for use in drawing(subject).fonts.values() if use.cmap is not None]


def collections_match(subject: Subject) -> Iterator[Fault]:
    """CIDFont and CMap are of the same character collection (6.2.11.3.1-1)."""
    for use in composite_fonts(subject):
        encoding = use.font.get("/Encoding")
        if encoding in IDENTITY:
            continue
        of_font, of_map = system_info(described(use.font)), _of_map(encoding)
        if of_font is None or of_map is None or not _fits(of_font, of_map):
            yield Fault(
                "6.2.11.3.1-1",
                f"{use.name} on {use.where} has the CIDSystemInfo {_shown(of_font)}, its CMap "
                f"{_shown(of_map)}, expected the same registry, ordering and no later supplement",
            )


def _fits(of_font: Info, of_map: Info) -> bool:
    """Whether a CIDFont is of the collection of its CMap, and of no later supplement."""
    later = of_font[2] is not None and of_map[2] is not None and of_font[2] > of_map[2]
    return of_font[:2] == of_map[:2] and not later


def _of_map(encoding: Any) -> Info | None:
    """The character collection of a CMap; of a predefined one without supplement."""
    if is_stream(encoding):
        return system_info(encoding)
    name = text(encoding)
    if name not in PREDEFINED:
        return None
    for ordering, starts in COLLECTIONS.items():
        if name.startswith(starts):
            return "Adobe", ordering, None
    return "Adobe", "Japan1", None


def of_east_asia(font: Any) -> bool:
    """Whether the CIDFont is of a collection whose CIDs have Unicode values (6.2.11.7.2)."""
    info = system_info(described(font))
    return info is not None and info[:2] in {("Adobe", name) for name in (*COLLECTIONS, "Japan1")}


def _shown(info: Info | None) -> str:
    return shown("-".join(str(part) for part in info)) if info else "missing"


def glyph_maps_are_there(subject: Subject) -> Iterator[Fault]:
    """An embedded CIDFontType2 has a CIDToGIDMap (6.2.11.3.2-1)."""
    for use in composite_fonts(subject):
        font = described(use.font)
        mapping = font.get("/CIDToGIDMap")
        if font.get("/Subtype") != "/CIDFontType2" or not embedded(subject, use.font).present:
            continue
        if mapping != "/Identity" and not is_stream(mapping):
            yield Fault(
                "6.2.11.3.2-1",
                f"{use.name} on {use.where} has no CIDToGIDMap, expected Identity or a stream",
            )


def cmaps_are_embedded(subject: Subject) -> Iterator[Fault]:
    """A CMap is predefined or embedded (-1), has one WMode (-2) and uses predefined ones (-3)."""
    for use in composite_fonts(subject):
        encoding = use.font.get("/Encoding")
        if is_stream(encoding):
            yield from _embedded_cmap(use, encoding)
        elif text(encoding) not in PREDEFINED:
            yield Fault(
                "6.2.11.3.3-1",
                f"{use.name} on {use.where} has the CMap {shown(encoding)}, "
                "expected a predefined one or an embedded stream",
            )


def _embedded_cmap(use: FontUse, stream: Any) -> Iterator[Fault]:
    assert use.cmap is not None  # a composite font
    told = stream.get("/WMode")
    told = told if isinstance(told, int) else 0
    if told != use.cmap.wmode:
        yield Fault(
            "6.2.11.3.3-2",
            f"the CMap of {use.name} on {use.where} has WMode {told} in its dictionary and "
            f"{use.cmap.wmode} in the stream, expected the same",
        )
    base = stream.get("/UseCMap")
    names = {use.cmap.uses} if use.cmap.uses else set()
    if base is not None:
        names.add(text(base.get("/CMapName") if is_stream(base) else base))
    for name in sorted(names - PREDEFINED):
        yield Fault(
            "6.2.11.3.3-3",
            f"the CMap of {use.name} on {use.where} uses the CMap {shown(name)}, "
            "expected only predefined ones",
        )


CHECKS = (collections_match, glyph_maps_are_there, cmaps_are_embedded)

UNCHECKED = {
    "6.2.11.3.1, predefined CMaps": "the supplement of a predefined CMap is not known here",
}
