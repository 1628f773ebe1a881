"""A batch on a cluster of Dask: its workers read the documents, and records come back in chunks.

Only paths and URLs are sent, so the workers must reach the documents and write the outputs under
the same names. A chunk whose worker dies is done by another one; Dask gives up when that has
happened too often, and then the chunk is taken apart until the document is found that kills.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import math
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import msgspec

from einvoice.batch.guarded import Raised, guarded, result_of
from einvoice.batch.manifest import Entry
from einvoice.batch.processes import DIED
from einvoice.batch.run import asked_of
from einvoice.batch.work import Options, Work, do, failed
from einvoice.errors import ClusterError, EInvoiceError, ExtraMissing

#: The name of a cluster that is started here, for this run.
LOCAL = "local"
#: Documents that a worker is given at a time.
CHUNK = 50
#: From so few documents on, each of a chunk that kills is tried alone.
_FEW = 8
#: Chunks under way for each thread of the workers, so that none waits and no memory fills.
_AHEAD = 3
#: How long there may be no worker, or no answer of the scheduler, in seconds.
PATIENCE = 60.0


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """Documents for a worker."""

    works: tuple[Work, ...]
    options: Options
    folder: str  #: from which relative paths lead on
    limit: float | None  #: of a document, in seconds

    def __repr__(self) -> str:
        """Short: Dask puts it into logs, where content has no place."""
        return f"Chunk of {len(self.works)} documents"


# What a worker does

#: Documents are done in one thread of a process: the folder is that of the whole process.
_TURN = threading.Lock()
_agreed: set[str] = set()


def do_chunk(chunk: Chunk) -> list[Entry | Raised]:
    """Do the documents of a chunk; one that raises costs itself only.

    Raises:
        ClusterError: this worker would come to other results than the one that asks.
    """
    with _TURN, _in_folder(chunk.folder):
        _agree(chunk)
        task = partial(do, options=chunk.options)
        return [_in_time(task, work, chunk.limit) for work in chunk.works]


@contextlib.contextmanager
def _in_folder(folder: str) -> Iterator[None]:
    if not os.path.isdir(folder):  # nothing that matters if all documents are behind URLs
        yield
        return
    with contextlib.chdir(folder):
        yield


def _agree(chunk: Chunk) -> None:
    asked = chunk.works[0].asked
    if asked in _agreed:
        return
    if asked_of(chunk.options) != asked:
        raise ClusterError(
            "a worker", "it has another version of einvoice, or of a file that the options name"
        )
    _agreed.add(asked)


def _in_time(task: partial[Entry], work: Work, limit: float | None) -> Entry | Raised:
    """The outcome of a document; the process ends if it takes too long: nothing else would help."""
    if limit is None:
        return guarded(task, work)
    watch = threading.Timer(limit, os._exit, (1,))
    watch.daemon = True
    watch.start()
    try:
        return guarded(task, work)
    finally:
        watch.cancel()


# What the one that asks does


def run(
    works: Iterable[Work], options: Options, *, address: str, workers: int, limit: float | None
) -> Iterator[Entry]:
    """The records of the documents, as they are done.

    Args:
        works: taken only as fast as they are worked on.
        options: how they are done.
        address: of a scheduler, or `local`.
        workers: the processes of a local cluster.
        limit: how long a document may take, in seconds.

    Raises:
        ExtraMissing: Dask is not installed.
        ClusterError: there is no such cluster, it is gone, or it has other versions than we.
        Misused: the options name something that does not exist.
    """
    with _client(address, workers) as client:
        yield from _Run(client, address, options, limit).records(works)


@contextlib.contextmanager
def _client(address: str, workers: int) -> Iterator[Any]:
    """A client of a scheduler; of one that is started for it if the address is `local`."""
    try:
        import dask
        import distributed
    except ImportError:
        raise ExtraMissing("--cluster", "cluster") from None
    tools: Any = distributed  # its types are not complete
    # What happens to workers is told by the records; its lines of log would hide the progress.
    for name in ("client", "nanny", "worker", "scheduler", "core", "comm", "shuffle"):
        logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        if address == LOCAL:
            # Once among others and once more, as in a pool of processes.
            stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": 1}))
            cluster = tools.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",  # any port: another cluster may run here
                silence_logs=logging.CRITICAL,
            )
            address = stack.enter_context(cluster).scheduler_address
        try:
            tools.comm.get_address_host_port(address)  # a client that fails at it is not quiet
            client = tools.Client(address, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(address, " ".join(str(error).split())) from None
        yield stack.enter_context(client)


class _Run:
    """Chunks under way on a cluster."""

    def __init__(self, client: Any, address: str, options: Options, limit: float | None) -> None:
        self.client = client
        self.address = address
        self.limit = limit
        self.empty = Chunk(works=(), options=options, folder=os.getcwd(), limit=limit)
        self.pending: dict[str, tuple[Any, tuple[Work, ...]]] = {}
        self.parts: deque[tuple[Work, ...]] = deque()  # of chunks that killed
        self.suspects: deque[Work] = deque()  # to be tried alone, at the end
        self.is_alone = False
        self.alone_since = 0.0
        self.done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.threads = 0
        self.seen = 0.0  # when the threads were counted
        self.present = time.monotonic()  # when there were some

    def records(self, works: Iterable[Work]) -> Iterator[Entry]:
        """The records."""
        chunks = _chunks(works)
        try:
            while True:
                self._submit_some(chunks)
                if not self.pending:
                    return
                yield from self._records(*self.pending.pop(self._next_done()))
        finally:
            self.client.cancel([future for future, _ in self.pending.values()])

    def _submit_some(self, chunks: Iterator[tuple[Work, ...]]) -> None:
        """Keep the workers busy; what may kill comes last, with nothing else under way."""
        self._count_threads()
        while len(self.pending) < _AHEAD * max(self.threads, 1) and not self.is_alone:
            works = self.parts.popleft() if self.parts else next(chunks, None)
            if works is None:
                break
            self._submit(works)
        if not self.pending and self.suspects:
            self.is_alone = True
            self.alone_since = time.monotonic()
            self._submit((self.suspects.popleft(),))

    def _submit(self, works: tuple[Work, ...]) -> None:
        chunk = msgspec.structs.replace(self.empty, works=works)
        future = self.client.submit(do_chunk, chunk, pure=False)
        self.pending[future.key] = future, works
        future.add_done_callback(lambda done: self.done.put(done.key))

    def _next_done(self) -> str:
        while True:
            try:
                return self.done.get(timeout=1)
            except queue.Empty:
                self._count_threads()

    def _count_threads(self) -> None:
        """See, once a second, how many there are: workers come and go.

        Raises:
            ClusterError: there has been none for too long.
        """
        now = time.monotonic()
        if now - self.seen < 1:
            return
        self.seen = now
        self.threads = 0
        if self.client.status == "running":
            with contextlib.suppress(OSError):  # the connection breaks just now
                self.threads = sum(self.client.nthreads().values())
        if self.threads:
            self.present = now
        elif now - self.present > PATIENCE:
            reason = "it has no workers" if self.client.status == "running" else "it is gone"
            raise ClusterError(self.address, reason)

    def _records(self, future: Any, works: tuple[Work, ...]) -> Iterator[Entry]:
        """The records of a chunk; none if it has to be done in parts."""
        from distributed.scheduler import KilledWorker

        alone, self.is_alone = self.is_alone, False
        try:
            outcomes = future.result()
        except KilledWorker:
            yield from self._blamed(works, alone)
            return
        except EInvoiceError:
            raise
        except Exception as error:  # the worker, not a document: each of those is guarded
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ClusterError(self.address, f"a worker failed: {reason}") from None
        for work, outcome in zip(works, outcomes, strict=True):
            yield result_of(work, outcome, failed)

    def _blamed(self, works: tuple[Work, ...], alone: bool) -> Iterator[Entry]:
        """Take a chunk apart that kills; a document that kills when it is alone has a record."""
        if alone:
            yield failed(works[0], self._cause())
        elif len(works) <= _FEW:
            self.suspects.extend(works)
        else:
            self.parts.extend(_pieces(iter(works), math.isqrt(len(works))))

    def _cause(self) -> str:
        """Why the process of a document died that was alone: it ends itself when it is late."""
        if self.limit is None or time.monotonic() - self.alone_since < self.limit:
            return DIED
        return f"it took longer than {self.limit:g} s, or {DIED}"


def _chunks(works: Iterable[Work]) -> Iterator[tuple[Work, ...]]:
    return _pieces(iter(works), CHUNK)


def _pieces(works: Iterator[Work], size: int) -> Iterator[tuple[Work, ...]]:
    while piece := tuple(itertools.islice(works, size)):
        yield piece
