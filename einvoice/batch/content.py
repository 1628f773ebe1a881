"""The bytes of a source: a file, a member of an archive or message, or what a URL names."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from einvoice.batch.files import reason_of
from einvoice.batch.remote import is_url, remote_content
from einvoice.errors import InputNotReadable

if TYPE_CHECKING:
    from einvoice.batch.sources import Source

#: Files that hold others.
_PACKS = (".zip", ".eml")


def is_pack(path: str) -> bool:
    """Whether a file is one that holds others: an archive or a message."""
    return path.lower().endswith(_PACKS)


class Named(io.BytesIO):
    """Bytes with the name of their file."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


def content_of(source: Source) -> bytes:
    """All bytes of a source.

    Raises:
        InputNotReadable: it cannot be opened, or is more than an invoice can be.
        ExtraMissing: a URL needs packages that are not installed.
    """
    if source.error is not None:
        said = f"{source.path}: cannot be opened: "
        raise InputNotReadable(source.path, source.error.removeprefix(said))
    if source.data is not None:
        return source.data
    assert source.file is not None
    if source.member is not None:
        return _member(source, source.file, source.member)
    if is_url(source.file):
        return remote_content(source.file)
    try:
        with open(source.file, "rb") as file:
            return file.read()
    except OSError as error:
        raise InputNotReadable(source.path, reason_of(error)) from None


def openable(source: Source) -> str | bytes | Named:
    """What the engine opens a source by: the path of a file, or bytes with their name.

    Raises:
        InputNotReadable: it cannot be opened, or is more than an invoice can be.
        ExtraMissing: a URL needs packages that are not installed.
    """
    file = source.file
    if source.data is not None:
        return source.data if file is None else named(source, source.data)
    if file is not None and source.member is None and not is_url(file):
        return file
    return named(source, content_of(source))


def named(source: Source, content: bytes) -> Named:
    """The content of a source, with a name that is the same from wherever it is called."""
    file = source.file
    if file is None or is_url(file):
        return Named(content, source.path)
    return Named(content, os.path.join(os.path.realpath(file), source.member or "").rstrip("/"))


def _member(source: Source, file: str, member: str) -> bytes:
    from einvoice.batch.archives import content_of_member

    try:
        return content_of_member(file, member)
    except OSError as error:
        raise InputNotReadable(source.path, reason_of(error)) from None
    except ValueError as error:
        raise InputNotReadable(source.path, str(error)) from None
