"""6.8: embedded files."""

import pytest
from pdfa_files import changed, rules
from pikepdf import Array, Dictionary, Name, String


def embedded(associated=True, missing=(), **keys):
    def change(pdf):
        stream = pdf.make_stream(b"<a/>", Type=Name.EmbeddedFile)
        stream.Subtype = Name(keys.get("subtype", "/text/xml"))
        row = Dictionary(
            Type=Name.Filespec,
            F=String("a.xml"),
            UF=String("a.xml"),
            AFRelationship=Name.Data,
            EF=Dictionary(F=stream),
        )
        for key in missing:
            del (stream if key == "/Subtype" else row)[key]
        spec = pdf.make_indirect(row)
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), spec])))
        if associated:
            pdf.Root.AF = Array([spec]) if associated is True else spec

    return changed(change)


@pytest.mark.parametrize(
    ("data", "broken"),
    [
        (lambda: embedded(), []),
        (lambda: embedded(subtype="/application/octet-stream"), []),
        (lambda: embedded(subtype="/xml"), ["6.8-1"]),
        (lambda: embedded(subtype="/text/xml; charset"), ["6.8-1"]),
        (lambda: embedded(missing=["/Subtype"]), ["6.8-1"]),
        (lambda: embedded(missing=["/F"]), ["6.8-2"]),
        (lambda: embedded(missing=["/UF"]), ["6.8-2"]),
        (lambda: embedded(missing=["/AFRelationship"]), ["6.8-3"]),
        (lambda: embedded(associated=False), ["6.8-4"]),
        (lambda: embedded(associated="itself"), ["6.8-4"]),
    ],
)
def test_embedded_files(data, broken):
    assert rules(data()) == broken


def test_a_page_may_own_the_file():
    def change(pdf):
        spec = pdf.make_indirect(
            Dictionary(
                F=String("a"),
                UF=String("a"),
                AFRelationship=Name.Source,
                EF=Dictionary(F=pdf.make_stream(b"x", Subtype=Name("/text/csv"))),
            )
        )
        pdf.pages[0].obj.AF = Array([spec])

    assert rules(changed(change)) == []


def test_a_reference_to_another_file_is_no_embedded_one():
    spec = Dictionary(Type=Name.Filespec, F=String("elsewhere.pdf"))
    assert rules(changed(lambda pdf: setattr(pdf.Root, "Extra", spec))) == []
