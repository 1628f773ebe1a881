"""The mapping tables, compiled once a process when first needed."""

from __future__ import annotations

from functools import cache

from lxml import etree

from einvoice.artefacts import locate
from einvoice.bindings import cii, ubl
from einvoice.bindings.reader import Read, read
from einvoice.bindings.table import Table
from einvoice.bindings.tree import Compiled, compile_table
from einvoice.bindings.writer import arrange, write
from einvoice.model import Invoice
from einvoice.xml.order import child_order
from einvoice.xml.xsd import schema_named

#: Name of the XML format -> its mapping table.
TABLES: dict[str, Table] = {
    "ubl-invoice": ubl.INVOICE,
    "ubl-creditnote": ubl.CREDIT_NOTE,
    "cii": cii.INVOICE,
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
