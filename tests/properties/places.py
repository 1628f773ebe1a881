"""The values of a model, and what stands at their places in the source."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from lxml import etree

from einvoice import Document
from einvoice.amounts import format_decimal

#: BT-8 in UNTDID 2005 -> in UNTDID 2475.
TAX_POINTS_OF_CII = {"3": "5", "35": "29", "432": "72"}


def values(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All values of a model with their paths."""
    if isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from values(item, f"{path}[{number}]")
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from values(getattr(part, name), f"{path}.{name}" if path else name)
    elif part is not None:
        yield path, part


def text_at(document: Document, xpath: str) -> tuple[str, str]:
    """The text of the one node at a place, and the name of its element."""
    root = document.opened.root
    assert root is not None
    (node,) = root.xpath(xpath, namespaces=root.nsmap)
    if isinstance(node, str):
        element = node.getparent()
        return str(node), f"{element.prefix}:{etree.QName(element).localname}"
    return node.text, f"{node.prefix}:{etree.QName(node).localname}"


def says(text: str, value: Any) -> bool:
    """Whether a text of the source says a value of the model; in UBL that of BT-22 has BT-21."""
    if isinstance(value, bytes):
        return base64.b64decode(text) == value
    if isinstance(value, date):
        return text in (value.isoformat(), value.strftime("%Y%m%d"))
    if isinstance(value, Decimal):
        return text == format_decimal(value)
    return text in (value, TAX_POINTS_OF_CII.get(value)) or text[0] == "#" and value in text
