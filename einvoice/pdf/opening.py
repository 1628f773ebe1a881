"""Open a PDF that nobody vouches for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from einvoice.errors import PdfError

if TYPE_CHECKING:
    import pikepdf

#: How far into the file its header may stand, as PDF readers accept (ISO 32000-1, annex H).
HEADER_WITHIN = 1024

#: What the library may unpack by itself (cross references, object streams), and items per array.
STRUCTURE_LIMITS = {"flate_max_memory": 16_000_000, "parser_max_container_size": 1_000_000}
LIMIT_WARNING = "limit exceeded"

_lock = threading.Lock()
_users = 0
_previous: dict[str, Any] = {}


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """Open a PDF for reading, under limits; repair what can be repaired.

    Raises:
        PdfError: not a PDF, cut off, damaged beyond repair, or locked with a password.
    """
    import pikepdf

    _refuse_other_files(data)
    with _structure_limits():
        try:
            with pikepdf.open(BytesIO(data)) as pdf:
                yield pdf
                was_repaired(pdf)
        except pikepdf.PasswordError:
            raise PdfError(
                "the PDF is locked with a password; an e-invoice must open without one: "
                "ask the sender for an unlocked file"
            ) from None
        except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, KeyError) as error:
            raise PdfError(_damage(error)) from error


def _refuse_other_files(data: bytes) -> None:
    """The header of a PDF must stand near the start."""
    if not data:
        raise PdfError("the file is empty")
    if b"%PDF-" not in data[:HEADER_WITHIN]:
        raise PdfError("the file is not a PDF: it does not start with %PDF-")


def _damage(error: Exception) -> str:
    """Say what is wrong with a PDF that the library gave up on."""
    reason = str(error).rpartition(": ")[2] or type(error).__name__
    return f"the PDF cannot be read, it is cut off or damaged: {reason}; get the file again"


def was_repaired(pdf: pikepdf.Pdf) -> bool:
    """Whether the structure of the file was damaged; the library forgets it once it was asked.

    Raises:
        PdfError: a part was not unpacked because of a limit; it must not look as if it were absent.
    """
    warnings = pdf.get_warnings()
    if any(LIMIT_WARNING in str(warning) for warning in warnings):
        size = STRUCTURE_LIMITS["flate_max_memory"]
        raise PdfError(
            f"the structure of the PDF unpacks to more than {size} bytes, the limit; "
            "the file may be built to exhaust memory"
        )
    return bool(warnings)


@contextmanager
def _structure_limits() -> Iterator[None]:
    """Set the library's limits, which are global, while any of our calls runs."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _users
    with _lock:
        if _users == 0:
            _previous.update(_set_limits(STRUCTURE_LIMITS))
        _users += 1


def _leave() -> None:
    global _users
    with _lock:
        _users -= 1
        if _users == 0:
            _set_limits(_previous)


def _set_limits(limits: dict[str, Any]) -> dict[str, Any]:
    """Set limits and return those before; older versions of the library have none."""
    from pikepdf import settings

    setter = getattr(settings, "set_qpdf_limits", None)
    return dict(setter(**limits)) if setter else {}
