"""What lies in a drop folder, and which of it is complete."""

from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Callable, Iterable, Iterator

import msgspec

from einvoice.batch.files import reason_of
from einvoice.batch.sources import shown

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None  # type: ignore[assignment]

#: Endings of names that programs give to files on which they are still at work.
TEMPORARY_SUFFIXES = (
    *("~", ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download"),
    *(".swp", ".swx", ".writing", ".inprogress", ".upload", ".uploading", ".opdownload", ".lock"),
)
#: What systems leave in folders.
_NOT_DROPPED = frozenset({"thumbs.db", "desktop.ini"})

#: A file that somebody keeps open so long is worth a word, in seconds.
_LONG_OPEN = 60.0

Complain = Callable[[str], None]


class Mark(msgspec.Struct, frozen=True):
    """By what a file is known to be the same as before."""

    inode: int
    size: int
    changed: int  #: in nanoseconds


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was dropped."""

    file: str
    relative: str  #: below the drop folder
    mark: Mark


def is_temporary(name: str) -> bool:
    """Whether a file of this name is not meant to be taken, or not yet."""
    plain = name.lower()
    hidden = plain.startswith((".", "~"))
    return hidden or plain.endswith(TEMPORARY_SUFFIXES) or plain in _NOT_DROPPED


def mark_of(file: str) -> Mark | None:
    """The mark of a regular file; None if there is none."""
    try:
        status = os.lstat(file)
    except OSError:
        return None
    return _mark(status) if stat.S_ISREG(status.st_mode) else None


def _mark(status: os.stat_result) -> Mark:
    return Mark(status.st_ino, status.st_size, status.st_mtime_ns)


class Arrivals:
    """What lies in a drop folder, and since when it is as it is."""

    def __init__(
        self, folder: str, *, own: Iterable[str], settle: float, complain: Complain
    ) -> None:
        """Look at a folder.

        Args:
            folder: the drop folder.
            own: folders of results, which are passed over.
            settle: how long a file must not have changed, in seconds.
            complain: is told of what is left alone, once.
        """
        self.folder = folder
        self.own = {_identity(each) for each in own}
        self.settle = settle
        self.complain = complain
        self.folders: frozenset[str] = frozenset()  #: that were seen last
        self.missing = 0  #: files that were seen last and are not complete
        self._since: dict[str, tuple[Mark, float]] = {}
        self._held: dict[str, tuple[Mark, float]] = {}
        self._told: set[str] = set()

    def complete(self, now: float) -> list[Arrival]:
        """The files that have not changed since they were first looked at, oldest first.

        Args:
            now: seconds of a clock that never goes back.
        """
        found = list(self._files())
        self._since = {each.file: (each.mark, self._first_seen(each, now)) for each in found}
        self._held = {file: held for file, held in self._held.items() if file in self._since}
        waiting = [each for each in found if not self._is_held(each, now)]
        complete = [each for each in waiting if self._is_complete(each, now)]
        self.missing = len(waiting) - len(complete)
        return sorted(complete, key=lambda each: (each.mark.changed, each.relative))

    def hold(self, arrival: Arrival, until: float) -> None:
        """Leave a file alone for some time, unless it changes."""
        self._held[arrival.file] = (arrival.mark, until)

    def forget(self, arrival: Arrival) -> None:
        """It is not there any more."""
        self._held.pop(arrival.file, None)

    @property
    def held(self) -> int:
        """How many files are left alone for some time."""
        return len(self._held)

    def _first_seen(self, arrival: Arrival, now: float) -> float:
        mark, since = self._since.get(arrival.file, (None, now))
        return since if mark == arrival.mark else now

    def _is_held(self, arrival: Arrival, now: float) -> bool:
        mark, until = self._held.get(arrival.file, (None, now))
        return mark == arrival.mark and now < until

    def _is_complete(self, arrival: Arrival, now: float) -> bool:
        quiet = now - self._since[arrival.file][1]
        if quiet < self.settle:
            return False
        if not is_written(arrival.file):
            return True
        if quiet > self.settle + _LONG_OPEN:
            self._tell(arrival.relative, "another program has it open to write")
        return False

    def _files(self) -> Iterator[Arrival]:
        """All regular files below the folder, those of hidden and of own folders left out."""
        waiting = [self.folder]
        folders = []
        while waiting:
            folder = waiting.pop()
            folders.append(folder)
            for entry in self._entries(folder):
                relative = os.path.relpath(entry.path, self.folder)
                if is_temporary(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if _identity(entry.path) not in self.own:
                        waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield from self._file(entry, relative)
                else:
                    self._tell(relative, "it is a link or a device, and left alone")
        self.folders = frozenset(folders)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                return list(found)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and folder != self.folder:
                return []  # it went away while we looked
            self._tell(os.path.relpath(folder, self.folder), reason_of(error))
            return []

    def _file(self, entry: os.DirEntry[str], relative: str) -> Iterator[Arrival]:
        mark = mark_of(entry.path)
        if mark is not None:
            yield Arrival(file=entry.path, relative=relative, mark=mark)

    def _tell(self, relative: str, what: str) -> None:
        text = f"{on_one_line(relative)}: {what}"
        if text not in self._told:
            self._told.add(text)
            self.complain(text)


def on_one_line(name: str) -> str:
    """A name that may be hostile, as one line of valid Unicode."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in shown(name))


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def is_written(file: str) -> bool:
    """Whether a program of this machine has a file open to write; false where that is not told.

    Linux grants a lease for reading only on a file that nobody writes.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Who begins to write while we hold the lease is told to us by a signal: by default one
        # that ends the process, so let it be one that does nothing.
        fcntl.fcntl(opened, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(opened, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(opened)
    return False
