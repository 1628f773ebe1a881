"""Take the invoice, the other attachments and the metadata out of a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from einvoice.errors import NoInvoiceInPdf, PdfError
from einvoice.pdf.generations import (
    ALLOWED_NAMES,
    INVOICE_ROOTS,
    RELATIONSHIPS,
    Generation,
    generation_of,
)
from einvoice.pdf.metadata import Xmp, read_xmp
from einvoice.pdf.opening import opened, was_repaired
from einvoice.pdf.streams import MAX_UNPACKED, PackedStream, packed_stream

if TYPE_CHECKING:
    import pikepdf

#: XMP is text about the document; more than this is no metadata.
MAX_XMP = 16_000_000

#: Bounds for the tree of embedded files, against trees built to exhaust a reader.
MAX_NODES = 10_000
MAX_DEPTH = 50


class EmbeddedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One attachment as the PDF describes it."""

    name: str  #: UF, else F, else the key in the name tree
    mime: str | None = None
    relationship: str | None = None  #: AFRelationship without the slash
    description: str | None = None
    declared_size: int | None = None  #: Params Size, which nobody checks
    modified: str | None = None  #: Params ModDate, as a PDF date
    plain_name: str | None = None  #: F
    unicode_name: str | None = None  #: UF
    in_names: bool = False  #: listed under Names, EmbeddedFiles
    in_catalog: bool = False  #: listed under AF of the catalog
    packed: PackedStream | None = None  #: None if there is no stream

    def read(self, max_unpacked: int = MAX_UNPACKED) -> bytes:
        """The content of the file.

        Raises:
            PdfError: no stream, a damaged one, or more than `max_unpacked` bytes.
        """
        if self.packed is None:
            raise PdfError(f"the attachment {self.name!r} has no content")
        try:
            return self.packed.unpack(max_unpacked)
        except PdfError as error:
            raise PdfError(f"attachment {self.name!r}: {error}") from None

    @property
    def size(self) -> int:
        """Number of bytes of the unpacked content."""
        return len(self.read())

    @property
    def root(self) -> str | None:
        """Name of the root element in braces form, if the content is XML."""
        return root_of(self.packed.head()) if self.packed else None


class PdfContainer(msgspec.Struct, frozen=True, kw_only=True):
    """A PDF with an embedded invoice, and all that the container checks look at."""

    data: bytes = b""  #: the whole file, as given
    xml: bytes
    invoices: tuple[EmbeddedFile, ...]  #: all that were found, the one that counts first
    attachments: tuple[EmbeddedFile, ...]
    root: str | None = None  #: root element of the invoice in braces form
    xmp: Xmp | None = None  #: None if missing or not readable
    xmp_error: str | None = None  #: why it is not readable
    encrypted: bool = False  #: it is, but opens without a password
    repaired: bool = False  #: the file structure was damaged
    af_is_array: bool = True  #: AF of the catalog is an array, as it must be, or missing

    @property
    def name(self) -> str:
        """File name of the invoice."""
        return self.invoices[0].name

    @property
    def relationship(self) -> str | None:
        """AFRelationship of the invoice, without the slash."""
        return self.invoices[0].relationship

    @property
    def generation(self) -> Generation:
        """The specification that the file is judged by."""
        return generation_of(self.name, self.root)


def open_pdf(data: bytes, *, max_unpacked: int = MAX_UNPACKED) -> PdfContainer:
    """Find the invoice in a PDF.

    Args:
        data: the bytes of the file.
        max_unpacked: most bytes that the invoice may unpack to.

    Raises:
        PdfError: not a PDF, cut off, locked with a password, or built to exhaust memory.
        NoInvoiceInPdf: a readable PDF without an embedded invoice.
    """
    with opened(data) as pdf:
        attachments = embedded_files(pdf)
        packed_xmp = metadata_stream(pdf)
        af_is_array = as_dictionary(pdf.Root.get("/AF")) is None
        encrypted, repaired = pdf.is_encrypted, was_repaired(pdf)
    invoices = find_invoices(attachments)
    if not invoices:
        raise NoInvoiceInPdf(_without_invoice(attachments))
    xmp, xmp_error = _read_metadata(packed_xmp)
    return PdfContainer(
        data=data,
        xml=invoices[0].read(max_unpacked),
        invoices=invoices,
        attachments=attachments,
        root=invoices[0].root,
        xmp=xmp,
        xmp_error=xmp_error,
        encrypted=encrypted,
        repaired=repaired,
        af_is_array=af_is_array,
    )


