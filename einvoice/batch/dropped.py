"""One dropped file: its verdict, its report, and what it is converted to; nothing is written."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable

import msgspec

from einvoice.batch.content import content_of, is_pack
from einvoice.batch.conversion import (
    CONVERTED,
    CRASHED,
    UNREADABLE,
    ConversionOptions,
    Job,
    crashed_line,
    outputs_of,
)
from einvoice.batch.filing import REPORT
from einvoice.batch.sources import Source, find_sources, shown
from einvoice.batch.validation import Task, crashed_report, validate_source
from einvoice.batch.work import Options
from einvoice.errors import EInvoiceError, InputNotReadable, UsageError
from einvoice.findings import Report, Status, Verdict
from einvoice.formats import format_named
from einvoice.reports.accounts import EXTENSIONS
from einvoice.reports.json import write_conversions, write_reports
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import ConversionLine, report_line

#: The verdict of a file that holds several documents is the first of these that one of them has.
_WORST = (CRASHED, UNREADABLE, Verdict.INVALID.value, Verdict.UNDECIDED.value)


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """A file to work on."""

    file: str
    place: str  #: where it goes below `done` or `failed`
    home: str  #: the folder of these two
    done: str  #: path of its place when all is well


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file."""

    file: str
    verdict: str
    well: bool = False
    report: bytes = b""
    outputs: tuple[tuple[str, bytes], ...] = ()
    obstacle: str | None = None  #: why nothing can be said now that may be said later


def suffixes_of(options: Options) -> tuple[str, ...]:
    """What follows the name of a file in those of its results."""
    if not isinstance(options, ConversionOptions):
        return (REPORT,)
    one = _suffix(options)
    account = options.account
    accounts = () if account is None else (f"{one}.account{EXTENSIONS[account]}",)
    return (REPORT, f".{options.to}", one, *accounts)


def _suffix(options: ConversionOptions) -> str:
    return f".{options.to}{format_named(options.to).extension}"


def judge(dropped: Dropped, options: Options) -> Judged:
    """Validate or convert all that a file holds."""
    sources = [_read(source, dropped) for source in _sources(dropped.file)]
    if isinstance(options, ConversionOptions):
        return _converted(dropped, sources, options)
    try:
        reports = [validate_source(Task(source=source), options) for source in sources]
    except UsageError:
        raise
    except EInvoiceError as error:  # the document is not to blame: the ledger is away, for one
        return Judged(file=dropped.file, verdict=CRASHED, obstacle=str(error))
    return _validated(dropped, reports)


def _sources(file: str) -> list[Source]:
    if is_pack(file):
        return list(find_sources([file]))
    return [Source(path=shown(file), file=file, relative=os.path.basename(file))]


def _read(source: Source, dropped: Dropped) -> Source:
    """A source with its bytes, under the name that a ledger keeps: that of where it goes.

    A second file of the same name is another document.
    """
    if source.error is not None:
        return source
    try:
        content = content_of(source)
    except InputNotReadable as error:
        return msgspec.structs.replace(source, error=str(error))
    home = os.path.join(dropped.home, dropped.place)
    return msgspec.structs.replace(source, data=content, file=home)


def _validated(dropped: Dropped, reports: list[Report]) -> Judged:
    verdict = _worst(map(_verdict, reports), Verdict.VALID.value)
    if is_pack(dropped.file):
        stream, summary = io.BytesIO(), Summary()
        write_reports(summary.counting(reports), summary, Output(stream=stream))
        report = stream.getvalue()
    else:
        report = msgspec.json.encode(report_line(reports[0])) + b"\n"
    well = verdict == Verdict.VALID
    return Judged(file=dropped.file, verdict=verdict, well=well, report=report)


def _verdict(report: Report) -> str:
    if report.error is not None:
        return UNREADABLE
    crashed = any(layer.status is Status.CRASHED for layer in report.layers)
    return CRASHED if crashed else report.verdict.value


def _worst(verdicts: Iterable[str], best: str) -> str:
    found = set(verdicts) - {best}
    return next((verdict for verdict in _WORST if verdict in found), min(found, default=best))


def _converted(dropped: Dropped, sources: list[Source], options: ConversionOptions) -> Judged:
    lines: list[ConversionLine] = []
    outputs: list[tuple[str, bytes]] = []
    for number, source in enumerate(sources, 1):
        job = Job(source=source, output=_output(dropped, source, number, options))
        line, files = outputs_of(job, options)
        lines.append(line)
        outputs += files
    verdict = _worst((line.outcome for line in lines), CONVERTED)
    if verdict != CONVERTED:  # all that a file holds, or nothing
        lines = [msgspec.structs.replace(line, output=None) for line in lines]
        outputs = []
    return Judged(
        file=dropped.file,
        verdict=verdict,
        well=verdict == CONVERTED,
        report=_lines(dropped, lines),
        outputs=tuple(outputs),
    )


def _lines(dropped: Dropped, lines: list[ConversionLine]) -> bytes:
    if not is_pack(dropped.file):
        return msgspec.json.encode(lines[0]) + b"\n"
    stream, summary = io.BytesIO(), ConversionSummary()
    write_conversions(summary.counting(lines), summary, Output(stream=stream))
    return stream.getvalue()


def _output(dropped: Dropped, source: Source, number: int, options: ConversionOptions) -> str:
    """The path of an output: beside the file; of what is in a pack, in a folder beside it."""
    if not is_pack(dropped.file):
        return dropped.done + _suffix(options)
    stem = os.path.splitext(os.path.basename(source.path))[0]
    name = f"{number}-{re.sub(r'[^A-Za-z0-9._-]+', '_', stem)[:100]}"
    folder = f"{dropped.done}.{options.to}"
    return os.path.join(folder, name + format_named(options.to).extension)


def failed(dropped: Dropped, reason: str, options: Options) -> Judged:
    """What is said of a file whose process died, took too long, or raised."""
    source = Source(path=shown(dropped.file))
    if isinstance(options, ConversionOptions):
        report = msgspec.json.encode(crashed_line(source, reason))
    else:
        crashed = crashed_report(Task(source=source), reason)
        report = msgspec.json.encode(report_line(crashed))
    return Judged(file=dropped.file, verdict=CRASHED, report=report + b"\n")
