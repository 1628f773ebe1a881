"""Mend in a PDF what PDF/A-3 demands and no reader sees: no glyph, line or colour changes.

Each function yields a sentence per thing that it changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from einvoice.errors import PdfError
from einvoice.pdf import icc
from einvoice.pdf.attach import UNKNOWN_MIME, put_metadata
from einvoice.pdf.claim import without_undescribed
from einvoice.pdf.container import (
    MAX_XMP,
    as_dictionary,
    as_list,
    associated_files,
    file_specifications,
    identity_of,
    metadata_stream,
    stream_of,
    text_of,
)
from einvoice.pdf.information import packet_from

if TYPE_CHECKING:
    import pikepdf

Mended = Iterator[str]

#: Flags of annotations (ISO 32000-1, table 165). PDF/A wants those printed that can be seen.
PRINT = 1 << 2
NOT_SEEN = 1 << 0 | 1 << 1 | 1 << 5 | 1 << 8  # Invisible, Hidden, NoView, ToggleNoView


def mend_before(document: pikepdf.Pdf) -> Mended:
    """What is mended before the invoice is embedded, whether it is known to be needed or not."""
    yield from mend_identifier(document)
    yield from mend_metadata(document)
    yield from mend_annotations(document)


def mend_identifier(document: pikepdf.Pdf) -> Mended:
    """A file has an ID in its trailer; saving gives one that follows from the content."""
    if len(as_list(document.trailer.get("/ID"))) != 2:
        yield "the document ID was missing and is there now"


def mend_metadata(document: pikepdf.Pdf) -> Mended:
    """XMP is there, is well-formed, and has no property that PDF/A does not know."""
    old = metadata_stream(document)
    try:
        packet, gone = without_undescribed(old.unpack(MAX_XMP)) if old else (b"", ())
    except PdfError:
        put_metadata(document, packet_from(document))
        yield "the XMP metadata could not be read and is made anew from the document information"
        return
    if not packet:
        put_metadata(document, packet_from(document))
        yield "XMP metadata was missing and is made from the document information"
    elif gone:
        put_metadata(document, packet)
        yield f"XMP properties that no extension schema describes are left out: {', '.join(gone)}"


def mend_output_intent(document: pikepdf.Pdf) -> Mended:
    """Device colours mean something: sRGB, which is how screens have shown them."""
    from pikepdf import Array, Dictionary, Name, String

    intents = as_list(document.Root.get("/OutputIntents"))
    if any(_has_profile(as_dictionary(intent)) for intent in intents):
        return
    profile = document.make_stream(icc.srgb_profile())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(icc.NAME),
        RegistryName=String("http://www.color.org"),
        Info=String(icc.NAME),
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])
    yield "an output intent with a profile was missing and is sRGB now"


def _has_profile(intent: Any) -> bool:
    return intent is not None and "/DestOutputProfile" in intent


def mend_font_lists(document: pikepdf.Pdf) -> Mended:
    """A list of the glyphs in a font file is complete or, as it need not be there, is not there."""
    count = 0
    for descriptor in map(as_dictionary, document.objects):
        if descriptor is not None and descriptor.get("/Type") == "/FontDescriptor":
            for key in ("/CIDSet", "/CharSet"):
                if key in descriptor:
                    del descriptor[key]
                    count += 1
    if count:
        yield f"lists of glyphs in fonts were incomplete and are left out: {count}"


def mend_annotations(document: pikepdf.Pdf) -> Mended:
    """What can be seen is printed too."""
    count = 0
    for page in document.pages:
        for annotation in map(as_dictionary, as_list(page.obj.get("/Annots"))):
            count += annotation is not None and _made_printable(annotation)
    if count:
        yield f"annotations that were not to be printed are printed now: {count}"


def _made_printable(annotation: Any) -> bool:
    flags = annotation.get("/F", 0)
    if annotation.get("/Subtype") == "/Popup" or not isinstance(flags, int):
        return False
    if flags & NOT_SEEN or flags & PRINT:
        return False
    annotation.F = flags | PRINT
    return True


def mend_attachments(document: pikepdf.Pdf) -> Mended:
    """Attachments have both names, a relationship and a type, and belong to the document."""
    from pikepdf import Array

    listed = {identity_of(spec) for spec in associated_files(document)}
    for spec, file in file_specifications(document):
        missing = list(_completed(spec, file.name))
        if identity_of(spec) not in listed:
            document.Root.AF = Array([*associated_files(document), spec])
            missing.append("its place under AF")
        if missing:
            yield f"the attachment {file.name!r} lacked {', '.join(missing)}"


def _completed(spec: Any, name: str) -> Iterator[str]:
    """Add what a file specification lacks, and name it."""
    from pikepdf import Name, String

    for key in ("/F", "/UF"):
        if text_of(spec.get(key)) is None:
            spec[key] = String(name)
            yield f"the name {key}"
    if "/AFRelationship" not in spec:
        spec.AFRelationship = Name.Unspecified
        yield "a relationship"
    stream = stream_of(spec)
    if stream is not None and "/Subtype" not in stream:
        stream.Subtype = Name("/" + UNKNOWN_MIME)
        yield "a type"
