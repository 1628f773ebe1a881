"""One fault of a PDF against PDF/A-3."""

from typing import Literal

import msgspec

Level = Literal["b", "u", "a"]
"""Conformance level: b keeps the appearance, u the text as well, a the structure as well."""


class Fault(msgspec.Struct, frozen=True):
    """A place where the file does not do what the standard demands.

    `rule` is clause and test number ("6.1.3-1"), `message` says in one sentence what was found,
    where, and what is expected, `level` is the lowest conformance level that demands it.
    """

    rule: str
    message: str
    level: Level = "b"
