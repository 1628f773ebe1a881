"""6.1: the bytes of the file."""

import re

import pytest
from pdfa_files import changed, edited, replaced, rewritten, right, rules


def test_the_helper_keeps_the_file_right():
    assert rules(rewritten(right()), "a") == []


@pytest.mark.parametrize("header", [b"%PDF-1.8", b"%PDF-2.0", b"%PDF-1.4 "[:8] + b" "])
def test_header_is_of_pdf_1(header):
    data = rewritten(header + right()[8:])
    assert "6.1.2-1" in rules(data)


def test_header_stands_at_byte_zero():
    assert "6.1.2-1" in rules(b"\n" + right())


def test_comment_of_high_bytes():
    data = right()
    line = data.index(b"\n") + 1
    assert data[line : line + 1] == b"%"
    assert rules(data[: line + 1] + b"abcd" + data[line + 5 :]) == ["6.1.2-2"]


@pytest.mark.parametrize(
    ("tail", "broken"),
    [
        (b"", []),
        (b"\n", []),
        (b"\r\n", []),
        (b"\n\n", ["6.1.3-3"]),
        (b"\0" * 512, []),
        (b"\0x", ["6.1.3-3"]),
    ],
)
def test_nothing_follows_the_end(tail, broken):
    assert rules(right().rstrip() + tail) == broken


@pytest.mark.parametrize("gap", [b" ", b"\n\n", b" \n"])
def test_cross_reference_table_starts_at_once(gap):
    data = right()
    at = data.rindex(b"xref\n0") + 4
    assert rules(data[:at] + gap + data[at + 1 :]) == ["6.1.4-2"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"1 0 obj\n", b"1 0 obj "),
        (b"1 0 obj\n", b"1 0  obj\n"),
        (b"\nendobj\n\n2", b" endobj\n\n2"),
        (b"\nendobj\n\n2", b"\nendobj \n\n2"),
    ],
)
def test_spaces_of_objects(old, new):
    data = right().replace(b"endobj\n2", b"endobj\n\n2")
    data = (
        rewritten(data.replace(old, new, 1)) if old in data else edited(b"\nendobj\n", b" endobj\n")
    )
    assert rules(data) == ["6.1.9-1"]


def test_stream_keyword_ends_with_a_line_feed():
    data = edited(b"stream\n<?xpacket", b"stream\r<?xpacket")
    assert "6.1.7.1-2" in rules(data)
    assert rules(edited(b"stream\n<?xpacket", b"stream\r\n<?xpacket")) == []


def test_endstream_follows_a_line_end():
    assert rules(edited(b">\nendstream", b">endstream")) == ["6.1.7.1-2"]


def test_length_counts_the_bytes():
    length = re.search(rb"/Length (\d+)", right())
    shorter = b"/Length %d" % (int(length[1]) - 40)
    assert "6.1.7.1-1" in rules(edited(length[0], shorter))


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (b"<48656C6C6F>", []),
        (b"<48 65 6c>", []),
        (b"<486>", ["6.1.6-1"]),
        (b"(<48z>)", []),
        (b"(a \\) (b) <4>)", []),
    ],
)
def test_hexadecimal_strings(text, broken):
    assert rules(edited(b"/Marked true", b"/Marked true /Note " + text)) == broken


def content(data: bytes):
    def change(pdf):
        pdf.pages[0].obj.Contents = pdf.make_stream(data)

    return changed(change)


@pytest.mark.parametrize(
    ("operators", "broken"),
    [
        (b"BT <4849> Tj ET", []),
        (b"BT <484!> Tj ET", ["6.1.6-2"]),
        (b"BT <484> Tj ET", ["6.1.6-1"]),
        (b"/P <</MCID 0>> BDC EMC", []),
        (b"q BI /W 1 /H 1 /BPC 8 /CS /G /F /Fl ID x<1> EI Q", []),
        (b"q BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID x EI Q", ["6.1.10-1"]),
        (b"q BI /W 1 /H 1 /BPC 8 /CS /G /Filter [/A85 /Foo] ID x EI Q", ["6.1.10-1"]),
        (b"BT (a BI /F /LZW ID b) Tj ET", []),
    ],
)
def test_content_streams(operators, broken):
    found = [rule for rule in rules(content(operators)) if rule.startswith("6.1.")]
    assert found == broken


def test_unencrypted():
    assert rules(replaced(b"/ID [", b"/Id [")) == ["6.1.3-1"]
