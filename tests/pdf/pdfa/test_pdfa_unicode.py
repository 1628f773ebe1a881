"""6.2.11.7: text that can be extracted, levels u and a."""

import pytest
from graphics_files import composite_font, drawn, one, simple_font, true_type
from pdfa_files import rules
from pikepdf import Array, Dictionary, Name

CHARS = b"1 beginbfchar <0001> <%s> endbfchar"


def page(font, content=b"<0001> Tj", change=None):
    text = b"BT /F 9 Tf " + content + b" ET"
    return drawn(text, lambda pdf: one("Font", "F", font(pdf)), change=change)


def mapped(table):
    return lambda pdf: composite_font(pdf, ToUnicode=pdf.make_stream(table))


@pytest.mark.parametrize(
    ("table", "broken"),
    [
        (CHARS % b"0041", []),
        (b"1 beginbfrange <0000> <0002> <0040> endbfrange", []),
        (b"1 beginbfrange <0001> <0002> [<0040> <0041>] endbfrange", []),
        (b"", ["6.2.11.7.2-1"]),
        (b"1 beginbfchar <0002> <0041> endbfchar", ["6.2.11.7.2-1"]),
        (CHARS % b"0000", ["6.2.11.7.2-2"]),
        (CHARS % b"FEFF", ["6.2.11.7.2-2"]),
        (CHARS % b"0041FFFE", ["6.2.11.7.2-2"]),
    ],
)
def test_to_unicode(table, broken):
    assert rules(page(mapped(table)), "b") == []
    assert rules(page(mapped(table)), "u") == broken


def test_composite_fonts_of_known_collections():
    def font(ordering):
        info = Dictionary(Registry=b"Adobe", Ordering=ordering, Supplement=2)
        return lambda pdf: composite_font(pdf, _CIDSystemInfo=info)

    assert rules(page(font(b"Japan1")), "u") == []
    assert rules(page(font(b"Other")), "u") == ["6.2.11.7.2-1"]


def simple(**keys):
    return page(lambda pdf: simple_font(pdf, **keys), b"(A) Tj")


SYMBOL = {"program": true_type(symbol=True), "descriptor": {"Flags": 4}, "Encoding": None}


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"kind": "Type1"}, []),
        ({"kind": "Type1", "Encoding": Dictionary(Differences=Array([65, Name.A]))}, []),
        (SYMBOL, ["6.2.11.7.2-1"]),
    ],
)
def test_simple_fonts_without_to_unicode(keys, broken):
    assert rules(simple(**keys), "u") == broken


def test_glyph_names_outside_the_list():
    def font(pdf):
        encoding = Dictionary(Differences=Array([65, Name.g1]))
        stream = pdf.make_stream(b"600 0 d0")
        row = {"Type": Name.Font, "Subtype": Name.Type3, "FirstChar": 65, "LastChar": 65}
        row |= {"Widths": Array([600]), "Encoding": encoding, "CharProcs": Dictionary(g1=stream)}
        return Dictionary(**row)

    assert rules(page(font, b"(A) Tj"), "u") == ["6.2.11.7.2-1"]


PRIVATE = mapped(CHARS % b"E001")


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (b"<0001> Tj", ["6.2.11.7.3-1"]),
        (b"/Span << /ActualText (x) >> BDC <0001> Tj EMC", []),
        (b"/Span << /ActualText (x) >> BDC EMC <0001> Tj", ["6.2.11.7.3-1"]),
        (b"/Span << /ActualText (x) >> BDC /P BMC <0001> Tj EMC EMC", []),
        (b"3 Tr <0001> Tj", ["6.2.11.7.3-1"]),
    ],
)
def test_private_characters(content, broken):
    assert rules(page(PRIVATE, content), "u") == []
    assert rules(page(PRIVATE, content), "a") == broken


def test_private_characters_of_the_supplementary_planes():
    assert rules(page(mapped(CHARS % b"DBC0DC01")), "a") == ["6.2.11.7.3-1"]


def test_the_structure_may_hold_the_actual_text():
    def structure(described):
        def change(pdf):
            element = Dictionary(Type=Name.StructElem, S=Name.Span, K=Array([0]))
            element.Pg = pdf.pages[0].obj
            if described:
                element.ActualText = b"x"
            pdf.Root.StructTreeRoot.K = pdf.make_indirect(element)

        return change

    content = b"/Span << /MCID 0 >> BDC <0001> Tj EMC"
    assert rules(page(PRIVATE, content, structure(described=True)), "a") == []
    assert rules(page(PRIVATE, content, structure(described=False)), "a") == ["6.2.11.7.3-1"]
