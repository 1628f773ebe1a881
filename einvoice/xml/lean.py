"""Schemas without their documentation, which is most of their text, kept in the cache folder.

The UBL schemas are two thirds annotations; without them a process has its schema in a third of the
time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from lxml import etree

from einvoice import kept

_ANNOTATION = "{http://www.w3.org/2001/XMLSchema}annotation"


def lean(paths: Sequence[Path], hashes: Sequence[str]) -> dict[str, bytes]:
    """The files of a schema by resolved path, without annotations and comments.

    Args:
        paths: the files, the entry first.
        hashes: their SHA-256, which the lean ones are found by.
    """
    names = [str(path.resolve()) for path in paths]
    key = hashlib.sha256("\0".join((*hashes, *names)).encode()).hexdigest()
    place = kept.cache_folder("schemas") / f"{key}.xsd"
    content = kept.load(place)
    if content is None:
        content = msgspec.msgpack.encode([_without_annotations(path) for path in paths])
        kept.store(place, content)
    return dict(zip(names, msgspec.msgpack.decode(content, type=list[bytes]), strict=True))


def _without_annotations(path: Path) -> bytes:
    parser = etree.XMLParser(
        no_network=True, load_dtd=False, remove_comments=True, remove_blank_text=True
    )
    root = etree.parse(str(path), parser).getroot()
    for annotation in list(root.iter(_ANNOTATION)):
        parent = annotation.getparent()
        if parent is not None:
            parent.remove(annotation)
    return etree.tostring(root, encoding="utf-8")
