"""A progress bar on the terminal; none in a pipe, and none for a few documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from einvoice.reports.output import Output

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

R = TypeVar("R")

#: Up to so many documents need no bar.
FEW = 5


def bar_is_wanted(output: Output) -> bool:
    """Whether someone looks on, and the bar does not disturb what is written."""
    if output.quiet or not sys.stderr.isatty():
        return False
    return output.console is not None or not output.stream.isatty()


def tracked(results: Iterable[R], total: int | None, output: Output) -> Iterator[R]:
    """The results, with a bar that follows them if their number is known and not small."""
    if total is None or total <= FEW:
        yield from results
        return
    with _progress(output.console) as bar:
        task = bar.add_task("", total=total)
        for result in results:
            bar.advance(task)
            yield result


def _progress(console: Console | None) -> Progress:
    """A bar on the terminal that the report uses too, so that neither overwrites the other."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    return Progress(
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console or Console(stderr=True),
        transient=True,
    )
