"""An sRGB profile for the output intent of a PDF: ICC.1:2001-04 (version 2), made from the numbers.

IEC 61966-2-1 gives primaries, white point and curve; the profile is the same bytes every time.
"""

from __future__ import annotations

import struct
from functools import cache

#: Name of the colour space, as the output intent and the profile say it.
NAME = "sRGB IEC61966-2.1"

#: X, Y, Z of media white and of the primaries, adapted to D50 (IEC 61966-2-1, Bradford).
COLOURS = {
    b"wtpt": (0.9505, 1.0, 1.0891),
    b"rXYZ": (0.4360747, 0.2225045, 0.0139322),
    b"gXYZ": (0.3850649, 0.7168786, 0.0971045),
    b"bXYZ": (0.1430804, 0.0606169, 0.7141733),
}
CURVES = (b"rTRC", b"gTRC", b"bTRC")
CURVE_POINTS = 1024

#: The profile connection space is lit by D50.
ILLUMINANT = (0.9642, 1.0, 0.8249)

HEADER_SIZE = 128
VERSION = 0x02100000
CREATED = (2024, 1, 1, 0, 0, 0)


@cache
def srgb_profile() -> bytes:
    """The bytes of a profile of class monitor, RGB to XYZ."""
    tags = {
        b"desc": _description(NAME.encode("ascii")),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        **{name: b"XYZ \0\0\0\0" + _xyz(colour) for name, colour in COLOURS.items()},
    }
    table, body = _laid_out(tags, _curve())
    size = HEADER_SIZE + len(table) + len(body)
    return _header(size) + table + body


def _header(size: int) -> bytes:
    """Size, version, class, spaces, date, signature, platform and illuminant; the rest is zero."""
    return struct.pack(
        ">I4sI4s4s4s6H4s28x12s48x",
        size,
        b"\0\0\0\0",
        VERSION,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *CREATED,
        b"acsp",
        _xyz(ILLUMINANT),
    )


def _laid_out(tags: dict[bytes, bytes], curve: bytes) -> tuple[bytes, bytes]:
    """Tag table and tag data; the three colours share one curve."""
    count = len(tags) + len(CURVES)
    start = HEADER_SIZE + 4 + 12 * count
    body, rows = b"", []
    for name, data in tags.items():
        rows.append((name, start + len(body), len(data)))
        body += data + bytes(-len(data) % 4)
    rows += [(name, start + len(body), len(curve)) for name in CURVES]
    table = struct.pack(">I", count) + b"".join(struct.pack(">4sII", *row) for row in rows)
    return table, body + curve + bytes(-len(curve) % 4)


def _description(text: bytes) -> bytes:
    """A text in ASCII, with empty Unicode and ScriptCode parts (ICC.1:2001-04, 6.5.17)."""
    return b"desc\0\0\0\0" + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(8 + 3 + 67)


def _curve() -> bytes:
    """The transfer curve as a table of 16 bit values."""
    points = [round(_linear(n / (CURVE_POINTS - 1)) * 65535) for n in range(CURVE_POINTS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{CURVE_POINTS}H", CURVE_POINTS, *points)


def _linear(value: float) -> float:
    """Linear light of a code value, both from 0 to 1."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _xyz(colour: tuple[float, float, float]) -> bytes:
    """Three numbers as s15Fixed16."""
    return struct.pack(">3i", *(round(part * 65536) for part in colour))
