"""Reading and writing XMP."""

import pytest
from lxml import etree
from pdf_examples import XMP

from einvoice.errors import PdfError
from einvoice.pdf.generations import FACTUR_X, ZUGFERD_1, ZUGFERD_2
from einvoice.pdf.metadata import EXTENSION, PROPERTIES, RDF, SCHEMA, read_xmp, write_xmp

VALUES = {"file_name": "factur-x.xml", "level": "EXTENDED", "version": "1.0"}


def written(data):
    return write_xmp(data, **VALUES)


@pytest.mark.parametrize("data", [None, b"", b"  \0", XMP.encode()])
def test_block_is_written_and_read_again(data):
    (block,) = read_xmp(written(data)).declarations
    assert block.namespace == FACTUR_X.namespace
    assert (block.file_name, block.level, block.version) == ("factur-x.xml", "EXTENDED", "1.0")
    assert block.document_type == "INVOICE"
    assert block.schema


def test_everything_else_is_kept():
    data = written(XMP.encode())
    assert read_xmp(data).part == "3"
    assert b'dc:format="application/pdf"' in data


def test_extension_schema_describes_the_four_properties():
    root = etree.fromstring(written(None))
    (schema,) = root.findall(f".//{{{EXTENSION}}}schemas/{{{RDF}}}Bag/{{{RDF}}}li")
    assert schema.findtext(f"{{{SCHEMA}}}prefix") == "fx"
    names = [node.text for node in schema.iter("{http://www.aiim.org/pdfa/ns/property#}name")]
    assert names == list(PROPERTIES)


def test_schema_joins_the_bag_that_is_there():
    bag = (
        f'<rdf:Description rdf:about="" xmlns:pdfaExtension="{EXTENSION}" xmlns:p="{SCHEMA}">'
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<p:namespaceURI>urn:other#</p:namespaceURI></rdf:li></rdf:Bag></pdfaExtension:schemas>"
        "</rdf:Description></rdf:RDF>"
    )
    root = etree.fromstring(written(XMP.replace("</rdf:RDF>", bag).encode()))
    (found,) = root.findall(f".//{{{EXTENSION}}}schemas/{{{RDF}}}Bag")
    uris = [node.text for node in found.iter(f"{{{SCHEMA}}}namespaceURI")]
    assert uris == ["urn:other#", FACTUR_X.namespace]


@pytest.mark.parametrize("generation", [FACTUR_X, ZUGFERD_2, ZUGFERD_1], ids=lambda g: g.title)
def test_older_blocks_are_replaced(generation):
    old = written(XMP.encode()).decode().replace(FACTUR_X.namespace, generation.namespace)
    new = written(old.replace("EXTENDED", "OLD").encode())
    assert len(read_xmp(new).declarations) == 1
    assert b"OLD" not in new
    assert new.count(b"pdfaSchema:namespaceURI>urn") == 1


def test_older_block_as_attributes_is_replaced():
    old = XMP.replace(
        "dc:format=",
        f'xmlns:zf="{ZUGFERD_1.namespace}" zf:Version="RC" zf:DocumentType="X" dc:format=',
    )
    new = written(old.encode())
    assert b"RC" not in new
    assert b"dc:format" in new


def test_writing_twice_changes_nothing():
    once = written(XMP.encode())
    assert written(once) == once


def test_bare_rdf_is_accepted():
    bare = XMP[XMP.index("<rdf:RDF") : XMP.index("</x:xmpmeta>")]
    assert read_xmp(written(bare.encode())).part == "3"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32-be", "utf-32-le"])
def test_other_encodings_are_read(encoding):
    packet = f"<?xml version='1.0' encoding='UTF-16'?>{XMP}\n"
    assert read_xmp(packet.encode(encoding)).part == "3"
    assert read_xmp(XMP.encode(encoding)).part == "3"


@pytest.mark.parametrize("data", [b"<x>", b"no xml", b"<!DOCTYPE x><x/>", b"<x/>"])
def test_damaged_packet_is_not_overwritten(data):
    with pytest.raises(PdfError, match="XMP"):
        written(data)


def test_values_are_escaped():
    data = write_xmp(None, file_name="a<b>&.xml", level="EXTENDED", version="1.0")
    assert read_xmp(data).declarations[0].file_name == "a<b>&.xml"
