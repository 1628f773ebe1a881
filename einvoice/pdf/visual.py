"""Draw the visible page of an invoice as PDF/A-3a and PDF/UA-1."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache, partial
from importlib import resources
from typing import Any

import msgspec

from einvoice.model import Invoice
from einvoice.pdf.page import page_of
from einvoice.pdf.wording import Wording

STANDARDS = ["a-3a", "ua-1"]

#: Document date of an invoice without BT-2; PDF/A demands one, and the clock must not give it.
NO_DATE = (1970, 1, 1)

#: Stands for a character that no font of the page has, and for what is no character at all.
REPLACEMENT = "\ufffd"
SURROGATES = re.compile(r"[\ud800-\udfff]")

#: Letters after which a long word may be broken, so that it stays within its column.
LONG_WORD = re.compile(r"\S{16}(?=\S)")
BREAK = "\u200b"

#: How the compiler names what it cannot show: the text, or a code point of the private area.
NOT_SHOWN = re.compile(r'the (?:text|PDF contains the codepoint) `"(.*?)"`', re.DOTALL)
ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
MOST_ATTEMPTS = 5

#: Seconds after which a helper process is given up.
HELPER_TIMEOUT = 300

_local = threading.local()
_owner: int | None = None  #: the process that used the compiler first


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A drawn page and what could not be drawn on it."""

    pdf: bytes
    replaced: tuple[str, ...] = ()  #: characters without a glyph, shown as U+FFFD


def draw(invoice: Invoice, *, language: str = "fr") -> bytes:
    """Draw an invoice as PDF/A-3a and PDF/UA-1, with every term that it holds.

    Args:
        invoice: the canonical invoice.
        language: of the labels, numbers and dates: fr, de or en.

    Raises:
        UsageError: another language.
    """
    return draw_page(invoice, language=language).pdf


def draw_page(invoice: Invoice, *, language: str = "fr") -> Drawing:
    """Draw an invoice, and tell which characters had to be replaced."""
    texts = msgspec.to_builtins(page_of(invoice, Wording(language)))
    texts["date"] = texts["date"] or NO_DATE
    texts = _mapped(texts, _drawable)
    return _drawn_apart(texts) if _pool_is_lost() else _drawn(texts)


def _drawn(texts: dict[str, Any]) -> Drawing:
    """Compile, replacing what the fonts lack, until the page can be drawn."""
    replaced: set[str] = set()
    for _ in range(MOST_ATTEMPTS):
        try:
            return Drawing(pdf=_compiled(texts), replaced=tuple(sorted(replaced)))
        except Undrawable as error:
            replaced |= error.characters
            texts = _mapped(texts, partial(_without, characters=error.characters))
    return Drawing(pdf=_compiled(_mapped(texts, _latin_only)), replaced=tuple(sorted(replaced)))


# --- forked processes


def _pool_is_lost() -> bool:
    """Whether the compiler was used before this process was forked.

    Its threads did not survive the fork, and compiling would wait for them forever.
    """
    global _owner
    if _owner is None:
        _owner = os.getpid()
    return _owner != os.getpid()


def _drawn_apart(texts: dict[str, Any]) -> Drawing:
    """Draw in a fresh interpreter, which takes a third of a second longer."""
    result = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import serve; serve()"],
        input=msgspec.json.encode(texts),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=HELPER_TIMEOUT,
        check=True,
    )
    return msgspec.msgpack.decode(result.stdout, type=Drawing)


def serve() -> None:
    """Draw the texts on standard input to standard output; the other end of `_drawn_apart`."""
    drawing = _drawn(msgspec.json.decode(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(msgspec.msgpack.encode(drawing))


# --- the compiler


class Undrawable(Exception):
    """The fonts of the page lack these characters."""

    def __init__(self, characters: set[str]) -> None:
        super().__init__(f"no glyph for {', '.join(map(ascii, sorted(characters)))}")
        self.characters = characters


def _compiled(texts: dict[str, Any]) -> bytes:
    """Run the template over the texts.

    Raises:
        Undrawable: PDF/A allows no text without a glyph.
    """
    import typst

    try:
        pdf = _compiler().compile(
            _template(),
            format="pdf",
            sys_inputs={"page": msgspec.json.encode(texts).decode()},
            pdf_standards=STANDARDS,
        )
    except typst.TypstError as error:
        missing = _not_shown(error.diagnostic)
        if not missing:
            raise
        raise Undrawable(missing) from None
    return bytes(pdf)


def _compiler() -> Any:
    """The compiler of this thread, kept with what it has learnt; only its own fonts are used."""
    import typst

    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(ignore_system_fonts=True)
    return _local.compiler


@cache
def _template() -> bytes:
    return (resources.files("einvoice.pdf") / "templates" / "invoice.typ").read_bytes()


def _not_shown(diagnostic: str) -> set[str]:
    """Characters that a diagnostic names as not showable; plain ASCII is never to blame."""
    named = "".join(
        ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        for text in NOT_SHOWN.findall(diagnostic)
    )
    return {character for character in named if not " " <= character <= "~"}


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same nested value with each text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    return value


def _drawable(text: str) -> str:
    """A text without blank ends and what is no character, with places to break long words."""
    plain = SURROGATES.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return LONG_WORD.sub(rf"\g<0>{BREAK}", plain)


def _without(text: str, characters: set[str]) -> str:
    return text.translate({ord(character): REPLACEMENT for character in characters})


def _latin_only(text: str) -> str:
    """The last resort: only characters that every font has."""
    return "".join(
        character if character == "\n" or " " <= character <= "\u017f" else REPLACEMENT
        for character in text
    )
