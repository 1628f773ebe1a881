"""Pages that take their resources from the page tree above them."""

from __future__ import annotations

from io import BytesIO

from einvoice.pdf.pdfa.subject import Subject


def inheriting(subject: Subject) -> frozenset[tuple[int, int]]:
    """The object numbers of the pages that have no resources of their own.

    The library copies what pages inherit when it opens a file, so the file is opened again.
    """
    import pikepdf

    try:
        with pikepdf.open(BytesIO(subject.data), inherit_page_attributes=False) as pdf:
            pages = Subject(subject.data, pdf).pages
            return frozenset(page.objgen for page in pages if page.get("/Resources") is None)
    except (pikepdf.PikepdfError, RuntimeError):
        return frozenset()