def _without_invoice(attachments: Sequence[EmbeddedFile]) -> str:
    """Say what was looked for and what is there instead."""
    names = ", ".join(
        repr(file.name) + ("" if file.packed else " (without content)") for file in attachments
    )
    there = f"its attachments are {names}" if names else "it has no attachments"
    return f"the PDF holds no invoice: {there}; expected an attachment {ALLOWED_NAMES[0]}"


def _read_metadata(packed: PackedStream | None) -> tuple[Xmp | None, str | None]:
    """The XMP, or why it cannot be read."""
    if packed is None:
        return None, None
    data = packed.unpack(MAX_XMP)
    try:
        return read_xmp(data), None
    except PdfError as error:
        return None, str(error)


# --- which attachment is the invoice


def find_invoices(attachments: Sequence[EmbeddedFile]) -> tuple[EmbeddedFile, ...]:
    """Attachments with the name of an invoice or its root element, in order of preference."""
    found = [file for file in attachments if _is_invoice(file)]
    return tuple(sorted(found, key=_preference))


def _is_invoice(file: EmbeddedFile) -> bool:
    if file.packed is None:
        return False
    return has_invoice_name(file) or file.root in INVOICE_ROOTS


def has_invoice_name(file: EmbeddedFile) -> bool:
    """Whether readers take the file for the invoice by its name; some do in any case."""
    return file.name.lower() in {name.lower() for name in ALLOWED_NAMES}


def _preference(file: EmbeddedFile) -> tuple[int, bool, bool]:
    """Allowed names in their order, any case after the right case, other names last."""
    order = [name.lower() for name in ALLOWED_NAMES]
    if file.name in ALLOWED_NAMES:
        rank = ALLOWED_NAMES.index(file.name)
    elif has_invoice_name(file):
        rank = order.index(file.name.lower())
    else:
        rank = len(order)
    return rank, file.name not in ALLOWED_NAMES, file.relationship not in RELATIONSHIPS


