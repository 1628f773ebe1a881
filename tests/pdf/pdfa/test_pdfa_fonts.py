"""6.2.11: font dictionaries, embedding, encodings, glyphs and widths."""

import pytest
from graphics_files import (
    cff,
    composite_font,
    drawn,
    one,
    shown,
    simple_font,
    true_type,
)
from pdfa_files import rules
from pikepdf import Array, Dictionary, Name, String


def simple(text=b"(AB)", mode=0, **keys):
    return shown(lambda pdf: simple_font(pdf, **keys), text, mode)


def composite(text=b"<00010002>", mode=0, **keys):
    return shown(lambda pdf: composite_font(pdf, **keys), text, mode)


def differences(*row, base=Name.WinAnsiEncoding):
    return Dictionary(Type=Name.Encoding, BaseEncoding=base, Differences=Array(row))


CFF = {"kind": "Type1", "program": cff(), "key": "FontFile3"}
TYPE1 = {"kind": "Type1"}
SYMBOL = {"program": true_type(symbol=True), "descriptor": {"Flags": 4}, "Encoding": None}


@pytest.mark.parametrize("keys", [{}, CFF, TYPE1, SYMBOL])
def test_simple_fonts_that_are_right(keys):
    assert rules(simple(**keys)) == []


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({"Type": None}, ["6.2.11.2-1"]),
        ({"Subtype": Name.Other}, ["6.2.11.2-2"]),
        ({"BaseFont": None}, ["6.2.11.2-3"]),
        ({"LastChar": None}, ["6.2.11.2-5", "6.2.11.2-6"]),
        ({"Widths": Array([600, 700, 800])}, ["6.2.11.2-6"]),
        ({"FirstChar": None}, ["6.2.11.2-4", "6.2.11.2-6", "6.2.11.5-1"]),
    ],
)
def test_entries_of_simple_fonts(keys, broken):
    assert rules(simple(**keys)) == broken


def test_a_font_file_of_unknown_kind():
    def font(pdf):
        made = simple_font(pdf, **CFF)
        made.FontDescriptor.FontFile3.Subtype = Name.Other
        return made

    assert rules(shown(font)) == ["6.2.11.2-7", "6.2.11.4.1-1"]


@pytest.mark.parametrize("program", [None, b"no font at all", true_type()[:60], b"%!PS no eexec"])
def test_fonts_are_embedded(program):
    assert rules(simple(program=program)) == ["6.2.11.4.1-1"]


def test_a_font_that_is_not_painted_need_not_be_embedded():
    assert rules(simple(program=None, mode=3)) == []
    assert rules(simple(program=None, mode=7)) == ["6.2.11.4.1-1"]
    standard = {"program": None, "FirstChar": None, "LastChar": None, "Widths": None}
    helvetica = {"kind": "Type1", "BaseFont": Name.Helvetica, **standard}
    assert rules(simple(mode=3, **helvetica)) == []
    assert rules(simple(mode=0, **helvetica)) == ["6.2.11.4.1-1"]


def test_a_font_that_shows_nothing_is_not_judged():
    def resources(pdf):
        return one("Font", "F", simple_font(pdf, program=None, Type=None))

    assert rules(drawn(b"BT /F 9 Tf () Tj ET", resources)) == []


@pytest.mark.parametrize("keys", [{}, CFF, TYPE1, SYMBOL])
def test_widths(keys):
    assert rules(simple(Widths=Array([601, 699]), **keys)) == []
    assert rules(simple(Widths=Array([600, 701.5]), **keys)) == ["6.2.11.5-1"]
    assert rules(simple(Widths=Array([600, 710]), mode=3, **keys)) == []


