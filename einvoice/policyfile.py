"""Files in which a user says what is accepted: TOML of a known shape."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from einvoice.errors import InputNotReadable, PolicyError

T = TypeVar("T")


def read_policy(path: str | Path, shape: type[T]) -> T:
    """Read a policy.

    Raises:
        InputNotReadable: the file cannot be opened.
        PolicyError: it is no TOML, or not of this shape.
    """
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise InputNotReadable(path, error.strerror or str(error)) from None
    try:
        return msgspec.toml.decode(text, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PolicyError(path, str(error)) from None
