"""Checks a document against an official XML Schema, in words that need no knowledge of libxml2.

Schemas come from the catalogue `schemas/catalogue.json`; only files named there are read.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import msgspec
from lxml import etree

from einvoice.artefacts import Artefact, data_folder, locate
from einvoice.errors import ArtefactError, UsageError
from einvoice.xml.lean import lean
from einvoice.xml.names import line_of, prefixed
from einvoice.xml.place import Places

MAX_FAULTS = 100  #: a document that breaks more rules of its schema is not better understood
_MAX_PART = 200  #: characters of a value, or of a list of names, in a message

_TAG = re.compile(r"\{([^}]*)\}([\w.\-]+)")
_STEP = re.compile(r"(?:([\w.\-]+):)?([\w.\-]+|\*)(?:\[(\d+)\])?$")
_REPEATED = re.compile(r"is not a valid value of the (?:local )?(?:atomic|union|list) type")

#: What libxml2 says and what we say; the first that matches is taken.
_WORDING = (
    (
        r"Element '(?P<it>[^']+)': This element is not expected\. "
        r"Expected is (?:one of )?\( (?P<want>.*) \)\.",
        "{it} is not expected here; expected: {want}",
    ),
    (r"Element '(?P<it>[^']+)': This element is not expected\.", "{it} is not expected here"),
    (
        r"Element '(?P<it>[^']+)': Missing child element\(s\)\. "
        r"Expected is (?:one of )?\( (?P<want>.*) \)\.",
        "{it} is incomplete; expected next: {want}",
    ),
    (
        r"Element '(?P<it>[^']+)': Missing child element\(s\)\.",
        "{it} is incomplete: it lacks an element",
    ),
    (
        r"Element '(?P<it>[^']+)': No matching global declaration available for the "
        r"validation root\.",
        "the root element {it} does not belong to this schema",
    ),
    (
        r"Element '(?P<it>[^']+)'(?:, attribute '[^']+')?: "
        r"The attribute '(?P<at>[^']+)' is required but missing\.",
        "{it} lacks the attribute {at}",
    ),
    (
        r"Element '(?P<it>[^']+)', attribute '(?P<at>[^']+)': "
        r"The attribute '[^']+' is not allowed\.",
        "{it} must not have the attribute {at}",
    ),
    (
        r"Element '(?P<it>[^']+)', attribute '(?P<at>[^']+)': (?:\[facet '\w+'\] )?(?P<rest>.*)",
        "attribute {at} of {it}: {rest}",
    ),
    (
        r"Element '(?P<it>[^']+)': '' is not a valid value of the \w+ type '(?P<type>[^']+)'\.",
        "{it} is empty; expected is {type}",
    ),
    (
        r"Element '(?P<it>[^']+)': '' is not a valid value of the local \w+ type\.",
        "{it} is empty; expected is a value of its type",
    ),
    (
        r"Element '(?P<it>[^']+)': "
        r"'(?P<value>.*)' is not a valid value of the local \w+ type\.",
        "{it} has the value '{value}', which does not fit its type",
    ),
    (
        r"Element '(?P<it>[^']+)': "
        r"'(?P<value>.*)' is not a valid value of the \w+ type '(?P<type>[^']+)'\.",
        "{it} has the value '{value}', which is no {type}",
    ),
    (
        r"Element '(?P<it>[^']+)': \[facet 'enumeration'\] The value '(?P<value>.*?)' is not an "
        r"element of the set \{(?P<want>.*)\}\.",
        "{it} has the value '{value}'; allowed: {want}",
    ),
    (
        r"Element '(?P<it>[^']+)': Character content other than whitespace is not allowed because "
        r"the content type is 'element-only'\.",
        "{it} must hold elements only, but there is text in it",
    ),
    (
        r"Element '(?P<it>[^']+)': Element content is not allowed, because the .*",
        "{it} must hold a value only, but there are elements in it",
    ),
    (r"Element '(?P<it>[^']+)': (?:\[facet '\w+'\] )?(?P<rest>.*)", "{it}: {rest}"),
)


class XsdFault(msgspec.Struct, frozen=True):
    """One place where a document departs from its schema."""

    message: str
    line: int | None
    location: str  #: XPath with conventional prefixes


class Schema(msgspec.Struct, frozen=True):
    """An official schema: the entry point and all that it includes."""

    name: str
    version: str  #: as shown to users, such as `UBL 2.1`
    files: tuple[Artefact, ...]  #: the first is the entry point


class _Compiled:
    """A compiled schema and the lock that its error log needs: lxml keeps one log per schema."""

    def __init__(self, schema: etree.XMLSchema) -> None:
        self.schema = schema
        self.lock = threading.Lock()


_compiled: dict[str, _Compiled] = {}
_compiling = threading.Lock()


def check(document: etree._Element | etree._ElementTree, schema: str) -> list[XsdFault]:
    """List where a document departs from the schema of that name; an empty list means valid.

    Safe to call from several threads.

    Raises:
        UsageError: no schema has that name.
        ArtefactError: a file of the schema is missing or not the one we know.
    """
    root = document if isinstance(document, etree._Element) else document.getroot()
    compiled = _compile(schema)
    with compiled.lock:
        if compiled.schema.validate(root):
            return []
        entries = list(islice(_without_repetition(compiled.schema.error_log), MAX_FAULTS))
    places = Places()
    return [_fault(entry, root, places) for entry in entries]


def schema_named(name: str) -> Schema:
    """The catalogue's entry of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return schemas()[name]
    except KeyError:
        raise UsageError("schema", name, schemas()) from None


