"""Where something stands in a source document: XPath with conventional prefixes, and line."""

from __future__ import annotations

import msgspec
from lxml import etree

#: The prefixes that the standards' own texts use.
PREFIXES = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "ubl",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "cn",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2": "cac",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2": "cbc",
    "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2": "ext",
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": "rsm",
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100": "ram",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100": "udt",
    "urn:un:unece:uncefact:data:standard:QualifiedDataType:100": "qdt",
}
NAMESPACES = {prefix: namespace for namespace, prefix in PREFIXES.items()}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a source document."""

    xpath: str
    line: int | None = None


def place_of(element: etree._Element, attribute: str | None = None) -> Place:
    """The place of an element, or of an attribute of it."""
    xpath = xpath_of(element)
    if attribute is not None:
        xpath += f"/@{_short(attribute, {})}"
    return Place(xpath=xpath, line=element.sourceline)


def xpath_of(element: etree._Element) -> str:
    """An XPath of the element; an index only where siblings share the name."""
    steps = []
    node: etree._Element | None = element
    while node is not None:
        steps.append(_short(node.tag, node.nsmap) + _index(node))
        node = node.getparent()
    return "/" + "/".join(reversed(steps))


def _index(element: etree._Element) -> str:
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    if before:
        return f"[{before + 1}]"
    return "[1]" if next(element.itersiblings(element.tag), None) is not None else ""


def _short(tag: str, declared: dict[str | None, str]) -> str:
    if not tag.startswith("{"):
        return tag
    namespace, _, name = tag[1:].partition("}")
    prefix = PREFIXES.get(namespace)
    if prefix is None:
        prefix = next((p for p, uri in declared.items() if uri == namespace and p), None)
    return f"{prefix}:{name}" if prefix else f"*:{name}"
