import pytest
from lxml import etree

from einvoice.errors import ForbiddenXml, MalformedXml
from einvoice.xml.parse import Limits, parse, parse_whole, splits_text

DECLARED = '<?xml version="1.0" encoding="{}"?><a>é</a>'


@pytest.mark.parametrize(
    "data",
    [
        "<a>é</a>".encode(),
        b"\xef\xbb\xbf" + "<a>é</a>".encode(),
        DECLARED.format("UTF-8").encode(),
        DECLARED.format("UTF-16").encode("utf-16"),
        DECLARED.format("ISO-8859-1").encode("latin-1"),
        DECLARED.format("windows-1252").encode("cp1252"),
        "<!-- c --><?p i?>\n<a>é</a>".encode(),
    ],
)
def test_encodings(data) -> None:
    assert parse(data).text == "é"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"hello", "not well-formed"),
        (b"<a><b></a>", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"<a>\x00</a>", "not well-formed"),
        (DECLARED.format("UTF-8").encode("latin-1"), "declares .* UTF-8, but byte e9 at offset 41"),
        (DECLARED.format("no-such").encode(), "unknown encoding 'no-such'"),
    ],
)
def test_what_is_not_well_formed_says_why(data, message) -> None:
    with pytest.raises(MalformedXml, match=message):
        parse(data)


def test_the_line_of_the_fault() -> None:
    with pytest.raises(MalformedXml) as caught:
        parse(b"<a>\n<b>\n</a>")
    assert caught.value.line == 3


DTD = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'


@pytest.mark.parametrize(
    "data",
    [
        DTD.encode(),
        ("<!-- " + "c" * 100_000 + " -->" + DTD).encode(),
        ("\ufeff" + DTD).encode("utf-16-le"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + DTD).encode("utf-16-be"),
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
    ],
)
def test_a_dtd_is_refused_in_every_encoding(data) -> None:
    with pytest.raises(ForbiddenXml, match="DTD"):
        parse(data)


def test_xinclude_is_left_alone() -> None:
    name = "{http://www.w3.org/2001/XInclude}include"
    include = b'<i:include href="/etc/hostname" parse="text"/>'
    root = parse(b'<a xmlns:i="http://www.w3.org/2001/XInclude">' + include + b"</a>")
    assert root[0].tag == name


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<a>" * 101 + b"</a>" * 101, "deeper than 100"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "not well-formed|deeper"),
        (b"<a " + b" ".join(b'x%d="1"' % i for i in range(51)) + b"/>", "more than 50 attributes"),
        (b"<a>" + b" " * 1000 + b"</a>", "1,007 bytes, allowed are 1,000"),
    ],
)
def test_limits(data, message) -> None:
    with pytest.raises((ForbiddenXml, MalformedXml), match=message):
        parse(data, Limits(size=1000) if message.startswith("1,007") else Limits())


def test_what_is_at_the_limit_passes() -> None:
    parse(b"<a>" * 100 + b"</a>" * 100)
    parse(b"<a " + b" ".join(b'x%d="1"' % i for i in range(50)) + b"/>")
    parse(b"<a>" + b" " * 993 + b"</a>", Limits(size=1000))


def test_a_long_text_is_no_bomb() -> None:
    assert len(parse(b"<a>" + b"x" * 11_000_000 + b"</a>").text) == 11_000_000


@pytest.mark.parametrize(
    ("document", "split"),
    [
        (b'<?xml version="1.0"?><a>x<!--c-->y</a>', True),
        (b"<a><!--c-->y</a>", True),
        (b"<a>x<?p?></a>", True),
        (b"<a><![CDATA[x]]><!--c--></a>", True),
        (b"<!-- c --><a>x</a><!-- c -->", False),
        (b"<a>\n  <!-- c -->\n  <b>x</b></a>", False),
        (b'<?xml version="1.0"?>\n<a>x</a>', False),
    ],
)
def test_a_comment_beside_text_is_noticed(document, split) -> None:
    assert splits_text(document) is split
    kept = parse_whole(document)
    assert "".join(kept.itertext(etree.Element)) == "".join(parse(document).itertext())


def test_a_document_of_comments_is_looked_through_in_a_moment() -> None:
    assert not splits_text(b"<a>" + b"<!---->" * 300_000 + b"</a>")
