"""The sRGB profile that is made."""

import struct

from einvoice.pdf.icc import CURVE_POINTS, srgb_profile


def tags():
    data = srgb_profile()
    (count,) = struct.unpack(">I", data[128:132])
    rows = [struct.unpack(">4sII", data[132 + 12 * n : 144 + 12 * n]) for n in range(count)]
    return {name: data[start : start + size] for name, start, size in rows}


def test_header_says_version_2_monitor_rgb():
    data = srgb_profile()
    assert struct.unpack(">I", data[:4]) == (len(data),)
    assert data[8:12] == b"\x02\x10\0\0"
    assert (data[12:16], data[16:20], data[20:24]) == (b"mntr", b"RGB ", b"XYZ ")
    assert data[36:40] == b"acsp"
    assert data[68:80] == b"\0\0\xf6\xd6\0\x01\0\0\0\0\xd3\x2d"


def test_all_tags_of_a_three_component_profile_are_there():
    names = {b"desc", b"cprt", b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"}
    assert tags().keys() == names
    assert len(tags()[b"desc"]) == 12 + 18 + 8 + 3 + 67
    assert tags()[b"desc"][12:30] == b"sRGB IEC61966-2.1\0"


def test_primaries_add_up_to_the_illuminant():
    rows = [struct.unpack(">3i", tags()[name][8:20]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    total = [sum(parts) / 65536 for parts in zip(*rows, strict=True)]
    assert [round(part, 3) for part in total] == [0.964, 1.0, 0.825]


def test_curve_is_that_of_srgb():
    count, *points = struct.unpack(f">I{CURVE_POINTS}H", tags()[b"rTRC"][8:])
    assert count == CURVE_POINTS
    assert (points[0], points[-1]) == (0, 65535)
    assert points == sorted(points)
    assert round(points[CURVE_POINTS // 2] / 65535, 2) == 0.21


def test_same_bytes_every_time():
    assert srgb_profile() == srgb_profile()
