"""Stylesheets that are none of the ISO skeleton's: Saxon runs them if they reach nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from einvoice.schematron.reading import XSL, Reader, UnknownConstruct, label
from einvoice.xml.names import line_of

_ELEMENTS = frozenset(
    f"{XSL}{name}"
    for name in (
        *("import", "include", "import-schema", "result-document", "source-document"),
        *("evaluate", "stream", "use-package", "message"),
    )
)
_CALLS = re.compile(
    r"\b(doc|document|doc-available|collection|uri-collection|unparsed-text[\w-]*|json-doc"
    r"|transform|load-xquery-module|environment-variable|available-environment-variables)\s*\("
)


def refuse_open(path: Path) -> None:
    """Refuse a stylesheet that may read or write anything but the document that it judges.

    Raises:
        UnknownConstruct: it may; the first such construct is named.
        RuleSetError: it is not well-formed.
    """
    reader = Reader(path, closed=True)
    root = reader.load(reader.path)
    if root.tag not in (f"{XSL}stylesheet", f"{XSL}transform"):
        raise UnknownConstruct(str(reader.path), line_of(root), f"{label(root)}: no stylesheet")
    for element in root.iter(etree.Element):
        call = _CALLS.search(" ".join(map(str, element.attrib.values())))
        if element.tag in _ELEMENTS or call is not None:
            what = f"{call[1]}()" if call else label(element)
            reason = f"{what} may reach beyond the document"
            raise UnknownConstruct(str(reader.path), line_of(element), reason)
