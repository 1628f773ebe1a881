"""6.8: embedded files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import Subject, Value, is_array, is_dictionary, is_stream, text_of

MIME = re.compile(r"/[-\w+.]+/[-\w+.]+")


def specifications(subject: Subject) -> list[Value]:
    """The file specifications of embedded files."""
    return [row for row in subject.dictionaries if is_dictionary(row.value.get("/EF"))]


def media_types(subject: Subject) -> Iterator[Fault]:
    """An embedded file says what kind of file it is."""
    for row in subject.once(specifications):
        for stream in _files(row.value["/EF"]):
            subtype = text_of(stream.get("/Subtype", ""))
            if not MIME.fullmatch(subtype):
                found = f"the media type {subtype[1:]!r}" if subtype else "no media type"
                yield Fault(
                    "6.8-1",
                    f"the file embedded by {row.holder} has {found}, expected Subtype type/subtype",
                )


def _files(files: Any) -> list[Any]:
    """The different streams of an EF dictionary."""
    streams = {item.objgen: item for _, item in files.items() if is_stream(item)}
    return list(streams.values())


def file_names(subject: Subject) -> Iterator[Fault]:
    """A file specification names its file in both ways."""
    for row in subject.once(specifications):
        if missing := [key[1:] for key in ("/F", "/UF") if key not in row.value]:
            yield Fault(
                "6.8-2",
                f"the file specification {row.holder} has no {' and no '.join(missing)}, "
                "expected F and UF",
            )


def relationships(subject: Subject) -> Iterator[Fault]:
    """A file specification says what the file is to the document, which lists it."""
    associated = _associated(subject)
    for row in subject.once(specifications):
        if "/AFRelationship" not in row.value:
            yield Fault("6.8-3", f"the file specification {row.holder} has no AFRelationship")
        if row.value.objgen not in associated:
            yield Fault(
                "6.8-4",
                f"the file specification {row.holder} stands in no AF array, "
                "expected one in the catalog or the object that the file belongs to",
            )


def _associated(subject: Subject) -> set[tuple[int, int]]:
    return {
        item.objgen
        for row in subject.dictionaries
        if is_array(files := row.value.get("/AF"))
        for item in files
        if is_dictionary(item)
    }


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    media_types,
    file_names,
    relationships,
)

UNCHECKED: dict[str, str] = {}
