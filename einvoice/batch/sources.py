"""From paths to documents: files, folders, archives, messages, URLs, and the standard input."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from einvoice.batch.content import is_pack
from einvoice.batch.remote import Found, is_url, remote_files, remote_head
from einvoice.batch.sniff import LOOKED_AT, has_invoice_suffix, is_taken, may_be_invoice
from einvoice.errors import InputNotReadable

STDIN = "-"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One document to work on."""

    path: str  #: as shown in reports; always valid Unicode
    file: str | None = None  #: what to open, or a URL; None if `data` or `error` says all
    member: str | None = None  #: of an archive or message that is the file
    data: bytes | None = None  #: its bytes, once they are read; a pipe is read only once
    relative: str = ""  #: below the folder that was named, or the file's own name; for outputs
    error: str | None = None  #: why it cannot be opened


def find_sources(
    paths: Iterable[str], *, stdin: BinaryIO | None = None, skip: str | tuple[str, ...] = ()
) -> Iterator[Source]:
    """The documents behind the paths, in order, folders sorted by name.

    Args:
        paths: files, folders, URLs and `-`; a named file is taken whatever it is called.
        stdin: what `-` stands for; the standard input if None.
        skip: folders and URLs, those of the outputs, passed over when met below another.
    """
    named = list(paths)
    skipped = (skip,) if isinstance(skip, str) else skip
    parents = _parents_of_equal_names(named)
    for path in named:
        if path == STDIN:
            data = (stdin or sys.stdin.buffer).read()
            yield Source(path=STDIN, data=data, relative="stdin")
        elif is_url(path):
            yield from _remote_sources(path, skipped)
        elif os.path.isdir(path):
            yield from _Walk(path, skipped, keep_name=len(named) > 1).sources()
        else:
            source = _named_file(path, parents.get(os.path.basename(path)))
            yield from _unpacked(source) if source.file and is_pack(path) else (source,)


def _parents_of_equal_names(paths: Iterable[str]) -> dict[str, str]:
    """For a file name that is there several times, the folder that holds all its files.

    Below it their own folders tell them apart, as in `samples/*/invoice.xml`.
    """
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(os.path.basename(path), []).append(
            os.path.dirname(os.path.abspath(path))
        )
    return {name: os.path.commonpath(found) for name, found in folders.items() if found[1:]}


def shown(text: str) -> str:
    """A path, or a text with one in it, as valid Unicode: bytes that are no UTF-8 become `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _remote_sources(url: str, skip: tuple[str, ...]) -> Iterator[Source]:
    """What a URL names: one file, or all below a folder of a bucket that may be invoices."""
    found = remote_files(url)
    if not found:
        yield Source(path=shown(url), error=f"{url}: cannot be opened: nothing is there")
    folders = (f"{each.rstrip('/')}/" for each in skip)
    passed = tuple(each for each in folders if not f"{url}/".startswith(each))
    for each in found:
        if not each.url.startswith(passed):
            yield from _remote_source(each)


def _remote_source(found: Found) -> Iterator[Source]:
    """A file behind a URL, unless it is hidden or something else than an invoice."""
    path = shown(found.url)
    name = found.relative or found.url.rpartition("/")[2]
    source = Source(path=path, file=found.url, relative=name)
    if not found.relative:
        yield source
    elif not any(part.startswith(".") for part in found.relative.split("/")):
        try:
            if is_taken(name, lambda: remote_head(found, LOOKED_AT)):
                yield source
        except InputNotReadable as error:
            yield msgspec.structs.replace(source, file=None, error=str(error))


def _unpacked(pack: Source) -> Iterator[Source]:
    """The documents in an archive or a message; one that says why, if there is none."""
    from einvoice.batch.archives import members_of

    assert pack.file is not None
    found: list[Source] = []
    try:
        for member in members_of(pack.file):
            source = _inside(pack, member.name)
            found.append(_refused(source, member.refusal) if member.refusal else source)
    except OSError as error:
        found = [_unreadable(pack, error)]
    except ValueError as error:
        found = [_refused(pack, str(error))]
    yield from found or [_refused(pack, "there is no XML, PDF or JSON in it")]


def _inside(pack: Source, member: str) -> Source:
    return Source(
        path=f"{pack.path}/{shown(member)}",
        file=pack.file,
        member=member,
        relative=os.path.join(pack.relative, member),
    )


def _refused(source: Source, reason: str) -> Source:
    error = f"{source.path}: cannot be opened: {reason}"
    name = os.path.basename(source.path) or "document"
    return Source(path=source.path, relative=name, error=error)


def _named_file(path: str, parent: str | None) -> Source:
    name = os.path.relpath(path, parent) if parent is not None else os.path.basename(path)
    source = Source(path=shown(path), file=path, relative=name)
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISREG(mode):
            return source
        with open(path, "rb") as pipe:  # exists in this process only, as in <(command)
            return msgspec.structs.replace(source, file=None, data=pipe.read())
    except OSError as error:
        return _unreadable(source, error)


def _unreadable(source: Source, error: OSError) -> Source:
    reason = error.strerror or type(error).__name__
    return msgspec.structs.replace(
        source, file=None, error=f"{source.path}: cannot be opened: {reason}"
    )


class _Walk:
    """One folder with all below it; each real folder is entered once, so links cannot loop."""

    def __init__(self, root: str, skip: tuple[str, ...], *, keep_name: bool) -> None:
        self.root = root
        self.prefix = os.path.basename(os.path.realpath(root)) if keep_name else ""
        self.seen = {_identity(each) for each in skip}

    def sources(self) -> Iterator[Source]:
        self.seen.discard(_identity(self.root))
        yield from self._folder(self.root)

    def _folder(self, folder: str) -> Iterator[Source]:
        identity = _identity(folder)
        if identity in self.seen:
            return
        self.seen.add(identity)
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(self._source(folder), error)
            return
        for entry in entries:
            if not entry.name.startswith("."):
                yield from self._entry(entry)

    def _entry(self, entry: os.DirEntry[str]) -> Iterator[Source]:
        if entry.is_dir():
            yield from self._folder(entry.path)
        elif is_pack(entry.name) and entry.is_file():
            yield from self._pack(entry)
        elif has_invoice_suffix(entry.name):
            yield from self._known_suffix(entry)
        elif entry.is_file():
            yield from self._other_file(entry)

    def _pack(self, entry: os.DirEntry[str]) -> Iterator[Source]:
        """What an archive or a message holds; one without invoices is no source."""
        found = list(_unpacked(self._source(entry.path)))
        is_empty = len(found) == 1 and found[0].member is None and found[0].path == entry.path
        if not is_empty:
            yield from found
        else:
            yield from self._other_file(entry)

    def _known_suffix(self, entry: os.DirEntry[str]) -> Iterator[Source]:
        """A regular file, or a link that leads nowhere; pipes and devices would block."""
        if entry.is_file() or not os.path.exists(entry.path):
            yield self._source(entry.path)

    def _other_file(self, entry: os.DirEntry[str]) -> Iterator[Source]:
        source = self._source(entry.path)
        try:
            if may_be_invoice(entry.path):
                yield source
        except OSError as error:
            yield _unreadable(source, error)

    def _source(self, path: str) -> Source:
        relative = os.path.join(self.prefix, os.path.relpath(path, self.root))
        return Source(path=shown(path), file=path, relative=relative)


def _identity(folder: str) -> tuple[int, int] | str:
    try:
        status = os.stat(folder)
    except OSError:
        return os.path.realpath(folder)
    return (status.st_dev, status.st_ino)
