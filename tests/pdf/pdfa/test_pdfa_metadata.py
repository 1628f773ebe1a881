"""6.6: XMP packets, their properties and extension schemas."""

import pytest
from pdfa_files import XMP, changed, metadata, rules, with_xmp
from pikepdf import Dictionary

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
        "stRef": "http://ns.adobe.com/xap/1.0/sType/ResourceRef#",
        "xmpTPg": "http://ns.adobe.com/xap/1.0/t/pg/",
        "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
        "pdf": "http://ns.adobe.com/pdf/1.3/",
        "tiff": "http://ns.adobe.com/tiff/1.0/",
        "exif": "http://ns.adobe.com/exif/1.0/",
        "xmpidq": "http://ns.adobe.com/xmp/Identifier/qual/1.0/",
        "fx": FX,
        "pt": "urn:part",
        "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
        "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
        "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
        "pdfaType": "http://www.aiim.org/pdfa/ns/type#",
        "pdfaField": "http://www.aiim.org/pdfa/ns/field#",
        "other": "http://www.aiim.org/pdfa/ns/schema#",
    }.items()
)


def described(text: str) -> bytes:
    """The right file with more properties."""
    more = f'<rdf:Description rdf:about="" {NAMESPACES}>{text}</rdf:Description>'
    return with_xmp("<!-- more -->", more)


def array(kind: str, *items: str) -> str:
    return f"<rdf:{kind}>{''.join(f'<rdf:li>{item}</rdf:li>' for item in items)}</rdf:{kind}>"


def test_metadata_is_there():
    def gone(pdf):
        del pdf.Root.Metadata

    assert rules(changed(gone)) == ["6.6.2.1-1", "6.6.4-1"]


def test_metadata_has_its_type():
    def untyped(pdf):
        del pdf.Root.Metadata.Type

    assert rules(changed(untyped)) == ["6.6.2.1-1"]


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("?xpacket begin", "?xpacket bytes='9' begin", ["6.6.2.1-2"]),
        ('9d"?>', '9d" encoding="UTF-8"?>', ["6.6.2.1-3"]),
        ("</rdf:RDF>", "", ["6.6.2.1-4", "6.6.4-1"]),
        ("<!-- more -->", "&undefined;", ["6.6.2.1-4", "6.6.4-1"]),
    ],
)
def test_packet(old, new, broken):
    assert rules(with_xmp(old, new)) == broken


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32-le"])
def test_packet_in_another_encoding_is_read_and_refused(encoding):
    data = changed(lambda pdf: setattr(pdf.Root, "Metadata", metadata(pdf, XMP.encode(encoding))))
    assert rules(data) == ["6.6.2.1-5"]


def test_a_repeated_property():
    data = described("<pdf:Keywords>a</pdf:Keywords><pdf:Keywords>b</pdf:Keywords>")
    assert rules(data) == ["6.6.2.1-4"]


def test_identification_missing():
    assert rules(with_xmp("ns/id/", "ns/id")) == ["6.6.2.3.1-1", "6.6.4-1"]


def test_identification_as_attributes():
    data = with_xmp(
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>\n</rdf:Description>",
        '</rdf:Description><rdf:Description xmlns:i="http://www.aiim.org/pdfa/ns/id/" '
        'i:part="3" i:conformance="A"/>',
    )
    assert rules(data) == ["6.6.4-4", "6.6.4-5"]


@pytest.mark.parametrize(
    ("part", "conformance", "broken"),
    [
        ("1", "A", ["6.6.4-2"]),
        ("x", "A", ["6.6.2.3.1-2", "6.6.4-2"]),
        ("3", "b", ["6.6.4-3"]),
        ("3", "", ["6.6.4-3"]),
        ("3", "B", []),
    ],
)
def test_identification(part, conformance, broken):
    data = with_xmp(
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</",
        f"<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{conformance}</",
    )
    assert rules(data) == broken


def test_a_lower_level_is_claimed():
    lower = with_xmp("conformance>A", "conformance>B")
    assert (rules(lower, "u"), rules(lower, "a")) == (["6.6.4-3"], ["6.6.4-3"])
    middle = with_xmp("conformance>A", "conformance>U")
    assert (rules(middle, "u"), rules(middle, "a")) == ([], ["6.6.4-3"])


