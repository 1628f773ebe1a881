"""The XMP metadata of a PDF: what it says about the embedded invoice, and writing that."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from einvoice.errors import PdfError
from einvoice.pdf.generations import FACTUR_X

X = "adobe:ns:meta/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDFA_ID = "http://www.aiim.org/pdfa/ns/id/"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"

#: The four properties, and our words for them in the extension schema.
PROPERTIES = {
    "DocumentFileName": "Name of the embedded file that holds the invoice as XML",
    "DocumentType": "Kind of document in the embedded XML file",
    "Version": "Version of the specification that the embedded XML file follows",
    "ConformanceLevel": "Profile of the specification that the embedded XML file follows",
}
#: Namespaces of invoice blocks: those of the generations, drafts, and misspelt ones.
OF_INVOICE = re.compile(r"urn:(factur-?x|zugferd|ferd):pdfa:", re.IGNORECASE)

#: How a packet starts in the encodings that XMP allows besides UTF-8, the longer ones first.
WIDE_ENCODINGS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
DECLARATION = re.compile(r"^<\?xml\s.*?\?>", re.DOTALL)

#: The head of an XMP packet is the same in every file (ISO 16684-1, 7.3.2).
PACKET_HEAD = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
PACKET_TAIL = '\n<?xpacket end="w"?>'


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """The four properties of one namespace, as found."""

    namespace: str
    document_type: str | None = None
    file_name: str | None = None
    version: str | None = None
    level: str | None = None
    schema: bool = False  #: the extension schema describes the namespace


class Xmp(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks need to know of the XMP."""

    part: str | None = None  #: pdfaid:part
    conformance: str | None = None  #: pdfaid:conformance
    declarations: tuple[Declaration, ...] = ()  #: one per namespace of an invoice block

    def declaration(self, namespace: str) -> Declaration | None:
        """The block of a namespace, else the first block of any."""
        same = [block for block in self.declarations if block.namespace == namespace]
        return next(iter([*same, *self.declarations]), None)


def read_xmp(data: bytes) -> Xmp:
    """Read an XMP packet.

    Raises:
        PdfError: not well-formed, or with a DOCTYPE.
    """
    root = _parse(data)
    found: dict[str, dict[str, str]] = {}
    for namespace, name, text in _properties(root):
        found.setdefault(namespace, {}).setdefault(name, text)
    ids = found.get(PDFA_ID, {})
    described = {node.text for node in root.iter(f"{{{SCHEMA}}}namespaceURI")}
    return Xmp(
        part=ids.get("part"),
        conformance=ids.get("conformance"),
        declarations=tuple(
            _declaration(namespace, values, namespace in described)
            for namespace, values in found.items()
            if _is_invoice_block(namespace, values)
        ),
    )


def _declaration(namespace: str, values: dict[str, str], described: bool) -> Declaration:
    return Declaration(
        namespace=namespace,
        document_type=values.get("DocumentType"),
        file_name=values.get("DocumentFileName"),
        version=values.get("Version"),
        level=values.get("ConformanceLevel"),
        schema=described,
    )


def _is_invoice_block(namespace: str, values: dict[str, str]) -> bool:
    """A namespace of the specifications, or any other with at least two of the four properties."""
    return bool(OF_INVOICE.match(namespace)) or len(values.keys() & PROPERTIES.keys()) > 1


def _parse(data: bytes) -> etree._Element:
    """Parse untrusted XMP: no DTD, no entities, nothing from outside."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(_as_utf8(data), parser)
    except etree.XMLSyntaxError as error:
        raise PdfError(f"the XMP metadata is not well-formed: {error.msg}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise PdfError("the XMP metadata has a DOCTYPE, which metadata must not have")
    return root


def _as_utf8(data: bytes) -> bytes:
    """The packet as UTF-8 without padding; an encoding of two or four bytes is recoded."""
    for start, encoding in WIDE_ENCODINGS:
        if data.startswith(start):
            text = data.decode(encoding, "replace").strip("\ufeff\0 \t\r\n")
            return DECLARATION.sub("", text).encode()
    return data.strip(b"\0 \t\r\n")


def _properties(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Simple properties as (namespace, name, text): elements and attributes of a description."""
    for description in root.iter(f"{{{RDF}}}Description"):
        for key, value in description.attrib.items():
            yield (*_split(str(key)), str(value).strip())
        for child in description.iterchildren(tag=etree.Element):
            if len(child) == 0:
                yield (*_split(str(child.tag)), (child.text or "").strip())


def _split(name: str) -> tuple[str, str]:
    """Namespace and local name of a name in braces form."""
    namespace, _, local = name.rpartition("}")
    return namespace.removeprefix("{"), local


def write_xmp(data: bytes | None, *, file_name: str, level: str, version: str) -> bytes:
    """Declare the embedded invoice in an XMP packet and keep everything else.

    Blocks of any generation and their extension schemas are replaced.

    Raises:
        PdfError: the packet at hand is not well-formed, so nothing could be kept.
    """
    root = parse_packet(data)
    rdf = rdf_of(root)
    _forget(rdf)
    _add_schema(rdf)
    values = {"DocumentType": "INVOICE", "DocumentFileName": file_name}
    _add_values(rdf, {**values, "Version": version, "ConformanceLevel": level})
    return packet_of(root)


