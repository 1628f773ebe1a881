"""Whether a file without a telling suffix may hold an invoice: a look at its first bytes."""

from __future__ import annotations

import codecs

#: Enough for a byte order mark, some white space and the first characters.
LOOKED_AT = 64

_PDF = b"%PDF"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def looks_like_invoice(path: str) -> bool:
    """Whether the file begins as XML or PDF does.

    Raises:
        OSError: the file cannot be opened.
    """
    with open(path, "rb") as file:
        return begins_as_invoice(file.read(LOOKED_AT))


def begins_as_invoice(head: bytes) -> bool:
    """Whether these first bytes are those of XML, in any usual encoding, or of a PDF."""
    if head.startswith(_PDF):
        return True
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _is_xml(head[len(mark) :].decode(encoding, "ignore"))
    if head.startswith((b"<\x00", b"\x00<")):
        return True
    return _is_xml(head.decode("latin-1"))


def _is_xml(text: str) -> bool:
    return text.lstrip(" \t\r\n").startswith("<")
