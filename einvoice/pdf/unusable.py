"""Pages that no invoice can be put into without breaking them: cut off, encrypted, signed, XFA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from einvoice.errors import PdfError
from einvoice.pdf.container import as_dictionary, as_list

if TYPE_CHECKING:
    import pikepdf

#: How near the end of the file its last marker stands; PDF readers look as far.
END_WITHIN = 1024

#: Bounds for the tree of form fields, against trees built to exhaust a reader.
MAX_FIELDS = 100_000


def refuse_cut_off(data: bytes) -> None:
    """A file without its end may lack pages, although readers find the others.

    Raises:
        PdfError: there is no %%EOF near the end.
    """
    if data.startswith(b"%PDF-") and b"%%EOF" not in data[-END_WITHIN:]:
        raise PdfError(
            "the PDF is cut off: %%EOF is missing at its end, so pages may be missing too; "
            "get the file again"
        )


def refuse_encrypted(document: pikepdf.Pdf) -> None:
    """A hybrid invoice opens for everyone.

    Raises:
        PdfError: the file is encrypted, even if it opens without a password.
    """
    if document.is_encrypted:
        raise PdfError(
            "the PDF is encrypted, which a hybrid invoice must not be: "
            "save it without encryption first"
        )


def refuse_unusable(document: pikepdf.Pdf) -> None:
    """Say why an invoice cannot be put into a page.

    Raises:
        PdfError: it is encrypted, signed, an XFA form, or has no page.
    """
    refuse_encrypted(document)
    form = as_dictionary(document.Root.get("/AcroForm"))
    if form is not None and "/XFA" in form:
        raise PdfError(
            "the PDF is an XFA form, which PDF/A forbids: its pages exist only in the program "
            "that draws them; print it to a PDF first"
        )
    if _is_signed(document, form):
        raise PdfError(
            "the PDF is signed, and embedding an invoice would break the signature: "
            "embed first, then sign"
        )
    if as_dictionary(document.Root.get("/Pages")) is None or len(document.pages) == 0:
        raise PdfError("the PDF has no page")


def _is_signed(document: pikepdf.Pdf, form: Any) -> bool:
    """Whether a signature field has a value, or the document is certified."""
    permissions = as_dictionary(document.Root.get("/Perms"))
    if permissions is not None and ("/DocMDP" in permissions or "/UR3" in permissions):
        return True
    return form is not None and any(
        field.get("/FT") == "/Sig" and as_dictionary(field.get("/V")) is not None
        for field in _fields(form)
    )


def _fields(form: Any) -> Iterator[Any]:
    """Form fields with those below them; loops end."""
    waiting = as_list(form.get("/Fields"))
    seen: set[tuple[int, int]] = set()
    while waiting and len(seen) < MAX_FIELDS:
        field = as_dictionary(waiting.pop())
        if field is None or field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
        yield field
        waiting += as_list(field.get("/Kids"))
