"""6.1.6 and 6.1.10: strings and inline images in the text of content streams."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.layout import strings_of
from einvoice.pdf.pdfa.subject import (
    Subject,
    as_dictionary,
    as_list,
    is_stream,
    label,
    text_of,
    unpacked,
)
from einvoice.pdf.pdfa.syntax import digit_faults

#: Filters of inline images: those of PDF 1.7 for them without LZW.
FILTERS = frozenset(
    (
        "/ASCIIHexDecode",
        "/ASCII85Decode",
        "/FlateDecode",
        "/RunLengthDecode",
        "/CCITTFaxDecode",
        "/DCTDecode",
    )
)
IMAGE = re.compile(rb"(?:^|[\s\]>)])BI(?=[\s/])[^()]*?\sID\s")  #: looks like an inline image


def texts(subject: Subject) -> Iterator[Fault]:
    """Hexadecimal strings hold pairs of digits, inline images are packed without LZW.

    Each stream is unpacked, looked at and let go, so that many large ones do not add up.
    """
    for stream in _contents(subject):
        data, name = unpacked(stream) or b"", f"the content {label(stream)}"
        if IMAGE.search(data):  # image data looks like anything, strings too
            yield from _images(stream, name)
        else:
            for text in strings_of(data):
                yield from digit_faults(text, name)


def _contents(subject: Subject) -> list[Any]:
    """The content streams of pages, forms, patterns and glyphs, each once."""
    streams = {}
    for page in subject.pages:
        parts = filter(is_stream, as_list(page.get("/Contents")))
        streams.update({item.objgen: item for item in parts})
    for row in subject.dictionaries:
        value = row.value
        if is_stream(value) and (value.get("/Subtype") == "/Form" or "/PatternType" in value):
            streams[value.objgen] = value
        glyphs = filter(is_stream, as_dictionary(value.get("/CharProcs")).as_dict().values())
        streams.update({item.objgen: item for item in glyphs})
    return list(streams.values())


def _images(stream: Any, name: str) -> Iterator[Fault]:
    for found in _filters(stream):
        if found not in FILTERS:
            yield Fault(
                "6.1.10-1",
                f"an inline image in {name} uses the filter {found[1:]}, "
                "which PDF/A does not allow",
            )


def _filters(stream: Any) -> Iterator[str]:
    """The filters of the inline images of a content stream, by their full names."""
    import pikepdf

    for one in pikepdf.parse_content_stream(stream):
        if isinstance(one, pikepdf.ContentStreamInlineImage):
            yield from map(text_of, as_list(one.iimage.obj.get("/Filter")))


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (texts,)

UNCHECKED = {
    "6.1.6": "hexadecimal strings in object streams, and in content with inline images, "
    "are not looked at",
}