@cache
def schemas() -> dict[str, Schema]:
    """All schemas of the catalogue, by name."""
    content = msgspec.json.decode((data_folder("schemas") / "catalogue.json").read_bytes())
    hashes = content["sha256"]
    return {
        row["name"]: Schema(
            row["name"],
            row["version"],
            tuple(Artefact(row["package"], file, hashes[file]) for file in row["files"]),
        )
        for row in content["schemas"]
    }


def _compile(name: str) -> _Compiled:
    """The compiled schema; made once per process."""
    with _compiling:
        if name not in _compiled:
            artefacts = schema_named(name).files
            paths = [locate(artefact) for artefact in artefacts]
            _compiled[name] = _Compiled(_load(lean(paths, [each.sha256 for each in artefacts])))
        return _compiled[name]


def _load(files: dict[str, bytes]) -> etree.XMLSchema:
    """Compile a schema of files by path, of which the first is its entry."""
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    parser.resolvers.add(_OnlyThese(files))
    path, content = next(iter(files.items()))
    try:
        return etree.XMLSchema(etree.fromstring(content, parser, base_url=path))
    except etree.XMLSchemaParseError as error:
        raise ArtefactError(f"{path} is no schema that can be used: {error}") from None


class _OnlyThese(etree.Resolver):
    """Lets a schema include the files of its catalogue entry and nothing else."""

    resolve_string: Callable[..., object]  # lxml has it, its stubs do not

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def resolve(  # type: ignore[override]  # the stubs forget the context
        self, system_url: str, public_id: str, context: object
    ) -> object:
        """Open an included file, if it is one of ours."""
        path = str(Path(system_url).resolve())
        if path in self._files:
            return self.resolve_string(self._files[path], context, base_url=system_url)
        raise ArtefactError(f"a schema includes {system_url}, which is not in the catalogue")


def _without_repetition(log: etree._ListErrorLog) -> Iterator[etree._LogEntry]:
    """Leave out the second complaint about one value: `no such type` after the facet it broke."""
    last = None
    for entry in log:
        repeated = entry.path == last and _REPEATED.search(entry.message)
        last = entry.path if "[facet" in entry.message else None
        if not repeated:
            yield entry


def _fault(entry: etree._LogEntry, root: etree._Element, places: Places) -> XsdFault:
    element = _follow(entry.path, root)
    if element is None:
        return XsdFault(plain(entry.message, root), entry.line or None, entry.path or "/")
    return XsdFault(plain(entry.message, element), line_of(element), places.xpath(element))


def plain(message: str, element: etree._Element) -> str:
    """Say libxml2's message in plain words, names with their conventional prefix."""
    text = _TAG.sub(lambda match: prefixed(match.group(), element), message).strip()
    for pattern, words in _WORDING:
        if match := re.fullmatch(pattern, text, re.S):
            parts = {name: _clip(part or "") for name, part in match.groupdict().items()}
            return words.format(**parts).removesuffix(".")
    return _clip(text)


def _clip(text: str) -> str:
    """Shorten, and show what cannot be seen: a no-break space is a common reason for a fault."""
    collapsed = re.sub(r"[ \t\r\n]+", " ", text[: 10 * _MAX_PART])
    visible = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in collapsed)
    return visible if len(visible) <= _MAX_PART else visible[:_MAX_PART] + "..."


def _follow(path: str | None, root: etree._Element) -> etree._Element | None:
    """Find the element of a libxml2 node path such as `/*/cbc:ID[2]` or `/*/*[3]`.

    There `*` counts all elements, a name those of the same prefix and name.
    """
    current: etree._Element | None = root
    for text in (path or "").split("/")[2:]:
        match = _STEP.match(text)
        if match is None or current is None:  # an attribute: its element is the place
            break
        prefix, name, position = match.groups()
        fits = (
            child
            for child in current.iterchildren(tag=etree.Element)
            if name == "*" or (child.prefix == prefix and etree.QName(child).localname == name)
        )
        current = next(islice(fits, int(position or 1) - 1, None), None)
    return current


def _after_fork() -> None:
    """A lock may have been held by a thread that does not exist in the child."""
    global _compiling
    _compiling = threading.Lock()
    for compiled in _compiled.values():
        compiled.lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
