"""Page templates: Typst sources with their images and fonts, the built-in one or a user's.

A template is given to the compiler as a set of files in memory, so that it reaches nothing of the
machine that is not in its folder. Packages are not reachable either; see `_refuse_packages`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from einvoice.errors import InputNotReadable, TemplateError

MAIN = "main.typ"
SOURCE = ".typ"
FONTS = (".ttf", ".otf", ".ttc", ".otc")

#: Files of a template at most, and bytes of all of them.
MOST_FILES = 200
MOST_BYTES = 50_000_000


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A page template."""

    files: dict[str, bytes]  #: by their path in the template
    fonts: tuple[str, ...] = ()  #: paths of font files on this machine
    own: bool = False  #: whether it is a user's, who may want to see more than the page


@cache
def built_in() -> Template:
    """The template of this package."""
    folder = resources.files("einvoice.pdf") / "templates"
    files = {file.name: file for file in folder.iterdir() if file.name.endswith(SOURCE)}
    return Template(files={name: files[name].read_bytes() for name in sorted(files)})


def load_template(path: str) -> Template:
    """Read a template: a folder, or a single file that stands for `main.typ`.

    What a folder lacks comes from the built-in template.

    Raises:
        InputNotReadable: the path cannot be read.
        TemplateError: it is no template, or one that asks for packages.
    """
    root = Path(path)
    try:
        files = _folder(root) if root.is_dir() else {MAIN: root.read_bytes()}
    except OSError as error:
        raise InputNotReadable(path, error.strerror or str(error)) from None
    if not any(name.endswith(SOURCE) for name in files):
        raise TemplateError(path, f"it holds no {SOURCE} file")
    for name, data in files.items():
        if name.endswith(SOURCE):
            _refuse_packages(path, name, data)
    fonts = tuple(str(root / name) for name in sorted(files) if _is_font(name))
    sources = {name: data for name, data in files.items() if not _is_font(name)}
    return Template(files=built_in().files | sources, fonts=fonts, own=True)


def _is_font(name: str) -> bool:
    return name.lower().endswith(FONTS)


def _folder(root: Path) -> dict[str, bytes]:
    """All files below a folder, by path; hidden ones and what links lead out of it to are left."""
    files: dict[str, bytes] = {}
    size = 0
    for path in _inside(root):
        size += path.stat().st_size
        if size > MOST_BYTES or len(files) == MOST_FILES:
            limits = f"{MOST_FILES} files of {MOST_BYTES // 1_000_000} MB in all"
            raise TemplateError(root, f"it holds more than {limits}; name its own folder")
        name = path.relative_to(root).as_posix()
        files[name] = b"" if _is_font(name) else path.read_bytes()
    return files


def _inside(root: Path) -> Iterator[Path]:
    home = root.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.startswith(".") and path.is_file() and path.resolve().is_relative_to(home):
                yield path


# --- what a template must not do

#: Words before `import` or `include` that leave it a keyword of Typst; after any other it is text.
_LEADING = "and|as|context|else|if|in|let|not|or|return|show|while"
_KEYWORD = re.compile(rb"(?<![\w.])(?:import|include)(?![\w-])")
_FILE = re.compile(rb'\s*"[^"\\@]+"')
_WORD_BEFORE = re.compile(rb"([\w-]+)[ \t]+$")
_REACHING = re.compile(rb"(?<![\w-])(?:eval|std)(?![\w-])")


def _refuse_packages(path: str, name: str, source: bytes) -> None:
    """Refuse a source that could fetch a package, which the compiler does from the network.

    Imports must name a file of the template, and what could hide one is refused: `eval`, and
    `std`, which leads to it.

    Raises:
        TemplateError: naming the line.
    """
    for found in _REACHING.finditer(source):
        word = found[0].decode()
        raise TemplateError(path, f"{_place(name, source, found)}: {word} is not available")
    for found in _KEYWORD.finditer(source):
        before = _WORD_BEFORE.search(source, max(0, found.start() - 80), found.start())
        is_text = before is not None and not re.fullmatch(_LEADING, before[1].decode("latin-1"))
        if not is_text and not _FILE.match(source, found.end()):
            what = f"{found[0].decode()} takes the name of a file of the template, in quotes"
            raise TemplateError(path, f"{_place(name, source, found)}: {what}")


def _place(name: str, source: bytes, found: re.Match[bytes]) -> str:
    line = 1 + source.count(b"\n", 0, found.start())
    return f"{name}:{line}"