def test_missing_widths_are_those_of_the_descriptor():
    text = b"(A )"
    keys = {"kind": "Type1", "LastChar": 65, "Widths": Array([600])}
    assert rules(simple(text, descriptor={"MissingWidth": 250}, **keys)) == []
    assert rules(simple(text, **keys)) == ["6.2.11.5-1"]


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, ["6.2.11.4.1-2"]),
        (CFF, ["6.2.11.4.1-2"]),
        (TYPE1, ["6.2.11.4.1-2"]),
        (SYMBOL, ["6.2.11.4.1-2"]),
    ],
)
def test_absent_glyphs(keys, broken):
    wide = {"LastChar": 67, "Widths": Array([600, 700, 500])}
    assert rules(simple(b"(C)", **wide, **keys)) == broken


def test_notdef_is_not_shown():
    encoding = differences(66, Name("/.notdef"))
    found = rules(simple(kind="Type1", Encoding=encoding, Widths=Array([600, 500])))
    assert found == ["6.2.11.8-1"]
    assert "6.2.11.8-1" in rules(composite(b"<0000>"))


def test_differences_choose_glyphs():
    swapped = {"Encoding": differences(65, Name.B, Name.A)}
    assert rules(simple(**swapped)) == ["6.2.11.5-1"]
    assert rules(simple(**swapped, Widths=Array([700, 600]))) == []
    assert rules(simple(**swapped, **CFF, Widths=Array([700, 600]))) == []
    own = {"Encoding": None, "descriptor": {"Flags": 4}}
    assert rules(simple(kind="Type1", **own)) == []


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({"Encoding": Name.MacRomanEncoding}, []),
        ({"Encoding": None}, ["6.2.11.6-2"]),
        ({"Encoding": Name.StandardEncoding}, ["6.2.11.6-2"]),
        ({"Encoding": differences(65, Name.A)}, []),
        ({"Encoding": differences(67, Name.noSuchGlyph)}, ["6.2.11.6-2"]),
        ({"Encoding": differences(65, Name.A, base=Name.StandardEncoding)}, ["6.2.11.6-2"]),
        ({"descriptor": {"Flags": 4}}, ["6.2.11.6-3", "6.2.11.6-4"]),
        ({**SYMBOL, "Encoding": Name.WinAnsiEncoding}, ["6.2.11.6-3"]),
    ],
)
def test_encodings_of_true_type(keys, broken):
    assert rules(simple(**keys)) == broken


def test_differences_need_a_unicode_cmap():
    keys = {"program": true_type(symbol=True), "Encoding": differences(65, Name.A)}
    assert rules(simple(**keys)) == ["6.2.11.6-2"]


@pytest.mark.parametrize("keys", [CFF, TYPE1])
def test_char_set_names_all_glyphs(keys):
    def listed(text):
        return simple(descriptor={"CharSet": String(text)}, **keys)

    assert rules(listed("/A/B/space")) == []
    assert rules(listed("/A/B")) == ["6.2.11.4.2-1"]


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"_W": Array([1, 1, 600, 2, 2, 700])}, []),
        ({"_W": Array([1, Array([600])]), "_DW": 700}, []),
        ({"_W": Array([1, Array([600])])}, ["6.2.11.5-1"]),
        ({"_Type": None}, ["6.2.11.2-1"]),
        ({"_CIDToGIDMap": None}, ["6.2.11.3.2-1"]),
        ({"_CIDToGIDMap": Name.Other}, ["6.2.11.3.2-1"]),
        ({"_CIDSystemInfo": Dictionary()}, []),  # any will do with Identity-H
        ({"Encoding": Name("/Own-H")}, ["6.2.11.3.1-1", "6.2.11.3.3-1"]),
        ({"set_bits": b"\xf0"}, []),
        ({"set_bits": b"\xc0"}, ["6.2.11.4.2-2"]),
        ({"set_bits": b"\xf8"}, ["6.2.11.4.2-2"]),
    ],
)
def test_composite_fonts(keys, broken):
    assert rules(composite(**keys)) == broken