def parse_packet(data: bytes | None) -> etree._Element:
    """The root of a packet that is to be changed; an empty one if there is none.

    Raises:
        PdfError: it is not well-formed.
    """
    if data and data.strip(b"\x00 \t\r\n"):
        return _parse(data)
    root = etree.Element(f"{{{X}}}xmpmeta", nsmap={"x": X})
    etree.SubElement(root, f"{{{RDF}}}RDF", nsmap={"rdf": RDF})
    return root


def rdf_of(root: etree._Element) -> etree._Element:
    """The element that holds the descriptions.

    Raises:
        PdfError: there is none.
    """
    rdf = root if root.tag == f"{{{RDF}}}RDF" else root.find(f"{{{RDF}}}RDF")
    if rdf is None:
        raise PdfError("the XMP metadata has no rdf:RDF element")
    return rdf


def packet_of(root: etree._Element) -> bytes:
    """The bytes of a packet, with its head and tail."""
    text = etree.tostring(root, encoding="unicode")
    return f"{PACKET_HEAD}{text.strip()}{PACKET_TAIL}".encode()


def _forget(rdf: etree._Element) -> None:
    """Take out earlier invoice blocks and their extension schemas."""
    for schema in list(rdf.iter(f"{{{RDF}}}li")):
        uri = schema.find(f".//{{{SCHEMA}}}namespaceURI")
        text = schema.get(f"{{{SCHEMA}}}namespaceURI") if uri is None else uri.text
        if OF_INVOICE.match((text or "").strip()):
            remove(schema)
    for description in list(rdf.iter(f"{{{RDF}}}Description")):
        if _forget_values(description) and _says_nothing(description):
            remove(description)


def _forget_values(description: etree._Element) -> bool:
    """Take the properties of invoice blocks out of one description; true if there were any."""
    gone = [key for key in description.attrib if OF_INVOICE.match(_split(str(key))[0])]
    for key in gone:
        del description.attrib[key]
    children = [
        child
        for child in description.iterchildren(tag=etree.Element)
        if OF_INVOICE.match(_split(str(child.tag))[0])
    ]
    for child in children:
        remove(child)
    return bool(gone or children)


def _says_nothing(description: etree._Element) -> bool:
    return len(description) == 0 and set(description.attrib) <= {f"{{{RDF}}}about"}


def remove(node: etree._Element) -> None:
    """Remove an element and the white space behind it."""
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _add_schema(rdf: etree._Element) -> None:
    """Describe the four properties, in the bag of extension schemas that is there or a new one."""
    bag = rdf.find(f".//{{{EXTENSION}}}schemas/{{{RDF}}}Bag")
    if bag is None:
        bag = _new_bag(rdf)
    schema = etree.SubElement(bag, f"{{{RDF}}}li", nsmap={"pdfaSchema": SCHEMA})
    schema.set(f"{{{RDF}}}parseType", "Resource")
    text_element(schema, SCHEMA, "schema", "Factur-X PDFA Extension Schema")
    text_element(schema, SCHEMA, "namespaceURI", FACTUR_X.namespace)
    text_element(schema, SCHEMA, "prefix", FACTUR_X.prefix)
    holder = etree.SubElement(schema, f"{{{SCHEMA}}}property")
    sequence = etree.SubElement(holder, f"{{{RDF}}}Seq")
    for name, description in PROPERTIES.items():
        _describe(sequence, name, description)


def _describe(sequence: etree._Element, name: str, description: str) -> None:
    """One property of the extension schema; all are external text."""
    item = etree.SubElement(sequence, f"{{{RDF}}}li", nsmap={"pdfaProperty": PROPERTY})
    item.set(f"{{{RDF}}}parseType", "Resource")
    text_element(item, PROPERTY, "name", name)
    text_element(item, PROPERTY, "valueType", "Text")
    text_element(item, PROPERTY, "category", "external")
    text_element(item, PROPERTY, "description", description)


def _new_bag(rdf: etree._Element) -> etree._Element:
    description = new_description(rdf, "pdfaExtension", EXTENSION)
    schemas = etree.SubElement(description, f"{{{EXTENSION}}}schemas")
    return etree.SubElement(schemas, f"{{{RDF}}}Bag")


def new_description(rdf: etree._Element, prefix: str, namespace: str) -> etree._Element:
    """Add a description for properties of a namespace."""
    description = etree.SubElement(rdf, f"{{{RDF}}}Description", nsmap={prefix: namespace})
    description.set(f"{{{RDF}}}about", _about(rdf))
    return description


def _about(rdf: etree._Element) -> str:
    """All descriptions of a packet are about the same thing, nearly always the empty name."""
    first = rdf.find(f"{{{RDF}}}Description")
    return "" if first is None else str(first.get(f"{{{RDF}}}about", ""))


def _add_values(rdf: etree._Element, values: dict[str, str]) -> None:
    description = new_description(rdf, FACTUR_X.prefix, FACTUR_X.namespace)
    for name, text in values.items():
        text_element(description, FACTUR_X.namespace, name, text)


def text_element(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    """Add a simple property."""
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = text
