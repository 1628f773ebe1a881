"""The encodings of simple fonts: character codes to glyph names, glyph names to Unicode."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from einvoice.pdf.pdfa.names import text
from einvoice.pdf.pdfa.subject import as_dictionary, as_list, is_dictionary

PREDEFINED = ("/WinAnsiEncoding", "/MacRomanEncoding", "/MacExpertEncoding")


def code_names(encoding: Any, base: Mapping[int, str] | None = None) -> dict[int, str]:
    """The glyph name of each code; `base` holds where the font names no encoding of its own."""
    if encoding is None:
        return dict(base or {})
    if not is_dictionary(encoding):
        return dict(named(text(encoding)) or base or {})
    names = dict(named(text(encoding.get("/BaseEncoding"))) or base or {})
    names.update(differences(encoding))
    return names


def differences(encoding: Any) -> dict[int, str]:
    """The Differences of an encoding dictionary."""
    names: dict[int, str] = {}
    code = 0
    for item in as_list(as_dictionary(encoding).get("/Differences")):
        if isinstance(item, int):
            code = item
        else:
            names[code] = text(item).removeprefix("/")
            code += 1
    return names


def base_of(encoding: Any) -> Any:
    """The BaseEncoding of an encoding dictionary, or the encoding that stands as a name."""
    return encoding.get("/BaseEncoding") if is_dictionary(encoding) else encoding


def named(name: str) -> Mapping[int, str] | None:
    """An encoding by its PDF name; None if it is not one of those with Latin letters."""
    if name == "/WinAnsiEncoding":
        return win_ansi()
    if name == "/MacRomanEncoding":
        return mac_roman()
    if name == "/StandardEncoding":
        return standard()
    return None


@cache
def win_ansi() -> dict[int, str]:
    """WinAnsiEncoding, ISO 32000-1 Annex D: code page 1252, unused codes are bullets."""
    from fontTools.agl import UV2AGL

    names = {}
    for code in range(32, 256):
        letter = bytes((code,)).decode("cp1252", "ignore")
        names[code] = UV2AGL.get(ord(letter), "bullet") if letter else "bullet"
    superior = {0xB2: "twosuperior", 0xB3: "threesuperior", 0xB9: "onesuperior"}
    return names | superior | {0x7F: "bullet", 0xA0: "space", 0xAD: "hyphen"}


@cache
def mac_roman() -> dict[int, str]:
    """MacRomanEncoding, ISO 32000-1 Annex D."""
    from fontTools.encodings.MacRoman import MacRoman

    names = {code: name for code, name in enumerate(MacRoman) if name != ".notdef"}
    return names | {0xCA: "space", 0xDB: "currency"}


@cache
def standard() -> dict[int, str]:
    """StandardEncoding, ISO 32000-1 Annex D."""
    from fontTools.encodings.StandardEncoding import StandardEncoding

    return {code: name for code, name in enumerate(StandardEncoding) if name != ".notdef"}


def listed(name: str) -> bool:
    """Whether a glyph name is in the Adobe Glyph List, or built as that list prescribes."""
    return unicode_of(name) is not None


def unicode_of(name: str) -> str | None:
    """The text of a glyph name by the Adobe Glyph List; None if the list does not tell."""
    from fontTools.agl import toUnicode

    text: str = toUnicode(name)
    return text or None
