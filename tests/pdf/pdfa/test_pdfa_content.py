"""6.2.2, 6.2.5, 6.2.6, 6.2.9, 6.2.10 and the nesting of q: content streams and states."""

import pikepdf
import pytest
from graphics_files import drawn, form, image, one
from pdfa_files import annotate, rules
from pikepdf import Array, Dictionary, Name

from einvoice.pdf.pdfa import check


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (b"q 0 0 1 rg 0 0 9 9 re f Q", []),
        (b"BX foo EX", ["6.2.2-1"]),
        (b"/Perceptual ri", []),
        (b"/Vivid ri", ["6.2.6-1"]),
        (b"q " * 28 + b"Q " * 28, []),
        (b"q " * 29 + b"Q " * 29, ["6.1.13-8"]),
        (b"/None Do /None gs /None cs /None scn f", []),
        (b"(never closed Tj", ["6.2.2-1"]),
        (b"[ 1 0 R ] Tj", ["6.2.2-1"]),
    ],
)
def test_operators(content, broken):
    assert rules(drawn(content)) == broken


def test_a_broken_inline_image_is_a_fault():
    result = check(drawn(b"BI /Height 1 /W71 ID a EI 0 g"))
    assert [fault.rule for fault in result.faults] == ["6.2.2-1"]


def test_content_that_does_not_unpack_is_a_fault():
    def spoil(pdf):
        stream = pdf.pages[0].obj.Contents
        stream.write(b"no zlib data", filter=Name.FlateDecode)

    assert "6.2.2-1" in rules(drawn(b"", change=spoil))


def test_content_beyond_our_limits_is_not_passed():
    def loop(pdf):
        found = form(pdf, b"0 g f")
        for _ in range(40):
            found = form(pdf, b"/X Do", Resources=Dictionary(one("XObject", "X", found)))
        return one("XObject", "X", found)

    result = check(drawn(b"/X Do", loop))
    assert result.crashed == ("content.content_is_readable",)


def test_a_form_in_itself_ends():
    def loop(pdf):
        found = form(pdf, b"/X Do", Resources=Dictionary())
        found.Resources = Dictionary(one("XObject", "X", found))
        return one("XObject", "X", found)

    assert rules(drawn(b"/X Do", loop)) == []


def test_resources_are_the_stream_s_own():
    def resources(own):
        def make(pdf):
            state = one("ExtGState", "G", Dictionary(Type=Name.ExtGState))
            keys = {"Resources": Dictionary(state)} if own else {}
            return {**state, **one("XObject", "X", form(pdf, b"/G gs", **keys))}

        return make

    assert rules(drawn(b"/X Do", resources(own=True))) == []
    assert rules(drawn(b"/X Do", resources(own=False))) == ["6.2.2-2"]


def test_resources_of_a_page_are_not_inherited():
    def inherit(pdf):
        state = Dictionary(one("ExtGState", "G", Dictionary(Type=Name.ExtGState)))
        pdf.Root.Pages.Resources = state
        del pdf.pages[0].obj["/Resources"]

    assert rules(drawn(b"/G gs", change=inherit)) == ["6.2.2-2"]
    assert rules(drawn(b"0 g", change=inherit)) == []


@pytest.mark.parametrize(
    ("state", "broken"),
    [
        (Dictionary(LW=1), []),
        (Dictionary(TR=Name.Identity), ["6.2.5-1"]),
        (Dictionary(TR2=Name.Default), []),
        (Dictionary(TR2=Name.Identity), ["6.2.5-2"]),
        (Dictionary(HTP=Array([0, 0])), ["6.2.5-3"]),
        (Dictionary(HT=Dictionary(HalftoneType=1)), []),
        (Dictionary(HT=Dictionary(HalftoneType=6)), ["6.2.5-4"]),
        (Dictionary(HT=Dictionary(HalftoneType=1, HalftoneName=Name.x)), ["6.2.5-5"]),
        (Dictionary(RI=Name.Saturation), []),
        (Dictionary(RI=Name.Vivid), ["6.2.6-1"]),
        (Dictionary(BM=Name.Multiply), []),
        (Dictionary(BM=Name.Vivid), ["6.2.10-1"]),
        (Dictionary(BM=Array([Name.Vivid, Name.Normal])), ["6.2.10-1"]),
    ],
)
def test_graphics_states(state, broken):
    assert rules(drawn(b"/G gs", lambda pdf: one("ExtGState", "G", state))) == broken


