"""The invoice in a page that the user gives: refused, mended, kept."""

import os
import tempfile
from io import BytesIO

import pikepdf
import pytest
from pdf_examples import CII, DAY, XMP, changed, embed, plain_pdf, xmp_stream
from pikepdf import Array, Dictionary, Name, String

from einvoice.errors import ConversionRefused, PdfError
from einvoice.pdf import pdfa
from einvoice.pdf.attach import embedding
from einvoice.pdf.container import open_pdf
from einvoice.pdf.given_page import put_into

CHOSEN = embedding(CII, level="EN 16931", modified=DAY)
SRGB = "an output intent with a profile was missing and is sRGB now"


def bare_page(change=None, **options):
    """A page as printers to PDF write it: no claim, no metadata, no ID."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    if change is not None:
        change(pdf)
    target = BytesIO()
    pdf.save(target, static_id=True, fix_metadata_version=False, **options)
    return target.getvalue()


def paint(pdf):
    pdf.pages[0].Contents = pdf.make_stream(b"0 0 1 rg 10 10 50 50 re f")


def write(pdf):
    """Text in a font that is not in the file."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F1=font))
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf 10 10 Td (INVOICE) Tj ET")


def with_metadata(xmp):
    def change(pdf):
        pdf.Root.Metadata = xmp_stream(pdf, xmp.encode())

    return change


def claim_of(pdf):
    xmp = open_pdf(pdf).xmp
    return xmp.part, xmp.conformance


# --- pages that are PDF/A, or can be


@pytest.mark.parametrize("level", ["A", "U", "B"])
def test_a_level_that_is_claimed_and_held_is_kept(level):
    page = bare_page(with_metadata(XMP.replace("conformance>B<", f"conformance>{level}<")))
    hybrid = put_into(page, CHOSEN, check=lambda _: pdfa.Result(faults=()))
    assert claim_of(hybrid.pdf) == ("3", level)
    assert hybrid.notes == ()


def test_part_1_becomes_part_3():
    page = bare_page(with_metadata(XMP.replace("part>3<", "part>1<")))
    assert claim_of(put_into(page, CHOSEN).pdf) == ("3", "B")


def test_level_b_on_request():
    page = bare_page(with_metadata(XMP.replace("conformance>B<", "conformance>A<")))
    hybrid = put_into(page, CHOSEN, wish="3b")
    assert claim_of(hybrid.pdf) == ("3", "B")
    assert hybrid.notes == ()


def test_a_level_that_is_not_held_is_claimed_no_more():
    page = bare_page(with_metadata(XMP.replace("conformance>B<", "conformance>A<")))
    hybrid = put_into(page, CHOSEN)
    assert claim_of(hybrid.pdf)[0] == "3"
    assert claim_of(hybrid.pdf)[1] in ("U", "B")
    assert pdfa.check(hybrid.pdf).at("b") == ()
    assert hybrid.notes[0].startswith("the page claims PDF/A level a and is level ")


def test_colours_of_a_bare_page_get_an_output_intent():
    hybrid = put_into(bare_page(paint), CHOSEN)
    assert claim_of(hybrid.pdf) == ("3", "B")
    assert pdfa.check(hybrid.pdf).at("b") == ()
    assert SRGB in hybrid.notes
    with pikepdf.open(BytesIO(hybrid.pdf)) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert (intent.S, intent.DestOutputProfile.N) == ("/GTS_PDFA1", 3)
        assert pdf.pages[0].Contents.read_bytes() == b"0 0 1 rg 10 10 50 50 re f"
        assert len(pdf.trailer.ID) == 2


def test_a_page_without_colours_needs_none():
    hybrid = put_into(bare_page(), CHOSEN)
    assert hybrid.notes == ("XMP metadata was missing and is made from the document information",)
    with pikepdf.open(BytesIO(hybrid.pdf)) as pdf:
        assert "/OutputIntents" not in pdf.Root


def test_an_output_intent_of_the_page_stays():
    def add(pdf):
        paint(pdf)
        pdf.Root.OutputIntents = Array(
            [Dictionary(S=Name.GTS_PDFA1, DestOutputProfile=pdf.make_stream(b"not a profile"))]
        )

    with pytest.raises(ConversionRefused):
        put_into(bare_page(add), CHOSEN)


