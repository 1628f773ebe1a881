"""One document of a batch: read once, hashed, and done unless that was done before."""

from __future__ import annotations

import time

import msgspec

from einvoice.batch.content import content_of
from einvoice.batch.conversion import (
    CRASHED,
    UNREADABLE,
    UNWRITTEN,
    ConversionOptions,
    Job,
    convert_to_file,
    crashed_line,
    failed_line,
)
from einvoice.batch.manifest import Again, Entry, Known, Record
from einvoice.batch.outputs import digest_of, output_digest
from einvoice.batch.sources import Source, shown
from einvoice.batch.validation import Task, ValidationOptions, crashed_report, validate_source
from einvoice.errors import InputNotReadable
from einvoice.findings import Report, Status
from einvoice.reports.wire import ConversionLine

Options = ValidationOptions | ConversionOptions
#: Outcomes that may be otherwise next time.
_PASSING = (UNWRITTEN, CRASHED, UNREADABLE)


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A document to do, and what is known of it."""

    source: Source
    position: int
    asked: str  #: hash of the options
    output: str | None = None  #: where a conversion is written
    known: Known | None = None  #: of an earlier run with the same options


def do(work: Work, options: Options) -> Entry:
    """Do a document, unless it is known and neither it nor its output has changed."""
    start = time.perf_counter()
    try:
        content = content_of(work.source)
    except InputNotReadable as error:
        return _unread(work, options, str(error))
    digest = digest_of(content)
    if work.known and work.known.digest == digest and _is_intact(work.known):
        return Again(key=work.source.path, position=work.position, outcome=work.known.outcome)
    source = msgspec.structs.replace(work.source, data=content)
    record = _validated(work, source, options) if work.output is None else None
    if record is None:
        assert isinstance(options, ConversionOptions)
        record = _converted(work, source, options)
    seconds = time.perf_counter() - start
    return msgspec.structs.replace(record, digest=digest, seconds=seconds)


def _is_intact(known: Known) -> bool:
    """Whether what was written then is still there as it was written."""
    if not known.final:
        return False
    return known.output is None or output_digest(known.output) == known.output_digest


def _validated(work: Work, source: Source, options: Options) -> Record:
    assert isinstance(options, ValidationOptions)
    report = validate_source(Task(source=source), options)
    crashed = any(layer.status is Status.CRASHED for layer in report.layers)
    return _record(work, report, final=report.error is None and not crashed)


def _converted(work: Work, source: Source, options: ConversionOptions) -> Record:
    assert work.output is not None
    line, digest = convert_to_file(Job(source=source, output=work.output), options)
    record = _record(work, line, final=line.outcome not in _PASSING)
    if not line.converted:
        return record
    return msgspec.structs.replace(record, output=work.output, output_digest=digest)


def _unread(work: Work, options: Options, error: str) -> Record:
    path = work.source.path
    if isinstance(options, ValidationOptions):
        return _record(work, Report(path=path, format="unknown", error=shown(error)), final=False)
    line = failed_line(work.source, UNREADABLE, InputNotReadable.exit_code, error)
    return _record(work, line, final=False)


def _record(work: Work, result: Report | ConversionLine, *, final: bool) -> Record:
    return Record(
        key=work.source.path,
        position=work.position,
        asked=work.asked,
        digest="",
        outcome=_outcome(result),
        result=msgspec.json.encode(result),
        seconds=0.0,
        final=final,
    )


def _outcome(result: Report | ConversionLine) -> str:
    if isinstance(result, ConversionLine):
        return result.outcome
    return "error" if result.error is not None else result.verdict.value


def failed(work: Work, reason: str) -> Record:
    """The record of a document whose process died, took too long, or raised."""
    if work.output is None:
        report = crashed_report(Task(source=work.source), reason)
        return _record(work, report, final=False)
    return _record(work, crashed_line(work.source, reason), final=False)
