"""Output intents and ICC profiles (6.2.3, 6.2.4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import (
    Subject,
    as_list,
    is_dictionary,
    is_stream,
    unpacked,
)

OUTPUT_CLASSES = (b"prtr", b"mntr")
INPUT_CLASSES = (b"prtr", b"mntr", b"scnr", b"spac")
OUTPUT_SPACES = (b"RGB ", b"CMYK", b"GRAY")
INPUT_SPACES = (*OUTPUT_SPACES, b"Lab ")
COMPONENTS = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1, b"Lab ": 3}
HEADER = 128  # bytes


class Profile(msgspec.Struct, frozen=True):
    """The header of an ICC profile (ISO 15076-1, 7.2)."""

    major: int  #: of the version
    kind: bytes  #: device class
    space: bytes  #: colour space of the data
    signed: bool  #: has the signature of a profile file

    def wrong(self, classes: tuple[bytes, ...], spaces: tuple[bytes, ...]) -> str | None:
        """What is wrong with the header, or None."""
        if not self.signed:
            return "no signature acsp"
        if self.kind not in classes:
            return f"device class {self.kind.decode('latin-1')!r}"
        if self.space not in spaces:
            return f"colour space {self.space.decode('latin-1')!r}"
        return None if self.major < 5 else f"version {self.major}"


def profile(stream: Any) -> Profile | None:
    """The header of a profile stream; None if it does not unpack or is too short."""
    data = unpacked(stream) or b""
    if len(data) < HEADER:
        return None
    return Profile(data[8], data[12:16], data[16:20], data[36:40] == b"acsp")


def output_intents(subject: Subject) -> list[Any]:
    """The output intent dictionaries of the catalog."""
    found = as_list(subject.catalog.get("/OutputIntents"))
    return [intent for intent in found if is_dictionary(intent)]


def output_space(subject: Subject) -> bytes | None:
    """The colour space of the PDF/A output intent (`RGB `, `CMYK`, `GRAY`); None without."""
    return subject.once(_output_space)


def _output_space(subject: Subject) -> bytes | None:
    for intent in output_intents(subject):
        stream = intent.get("/DestOutputProfile")
        if intent.get("/S") == "/GTS_PDFA1" and is_stream(stream):
            found = profile(stream)
            return found.space if found else b""
    return None


def output_profiles_are_valid(subject: Subject) -> Iterator[Fault]:
    """DestOutputProfile is an output or monitor profile for grey, RGB or CMYK (6.2.3-1)."""
    for intent in output_intents(subject):
        stream = intent.get("/DestOutputProfile")
        if stream is None:
            continue
        header = profile(stream) if is_stream(stream) else None
        wrong = header.wrong(OUTPUT_CLASSES, OUTPUT_SPACES) if header else "no readable header"
        if wrong:
            yield Fault(
                "6.2.3-1",
                f"the profile of the output intent {intent.get('/S')} has {wrong}, expected "
                "an ICC profile below version 5, of class prtr or mntr, for GRAY, RGB or CMYK",
            )


def output_profiles_are_one(subject: Subject) -> Iterator[Fault]:
    """All profiles are the same object (6.2.3-2), none is a reference (6.2.3-3)."""
    intents = output_intents(subject)
    profiles = [intent.get("/DestOutputProfile") for intent in intents]
    if len({one.objgen for one in profiles if is_stream(one)}) > 1:
        yield Fault(
            "6.2.3-2",
            "the output intents have different profile objects, expected the same one in all",
        )
    for intent in intents:
        if intent.get("/DestOutputProfileRef") is not None:
            yield Fault(
                "6.2.3-3",
                f"the output intent {intent.get('/S')} has DestOutputProfileRef, expected none",
            )


CHECKS = (output_profiles_are_valid, output_profiles_are_one)

UNCHECKED = {
    "6.2.4.2, ICC tags": "of ICC profiles the header is checked, the tables are not",
}
