"""Pages with content, colours and fonts, made for the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pdfa_files import changed
from pikepdf import Array, Dictionary, Name

Resources = Callable[[pikepdf.Pdf], Mapping[str, object]]

WIDTHS = {".notdef": 500, "A": 600, "B": 700, "space": 250}
LETTERS = {65: "A", 66: "B", 32: "space"}


def icc(space: bytes = b"RGB ", kind: bytes = b"mntr", major: int = 2) -> bytes:
    """A profile of which only the header is right."""
    head = bytearray(128)
    head[8] = major
    head[12:16], head[16:20], head[36:40] = kind, space, b"acsp"
    return bytes(head)


def profile(pdf: pikepdf.Pdf, space: bytes = b"RGB ", **header: object) -> pikepdf.Stream:
    count = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1, b"Lab ": 3}.get(space, 3)
    return pdf.make_stream(icc(space, **header), N=count)  # type: ignore[arg-type]


def icc_space(pdf: pikepdf.Pdf, space: bytes = b"RGB ", **header: object) -> Array:
    return Array([Name.ICCBased, pdf.make_indirect(profile(pdf, space, **header))])


def intend(pdf: pikepdf.Pdf, space: bytes | None = b"RGB ", **header: object) -> Dictionary:
    """Give the file a PDF/A output intent."""
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1)
    intent.OutputConditionIdentifier = pikepdf.String("x")
    if space is not None:
        intent.DestOutputProfile = pdf.make_indirect(profile(pdf, space, **header))
    pdf.Root.OutputIntents = Array([intent])
    return intent


def drawn(
    content: bytes,
    resources: Resources | None = None,
    *,
    intent: bytes | None = b"RGB ",
    change: Callable[[pikepdf.Pdf], object] | None = None,
) -> bytes:
    """The right file with content on its page, and a PDF/A output intent."""

    def fill(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(content)
        page.Resources = Dictionary(dict(resources(pdf)) if resources else {})
        if intent is not None:
            intend(pdf, intent)
        if change is not None:
            change(pdf)

    return changed(fill)


def form(pdf: pikepdf.Pdf, content: bytes = b"", **keys: object) -> pikepdf.Stream:
    keys = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 1, 1], **keys}
    return pdf.make_stream(content, **keys)


def image(pdf: pikepdf.Pdf, **keys: object) -> pikepdf.Stream:
    rest = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1}
    rest |= {"BitsPerComponent": 8, "ColorSpace": Name.DeviceGray} | keys
    return pdf.make_stream(b"\0", **{key: one for key, one in rest.items() if one is not None})


def one(category: str, name: str, value: object) -> Mapping[str, object]:
    """Resources with one entry."""
    return {f"/{category}": Dictionary({f"/{name}": value})}


def _square(pen: object) -> None:
    pen.moveTo((0, 0))  # type: ignore[attr-defined]
    pen.lineTo((0, 9))  # type: ignore[attr-defined]
    pen.lineTo((9, 9))  # type: ignore[attr-defined]
    pen.closePath()  # type: ignore[attr-defined]


def _built(builder: FontBuilder) -> bytes:
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in WIDTHS.items()})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Test"})
    builder.setupOS2()
    builder.setupPost()
    target = BytesIO()
    builder.save(target)
    return target.getvalue()


@cache
def true_type(symbol: bool = False) -> bytes:
    """A TrueType font with A, B and space, for Unicode or for Microsoft symbols."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(WIDTHS))
    builder.setupCharacterMap({} if symbol else LETTERS)
    if symbol:
        from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

        table = CmapSubtable.newSubtable(4)
        table.platformID, table.platEncID, table.language = 3, 0, 0
        table.cmap = {0xF000 + code: name for code, name in LETTERS.items()}
        builder.font["cmap"].tables = [table]
    pen = TTGlyphPen(None)
    _square(pen)
    builder.setupGlyf(dict.fromkeys(WIDTHS, pen.glyph()))
    return _built(builder)


