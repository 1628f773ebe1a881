"""What a target format is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from einvoice.formats.defaults import Fill
from einvoice.model import Invoice
from einvoice.pdf.generations import PdfA as PdfA


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the user may say about an output."""

    pdf: bytes | None = None  #: the page that becomes Factur-X; without one it is drawn
    language: str = "fr"  #: of a drawn page
    template: str | None = None  #: of a drawn page: path of a folder or of a Typst file
    pdfa: PdfA = "3a"  #: of a Factur-X


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An output, what was filled in it, and what could not be shown as it was."""

    data: bytes
    fills: tuple[Fill, ...] = ()
    notes: tuple[str, ...] = ()


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format that an invoice can be written in."""

    name: str  #: as in `--to`
    title: str
    extension: str  #: with the dot
    write: Callable[[Invoice, Options], Written]
    reads_back: bool = True  #: whether the output can be read again
    load: Callable[[bytes], Any] | None = None
