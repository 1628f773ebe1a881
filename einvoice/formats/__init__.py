"""The formats: how each is recognised, read and written."""

from __future__ import annotations

from einvoice.errors import UsageError
from einvoice.formats import canonical, cii, facturx, flat_csv, flat_xlsx, ubl
from einvoice.formats.document import Document
from einvoice.formats.format import Format, Options, PdfA, Written
from einvoice.formats.mapping import read_xml
from einvoice.formats.opening import Opened, Source, load, name_of, open_data

#: The formats that can be written.
FORMATS: tuple[Format, ...] = (
    ubl.FORMAT,
    cii.FORMAT,
    facturx.FORMAT,
    canonical.FORMAT,
    flat_csv.FORMAT,
    flat_xlsx.FORMAT,
)

__all__ = [
    "FORMATS",
    "Document",
    "Format",
    "Opened",
    "Options",
    "PdfA",
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
        MalformedJson: it looks like JSON and is not the model.
    """
    if opened.root is None:
        return Document(opened, canonical.read(opened.data))
    read = read_xml(opened.syntax, opened.root)
    return Document(opened, read.model, read)
