"""Conversion: fit, write, read back, compare, validate; every loss is named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set

import msgspec

from einvoice.account import Account, account_of
from einvoice.errors import ConversionRefused, OutputInvalid
from einvoice.findings import (
    Finding,
    LayerName,
    Loss,
    LossKind,
    Repaired,
    Report,
    Severity,
    Status,
    Verdict,
)
from einvoice.formats import (
    Document,
    Format,
    Options,
    PdfA,
    Source,
    Written,
    format_named,
    read,
    read_opened,
)
from einvoice.formats.compare import Difference, differences, term_at, text_of
from einvoice.formats.defaults import Fill
from einvoice.formats.opening import open_data
from einvoice.formats.targets import (
    Target,
    fit,
    missing_terms,
    target_named,
    without_extensions,
)
from einvoice.losspolicy import OnLoss, Policy, check_on_loss, refuse_losses
from einvoice.model import Invoice
from einvoice.repairs import repair
from einvoice.validate import validate

_NO_PLACE = "the target has no place for it"


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
    repaired: tuple[Repaired, ...] = ()  #: what the repairs that were asked for have changed
    report: Report | None = None  #: what validation says about the output; None if not asked
    account: Account | None = None  #: the fate of every value of the source; None if not asked


def convert(
    source: Source | Document,
    to: str,
    *,
    profile: str | None = None,
    repairs: Collection[str] = (),
    pdf: bytes | None = None,
    language: str = "fr",
    template: str | None = None,
    pdfa: PdfA = "3a",
    check: bool = True,
    on_loss: OnLoss = "report",
    policy: Policy | None = None,
    account: bool = False,
) -> Conversion:
    """Convert an invoice to another format.

    - source: a path, the bytes, an open binary file, or a document that was read.
    - to, profile: a format such as `facturx`; one of `TARGETS`, without which nothing is cut.
    - repairs: names of `REPAIRS`, applied before anything else.
    - pdf, pdfa: page of a Factur-X, else it is drawn; `3a`, `3b` or `best-effort`.
    - language, template: of the drawn page: `fr`, `de`, `en`; a folder or a Typst file.
    - on_loss, policy: `report`, `refuse`, `refuse-fatal` (of EN 16931); losses to accept.
    - check, account: validate the output first; account for every value of the source.

    Raises:
        UsageError, TemplateError: no such format, profile, repair, `on_loss`; a bad template.
        InputNotReadable, DocumentError: the source cannot be opened, or holds no invoice.
        ConversionRefused: the target demands terms that the source lacks; it names all of them.
        LossRefused: something would be lost, which `on_loss` forbids.
        OutputInvalid: the source is valid, the output not: by what was lost or by our fault.
    """
    check_on_loss(on_loss)
    options = Options(pdf=pdf, language=language, template=template, pdfa=pdfa)
    order = _ordered(to, profile, options, check)
    document = source if isinstance(source, Document) else read(source)
    result = order.carry_out(document, repairs)
    refuse_losses(result.losses, on_loss, policy or Policy())
    return _handed_out(order.target, document, result, account)


def _handed_out(target: Format, document: Document, result: _Result, account: bool) -> Conversion:
    fates = None
    if account and result.again is not None:
        fates = account_of(document, result.again, result.losses, result.repaired)
    return Conversion(
        data=result.written.data,
        format=target.name,
        extension=target.extension,
        losses=result.losses,
        notes=(*result.written.notes, *result.notes),
        repaired=result.repaired,
        report=result.report,
        account=fates,
    )


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    """An output, proven."""

    written: Written
    again: Document | None  #: the output, read; None if its format is not read
    losses: tuple[Loss, ...]
    report: Report | None
    repaired: tuple[Repaired, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True  #: whether every value that a term held has arrived


def _ordered(to: str, profile: str | None, options: Options, check: bool) -> _Order:
    goal = target_named(profile, to) if profile is not None else None
    return _Order(format_named(to), goal, options, check)


class _Order(msgspec.Struct, frozen=True):
    """What a document is to become."""

    target: Format
    goal: Target | None
    options: Options
    check: bool

    def carry_out(self, document: Document, repairs: Collection[str]) -> _Result:
        """Repair the invoice of a document as asked, convert it and judge what came of it."""
        invoice, repaired = repair(document.invoice, repairs)
        result = self._tried(document, invoice)
        return msgspec.structs.replace(result, repaired=repaired)

    def _tried(self, document: Document, invoice: Invoice) -> _Result:
        fitted = invoice
        fills: tuple[Fill, ...] = ()
        if self.goal is not None:
            fitted, fills = fit(invoice, self.goal)
            self._refuse_without_lines(fitted)
        result = self._written(document, invoice, fitted, fills)
        if result.report is None or result.report.verdict is not Verdict.INVALID:
            return result
        if self.options.pdfa == "best-effort" and _only_pdfa_failed(result.report):
            return result
        if self.goal is not None:
            self._refuse_incomplete(self.goal, fitted, result.report)
        if validate(document).verdict is not Verdict.VALID:
            return result  # the faults of the source
        return self._second_try(document, invoice, result)

    def _written(
        self, document: Document, invoice: Invoice, fitted: Invoice, fills: tuple[Fill, ...]
    ) -> _Result:
        written = self.target.write(fitted, self.options)
        written = msgspec.structs.replace(written, fills=(*fills, *written.fills))
        if not self.target.reads_back:
            losses = (*document.leftovers, *document.derived)
            return _Result(written=written, again=None, losses=losses, report=None)
        again = read_opened(open_data(written.data))
        changed = tuple(differences(invoice, again.invoice))
        left_out = {difference.path for difference in differences(invoice, fitted)}
        return _Result(
            written=written,
            again=again,
            losses=tuple(_losses(document, left_out, written, again, changed, self.goal)),
            report=validate(again) if self.check else None,
            complete=all(difference.after is not None for difference in changed),
        )

    def _second_try(self, document: Document, invoice: Invoice, first: _Result) -> _Result:
        """Without the content of extensions, which the rules of the target may not bear."""
        report = first.report
        assert report is not None
        core = without_extensions(invoice)
        if core != invoice:
            second = self._written(document, invoice, core, ())
            if second.report is not None and second.report.verdict is not Verdict.INVALID:
                return second
        _refuse_broken(report, first)
        rules = ", ".join(dict.fromkeys(f.rule for f in _fatal(report)))
        note = (
            "the source is valid and all its terms arrived, but the official rules of the target "
            f"refuse what those of the source accept: {rules}"
        )
        return msgspec.structs.replace(first, notes=(note,))

    def _refuse_without_lines(self, fitted: Invoice) -> None:
        """A schema that fails for want of lines would hide all else that is missing."""
        assert self.goal is not None
        missing = tuple(missing_terms(fitted, self.goal))
        if "BG-25" in missing:
            raise ConversionRefused(_lacking(self.goal, missing, ()), terms=missing)

    def _refuse_incomplete(self, goal: Target, fitted: Invoice, report: Report) -> None:
        """List in one go all that a profile demands of an invoice."""
        missing = tuple(missing_terms(fitted, goal))
        found = _fatal(report)
        terms = dict.fromkeys((*missing, *(term for f in found for term in f.terms)))
        raise ConversionRefused(
            _lacking(goal, missing, [f"{f.rule} {f.message}" for f in found]), terms=tuple(terms)
        )


def _lacking(goal: Target, missing: Iterable[str], found: Iterable[str]) -> str:
    absent = f"terms are missing: {', '.join(missing)}" if missing else ""
    rules = "; ".join(dict.fromkeys(found))
    broken = f"its rules find: {rules}" if rules else ""
    return f"cannot be written as {goal.name}: {'; '.join(filter(None, (absent, broken)))}"


def _only_pdfa_failed(report: Report) -> bool:
    failed = {layer.name for layer in report.layers if layer.status is Status.FAILED}
    return failed == {LayerName.PDFA}


def _fatal(report: Report) -> list[Finding]:
    deciding = {(layer.name, layer.ruleset) for layer in report.layers if layer.decides}
    return [
        finding
        for finding in report.findings
        if finding.severity is Severity.FATAL and (finding.layer, finding.ruleset) in deciding
    ]


def _refuse_broken(report: Report, result: _Result) -> None:
    """An invalid output of a valid source: not if values are missing or its form is wrong."""
    malformed = any(
        layer.status is Status.FAILED and layer.name is not LayerName.SCHEMATRON
        for layer in report.layers
    )
    if result.complete and not malformed:
        return
    cause = "this is a fault of ours, please report it"
    if not result.complete:
        dropped = [loss for loss in result.losses if loss.kind is LossKind.DROPPED]
        cause = (
            f"{len(dropped)} values have no place in the target, such as {dropped[-1].value!r} at "
            f"{dropped[-1].path}, and its rules miss them"
        )
    fatal = _fatal(report)[0]
    raise OutputInvalid(
        f"the source is valid but the output is not; {cause}. "
        f"First finding: {fatal.rule} {fatal.message}",
        report,
    )


def _losses(
    document: Document,
    left_out: Set[str],
    written: Written,
    again: Document,
    changed: Iterable[Difference],
    goal: Target | None,
) -> Iterator[Loss]:
    """What was left over in the source, filled in the output, or differs between the two."""
    yield from document.leftovers
    yield from document.derived
    changes = {difference.path: difference for difference in changed}
    for fill in written.fills:
        difference = changes.pop(fill.path, None)
        if difference is not None and difference.before is not None:
            loss = _difference_loss(document, difference, "")
            yield msgspec.structs.replace(loss, reason=fill.reason)
        else:
            yield _fill_loss(fill, again)
    why = f"the profile {goal.name} has no place for it" if goal else "its rules do not bear it"
    for path, difference in changes.items():
        yield _difference_loss(document, difference, why if path in left_out else _NO_PLACE)


def _fill_loss(fill: Fill, again: Document) -> Loss:
    place = again.place(fill.path)
    return Loss(
        path=place.xpath if place else fill.path,
        line=place.line if place else None,
        value=fill.value,
        reason=fill.reason,
        kind=LossKind.FILLED,
        term=term_at(fill.path),
    )


def _difference_loss(document: Document, difference: Difference, reason: str) -> Loss:
    place = document.place(difference.path)
    before, after = text_of(difference.before), text_of(difference.after)
    kind = LossKind.APPROXIMATED
    if difference.before is None:
        kind, reason = LossKind.FILLED, "the target says it in other words"
    elif difference.after is None:
        kind = LossKind.DROPPED
    else:
        reason = f"it reads {after!r} in the target"
    return Loss(
        path=place.xpath if place else difference.path,
        line=place.line if place else None,
        value=after if kind is LossKind.FILLED else before,
        reason=reason,
        kind=kind,
        term=term_at(difference.path),
        after=after if kind is LossKind.APPROXIMATED else None,
    )
