"""Image dictionaries and JPEG2000 data (6.2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.pdf.pdfa import jpeg2000
from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.names import text
from einvoice.pdf.pdfa.subject import Subject, as_list
from einvoice.pdf.pdfa.walk import drawing

DEPTHS = (1, 2, 4, 8, 16)


def image_keys_are_allowed(subject: Subject) -> Iterator[Fault]:
    """An image has no Alternates (6.2.8-1), no OPI (6.2.8-2) and no Interpolate true (6.2.8-3)."""
    for use in drawing(subject).images.values():
        for key, rule in (("/Alternates", "6.2.8-1"), ("/OPI", "6.2.8-2")):
            if use.image.get(key) is not None:
                yield Fault(rule, f"an image on {use.where} has the key {key[1:]}, expected none")
        if use.image.get("/Interpolate") is True:
            yield Fault("6.2.8-3", f"an image on {use.where} has Interpolate true, expected false")


def image_depths_are_allowed(subject: Subject) -> Iterator[Fault]:
    """BitsPerComponent is 1, 2, 4, 8 or 16 (6.2.8-4), and 1 in a stencil mask (6.2.8-5)."""
    for use in drawing(subject).images.values():
        depth = use.image.get("/BitsPerComponent")
        if depth is None or "/JPXDecode" in _filters(use.image):
            continue
        if use.image.get("/ImageMask") is True:
            if depth != 1:
                yield Fault(
                    "6.2.8-5",
                    f"a stencil mask on {use.where} has BitsPerComponent {depth}, expected 1",
                )
        elif depth not in DEPTHS:
            yield Fault(
                "6.2.8-4",
                f"an image on {use.where} has BitsPerComponent {depth}, expected 1, 2, 4, 8 or 16",
            )


def jpeg2000_is_plain(subject: Subject) -> Iterator[Fault]:
    """JPEG2000 data has a colour space that readers agree on (6.2.8.3)."""
    for use in drawing(subject).images.values():
        if use.stream is not None and "/JPXDecode" in _filters(use.image)[-1:]:
            has_space = use.image.get("/ColorSpace") is not None
            yield from jpeg2000.faults(use.stream, use.where, has_space)


def _filters(image: Any) -> list[str]:
    return [text(name) for name in as_list(image.get("/Filter"))]


CHECKS = (image_keys_are_allowed, image_depths_are_allowed, jpeg2000_is_plain)

UNCHECKED: dict[str, str] = {}
