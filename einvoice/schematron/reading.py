"""What both readers of rule sets need: files, places, attributes, expressions, errors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

from lxml import etree

from einvoice.errors import DocumentError, EInvoiceError, InputNotReadable
from einvoice.schematron.ir import Expression, Match
from einvoice.schematron.xpath.lexer import XPathError
from einvoice.schematron.xpath.parser import parse_expression, parse_pattern
from einvoice.xml.parse import parse

XSL = "{http://www.w3.org/1999/XSL/Transform}"
XSD = "http://www.w3.org/2001/XMLSchema"
#: Marks the root element of an included file with its path.
FILE = "{https://einvoice.invalid/reading}file"
#: Prefixes that every rule set may use without declaring them.
BUILT_IN = {"xs": XSD, "xsd": XSD, "fn": "http://www.w3.org/2005/xpath-functions"}

_Parsed = TypeVar("_Parsed")


class RuleSetError(EInvoiceError):
    """A rule set that cannot be read: where, and which construct is not understood or wrong."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class NotASkeleton(RuleSetError):
    """A stylesheet that the ISO skeleton did not generate; Saxon can still run it."""


class Reader:
    """One rule set while it is read: its file, its namespaces, what it has touched."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.namespaces: dict[str, str] = dict(BUILT_IN)
        self.default_namespace: str | None = None
        self.files: list[Path] = []
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of all files read so far."""
        return self._hash.hexdigest()

    def load(self, path: Path, named_in: etree._Element | None = None) -> etree._Element:
        """Parse one file of the rule set."""
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
        self.files.append(path)
        self._hash.update(data)
        root.set(FILE, str(path))
        return root

    def within(self, element: etree._Element, name: str, base: Path) -> Path:
        """The file of that name, relative to another one; only inside the rule set's folder."""
        if "://" in name or name.startswith(("/", "\\", "file:")):
            self.fail(element, f"{name!r} is not inside the folder of the rule set")
        path = (base.parent / name).resolve()
        if not path.is_relative_to(self.path.parent):
            self.fail(element, f"{name!r} is not inside the folder of the rule set")
        return path

    def fail(self, element: etree._Element, reason: str) -> NoReturn:
        """Raise at an element."""
        raise RuleSetError(self.file_of(element), line_of(element), reason)

    def refuse(self, element: etree._Element, parent: etree._Element | None = None) -> NoReturn:
        """Raise because an element is not understood where it stands."""
        parent = element.getparent() if parent is None else parent
        inside = "" if parent is None else f" in {label(parent)}"
        self.fail(element, f"{label(element)}{inside} is not understood")

    def file_of(self, element: etree._Element) -> str:
        """The file that an element came from."""
        for each in (element, *element.iterancestors()):
            if file := each.get(FILE):
                return file
        return str(self.path)

    def attributes(
        self, element: etree._Element, required: str = "", optional: str = ""
    ) -> dict[str, str]:
        """The attributes of an element, of which each must be known; names apart by spaces."""
        found = {str(k): str(v) for k, v in element.attrib.items() if k != FILE}
        for name in required.split():
            if name not in found:
                self.fail(element, f"{label(element)} has no attribute {name!r}")
        for name in found.keys() - {*required.split(), *optional.split()}:
            self.fail(element, f"the attribute {name!r} of {label(element)} is not understood")
        return found

    def declare(self, element: etree._Element, namespaces: Mapping[str, str]) -> None:
        """Take up prefixes; one that has another meaning already is refused."""
        for prefix, uri in namespaces.items():
            if self.namespaces.setdefault(prefix, uri) != uri:
                known = self.namespaces[prefix]
                self.fail(element, f"the prefix {prefix!r} means {uri!r} here, before {known!r}")

    def expression(self, element: etree._Element, text: str) -> Expression:
        """An expression that stands in an element."""
        return Expression(text, self._parse(parse_expression, element, text), line_of(element))

    def match(self, element: etree._Element, text: str) -> Match:
        """A match pattern that stands in an element."""
        return Match(text, self._parse(parse_pattern, element, text), line_of(element))

    def _parse(
        self, parser: Callable[..., _Parsed], element: etree._Element, text: str
    ) -> _Parsed:
        try:
            return parser(text, self.namespaces, self.default_namespace, line_of(element))
        except XPathError as error:
            shown = " ".join(text.split())
            shown = shown if len(shown) <= 120 else f"{shown[:120]}…"
            self.fail(element, f"{label(element)}: {error.reason} in {shown!r}")

    def clark(self, element: etree._Element, name: str) -> str:
        """The Clark name of a prefixed one."""
        prefix, colon, local = name.rpartition(":")
        if not colon:
            return name
        if prefix not in self.namespaces:
            self.fail(element, f"the prefix {prefix!r} is not declared")
        return f"{{{self.namespaces[prefix]}}}{local}"


def line_of(element: etree._Element) -> int | None:
    """The line of an element in its file."""
    line: int | None = element.sourceline
    return line or None


def label(element: etree._Element) -> str:
    """An element as people write it: `xsl:if`, `assert 'BR-01'`."""
    name = etree.QName(element)
    prefix = f"{element.prefix}:" if element.prefix else ""
    identity = element.get("id") or element.get("name")
    return f"{prefix}{name.localname}" + (f" {identity!r}" if identity else "")


def elements(parent: etree._Element) -> list[etree._Element]:
    """The child elements."""
    return list(parent.iterchildren(etree.Element))
