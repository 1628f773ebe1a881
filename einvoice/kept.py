"""What is worth keeping between runs, in the user's cache folder; nothing depends on it.

An entry is written under another name and renamed, so that several processes may start at once. One
that is damaged counts as none, and a folder that cannot be written costs only time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from einvoice.errors import OutputNotWritable

_MARK = b"einvoice kept 1\n"
_HASH = hashlib.sha256().digest_size
_MOST = 200  #: entries of a folder


def cache_folder(kind: str) -> Path:
    """The folder of entries of a kind; it may not exist."""
    return user_cache_path("einvoice") / kind


def writable_folder(kind: str) -> Path:
    """The folder of entries of a kind, made if need be.

    Raises:
        OutputNotWritable: nothing can be kept there.
    """
    folder = cache_folder(kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise OutputNotWritable(folder, error.strerror or type(error).__name__) from None


def load(path: Path) -> bytes | None:
    """The content of an entry; None if there is none or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MARK) + _HASH
    mark, digest, content = data[: len(_MARK)], data[len(_MARK) : start], data[start:]
    whole = mark == _MARK and hashlib.sha256(content).digest() == digest
    return content if whole else None


def store(path: Path, content: bytes) -> None:
    """Keep an entry, whole or not at all; the oldest go when there are too many."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MARK + hashlib.sha256(content).digest() + content)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _prune(path.parent, path.suffix)


def _prune(folder: Path, suffix: str) -> None:
    entries = sorted(folder.glob(f"*{suffix}"), key=lambda file: file.stat().st_mtime)
    for file in entries[:-_MOST]:
        file.unlink(missing_ok=True)