def test_amendment_has_the_prefix():
    data = with_xmp(
        "<!-- more -->",
        '<rdf:Description xmlns:i="http://www.aiim.org/pdfa/ns/id/" i:amd="1" i:corr="2"/>',
    )
    assert rules(data) == ["6.6.4-6", "6.6.4-7"]


RIGHT = [
    "<xmp:CreateDate>2024-01-31</xmp:CreateDate>",
    "<xmp:ModifyDate>2024-01-31T10:00:00+01:00</xmp:ModifyDate>",
    "<xmp:Rating>1.0</xmp:Rating>",
    "<xmpRights:Marked>True</xmpRights:Marked>",
    f"<dc:creator>{array('Seq', 'A')}</dc:creator>",
    "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>T</rdf:li></rdf:Alt></dc:title>",
    f"<tiff:YCbCrSubSampling>{array('Seq', '2', '2')}</tiff:YCbCrSubSampling>",
    "<tiff:XResolution>72/1</tiff:XResolution>",
    "<exif:GPSLatitude>67,19,26S</exif:GPSLatitude>",
    "<xmpMM:DerivedFrom rdf:parseType='Resource'><stRef:documentID>i</stRef:documentID>"
    "</xmpMM:DerivedFrom>",
    "<xmpMM:DerivedFrom stRef:documentID='i'/>",
    "<xmpMM:DerivedFrom><rdf:Description stRef:documentID='i'/></xmpMM:DerivedFrom>",
    "<xmp:BaseURL rdf:resource='http://example.org/'/>",
    "<xmp:Identifier><rdf:Bag><rdf:li rdf:parseType='Resource'><rdf:value>i</rdf:value>"
    "<xmpidq:Scheme>s</xmpidq:Scheme></rdf:li></rdf:Bag></xmp:Identifier>",
]
WRONG = [
    "<xmp:CreateDate>31.01.2024</xmp:CreateDate>",
    "<xmp:Rating>good</xmp:Rating>",
    "<xmpRights:Marked>true</xmpRights:Marked>",
    "<dc:creator>A</dc:creator>",
    f"<dc:creator>{array('Bag', 'A')}</dc:creator>",
    "<dc:title>T</dc:title>",
    f"<dc:title>{array('Alt', 'T')}</dc:title>",
    f"<dc:format>{array('Seq', 'text/xml')}</dc:format>",
    "<dc:format>pdf</dc:format>",
    "<tiff:ImageWidth>2.0</tiff:ImageWidth>",
    f"<tiff:YCbCrSubSampling>{array('Seq', '2', '2.0')}</tiff:YCbCrSubSampling>",
    "<tiff:XResolution>72</tiff:XResolution>",
    "<xmpMM:DerivedFrom>x</xmpMM:DerivedFrom>",
    "<xmpMM:DerivedFrom rdf:parseType='Resource'><dc:source>i</dc:source></xmpMM:DerivedFrom>",
]


@pytest.mark.parametrize("text", RIGHT)
def test_properties_of_their_type(text):
    assert rules(described(text)) == []


@pytest.mark.parametrize("text", WRONG)
def test_properties_of_another_type(text):
    assert rules(described(text)) == ["6.6.2.3.1-2"]


@pytest.mark.parametrize(
    "text", ["<pdf:Trapped>False</pdf:Trapped>", "<fx:Version>1.0</fx:Version>"]
)
def test_properties_that_nobody_described(text):
    assert rules(described(text)) == ["6.6.2.3.1-1"]


PROPERTY = {"name": "Version", "valueType": "Text", "category": "external", "description": "d"}
FIELD = {"name": "No", "valueType": "Integer", "description": "d"}
TYPE = {"type": "Part", "namespaceURI": "urn:part", "prefix": "pt", "description": "d"}
SCHEMA = {"schema": "Factur-X", "namespaceURI": FX, "prefix": "fx"}


def fields(prefix: str, row: dict[str, str | None]) -> str:
    return "".join(f"<{prefix}:{k}>{v}</{prefix}:{k}>" for k, v in row.items() if v is not None)


def item(text: str) -> str:
    return f"<rdf:li rdf:parseType='Resource'>{text}</rdf:li>"


