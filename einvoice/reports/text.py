"""Reports for people: a line per document, what is wrong beneath it, and one summary at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from einvoice.findings import Report, Status, Verdict
from einvoice.reports.grouping import FindingGroup, group_findings
from einvoice.reports.lines import Segment, TextLine, write_lines
from einvoice.reports.output import Output
from einvoice.reports.summary import STOPPED, Summary, layer_title

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
    yield from _stopped_layers(report)
    if full:
        yield from _layers_that_ran(report)
        yield from _parts_not_run(report)
    for note in report.notes if full or needs_attention(report) else ():
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


def _stopped_layers(report: Report) -> Iterator[TextLine]:
    """The layers that did not run or not to the end, those with one reason together."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for layer in report.layers:
        if layer.status in STOPPED:
            key = (layer.status.value, layer.reason or "no reason given")
            reasons.setdefault(key, []).append(layer_title(layer))
    for (word, reason), titles in reasons.items():
        head = ((f"{INDENT}{word} ", STYLES.get(word, "dim")),)
        yield TextLine(head, ((f"{'; '.join(titles)}: {reason}", ""),))


def _layers_that_ran(report: Report) -> Iterator[TextLine]:
    for status in (Status.PASSED, Status.FAILED):
        titles = [layer_title(layer) for layer in report.layers if layer.status is status]
        if titles:
            yield TextLine(((f"{INDENT}{status.value}: ", "dim"),), (("; ".join(titles), ""),))


def _parts_not_run(report: Report) -> Iterator[TextLine]:
    """The checks that did not run, those that lack one thing together."""
    lacking: dict[str, list[str]] = {}
    for layer in report.layers:
        for part, lack in layer.not_run.items():
            lacking.setdefault(lack, []).append(part)
    for lack, parts in lacking.items():
        yield TextLine(
            ((f"{INDENT}not run: ", "dim"),), ((f"{', '.join(parts)}: without {lack}", ""),)
        )


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
    yield from _counted("Rules broken by most documents:", _frequent_rules(summary))
    yield from _counted("Undecided because these did not run:", _missing_layers(summary))


def _frequent_rules(summary: Summary) -> Iterator[tuple[str, str, int]]:
    for rule, severity, count in summary.frequent_rules():
        yield rule, severity.value, count


def _missing_layers(summary: Summary) -> Iterator[tuple[str, str, int]]:
    for title, count in summary.missing_layers():
        yield title, "", count


def _counted(title: str, rows: Iterable[tuple[str, str, int]]) -> Iterator[TextLine]:
    """A heading, and names with a word and a number of documents in columns."""
    listed = list(rows)
    if not listed:
        return
    yield TextLine(((title, "bold"),))
    name_width = max(len(name) for name, _, _ in listed)
    word_width = max(len(word) for _, word, _ in listed)
    for name, word, count in listed:
        head = ((f"{INDENT}{name.ljust(name_width)}  ", ""), (word.ljust(word_width), _style(word)))
        yield TextLine(head, ((f"{count:8,}", ""),))


def _style(word: str) -> str:
    return STYLES.get(word, "")


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
