"""6.2.3, 6.2.4 and 6.2.8: output intents, colour spaces, images."""

import pytest
from graphics_files import drawn, form, icc_space, image, intend, one, profile
from pdfa_files import rules
from pikepdf import Array, Dictionary, Name

TINT = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1)
CAL = Array([Name.CalRGB, Dictionary(WhitePoint=Array([1, 1, 1]))])
LAB = Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])


@pytest.mark.parametrize(
    ("content", "intent", "broken"),
    [
        (b"0 0 1 rg", b"RGB ", []),
        (b"0 0 1 RG", b"CMYK", ["6.2.4.3-2"]),
        (b"0 0 1 rg", None, ["6.2.4.3-2"]),
        (b"0 0 0 1 k", b"CMYK", []),
        (b"0 0 0 1 K", b"RGB ", ["6.2.4.3-3"]),
        (b"0 g", b"RGB ", []),
        (b"0 g", None, ["6.2.4.3-4"]),
        (b"0 0 9 9 re f", None, ["6.2.4.3-4"]),  # black from the start is DeviceGray
        (b"0 0 9 9 re S", None, ["6.2.4.3-4"]),
        (b"0 0 9 9 re n", None, []),
        (b"/DeviceRGB cs", None, ["6.2.4.3-2"]),
        (b"BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI", None, ["6.2.4.3-2"]),
        (b"BI /W 1 /H 1 /IM true ID a EI", None, ["6.2.4.3-4"]),
    ],
)
def test_device_colours(content, intent, broken):
    assert rules(drawn(content, intent=intent)) == broken


def test_default_spaces_stand_for_device_colours():
    def resources(space):
        return lambda pdf: one("ColorSpace", "DefaultRGB", space)

    assert rules(drawn(b"0 0 1 rg", resources(CAL), intent=None)) == []
    assert rules(drawn(b"0 0 1 rg", resources(Name.DeviceRGB), intent=None)) == ["6.2.4.3-2"]


def test_a_form_paints_with_the_colour_chosen_outside():
    def resources(pdf):
        inner = form(pdf, b"0 0 9 9 re f", Resources=Dictionary())
        return {**one("ColorSpace", "DefaultRGB", CAL), **one("XObject", "X", inner)}

    assert rules(drawn(b"0 0 1 rg /X Do", resources, intent=None)) == []
    assert rules(drawn(b"0 1 0 0 k /X Do", resources, intent=None)) == ["6.2.4.3-3"]


def separation(name="Spot", alternate=LAB, tint=TINT):
    return Array([Name.Separation, Name("/" + name), alternate, tint])


def device_n(names, alternate=LAB, **attributes):
    colorants = Array([Name("/" + name) for name in names])
    return Array([Name.DeviceN, colorants, alternate, TINT, Dictionary(**attributes)])


@pytest.mark.parametrize(
    ("space", "broken"),
    [
        (LAB, []),
        (Array([Name.Indexed, LAB, 0, b"abc"]), []),
        (Array([Name.Indexed, Name.DeviceRGB, 0, b"abc"]), ["6.2.4.3-2"]),
        (separation(), []),
        (separation(alternate=Name.DeviceCMYK), ["6.2.4.3-3"]),
        (device_n(["Spot"], Colorants=Dictionary(Spot=separation())), []),
        (device_n(["Spot"]), ["6.2.4.4-1"]),
        (device_n(["Cyan", "None"]), []),
        (device_n(["X"], Process=Dictionary(Components=Array([Name.X]))), []),
        (device_n(["Cyan"], Name.DeviceRGB), ["6.2.4.3-2"]),
        (device_n(["Cyan"] * 32), []),
        (device_n(["Cyan"] * 33), ["6.1.13-9"]),
    ],
)
def test_spaces_built_on_others(space, broken):
    assert rules(drawn(b"/C cs", lambda pdf: one("ColorSpace", "C", space), intent=None)) == broken


def test_separations_of_one_name_are_one():
    def resources(second):
        spaces = Dictionary(A=separation(), B=second)
        return lambda pdf: {"/ColorSpace": spaces}

    other = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=2)
    content = b"/A cs /B cs"
    assert rules(drawn(content, resources(separation()))) == []
    assert rules(drawn(content, resources(separation("Other", tint=other)))) == []
    assert rules(drawn(content, resources(separation(tint=other)))) == ["6.2.4.4-2"]