def test_a_missing_document_id_is_told():
    data = bare_page()
    start = data.index(b"/ID [")
    page = (
        data[:start]
        + b" " * (data.index(b"]", start) + 1 - start)
        + data[start:][data[start:].index(b"]") + 1 :]
    )
    hybrid = put_into(page, CHOSEN)
    assert "the document ID was missing and is there now" in hybrid.notes
    with pikepdf.open(BytesIO(hybrid.pdf)) as pdf:
        assert len(pdf.trailer.ID) == 2


def test_annotations_are_printed_unless_they_are_hidden():
    def add(pdf):
        rows = [
            Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array([0, 0, 9, 9]), **flags)
            for kind, flags in (
                ("/Link", {}),
                ("/Link", {"F": 4}),
                ("/Link", {"F": 2}),
                ("/Popup", {}),
            )
        ]
        pdf.pages[0].Annots = Array(rows)

    hybrid = put_into(bare_page(add), CHOSEN, wish="best-effort")
    assert "annotations that were not to be printed are printed now: 1" in hybrid.notes
    with pikepdf.open(BytesIO(hybrid.pdf)) as pdf:
        assert [row.get("/F") for row in pdf.pages[0].Annots] == [4, 4, 2, None]


def test_attachments_of_the_page_are_completed():
    def add(pdf):
        spec = embed(pdf, "lines.csv", b"a;b", in_catalog=False)
        del spec["/AFRelationship"], spec["/UF"], spec.EF.F["/Subtype"]

    hybrid = put_into(bare_page(add), CHOSEN)
    assert (
        "the attachment 'lines.csv' lacked the name /UF, a relationship, a type, "
        "its place under AF" in hybrid.notes
    )
    (file,) = [file for file in open_pdf(hybrid.pdf).attachments if file.name == "lines.csv"]
    assert (file.relationship, file.mime) == ("Unspecified", "application/octet-stream")
    assert file.in_catalog
    assert file.unicode_name == "lines.csv"
    assert pdfa.check(hybrid.pdf).at("b") == ()


def test_metadata_that_pdfa_refuses_is_made_anew():
    def add(pdf):
        pdf.trailer.Info = pdf.make_indirect(Dictionary(Title=String("Facture")))
        with_metadata(XMP.replace('dc:format="application/pdf"', 'dc:date="soon"'))(pdf)

    hybrid = put_into(bare_page(add), CHOSEN)
    assert "the XMP metadata was no PDF/A and is made anew from the document information" in (
        hybrid.notes
    )
    with pikepdf.open(BytesIO(hybrid.pdf)) as pdf:
        assert b"Facture" in pdf.Root.Metadata.read_bytes()
    assert pdfa.check(hybrid.pdf).at("b") == ()


def test_unreadable_metadata_is_made_anew():
    hybrid = put_into(bare_page(with_metadata("<x>")), CHOSEN)
    assert hybrid.notes == (
        "the XMP metadata could not be read and is made anew from the document information",
    )


def test_properties_without_a_description_are_named():
    strange = 'dc:format="application/pdf" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:Team="a"'
    xmp = XMP.replace('dc:format="application/pdf"', strange)
    hybrid = put_into(bare_page(with_metadata(xmp)), CHOSEN)
    assert hybrid.notes == ("XMP properties that no extension schema describes are left out: Team",)


def test_lists_of_glyphs_are_left_out_where_they_are_wrong():
    def add(pdf):
        pdf.Root.Fonts = pdf.make_indirect(
            Dictionary(Type=Name.FontDescriptor, CharSet=String("/A"))
        )

    fault = pdfa.Fault("6.2.11.4.2-1", "glyph")
    results = iter([pdfa.Result(faults=(fault,))] * 2 + [pdfa.Result(faults=())])
    hybrid = put_into(bare_page(add), CHOSEN, check=lambda _: next(results))
    assert hybrid.notes[-1] == "lists of glyphs in fonts were incomplete and are left out: 1"
    with pikepdf.open(BytesIO(hybrid.pdf)) as pdf:
        assert "/CharSet" not in pdf.Root.Fonts


# --- pages that are no PDF/A


def test_faults_are_listed_with_their_place():
    message = "not PDF/A-3, and what is wrong cannot be mended .* font Helvetica on page 1 is not"
    with pytest.raises(ConversionRefused, match=message):
        put_into(bare_page(write), CHOSEN)


