"""What became of conversions, for people: a line per document, its losses, one summary."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator

from einvoice.findings import Loss, LossKind, Repaired, Verdict
from einvoice.reports.grouping import group_findings
from einvoice.reports.lines import Segment, TextLine, write_lines
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary
from einvoice.reports.text import INDENT, STYLES, count_of, group_lines, joined
from einvoice.reports.wire import ConversionLine

#: Longest value shown of a loss; the JSON reports have it whole.
VALUE_SHOWN = 60

_NUMBER = re.compile(r"\[[0-9]+\]")

_KIND_STYLES = {
    LossKind.DROPPED: "red",
    LossKind.MOVED: "yellow",
    LossKind.APPROXIMATED: "yellow",
    LossKind.FILLED: "cyan",
}


def write_conversions(
    lines: Iterable[ConversionLine], summary: ConversionSummary, output: Output
) -> None:
    """Each conversion as soon as it is done, then the summary."""
    start = time.monotonic()
    for line in lines:
        if not output.quiet or not line.converted or line.losses:
            write_lines(conversion_lines(line), output)
    if not output.quiet and not output.alone:
        write_lines(conversion_summary(summary, time.monotonic() - start), output)


def conversion_lines(line: ConversionLine) -> Iterator[TextLine]:
    """The text of one conversion."""
    yield _headline(line)
    for losses in _alike(line.losses):
        yield _loss_line(losses)
    for change in line.repaired:
        yield _repair_line(change)
    if not line.converted or line.verdict is Verdict.INVALID:
        groups = group_findings(line.findings)
        width = max((len(group.rule) for group in groups), default=0)
        for group in groups:
            yield from group_lines(group, width)
    for note in line.notes:
        yield TextLine(((f"{INDENT}note: ", "dim"),), ((note, ""),))


def _headline(line: ConversionLine) -> TextLine:
    if not line.converted:
        reason = (line.error or "").removeprefix(f"{line.path}: ")
        head = ((f"{line.outcome.ljust(len('converted'))}  ", "bold red"),)
        return TextLine(head, ((line.path, "bold"), (f"  {reason}", "")))
    body: list[Segment] = [(f"{line.path} -> {line.output}", "bold"), (f"  ({line.format}", "dim")]
    if line.verdict is not None:
        body += [(", ", "dim"), (line.verdict.value, STYLES[line.verdict.value])]
    return TextLine((("converted  ", "bold green"),), (*body, (")", "dim")))


def _alike(losses: Iterable[Loss]) -> Iterable[list[Loss]]:
    """Losses that differ only in their value and in the number of a repeated element."""
    groups: dict[tuple[str, ...], list[Loss]] = {}
    for loss in losses:
        key = (loss.kind.value, loss.term or "", loss.reason, _NUMBER.sub("", loss.path))
        groups.setdefault(key, []).append(loss)
    return groups.values()


def _loss_line(losses: list[Loss]) -> TextLine:
    loss = losses[0]
    head = ((f"{INDENT}{loss.kind.value.ljust(len('approximated'))}  ", _KIND_STYLES[loss.kind]),)
    term = f"{loss.term}  " if loss.term else ""
    value = f"{_shown_value(loss.value)}: " if loss.value else ""
    place = f" (line {loss.line})" if loss.line is not None else ""
    more = f", and {len(losses) - 1:,} more like it" if len(losses) > 1 else ""
    text = f"{value}{loss.reason}{place}{more}"
    return TextLine(head, ((term, "cyan"), (text, ""), (f"  {loss.path}", "dim")))


def _repair_line(change: Repaired) -> TextLine:
    head = ((f"{INDENT}{'repaired'.ljust(len('approximated'))}  ", "cyan"),)
    before, after = (
        "absent" if value is None else _shown_value(value)
        for value in (change.before, change.after)
    )
    text = f"{before} -> {after}  ({change.repair})"
    term = f"{change.term}  " if change.term else ""
    return TextLine(head, ((term, "cyan"), (text, ""), (f"  {change.path}", "dim")))


def _shown_value(value: str) -> str:
    plain = " ".join(value.split())
    return repr(plain if len(plain) <= VALUE_SHOWN else f"{plain[: VALUE_SHOWN - 1]}…")


def conversion_summary(summary: ConversionSummary, seconds: float) -> Iterator[TextLine]:
    """The summary over all documents."""
    yield TextLine(())
    yield TextLine(
        ((f"{count_of(summary.documents, 'document')} in {seconds:.1f} s: ", "bold"),),
        joined(
            (f"{count:,} {outcome}", "green" if outcome == "converted" else "red")
            for outcome, count in summary.outcomes.most_common()
        ),
    )
    if summary.verdicts:
        yield TextLine(
            (("Outputs: ", "bold"),),
            joined(
                (f"{summary.verdicts[verdict]:,} {verdict.value}", STYLES[verdict.value])
                for verdict in Verdict
                if summary.verdicts[verdict]
            ),
        )
    if summary.with_losses:
        kinds = [f"{count:,} {kind.value}" for kind, count in summary.losses.most_common()]
        text = f"{count_of(summary.with_losses, 'document')}: {', '.join(kinds)}"
        yield TextLine((("Losses in ", "bold"),), ((text, ""),))
