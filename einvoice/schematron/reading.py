"""What both readers of rule sets need: files, places, attributes, expressions, errors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

from lxml import etree

from einvoice.errors import DocumentError, EInvoiceError, InputNotReadable
from einvoice.schematron.references import calls_in, reads_outside
from einvoice.schematron.xpath.lexer import XPathError
from einvoice.schematron.xpath.parser import parse_expression
from einvoice.schematron.xpath.patterns import parse_pattern
from einvoice.schematron.xpath.syntax import Expression, Pattern
from einvoice.xml.names import line_of
from einvoice.xml.parse import parse

XSL = "{http://www.w3.org/1999/XSL/Transform}"
XSD = "http://www.w3.org/2001/XMLSchema"
#: Prefixes that every rule set may use without declaring them.
BUILT_IN = {"xs": XSD, "xsd": XSD, "fn": "http://www.w3.org/2005/xpath-functions"}
_MARKS = "https://einvoice.invalid/reading"
FILE = f"{{{_MARKS}}}file"  #: on the root element of each file that was read: its path
_SHOWN = 120
_MAX_COPIES = 5000  #: of files and abstract parts; official sources need some hundreds

_Parsed = TypeVar("_Parsed")


class RuleSetError(EInvoiceError):
    """A rule set that cannot be read: where, which construct, and what is wrong with it."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class UnknownConstruct(RuleSetError):
    """Something in a rule set that we do not understand."""


class NotASkeleton(RuleSetError):
    """A stylesheet that is none of the ISO skeleton's; it can only be run as it is."""


