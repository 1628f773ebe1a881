"""How far a batch is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator

import click

from einvoice.batch.manifest import Again, Entry

#: Seconds between two lines of a log.
_EVERY = 10.0


class Tally:
    """Counts by outcome, the rate, and how long it may still take."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.outcomes: Counter[str] = Counter()
        self.unchanged = 0
        self.start = time.monotonic()

    @property
    def done(self) -> int:
        """Documents that are on record."""
        return self.outcomes.total()

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.start

    def __str__(self) -> str:
        rate = self.done / max(self.seconds, 1e-9)
        left = (self.total - self.done) / max(rate, 1e-9)
        counts = ", ".join(f"{n:,} {outcome}" for outcome, n in self.outcomes.most_common())
        return f"{rate:,.0f}/s, {_span(left)} left: {counts}"


def _span(seconds: float) -> str:
    """A time as people say it: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def followed(records: Iterable[Entry], tally: Tally, *, quiet: bool) -> Iterator[Entry]:
    """The records, while somebody is told how far they are."""
    if quiet:
        yield from _counted(records, tally)
    elif sys.stderr.isatty():
        yield from _with_bar(records, tally)
    else:
        yield from _with_lines(records, tally)


def _counted(records: Iterable[Entry], tally: Tally) -> Iterator[Entry]:
    for record in records:
        tally.outcomes[record.outcome] += 1
        tally.unchanged += isinstance(record, Again)
        yield record


def _with_lines(records: Iterable[Entry], tally: Tally) -> Iterator[Entry]:
    told = time.monotonic()
    for record in _counted(records, tally):
        yield record
        if time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            click.echo(f"{tally.done:,} of {tally.total:,}, {tally}", err=True)


def _with_bar(records: Iterable[Entry], tally: Tally) -> Iterator[Entry]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(bar_width=None), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=tally.total)
        for record in _counted(records, tally):
            bar.update(task, advance=1, description=str(tally))
            yield record
