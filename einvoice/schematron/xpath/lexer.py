"""Splits XPath text into tokens."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from einvoice.errors import EInvoiceError

Kind = Literal["name", "text", "number", "symbol", "end"]

_NAME = r"[^\W\d][\w.\-\u00b7]*"
_TOKEN = re.compile(
    rf"""
    (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d+)?)
  | (?P<name>{_NAME}:(?:{_NAME}|\*)(?!:)|\*:{_NAME}|{_NAME})
  | (?P<symbol><<|>>|<=|>=|!=|::|//|\.\.|[()\[\]$@,./|+\-*=<>?:])
    """,
    re.VERBOSE,
)
_BLANK = re.compile(r"\s+")


class XPathError(EInvoiceError):
    """An expression that is no XPath, or none that we understand."""

    def __init__(self, reason: str, text: str, position: int, line: int | None = None) -> None:
        where = f"line {line}, " if line else ""
        shown = " ".join(text[max(0, position - 30) : position + 50].split())
        super().__init__(f"XPath: {reason} ({where}character {position + 1}: …{shown}…)")
        self.reason = reason


class Token(msgspec.Struct, frozen=True):
    """One token and where it begins."""

    kind: Kind
    value: str
    position: int


def tokens(text: str, line: int | None = None) -> list[Token]:
    """All tokens of an expression, with one of kind `end` behind them.

    Raises:
        XPathError: a character that begins no token, or a comment without an end.
    """
    found: list[Token] = []
    position = 0
    while position < len(text):
        if blank := _BLANK.match(text, position):
            position = blank.end()
        elif text.startswith("(:", position):
            position = _after_comment(text, position, line)
        elif match := _TOKEN.match(text, position):
            kind: Kind = match.lastgroup  # type: ignore[assignment]  # the groups are the kinds
            found.append(Token(kind, match.group(), position))
            position = match.end()
        else:
            raise XPathError(f"unexpected {text[position]!r}", text, position, line)
    return [*found, Token("end", "", len(text))]


def _after_comment(text: str, start: int, line: int | None) -> int:
    """Comments nest."""
    depth = 0
    for mark in re.finditer(r"\(:|:\)", text[start:]):
        depth += 1 if mark.group() == "(:" else -1
        if not depth:
            return start + mark.end()
    raise XPathError("a comment does not end", text, start, line)