@cache
def cff() -> bytes:
    """A bare CFF font with A, B and space."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(WIDTHS))
    builder.setupCharacterMap(LETTERS)
    shapes = {}
    for name, width in WIDTHS.items():
        pen = T2CharStringPen(width, None)
        _square(pen)
        shapes[name] = pen.getCharString()
    builder.setupCFF("Test", {}, shapes, {"nominalWidthX": 0})
    font = _built(builder)
    with BytesIO(font) as source:
        from fontTools.ttLib import TTFont

        return bytes(TTFont(source).getTableData("CFF "))


def encrypted(data: bytes, key: int) -> bytes:
    """The encryption of Type 1 fonts."""
    packed = bytearray()
    for byte in data:
        packed.append(byte ^ (key >> 8))
        key = ((packed[-1] + key) * 52845 + 22719) & 0xFFFF
    return bytes(packed)


def type1(widths: Mapping[str, int] = WIDTHS) -> bytes:
    """A Type 1 font whose glyphs have a width and nothing else."""
    rows = b""
    for name, width in widths.items():
        number = b"\xff" + width.to_bytes(4)
        code = encrypted(b"\0\0\0\0" + b"\x8b" + number + b"\x0d\x0e", 4330)
        rows += b"/%s %d RD %s ND\n" % (name.encode(), len(code), code)
    private = b"dup /Private 1 dict dup begin /lenIV 4 def\n2 index /CharStrings 9 dict dup begin\n"
    head = b"%!FontType1\n/FontMatrix [0.001 0 0 0.001 0 0] def\n/Encoding StandardEncoding def\n"
    return head + b"currentfile eexec\n" + encrypted(b"\0\0\0\0" + private + rows + b"end", 55665)


def simple_font(pdf: pikepdf.Pdf, kind: str = "TrueType", **keys: object) -> Dictionary:
    """A simple font that is right, with other or more keys; None takes one away.

    `program`, `key` and `flags` say what the descriptor has.
    """
    program = keys.pop("program", true_type() if kind == "TrueType" else type1())
    place = keys.pop("key", "FontFile2" if kind == "TrueType" else "FontFile")
    more = keys.pop("descriptor", {})
    descriptor = {"Type": Name.FontDescriptor, "FontName": Name.Test, "Flags": 32, **more}  # type: ignore[dict-item]
    if program is not None:
        descriptor[str(place)] = pdf.make_stream(program)  # type: ignore[arg-type]
        if place == "FontFile3":
            descriptor[str(place)].Subtype = Name.Type1C  # type: ignore[attr-defined]
    row: dict[str, object] = {"Type": Name.Font, "Subtype": Name("/" + kind), "BaseFont": Name.Test}
    row |= {"FirstChar": 65, "LastChar": 66, "Widths": Array([600, 700])}
    row |= {"Encoding": Name.WinAnsiEncoding, "FontDescriptor": Dictionary(**descriptor)}
    row |= keys
    return pdf.make_indirect(
        Dictionary(**{key: one for key, one in row.items() if one is not None})
    )


def composite_font(pdf: pikepdf.Pdf, **keys: object) -> Dictionary:
    """A composite font with a TrueType program; keys with a small letter go to the CIDFont."""
    info = Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0)
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name.Test, Flags=4)
    descriptor.FontFile2 = pdf.make_stream(true_type())
    inner: dict[str, object] = {"Type": Name.Font, "Subtype": Name.CIDFontType2}
    inner |= {"BaseFont": Name.Test, "CIDSystemInfo": info, "CIDToGIDMap": Name.Identity}
    inner |= {"W": Array([1, Array([600, 700])]), "FontDescriptor": descriptor}
    inner |= {key[1:]: value for key, value in keys.items() if key.startswith("_")}
    if "set_bits" in keys:
        descriptor.CIDSet = pdf.make_stream(keys["set_bits"])  # type: ignore[arg-type]
    inner = {key: value for key, value in inner.items() if value is not None}
    outer: dict[str, object] = {"Type": Name.Font, "Subtype": Name.Type0, "BaseFont": Name.Test}
    outer |= {"Encoding": Name("/Identity-H"), "DescendantFonts": Array([Dictionary(**inner)])}
    outer |= {key: value for key, value in keys.items() if key[0].isupper()}
    return pdf.make_indirect(Dictionary(**outer))


def shown(font: Callable[[pikepdf.Pdf], Dictionary], text: bytes = b"(AB)", mode: int = 0) -> bytes:
    """A page that shows a text in a font."""
    content = b"BT /F 9 Tf %d Tr %s Tj ET" % (mode, text)
    return drawn(content, lambda pdf: one("Font", "F", font(pdf)))
