"""The documents that a command works on, and the bytes of a single one."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
from collections.abc import Iterable, Iterator

import click

from einvoice.batch.content import is_pack
from einvoice.batch.files import reason_of
from einvoice.batch.remote import is_url
from einvoice.batch.sniff import has_invoice_suffix
from einvoice.batch.sources import STDIN, Source, find_sources, shown
from einvoice.errors import DocumentError, EInvoiceError, InputNotReadable


class Unusable(EInvoiceError):
    """What is wrong with a file, and its name."""

    def __init__(self, path: str, error: DocumentError) -> None:
        super().__init__(f"{shown(path)}: {error}")
        self.exit_code = error.exit_code


@contextlib.contextmanager
def naming(path: str) -> Iterator[None]:
    """A fault of a document inside is told with the name of its file.

    Raises:
        Unusable: there was one.
    """
    try:
        yield
    except DocumentError as error:
        raise Unusable(path, error) from None


def sources_of(paths: tuple[str, ...], *, skip: str | tuple[str, ...] = ()) -> Iterator[Source]:
    """The documents behind the paths.

    Raises:
        click.UsageError: there is none, or the standard input is named twice.
    """
    if paths.count(STDIN) > 1:
        raise click.UsageError("the standard input (-) can be read only once")
    found = find_sources(paths, skip=skip)
    first = next(found, None)
    if first is None:
        raise click.UsageError(f"no XML, PDF or JSON file in {', '.join(paths)}")
    return itertools.chain([first], found)


def is_single(paths: tuple[str, ...]) -> bool:
    """Whether the paths name one document, no folder or archive; a URL says it by its suffix."""
    if len(paths) != 1 or os.path.isdir(paths[0]) or is_pack(paths[0]):
        return False
    return not is_url(paths[0]) or has_invoice_suffix(paths[0])


def counted(sources: Iterable[Source], wanted: bool) -> tuple[Iterable[Source], int | None]:
    """The sources and their number, which costs the listing of all folders first."""
    if not wanted:
        return sources, None
    listed = list(sources)
    return listed, len(listed)


def read_input(path: str) -> bytes:
    """The bytes of a file or of the standard input.

    Raises:
        InputNotReadable: the file cannot be opened.
    """
    if path == STDIN:
        return sys.stdin.buffer.read()
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise InputNotReadable(path, reason_of(error)) from None