@pytest.mark.parametrize(
    ("colorant", "transfer", "broken"),
    [
        ("Cyan", False, []),
        ("Cyan", True, ["6.2.5-6"]),
        ("Spot", True, []),
        ("Spot", False, ["6.2.5-6"]),
        ("Default", False, []),
    ],
)
def test_transfer_functions_of_halftones(colorant, transfer, broken):
    part = Dictionary(HalftoneType=1)
    if transfer:
        part.TransferFunction = Name.Identity
    halftone = Dictionary({"/HalftoneType": 5, f"/{colorant}": part})
    state = Dictionary(HT=halftone)
    assert rules(drawn(b"/G gs", lambda pdf: one("ExtGState", "G", state))) == broken


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"OPI": Dictionary()}, ["6.2.9-1"]),
        ({"PS": Dictionary()}, ["6.2.9-1"]),
        ({"Subtype2": Name.PS}, ["6.2.9-1"]),
        ({"Ref": Dictionary()}, ["6.2.9-2"]),
        ({"Subtype": Name.PS}, ["6.2.9-3"]),
    ],
)
def test_form_xobjects(keys, broken):
    found = rules(drawn(b"/X Do", lambda pdf: one("XObject", "X", form(pdf, **keys))))
    assert found == broken


TRANSPARENT = {
    "opacity": Dictionary(ca=0.5),
    "stroke opacity": Dictionary(CA=0.5),
    "blend mode": Dictionary(BM=Name.Darken),
}


@pytest.mark.parametrize("name", TRANSPARENT)
def test_transparency_needs_a_blending_space(name):
    def page(intent=None, space=None):
        def group(pdf):
            if space is not None:
                pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=space)

        state = TRANSPARENT[name]
        return drawn(
            b"/G gs", lambda pdf: one("ExtGState", "G", state), intent=intent, change=group
        )

    lab = Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])
    assert rules(page()) == ["6.2.10-2"]
    assert rules(page(intent=b"RGB ")) == []
    assert rules(page(space=lab)) == []
    assert rules(page(space=Name.DeviceRGB)) == ["6.2.4.3-2"]


def test_transparency_in_masks_and_forms():
    def mask(pdf):
        state = Dictionary(SMask=Dictionary(S=Name.Alpha, G=form(pdf, b"BX foo EX")))
        return one("ExtGState", "G", state)

    def soft(pdf):
        lab = Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])
        return one("XObject", "X", image(pdf, ColorSpace=lab, SMask=image(pdf)))

    def grouped(pdf):
        return one("XObject", "X", form(pdf, Group=Dictionary(S=Name.Transparency)))

    assert rules(drawn(b"/G gs", mask, intent=None)) == ["6.2.10-2", "6.2.2-1"]
    assert rules(drawn(b"/X Do", soft, intent=None)) == ["6.2.10-2"]
    assert rules(drawn(b"/X Do", grouped, intent=None)) == ["6.2.10-2"]


def test_appearances_are_walked():
    def note(pdf):
        annotate(pdf).AP.N.write(b"foo 0 g")

    assert rules(drawn(b"", change=note)) == ["6.2.2-1"]
    assert rules(drawn(b"", change=note, intent=None)) == ["6.2.2-1", "6.2.4.3-4"]


def test_names_need_not_be_utf8():
    def resources(pdf):
        raw = b"<< /XObject << /X#c3 null >> /ColorSpace << /C#c3 /DeviceRGB >> >>"
        return dict(pikepdf.Object.parse(raw).items())

    assert rules(drawn(b"/X#c3 Do /C#c3 cs f /P#c3 ri", resources)) == ["6.2.6-1"]
