"""Output files: written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_file(path: Path, data: bytes) -> None:
    """Write a file in one step; missing folders are made.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    with whole_file(path) as file:
        file.write(data)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name only when all is written.

    A reader sees the old content or the new, never a part. What is no ordinary file, such as a
    device or a pipe, is written directly.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    if path.exists() and not path.is_file():
        with open(path, "wb") as special:
            yield special
        return
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f".einvoice-{secrets.token_hex(8)}"
    try:
        with open(temporary, "xb") as file:
            yield file
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def same_file(one: str | None, other: str) -> bool:
    """Whether two names lead to one existing file."""
    if one is None or not os.path.exists(one) or not os.path.exists(other):
        return False
    return os.path.samefile(one, other)


def reason_of(error: OSError) -> str:
    """Why the system refused, in its words."""
    return error.strerror or type(error).__name__
