"""6.6: the XMP metadata of the document and of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from einvoice.pdf.pdfa.extensions import Extensions, read_extensions
from einvoice.pdf.pdfa.fault import Fault, Level
from einvoice.pdf.pdfa.subject import Subject, is_stream, parse_packet, unpacked
from einvoice.pdf.pdfa.xmp_schemas import EXTENSION, PDFA_ID, predefined_properties
from einvoice.pdf.pdfa.xmp_tree import Node, properties

HEADER = re.compile(rb"<\?xpacket\s[^>]*begin=.*?\?>", re.DOTALL)
LEVELS: dict[str, Level] = {"A": "a", "B": "b", "U": "u"}
PART = "3"
IDENTIFIERS = {"part": "6.6.4-4", "conformance": "6.6.4-5", "amd": "6.6.4-6", "corr": "6.6.4-7"}


def document_properties(subject: Subject) -> tuple[Node, ...]:
    """The properties of the document's packet; none if it cannot be read."""
    return () if subject.xmp is None else properties(subject.xmp)


def document_extensions(subject: Subject) -> Extensions:
    """What the document's packet describes."""
    return read_extensions(subject.once(document_properties))


def claimed_level(subject: Subject) -> Level | None:
    """The level that the file says it has, if it says PDF/A-3 and one of the levels."""
    found = _identification(subject)
    if _text(found, "part") != PART:
        return None
    return LEVELS.get(_text(found, "conformance"))


def _identification(subject: Subject) -> dict[str, Node]:
    return {
        node.name: node for node in subject.once(document_properties) if node.namespace == PDFA_ID
    }


def _text(found: dict[str, Node], name: str) -> str:
    return found[name].text.strip() if name in found else ""


def present(subject: Subject) -> Iterator[Fault]:
    """The catalog has a metadata stream."""
    stream = subject.catalog.get("/Metadata")
    if not is_stream(stream):
        yield Fault("6.6.2.1-1", "the catalog has no Metadata, expected a stream with XMP")
    elif stream.get("/Type") != "/Metadata" or stream.get("/Subtype") != "/XML":
        yield Fault("6.6.2.1-1", "Metadata of the catalog is not of type Metadata, subtype XML")


def readable(subject: Subject) -> Iterator[Fault]:
    """Every XMP packet is well-formed UTF-8 with a plain header."""
    for packet, name in subject.once(_packets):
        yield from _header(packet, name)
        if not _is_utf8(packet):
            yield Fault("6.6.2.1-5", f"the XMP packet of {name} is not in UTF-8")
        root, error = parse_packet(packet)
        if root is None:
            yield Fault("6.6.2.1-4", f"the XMP packet of {name} is {error}")
            continue
        for repeated in _repeated(properties(root)):
            yield Fault("6.6.2.1-4", f"the XMP packet of {name} has {repeated} more than once")


def _packets(subject: Subject) -> list[tuple[bytes, str]]:
    """The XMP packets of the file, and what each belongs to."""
    found = []
    for row in subject.dictionaries:
        stream = row.value.get("/Metadata")
        if is_stream(stream) and stream.get("/Subtype") == "/XML":
            found.append((unpacked(stream) or b"", row.holder))
    return found


def _header(packet: bytes, name: str) -> Iterator[Fault]:
    found = HEADER.search(packet)
    if found is None:
        return
    for attribute, rule in ((b"bytes", "6.6.2.1-2"), (b"encoding", "6.6.2.1-3")):
        if re.search(rb"\s" + attribute + rb"\s*=", found[0]):
            yield Fault(
                rule,
                f"the header of the XMP packet of {name} has the attribute {attribute.decode()}",
            )


def _is_utf8(packet: bytes) -> bool:
    try:
        packet.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in packet[:4]


def _repeated(found: tuple[Node, ...]) -> list[str]:
    names = [(node.namespace, f"{node.prefix}:{node.name}", node.name) for node in found]
    keys = [(namespace, name) for namespace, _, name in names]
    return sorted({label for namespace, label, name in names if keys.count((namespace, name)) > 1})


def descriptions(subject: Subject) -> Iterator[Fault]:
    """Extension schemas are described as laid down."""
    yield from subject.once(document_extensions).faults


def defined(subject: Subject) -> Iterator[Fault]:
    """Every property is one of XMP or described, and of the type that belongs to it."""
    main = subject.once(document_extensions)
    yield from _defined(subject.once(document_properties), (main,), "the document")
    for packet, name in subject.once(_packets):
        root = None if packet == subject.packet else parse_packet(packet)[0]
        if root is not None:
            found = properties(root)
            own = read_extensions(found, main.types.structures)
            yield from own.faults
            yield from _defined(found, (own, main), name)


def _defined(
    found: tuple[Node, ...], extensions: tuple[Extensions, ...], name: str
) -> Iterator[Fault]:
    for node in found:
        if (node.namespace, node.name) == (EXTENSION, "schemas"):
            continue
        key = (node.namespace, node.name)
        label = f"the XMP property {node.prefix}:{node.name} of {name}"
        if kind := predefined_properties().get(key):
            known = extensions[0].types.allow(kind, node)
        else:
            owner = next((row for row in extensions if key in row.properties), None)
            if owner is None:
                yield Fault(
                    "6.6.2.3.1-1",
                    f"{label} is neither one of XMP nor described in an extension schema",
                )
                continue
            kind = owner.properties[key]
            known = owner.types.allow(kind, node)
        if not known:
            yield Fault("6.6.2.3.1-2", f"{label} does not have the form of its type, {kind}")


def identification(subject: Subject) -> Iterator[Fault]:
    """The metadata say that the file is PDF/A-3, and of which level."""
    found = _identification(subject)
    if not found:
        yield Fault(
            "6.6.4-1", "the XMP does not say that the file is PDF/A, expected pdfaid:part 3"
        )
        return
    if _text(found, "part") != PART:
        yield Fault("6.6.4-2", f"pdfaid:part is {_text(found, 'part')!r}, expected '3'")
    yield from _conformance(_text(found, "conformance"))
    for name, rule in IDENTIFIERS.items():
        if name in found and found[name].prefix != "pdfaid":
            yield Fault(
                rule,
                f"{name} of the PDF/A identification has the prefix "
                f"{found[name].prefix}, expected pdfaid",
            )


def _conformance(text: str) -> Iterator[Fault]:
    """A level is claimed, and for a level above b that level or one above it."""
    if text not in LEVELS:
        yield Fault("6.6.4-3", f"pdfaid:conformance is {text!r}, expected 'A', 'B' or 'U'")
        return
    if text == "B":
        yield Fault("6.6.4-3", "pdfaid:conformance is 'B', level u expects 'U' or 'A'", "u")
    if text == "U":
        yield Fault("6.6.4-3", "pdfaid:conformance is 'U', level a expects 'A'", "a")


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    present,
    readable,
    descriptions,
    defined,
    identification,
)

UNCHECKED = {
    "6.6.2.3": "the texts that a closed choice of XMP allows are not looked at",
    "6.6.6": "the history of the file (provenance) is a recommendation",
}
