"""Conventional namespace prefixes, and the XPath of an element written with them."""

from __future__ import annotations

from typing import cast

from lxml import etree

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"

#: Prefix of each namespace as the standards' own documents write it.
PREFIXES = {
    f"{_UBL}Invoice-2": "ubl",
    f"{_UBL}CreditNote-2": "cn",
    f"{_UBL}CommonAggregateComponents-2": "cac",
    f"{_UBL}CommonBasicComponents-2": "cbc",
    f"{_UBL}CommonExtensionComponents-2": "ext",
    f"{_CII}CrossIndustryInvoice:100": "rsm",
    f"{_CII}ReusableAggregateBusinessInformationEntity:100": "ram",
    f"{_CII}UnqualifiedDataType:100": "udt",
    f"{_CII}QualifiedDataType:100": "qdt",
    "urn:ferd:CrossIndustryDocument:invoice:1p0": "rsm",  # ZUGFeRD 1.0
    f"{_CII}ReusableAggregateBusinessInformationEntity:12": "ram",
    f"{_CII}UnqualifiedDataType:15": "udt",
    f"{_CII}QualifiedDataType:12": "qdt",
    "http://www.w3.org/2000/09/xmldsig#": "ds",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/XML/1998/namespace": "xml",
}


def prefixed(tag: str, element: etree._Element | None = None) -> str:
    """Write a Clark name such as `{urn:...}ID` as `cbc:ID`.

    A namespace without a conventional prefix gets the one that the document gives it.
    """
    qname = etree.QName(tag)
    if not qname.namespace:
        return str(qname.localname)
    prefix = PREFIXES.get(qname.namespace)
    if prefix is None and element is not None:
        declared = {uri: name for name, uri in element.nsmap.items()}
        prefix = declared.get(qname.namespace)
    return f"{prefix}:{qname.localname}" if prefix else str(qname.localname)


def line_of(element: etree._Element) -> int | None:
    """The line of an element in its source; None for one that was not parsed."""
    return cast("int | None", element.sourceline) or None


def step(element: etree._Element, position: int, count: int) -> str:
    """One step of a path; the position is left out where it is the only one of its name."""
    name = prefixed(str(element.tag), element)
    return f"{name}[{position}]" if count > 1 else name
