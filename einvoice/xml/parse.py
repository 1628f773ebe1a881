"""The only door for XML that we did not write ourselves.

No DTD, no entities, no network, no XInclude; limits on size, depth and attributes. Comments and
processing instructions are left out: no term depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO

import msgspec
from lxml import etree

from einvoice.errors import ForbiddenXml, MalformedXml

_MEGABYTE = 1_000_000
_XML_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_SKIPPED = re.compile(r"[\s\ufeff]+|<\?.*?\?>|<!--.*?-->", re.S)
_PROLOG = 65536
_NEAR = 100  #: how far white space is looked through
_STARTS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How large a document may be."""

    size: int = 100 * _MEGABYTE  #: bytes
    depth: int = 100  #: nested elements; UBL and CII need about 15
    attributes: int = 50  #: of one element


DEFAULT_LIMITS = Limits()


def parse(data: bytes, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """Parse one XML document and give its root element.

    Raises:
        MalformedXml: empty, truncated, not well-formed, or not in the encoding that it declares.
        ForbiddenXml: a DTD or entity, or a limit exceeded.
    """
    if len(data) > limits.size:
        raise ForbiddenXml(f"{len(data):,} bytes, allowed are {limits.size:,}")
    if not data.strip():
        raise MalformedXml("the document is empty")
    _refuse_doctype(data)
    root = _parse(data)
    _check_shape(root, limits)
    return root


def _refuse_doctype(data: bytes) -> None:
    """Refuse a DTD before the parser sees it: it may stand only before the root element."""
    rest = _after_prolog(data[:_PROLOG])
    if rest is None:  # an uncommonly long comment: look at all of it
        rest = _after_prolog(data)
    if rest is not None and rest.startswith("<!"):
        raise ForbiddenXml("the document has a DTD (DOCTYPE); an invoice must not, remove it")


def _after_prolog(data: bytes) -> str | None:
    """What stands behind white space, comments and instructions; None if they do not end here."""
    text = data.decode(_guess_encoding(data), "replace")
    end = 0
    while match := _SKIPPED.match(text, end):
        end = match.end()
    rest = text[end : end + 20]
    return None if not rest or rest.startswith(("<!--", "<?")) else rest


def _guess_encoding(data: bytes) -> str:
    """Good enough to find `<!` with: the declaration itself is ASCII in any encoding."""
    for start, encoding in _STARTS:
        if data.startswith(start):
            return encoding
    return "latin-1"


def splits_text(data: bytes) -> bool:
    """Whether a comment or instruction may stand beside text, which is then several text nodes.

    The model and the schema take such a text as one, rules that ask for `text()` do not.
    """
    start = data.find(b"?>") + 2 if data[:100].lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") else 0
    return any(
        _is_beside_text(data, at, end)
        for mark, end in ((b"<!--", b"-->"), (b"<?", b"?>"))
        for at in _places(data, mark, start)
    )


def _places(data: bytes, mark: bytes, start: int) -> Iterator[int]:
    while (start := data.find(mark, start)) >= 0:
        yield start
        start += len(mark)


def _is_beside_text(data: bytes, at: int, end: bytes) -> bool:
    before = data[max(0, at - _NEAR) : at].rstrip()
    behind = data[(close := data.find(end, at) + len(end)) : close + _NEAR].lstrip()
    starts = not behind or behind.startswith(b"<") and not behind.startswith(b"<![CDATA[")
    ends = not before or before.endswith(b">") and not before.endswith(b"]]>")
    return not (starts and ends)


def parse_whole(data: bytes) -> etree._Element:
    """Parse what `parse` has accepted again, comments and instructions kept."""
    return _parse(data, keep=True)


def _parse(data: bytes, *, keep: bool = False) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        remove_comments=not keep,
        remove_pis=not keep,
        huge_tree=True,  # our own limits come after; libxml2's stop at 10 MB of one text node
    )
    try:
        return etree.parse(BytesIO(data), parser).getroot()
    except etree.XMLSyntaxError as error:
        wrong_encoding = _declared_wrongly(data)
        if wrong_encoding:
            raise MalformedXml(wrong_encoding) from None
        line = error.lineno or None
        raise MalformedXml(f"not well-formed XML: {error.msg}", line) from None


def _declared_wrongly(data: bytes) -> str | None:
    """A message when the bytes are not in the encoding that the document declares."""
    match = _XML_DECLARATION.match(data.removeprefix(b"\xef\xbb\xbf"))
    declared = match.group(1).decode() if match else "UTF-8"
    try:
        data.decode("utf-8-sig" if declared.lower() == "utf-8" else declared)
    except LookupError:
        return f"declares the unknown encoding {declared!r}; UTF-8 is expected"
    except UnicodeDecodeError as error:
        byte = data[error.start : error.start + 1].hex()
        return (
            f"declares (or defaults to) encoding {declared}, but byte {byte} at offset "
            f"{error.start} does not belong to it; save it as UTF-8 or correct the declaration"
        )
    return None


def _check_shape(root: etree._Element, limits: Limits) -> None:
    deep, crowded = _shape_queries(limits)
    if found := deep(root):
        raise ForbiddenXml(f"elements nested deeper than {limits.depth}", _line(found))
    if found := crowded(root):
        raise ForbiddenXml(f"element with more than {limits.attributes} attributes", _line(found))


@cache
def _shape_queries(limits: Limits) -> tuple[etree.XPath, etree.XPath]:
    too_deep = "/*" * (limits.depth + 1)
    return etree.XPath(f"({too_deep})[1]"), etree.XPath(
        f"(//*[count(@*) > {limits.attributes}])[1]"
    )


def _line(found: object) -> int | None:
    return found[0].sourceline if isinstance(found, list) else None
