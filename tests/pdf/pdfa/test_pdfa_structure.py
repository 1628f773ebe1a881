"""6.1: trailer, streams, names and limits."""

from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from pdfa_files import changed, edited, right, rules
from pikepdf import Array, Dictionary, Name, String

from einvoice.pdf.pdfa import structure
from einvoice.pdf.pdfa.subject import Subject


def root(**keys):
    def change(pdf):
        for key, value in keys.items():
            pdf.Root[f"/{key}"] = value

    return changed(change)


def stream(data=b"x", **keys):
    return changed(
        lambda pdf: setattr(pdf.Root, "Extra", pdf.make_stream(data, **keys)),
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )


def test_encrypted_without_a_password():
    lock = pikepdf.Encryption(owner="o", user="", R=6)
    assert "6.1.3-2" in rules(changed(lambda pdf: None, encryption=lock))


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"F": String("elsewhere")}, ["6.1.7.1-3"]),
        ({"FFilter": Name.FlateDecode}, ["6.1.7.1-3"]),
        ({"Filter": Name.DCTDecode}, []),
        ({"Filter": Name.LZWDecode}, ["6.1.7.2-1"]),
        ({"Filter": Array([Name.ASCIIHexDecode, Name.Made])}, ["6.1.7.2-1"]),
    ],
)
def test_filters(keys, broken):
    assert rules(stream(**keys)) == broken


@pytest.mark.parametrize(("name", "count"), [("Identity", 0), ("Mine", 1)])
def test_crypt_filter(name, count):
    with pikepdf.open(BytesIO(right())) as pdf:  # the library drops the filter on saving
        pdf.Root.Metadata.Filter = Name.Crypt
        pdf.Root.Metadata.DecodeParms = Dictionary(Name=Name(f"/{name}"))
        assert len(list(structure.filters(Subject(b"", pdf)))) == count


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        (2_147_483_647, []),
        (2_147_483_648, ["6.1.13-1"]),
        (-2_147_483_648, []),
        (-2_147_483_649, ["6.1.13-1"]),
        (String("x" * 32_767), []),
        (String("x" * 32_768), ["6.1.13-3"]),
        (Name("/" + "n" * 127), []),
        (Name("/" + "n" * 128), ["6.1.13-4"]),
    ],
)
def test_limits_of_values(value, broken):
    assert rules(root(Extra=Array([value]))) == broken


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (b"3" + b"0" * 38 + b".0", []),
        (b"-4" + b"0" * 38 + b".0", ["6.1.13-2"]),
        (b"0.0", []),
        (b"0." + b"0" * 37 + b"2", []),
        (b"-0." + b"0" * 38 + b"1", ["6.1.13-5"]),
    ],
)
def test_limits_of_real_numbers(text, broken):
    assert rules(edited(b"/Marked true", b"/Marked true /Note " + text)) == broken


def test_limit_of_keys():
    assert rules(root(Extra=Dictionary({"/" + "k" * 128: 1}))) == ["6.1.13-4"]


def named(text: bytes):
    return pikepdf.Object.parse(text)


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        (b"<< /BaseFont /Ari#61l >>", []),
        (b"<< /BaseFont /Ari#C2 >>", ["6.1.8-1"]),
        (b"<< /Any /Ari#C2 >>", []),
        (b"[/Separation /Vert#E9 /DeviceRGB 0]", ["6.1.8-1"]),
        (b"[/DeviceN [/Vert#C3#A9] /DeviceRGB 0]", []),
        (b"<< /S /Titre#E9 /P 1 >>", ["6.1.8-1"]),
    ],
)
def test_names_are_utf_8(value, broken):
    assert rules(root(Extra=named(value))) == broken


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        (b"<< /DocMDP << /Reference [<< >>] >> >>", []),
        (b"<< /Other 1 >>", ["6.1.12-1"]),
        (b"<< /DocMDP << /Reference [<< /DigestMethod /MD5 >>] >> >>", ["6.1.12-2"]),
        (b"<< /UR3 << /Reference [<< /DigestMethod /MD5 >>] >> >>", []),
    ],
)
def test_permissions(value, broken):
    assert rules(root(Perms=named(value))) == broken


@pytest.mark.parametrize(
    ("box", "broken"),
    [
        ([0, 0, 3, 14_400], []),
        ([0, 0, Decimal("2.9"), 100], ["6.1.13-11"]),
        ([0, 0, 100, 14_401], ["6.1.13-11"]),
        ([100, 100, 0, 0], []),
    ],
)
@pytest.mark.parametrize("key", ["MediaBox", "TrimBox"])
def test_page_boxes(key, box, broken):
    assert rules(changed(lambda pdf: pdf.pages[0].obj.update({f"/{key}": Array(box)}))) == broken


def test_inherited_page_box():
    def change(pdf):
        del pdf.pages[0].obj.MediaBox
        pdf.Root.Pages.MediaBox = Array([0, 0, 2, 2])

    assert rules(changed(change)) == ["6.1.13-11"]


def test_a_name_tree_that_leads_back():
    def change(pdf):
        node = pdf.make_indirect(Dictionary())
        node.Kids = Array([node])
        pdf.Root.Names = Dictionary(Dests=node)

    assert rules(changed(change)) == ["6.1.1-1"]


def test_a_name_tree_with_kids():
    def change(pdf):
        leaf = pdf.make_indirect(Dictionary(Names=Array([])))
        pdf.Root.Names = Dictionary(Dests=Dictionary(Kids=Array([leaf])))

    assert rules(changed(change)) == []
