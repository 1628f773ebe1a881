"""PDF/A-3: does a file do what ISO 19005-3 demands at level b, u or a?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from einvoice.errors import PdfError
from einvoice.pdf.opening import opened
from einvoice.pdf.pdfa import (
    colour,
    composite,
    content,
    embedded,
    fonts,
    glyphs,
    images,
    inline,
    intents,
    interactive,
    logical,
    metadata,
    optional,
    state,
    structure,
    syntax,
    transparency,
    type3,
    unicode,
)
from einvoice.pdf.pdfa.fault import Fault, Level
from einvoice.pdf.pdfa.subject import Subject

if TYPE_CHECKING:
    import pikepdf

Check = Callable[[Subject], Iterator[Fault]]

#: The modules of the check, one per part of the standard.
MODULES: tuple[ModuleType, ...] = (
    syntax,
    structure,
    inline,
    interactive,
    metadata,
    logical,
    embedded,
    optional,
    content,
    state,
    transparency,
    intents,
    colour,
    images,
    fonts,
    composite,
    glyphs,
    type3,
    unicode,
)

#: Faults of one rule beyond this number are not listed; they say the same.
MAX_PER_RULE = 20

#: A warning of the library about a file that every reader takes as it is.
HARMLESS = "xref entry for the xref stream itself is missing"

STRICTNESS: tuple[Level, ...] = ("b", "u", "a")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the check of one file found."""

    faults: tuple[Fault, ...]  #: of all levels
    claimed: Level | None = None  #: the level that the file says it has
    unchecked: dict[str, str] = {}  #: clause or check that did not run, and why
    crashed: tuple[str, ...] = ()  #: checks that ended in an error of ours

    def at(self, level: Level) -> tuple[Fault, ...]:
        """The faults that count at a level: its own and those of the levels below."""
        counting = STRICTNESS[: STRICTNESS.index(level) + 1]
        return tuple(fault for fault in self.faults if fault.level in counting)


def check(data: bytes) -> Result:
    """Check a file against PDF/A-3; a file that cannot be read gives a fault under 6.1."""
    import pikepdf

    try:
        with opened(data) as pdf:
            return _checked(data, pdf)
    except PdfError as error:
        locked = isinstance(error.__context__, pikepdf.PasswordError)
        rule = "6.1.3-2" if locked else "6.1.1-1"
        return Result(faults=(Fault(rule, str(error)),), unchecked={"all": "cannot be opened"})


def _checked(data: bytes, pdf: pikepdf.Pdf) -> Result:
    subject = Subject(data, pdf)
    faults = list(_damage(subject))
    crashed: dict[str, str] = {}
    for module in MODULES:
        for one in module.CHECKS:
            _run(one, subject, faults, crashed)
    unchecked = {clause: why for module in MODULES for clause, why in module.UNCHECKED.items()}
    return Result(
        faults=tuple(faults),
        claimed=metadata.claimed_level(subject),
        unchecked=unchecked | crashed,
        crashed=tuple(crashed),
    )


def _damage(subject: Subject) -> Iterator[Fault]:
    """A file that readers have to repair is no PDF 1.7."""
    count = len(subject.objects)  # reads them all, and so finds what is damaged
    warnings = [str(warning) for warning in subject.pdf.get_warnings()]
    serious = [warning for warning in warnings if HARMLESS not in warning]
    if serious:
        reason = serious[0].partition(": ")[2] or serious[0]
        yield Fault(
            "6.1.1-1",
            f"the file with its {count} objects is damaged and had to be repaired on reading "
            f"({reason}), expected a file that follows ISO 32000-1",
        )


def _run(one: Check, subject: Subject, faults: list[Fault], crashed: dict[str, str]) -> None:
    """Run one check; what goes wrong in it is told and stops no other."""
    count: dict[str, int] = {}
    try:
        for fault in one(subject):
            count[fault.rule] = count.get(fault.rule, 0) + 1
            if count[fault.rule] <= MAX_PER_RULE:
                faults.append(fault)
    except Exception as error:
        name = f"{one.__module__.rpartition('.')[2]}.{one.__name__}"
        crashed[name] = f"could not be checked ({type(error).__name__})"
