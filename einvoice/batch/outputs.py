"""What a conversion writes: a file, or an object behind a URL, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from einvoice.batch.files import reason_of, write_file
from einvoice.batch.remote import is_url, remote_content, remote_exists, write_remote
from einvoice.errors import InputNotReadable, OutputNotWritable


def write_output(place: str, data: bytes) -> None:
    """Write an output in one step; missing folders are made.

    Raises:
        OutputNotWritable: it cannot be written.
    """
    if is_url(place):
        write_remote(place, data)
        return
    try:
        write_file(Path(place), data)
    except OSError as error:
        raise OutputNotWritable(place, reason_of(error)) from None


def output_exists(place: str) -> bool:
    """Whether there is something of that name.

    Raises:
        OutputNotWritable: the service does not say.
    """
    return remote_exists(place) if is_url(place) else os.path.lexists(place)


def digest_of(data: bytes) -> str:
    """The SHA-256 by which content is known again."""
    return hashlib.sha256(data).hexdigest()


def output_digest(place: str) -> str | None:
    """The digest of an output as it is now; None if it cannot be read."""
    try:
        return digest_of(remote_content(place) if is_url(place) else Path(place).read_bytes())
    except (OSError, InputNotReadable):
        return None
