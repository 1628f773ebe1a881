"""Several processes on many items; one that dies costs its own item and no other."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Generic

from einvoice.batch.guarded import OnCrash, R, Raised, T, guarded, result_of

#: Items per process that are under way or wait to be handed on, so that memory stays flat.
WINDOW = 16

#: Said of an item whose process died twice: once among others, once alone.
DIED = "the process that worked on it died"

_CAN_HOLD = hasattr(signal, "pthread_sigmask")


def _start_worker() -> None:
    """Die without a word on Ctrl-C, and with the parent however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _CAN_HOLD:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_follow_parent, daemon=True).start()


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


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Processes(Generic[T, R]):
    """Processes, and the window of items that they work on."""

    def __init__(self, task: Callable[[T], R], on_crash: OnCrash[T, R], workers: int) -> None:
        self.task = task
        self.on_crash = on_crash
        self.workers = workers
        self.window: deque[tuple[T, Future[R | Raised]]] = deque()
        self.executor = _executor(workers)

    def run(self, items: Iterable[T]) -> Iterator[R]:
        """The results, in the order of the items."""
        try:
            for item in items:
                self._submit(item)
                while self._first_is_due():
                    yield self._take_first()
            while self.window:
                yield self._take_first()
        finally:
            self.executor.shutdown(wait=True, cancel_futures=True)

    def _first_is_due(self) -> bool:
        if not self.window:
            return False
        return self.window[0][1].done() or len(self.window) >= WINDOW * self.workers

    def _submit(self, item: T) -> None:
        try:
            future = _submit(self.executor, self.task, item)
        except BrokenProcessPool as error:
            future = Future()
            future.set_exception(error)
        self.window.append((item, future))

    def _take_first(self) -> R:
        if isinstance(self.window[0][1].exception(), BrokenProcessPool):
            self._recover()
        item, future = self.window.popleft()
        return result_of(item, future.result(), self.on_crash)

    def _recover(self) -> None:
        """Start anew after a process died: the items it may have held alone, the others as before.

        A process holds one item, and one more per process and one waits in the queue to them.
        """
        self.executor.shutdown(wait=True)
        self.executor = _executor(self.workers)
        suspects = 2 * self.workers + 1
        window, self.window = self.window, deque()
        alone = _Alone(self.task)
        for item, future in window:
            if not isinstance(future.exception(), BrokenProcessPool):
                self.window.append((item, future))
            elif suspects:
                suspects -= 1
                self.window.append((item, alone.run(item)))
            else:
                self._submit(item)
        alone.close()


class _Alone(Generic[T, R]):
    """A process of its own for one item at a time: if it dies, that item is the cause."""

    def __init__(self, task: Callable[[T], R]) -> None:
        self.task = task
        self.executor = _executor(1)

    def run(self, item: T) -> Future[R | Raised]:
        """The finished future of one item."""
        future = _submit(self.executor, self.task, item)
        if not isinstance(future.exception(), BrokenProcessPool):
            return future
        self.close()
        self.executor = _executor(1)
        died: Future[R | Raised] = Future()
        died.set_result(Raised(DIED))
        return died

    def close(self) -> None:
        self.executor.shutdown(wait=True)


def _submit(executor: ProcessPoolExecutor, task: Callable[[T], R], item: T) -> Future[R | Raised]:
    with _interrupts_held():
        return executor.submit(guarded, task, item)


def _executor(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start_worker)
