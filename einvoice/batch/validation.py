"""Validation of many documents: the task of one, and the reports of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Literal

import msgspec

from einvoice.batch import pool
from einvoice.batch.sources import Source, shown
from einvoice.errors import InputNotReadable
from einvoice.findings import Layer, LayerName, Report, Status

UNKNOWN = "unknown"


class ValidationOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `einvoice.validate` is asked, the same for every document."""

    layers: frozenset[str] | None = None
    rulesets: frozenset[str] | None = None
    profile: str | None = None
    country: str | None = None
    engine: Literal["saxon", "compiled", "both"] = "saxon"


def validate_all(
    sources: Iterable[Source], options: ValidationOptions, *, workers: int
) -> Iterator[Report]:
    """One report per source, in the order of the sources."""
    task = partial(validate_source, options=options)
    return pool.run(task, sources, on_crash=crashed_report, workers=workers)


def validate_source(source: Source, options: ValidationOptions) -> Report:
    """The report of one source; also one that cannot be opened has one."""
    if source.error is not None:
        return _unreadable(source, source.error)
    from einvoice.validate import validate

    content = source.data if source.file is None else source.file
    assert content is not None
    try:
        return validate(content, path=source.path, **msgspec.structs.asdict(options))
    except InputNotReadable as error:
        return _unreadable(source, str(error))


def crashed_report(source: Source, reason: str) -> Report:
    """The report of a source on which we failed: never valid, and the reason is told."""
    layer = Layer(name=LayerName.XML, status=Status.CRASHED, reason=shown(reason))
    return Report(path=source.path, format=UNKNOWN, layers=(layer,))


def _unreadable(source: Source, error: str) -> Report:
    return Report(path=source.path, format=UNKNOWN, error=shown(error))
