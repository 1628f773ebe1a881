"""The mapping tables, compiled once a process when first needed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree

from einvoice.artefacts import locate
from einvoice.bindings import cii, ubl, zugferd1
from einvoice.bindings.reader import BLANK as BLANK
from einvoice.bindings.reader import Read, read
from einvoice.bindings.table import Table
from einvoice.bindings.tree import Compiled, Node, compile_table
from einvoice.bindings.writer import arrange, write
from einvoice.model import Invoice
from einvoice.xml.order import child_order
from einvoice.xml.xsd import schema_named

#: Name of the XML format -> its mapping table.
TABLES: dict[str, Table] = {
    "ubl-invoice": ubl.INVOICE,
    "ubl-creditnote": ubl.CREDIT_NOTE,
    "cii": cii.INVOICE,
    "zugferd1": zugferd1.INVOICE,
}


def read_xml(syntax: str, root: etree._Element) -> Read:
    """Read an invoice of a known syntax."""
    return read(_for_reading(syntax), root)


def write_xml(syntax: str, invoice: Invoice) -> bytes:
    """Write an invoice in a known syntax."""
    return write(_for_writing(syntax), invoice)


@cache
def _for_reading(syntax: str) -> Compiled:
    return compile_table(TABLES[syntax])


@cache
def _for_writing(syntax: str) -> Compiled:
    compiled = compile_table(TABLES[syntax])
    files = [locate(file) for file in schema_named(compiled.table.schema).files]
    arrange(compiled.root, child_order(files[0]))
    return compiled


_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
#: Says the version of the syntax, not of the invoice.
_VERSION = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}UBLVersionID"


def says_nothing(syntax: str, element: etree._Element, attribute: str | None, text: str) -> bool:
    """Whether a text or attribute is only what the syntax wants, such as a format or a scheme."""
    name = attribute or ""
    if element.tag == _VERSION or name.startswith(_XSI) or name == "currencyID":
        return True
    return (element.tag, name, _lexical(text)) in _constants(syntax)


def _lexical(text: str) -> str:
    stripped = text.strip()
    return {"0": "false", "1": "true"}.get(stripped, stripped)


@cache
def _constants(syntax: str) -> frozenset[tuple[str, str, str]]:
    """What the table writes beside the values of the model: element, attribute, text."""
    return frozenset(_constants_below(_for_reading(syntax).root))


def _constants_below(node: Node) -> Iterator[tuple[str, str, str]]:
    if node.constant is not None:
        yield node.tag, "", node.constant
    yield from ((node.tag, name, text) for name, text in node.constants.items())
    for child in () if node.again else node.nodes:
        yield from _constants_below(child)
