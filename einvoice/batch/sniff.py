"""Which files of a folder may be invoices: by their name, and by a look at their first bytes."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable

#: Suffixes of files that are taken without a look inside.
SUFFIXES = frozenset({".xml", ".pdf", ".json"})

_TEXT = ".txt .md .rst .adoc .tex .log .csv .tsv .rtf .ini .cfg .toml .yaml .yml .jsonl .sql"
_OFFICE = ".doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .eml .msg .ics .vcf"
_IMAGES = ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .heic .ico .eps .ps .ttf .otf .woff .woff2"
_ARCHIVES = ".zip .gz .bz2 .xz .zst .7z .rar .tar .tgz .jar .whl .iso"
_CODE = ".py .pyc .js .ts .css .sh .bat .ps1 .java .class .c .h .go .rs .rb .php .exe .dll .so"
_TRACES = ".db .sqlite .bak .tmp .part .swp .lock .md5 .sha1 .sha256 .sig .asc .pem .crt .p7s"

#: Suffixes that say that a file is something else; it is taken only if its content objects. A file
#: with a suffix that is in neither list is taken: a mistyped name must not lose an invoice.
OTHER_SUFFIXES = frozenset(" ".join((_TEXT, _OFFICE, _IMAGES, _ARCHIVES, _CODE, _TRACES)).split())

#: Enough for a byte order mark, some white space and the first characters.
LOOKED_AT = 64

_PDF = b"%PDF"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def has_invoice_suffix(name: str) -> bool:
    """Whether the name alone is enough."""
    return _suffix(name) in SUFFIXES


def is_taken(name: str, head: Callable[[], bytes]) -> bool:
    """Whether something of this name is worth a try; `head` gives its first bytes if need be."""
    suffix = _suffix(name)
    if suffix in SUFFIXES or (suffix and suffix not in OTHER_SUFFIXES):
        return True
    return begins_as_invoice(head()[:LOOKED_AT])


def may_be_invoice(path: str) -> bool:
    """Whether a file with another suffix, or with none, is worth a try.

    Raises:
        OSError: the file cannot be opened.
    """

    def head() -> bytes:
        with open(path, "rb") as file:
            return file.read(LOOKED_AT)

    return is_taken(path, head)


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


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _is_xml(text: str) -> bool:
    return text.lstrip(" \t\r\n").startswith("<")