def schemas(schema=(), prop=(), kind=(), field=(), bag="Bag", prefix="pdfaSchema"):
    """An extension schema with one property and one value type; the arguments change it."""
    inner = item(fields("pdfaField", FIELD | dict(field)))
    below = f"<pdfaType:field><rdf:Seq>{inner}</rdf:Seq></pdfaType:field>"
    types = item(fields("pdfaType", TYPE | dict(kind)) + below)
    properties = item(fields("pdfaProperty", PROPERTY | dict(prop)))
    text = (
        fields(prefix, SCHEMA | dict(schema))
        + f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>"
        + f"<pdfaSchema:valueType><rdf:Seq>{types}</rdf:Seq></pdfaSchema:valueType>"
    )
    return f"<pdfaExtension:schemas><rdf:{bag}>{item(text)}</rdf:{bag}></pdfaExtension:schemas>"


VERSION = "<fx:Version>1.0</fx:Version>"
PART = "<fx:Version rdf:parseType='Resource'><pt:No>7</pt:No></fx:Version>"


def test_a_described_property():
    assert rules(described(schemas() + VERSION)) == []


@pytest.mark.parametrize("name", ["text", "Open Choice of Text", "closed choice", "URL"])
def test_a_described_property_of_another_name_for_text(name):
    assert rules(described(schemas(prop={"valueType": name}) + VERSION)) == []


def test_a_described_structure():
    ours = {"valueType": "Part"}
    assert rules(described(schemas(prop=ours) + PART)) == []
    assert rules(described(schemas(prop=ours) + VERSION)) == ["6.6.2.3.1-2"]
    wrong = PART.replace("7", "seven")
    assert rules(described(schemas(prop=ours) + wrong)) == ["6.6.2.3.1-2"]
    assert rules(described(schemas(prop={"valueType": "bag Part"}) + PART)) == ["6.6.2.3.1-2"]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (schemas(bag="Seq"), ["6.6.2.3.3-1"]),
        (schemas(schema={"schema": None}), ["6.6.2.3.3-2"]),
        (schemas(schema={"namespaceURI": None}), ["6.6.2.3.3-3"]),
        (schemas(schema={"prefix": None}), ["6.6.2.3.3-4"]),
        (schemas(prefix="other"), ["6.6.2.3.3-2", "6.6.2.3.3-3", "6.6.2.3.3-4"]),
        (schemas(schema={"more": "x"}), ["6.6.2.3.2-1"]),
        (schemas(prop={"name": None}), ["6.6.2.3.3-7"]),
        (schemas(prop={"valueType": None}), ["6.6.2.3.3-8"]),
        (schemas(prop={"valueType": "Invoice"}), ["6.6.2.3.3-8"]),
        (schemas(prop={"category": "public"}), ["6.6.2.3.3-9"]),
        (schemas(prop={"description": None}), ["6.6.2.3.3-10"]),
        (schemas(kind={"type": None}), ["6.6.2.3.3-11"]),
        (schemas(kind={"namespaceURI": None}), ["6.6.2.3.3-12"]),
        (schemas(kind={"prefix": None}), ["6.6.2.3.3-13"]),
        (schemas(kind={"description": None}), ["6.6.2.3.3-14"]),
        (schemas(field={"name": None}), ["6.6.2.3.3-16"]),
        (schemas(field={"valueType": "Invoice"}), ["6.6.2.3.3-17"]),
        (schemas(field={"description": None}), ["6.6.2.3.3-18"]),
    ],
)
def test_descriptions(text, broken):
    assert rules(described(text)) == broken


def test_a_type_that_names_itself_does_not_hang():
    own = {"valueType": "Part"}
    loop = "<fx:Version rdf:parseType='Resource'>" + "<pt:No rdf:parseType='Resource'>" * 30
    loop += "</pt:No>" * 30 + "</fx:Version>"
    assert rules(described(schemas(prop=own, field=own) + loop)) == ["6.6.2.3.1-2"]


def test_metadata_of_a_part_is_checked_too():
    def change(pdf):
        own = XMP.replace("<!-- more -->", "<rdf:Description xmlns:a='urn:a' a:b='c'/>")
        pdf.Root.Extra = Dictionary(Metadata=metadata(pdf, own))

    assert rules(changed(change)) == ["6.6.2.3.1-1"]
