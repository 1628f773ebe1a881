"""The formats: how each is recognised, read and written."""

from __future__ import annotations

from einvoice.errors import UnreadFormat, UsageError
from einvoice.formats import canonical, cii, facturx, ubl
from einvoice.formats.document import Document
from einvoice.formats.format import Format, Options, Written
from einvoice.formats.mapping import TABLES, read_xml
from einvoice.formats.opening import JSON, Opened, Source, load, name_of, open_data

#: The formats that can be written.
FORMATS: tuple[Format, ...] = (ubl.FORMAT, cii.FORMAT, facturx.FORMAT, canonical.FORMAT)

__all__ = [
    "FORMATS",
    "Document",
    "Format",
    "Opened",
    "Options",
    "Source",
    "Written",
    "format_named",
    "load",
    "name_of",
    "open_data",
    "read",
    "read_opened",
]


def format_named(name: str) -> Format:
    """The target format of that name.

    Raises:
        UsageError: there is none.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    raise UsageError("format", name, (known.name for known in FORMATS))


def read(source: Source) -> Document:
    """Read an invoice of any known format.

    Args:
        source: a path, the bytes, or an open binary file.

    Raises:
        InputNotReadable: the source cannot be opened.
        DocumentError: it holds no invoice that can be read; the subclass says why.
    """
    return read_opened(open_data(load(source), name_of(source)))


def read_opened(opened: Opened) -> Document:
    """Read the invoice of a document that was looked at already.

    Raises:
        DocumentError: its format is recognised but cannot be read.
    """
    if opened.format == JSON:
        return Document(opened, canonical.read(opened.data))
    if opened.root is None or opened.syntax not in TABLES:
        raise UnreadFormat(opened.format, TABLES)
    read = read_xml(opened.syntax, opened.root)
    return Document(opened, read.model, read)
