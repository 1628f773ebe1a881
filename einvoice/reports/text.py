"""Reports for people: a line per document, what is wrong beneath it, and one summary at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from einvoice.findings import Layer, Report, Status, Verdict
from einvoice.reports.grouping import FindingGroup, group_findings
from einvoice.reports.lines import Segment, TextLine, write_lines
from einvoice.reports.output import Output
from einvoice.reports.summary import Summary

STYLES = {
    "valid": "bold green",
    "invalid": "bold red",
    "undecided": "bold yellow",
    "error": "bold magenta",
    "fatal": "red",
    "warning": "yellow",
    "information": "cyan",
    "crashed": "bold magenta",
}
INDENT = "    "
#: Width of the longest verdict, so that the paths stand in one column.
VERDICT_WIDTH = 9


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """Each report as soon as it comes, then the summary."""
    start = time.monotonic()
    for report in reports:
        if not output.quiet or needs_attention(report):
            write_lines(report_lines(report, full=output.alone), output)
    if not output.quiet and not output.alone:
        write_lines(summary_lines(summary, time.monotonic() - start), output)


def needs_attention(report: Report) -> bool:
    """Whether the report is about anything but a valid document."""
    return report.error is not None or report.verdict is not Verdict.VALID


def report_lines(report: Report, *, full: bool = False) -> Iterator[TextLine]:
    """The text of one report; in full, the layers that passed are named too."""
    yield _headline(report)
    if report.error is not None:
        return
    groups = group_findings(report.findings)
    width = max((len(group.rule) for group in groups), default=0)
    for group in groups:
        yield from group_lines(group, width)
    for layer in report.layers:
        if layer.status in (Status.SKIPPED, Status.CRASHED):
            yield _stopped_layer(layer)
    if full:
        yield from _layers_that_ran(report)
    for note in report.notes:
        yield TextLine(((f"{INDENT}note: ", "dim"),), ((note, ""),))


def _headline(report: Report) -> TextLine:
    if report.error is not None:
        reason = report.error.removeprefix(f"{report.path}: ")
        return TextLine(_verdict("error"), ((report.path, "bold"), (f"  {reason}", "")))
    about = ", ".join(filter(None, (report.format, report.profile)))
    return TextLine(
        _verdict(report.verdict.value), ((report.path, "bold"), (f"  ({about})", "dim"))
    )


def _verdict(word: str) -> tuple[Segment, ...]:
    return ((word.ljust(VERDICT_WIDTH) + "  ", STYLES.get(word, "bold")),)


def group_lines(group: FindingGroup, width: int) -> Iterator[TextLine]:
    """A rule that was broken, and where."""
    severity = group.severity.value
    head = (
        (f"{INDENT}{group.rule.ljust(width)}  ", "bold"),
        (f"{severity.ljust(len('warning'))}  ", STYLES[severity]),
    )
    body = [(group.message, "")]
    if group.other_terms:
        body.insert(0, (f"{' '.join(group.other_terms)}  ", "cyan"))
    if group.lines:
        body.append((f" ({group.lines})", "dim"))
    yield TextLine(head, tuple(body))
    blank = " " * sum(len(text) for text, _ in head)
    for location in group.locations:
        yield TextLine(((blank, ""),), ((location, "dim"),))


def _stopped_layer(layer: Layer) -> TextLine:
    word = layer.status.value
    reason = layer.reason or "no reason given"
    head = ((f"{INDENT}{word} ", STYLES.get(word, "dim")), (f"{layer_title(layer)}: ", ""))
    return TextLine(head, ((reason, ""),))


def _layers_that_ran(report: Report) -> Iterator[TextLine]:
    for status in (Status.PASSED, Status.FAILED):
        titles = [layer_title(layer) for layer in report.layers if layer.status is status]
        if titles:
            yield TextLine(((f"{INDENT}{status.value}: ", "dim"),), ((", ".join(titles), ""),))


def layer_title(layer: Layer) -> str:
    """What ran, such as `en16931-ubl 1.3.16`."""
    title = layer.ruleset or layer.name.value
    if layer.version:
        title += f" {layer.version}"
    return title if layer.decides else f"{title} (advice)"


def summary_lines(summary: Summary, seconds: float) -> Iterator[TextLine]:
    """The summary over all documents."""
    counts: list[tuple[int, str]] = [(summary.verdicts[v], v.value) for v in Verdict]
    counts.append((summary.errors, "error"))
    yield TextLine(())
    yield TextLine(
        ((f"{count_of(summary.documents, 'document')} in {seconds:.1f} s: ", "bold"),),
        joined((f"{count} {word}", STYLES[word]) for count, word in counts if count),
    )
    if summary.crashed:
        yield TextLine(((f"{count_of(summary.crashed, 'document')} crashed us", "bold magenta"),))
    yield from _frequent_rules(summary)


def _frequent_rules(summary: Summary) -> Iterator[TextLine]:
    rules = summary.frequent_rules()
    if not rules:
        return
    yield TextLine((("Rules broken by most documents:", "bold"),))
    width = max(len(rule) for rule, _, _ in rules)
    for rule, severity, count in rules:
        word = severity.value
        yield TextLine(
            ((f"{INDENT}{rule.ljust(width)}  ", ""), (word.ljust(11), STYLES[word])),
            ((f"  {count:,}", ""),),
        )


def count_of(number: int, noun: str) -> str:
    """Such as `1 document` or `2,063 documents`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments with commas between them."""
    result: list[Segment] = []
    for segment in segments:
        if result:
            result.append((", ", ""))
        result.append(segment)
    return tuple(result)
