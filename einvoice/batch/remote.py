"""Files behind URLs such as s3://bucket/folder: listed, read and written through fsspec.

Where a service is, and who asks, is said by the ordinary means of each: the environment
(`AWS_ENDPOINT_URL`, `AWS_PROFILE`, ...) or the configuration of fsspec. Each process opens its own
connections.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

import msgspec

from einvoice.errors import ExtraMissing, InputNotReadable, OutputNotWritable

#: An error of a service may quote a whole page; so much of it is told.
_MOST_TOLD = 300

#: Kinds of services that show an object only when all of it has arrived.
_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "memory"})


class Found(msgspec.Struct, frozen=True):
    """A file behind a URL."""

    url: str
    relative: str  #: below the URL that was named; empty if it is that URL
    size: int | None  #: as far as the service tells


def is_url(path: str) -> bool:
    """Whether a path is a URL such as s3://bucket/folder."""
    return "://" in path


def remote_files(url: str) -> list[Found]:
    """The files below a URL, sorted; the one that it names itself.

    Raises:
        ExtraMissing: a package for this kind of URL is not installed.
        InputNotReadable: it cannot be listed.
    """
    with _asking(url, InputNotReadable):
        system, root = _system(url)
        system.invalidate_cache()  # a list that this process made earlier may be old
        found = system.find(root, detail=True)
    return [
        _found(url, root, path, about.get("size"))
        for path, about in sorted(found.items())
        if not path.endswith("/")
    ]


def remote_content(url: str, most: int | None = None) -> bytes:
    """The bytes of a file behind a URL.

    Args:
        url: the file.
        most: so many bytes are enough; all if None.

    Raises:
        ExtraMissing: a package for this kind of URL is not installed.
        InputNotReadable: it cannot be read to its end.
    """
    with _asking(url, InputNotReadable):
        system, path = _system(url)
        content: bytes = system.cat_file(path, start=None if most is None else 0, end=most)
        return content


def remote_head(found: Found, most: int) -> bytes:
    """The first bytes of a file.

    Raises:
        InputNotReadable: they cannot be read.
    """
    return b"" if found.size == 0 else remote_content(found.url, most)  # nothing has no first byte


def check_remote(url: str) -> None:
    """Make sure that this kind of URL can be used; nobody is asked yet.

    Raises:
        ExtraMissing: a package for it is not installed.
        OutputNotWritable: it is of no kind that is known.
    """
    with _asking(url, OutputNotWritable):
        _system(url)


def remote_exists(url: str) -> bool:
    """Whether there is a file behind a URL.

    Raises:
        ExtraMissing: a package for this kind of URL is not installed.
        OutputNotWritable: the service does not say.
    """
    with _asking(url, OutputNotWritable):
        system, path = _system(url)
        system.invalidate_cache()
        return bool(system.exists(path))


def write_remote(url: str, data: bytes) -> None:
    """Write a file behind a URL: a reader sees the old content or the new, never a part.

    Raises:
        ExtraMissing: a package for this kind of URL is not installed.
        OutputNotWritable: it cannot be written.
    """
    with _asking(url, OutputNotWritable):
        system, path = _system(url)
        if url.partition("://")[0] in _WHOLE:
            system.pipe_file(path, data)
            return
        folder = path.rpartition("/")[0]
        system.makedirs(folder, exist_ok=True)
        temporary = f"{folder}/.einvoice-{secrets.token_hex(8)}"
        try:
            system.pipe_file(temporary, data)
            system.mv(temporary, path)
        except BaseException:
            with contextlib.suppress(Exception):
                system.rm_file(temporary)
            raise


def _system(url: str) -> tuple[Any, str]:
    """The file system behind a URL, and the path there; one file system serves a whole process."""
    from fsspec.core import url_to_fs

    system, path = url_to_fs(url)
    return system, path


def _found(url: str, root: str, path: str, size: int | None) -> Found:
    """A path of a file system as a URL, made from the one that was named: its host stays there."""
    relative = path.removeprefix(root.rstrip("/")).lstrip("/")
    if not relative:
        return Found(url, "", size)
    first, chain, others = url.partition("::")  # as in zip://::s3://bucket/archive.zip
    base = first if first.endswith("://") else first.rstrip("/") + "/"
    return Found(f"{base}{relative}{chain}{others}", relative, size)


@contextlib.contextmanager
def _asking(url: str, fault: type[InputNotReadable | OutputNotWritable]) -> Iterator[None]:
    """Tell whatever goes wrong with a service as an error of its URL."""
    try:
        yield
    except ImportError:
        raise _extra_missing(url) from None
    except Exception as error:  # each service has exceptions of its own, of no common kind
        raise fault(url, reason_of_service(error)) from None


def _extra_missing(url: str) -> ExtraMissing:
    return ExtraMissing(f"a place such as {url.partition('://')[0]}://", "remote")


def reason_of_service(error: Exception) -> str:
    """Why a service refused, in its words, on one line."""
    text = " ".join(str(error).split())
    if isinstance(error, FileNotFoundError) and " " not in text:
        return "No such file"  # some tell only the path
    return text[:_MOST_TOLD] or type(error).__name__