class Reader:
    """One rule set while it is read: its file, its namespaces, the files that it was read from."""

    def __init__(self, path: Path, *, closed: bool) -> None:
        """Begin with a file; a closed rule set may read no file outside its folder."""
        self.path = path.resolve()
        self._closed = closed
        self.namespaces: dict[str, str] = {}
        self.default_namespace: str | None = None
        self.files: list[str] = []
        self._copies = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of all files read so far."""
        return self._hash.hexdigest()

    def load(self, path: Path, named_in: etree._Element | None = None) -> etree._Element:
        """Parse one file of the rule set, which an element of another one may have named."""
        try:
            data = path.read_bytes()
            root = parse(data)
        except OSError as error:
            reason = error.strerror or str(error)
            if named_in is None:
                raise InputNotReadable(path, reason) from None
            self.fail(named_in, f"{path.name} cannot be opened: {reason}")
        except DocumentError as error:
            raise RuleSetError(str(path), error.line, str(error)) from None
        self.files.append(str(path))
        self._hash.update(data)
        self.count(root)
        root.set(FILE, str(path))
        return root

    def count(self, element: etree._Element) -> None:
        """Count what is put together; a few files could multiply without end."""
        self._copies += 1
        if self._copies > _MAX_COPIES:
            self.fail(element, f"more than {_MAX_COPIES} parts are put together")

    def within(self, element: etree._Element, name: str) -> Path:
        """The file of that name beside the one of an element; only in the rule set's folder."""
        path = (Path(self.file_of(element)).parent / name).resolve()
        if "://" in name or not name or not path.is_relative_to(self.path.parent):
            self.fail(element, f"{name!r} is not inside the folder of the rule set")
        return path

    def mark(self, element: etree._Element, file: str) -> None:
        """Remember the file of an element that is taken out of it."""
        element.set(FILE, file)

    def fail(self, element: etree._Element, reason: str) -> NoReturn:
        """Raise at an element."""
        text = f"{label(element)}: {reason}"
        raise RuleSetError(self.file_of(element), line_of(element), text)

    def refuse(self, element: etree._Element, place: str) -> NoReturn:
        """Raise because an element is not understood where it stands."""
        reason = f"{label(element)}: not known {place}"
        raise UnknownConstruct(self.file_of(element), line_of(element), reason)

    def other_file(self, element: etree._Element) -> str | None:
        """The file that an element came from, unless it is the first one."""
        file = self.file_of(element)
        return None if file == str(self.path) else file

    def file_of(self, element: etree._Element) -> str:
        """The file that an element came from."""
        for each in (element, *element.iterancestors()):
            if file := each.get(FILE):
                return str(file)
        return str(self.path)

    def attributes(
        self, element: etree._Element, required: str = "", optional: str = ""
    ) -> dict[str, str]:
        """The attributes of an element, of which each must be known; names apart by spaces."""
        found = {str(k): str(v) for k, v in element.attrib.items() if k != FILE}
        for name in required.split():
            if name not in found:
                self.fail(element, f"lacks the attribute {name}")
        for name in sorted(found.keys() - {*required.split(), *optional.split()}):
            reason = f"{label(element)}: the attribute {name} is not known"
            raise UnknownConstruct(self.file_of(element), line_of(element), reason)
        return found

    def take_prefixes(self, element: etree._Element) -> None:
        """Take up the prefixes in scope of an element and of those below it."""
        for each in element.iter(etree.Element):
            used = {str(p): str(uri) for p, uri in each.nsmap.items() if p and uri != _MARKS}
            self.declare(each, used)

    def take_prefixes_of_xslt(self, element: etree._Element) -> None:
        """Take up the prefixes in scope of the XSLT in an element, before it moves elsewhere."""
        for each in element.iter(f"{XSL}function", f"{XSL}key"):
            self.take_prefixes(each)

    def declare(self, element: etree._Element, namespaces: Mapping[str, str]) -> None:
        """Take up prefixes; one that has another meaning already is refused."""
        for prefix, uri in namespaces.items():
            if (known := self.namespaces.setdefault(prefix, uri)) != uri:
                self.fail(element, f"the prefix {prefix!r} means {uri!r} here, {known!r} before")

    def expression(self, element: etree._Element, text: str) -> Expression:
        """Parse an expression that stands in an element."""
        return self._parsed(parse_expression, element, text)

    def match(self, element: etree._Element, text: str) -> tuple[Pattern, ...]:
        """Parse a match pattern that stands in an element."""
        return self._parsed(parse_pattern, element, text)

    def _parsed(
        self, parser: Callable[..., _Parsed], element: etree._Element, text: str
    ) -> _Parsed:
        try:
            tree = parser(text, self.namespaces, self.default_namespace)
        except XPathError as error:
            shown = " ".join(text.split())
            shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
            self.fail(element, f"{error.reason} in the expression {shown!r}")
        if self._closed:
            for call in calls_in(tree):
                if reason := reads_outside(call, self.path.parent):
                    self.fail(element, reason)
        return tree

    def clark(self, element: etree._Element, name: str) -> str:
        """The Clark name of a prefixed one."""
        prefix, colon, local = name.rpartition(":")
        if not colon:
            return name
        if prefix not in self.namespaces:
            self.fail(element, f"the prefix {prefix!r} is not declared")
        return f"{{{self.namespaces[prefix]}}}{local}"

    def expect_empty(self, element: etree._Element) -> None:
        """Refuse anything in an element that should hold nothing."""
        for part in content(element):
            if not isinstance(part, str):
                self.refuse(part, f"in {label(element)}")
            self.fail(element, f"the text {part.strip()!r} is not known here")


def label(element: etree._Element) -> str:
    """An element as messages name it: `<if>`, `<assert BR-01>`."""
    name = etree.QName(element)
    identity = element.get("id") or element.get("name")
    return f"<{name.localname}{f' {identity}' if identity else ''}>"


def elements(parent: etree._Element) -> list[etree._Element]:
    """The child elements."""
    return list(parent.iterchildren(etree.Element))


def content(parent: etree._Element) -> Iterator[str | etree._Element]:
    """Child elements and text; text of blanks alone does not count in XSLT."""
    if parent.text and parent.text.strip():
        yield parent.text
    for child in elements(parent):
        yield child
        if child.tail and child.tail.strip():
            yield child.tail
