"""One PDF under test, with what several checks need worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from lxml import etree

from einvoice.pdf.metadata import DECLARATION, WIDE_ENCODINGS

if TYPE_CHECKING:
    import pikepdf

Made = TypeVar("Made")

#: Nested direct values deeper than this are not looked at; PDF writers need about ten.
MAX_DEPTH = 60
MAX_PAGES = 100_000
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")


class Value:
    """A value of the file outside content streams, and the indirect object that holds it."""

    __slots__ = ("holder", "key", "value")

    def __init__(self, value: Any, holder: str, key: str) -> None:
        self.value = value
        self.holder = holder
        self.key = key


class Subject:
    """A PDF, open for reading, and its bytes; every property is worked out when first asked for."""

    def __init__(self, data: bytes, pdf: pikepdf.Pdf) -> None:
        self.data = data
        self.pdf = pdf
        self._made: dict[Callable[[Subject], Any], Any] = {}

    def once(self, make: Callable[[Subject], Made]) -> Made:
        """The result of a function on this PDF, worked out on the first call only."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[no-any-return]

    @cached_property
    def catalog(self) -> Any:
        """The document catalog; an empty dictionary if the trailer has none."""
        return as_dictionary(self.pdf.trailer.get("/Root"))

    @cached_property
    def objects(self) -> tuple[pikepdf.Object, ...]:
        """All indirect objects that are not null, also those that the trailer does not lead to."""
        return tuple(item for item in self.pdf.objects if item is not None)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every value that the trailer leads to, outside content streams, each once."""
        return tuple(_reached(self.pdf.trailer, "the trailer"))

    @cached_property
    def dictionaries(self) -> tuple[Value, ...]:
        """The dictionaries and streams among the values."""
        return tuple(row for row in self.values if is_dictionary(row.value))

    @cached_property
    def pages(self) -> tuple[pikepdf.Object, ...]:
        """The page dictionaries in page order; a node reached twice counts once."""
        return tuple(self._pages())

    def _pages(self) -> Iterator[pikepdf.Object]:
        stack = [as_dictionary(self.catalog.get("/Pages"))]
        seen: set[tuple[int, int]] = set()
        while stack and len(seen) < MAX_PAGES:
            node = stack.pop()
            if not is_dictionary(node) or node.objgen in seen:
                continue
            if node.is_indirect:
                seen.add(node.objgen)
            kids = node.get("/Kids")
            if is_array(kids):
                stack.extend(reversed(list(kids)))
            elif node.get("/Type") == "/Page":
                yield node

    def inherited(self, page: pikepdf.Object, key: str) -> Any:
        """An attribute of a page, from the page or the nearest node above it; None if absent."""
        node: Any = page
        for _ in range(MAX_DEPTH):
            if not is_dictionary(node):
                return None
            if (value := node.get(key)) is not None:
                return value
            node = node.get("/Parent")
        return None

    @cached_property
    def packet(self) -> bytes | None:
        """The XMP packet of the catalog, unpacked; None if there is none or it does not unpack."""
        stream = self.catalog.get("/Metadata")
        if not is_stream(stream):
            return None
        return unpacked(stream)

    @cached_property
    def xmp(self) -> etree._Element | None:
        """The root of the XMP packet; None if it is missing or not well-formed."""
        return self._parsed_xmp[0]

    @cached_property
    def xmp_error(self) -> str | None:
        """Why there is no XMP tree."""
        return self._parsed_xmp[1]

    @cached_property
    def _parsed_xmp(self) -> tuple[etree._Element | None, str | None]:
        if self.packet is None:
            return None, "missing or cannot be unpacked"
        return parse_packet(self.packet)


def parse_packet(packet: bytes) -> tuple[etree._Element | None, str | None]:
    """Parse untrusted XMP: no entities, nothing from outside; the root, or why there is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(_as_utf8(packet).strip(b"\0 \t\r\n"), parser), None
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, f"not well-formed: {getattr(error, 'msg', error)}"


def _as_utf8(packet: bytes) -> bytes:
    """A packet in an encoding of two or four bytes recoded; any other as it is."""
    for start, encoding in WIDE_ENCODINGS:
        if packet.startswith(start):
            text = packet.decode(encoding, "replace").strip("\ufeff\0 \t\r\n")
            return DECLARATION.sub("", text).encode()
    return packet


def _reached(root: Any, name: str) -> Iterator[Value]:
    """A value and all values in it; references are followed once."""
    seen: set[tuple[int, int]] = set()
    stack: list[tuple[Any, str, str, int]] = [(root, name, "", 0)]
    while stack:
        value, holder, key, depth = stack.pop()
        if getattr(value, "is_indirect", False):
            if value.objgen in seen:
                continue
            seen.add(value.objgen)
            holder, depth = label(value), 0
        yield Value(value, holder, key)
        if depth < MAX_DEPTH:
            stack.extend((child, holder, name, depth + 1) for name, child in _children(value, key))


def _children(value: Any, key: str) -> list[tuple[str, Any]]:
    """The values in a dictionary, stream or array, each with the key that leads to it."""
    if is_dictionary(value):
        return list(value.items())
    return [(key, child) for child in value] if is_array(value) else []


def label(item: Any) -> str:
    """How a message names an object."""
    if getattr(item, "is_indirect", False):
        number, generation = item.objgen
        return f"object {number} {generation}"
    return "a direct object"


def unpacked(stream: Any) -> bytes | None:
    """The content of a stream under the limits for untrusted files; None if it does not unpack."""
    from einvoice.errors import PdfError
    from einvoice.pdf.streams import packed_stream

    try:
        return packed_stream(stream).unpack()
    except (PdfError, RuntimeError, ValueError):
        return None


def text_of(value: Any) -> str:
    """A name or string as text; the bytes of a name that are not UTF-8 stay escaped."""
    try:
        return str(value)
    except UnicodeDecodeError:
        return bytes(value.unparse()).decode("latin-1")


def is_stream(value: Any) -> bool:
    """Whether a value is a stream."""
    import pikepdf

    return isinstance(value, pikepdf.Stream)


def is_dictionary(value: Any) -> bool:
    """Whether a value is a dictionary or a stream, which has one."""
    import pikepdf

    return isinstance(value, pikepdf.Dictionary | pikepdf.Stream)


def is_array(value: Any) -> bool:
    """Whether a value is an array."""
    import pikepdf

    return isinstance(value, pikepdf.Array)


def as_dictionary(value: Any) -> Any:
    """The value if it is a dictionary, else an empty one."""
    import pikepdf

    return value if is_dictionary(value) else pikepdf.Dictionary()


def as_list(value: Any) -> list[Any]:
    """A PDF value that may stand alone, in an array, or not at all."""
    if value is None:
        return []
    return list(value) if is_array(value) else [value]
