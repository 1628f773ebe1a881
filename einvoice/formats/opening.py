"""From bytes to a tree: what a document is, told by its content and never by its name."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from lxml import etree

from einvoice.bindings import cii, ubl, zugferd1
from einvoice.errors import InputNotReadable, UnknownFormat
from einvoice.xml.parse import DEFAULT_LIMITS, Limits, parse

if TYPE_CHECKING:
    from einvoice.pdf.container import PdfContainer

#: What a document may be given as: a path, its bytes, or an open binary file.
Source = str | os.PathLike[str] | bytes | BinaryIO

_ENVELOPE = (
    "{http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader}"
    "StandardBusinessDocument"
)

#: Root element -> name of the XML format.
ROOTS = {
    f"{{{ubl.INVOICE_NAMESPACE}}}Invoice": "ubl-invoice",
    f"{{{ubl.CREDIT_NOTE_NAMESPACE}}}CreditNote": "ubl-creditnote",
    f"{{{cii.NAMESPACE}}}CrossIndustryInvoice": "cii",
    f"{{{zugferd1.NAMESPACE}}}CrossIndustryDocument": "zugferd1",
}

#: Names of the formats that a document can have; inside a PDF the name tells the container.
IN_PDF = {
    "ubl-invoice": "pdf-ubl-invoice",
    "ubl-creditnote": "pdf-ubl-creditnote",
    "cii": "facturx",
    "zugferd1": "pdf-zugferd1",
}
JSON = "json"
UNKNOWN = "unknown"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An input, looked at: its format and, unless it is JSON, the XML inside."""

    path: str
    format: str
    data: bytes  #: as given
    xml: bytes = b""  #: the invoice, out of a PDF or an envelope
    root: etree._Element | None = None
    container: PdfContainer | None = None

    @property
    def syntax(self) -> str:
        """Name of the XML format, whether in a PDF or not."""
        return next((xml for xml, pdf in IN_PDF.items() if pdf == self.format), self.format)


def name_of(source: Source) -> str:
    """A name for messages: the path, or `-` for bytes and streams without one."""
    if isinstance(source, bytes | bytearray | memoryview):
        return "-"
    if isinstance(source, str | os.PathLike):
        return os.fspath(source)
    name = getattr(source, "name", "-")
    return name if isinstance(name, str) else "-"


def load(source: Source) -> bytes:
    """The bytes of a source.

    Raises:
        InputNotReadable: it cannot be opened or read.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes(source)
    try:
        if isinstance(source, str | os.PathLike):
            return Path(source).read_bytes()
        return source.read()
    except OSError as error:
        raise InputNotReadable(name_of(source), error.strerror or str(error)) from None


def is_pdf(data: bytes) -> bool:
    """Whether bytes are a PDF: its mark stands within the first 1024 of them."""
    return b"%PDF-" in data[:1024]


def open_data(data: bytes, path: str = "-", limits: Limits = DEFAULT_LIMITS) -> Opened:
    """Find out what a document is.

    Raises:
        DocumentError: it holds no invoice that we know; the subclass says why.
    """
    if is_pdf(data):
        return _open_pdf(data, path, limits)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return Opened(path=path, format=JSON, data=data)
    return _open_xml(data, data, path, limits)


def _open_pdf(data: bytes, path: str, limits: Limits) -> Opened:
    from einvoice.pdf.container import open_pdf

    container = open_pdf(data, max_unpacked=limits.size)
    inner = _open_xml(container.xml, data, path, limits)
    return msgspec.structs.replace(inner, format=IN_PDF[inner.format], container=container)


def _open_xml(xml: bytes, data: bytes, path: str, limits: Limits) -> Opened:
    root = parse(xml, limits)
    if root.tag == _ENVELOPE:
        root = _inside_envelope(root)
        xml = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    name = ROOTS.get(root.tag)
    if name is None:
        raise UnknownFormat(root.tag, ROOTS)
    return Opened(path=path, format=name, data=data, xml=xml, root=root)


def _inside_envelope(envelope: etree._Element) -> etree._Element:
    """The invoice in a Standard Business Document, as a document of its own with its lines."""
    for element in _candidates(envelope):
        if element.tag in ROOTS:
            return copy.deepcopy(element)
    first = next((str(child.tag) for child in envelope if child.tag is not None), _ENVELOPE)
    raise UnknownFormat(f"{_ENVELOPE} with {first}", ROOTS)


def _candidates(envelope: etree._Element) -> Iterator[etree._Element]:
    yield from envelope
    for child in envelope:
        yield from child
