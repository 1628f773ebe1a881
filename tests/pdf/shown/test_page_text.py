"""The text of pages: fonts, positions, forms, limits."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from einvoice.pdf.opening import opened
from einvoice.pdf.shown import text as module
from einvoice.pdf.shown.text import text_of_pages

HELVETICA = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica}
TO_UNICODE = b"""begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange
1 beginbfchar <0001> <20ac> endbfchar 1 beginbfrange <0010> <0019> <0030> endbfrange endcmap"""


def simple(pdf):
    return Dictionary(**HELVETICA, FirstChar=32, Widths=Array([600] * 95))


def composite(pdf):
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, DW=500, W=Array([1, Array([600]), 16, 25, 550])
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([descendant]),
        ToUnicode=pdf.make_stream(TO_UNICODE),
    )


def read(content, font=simple, change=None):
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(500, 500))
    page = pdf.pages[0]
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font(pdf)), XObject=Dictionary())
    page.obj.Contents = pdf.make_stream(content)
    if change is not None:
        change(pdf, page.obj)
    target = BytesIO()
    pdf.save(target)
    with opened(target.getvalue()) as again:
        return text_of_pages(again)


def shown(content, font=simple, change=None):
    return read(content, font, change).text.rstrip("\n")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"(Total) Tj (120) Tj", "Total120"),
        (b"[(To) 20 (tal) -900 (12) 30 (0)] TJ", "Total 120"),
        (b"(Total) Tj 100 0 Td (120) Tj", "Total 120"),
        (b"(1) Tj 6 0 Td (2) Tj 6 0 Td (0) Tj", "120"),
        (b"(Total) Tj 0 -14 Td (120) Tj", "Total\n120"),
        (b"14 TL (Total) Tj T* (120) Tj (1) ' 0 0 (2) \"", "Total\n120\n1\n2"),
        (b"(Total) Tj 0 -12 TD (1) Tj T* (2) Tj", "Total\n1\n2"),
        (b"(120) Tj 1 0 0 1 0 100 Tm (Total) Tj", "120\nTotal"),
        (b"0 1 -1 0 0 0 Tm (A) Tj 0 1 -1 0 0 6 Tm (B) Tj", "AB"),
        (b"5 Tc (ab) Tj 28 0 Td (c) Tj", "ab c"),
        (b"10 Tw (a b) Tj 28 0 Td (c) Tj", "a bc"),
        (b"200 Tz (ab) Tj 24 0 Td (c) Tj", "abc"),
    ],
)
def test_positions_tell_blanks_and_lines(content, text):
    assert shown(b"BT /F1 10 Tf " + content + b" ET") == text


def test_text_of_a_composite_font():
    assert shown(b"BT /F1 10 Tf <00110012> Tj <0001> Tj <0099> Tj ET", composite) == "12€\ufffd"


def test_widths_of_a_composite_font_tell_blanks():
    assert shown(b"BT /F1 10 Tf <0011> Tj 5.5 0 Td <0012> Tj 8 0 Td <0013> Tj ET", composite) == (
        "12 3"
    )


def test_differences_of_an_encoding():
    def font(pdf):
        encoding = Dictionary(Differences=Array([65, Name.Euro, Name("/eacute")]))
        return Dictionary(**HELVETICA, Encoding=encoding)

    assert shown(b"BT /F1 10 Tf (ABC) Tj ET", font) == "€éC"


def test_scale_of_the_page_counts():
    content = b"q .1 0 0 .1 0 0 cm BT /F1 100 Tf (ab) Tj 120 0 Td (c) Tj ET Q"
    assert shown(content) == "abc"


def form(pdf, content, **entries):
    stream = pdf.make_stream(content)
    stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    for key, value in entries.items():
        stream[f"/{key}"] = value
    return stream


def test_forms_are_read_with_their_own_fonts_and_place():
    def add(pdf, page):
        fonts = Dictionary(Font=Dictionary(F2=simple(pdf)))
        inner = form(
            pdf,
            b"BT /F2 10 Tf (in) Tj ET",
            Resources=fonts,
            Matrix=Array([1, 0, 0, 1, 0, 90]),
        )
        page.Resources.XObject.X = inner

    assert shown(b"BT /F1 10 Tf (out) Tj ET /X Do", change=add) == "out\nin"


def test_appearances_of_annotations_are_read():
    def add(pdf, page):
        seen = form(pdf, b"BT /F1 10 Tf (value) Tj ET")
        page.Annots = Array([Dictionary(Subtype=Name.Stamp, AP=Dictionary(N=seen))])

    assert shown(b"", change=add) == "value"


def test_forms_in_a_loop_end():
    def add(pdf, page):
        inner = pdf.make_indirect(form(pdf, b"/X Do /X Do"))
        inner.Resources = Dictionary(XObject=Dictionary(X=inner))
        page.Resources.XObject.X = inner

    assert read(b"/X Do", change=add).text == "\n"


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 Tf () Tj /F9 9 Tf (b) Tj 1 Tm [1 /x] TJ (x) Td Tj ET (",
        b"Q Q /X Do /F1 Do BT (no font) Tj ET",
        b"BT /F1 10 Tf (((",
    ],
)
def test_damaged_content_gives_no_error(content):
    assert read(content).text.strip() == ""


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_OPERATORS", 5), ("MAX_CONTENT", 20), ("MAX_FORMS", 0)]
)
def test_limits_are_told(monkeypatch, limit, value):
    monkeypatch.setattr(module, limit, value)

    def add(pdf, page):
        page.Resources.XObject.X = form(pdf, b"BT ET")

    assert not read(b"BT /F1 10 Tf (a) Tj (b) Tj (c) Tj ET /X Do", change=add).complete


def test_first_and_last_pages_of_many(monkeypatch):
    monkeypatch.setattr(module, "MAX_PAGES", 2)

    def add(pdf, page):
        for name in (b"second", b"last"):
            pdf.add_blank_page(page_size=(500, 500))
            pdf.pages[-1].Resources = page.Resources
            pdf.pages[-1].Contents = pdf.make_stream(b"BT /F1 10 Tf (" + name + b") Tj ET")

    result = read(b"BT /F1 10 Tf (first) Tj ET", change=add)
    assert result.text == "first\nlast\n"
    assert not result.complete


def test_resources_of_the_page_tree():
    def add(pdf, page):
        pdf.Root.Pages.Resources = page.Resources
        del page["/Resources"]

    assert shown(b"BT /F1 10 Tf (a) Tj ET", change=add) == "a"


def test_strange_widths_and_fonts():
    def font(pdf):
        return Dictionary(**HELVETICA, FirstChar=String("x"), Widths=Array([Name.a]))

    assert shown(b"BT /F1 10 Tf (a) Tj ET", font) == "a"

    def without_descendant(pdf):
        return Dictionary(Subtype=Name.Type0, Encoding=Name("/Identity-H"))

    assert shown(b"BT /F1 10 Tf <0001> Tj ET", without_descendant) == "\ufffd"