def test_best_effort_claims_nothing_and_says_so():
    hybrid = put_into(bare_page(write), CHOSEN, wish="best-effort")
    container = open_pdf(hybrid.pdf)
    assert container.xml == CII
    assert (container.xmp.part, container.xmp.conformance) == (None, None)
    assert container.xmp.declarations[0].level == "EN 16931"
    assert hybrid.notes[-1].startswith("the output is not PDF/A and does not claim it: 6.2.11")


def test_best_effort_of_a_good_page_claims_pdfa():
    assert claim_of(put_into(bare_page(), CHOSEN, wish="best-effort").pdf) == ("3", "B")


def test_a_check_that_crashed_is_told():
    result = pdfa.Result(faults=(), crashed=("fonts.widths",))
    hybrid = put_into(bare_page(), CHOSEN, check=lambda _: result)
    assert hybrid.notes[-1] == "PDF/A could not be checked in full: fonts.widths"


def test_long_lists_of_faults_are_cut():
    faults = tuple(pdfa.Fault("6.1-1", f"fault {n}") for n in (*range(60), 0))
    with pytest.raises(ConversionRefused, match=r"6\.1-1 fault 39; and 20 more$"):
        put_into(bare_page(), CHOSEN, check=lambda _: pdfa.Result(faults=faults))


# --- pages that cannot be used


def signature_field(pdf):
    field = Dictionary(FT=Name.Sig, V=Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3])))
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(Kids=Array([field]))]))


def empty_signature_field(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Sig)]))


def certified(pdf):
    pdf.Root.Perms = Dictionary(DocMDP=Dictionary())


def xfa(pdf):
    pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp/>"))


def no_page(pdf):
    del pdf.pages[0]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (bare_page(signature_field), "is signed"),
        (bare_page(certified), "is signed"),
        (bare_page(xfa), "XFA form"),
        (bare_page(no_page), "no page"),
        (bare_page(encryption=pikepdf.Encryption(owner="o", user="")), "is encrypted"),
        (bare_page(encryption=pikepdf.Encryption(owner="o", user="u")), "locked with a password"),
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(2000), "not a PDF"),
        (b"%PDF-1.7\n" + bytes(3000), "cut off"),
        (plain_pdf()[: len(plain_pdf()) // 2], "cut off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("wish", ["3a", "best-effort"])
def test_reason_is_given(page, reason, wish):
    with pytest.raises(PdfError, match=reason):
        put_into(page, CHOSEN, wish=wish)


def test_an_empty_signature_field_is_no_signature():
    assert put_into(bare_page(empty_signature_field), CHOSEN, wish="best-effort").pdf


def test_fields_in_a_loop_end():
    def loop(pdf):
        field = pdf.make_indirect(Dictionary(FT=Name.Tx))
        field.Kids = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    assert put_into(bare_page(loop), CHOSEN, wish="best-effort").pdf


def test_a_damaged_structure_is_repaired_and_told():
    page = plain_pdf().replace(b"startxref\n", b"startxref\n9")
    hybrid = put_into(page, CHOSEN)
    assert hybrid.notes[0] == "the structure of the PDF was damaged and is repaired"


def test_two_thousand_pages():
    def add(pdf):
        for _ in range(1999):
            pdf.add_blank_page(page_size=(200, 200))

    with pikepdf.open(BytesIO(put_into(bare_page(add), CHOSEN).pdf)) as pdf:
        assert len(pdf.pages) == 2000


def test_same_page_gives_the_same_bytes_and_leaves_no_files():
    before = set(os.listdir(tempfile.gettempdir()))
    page = bare_page(paint)
    assert len({put_into(page, CHOSEN).pdf for _ in range(20)}) == 1
    new = set(os.listdir(tempfile.gettempdir())) - before
    assert not {name for name in new if name.endswith(".pdf")}


def test_putting_it_in_again_changes_nothing():
    once = put_into(bare_page(paint), CHOSEN)
    again = put_into(once.pdf, CHOSEN)
    assert again.notes == ()
    assert put_into(again.pdf, CHOSEN).pdf == again.pdf


def test_the_page_of_a_hybrid_that_was_changed_by_hand():
    page = changed(plain_pdf(), lambda pdf: embed(pdf, "factur-x.xml", b"<old/>") and None)
    assert open_pdf(put_into(page, CHOSEN).pdf).xml == CII
