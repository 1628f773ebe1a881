"""A batch: all documents of its sources, those that are new or have changed, in a pool."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

import msgspec

from einvoice.batch import pool
from einvoice.batch.conversion import ConversionOptions
from einvoice.batch.files import whole_file
from einvoice.batch.manifest import Entry, Known, Manifest, remove_leftovers
from einvoice.batch.sources import Source
from einvoice.batch.targets import Targets
from einvoice.batch.work import Options, Work, do, failed
from einvoice.findings import Report, Status
from einvoice.formats import format_named
from einvoice.reports import ReportFormat
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import ConversionLine

#: Does documents, and gives their records as they are done.
Doing = Callable[[Iterator[Work]], Iterator[Entry]]

#: So many documents are looked at together, so that large ones do not come last.
_SORTED = 512


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done."""

    inputs: tuple[str, ...]  #: files, folders, archives, messages, URLs
    output: Path  #: the folder of the manifest and the reports, and of the outputs
    remote: str | None = None  #: a URL below which the outputs are written instead
    options: Options
    workers: int
    time_limit: float = 300.0  #: of a document, in seconds
    reports: tuple[ReportFormat, ...] = ()
    lang: str = "en"  #: of headings in reports for people

    @property
    def converts(self) -> bool:
        """Whether the documents are converted, not validated."""
        return isinstance(self.options, ConversionOptions)


def asked_of(options: Options) -> str:
    """A hash of what a result depends on beside the document: options, rule sets, our version."""
    from einvoice.rulesets.versions import all_rulesets

    rulesets = [(each.name, each.version) for each in all_rulesets()]
    files = [
        hashlib.sha256(Path(path).read_bytes()).hexdigest()
        for path in (getattr(options, "payments", None), getattr(options, "template", None))
        if path and os.path.isfile(path)
    ]
    known = (version("einvoice-engine"), type(options).__name__, options, rulesets, files)
    return hashlib.sha256(msgspec.json.encode(known, order="sorted")).hexdigest()


def run(
    batch: Batch, sources: Iterable[Source], manifest: Manifest, *, doing: Doing | None = None
) -> Iterator[Entry]:
    """Do what has to be done; each record is kept before it is handed on.

    Args:
        batch: what is to be done.
        sources: the documents.
        manifest: where the records are kept.
        doing: who does the documents; processes of this machine if None.

    Raises:
        OutputNotWritable: a record cannot be kept.
        Misused: the options name something that does not exist.
    """
    remove_leftovers(batch.output)
    works = _largest_first(_works(batch, sources, manifest))
    for record in (doing or partial(_in_pool, batch))(works):
        manifest.keep(record)
        yield record
    manifest.commit()


def _in_pool(batch: Batch, works: Iterator[Work]) -> Iterator[Entry]:
    return pool.run(
        partial(do, options=batch.options),
        works,
        on_crash=failed,
        workers=batch.workers,
        limit=batch.time_limit,
        ordered=False,
    )


def _works(batch: Batch, sources: Iterable[Source], manifest: Manifest) -> Iterator[Work]:
    asked = asked_of(batch.options)
    name_output = _naming(batch, manifest)
    for position, source in enumerate(sources):
        known = manifest.known(source.path)
        yield Work(
            source=source,
            position=position,
            asked=asked,
            output=name_output(source, known),
            known=known if known is not None and known.asked == asked else None,
        )


def _naming(batch: Batch, manifest: Manifest) -> Callable[[Source, Known | None], str | None]:
    """What names outputs: as in an earlier run, or a name that no other document has."""
    if not isinstance(batch.options, ConversionOptions):
        return lambda source, known: None
    targets = Targets(batch.remote or batch.output, format_named(batch.options.to).extension)
    for _, output in manifest.outputs():
        targets.reserve(output)

    def name(source: Source, known: Known | None) -> str:
        if known is not None and known.output is not None:
            return known.output
        return targets.path_for(source)

    return name


def _largest_first(works: Iterator[Work]) -> Iterator[Work]:
    """The documents, of each few hundred the largest first."""
    while some := list(itertools.islice(works, _SORTED)):
        yield from sorted(some, key=_size, reverse=True)


def _size(work: Work) -> int:
    source = work.source
    if source.data is not None:
        return len(source.data)
    try:
        return os.path.getsize(source.file or "")
    except OSError:
        return 0


def summarized(batch: Batch, manifest: Manifest) -> Summary | ConversionSummary:
    """Write the reports of a run that is done, each whole or not at all; the summary of all.

    They are made from the manifest, in the order of the sources: a run that was stopped and one
    that was not end alike.

    Raises:
        OSError: a report cannot be written.
    """
    if not batch.reports:
        summary = _summary(batch)
        for _ in _counted(batch, manifest, summary):
            pass
    for form in batch.reports:
        summary = _summary(batch)
        with whole_file(batch.output / f"report.{form.extension}") as file:
            write = form.write_reports if isinstance(summary, Summary) else form.write_conversions
            assert write is not None
            results = _counted(batch, manifest, summary)
            write(results, summary, Output(stream=file, language=batch.lang))  # type: ignore[arg-type]
    return summary


def obstacles(batch: Batch, manifest: Manifest) -> Iterator[str]:
    """Why documents could not be done, one line each: not to be opened, not to be written, ..."""
    kind: type[Report | ConversionLine] = ConversionLine if batch.converts else Report
    for record in manifest.undone():
        result = msgspec.json.decode(record.result, type=kind)
        yield f"{record.key}: {_obstacle(result).removeprefix(f'{record.key}: ')}"


def _obstacle(result: Report | ConversionLine) -> str:
    if isinstance(result, ConversionLine) or result.error is not None:
        return result.error or ""
    return next(layer.reason or "" for layer in result.layers if layer.status is Status.CRASHED)


def _summary(batch: Batch) -> Summary | ConversionSummary:
    return ConversionSummary() if batch.converts else Summary()


def _counted(
    batch: Batch, manifest: Manifest, summary: Summary | ConversionSummary
) -> Iterator[Report | ConversionLine]:
    kind = Report if isinstance(summary, Summary) else ConversionLine
    results = (msgspec.json.decode(each.result, type=kind) for each in manifest.of_this_run())
    return summary.counting(results)  # type: ignore[arg-type]
