"""Where the objects of a PDF lie in the file: what the PDF library reads but does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from einvoice.pdf.pdfa.subject import Subject, as_list, is_stream, unpacked

START = re.compile(rb"startxref\s+(\d+)")
ROW = re.compile(rb"(\d{10}) (\d{5}) ([nf])\s*")
SUBSECTION = re.compile(rb"\s*(\d+)\s+(\d+)\s*")
PREVIOUS = re.compile(rb"/Prev\s+(\d+)")
HYBRID = re.compile(rb"/XRefStm\s+(\d+)")
OBJECT = re.compile(rb"\s*(\d+)\s+(\d+)\s+obj")
MAX_SECTIONS = 1000
IN_FILE = 1  #: kind of an entry of a cross-reference stream that gives an offset

Offsets = dict[tuple[int, int], int]


class Extent(msgspec.Struct, frozen=True):
    """The bytes from an object's number up to the next object or cross-reference section."""

    number: int
    generation: int
    start: int
    stop: int

    @property
    def name(self) -> str:
        """How a message names the object."""
        return f"object {self.number} {self.generation}"


class Layout(msgspec.Struct, frozen=True):
    """The sections and objects of a file, in file order."""

    tables: tuple[int, ...]  #: offsets of `xref` keywords
    objects: tuple[Extent, ...]


def layout(subject: Subject) -> Layout:
    """Follow the chain of cross-reference sections; what cannot be followed is left out."""
    tables: list[int] = []
    offsets: Offsets = {}
    waiting = [_last_section(subject.data)]
    seen: set[int] = set()
    while waiting and len(seen) < MAX_SECTIONS:
        at = waiting.pop()
        if at is None or at in seen or not 0 <= at < len(subject.data):
            continue
        seen.add(at)
        if subject.data.startswith(b"xref", at):
            tables.append(at)
            waiting.extend(_read_table(subject.data, at, offsets))
        else:
            waiting.extend(_read_stream(subject, at, offsets))
    return Layout(tables=tuple(tables), objects=_extents(offsets, seen, len(subject.data)))


def _last_section(data: bytes) -> int | None:
    found = START.findall(data, max(0, len(data) - 2048))
    return int(found[-1]) if found else None


def _read_table(data: bytes, at: int, offsets: Offsets) -> list[int | None]:
    """Add the objects of a table; give the sections to read next, the last one first."""
    at += len(b"xref")
    while header := SUBSECTION.match(data, at):
        at = header.end()
        first = int(header[1])
        for number in range(first, first + int(header[2])):
            row = ROW.match(data, at)
            if row is None:
                return []
            at = row.end()
            _add(offsets, (number, int(row[2])), int(row[1]) if row[3] == b"n" else 0)
    end = data.find(b"startxref", at)
    trailer = data[at : end if end >= 0 else len(data)]
    return [_number(PREVIOUS.search(trailer)), _number(HYBRID.search(trailer))]


def _number(match: re.Match[bytes] | None) -> int | None:
    return int(match[1]) if match else None


def _add(offsets: Offsets, key: tuple[int, int], offset: int) -> None:
    """Newer sections come first and win; offset 0 marks a free object."""
    if not any((key[0], generation) in offsets for generation in {key[1], 0}):
        offsets[key] = offset


def _read_stream(subject: Subject, at: int, offsets: Offsets) -> list[int | None]:
    """Add the objects of a cross-reference stream; give the section to read next."""
    head = OBJECT.match(subject.data, at)
    if head is None:
        return []
    stream = subject.pdf.get_object((int(head[1]), int(head[2])))
    if not is_stream(stream) or stream.get("/Type") != "/XRef":
        return []
    _add(offsets, (int(head[1]), int(head[2])), at)
    for number, kind, second, third in _rows(stream):
        if kind == IN_FILE:
            _add(offsets, (number, third), second)
        else:
            _add(offsets, (number, 0), 0)
    previous = stream.get("/Prev")
    return [int(previous)] if previous is not None else []


def _rows(stream: Any) -> Iterator[tuple[int, int, int, int]]:
    """Object number, kind, and the two fields of each entry."""
    widths = [int(width) for width in as_list(stream.get("/W"))]
    content = unpacked(stream) or b""
    if len(widths) != 3 or min(widths) < 0 or not sum(widths):
        return
    index = [int(item) for item in as_list(stream.get("/Index"))] or [0, int(stream.Size)]
    at = 0
    for first, count in zip(index[::2], index[1::2], strict=False):
        for number in range(first, first + count):
            if at + sum(widths) > len(content):
                return
            fields = []
            for width in widths:
                fields.append(int.from_bytes(content[at : at + width], "big"))
                at += width
            yield number, fields[0] if widths[0] else IN_FILE, fields[1], fields[2]


def _extents(offsets: Offsets, sections: set[int], size: int) -> tuple[Extent, ...]:
    """Each object with the place where the next thing starts."""
    used = sorted((start, key) for key, start in offsets.items() if 0 < start < size)
    borders = sorted({start for start, _ in used} | sections | {size})
    following = dict(zip(borders, borders[1:], strict=False))
    return tuple(
        Extent(number, generation, start, following[start]) for start, (number, generation) in used
    )


def strings_of(chunk: bytes) -> Iterator[bytes]:
    """The hexadecimal strings in PDF syntax outside streams, without their brackets."""
    at = 0 if _ALONE.search(chunk) else len(chunk)
    while found := _OPENING.search(chunk, at):
        at = found.end()
        if found[0] == b"(":
            at = _end_of_literal(chunk, at)
        elif found[0] == b"%":
            at = _end_of_line(chunk, at)
        elif found[0] == b"<":
            end = chunk.find(b">", at)
            if end < 0:
                return
            yield chunk[at:end]
            at = end + 1


_OPENING = re.compile(rb"<<|[(%<]")
_ALONE = re.compile(rb"(?<!<)<(?!<)")  #: the only bracket that such a string can start with
_BRACKET = re.compile(rb"\\.|[()]", re.DOTALL)
_LINE = re.compile(rb"[\r\n]")


def _end_of_literal(chunk: bytes, at: int) -> int:
    """Behind the bracket that closes a string whose opening one was read."""
    depth = 1
    for found in _BRACKET.finditer(chunk, at):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(chunk)


def _end_of_line(chunk: bytes, at: int) -> int:
    found = _LINE.search(chunk, at)
    return found.end() if found else len(chunk)
