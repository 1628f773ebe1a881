"""6.1: trailer, streams, names and the limits of the objects of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import (
    Subject,
    Value,
    as_dictionary,
    as_list,
    is_array,
    is_dictionary,
    is_stream,
    text_of,
)

FILTERS = frozenset(
    (
        "/ASCIIHexDecode",
        "/ASCII85Decode",
        "/FlateDecode",
        "/RunLengthDecode",
        "/CCITTFaxDecode",
        "/JBIG2Decode",
        "/DCTDecode",
        "/JPXDecode",
    )
)
EXTERNAL = ("/F", "/FFilter", "/FDecodeParms")
PERMISSIONS = frozenset(("/UR3", "/DocMDP"))
DIGEST_KEYS = ("/DigestLocation", "/DigestMethod", "/DigestValue")
BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")

MIN_INTEGER, MAX_INTEGER = -2_147_483_648, 2_147_483_647
MAX_REAL = Decimal("3.403E+38")
MIN_REAL = Decimal("1.175E-38")
MAX_STRING = 32_767  #: bytes
MAX_NAME = 127  #: bytes
MAX_OBJECTS = 8_388_607
MIN_SIDE, MAX_SIDE = 3, 14_400  #: of a page box, in units of user space


def trailer(subject: Subject) -> Iterator[Fault]:
    """The trailer has a file identifier, and the file is not encrypted."""
    parts = as_list(subject.pdf.trailer.get("/ID"))
    if not parts or not all(map(_has_bytes, parts)):
        yield Fault("6.1.3-1", "the trailer has no ID, expected two strings that are not empty")
    if subject.pdf.is_encrypted:
        yield Fault("6.1.3-2", "the file is encrypted, expected a file without Encrypt")


def _has_bytes(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.String) and len(bytes(value)) > 0


def filters(subject: Subject) -> Iterator[Fault]:
    """Streams hold their data themselves, under the filters of PDF without LZW."""
    for row in subject.dictionaries:
        if not is_stream(row.value):
            continue
        for key in EXTERNAL:
            if key in row.value:
                yield Fault(
                    "6.1.7.1-3",
                    f"the stream {row.holder} has the key {key[1:]}, expected its data in the file",
                )
        yield from _filters(row)


def _filters(row: Value) -> Iterator[Fault]:
    parameters = as_list(row.value.get("/DecodeParms"))
    for number, name in enumerate(as_list(row.value.get("/Filter"))):
        if text_of(name) in FILTERS:
            continue
        if text_of(name) == "/Crypt":
            own = as_dictionary(parameters[number] if number < len(parameters) else None)
            if own.get("/Name", "/Identity") == "/Identity":
                continue
        yield Fault(
            "6.1.7.2-1",
            f"the stream {row.holder} uses the filter {text_of(name)[1:]}, "
            "expected one of the filters of PDF 1.7 other than LZWDecode",
        )


def names_are_unicode(subject: Subject) -> Iterator[Fault]:
    """Names of fonts, colourants and structure types are UTF-8."""
    for kind, name, holder in _names(subject):
        if not _is_utf8(name):
            yield Fault("6.1.8-1", f"the name of a {kind} in {holder} is not UTF-8")


def _names(subject: Subject) -> Iterator[tuple[str, Any, str]]:
    for row in subject.values:
        value = row.value
        if is_dictionary(value):
            for key in ("/BaseFont", "/FontName"):
                if key in value:
                    yield "font", value[key], row.holder
            if "/S" in value and "/P" in value:
                yield "structure type", value["/S"], row.holder
        elif is_array(value):
            for name in colourants(value):
                yield "colourant", name, row.holder


def colourants(space: Any) -> list[Any]:
    """The names of a Separation or DeviceN colour space; nothing for any other array."""
    if len(space) < 4 or text_of(space[0]) not in ("/Separation", "/DeviceN"):
        return []
    return as_list(space[1])


def _is_utf8(name: Any) -> bool:
    try:
        str(name).encode()
    except UnicodeError:
        return False
    return True


def permissions(subject: Subject) -> Iterator[Fault]:
    """The permissions name a signature only, which does not rely on a digest of the document."""
    perms = subject.catalog.get("/Perms")
    if not is_dictionary(perms):
        return
    if others := set(perms.keys()) - PERMISSIONS:
        yield Fault(
            "6.1.12-1",
            f"the permissions dictionary has {_list(others)}, expected only UR3 and DocMDP",
        )
    if "/DocMDP" not in perms:
        return
    for reference in as_list(as_dictionary(perms["/DocMDP"]).get("/Reference")):
        if found := [key for key in DIGEST_KEYS if key in as_dictionary(reference)]:
            yield Fault(
                "6.1.12-2", f"a signature reference has {_list(found)}, which DocMDP excludes"
            )


def _list(keys: Any) -> str:
    return ", ".join(sorted(key[1:] for key in keys))


def limits(subject: Subject) -> Iterator[Fault]:
    """Numbers, strings, names and colour spaces stay within what every reader can hold."""
    for row in subject.values:
        yield from _limits(row.value, row.holder)


def _limits(value: Any, holder: str) -> Iterator[Fault]:
    if isinstance(value, bool | None):
        return
    if isinstance(value, int | Decimal):
        yield from number_limits(value, holder)
    elif is_dictionary(value):
        for key in value.keys():  # noqa: SIM118
            yield from _name_limit(key, holder)
    else:
        yield from _text_limits(value, holder)


def number_limits(value: int | Decimal, holder: str) -> Iterator[Fault]:
    """The limits of one number."""
    if isinstance(value, int):
        if not MIN_INTEGER <= value <= MAX_INTEGER:
            yield Fault("6.1.13-1", f"the integer {value} in {holder} does not fit in 32 bits")
    elif abs(value) > MAX_REAL:
        yield Fault("6.1.13-2", f"a real number in {holder} is beyond 3.403E+38")
    elif value and abs(value) < MIN_REAL:
        yield Fault("6.1.13-5", f"a real number in {holder} is not zero but below 1.175E-38")


def _text_limits(value: Any, holder: str) -> Iterator[Fault]:
    import pikepdf

    if isinstance(value, pikepdf.Name):
        yield from _name_limit(text_of(value), holder)
    elif isinstance(value, pikepdf.String) and len(bytes(value)) > MAX_STRING:
        yield Fault(
            "6.1.13-3",
            f"a string in {holder} has {len(bytes(value))} bytes, at most {MAX_STRING} are allowed",
        )


def _name_limit(name: str, holder: str) -> Iterator[Fault]:
    size = len(name.encode("utf-8", "surrogateescape")) - 1
    if size > MAX_NAME:
        yield Fault(
            "6.1.13-4", f"a name in {holder} has {size} bytes, at most {MAX_NAME} are allowed"
        )


def object_count(subject: Subject) -> Iterator[Fault]:
    """A file has at most 8,388,607 indirect objects."""
    if len(subject.objects) > MAX_OBJECTS:
        yield Fault(
            "6.1.13-7", f"the file has {len(subject.objects)} objects, allowed are {MAX_OBJECTS}"
        )


def page_boxes(subject: Subject) -> Iterator[Fault]:
    """The sides of every page box measure 3 to 14,400 units."""
    for number, page in enumerate(subject.pages, 1):
        for key in BOXES:
            sides = _sides(subject.inherited(page, key))
            if any(not MIN_SIDE <= side <= MAX_SIDE for side in sides):
                yield Fault(
                    "6.1.13-11",
                    f"{key[1:]} of page {number} measures {sides[0]} by {sides[1]}, "
                    f"expected {MIN_SIDE} to {MAX_SIDE} in both directions",
                )


def _sides(box: Any) -> tuple[Decimal, ...]:
    """Width and height of a rectangle; nothing if it is none."""
    try:
        left, bottom, right, top = (Decimal(item) for item in as_list(box))
    except (ValueError, TypeError, ArithmeticError):
        return ()
    return abs(right - left), abs(top - bottom)


def trees(subject: Subject) -> Iterator[Fault]:
    """Neither the page tree nor a name tree leads back to itself."""
    roots = {"page tree": subject.catalog.get("/Pages")}
    for key, tree in as_dictionary(subject.catalog.get("/Names")).items():
        roots[f"name tree {key[1:]}"] = tree
    for title, root in roots.items():
        if _leads_back(root):
            yield Fault("6.1.1-1", f"the {title} leads back to one of its own nodes")


def _leads_back(root: Any) -> bool:
    stack: list[tuple[Any, frozenset[tuple[int, int]]]] = [(root, frozenset())]
    seen: set[tuple[int, int]] = set()
    while stack:
        node, above = stack.pop()
        if not is_dictionary(node) or not node.is_indirect and above and "/Kids" not in node:
            continue
        if node.is_indirect and node.objgen in above:
            return True
        if node.is_indirect and node.objgen in seen:
            continue
        seen.add(node.objgen)
        path = above | {node.objgen}
        stack.extend((child, path) for child in as_list(node.get("/Kids")))
    return False


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    trailer,
    filters,
    names_are_unicode,
    permissions,
    limits,
    object_count,
    page_boxes,
    trees,
)

UNCHECKED: dict[str, str] = {}