@pytest.mark.parametrize(
    ("header", "broken"),
    [
        ({}, []),
        ({"space": b"Lab ", "kind": b"spac"}, []),
        ({"kind": b"link"}, ["6.2.4.2-1"]),
        ({"space": b"XYZ "}, ["6.2.4.2-1"]),
        ({"major": 5}, ["6.2.4.2-1"]),
    ],
)
def test_icc_profiles(header, broken):
    found = rules(drawn(b"/C cs", lambda pdf: one("ColorSpace", "C", icc_space(pdf, **header))))
    assert found == broken


def test_icc_components():
    def resources(pdf):
        space = icc_space(pdf)
        space[1].N = 4
        return one("ColorSpace", "C", space)

    assert rules(drawn(b"/C cs", resources)) == ["6.2.4.2-1"]


@pytest.mark.parametrize(
    ("state", "paint", "broken"),
    [
        (Dictionary(op=True, OPM=0), b"f", []),
        (Dictionary(op=True, OPM=1), b"f", ["6.2.4.2-2"]),
        (Dictionary(op=False, OP=True, OPM=1), b"f", []),
        (Dictionary(op=False, OP=True, OPM=1), b"S", ["6.2.4.2-2"]),
        (Dictionary(OP=True, OPM=1), b"f", ["6.2.4.2-2"]),  # without op, OP is for both
        (Dictionary(op=True, OPM=1), b"n", []),
    ],
)
def test_overprint_in_icc_cmyk(state, paint, broken):
    def resources(pdf):
        cmyk = icc_space(pdf, b"CMYK", kind=b"prtr")
        return {**one("ColorSpace", "C", cmyk), **one("ExtGState", "G", state)}

    assert rules(drawn(b"/G gs /C cs /C CS 0 0 9 9 re " + paint, resources)) == broken


def pattern(pdf, content, **keys):
    rest = {"Type": Name.Pattern, "PatternType": 1, "PaintType": 1, "TilingType": 1}
    rest |= {"BBox": [0, 0, 9, 9], "XStep": 9, "YStep": 9, "Resources": Dictionary()} | keys
    return pdf.make_stream(content, **rest)


def test_patterns():
    def tiling(content, **keys):
        return lambda pdf: {
            **one("Pattern", "P", pattern(pdf, content, **keys)),
            **one("ColorSpace", "C", Array([Name.Pattern, LAB])),
        }

    paint = b"/Pattern cs /P scn 0 0 9 9 re f"
    assert rules(drawn(paint, tiling(b"0 0 1 rg f"), intent=None)) == ["6.2.4.3-2"]
    uncoloured = b"/C cs 0 0 0 /P scn 0 0 9 9 re f"
    found = rules(drawn(uncoloured, tiling(b"0 0 1 rg f", PaintType=2), intent=None))
    assert found == []


def test_shadings():
    def shading(space):
        return Dictionary(ShadingType=2, ColorSpace=space)

    def direct(space):
        return lambda pdf: one("Shading", "S", shading(space))

    def in_pattern(space):
        made = Dictionary(Type=Name.Pattern, PatternType=2, Shading=shading(space))
        return lambda pdf: one("Pattern", "P", made)

    assert rules(drawn(b"/S sh", direct(LAB), intent=None)) == []
    assert rules(drawn(b"/S sh", direct(Name.DeviceRGB), intent=None)) == ["6.2.4.3-2"]
    paint = b"/Pattern cs /P scn 0 0 9 9 re f"
    assert rules(drawn(paint, in_pattern(LAB), intent=None)) == []
    assert rules(drawn(paint, in_pattern(Name.DeviceRGB), intent=None)) == ["6.2.4.3-2"]


@pytest.mark.parametrize(
    ("header", "broken"),
    [
        ({}, []),
        ({"space": b"CMYK", "kind": b"prtr"}, []),
        ({"space": b"Lab "}, ["6.2.3-1"]),
        ({"kind": b"scnr"}, ["6.2.3-1"]),
        ({"major": 5}, ["6.2.3-1"]),
    ],
)
def test_output_profiles(header, broken):
    assert rules(drawn(b"", intent=None, change=lambda pdf: intend(pdf, **header))) == broken


