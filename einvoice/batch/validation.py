"""Validation of many documents: the task of one, and the reports of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from einvoice.batch import pool
from einvoice.batch.content import openable
from einvoice.batch.files import reason_of, write_file
from einvoice.batch.sources import Source, shown
from einvoice.batch.targets import Targets
from einvoice.checks.payments import Payments, load_payments
from einvoice.checks.policy import CheckPolicy
from einvoice.errors import InputNotReadable, OutputNotWritable
from einvoice.findings import Layer, LayerName, Report, Status

if TYPE_CHECKING:
    from einvoice.ledger import Ledger

UNKNOWN = "unknown"


class ValidationOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `einvoice.validate` is asked, the same for every document."""

    layers: frozenset[str] | None = None
    rulesets: frozenset[str] | None = None
    profile: str | None = None
    country: str | None = None
    engine: Literal["compiled", "saxon", "both"] = "compiled"
    as_of: date | None = None
    checks: Literal["off", "report", "fatal"] = "off"
    check_policy: CheckPolicy | None = None
    ledger: str | None = None  #: a file or URL, opened once in each process
    payments: str | None = None  #: the path of their table, see `payments_at`


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A source, and where the SVRL of its rule sets is written."""

    source: Source
    svrl: str | None = None  #: path of the files, up to the name of the rule set


@cache
def payments_at(path: str) -> Payments:
    """The payments of a table, read once by each process: they are too many to send with each task.

    Raises:
        InputNotReadable: the file cannot be opened.
        TableError: it is no such table.
    """
    return load_payments(path)


def validate_all(
    sources: Iterable[Source],
    options: ValidationOptions,
    *,
    workers: int,
    svrl: Path | None = None,
) -> Iterator[Report]:
    """One report per source, in the order of the sources.

    Args:
        sources: what to judge.
        options: how.
        workers: number of processes.
        svrl: a folder for the SVRL of each document and rule set, `DOCUMENT.RULESET.svrl`.
    """
    tasks = _tasks(sources, svrl)
    return pool.run(
        partial(validate_source, options=options), tasks, on_crash=crashed_report, workers=workers
    )


def _tasks(sources: Iterable[Source], svrl: Path | None) -> Iterator[Task]:
    targets = Targets(svrl, "") if svrl is not None else None
    for source in sources:
        yield Task(source=source, svrl=None if targets is None else targets.path_for(source))


def validate_source(task: Task, options: ValidationOptions) -> Report:
    """The report of one source; also one that cannot be opened has one."""
    source = task.source
    if source.error is not None:
        return _unreadable(source, source.error)
    from einvoice.validate import validate

    asked = msgspec.structs.asdict(options)
    if options.payments is not None:
        asked["payments"] = payments_at(options.payments)
    if options.ledger is not None:
        asked["ledger"] = _ledger(options.ledger)
    try:
        return validate(
            openable(source),
            path=source.path,
            svrl=None if task.svrl is None else partial(_write_svrl, task.svrl),
            **asked,
        )
    except InputNotReadable as error:
        return _unreadable(source, str(error))


def check_ledger(place: str) -> None:
    """Make sure that there is a ledger to use, before anything is read.

    Nothing stays open: a process that is made from this one must not share a connection.

    Raises:
        LedgerError: it cannot be opened.
    """
    from einvoice.ledger import Ledger

    Ledger(place).close()


@cache
def _ledger(place: str) -> Ledger:
    """The ledger of a place, opened once in a process.

    Raises:
        LedgerError: it cannot be opened.
    """
    from einvoice.ledger import Ledger

    return Ledger(place)


def _write_svrl(place: str, ruleset: str, report: bytes) -> None:
    path = f"{place}.{ruleset}.svrl"
    try:
        write_file(Path(path), report)
    except OSError as error:
        raise OutputNotWritable(path, reason_of(error)) from None


def crashed_report(task: Task, reason: str) -> Report:
    """The report of a source on which we failed: never valid, and the reason is told."""
    layer = Layer(name=LayerName.XML, status=Status.CRASHED, reason=shown(reason))
    return Report(path=task.source.path, format=UNKNOWN, layers=(layer,))


def _unreadable(source: Source, error: str) -> Report:
    return Report(path=source.path, format=UNKNOWN, error=shown(error))
