"""Small PDF/A-3 files made for the tests: one that is right, and ways to spoil it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from einvoice.pdf.pdfa import check
from einvoice.pdf.pdfa.fault import Level

Change = Callable[[pikepdf.Pdf], object]

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description>
<!-- more -->
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@cache
def right() -> bytes:
    """A blank page that conforms to PDF/A-3a."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    pdf.Root.Metadata = metadata(pdf, XMP)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    return saved(pdf)


def metadata(pdf: pikepdf.Pdf, text: str | bytes) -> pikepdf.Stream:
    data = text.encode() if isinstance(text, str) else text
    return pdf.make_stream(data, Type=Name.Metadata, Subtype=Name.XML)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    target = BytesIO()
    pdf.save(
        target,
        **{
            "static_id": "encryption" not in options,
            "fix_metadata_version": False,
            "preserve_pdfa": True,
            "compress_streams": False,
            "object_stream_mode": pikepdf.ObjectStreamMode.disable,
            **options,
        },  # type: ignore[arg-type]
    )
    return target.getvalue()


def changed(change: Change, **options: object) -> bytes:
    """The right file after a change of its objects."""
    with pikepdf.open(BytesIO(right())) as pdf:
        change(pdf)
        return saved(pdf, **options)


def replaced(old: bytes, new: bytes) -> bytes:
    """The right file with other bytes at a place that is there once."""
    assert right().count(old) == 1, right().count(old)
    return right().replace(old, new)


def rewritten(data: bytes) -> bytes:
    """The file with a cross-reference table that fits its objects again."""
    body = data[: data.rindex(b"xref\n0")]
    starts = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 *obj", body)}
    size = max(starts) + 1
    rows = b"".join(b"%010d 00000 n \n" % starts[number] for number in range(1, size))
    trailer = data[data.rindex(b"trailer") : data.rindex(b"startxref")]
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size + rows
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def edited(old: bytes, new: bytes, count: int = 1) -> bytes:
    """The right file with other bytes, which may be more or fewer."""
    assert old in right()
    return rewritten(right().replace(old, new, count))


def with_xmp(old: str, new: str) -> bytes:
    """The right file with a change in its XMP."""
    assert old in XMP
    return changed(lambda pdf: setattr(pdf.Root, "Metadata", metadata(pdf, XMP.replace(old, new))))


def rules(data: bytes, level: Level = "b") -> list[str]:
    """The rules that a file breaks at a level, each once; every check must have run."""
    result = check(data)
    assert result.crashed == ()
    return sorted({fault.rule for fault in result.at(level)})


def annotate(pdf: pikepdf.Pdf, **keys: object) -> Dictionary:
    """Put an annotation that conforms on the page, with other or more keys; None takes one away."""
    look = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    row = {"Subtype": Name.Square, "Rect": [0, 0, 9, 9], "F": 4, "AP": Dictionary(N=look), **keys}
    keys = {key: value for key, value in row.items() if value is not None}
    item = pdf.make_indirect(Dictionary(Type=Name.Annot, **keys))
    pdf.pages[0].obj.Annots = Array([item])
    if item.Subtype == "/Widget":  # the library warns of a widget that is no field
        pdf.Root.AcroForm = Dictionary(Fields=Array([item]))
    return item
