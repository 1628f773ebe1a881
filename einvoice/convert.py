"""Conversion: read, write, read back, compare, validate; every loss is named."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from einvoice.errors import OutputInvalid
from einvoice.findings import Loss, LossKind, Report, Severity, Verdict
from einvoice.formats import (
    Document,
    Options,
    Source,
    Written,
    format_named,
    read,
    read_opened,
)
from einvoice.formats.compare import Difference, differences, term_at, text_of
from einvoice.formats.opening import open_data
from einvoice.validate import validate


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """An output and the account of what became of the source.

    `losses` is complete: what the source holds and the output does not, what the output holds
    and the source does not, and what changed its form.
    """

    data: bytes
    format: str  #: name of the target
    extension: str  #: usual ending of a file of that format, with the dot
    losses: tuple[Loss, ...] = ()
    notes: tuple[str, ...] = ()
    report: Report | None = None  #: what validation says about the output; None if not asked


def convert(
    source: Source | Document,
    to: str,
    *,
    pdf: bytes | None = None,
    language: str = "fr",
    check: bool = True,
) -> Conversion:
    """Convert an invoice to another format.

    Args:
        source: a path, the bytes, an open binary file, or a document that was read already.
        to: `ubl`, `cii`, `facturx` or `json`.
        pdf: for Factur-X, the page to put the invoice into; without one it is drawn.
        language: of the drawn page, `fr`, `de` or `en`.
        check: validate the output before it is handed out.

    Raises:
        UsageError: there is no such format.
        InputNotReadable: the source cannot be opened.
        DocumentError: the source holds no invoice that can be read.
        ConversionRefused: the target demands terms that the source lacks.
        OutputInvalid: the source is valid and the output is not: a fault of ours.
    """
    target = format_named(to)
    document = source if isinstance(source, Document) else read(source)
    written = target.write(document.invoice, Options(pdf=pdf, language=language))
    again = read_opened(open_data(written.data))
    losses = tuple(_losses(document, written, again))
    report = validate(again) if check else None
    if report is not None and report.verdict is Verdict.INVALID:
        _refuse_new_faults(document, report, losses)
    return Conversion(
        data=written.data,
        format=target.name,
        extension=target.extension,
        losses=losses,
        notes=written.notes,
        report=report,
    )


def _refuse_new_faults(document: Document, report: Report, losses: tuple[Loss, ...]) -> None:
    """An invalid output is the source's fault or ours; only a valid source makes it ours."""
    if validate(document).verdict is not Verdict.VALID:
        return
    fatal = next(f for f in report.findings if f.severity is Severity.FATAL)
    dropped = [loss for loss in losses if loss.kind is LossKind.DROPPED]
    cause = "no value was dropped: this is a fault of ours, please report it"
    if dropped:
        cause = (
            f"{len(dropped)} values were dropped on the way, such as {dropped[0].value!r} at "
            f"{dropped[0].path}, and the profile misses them"
        )
    raise OutputInvalid(
        f"the source is valid but our output is not; {cause}. "
        f"First finding: {fatal.rule} {fatal.message}",
        report,
    )


def _losses(document: Document, written: Written, again: Document) -> Iterator[Loss]:
    """What was left over in the source, filled in the output, or differs between the two."""
    yield from document.leftovers
    yield from document.derived
    filled = set()
    for fill in written.fills:
        filled.add(fill.path)
        place = again.place(fill.path)
        yield Loss(
            path=place.xpath if place else fill.path,
            line=place.line if place else None,
            value=fill.value,
            reason=fill.reason,
            kind=LossKind.FILLED,
            term=term_at(fill.path),
        )
    for difference in differences(document.invoice, again.invoice):
        if difference.path not in filled:
            yield _difference_loss(document, difference)


def _difference_loss(document: Document, difference: Difference) -> Loss:
    place = document.place(difference.path)
    after = text_of(difference.after)
    dropped = difference.after is None
    return Loss(
        path=place.xpath if place else difference.path,
        line=place.line if place else None,
        value=text_of(difference.before),
        reason="the target has no place for it" if dropped else f"it reads {after!r} in the target",
        kind=LossKind.DROPPED if dropped else LossKind.APPROXIMATED,
        term=term_at(difference.path),
    )
