"""A task on many items in several processes: results in the order of the items, memory flat.

A task that raises, or whose process dies, costs its own item and no other.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator

from einvoice.batch.guarded import OnCrash, R, T, guarded, result_of


def default_workers() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    task: Callable[[T], R],
    items: Iterable[T],
    *,
    on_crash: OnCrash[T, R],
    workers: int,
    limit: float | None = None,
    ordered: bool = True,
) -> Iterator[R]:
    """The results of a task.

    One worker, or a single item, needs no other process, unless there is a limit to enforce.

    An exception of a task becomes a result; only a `UsageError` stops the run, as `Misused`.

    Args:
        task: a function at the top of a module, or a partial of one: it must be picklable.
        items: taken only as fast as they are worked on.
        on_crash: makes the result of an item whose task raised or whose process died.
        workers: how many processes.
        limit: how long one item may take, in seconds.
        ordered: results come in the order of the items, else as they are done.
    """
    iterator = iter(items)
    first = list(itertools.islice(iterator, 2))
    if limit is None and (workers <= 1 or len(first) < 2):
        return _run_here(task, itertools.chain(first, iterator), on_crash)
    from einvoice.batch.processes import Processes  # costs 20 ms

    processes = Processes(task, on_crash, workers, limit=limit, ordered=ordered)
    return processes.run(itertools.chain(first, iterator))


def _run_here(task: Callable[[T], R], items: Iterable[T], on_crash: OnCrash[T, R]) -> Iterator[R]:
    for item in items:
        yield result_of(item, guarded(task, item), on_crash)