def test_output_intents_agree():
    def second(other):
        def change(pdf):
            intent = intend(pdf)
            stream = pdf.make_indirect(profile(pdf)) if other else intent.DestOutputProfile
            more = Dictionary(S=Name.GTS_PDFX, DestOutputProfile=stream)
            pdf.Root.OutputIntents.append(more)

        return change

    def reference(pdf):
        intend(pdf).DestOutputProfileRef = Dictionary()

    assert rules(drawn(b"", change=second(other=False))) == []
    assert rules(drawn(b"", change=second(other=True))) == ["6.2.3-2"]
    assert rules(drawn(b"", change=reference)) == ["6.2.3-3"]


def test_an_output_intent_of_another_kind_does_not_count():
    def other(pdf):
        intend(pdf).S = Name.GTS_PDFX

    assert rules(drawn(b"0 g", intent=None, change=other)) == ["6.2.4.3-4"]


@pytest.mark.parametrize(
    ("keys", "broken"),
    [
        ({}, []),
        ({"Alternates": Array()}, ["6.2.8-1"]),
        ({"OPI": Dictionary()}, ["6.2.8-2"]),
        ({"Interpolate": False}, []),
        ({"Interpolate": True}, ["6.2.8-3"]),
        ({"BitsPerComponent": 3}, ["6.2.8-4"]),
        ({"BitsPerComponent": 16}, []),
        ({"ImageMask": True, "ColorSpace": None, "BitsPerComponent": 1}, []),
        ({"ImageMask": True, "ColorSpace": None, "BitsPerComponent": 2}, ["6.2.8-5"]),
        ({"Intent": Name.Perceptual}, []),
        ({"Intent": Name.Vivid}, ["6.2.6-1"]),
        ({"ColorSpace": Name.DeviceCMYK}, ["6.2.4.3-3"]),
    ],
)
def test_images(keys, broken):
    assert rules(drawn(b"/X Do", lambda pdf: one("XObject", "X", image(pdf, **keys)))) == broken


def test_inline_images():
    content = b"BI /W 1 /H 1 /BPC %d /CS /G /I %s ID a EI"
    assert rules(drawn(content % (8, b"false"))) == []
    assert rules(drawn(content % (3, b"true"))) == ["6.2.8-3", "6.2.8-4"]


def box(kind, body):
    return (len(body) + 8).to_bytes(4) + kind + body


def colr(method, best, space=16):
    return box(b"colr", bytes((method, 0, best)) + space.to_bytes(4))


def jp2(*colours, channels=3, depth=8, more=b""):
    ihdr = box(b"ihdr", bytes(8) + channels.to_bytes(2) + bytes((depth - 1, 7, 0, 0)))
    return box(b"jP  ", b"\r\n\x87\n") + box(b"jp2h", ihdr + b"".join(colours) + more)


CDEF = box(b"cdef", b"\0\1" + b"\0\3\0\1\0\0")


@pytest.mark.parametrize(
    ("data", "broken"),
    [
        (jp2(colr(1, 0)), []),
        (jp2(colr(1, 0), channels=2), ["6.2.8.3-1"]),
        (jp2(colr(1, 0), channels=4, more=CDEF), []),
        (jp2(colr(1, 1), colr(2, 0)), []),
        (jp2(colr(1, 1), colr(2, 1)), ["6.2.8.3-2"]),
        (jp2(colr(4, 0)), ["6.2.8.3-3"]),
        (jp2(colr(1, 0, space=19)), ["6.2.8.3-4"]),
        (jp2(colr(1, 0), depth=39), ["6.2.8.3-5"]),
        (jp2(colr(1, 0), more=box(b"bpcc", b"\7\7\7")), ["6.2.8.3-5"]),
        (b"\xff\x4f\xff\x51", []),
    ],
)
def test_jpeg2000(data, broken):
    def resources(pdf):
        found = image(pdf, ColorSpace=None)
        found.write(data, filter=Name.JPXDecode)
        return one("XObject", "X", found)

    assert rules(drawn(b"/X Do", resources)) == broken
