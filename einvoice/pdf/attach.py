"""Embed an invoice and other files in a PDF, so that it becomes a hybrid invoice."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from einvoice.errors import UsageError
from einvoice.pdf.claim import Level, with_claim
from einvoice.pdf.container import (
    MAX_XMP,
    EmbeddedFile,
    as_dictionary,
    associated_files,
    file_specifications,
    find_invoices,
    has_invoice_name,
    identity_of,
    metadata_stream,
    name_tree_entries,
)
from einvoice.pdf.generations import ALLOWED_NAMES, FACTUR_X, LOW_LEVELS, RELATIONSHIPS
from einvoice.pdf.metadata import write_xmp
from einvoice.pdf.opening import opened
from einvoice.pdf.unusable import refuse_encrypted

if TYPE_CHECKING:
    import pikepdf

#: What becomes of the claim to be PDF/A-3.
Claim = Level | Literal["kept", "none"]

#: Version of the specification that a level follows, where the caller names none.
VERSIONS = {"XRECHNUNG": "3.0"}

#: Desc of the embedded invoice.
DESCRIPTION = "Invoice as structured data"

MIME = re.compile(r"[A-Za-z0-9][\w.+-]*/[\w.+-]+", re.ASCII)
UNKNOWN_MIME = "application/octet-stream"


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file to embed beside the invoice."""

    name: str  #: BT-125 file name
    content: bytes
    mime: str = "application/octet-stream"  #: BT-125 MIME code
    description: str | None = None  #: BT-123


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice that is to be embedded, and what the PDF shall say about it."""

    invoice: Attachment
    level: str  #: ConformanceLevel
    version: str
    relationship: str
    modified: date  #: of all attachments
    supplements: tuple[Attachment, ...] = ()
    claim: Claim = "kept"  #: level of PDF/A-3 that the XMP claims, or what it says already


def embedding(
    xml: bytes,
    *,
    level: str,
    modified: date,
    name: str = "factur-x.xml",
    relationship: str | None = None,
    version: str | None = None,
    supplements: Sequence[Attachment] = (),
    claim: Claim = "kept",
) -> Embedding:
    """Complete what is said about an invoice.

    Args:
        xml: the invoice as CII.
        level: ConformanceLevel: MINIMUM, BASIC WL, BASIC, EN 16931, EXTENDED or XRECHNUNG.
        modified: date for the attachments, usually BT-2.
        name: factur-x.xml or xrechnung.xml.
        relationship: by default Data for the two low levels, else Alternative.
        version: of the specification; by default 1.0, for XRECHNUNG 3.0.
        supplements: further files, embedded with the relationship Supplement.
        claim: level of PDF/A-3 to write into the XMP; by default the claim stays as it is.

    Raises:
        UsageError: a level, name or relationship that does not exist.
    """
    relationship = relationship or relationship_of(level)
    _require("conformance level", level, FACTUR_X.levels)
    _require("invoice file name", name, FACTUR_X.names)
    _require("relationship", relationship, RELATIONSHIPS)
    return Embedding(
        invoice=Attachment(name=name, content=xml, mime="text/xml", description=DESCRIPTION),
        level=level,
        version=version or VERSIONS.get(level, "1.0"),
        relationship=relationship,
        modified=modified,
        supplements=tuple(supplements),
        claim=claim,
    )


def relationship_of(level: str) -> str:
    """AFRelationship: low levels are no full invoices; the others say what the page says.

    German recipients take nothing but Alternative, and all others take it too.
    """
    return "Data" if level in LOW_LEVELS else "Alternative"


def attach(pdf: bytes, xml: bytes, **options: Any) -> bytes:
    """Embed an invoice in a PDF and declare it in the XMP; the same input gives the same bytes.

    An invoice that is already embedded is replaced, other attachments are kept. The page is not
    touched: whether the result is PDF/A depends on the PDF given.

    Args:
        pdf: the visible invoice.
        xml: the invoice as CII.
        options: those of `embedding`.

    Raises:
        PdfError: the PDF cannot be read, is encrypted, or its XMP is damaged.
        UsageError: a level, name or relationship that does not exist.
    """
    return embed_in(pdf, embedding(xml, **options))


def embed_in(pdf: bytes, chosen: Embedding) -> bytes:
    """The same with all that is said about the invoice.

    Raises:
        PdfError: the PDF cannot be read, is encrypted, or its XMP is damaged.
    """
    with opened(pdf) as document:
        refuse_encrypted(document)
        embed(document, chosen)
        return saved(document)


def embed(document: pikepdf.Pdf, chosen: Embedding) -> None:
    """Embed the invoice and the further files beside those that are kept, and declare them."""
    names, associated = _kept(document, chosen.supplements)
    invoice = chosen.invoice
    new = [(invoice.name, _embed(document, invoice, chosen.relationship, chosen.modified))]
    for file in _named_apart(chosen.supplements, {invoice.name, *(key for key, _ in names)}):
        new.append((file.name, _embed(document, file, "Supplement", chosen.modified)))
    _list_files(document, [*names, *new], [*associated, *(spec for _, spec in new)])
    declare(document, chosen)


def _require(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UsageError(what, value, known)


def _kept(
    document: pikepdf.Pdf, new: Sequence[Attachment]
) -> tuple[list[tuple[str, Any]], list[Any]]:
    """Entries of the name tree and of AF that stay: no invoice, and no file that comes again."""
    gone = {
        identity_of(spec)
        for spec, file in file_specifications(document)
        if _is_replaced(file) or _comes_again(file, new)
    }
    names = [
        (key, spec) for key, spec in name_tree_entries(document) if identity_of(spec) not in gone
    ]
    associated = [spec for spec in associated_files(document) if identity_of(spec) not in gone]
    return names, associated


def _comes_again(file: EmbeddedFile, new: Sequence[Attachment]) -> bool:
    """Whether a supplement of an earlier run is among the new files, under its name or another."""
    if file.relationship != "Supplement" or not new or file.packed is None:
        return False
    sizes = {len(each.content) for each in new}
    if file.declared_size is not None and file.declared_size not in sizes:
        return False
    content = file.read()
    return any(content == each.content for each in new)


def _is_replaced(file: EmbeddedFile) -> bool:
    """An invoice by its name or content; an invoice that is only a supplement stays."""
    if has_invoice_name(file):
        return True
    return bool(find_invoices([file])) and file.relationship != "Supplement"


def _named_apart(files: Sequence[Attachment], taken: set[str]) -> Iterator[Attachment]:
    """Supplements under names that are free and that no reader takes for the invoice."""
    taken = {*taken, *ALLOWED_NAMES}
    for file in files:
        name = _free_name(_bare_name(file.name), {item.lower() for item in taken})
        taken.add(name)
        yield msgspec.structs.replace(file, name=name)


def _bare_name(name: str) -> str:
    """A file name without folders and control characters."""
    bare = PurePosixPath(re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/"))).name
    return bare or "attachment"


def _free_name(name: str, taken: set[str]) -> str:
    """The name itself, or with the first number that makes it new."""
    path, number, free = PurePosixPath(name), 1, name
    while free.lower() in taken:
        number += 1
        free = f"{path.stem}-{number}{path.suffix}"
    return free


def _embed(document: pikepdf.Pdf, file: Attachment, relationship: str, modified: date) -> Any:
    """Make a file specification with its stream; the object that both lists point to."""
    from pikepdf import Dictionary, Name, String

    stream = document.make_stream(b"")
    stream.write(zlib.compress(file.content), filter=Name.FlateDecode)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + (file.mime if MIME.fullmatch(file.mime) else UNKNOWN_MIME))
    stream.Params = Dictionary(
        Size=len(file.content),
        CheckSum=String(hashlib.md5(file.content, usedforsecurity=False).digest()),
        ModDate=String(f"D:{modified:%Y%m%d}000000Z"),
    )
    return document.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(file.name),
            UF=String(file.name),
            EF=Dictionary(F=stream, UF=stream),
            Desc=String(file.description or file.name),
            AFRelationship=Name("/" + relationship),
        )
    )


def _list_files(
    document: pikepdf.Pdf, names: Sequence[tuple[str, Any]], associated: Sequence[Any]
) -> None:
    """Write the flat name tree, sorted by the bytes of its keys, and AF of the catalog."""
    from pikepdf import Array, Dictionary, String

    pairs = sorted(((String(key), spec) for key, spec in names), key=lambda pair: bytes(pair[0]))
    tree = Dictionary(Names=Array([item for pair in pairs for item in pair]))
    holder = as_dictionary(document.Root.get("/Names"))
    if holder is None:
        document.Root.Names = Dictionary(EmbeddedFiles=tree)
    else:
        holder.EmbeddedFiles = tree
    document.Root.AF = Array(associated)


def declare(document: pikepdf.Pdf, chosen: Embedding) -> None:
    """Say in the XMP what is embedded; it stays unpacked so that simple tools find it."""
    old = metadata_stream(document)
    data = write_xmp(
        old.unpack(MAX_XMP) if old else None,
        file_name=chosen.invoice.name,
        level=chosen.level,
        version=chosen.version,
    )
    if chosen.claim != "kept":
        data = with_claim(data, None if chosen.claim == "none" else chosen.claim)
    put_metadata(document, data)


def put_metadata(document: pikepdf.Pdf, data: bytes) -> None:
    """Make a packet the XMP of the document."""
    from pikepdf import Name

    stream = document.make_stream(data)
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    document.Root.Metadata = stream


def saved(document: pikepdf.Pdf) -> bytes:
    """The bytes of the file; streams are left as they are, the ID comes from the content."""
    from pikepdf import StreamDecodeLevel

    target = BytesIO()
    document.save(
        target,
        fix_metadata_version=False,
        deterministic_id=True,
        min_version="1.7",
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
    )
    return target.getvalue()
