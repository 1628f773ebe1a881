"""Several processes on many items; one that dies or takes too long costs its own item, no other.

Each process works on one item, so it is known which one it died of; one more waits at its door, so
that it is never idle. An item that a process died of is done once more, alone in a process of its
own: it may have been killed for what another one needed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any, Generic

from einvoice.batch.guarded import OnCrash, R, Raised, T, guarded, result_of

#: Items per process that are under way or wait for an earlier one, so that memory stays flat.
WINDOW = 16

#: Said of an item whose process died twice: once among others, once alone.
DIED = "the process that worked on it died"

#: Items that one process holds: the one it works on, and one at its door.
_HELD = 2
#: Bytes of an item that may wait at the door: a pipe that is full would hold up both ends.
_SMALL = 32_000
#: How long a process that has nothing to do any more may take to end, in seconds.
_PATIENCE = 2

_CAN_HOLD = hasattr(signal, "pthread_sigmask")


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


class _Item(Generic[T]):
    """An item with its number, packed for the way to a process."""

    def __init__(self, number: int, content: T) -> None:
        self.number = number
        self.content = content
        self.packed = bytes(ForkingPickler.dumps(content))


class _Worker(Generic[T, R]):
    """A process, the item that it works on, and perhaps one at its door."""

    def __init__(
        self, task: Callable[[T], R], limit: float | None, *, to_the_end: bool = False
    ) -> None:
        self.limit = limit
        self.most = 1 if to_the_end else _HELD
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, task, to_the_end), daemon=True)
        with _interrupts_held():
            self.process.start()
        theirs.close()
        self.held: deque[_Item[T]] = deque()
        self.since = 0.0

    def may_hold(self, item: _Item[T]) -> bool:
        """Whether it can be given an item now."""
        return not self.held or (self.has_room and len(item.packed) < _SMALL)

    @property
    def has_room(self) -> bool:
        """Whether it can be given an item now that is small."""
        return len(self.held) < self.most

    def give(self, item: _Item[T]) -> None:
        """Let it work on an item; if it is dead, that shows when the outcome is taken."""
        if not self.held:
            self.since = time.monotonic()
        self.held.append(item)
        with contextlib.suppress(OSError):
            self.connection.send_bytes(item.packed)

    def take(self) -> R | Raised | None:
        """The outcome of its item, once it is there or the time is over; None if it died."""
        if not self.connection.poll():
            assert self.limit is not None
            self.kill()
            return Raised(f"it took longer than {self.limit:g} s")
        try:
            outcome: R | Raised = self.connection.recv()
        except (EOFError, OSError):
            self.kill()
            return None
        self.since = time.monotonic()
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
        """Let it end, at once if it has something to do."""
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
        """Get ready; processes start with the first items.

        Args:
            task: the work; picklable.
            on_crash: makes the result of an item that could not be done.
            workers: how many processes.
            limit: how long one item may take, in seconds.
            ordered: results come in the order of the items, else as they are done.
            to_the_end: a signal to the whole group does not end work on an item, and none waits
                at a door, so that they end soon.
        """
        self.task = task
        self.on_crash = on_crash
        self.limit = limit
        self.ordered = ordered
        self.to_the_end = to_the_end
        self.most = workers
        self.workers: list[_Worker[T, R]] = []
        self.next: deque[_Item[T]] = deque()  # to be given before any other
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
                item, outcome = self._outcome(worker)
                yield item.number, result_of(item.content, outcome, self.on_crash)
            self._hand_out(items)

    def _outcome(self, worker: _Worker[T, R]) -> tuple[_Item[T], R | Raised]:
        outcome = worker.take()
        item = worker.held.popleft()
        if worker.is_dead:
            self.next.extend(worker.held)  # what only waited at its door
            self.workers.remove(worker)
        return item, self._alone(item) if outcome is None else outcome

    def _alone(self, item: _Item[T]) -> R | Raised:
        """The outcome of an item in a process of its own: if that dies, the item is the cause."""
        worker = self._new()
        worker.give(item)
        wait([worker.connection], worker.seconds_left)
        outcome = worker.take()
        worker.held.clear()
        worker.close()
        return Raised(DIED) if outcome is None else outcome

    def _hand_out(self, items: Iterator[T]) -> None:
        """Give items to processes, as long as not too many results wait."""
        while self.taken - self.given < WINDOW * self.most:
            if not self.next:
                if not self._have_room():
                    return
                try:
                    self.next.append(_Item(self.taken, next(items)))
                except StopIteration:
                    return
                self.taken += 1
            worker = self._free(self.next[0])
            if worker is None:
                return
            worker.give(self.next.popleft())

    def _have_room(self) -> bool:
        return len(self.workers) < self.most or any(worker.has_room for worker in self.workers)

    def _free(self, item: _Item[T]) -> _Worker[T, R] | None:
        """Who can take an item: who has nothing to do, a new process, or who has room."""
        able = [worker for worker in self.workers if worker.may_hold(item)]
        idle = next((worker for worker in able if not worker.held), None)
        if idle is None and len(self.workers) < self.most:
            idle = self._new()
            self.workers.append(idle)
        return idle or next(iter(able), None)

    def _new(self) -> _Worker[T, R]:
        return _Worker(self.task, self.limit, to_the_end=self.to_the_end)


def _due(busy: list[_Worker[T, R]]) -> list[_Worker[T, R]]:
    """The processes that are done, dead or too late, once there is one."""
    left = [worker.seconds_left for worker in busy]
    known = [seconds for seconds in left if seconds is not None]
    ready = set(wait([worker.connection for worker in busy], min(known) if known else None))
    return [worker for worker in busy if worker.connection in ready or worker.seconds_left == 0.0]