def test_glyphs_of_composite_fonts():
    assert rules(composite(b"<0001000F>", _DW=500)) == ["6.2.11.4.1-2"]

    def mapped(table):
        def font(pdf):
            return composite_font(pdf, _CIDToGIDMap=pdf.make_stream(table))

        return shown(font, b"<00010002>")

    assert rules(mapped(b"\0\0\0\1\0\2")) == []
    assert rules(mapped(b"\0\0\0\2\0\1")) == ["6.2.11.5-1"]
    assert rules(mapped(b"\0\0\0\1")) == ["6.2.11.4.1-2", "6.2.11.5-1"]


CMAP = b"""
/CIDSystemInfo << >> def /WMode %d def
1 begincodespacerange <00> <FF> endcodespacerange
1 begincidrange <41> <42> 1 endcidrange
1 begincidchar <5A> 70000 endcidchar
"""


def own_cmap(text=b"(AB)", stream=CMAP % 0, info=(b"Adobe", b"Test", 1), **keys):
    """A composite font with a CMap of its own for one-byte codes."""

    def font(pdf):
        registry, ordering, supplement = info
        of_map = Dictionary(Registry=registry, Ordering=ordering, Supplement=supplement)
        made = pdf.make_stream(stream, CMapName=Name.Own, CIDSystemInfo=of_map, **keys)
        of_font = Dictionary(Registry=b"Adobe", Ordering=b"Test", Supplement=1)
        return composite_font(pdf, Encoding=made, _CIDSystemInfo=of_font)

    return shown(font, text)


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"info": (b"Adobe", b"Test", 2)}, []),
        ({"info": (b"Adobe", b"Test", 0)}, ["6.2.11.3.1-1"]),
        ({"info": (b"Adobe", b"Other", 1)}, ["6.2.11.3.1-1"]),
        ({"WMode": 1}, ["6.2.11.3.3-2"]),
        ({"WMode": 1, "stream": CMAP % 1}, []),
        ({"UseCMap": Name("/Identity-H")}, []),
        ({"UseCMap": Name.Other}, ["6.2.11.3.3-3"]),
        ({"stream": CMAP % 0 + b"/Other usecmap"}, ["6.2.11.3.3-3"]),
        ({"text": b"(C)"}, ["6.2.11.5-1", "6.2.11.8-1"]),
        ({"text": b"(Z)"}, ["6.1.13-10", "6.2.11.4.1-2"]),
    ],
)
def test_cmaps(keys, broken):
    assert rules(own_cmap(**keys)) == broken


def test_predefined_cmaps():
    def font(ordering):
        info = Dictionary(Registry=b"Adobe", Ordering=ordering, Supplement=2)
        return composite(Encoding=Name("/90ms-RKSJ-H"), _CIDSystemInfo=info)

    assert rules(font(b"Japan1")) == []
    assert rules(font(b"GB1")) == ["6.2.11.3.1-1"]


def type3(pdf, content=b"600 0 0 0 9 9 d1 0 0 9 9 re f", **keys):
    row = {"Type": Name.Font, "Subtype": Name.Type3, "FirstChar": 65, "LastChar": 65}
    row |= {"FontBBox": Array([0, 0, 9, 9]), "FontMatrix": Array([0.001, 0, 0, 0.001, 0, 0])}
    row |= {"Encoding": Dictionary(Differences=Array([65, Name.A])), "Resources": Dictionary()}
    row |= {"CharProcs": Dictionary(A=pdf.make_stream(content)), "Widths": Array([600])} | keys
    return pdf.make_indirect(Dictionary(**row))


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (b"600 0 0 0 9 9 d1 0 1 0 rg f", []),  # the glyph takes the colour of the text
        (b"600 0 d0 0 1 0 rg f", []),
        (b"600 0 d0 0 1 0 0 k f", ["6.2.4.3-3"]),
        (b"500 0 d0", ["6.2.11.5-1"]),
        (b"600 0 d0 foo", ["6.2.2-1"]),
    ],
)
def test_type3_fonts(content, broken):
    assert rules(shown(lambda pdf: type3(pdf, content), b"(A)")) == broken


def test_type3_glyphs_that_are_not_shown():
    assert rules(shown(lambda pdf: type3(pdf, b"600 0 d0 foo"), b"(A)", mode=3)) == []
