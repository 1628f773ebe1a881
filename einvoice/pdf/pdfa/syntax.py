"""6.1.2 to 6.1.9: the bytes of the file, from header to end-of-file marker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.layout import Extent, layout, strings_of
from einvoice.pdf.pdfa.subject import Subject, is_stream

HEADER = re.compile(rb"%PDF-1\.[0-7](\r\n|\r|\n)")
COMMENT = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)%[\x80-\xff]{4}")
AFTER_END = (b"", b"\r\n", b"\n", b"\r")
TABLE_HEAD = re.compile(rb"xref(?:\r\n|\r|\n)\d+ \d+")
OBJECT_HEAD = re.compile(rb"\d+[\0\t\f\r\n ]\d+[\0\t\f\r\n ]obj[\r\n]")
OBJECT_TAIL = re.compile(rb"[\r\n]endobj(?:[\r\n]|$)")
STREAM_HEAD = re.compile(rb"stream(\r\n|\n|\r)?")
STREAM_KEYWORD = re.compile(rb">>\s*(?:%[^\r\n]*\s*)*stream(?=[\r\n ])")
STREAM_TAIL = re.compile(rb"(?:\r\n|\r|\n)endstream")
NEAR_TAIL = re.compile(rb"\s*endstream")
WHITE = b"\0\t\n\f\r "
HEX = frozenset(b"0123456789abcdefABCDEF")


def header(subject: Subject) -> Iterator[Fault]:
    """The file starts with its version and a comment that marks it as binary."""
    start = subject.data[:20]
    if not HEADER.match(start):
        yield Fault(
            "6.1.2-1",
            f"the file starts with {start[:10]!r}, "
            "expected %PDF-1.n with n from 0 to 7 at byte zero and a line end",
        )
    if not COMMENT.match(subject.data[:1100]):
        yield Fault(
            "6.1.2-2",
            "the line after the header is no comment of four bytes above 127, "
            "expected one so that programs treat the file as binary",
        )


def end_of_file(subject: Subject) -> Iterator[Fault]:
    """Nothing stands behind the last end-of-file marker but one line end.

    Zero bytes with which a medium fills up its blocks are passed over, as validators in use do.
    """
    _, marker, rest = subject.data.rpartition(b"%%EOF")
    if marker and rest.rstrip(b"\0") not in AFTER_END:
        yield Fault(
            "6.1.3-3",
            f"{len(rest)} bytes stand after the last %%EOF, expected one line end at most",
        )


def tables(subject: Subject) -> Iterator[Fault]:
    """The keyword `xref` and the head of its first subsection are one line end apart."""
    for at in subject.once(layout).tables:
        if not TABLE_HEAD.match(subject.data, at):
            yield Fault(
                "6.1.4-2",
                f"the cross-reference table at byte {at} does not start with xref, one line end "
                "and two numbers with one space between them",
            )


def objects(subject: Subject) -> Iterator[Fault]:
    """Numbers and keywords of an indirect object are set apart as laid down."""
    for extent in subject.once(layout).objects:
        if problem := _spacing(subject.data, extent):
            yield Fault("6.1.9-1", f"{extent.name} {problem}")


def _spacing(data: bytes, extent: Extent) -> str | None:
    at = extent.start
    while data[at : at + 1] and data[at] in WHITE:
        at += 1
    if at and data[at - 1] not in b"\r\n":
        return "does not start on a line of its own"
    if not OBJECT_HEAD.match(data, at):
        return "does not start with two numbers and obj, one space between them and a line end"
    end = data.rfind(b"endobj", extent.start, extent.stop)
    if end >= 0 and not OBJECT_TAIL.match(data, end - 1, end + 20):
        return "does not end with endobj between line ends"
    return None


def streams(subject: Subject) -> Iterator[Fault]:
    """Length counts the bytes of a stream, and its keywords are followed by line ends."""
    for extent in subject.once(layout).objects:
        item = subject.pdf.get_object((extent.number, extent.generation))
        if is_stream(item):
            length = item.get("/Length")
            if isinstance(length, int):
                yield from _stream(subject.data, extent, length)


def _stream(data: bytes, extent: Extent, length: int) -> Iterator[Fault]:
    keyword = STREAM_KEYWORD.search(data, extent.start, extent.stop)
    if keyword is None:
        return
    head = STREAM_HEAD.match(data, keyword.end() - len(b"stream"))
    if head is None or head[1] not in (b"\n", b"\r\n"):
        yield Fault(
            "6.1.7.1-2",
            f"the keyword stream of {extent.name} is not followed by a line feed, "
            "with or without a carriage return before it",
        )
    if head is None:
        return
    end = head.end() + length
    if STREAM_TAIL.match(data, end):
        return
    if NEAR_TAIL.match(data, end):
        if data[end - 1 : end] not in (b"\r", b"\n"):
            yield Fault(
                "6.1.7.1-2", f"the keyword endstream of {extent.name} does not follow a line end"
            )
        return
    yield Fault(
        "6.1.7.1-1", f"Length of {extent.name} is {length}, but endstream does not follow there"
    )


def hexadecimal(subject: Subject) -> Iterator[Fault]:
    """Hexadecimal strings hold pairs of hexadecimal digits."""
    for extent in subject.once(layout).objects:
        keyword = STREAM_KEYWORD.search(subject.data, extent.start, extent.stop)
        chunk = subject.data[extent.start : keyword.end() if keyword else extent.stop]
        if b"endstream" in chunk:  # packed data looks like anything
            continue
        for text in strings_of(chunk):
            yield from digit_faults(text, extent.name)


def digit_faults(text: bytes, holder: str) -> Iterator[Fault]:
    """What is wrong with the text between the brackets of a hexadecimal string."""
    digits = text.translate(None, WHITE)
    if not HEX.issuperset(digits):
        yield Fault("6.1.6-2", f"a hexadecimal string in {holder} holds other characters")
    elif len(digits) % 2:
        yield Fault("6.1.6-1", f"a hexadecimal string in {holder} has an odd number of digits")


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    header,
    end_of_file,
    tables,
    objects,
    streams,
    hexadecimal,
)

UNCHECKED: dict[str, str] = {}
