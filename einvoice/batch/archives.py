"""Documents in zip archives and in messages (.eml).

Imported only when one is met: not every run pays for it.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from email import message_from_binary_file
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache, partial
from zipfile import BadZipFile, ZipFile, ZipInfo

from einvoice.batch.sniff import LOOKED_AT, is_taken

ARCHIVE = ".zip"

#: What a member of an archive may be at most, unpacked; a bomb promises more, or holds it.
MOST_BYTES = 200_000_000
#: From here on it is looked at how densely a member is packed; XML may be packed 1 to 100.
_SUSPECT_BYTES = 1_000_000
_MOST_RATIO = 1000

#: What `zipfile` raises for an archive that is damaged, encrypted, or packed in a way it lacks.
_DAMAGED = (
    BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    KeyError,
    ValueError,
)


class Member:
    """A document in an archive or a message, and why it must not be read, if it must not."""

    def __init__(self, name: str, refusal: str | None = None) -> None:
        self.name = name
        self.refusal = refusal


def members_of(file: str) -> list[Member]:
    """The members of an archive or a message that may be invoices.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is damaged; the message says how.
    """
    if file.lower().endswith(ARCHIVE):
        return _in_zip(file)
    return [
        Member(name) for name, data in _attachments(*_version(file)).items() if _fits(name, data)
    ]


def content_of_member(file: str, member: str) -> bytes:
    """The bytes of a member.

    Raises:
        OSError: the archive or message cannot be opened.
        ValueError: it is damaged, or the member is none or too much; the message says what.
    """
    version = _version(file)
    if file.lower().endswith(ARCHIVE):
        return _unpacked(version, member)
    attachments = _attachments(*version)
    if member not in attachments:
        raise ValueError("it is not in the message any more")
    return attachments[member]


def _version(file: str) -> tuple[str, int, int]:
    """A file as it is now: one that has changed is opened anew."""
    status = os.stat(file)
    return file, status.st_mtime_ns, status.st_size


# Archives


def _in_zip(file: str) -> list[Member]:
    try:
        with ZipFile(file) as archive:
            return [
                Member(info.filename, _refusal(info))
                for info in archive.infolist()
                if _is_shown(info) and is_taken(info.filename, partial(_head, archive, info))
            ]
    except _DAMAGED as error:
        raise ValueError(str(error)) from None


def _is_shown(info: ZipInfo) -> bool:
    parts = info.filename.split("/")
    return not info.is_dir() and not parts[-1].startswith(".") and "__MACOSX" not in parts


def _head(archive: ZipFile, info: ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            return member.read(LOOKED_AT)
    except (OSError, *_DAMAGED):
        return b""


def _refusal(info: ZipInfo) -> str | None:
    name = info.filename.replace("\\", "/")
    if ".." in name.split("/") or name.startswith("/") or ":" in name.split("/")[0]:
        return "its name leads out of the archive"
    return "it would unpack to more than an invoice can be" if _is_bomb(info) else None


def _is_bomb(info: ZipInfo) -> bool:
    dense = info.file_size > _MOST_RATIO * max(info.compress_size, 1)
    return info.file_size > MOST_BYTES or (dense and info.file_size > _SUSPECT_BYTES)


@lru_cache(maxsize=4)
def _opened(file: str, changed: int, size: int) -> ZipFile:
    """An archive whose list is read once, not for each member."""
    return ZipFile(file)


def _unpacked(version: tuple[str, int, int], member: str) -> bytes:
    try:
        archive = _opened(*version)
        info = archive.getinfo(member)
        if refusal := _refusal(info):
            raise ValueError(refusal)
        with archive.open(info) as packed:
            content = packed.read(MOST_BYTES + 1)
    except _DAMAGED as error:
        raise ValueError(str(error)) from None
    if len(content) > MOST_BYTES:
        raise ValueError("it unpacks to more than an invoice can be")
    return content


# Messages


@lru_cache(maxsize=4)
def _attachments(file: str, changed: int, size: int) -> dict[str, bytes]:
    """The attachments of a message by name; of equal names the later ones get a number."""
    with open(file, "rb") as stream:
        message = message_from_binary_file(stream, policy=default)
    found: dict[str, bytes] = {}
    for number, part in enumerate(_parts(message), 1):
        name = os.path.basename((part.get_filename() or "").replace("\\", "/")) or f"part-{number}"
        while name in found:
            name = f"{number}-{name}"
        payload = part.get_payload(decode=True)
        found[name] = payload if isinstance(payload, bytes) else b""
    return found


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are files, at any depth."""
    for part in message.walk():
        if not part.is_multipart() and (part.get_filename() or part.is_attachment()):
            yield part


def _fits(name: str, data: bytes) -> bool:
    return is_taken(name, lambda: data)
