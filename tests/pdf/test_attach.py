"""Embedding the invoice."""

import hashlib
from datetime import date
from io import BytesIO

import pikepdf
import pytest
from pdf_examples import (
    CII,
    DAY,
    OTHER_CII,
    changed,
    embed,
    good_hybrid,
    plain_pdf,
    saved,
    with_file,
)

from einvoice.errors import PdfError, UsageError
from einvoice.pdf.attach import Attachment, attach
from einvoice.pdf.container import open_pdf


def attached(pdf=None, xml=CII, **options):
    return attach(pdf or plain_pdf(), xml, **{"level": "EN 16931", "modified": DAY, **options})


def test_both_lists_point_to_the_same_complete_object():
    with pikepdf.open(BytesIO(attached())) as pdf:
        (spec,) = pdf.Root.AF
        key, named = pdf.Root.Names.EmbeddedFiles.Names
        assert spec.objgen == named.objgen
        assert str(key) == str(spec.F) == str(spec.UF) == "factur-x.xml"
        assert str(spec.Desc)
        assert spec.EF.F.objgen == spec.EF.UF.objgen
        stream = spec.EF.F
        assert (stream.Subtype, stream.Filter) == ("/text/xml", "/FlateDecode")
        assert stream.Params.Size == len(CII)
        assert bytes(stream.Params.CheckSum) == hashlib.md5(CII).digest()
        assert str(stream.Params.ModDate) == "D:20240131000000Z"
        assert pdf.pdf_version == "1.7"


def test_same_input_gives_the_same_bytes():
    files = [Attachment(name="a.csv", content=b"1", mime="text/csv")]
    assert attached(supplements=files) == attached(supplements=files)
    assert attached() != attached(modified=date(2024, 2, 1))


@pytest.mark.parametrize(
    ("options", "relationship", "version"),
    [
        ({}, "Alternative", "1.0"),
        ({"level": "MINIMUM"}, "Data", "1.0"),
        ({"level": "BASIC WL"}, "Data", "1.0"),
        ({"level": "XRECHNUNG", "name": "xrechnung.xml"}, "Alternative", "3.0"),
        ({"relationship": "Source", "version": "2.0"}, "Source", "2.0"),
    ],
)
def test_relationship_and_version_follow_the_level(options, relationship, version):
    container = open_pdf(attached(**options))
    assert container.relationship == relationship
    assert container.xmp.declarations[0].version == version
    assert container.xmp.declarations[0].level == options.get("level", "EN 16931")


@pytest.mark.parametrize(
    "options", [{"level": "COMFORT"}, {"name": "invoice.xml"}, {"relationship": "Supplement"}]
)
def test_values_that_do_not_exist_are_refused(options):
    with pytest.raises(UsageError, match="known: "):
        attached(**options)


def test_older_invoice_is_replaced_and_other_files_stay():
    def add(pdf):
        embed(pdf, "ZUGFeRD-INVOICE.xml", OTHER_CII)
        embed(pdf, "cii.xml", OTHER_CII)
        embed(pdf, "earlier.xml", OTHER_CII, relationship="Supplement")
        embed(pdf, "lines.csv", b"a;b", in_catalog=False)

    container = open_pdf(attached(changed(good_hybrid(), add), b"<new/>"))
    assert container.xml == b"<new/>"
    assert [file.name for file in container.attachments] == [
        "earlier.xml",
        "factur-x.xml",
        "lines.csv",
    ]
    assert [file.in_catalog for file in container.attachments] == [True, True, False]
    assert b"cii.xml" not in attached(changed(good_hybrid(), add))


def test_attaching_again_changes_nothing():
    assert attached(attached()) == attached(attached(attached()))


def test_supplements_are_embedded_beside():
    files = [
        Attachment(name="a/b\\plan é.pdf", content=b"%PDF", mime="application/pdf"),
        Attachment(name="Factur-X.xml", content=b"<a/>", mime="not a mime", description="Old"),
        Attachment(name="plan é.pdf", content=b"2"),
        Attachment(name="..\n", content=b"3"),
        Attachment(name="/", content=b"4"),
    ]
    container = open_pdf(attached(supplements=files))
    assert container.xml == CII
    found = {file.name: file for file in container.attachments if file.name != "factur-x.xml"}
    assert list(found) == sorted(
        ["..", "Factur-X-2.xml", "attachment", "plan é-2.pdf", "plan é.pdf"],
        key=lambda name: bytes(pikepdf.String(name)),
    )
    assert {file.relationship for file in found.values()} == {"Supplement"}
    assert found["plan é.pdf"].mime == "application/pdf"
    assert found["Factur-X-2.xml"].mime == "application/octet-stream"
    assert found["Factur-X-2.xml"].description == "Old"
    assert all(file.in_names and file.in_catalog for file in found.values())


def test_supplements_of_an_earlier_run_are_replaced():
    files = [
        Attachment(name="a.csv", content=b"1", mime="text/csv"),
        Attachment(name="a.csv", content=b"2", mime="text/csv"),
    ]
    once = attached(supplements=files)
    again = attached(once, supplements=files)
    names = [file.name for file in open_pdf(again).attachments]
    assert names == ["a-2.csv", "a.csv", "factur-x.xml"]
    assert attached(again, supplements=files) == again


@pytest.mark.parametrize(
    ("claim", "found"),
    [("kept", ("3", "B")), ("a", ("3", "A")), ("u", ("3", "U")), ("none", (None, None))],
)
def test_claim_is_written_as_asked(claim, found):
    xmp = open_pdf(attached(claim=claim)).xmp
    assert (xmp.part, xmp.conformance) == found
    assert xmp.declarations[0].level == "EN 16931"


def test_name_of_a_kept_file_is_not_used_again():
    old = changed(good_hybrid(), with_file("lines.csv", b"old"))
    container = open_pdf(attached(old, supplements=[Attachment(name="lines.csv", content=b"new")]))
    contents = {file.name: file.read() for file in container.attachments}
    assert contents["lines.csv"] == b"old"
    assert contents["lines-2.csv"] == b"new"


def test_other_name_trees_stay():
    def add(pdf):
        pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=pikepdf.Array()))

    with pikepdf.open(BytesIO(attached(changed(plain_pdf(), add)))) as pdf:
        assert "/Dests" in pdf.Root.Names


def test_pdf_without_metadata_gets_some():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    assert open_pdf(attached(saved(pdf))).xmp.declarations[0].schema


@pytest.mark.parametrize("user", ["", "secret"])
def test_encrypted_pdf_is_refused(user):
    encryption = pikepdf.Encryption(owner="o", user=user)
    data = changed(plain_pdf(), lambda pdf: None, encryption=encryption)
    with pytest.raises(PdfError, match="encrypted|locked"):
        attached(data)


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.4 cut"])
def test_unreadable_pdf_is_refused(data):
    with pytest.raises(PdfError):
        attach(data, CII, level="BASIC", modified=DAY)


def test_damaged_xmp_is_not_thrown_away():
    def spoil(pdf):
        pdf.Root.Metadata = pdf.make_stream(b"<x>")

    with pytest.raises(PdfError, match="XMP"):
        attached(changed(plain_pdf(), spoil))


def test_page_is_not_touched():
    def draw(pdf):
        pdf.pages[0].Contents = pdf.make_stream(b"0 0 10 10 re f")

    with pikepdf.open(BytesIO(attached(changed(plain_pdf(), draw)))) as pdf:
        assert pdf.pages[0].Contents.read_bytes() == b"0 0 10 10 re f"
