"""The readers of font programs and CMaps."""

import struct

import pytest
from graphics_files import cff, encrypted, true_type, type1

from einvoice.pdf.pdfa.cff import Cff
from einvoice.pdf.pdfa.cmaps import CMap
from einvoice.pdf.pdfa.encodings import code_names, unicode_of, win_ansi
from einvoice.pdf.pdfa.programs import read
from einvoice.pdf.pdfa.truetype import BrokenFont, TrueType
from einvoice.pdf.pdfa.type1 import Type1


def test_true_type():
    font = TrueType(true_type())
    assert (font.count, font.width(1), font.width(4)) == (4, 600.0, None)
    assert (font.glyph(3, 1, 65), font.glyph(3, 1, 67), font.glyph(1, 0, 65)) == (1, 0, 0)
    assert font.names["B"] == 2


def subtable(kind, body):
    """A TrueType font whose only subtable of cmap is this one."""
    font = TrueType(true_type())
    table = struct.pack(">HHHHI", 0, 1, 1, 0, 12) + struct.pack(">H", kind) + body
    font.data += table
    font.tables["cmap"] = (len(font.data) - len(table), len(table))
    return font


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (0, struct.pack(">HH", 262, 0) + bytes(65) + b"\1\2" + bytes(189)),
        (6, struct.pack(">HHHHHH", 14, 0, 65, 2, 1, 2)),
        (12, struct.pack(">HIII", 0, 28, 0, 1) + struct.pack(">III", 65, 66, 1)),
    ],
)
def test_formats_of_cmap(kind, body):
    font = subtable(kind, body)
    assert [font.glyph(1, 0, code) for code in (64, 65, 66, 67)] == [0, 1, 2, 0]


def test_a_cmap_that_is_cut_off():
    assert subtable(6, struct.pack(">HHHH", 14, 0, 65, 200)).glyph(1, 0, 65) == 0


def test_a_huge_range_of_codes_is_not_spelt_out():
    body = struct.pack(">HIII", 0, 28, 0, 1) + struct.pack(">III", 0, 0xFFFFFFFF, 1)
    assert subtable(12, body).glyph(1, 0, 65) == 0


@pytest.mark.parametrize(
    "data", [b"", b"\0\1\0\0", true_type()[:200], b"OTTO", b"\1\0\4\1junk", b"%!PS eexec"]
)
def test_broken_programs(data):
    with pytest.raises(BrokenFont):
        read(data)


def test_cff():
    font = Cff(cff())
    assert font.order == [".notdef", "A", "B", "space"]
    assert (font.width("A"), font.width("C"), font.by_cid) == (600.0, None, False)
    assert (font.name(1), font.name(9)) == ("A", "")


def test_type1_in_its_wrappings():
    plain = type1()
    place = plain.index(b"eexec") + 6
    head, packed = plain[:place], plain[place:]
    segments = [(1, head), (2, packed)]
    framed = b"".join(
        b"\x80" + bytes((kind,)) + len(part).to_bytes(4, "little") + part for kind, part in segments
    )
    for data in (plain, head + packed.hex().encode(), framed + b"\x80\3"):
        font = read(data)
        assert isinstance(font, Type1)
        assert (font.width("A"), font.width("space"), font.width("C")) == (600.0, 250.0, None)
        assert font.standard


def test_widths_of_type1_that_are_worked_out():
    def width(code):
        row = encrypted(b"\0\0\0\0" + code, 4330)
        private = b"/CharStrings 1 dict dup begin\n/A %d RD %s ND\n" % (len(row), row)
        data = b"%!FontType1 eexec " + encrypted(b"\0\0\0\0" + private, 55665)
        return Type1(data).width("A")

    number = b"\xff\0\0\x04\xb0"  # 1200
    assert width(b"\x8b" + number + b"\x8d\x0c\x0c\x0d") == 600  # 1200 2 div hsbw
    assert width(b"\x8b\x8b" + number + b"\x8b\x0c\x07") == 1200  # sbw
    assert width(b"\x8b\xf7\x00\x0d") == 108
    assert width(b"\x8b\xfb\x00\x0d") == -108
    assert width(b"\x0e") is None


def test_codes_of_a_cmap():
    spaces = ((b"\x00", b"\x80"), (b"\x81\x40", b"\x9f\xfc"))
    cmap = CMap("/Own", spaces=spaces, ranges=((0x41, 0x42, 7), (0x8140, 0x8141, 100)))
    assert list(cmap.split(b"A\x81\x41B")) == [0x41, 0x8141, 0x42]
    assert [cmap.cid(code) for code in (0x41, 0x42, 0x43, 0x8141)] == [7, 8, 0, 101]
    assert list(CMap("/Identity-H", identity=True).split(b"\0\1\2\3\4")) == [1, 0x203]
    assert list(CMap("/90ms-RKSJ-H").split(b"AB")) == []


def test_encodings():
    assert (win_ansi()[0x80], win_ansi()[0xB2], win_ansi()[0xA0]) == (
        "Euro",
        "twosuperior",
        "space",
    )
    assert code_names(None, {65: "A"}) == {65: "A"}
    assert (unicode_of("A"), unicode_of("uni0041"), unicode_of("g17")) == ("A", "A", None)
