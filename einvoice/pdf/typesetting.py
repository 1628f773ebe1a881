"""Run Typst over a template and texts; what cannot be shown is replaced."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from einvoice.errors import TemplateError
from einvoice.pdf.template import Template

STANDARDS = ["a-3a", "ua-1"]

#: Stands for a character that no font of the page has, and for what is no character at all.
REPLACEMENT = "\ufffd"

#: How the compiler names what it cannot show: the text, or a code point of the private area.
NOT_SHOWN = re.compile(r'the (?:text|PDF contains the codepoint) `"(.*?)"`', re.DOTALL)
ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
MOST_ATTEMPTS = 5

SECONDS_OF_A_DAY = 86_400

#: Seconds after which a helper process is given up.
HELPER_TIMEOUT = 300

#: Where the compiler looks for what a template lacks: the folder of the built-in one, which is
#: given to it anyway. There are no packages in it.
ROOT = str(Path(__file__).parent / "templates")
SEARCHED = re.compile(r" \(searched at .*?\)")
PLACE = re.compile(r"┌─ (?:\S.*?/templates/)?(\S.*?:\d+):\d+\n")

_local = threading.local()
_owner: int | None = None  #: the process that used the compiler first


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """A drawn page and what could not be drawn on it."""

    pdf: bytes
    replaced: tuple[str, ...] = ()  #: characters without a glyph, shown as U+FFFD


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drawn."""

    template: Template
    page: dict[str, Any]  #: the texts of the page
    invoice: dict[str, Any]  #: the invoice itself, for templates that want more than the page
    code: str  #: the payment code as SVG, or nothing

    def mapped(self, change: Callable[[str], str]) -> Job:
        """The same job with each text changed."""
        page, invoice = mapped(self.page, change), mapped(self.invoice, change)
        return msgspec.structs.replace(self, page=page, invoice=invoice)


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same nested value with each text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(item, change) for item in value]
    return value


def typeset(job: Job) -> Drawing:
    """Draw a job.

    Raises:
        TemplateError: a user's template cannot be drawn.
    """
    return _drawn_apart(job) if _pool_is_lost() else _drawn(job)


def _drawn(job: Job) -> Drawing:
    """Compile, replacing what the fonts lack, until the page can be drawn."""
    replaced: set[str] = set()
    for _ in range(MOST_ATTEMPTS):
        try:
            return Drawing(pdf=_compiled(job), replaced=tuple(sorted(replaced)))
        except Undrawable as error:
            replaced |= error.characters
            job = job.mapped(partial(_without, characters=error.characters))
    return Drawing(pdf=_compiled(job.mapped(_latin_only)), replaced=tuple(sorted(replaced)))


# --- forked processes


def _pool_is_lost() -> bool:
    """Whether the compiler was used before this process was forked.

    Its threads did not survive the fork, and compiling would wait for them forever.
    """
    global _owner
    if _owner is None:
        _owner = os.getpid()
    return _owner != os.getpid()


def _drawn_apart(job: Job) -> Drawing:
    """Draw in a fresh interpreter, which takes a third of a second longer."""
    result = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import serve; serve()"],
        input=msgspec.msgpack.encode(job),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        timeout=HELPER_TIMEOUT,
        check=True,
    )
    answer = msgspec.msgpack.decode(result.stdout, type=Drawing | str)
    if isinstance(answer, str):
        raise TemplateError(None, answer)
    return answer


def serve() -> None:
    """Draw the job on standard input to standard output; the other end of `_drawn_apart`."""
    answer: Drawing | str
    try:
        answer = _drawn(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job))
    except TemplateError as error:
        answer = error.reason
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))


# --- the compiler


class Undrawable(Exception):
    """The fonts of the page lack these characters."""

    def __init__(self, characters: set[str]) -> None:
        super().__init__(f"no glyph for {', '.join(map(ascii, sorted(characters)))}")
        self.characters = characters


def _compiled(job: Job) -> bytes:
    """Run the template over the texts.

    Raises:
        Undrawable: PDF/A allows no text without a glyph.
        TemplateError: a user's template cannot be drawn.
    """
    import typst

    try:
        pdf = _compiler(job.template.fonts).compile(
            job.template.files,
            format="pdf",
            root=ROOT,
            sys_inputs=_inputs(job),
            pdf_standards=STANDARDS,
            timestamp=_today(job),
        )
    except typst.TypstError as error:
        missing = _not_shown(error.diagnostic)
        if missing:
            raise Undrawable(missing) from None
        if job.template.own:
            raise TemplateError(None, _fault(error)) from None
        raise
    return bytes(pdf)


def _today(job: Job) -> int:
    """The day of issue, as the compiler counts time: what a template takes for today."""
    return max(0, (date(*job.page["date"]) - date(1970, 1, 1)).days * SECONDS_OF_A_DAY)


def _inputs(job: Job) -> dict[str, str]:
    """The values as the template finds them in `sys.inputs`; the docs describe them."""
    inputs = {"page": msgspec.json.encode(job.page).decode(), "code": job.code}
    if job.template.own:
        inputs["invoice"] = msgspec.json.encode(job.invoice).decode()
    return inputs


def _compiler(fonts: tuple[str, ...]) -> Any:
    """The compiler of this thread, kept with what it has learnt; no font of the machine is used."""
    import typst

    if getattr(_local, "fonts", None) != fonts:
        paths = sorted({str(Path(font).parent) for font in fonts})
        _local.compiler = typst.Compiler(
            ignore_system_fonts=True, font_paths=paths, package_path=ROOT
        )
        _local.fonts = fonts
    return _local.compiler


def _fault(error: Any) -> str:
    """What the compiler says of a template: file and line, what is wrong, what would help."""
    place = PLACE.search(error.diagnostic)
    where = f"{place[1]}: " if place is not None else ""
    return where + "; ".join((SEARCHED.sub("", error.message), *error.hints))


def _not_shown(diagnostic: str) -> set[str]:
    """Characters that a diagnostic names as not showable; plain ASCII is never to blame."""
    named = "".join(
        ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        for text in NOT_SHOWN.findall(diagnostic)
    )
    return {character for character in named if not " " <= character <= "~"}


def _without(text: str, characters: set[str]) -> str:
    return text.translate({ord(character): REPLACEMENT for character in characters})


def _latin_only(text: str) -> str:
    """The last resort: only characters that every font has."""
    return "".join(
        character if character == "\n" or " " <= character <= "\u017f" else REPLACEMENT
        for character in text
    )
