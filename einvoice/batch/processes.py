"""Several processes on many items; one that dies or takes too long costs its own item, no other.

Each process holds one item at a time, so it is known which one it died of. That item is done once
more, alone in a process of its own: it may have been killed for what another one needed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from typing import Any, Generic

from einvoice.batch.guarded import OnCrash, R, Raised, T, guarded, result_of

#: Items per process that are under way or wait for an earlier one, so that memory stays flat.
WINDOW = 16

#: Said of an item whose process died twice: once among others, once alone.
DIED = "the process that worked on it died"

_CAN_HOLD = hasattr(signal, "pthread_sigmask")
#: How long a process that has nothing to do any more may take to end, in seconds.
_PATIENCE = 2


def _serve(connection: Connection[Any, Any], task: Callable[[T], R], to_the_end: bool) -> None:
    """Work on items until there are no more; dies without a word on Ctrl-C and with the parent.

    Unless it is to work to the end: then only the parent decides when that is.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN if to_the_end else signal.SIG_DFL)
    if to_the_end:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if _CAN_HOLD:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_follow_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.send(guarded(task, connection.recv()))


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C back; a process started meanwhile does so until it is ready to die of it."""
    if not _CAN_HOLD:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker(Generic[T, R]):
    """A process, and the item that it works on."""

    def __init__(
        self, task: Callable[[T], R], limit: float | None, *, to_the_end: bool = False
    ) -> None:
        self.limit = limit
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, task, to_the_end), daemon=True)
        with _interrupts_held():
            self.process.start()
        theirs.close()
        self.held: tuple[int, T] | None = None
        self.since = 0.0

    def give(self, number: int, item: T) -> None:
        """Let it work on an item; if it is dead, that shows when the result is taken."""
        self.held = (number, item)
        self.since = time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(item)

    def take(self) -> R | Raised | None:
        """The outcome, once there is one or the time is over; None if the process died."""
        if not self.connection.poll():
            assert self.limit is not None
            self.kill()
            return Raised(f"it took longer than {self.limit:g} s")
        try:
            outcome: R | Raised = self.connection.recv()
        except (EOFError, OSError):
            self.kill()
            return None
        return outcome

    @property
    def seconds_left(self) -> float | None:
        """Until the limit of its item; None without one."""
        if self.limit is None:
            return None
        return max(0.0, self.since + self.limit - time.monotonic())

    @property
    def is_dead(self) -> bool:
        """Whether it has to be replaced."""
        return self.connection.closed

    def kill(self) -> None:
        """End it, whatever it does."""
        self.connection.close()
        self.process.kill()
        self.process.join()

    def close(self) -> None:
        """Let it end; it has nothing to do."""
        if not self.is_dead:
            self.connection.close()
            self.process.join(0 if self.held else _PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Processes(Generic[T, R]):
    """Processes at work on items."""

    def __init__(
        self,
        task: Callable[[T], R],
        on_crash: OnCrash[T, R],
        workers: int,
        *,
        limit: float | None = None,
        ordered: bool = True,
        to_the_end: bool = False,
    ) -> None:
        """Get ready; processes start with the first item.

        Args:
            task: the work; picklable.
            on_crash: makes the result of an item that could not be done.
            workers: how many processes.
            limit: how long one item may take, in seconds.
            ordered: results come in the order of the items, else as they are done.
            to_the_end: a signal to the whole group does not end work on an item.
        """
        self.task = task
        self.on_crash = on_crash
        self.limit = limit
        self.ordered = ordered
        self.to_the_end = to_the_end
        self.most = workers
        self.workers: list[_Worker[T, R]] = []
        self.taken = 0  # items so far
        self.given = 0  # results so far

    def run(self, items: Iterable[T]) -> Iterator[R]:
        """The results; then the processes end."""
        try:
            yield from self.each(items)
        finally:
            self.close()

    def each(self, items: Iterable[T]) -> Iterator[R]:
        """The results; the processes stay for more items, until `close`."""
        done: dict[int, R] = {}
        for number, result in self._done(iter(items)):
            done[number] = result
            for ready in self._ready(done):
                self.given += 1
                yield done.pop(ready)

    def close(self) -> None:
        """End all processes."""
        for worker in self.workers:
            worker.close()

    def _ready(self, done: dict[int, R]) -> Iterator[int]:
        """Numbers of results that may be handed out now."""
        if not self.ordered:
            yield from list(done)
            return
        while self.given in done:
            yield self.given

    def _done(self, items: Iterator[T]) -> Iterator[tuple[int, R]]:
        """Each item's number and result, as they are done."""
        self._hand_out(items)
        while busy := [worker for worker in self.workers if worker.held]:
            for worker in _due(busy):
                number, item, outcome = self._outcome(worker)
                yield number, result_of(item, outcome, self.on_crash)
            self._hand_out(items)

    def _outcome(self, worker: _Worker[T, R]) -> tuple[int, T, R | Raised]:
        assert worker.held is not None
        number, item = worker.held
        outcome = worker.take()
        worker.held = None
        if outcome is None:
            outcome = self._alone(item)
        return number, item, outcome

    def _alone(self, item: T) -> R | Raised:
        """The outcome of an item in a process of its own: if that dies, the item is the cause."""
        worker = _Worker[T, R](self.task, self.limit, to_the_end=self.to_the_end)
        worker.give(0, item)
        wait([worker.connection], worker.seconds_left)
        outcome = worker.take()
        worker.held = None
        worker.close()
        return Raised(DIED) if outcome is None else outcome

    def _hand_out(self, items: Iterator[T]) -> None:
        """Give items to processes that have none, as long as not too many results wait."""
        self.workers = [worker for worker in self.workers if not worker.is_dead]
        while self.taken - self.given < WINDOW * self.most:
            idle = next((worker for worker in self.workers if not worker.held), None)
            if idle is None and len(self.workers) == self.most:
                return
            try:
                item = next(items)
            except StopIteration:
                return
            if idle is None:
                idle = _Worker(self.task, self.limit, to_the_end=self.to_the_end)
                self.workers.append(idle)
            idle.give(self.taken, item)
            self.taken += 1


def _due(busy: list[_Worker[T, R]]) -> list[_Worker[T, R]]:
    """The processes that are done, dead or too late, once there is one."""
    left = [worker.seconds_left for worker in busy]
    known = [seconds for seconds in left if seconds is not None]
    ready = set(wait([worker.connection for worker in busy], min(known) if known else None))
    return [worker for worker in busy if worker.connection in ready or worker.seconds_left == 0.0]
