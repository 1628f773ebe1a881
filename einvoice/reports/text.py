"""Reports for people: a line per document, what is wrong beneath it, and one summary at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from einvoice.findings import Report, Status, Verdict
from einvoice.reports.grouping import (
    FindingGroup,
    group_findings,
    layer_title,
    parts_not_run,
    stopped_layers,
)
from einvoice.reports.lines import Segment, TextLine, write_lines
from einvoice.reports.output import Output
from einvoice.reports.summary import Summary
from einvoice.reports.words import Words

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
    start, words = time.monotonic(), Words(output.language)
    for report in reports:
        if not output.quiet or needs_attention(report):
            write_lines(report_lines(report, full=output.alone), output)
    if not output.quiet and not output.alone:
        write_lines(summary_lines(summary, time.monotonic() - start, words), output)


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
    for word, titles, reason in stopped_layers(report):
        head = ((f"{INDENT}{word} ", STYLES.get(word, "dim")),)
        yield TextLine(head, ((f"{'; '.join(titles)}: {reason}", ""),))


def _layers_that_ran(report: Report) -> Iterator[TextLine]:
    for status in (Status.PASSED, Status.FAILED):
        titles = [layer_title(layer) for layer in report.layers if layer.status is status]
        if titles:
            yield TextLine(((f"{INDENT}{status.value}: ", "dim"),), (("; ".join(titles), ""),))


def _parts_not_run(report: Report) -> Iterator[TextLine]:
    for lack, parts in parts_not_run(report).items():
        yield TextLine(
            ((f"{INDENT}not run: ", "dim"),), ((f"{', '.join(parts)}: without {lack}", ""),)
        )


def summary_lines(summary: Summary, seconds: float, words: Words) -> Iterator[TextLine]:
    """The summary over all documents."""
    documents = words.count("documents", summary.documents)
    title = words["in_seconds"].format(documents=documents, seconds=words.decimal(seconds))
    counts = (
        (f"{words.number(count)} {words[outcome]}", STYLES[outcome])
        for outcome, count in summary.outcomes.items()
        if count
    )
    yield TextLine(())
    yield TextLine(((title, "bold"),), joined(counts))
    if summary.crashed:
        yield TextLine(((words.count("crashed", summary.crashed), "bold magenta"),))
    yield from _counted("rules_broken", _frequent_rules(summary), words)
    yield from _counted("not_run", _missing_layers(summary), words)


def _frequent_rules(summary: Summary) -> Iterator[tuple[str, str, int]]:
    for rule, severity, count in summary.frequent_rules():
        yield rule, severity.value, count


def _missing_layers(summary: Summary) -> Iterator[tuple[str, str, int]]:
    for title, count in summary.missing_layers():
        yield title, "", count


def _counted(title: str, rows: Iterable[tuple[str, str, int]], words: Words) -> Iterator[TextLine]:
    """A heading, and names with a word and a number of documents in columns."""
    listed = [(name, word, words[word] if word else "", count) for name, word, count in rows]
    if not listed:
        return
    yield TextLine(((f"{words[title]}{words['colon']}", "bold"),))
    name_width = max(len(name) for name, _, _, _ in listed)
    word_width = max(len(shown) for _, _, shown, _ in listed)
    for name, word, shown, count in listed:
        head = (
            (f"{INDENT}{name.ljust(name_width)}  ", ""),
            (shown.ljust(word_width), _style(word)),
        )
        yield TextLine(head, ((words.number(count).rjust(8), ""),))


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
