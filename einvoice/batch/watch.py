"""A drop folder: each file that is complete is judged or converted, and goes where it belongs."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from einvoice.batch.arrivals import Arrival, Arrivals, mark_of, on_one_line
from einvoice.batch.dropped import Dropped, Judged, failed, judge, suffixes_of
from einvoice.batch.files import reason_of
from einvoice.batch.filing import DONE, FAILED, REPORT, Changed, Filing, alone_in
from einvoice.batch.processes import Processes
from einvoice.batch.wakeup import Stop, Wakeup
from einvoice.batch.work import Options

#: The folder is looked through this often though no change was told: not every system tells.
_EVERY = 10.0
#: How long a file waits whose results could not be written, in seconds.
_LATER = 30.0

Complain = Callable[[str], None]


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """A drop folder, and what is done with its files."""

    folder: str
    output: Path
    options: Options
    settle: float = 2.0  #: how long a file must not have changed, in seconds
    workers: int = 1
    time_limit: float | None = None  #: of a file, in seconds


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was moved."""

    relative: str  #: below the drop folder, as one line of text
    place: str  #: below the folder of the outputs, as one line of text
    verdict: str
    well: bool


class Watch:
    """One watcher at work; a context manager."""

    def __init__(self, drop: Drop, stop: Stop, complain: Complain) -> None:
        """Get ready.

        Args:
            drop: what to watch.
            stop: once it is set, nothing new is begun.
            complain: is told what cannot be done, in one line.
        """
        self.drop = drop
        self.stop = stop
        self.complain = complain
        self.filing = Filing(drop.output, suffixes_of(drop.options))
        self.wakeup = Wakeup(stop)
        self.processes: Processes[Dropped, Judged] = Processes(
            partial(judge, options=drop.options),
            partial(failed, options=drop.options),
            drop.workers,
            limit=drop.time_limit,
            ordered=False,
            to_the_end=True,
        )
        self._told: set[str] = set()
        self._under_way: dict[str, tuple[Arrival, str]] = {}
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Watch:
        """Take the folders, and finish what an earlier watcher had begun.

        Raises:
            FolderInUse: another one is at work.
            OSError: a folder cannot be used.
        """
        with contextlib.ExitStack() as opened:
            self.drop.output.mkdir(parents=True, exist_ok=True)
            opened.enter_context(alone_in(Path(self.drop.folder), self.drop.output))
            self.filing.prepare()
            opened.callback(self.wakeup.close)
            opened.callback(self.processes.close)
            self._open = opened.pop_all()
        self.arrivals = Arrivals(
            self.drop.folder,
            own=self._own(),
            settle=self.drop.settle,
            complain=self.complain,
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def _own(self) -> list[str]:
        """What is no part of the drop folder, though it may lie there."""
        is_same = os.path.samefile(self.drop.folder, self.drop.output)
        return [*map(str, self.filing.own), *([] if is_same else [str(self.drop.output)])]

    def run(self) -> Iterator[Filed]:
        """The files as they are moved, until somebody stops it."""
        while not self.stop.is_set():
            yield from self.pass_through()
            self.wakeup.wait(self.arrivals.folders, self._pause())

    def once(self) -> Iterator[Filed]:
        """The files that are there, as they are moved; what is not complete yet is left."""
        self.arrivals.complete(time.monotonic())
        self.stop.wait(self.drop.settle)
        yield from self.pass_through()
        if self.arrivals.missing and not self.stop.is_set():
            self.complain(f"{self.arrivals.missing} files are not complete yet, and left")

    def _pause(self) -> float:
        if self.arrivals.missing:
            return min(max(self.drop.settle / 4, 0.1), _EVERY)
        return _EVERY

    @property
    def left(self) -> int:
        """Files that are still there and should not be, as far as was seen."""
        return self.arrivals.held

    def pass_through(self) -> Iterator[Filed]:
        """What is complete now, as it is moved."""
        complete = self.arrivals.complete(time.monotonic())
        for judged in self.processes.each(self._given(complete)):
            arrival, place = self._under_way.pop(judged.file)
            filed = self._filed(arrival, place, judged)
            self.filing.give_back(place)
            if filed is not None:
                yield filed

    def _given(self, arrivals: list[Arrival]) -> Iterator[Dropped]:
        for arrival in arrivals:
            if self.stop.is_set():
                return
            if mark_of(arrival.file) != arrival.mark:
                continue  # gone, or changed again: it is looked at the next time
            place = self.filing.place_for(arrival.relative)
            self._under_way[arrival.file] = (arrival, place)
            yield Dropped(
                file=arrival.file,
                place=place,
                home=os.path.abspath(self.drop.output),
                done=str(self.drop.output / DONE / place),
            )

    def _filed(self, arrival: Arrival, place: str, judged: Judged) -> Filed | None:
        """Move a file; None if that is not done now."""
        kind = DONE if judged.well else FAILED
        target = self.drop.output / kind / place
        try:
            if judged.obstacle is not None:
                raise _Obstacle(judged.obstacle)
            files = [(f"{target}{REPORT}", judged.report), *judged.outputs]
            self.filing.file(arrival, target, files)
        except Changed:
            self._tell(arrival, "it went away or changed meanwhile")
            return None
        except (OSError, _Obstacle) as error:
            reason = reason_of(error) if isinstance(error, OSError) else str(error)
            self._tell(arrival, f"it stays where it is: {reason}")
            self.arrivals.hold(arrival, time.monotonic() + _LATER)
            return None
        self.arrivals.forget(arrival)
        return Filed(
            relative=on_one_line(arrival.relative),
            place=on_one_line(os.path.join(kind, place)),
            verdict=judged.verdict,
            well=judged.well,
        )

    def _tell(self, arrival: Arrival, what: str) -> None:
        """Say something, but not again and again."""
        text = f"{on_one_line(arrival.relative)}: {what}"
        if text not in self._told:
            self._told.add(text)
            self.complain(text)


class _Obstacle(Exception):
    """Why nothing can be said of a file now."""
