"""What the XMP of a PDF claims about PDF/A, and changing the claim."""

from __future__ import annotations

from typing import Literal

from lxml import etree

from einvoice.pdf.metadata import (
    EXTENSION,
    PDFA_ID,
    RDF,
    SCHEMA,
    X,
    new_description,
    packet_of,
    parse_packet,
    rdf_of,
    remove,
    text_element,
)

Level = Literal["b", "u", "a"]

#: From the weakest to the strictest: appearance, text that can be extracted, logical structure.
LEVELS: tuple[Level, ...] = ("b", "u", "a")

#: Namespaces that PDF/A-3 predefines (ISO 19005-3, 6.6.2.3.1, and XMP 2005), and those of XMP.
PREDEFINED = {
    X,
    RDF,
    PDFA_ID,
    EXTENSION,
    "http://purl.org/dc/elements/1.1/",
    "http://ns.adobe.com/xap/1.0/",
    "http://ns.adobe.com/xap/1.0/rights/",
    "http://ns.adobe.com/xap/1.0/mm/",
    "http://ns.adobe.com/xap/1.0/bj/",
    "http://ns.adobe.com/xap/1.0/t/pg/",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
    "http://ns.adobe.com/pdf/1.3/",
    "http://ns.adobe.com/photoshop/1.0/",
    "http://ns.adobe.com/camera-raw-settings/1.0/",
    "http://ns.adobe.com/tiff/1.0/",
    "http://ns.adobe.com/exif/1.0/",
    "http://ns.adobe.com/exif/1.0/aux/",
    "http://www.w3.org/XML/1998/namespace",
}


def with_claim(data: bytes, level: Level | None) -> bytes:
    """The packet with a claim of PDF/A-3 at a level, or without any claim of PDF/A.

    Raises:
        PdfError: the packet is not well-formed.
    """
    root = parse_packet(data)
    rdf = rdf_of(root)
    _forget(rdf, {PDFA_ID})
    if level is not None:
        description = new_description(rdf, "pdfaid", PDFA_ID)
        text_element(description, PDFA_ID, "part", "3")
        text_element(description, PDFA_ID, "conformance", level.upper())
    return packet_of(root)


def without_undescribed(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The packet without properties that PDF/A does not let stand, and their names.

    Each property is of a predefined namespace or of one that an extension schema describes.

    Raises:
        PdfError: the packet is not well-formed.
    """
    root = parse_packet(data)
    rdf = rdf_of(root)
    described = {(node.text or "").strip() for node in root.iter(f"{{{SCHEMA}}}namespaceURI")}
    strange = {_namespace(name) for name in _names(rdf)} - PREDEFINED - described
    gone = _forget(rdf, strange)
    return (packet_of(root), gone) if gone else (data, ())


def _forget(rdf: etree._Element, namespaces: set[str]) -> tuple[str, ...]:
    """Take the properties of some namespaces out; returns their local names."""
    gone: list[str] = []
    for description in list(rdf.iterchildren(f"{{{RDF}}}Description")):
        for key in [str(key) for key in description.attrib if _namespace(str(key)) in namespaces]:
            gone.append(key.rpartition("}")[2])
            del description.attrib[key]
        for child in list(description.iterchildren(tag=etree.Element)):
            if _namespace(str(child.tag)) in namespaces:
                gone.append(str(child.tag).rpartition("}")[2])
                remove(child)
        if len(description) == 0 and set(description.attrib) <= {f"{{{RDF}}}about"}:
            remove(description)
    return tuple(dict.fromkeys(gone))


def _names(rdf: etree._Element) -> list[str]:
    """Names of all properties, in braces form; attributes without a namespace are none."""
    found: list[str] = []
    for description in rdf.iterchildren(f"{{{RDF}}}Description"):
        found += [str(key) for key in description.attrib if str(key).startswith("{")]
        found += [str(child.tag) for child in description.iterchildren(tag=etree.Element)]
    return found


def _namespace(name: str) -> str:
    return name.rpartition("}")[0].removeprefix("{")