def root_of(head: bytes) -> str | None:
    """Root element of an XML document in braces form, from its first bytes."""
    events = etree.iterparse(
        BytesIO(head),
        events=("start",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        _, element = next(iter(events))
    except (etree.XMLSyntaxError, StopIteration):
        return None
    return str(element.tag)


# --- walking the file


def embedded_files(pdf: pikepdf.Pdf) -> tuple[EmbeddedFile, ...]:
    """All attachments: those of the name tree, then those that only the catalog's AF lists."""
    return tuple(file for _, file in file_specifications(pdf))


def file_specifications(pdf: pikepdf.Pdf) -> list[tuple[Any, EmbeddedFile]]:
    """Each attachment once, as the object in the PDF and as what it says."""
    found: dict[object, tuple[Any, EmbeddedFile]] = {}
    for key, spec in name_tree_entries(pdf):
        _merge(found, spec, key, in_names=True)
    for spec in associated_files(pdf):
        _merge(found, spec, None, in_catalog=True)
    return list(found.values())


def _merge(
    found: dict[object, tuple[Any, EmbeddedFile]], spec: Any, key: str | None, **where: bool
) -> None:
    """Add a file specification, or note that one was met at a second place."""
    identity = identity_of(spec)
    _, file = found.get(identity) or (spec, _embedded_file(spec, key))
    found[identity] = (spec, msgspec.structs.replace(file, **where))


def identity_of(spec: Any) -> object:
    """The same for two references to one file: the object, or the stream of a direct one."""
    if spec.objgen != (0, 0):
        return spec.objgen
    stream = stream_of(spec)
    return ("stream", stream.objgen) if stream is not None else object()


def name_tree_entries(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Key and file specification of each entry under Names, EmbeddedFiles; loops end."""
    names = as_dictionary(pdf.Root.get("/Names"))
    waiting = [(names.get("/EmbeddedFiles"), 0)] if names is not None else []
    seen: set[tuple[int, int]] = set()
    nodes = 0
    while waiting and nodes < MAX_NODES:
        value, depth = waiting.pop()
        node = as_dictionary(value)
        if node is None or depth > MAX_DEPTH or node.objgen in seen - {(0, 0)}:
            continue
        seen.add(node.objgen)
        nodes += 1
        yield from _leaves(as_list(node.get("/Names")))
        waiting += [(kid, depth + 1) for kid in reversed(as_list(node.get("/Kids")))]


def _leaves(pairs: list[Any]) -> Iterator[tuple[str, Any]]:
    """A name tree lists key, value, key, value."""
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        spec = as_dictionary(value)
        if spec is not None:
            yield text_of(key) or "", spec


def associated_files(pdf: pikepdf.Pdf) -> list[Any]:
    """File specifications under AF of the catalog: an array, or wrongly a single one."""
    value = pdf.Root.get("/AF")
    single = as_dictionary(value)
    specs = [single] if single is not None else [as_dictionary(item) for item in as_list(value)]
    return [spec for spec in specs if spec is not None]


def stream_of(spec: Any) -> Any:
    """The embedded stream of a file specification: UF or F."""
    import pikepdf

    holder = as_dictionary(spec.get("/EF"))
    streams = [holder.get(key) for key in ("/UF", "/F")] if holder is not None else []
    return next((item for item in streams if isinstance(item, pikepdf.Stream)), None)


def _embedded_file(spec: Any, key: str | None) -> EmbeddedFile:
    """Read one file specification."""
    plain, unicode = text_of(spec.get("/F")), text_of(spec.get("/UF"))
    relationship = spec.get("/AFRelationship")
    file = EmbeddedFile(
        name=unicode or plain or key or "",
        plain_name=plain,
        unicode_name=unicode,
        relationship=None if relationship is None else str(relationship).removeprefix("/"),
        description=text_of(spec.get("/Desc")),
    )
    stream = stream_of(spec)
    return file if stream is None else _with_content(file, stream)


def _with_content(file: EmbeddedFile, stream: Any) -> EmbeddedFile:
    """Add what the embedded stream says."""
    parameters = as_dictionary(stream.get("/Params"))
    subtype = stream.get("/Subtype")
    size = parameters.get("/Size") if parameters is not None else None
    return msgspec.structs.replace(
        file,
        mime=None if subtype is None else str(subtype).removeprefix("/"),
        declared_size=size if isinstance(size, int) else None,
        modified=text_of(parameters.get("/ModDate")) if parameters is not None else None,
        packed=packed_stream(stream),
    )


def metadata_stream(pdf: pikepdf.Pdf) -> PackedStream | None:
    """The XMP of the document as it lies in the file."""
    import pikepdf

    stream = pdf.Root.get("/Metadata")
    return packed_stream(stream) if isinstance(stream, pikepdf.Stream) else None


def as_dictionary(value: Any) -> Any:
    """A dictionary that is one, else None: nothing in a PDF is of the type it should be."""
    import pikepdf

    return value if isinstance(value, pikepdf.Dictionary) else None


def as_list(value: Any) -> list[Any]:
    """An array as a list, anything else as an empty one."""
    import pikepdf

    return list(value) if isinstance(value, pikepdf.Array) else []


def text_of(value: Any) -> str | None:
    """A PDF string as text, anything else as None."""
    import pikepdf

    return str(value) if isinstance(value, pikepdf.String) else None
