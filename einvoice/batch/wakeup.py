"""Waiting until something happens in a drop folder."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from typing import Any, cast

#: How often a wait looks up, in milliseconds: whether it is over, or is to end.
_TICK = 250
#: Changes that come together are one.
_TOGETHER = 100


class Stop:
    """Whether to stop; unlike an event of `threading`, it may be set by a signal at any moment."""

    def __init__(self) -> None:
        self._set = False

    def set(self) -> None:
        """Stop."""
        self._set = True

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._set

    def wait(self, seconds: float) -> None:
        """Wait until then, or for some time."""
        until = time.monotonic() + seconds
        while not self._set and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _TICK / 1000))


class Wakeup:
    """Waits for changes in some folders; where the system tells of none, just waits."""

    def __init__(self, stop: Stop) -> None:
        """Get ready.

        Args:
            stop: ends every wait.
        """
        self.stop = stop
        self._folders: frozenset[str] = frozenset()
        self._changes: Generator[object, None, None] | None = None

    def wait(self, folders: frozenset[str], seconds: float) -> None:
        """Wait for a change in folders, not below them, and at most for some time."""
        if folders != self._folders or self._changes is None:
            self.close()
            self._folders = folders
            self._changes = _changes(folders, self.stop)
            seconds = min(seconds, 1.0)  # what came before the system was listening is not told
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.stop.is_set():
            try:
                if next(self._changes):
                    return
            except (StopIteration, OSError, RuntimeError, UnicodeError):
                # A folder went away, there are too many, or a name is no Unicode.
                self.close()
                self.stop.wait(min(1.0, seconds))
                return

    def close(self) -> None:
        """Listen no more."""
        if self._changes is not None:
            with contextlib.suppress(RuntimeError):
                self._changes.close()
            self._changes = None


def _changes(folders: frozenset[str], stop: Stop) -> Generator[Any, None, None]:
    from watchfiles import watch

    return watch(
        *folders,
        watch_filter=None,
        debounce=_TOGETHER,
        step=50,
        stop_event=cast(Any, stop),
        rust_timeout=_TICK,
        yield_on_timeout=True,
        raise_interrupt=False,
        recursive=False,
        ignore_permission_denied=True,
    )
