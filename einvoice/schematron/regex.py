"""The regular expressions of XPath as Python's."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, lru_cache

from einvoice.schematron.runtime import BLANKS, Unevaluable

_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
#: XPath class -> whether it is a complement, and the Unicode categories that are meant.
_CLASSES = {"w": (True, "PZC"), "W": (False, "PZC")}
_PLAIN = frozenset(r"ntr\|.?*+(){}-[]^$")


@lru_cache(maxsize=1000)
def compiled(pattern: str, flags: str = "") -> re.Pattern[str]:
    """Compile a regular expression of XPath.

    Raises:
        Unevaluable: it is none, or uses what has no translation.
    """
    try:
        return re.compile(_Translator(pattern).text(), sum(_FLAGS[flag] for flag in set(flags)))
    except (re.error, KeyError, RecursionError, OverflowError):
        raise Unevaluable(f"{pattern!r} is no regular expression that we know") from None


class _Translator:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def text(self) -> str:
        """The whole pattern."""
        parts = []
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            self._at += 1
            if character == "\\":
                parts.append(self._escape(inside=False))
            elif character == "[":
                parts.append(self._group())
            elif character == "$":
                parts.append(r"\Z")
            elif character == ".":
                parts.append("[^\n\r]")
            elif character == "(" and self._pattern.startswith("?", self._at):
                parts.append(self._uncaptured())
            else:
                parts.append(character)
        return "".join(parts)

    def _uncaptured(self) -> str:
        if not self._pattern.startswith("?:", self._at):
            raise re.error("no group of XPath")
        return "("

    def _group(self) -> str:
        """A character class, up to its bracket."""
        parts = ["["]
        if self._pattern.startswith("^", self._at):
            parts.append("^")
            self._at += 1
        while not self._pattern.startswith("]", self._at) or len(parts[-1]) == 0:
            if self._at >= len(self._pattern):
                raise re.error("a class without an end")
            character = self._pattern[self._at]
            self._at += 1
            if character == "[":
                raise re.error("a class in a class")
            escaped = self._escape(inside=True) if character == "\\" else character
            parts.append(re.escape(escaped) if escaped in "&~|" else escaped)
        self._at += 1
        return "".join(parts) + "]"

    def _escape(self, *, inside: bool) -> str:
        character = self._pattern[self._at : self._at + 1]
        self._at += 1
        if character in "dD" and character:
            return f"\\{character}"
        if character == "s":
            return BLANKS if inside else f"[{BLANKS}]"
        if character == "S" and not inside:
            return f"[^{BLANKS}]"
        if character in ("p", "P"):
            return self._category(character == "P", inside)
        if character in _CLASSES:
            complement, categories = _CLASSES[character]
            return _ranges(categories, complement, inside)
        if character.isdigit() and not inside and character != "0":
            return f"(?:\\{character})"
        if character not in _PLAIN or not character:
            raise re.error("an unknown escape")
        return f"\\{character}"

    def _category(self, complement: bool, inside: bool) -> str:
        match = re.compile(r"\{([A-Z][a-z]?)\}").match(self._pattern, self._at)
        if match is None:
            raise re.error("an unknown category")
        self._at = match.end()
        return _ranges(match[1] + ("" if len(match[1]) == 2 else "*"), complement, inside)


def _ranges(categories: str, complement: bool, inside: bool) -> str:
    """A class of all characters of some categories: `PZC`, `L*` or `Lu`."""
    spans = _spans(categories, complement)
    return spans if inside else f"[{spans}]"


@cache
def _spans(categories: str, complement: bool) -> str:
    wanted = categories.removesuffix("*") if categories.endswith("*") else categories
    whole = len(wanted) == 2 and wanted[1].islower()
    parts, start = [], -1
    for point in range(sys.maxunicode + 2):
        kind = unicodedata.category(chr(point)) if point <= sys.maxunicode else "end"
        inside = kind == wanted if whole else kind[0] in wanted
        holds = point <= sys.maxunicode and inside != complement
        if holds and start < 0:
            start = point
        elif not holds and start >= 0:
            parts.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = -1
    return "".join(parts)


def replacement(new: str, groups: int) -> list[str | int]:
    """The parts of a replacement text; a number stands for a group.

    Raises:
        Unevaluable: a dollar sign or backslash stands alone.
    """
    parts: list[str | int] = []
    at = 0
    while at < len(new):
        character, following = new[at], new[at + 1 : at + 2]
        if character == "\\":
            if following not in ("\\", "$"):
                raise Unevaluable(f"{new!r} is no replacement text")
            parts.append(following)
            at += 2
        elif character == "$":
            at, group = _group_number(new, at + 1, groups)
            parts.append(group)
        else:
            parts.append(character)
            at += 1
    return parts


def _group_number(new: str, at: int, groups: int) -> tuple[int, int | str]:
    """The digits behind a dollar sign: as many as name a group, at least one."""
    match = re.compile(r"[0-9]+").match(new, at)
    if match is None:
        raise Unevaluable(f"{new!r} is no replacement text")
    digits = match.group()
    while len(digits) > 1 and int(digits) > groups:
        digits = digits[:-1]
    return at + len(digits), int(digits) if int(digits) <= groups else ""
