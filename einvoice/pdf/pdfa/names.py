"""Names of a PDF as text; they are bytes, and need not be UTF-8."""

from __future__ import annotations

import re
from typing import Any

MAX_SHOWN = 60
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def text(value: Any) -> str:
    """A name or string as text; bytes that are no UTF-8 become lone surrogates, as in keys."""
    try:
        return str(value)
    except UnicodeDecodeError:
        plain = ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), value.unparse())
        return plain.decode("utf-8", "surrogateescape")


def shown(value: Any) -> str:
    """A name as a message shows it: short, without slash, printable."""
    name = text(value).removeprefix("/")[:MAX_SHOWN]
    return name.encode("ascii", "backslashreplace").decode("ascii")


def entry(dictionary: Any, name: str) -> Any:
    """An entry of a dictionary by its name as `text` gives it; None if there is none."""
    try:
        return dictionary.get(name)
    except (
        TypeError,
        UnicodeEncodeError,
    ):  # a lone surrogate, which the library takes in keys only
        return dict(dictionary.items()).get(name)
