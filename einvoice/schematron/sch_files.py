"""Puts an ISO Schematron source together from its files: include, and extends of another file.

Nothing outside the folder of the source is read, and no file includes itself.
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from einvoice.schematron.reading import Reader, elements, label

SCH = "{http://purl.oclc.org/dsdl/schematron}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_MAX_DEPTH = 20


def load_schema(reader: Reader) -> etree._Element:
    """The schema element with all that it includes in its place."""
    root = reader.load(reader.path)
    if root.tag != f"{SCH}schema":
        reader.fail(root, "no ISO Schematron schema (http://purl.oclc.org/dsdl/schematron)")
    _expand(reader, root, (str(reader.path),))
    return root


def _expand(reader: Reader, parent: etree._Element, above: tuple[str, ...]) -> None:
    for child in elements(parent):
        if child.tag == f"{SCH}include":
            given = reader.attributes(child, "href")
            reader.expect_empty(child)
            included, chain = _fetch(reader, child, given["href"], above)
            if included.tag == f"{SCH}schema":
                reader.fail(child, "a whole schema cannot be included")
            reader.take_prefixes_of_xslt(included)
            included.tail = child.tail
            parent.replace(child, included)
            _expand(reader, included, chain)
        elif child.tag == f"{SCH}extends" and "href" in child.attrib:
            given = reader.attributes(child, "href")
            reader.expect_empty(child)
            other, chain = _fetch(reader, child, given["href"], above)
            _take_content(reader, parent, child, other, chain)
        else:
            _expand(reader, child, above)


def _take_content(
    reader: Reader,
    parent: etree._Element,
    extends: etree._Element,
    other: etree._Element,
    chain: tuple[str, ...],
) -> None:
    """Put what is in an element of another file in the place of `extends`."""
    if other.tag != parent.tag:
        reader.fail(extends, f"{label(parent)} cannot take the content of {label(other)}")
    _expand(reader, other, chain)
    file = reader.file_of(other)
    for child in elements(other):
        reader.mark(child, file)
        extends.addprevious(child)
    parent.remove(extends)


def _fetch(
    reader: Reader, element: etree._Element, href: str, above: tuple[str, ...]
) -> tuple[etree._Element, tuple[str, ...]]:
    """The element that a reference means, with the files that led to it."""
    name, _, fragment = href.partition("#")
    path = reader.within(element, name) if name else Path(reader.file_of(element))
    key = f"{path}#{fragment}" if fragment else str(path)
    chain = (*above, key)
    if key in above:
        reader.fail(element, f"{href!r} includes itself")
    if len(chain) > _MAX_DEPTH:
        reader.fail(element, f"included more than {_MAX_DEPTH} deep")
    root = reader.load(path, element)
    if not fragment:
        return root, chain
    named = (e for e in root.iter(etree.Element) if fragment in (e.get("id"), e.get(_ID)))
    found = next(named, None)
    if found is None:
        reader.fail(element, f"there is no element {fragment!r} in {path.name!r}")
    reader.mark(found, str(path))
    return found, chain
