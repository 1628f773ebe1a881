"""Put an invoice into a page that the user gives: PDF/A is kept or made, or the faults are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from einvoice.errors import ConversionRefused, PdfError
from einvoice.pdf.attach import Embedding, declare, embed, put_metadata, saved
from einvoice.pdf.claim import LEVELS, Level, with_claim
from einvoice.pdf.container import MAX_XMP, metadata_stream
from einvoice.pdf.generations import PdfA
from einvoice.pdf.information import packet_from
from einvoice.pdf.mending import mend_attachments, mend_before, mend_font_lists, mend_output_intent
from einvoice.pdf.metadata import read_xmp
from einvoice.pdf.opening import opened, was_repaired
from einvoice.pdf.unusable import refuse_cut_off, refuse_unusable

if TYPE_CHECKING:
    import pikepdf

    from einvoice.pdf.pdfa import Result
    from einvoice.pdf.pdfa.fault import Fault

Check = Callable[[bytes], "Result"]

#: Clauses of ISO 19005-3 about CharSet and CIDSet, and about XMP.
FONT_LISTS = "6.2.11.4.2"
METADATA = "6.6.2"

#: Most faults that are listed in a refusal.
MOST_LISTED = 40


class Hybrid(msgspec.Struct, frozen=True, kw_only=True):
    """A page with the invoice in it."""

    pdf: bytes
    notes: tuple[str, ...] = ()  #: what was mended, and what is not as it was asked for


def put_into(
    page: bytes,
    chosen: Embedding,
    *,
    wish: PdfA = "3a",
    check: Check | None = None,
) -> Hybrid:
    """Embed an invoice in a page of the user's.

    Args:
        page: the PDF, which keeps every mark that it shows.
        chosen: the invoice and what is said about it; its claim is replaced.
        wish: `3a` keeps the level that the page claims, b if it claims none; `3b` claims b;
            `best-effort` writes a PDF without a claim where it is no PDF/A.
        check: judges the result; by default `einvoice.pdf.pdfa.check`.

    Raises:
        ConversionRefused: it is not PDF/A and cannot be mended unseen; lists what is wrong where.
        PdfError: it cannot be read, is cut off, encrypted, signed or an XFA form.
    """
    refuse_cut_off(page)
    with opened(page) as document:
        repaired = was_repaired(document)
        refuse_unusable(document)
        goal = "b" if wish == "3b" else _claimed(document) or "b"
        work = _Work(document, msgspec.structs.replace(chosen, claim=goal), check or _check())
        notes = ["the structure of the PDF was damaged and is repaired"] if repaired else []
        notes += work.embed_and_mend()
        level = _reached(work.result, goal)
        if level is None and wish != "best-effort":
            raise ConversionRefused(_refusal(work.result.at("b")), terms=())
        pdf = work.pdf if level == goal else _claiming(document, level)
    if level != goal:
        notes.append(_shortfall(goal, level, work.result))
    return Hybrid(pdf=pdf, notes=(*notes, *_not_judged(work.result)))


class _Work:
    """A page that becomes a hybrid: its bytes so far, and what the check says about them."""

    def __init__(self, document: pikepdf.Pdf, chosen: Embedding, check: Check) -> None:
        self._document = document
        self._chosen = chosen
        self._check = check

    def embed_and_mend(self) -> list[str]:
        """Embed the invoice, and mend as much as is needed; returns what was mended."""
        notes = [*mend_before(self._document)]
        embed(self._document, self._chosen)
        notes += mend_attachments(self._document)
        self._judge()
        for mend in (self._mend_colours, self._mend_fonts, self._mend_metadata):
            mended = mend() if self.result.at("b") else []
            if mended:
                self._judge()
                notes += mended
        return notes

    def _judge(self) -> None:
        self.pdf = saved(self._document)
        self.result = self._check(self.pdf)

    def _mend_colours(self) -> list[str]:
        return [*mend_output_intent(self._document)]

    def _mend_fonts(self) -> list[str]:
        return [*mend_font_lists(self._document)] if self._has_faults(FONT_LISTS) else []

    def _mend_metadata(self) -> list[str]:
        """Properties that do not have the form of their type: start again from what is sure."""
        if not self._has_faults(METADATA):
            return []
        put_metadata(self._document, packet_from(self._document))
        declare(self._document, self._chosen)
        return ["the XMP metadata was no PDF/A and is made anew from the document information"]

    def _has_faults(self, clause: str) -> bool:
        return any(fault.rule.startswith(clause) for fault in self.result.at("b"))


def _check() -> Check:
    from einvoice.pdf.pdfa import check

    return check


def _claimed(document: pikepdf.Pdf) -> Level | None:
    """The level that the page claims, of whatever part of PDF/A."""
    stream = metadata_stream(document)
    try:
        said = read_xmp(stream.unpack(MAX_XMP)).conformance if stream else None
    except PdfError:
        return None
    return next((level for level in LEVELS if level == (said or "").lower()), None)


def _reached(result: Result, goal: Level) -> Level | None:
    """The best level up to the goal at which nothing was found."""
    worth = reversed(LEVELS[: LEVELS.index(goal) + 1])
    return next((level for level in worth if not result.at(level)), None)


def _claiming(document: pikepdf.Pdf, level: Level | None) -> bytes:
    """The document again, with another claim."""
    stream = metadata_stream(document)
    assert stream is not None
    put_metadata(document, with_claim(stream.unpack(MAX_XMP), level))
    return saved(document)


def _refusal(faults: Sequence[Fault]) -> str:
    return (
        "the given page is not PDF/A-3, and what is wrong cannot be mended without changing what "
        f"it shows: {_listed(faults)}"
    )


def _shortfall(goal: Level, level: Level | None, result: Result) -> str:
    if level is None:
        return f"the output is not PDF/A and does not claim it: {_listed(result.at('b'))}"
    return (
        f"the page claims PDF/A level {goal} and is level {level}, which the output claims: "
        f"{_listed(result.at(goal))}"
    )


def _listed(faults: Iterable[Fault]) -> str:
    """Faults with their rules, each text once."""
    texts = list(dict.fromkeys(f"{fault.rule} {fault.message}" for fault in faults))
    more = [f"and {len(texts) - MOST_LISTED} more"] if len(texts) > MOST_LISTED else []
    return "; ".join([*texts[:MOST_LISTED], *more])


def _not_judged(result: Result) -> Iterable[str]:
    """A check that ended in an error may have overlooked something."""
    if result.crashed:
        yield f"PDF/A could not be checked in full: {', '.join(result.crashed)}"
