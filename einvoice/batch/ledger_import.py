"""Keeping what was seen before in a ledger, without judging it: invoices of earlier years."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from einvoice.batch import pool
from einvoice.batch.content import openable
from einvoice.batch.sources import Source, shown
from einvoice.checks.fingerprint import fingerprint
from einvoice.checks.history import Sighted
from einvoice.errors import DocumentError, InputNotReadable

if TYPE_CHECKING:
    from einvoice.ledger import Ledger

#: Documents that are kept in one transaction.
_BATCH = 500


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a part of the sources."""

    documents: int
    new: int  #: that the ledger did not know
    faults: tuple[str, ...]  #: a line for each that is no invoice or cannot be opened


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    sighted: Sighted | None = None
    fault: str | None = None


def import_all(sources: Iterable[Source], ledger: Ledger, *, workers: int) -> Iterator[Imported]:
    """Keep all sources in a ledger; what is known already stays as it is.

    Each result tells of some hundred documents, which are kept by then, whole.

    Args:
        sources: what to keep.
        ledger: where.
        workers: number of processes that read; this one writes.

    Raises:
        LedgerError: the ledger cannot be written.
    """
    read = pool.run(_read, sources, on_crash=_crashed, workers=workers)
    while batch := list(itertools.islice(read, _BATCH)):
        found = [each.sighted for each in batch if each.sighted]
        yield Imported(
            documents=len(batch),
            new=ledger.record_all(found),
            faults=tuple(each.fault for each in batch if each.fault),
        )


def _read(source: Source) -> _Read:
    if source.error is not None:
        return _Read(fault=source.error)
    from einvoice.formats import read

    try:
        document = read(openable(source))
    except (DocumentError, InputNotReadable) as error:
        return _Read(fault=f"{source.path}: {str(error).removeprefix(f'{source.path}: ')}")
    name = document.opened.path
    # Of canonical JSON there is no XML.
    digest = hashlib.sha256(document.opened.xml or document.opened.data).hexdigest()
    return _Read(
        sighted=Sighted(print=fingerprint(document.invoice), digest=digest, name=shown(name))
    )


def _crashed(source: Source, reason: str) -> _Read:
    return _Read(fault=f"{source.path}: {shown(reason)}")
