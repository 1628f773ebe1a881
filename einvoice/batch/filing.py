"""Where dropped files go: to `done` or `failed`, each once, with its report beside it.

What is about to be written is noted first. A process that is killed at any moment leaves a note
from which the next one either takes back what was written, while the file is still where it was
dropped, or forgets the note, if the file has been moved.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from einvoice.batch.arrivals import Arrival, Mark, mark_of
from einvoice.batch.files import whole_file, write_file
from einvoice.errors import FolderInUse

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None  # type: ignore[assignment]

DONE, FAILED = "done", "failed"
REPORT = ".report.json"

_OWN = ".watch"
#: The folders below that of the outputs.
RESULTS = (DONE, FAILED, _OWN)
_NOTE = "note.json"
#: In a folder that cannot be locked itself.
_LOCK = ".watch.lock"
#: How long a name may be on every usual file system, in bytes.
_LONGEST = 255
#: Trees that are deeper, or have longer paths, are not kept: the results might not fit.
_DEEPEST = 64
_LONGEST_PATH = 2000


class Changed(Exception):
    """A file went away or changed while it was worked on."""


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    """What is about to be written, and then moved; paths as the system has them."""

    source: bytes
    mark: Mark
    target: bytes
    files: tuple[bytes, ...]


class Filing:
    """The folders of results."""

    def __init__(self, folder: Path, suffixes: Sequence[str] = (REPORT,)) -> None:
        """Use a folder.

        Args:
            folder: of `done` and `failed`.
            suffixes: what follows the name of a file in those of its results.
        """
        self.folder = folder
        self.suffixes = ("", *suffixes)
        self.note = folder / _OWN / _NOTE
        self._taken: set[str] = set()

    @property
    def own(self) -> tuple[Path, ...]:
        """The folders that hold results."""
        return tuple(self.folder / name for name in RESULTS)

    def prepare(self) -> None:
        """Make the folders, and finish or take back what a killed process had begun.

        Raises:
            OSError: they cannot be written.
        """
        for own in self.own:
            own.mkdir(parents=True, exist_ok=True)
        _remove_unfinished(self.note.parent)
        self._settle()

    def place_for(self, relative: str) -> str:
        """A place below `done` or `failed` that nothing has, and no other is given meanwhile.

        It is that of the file below the drop folder, unless that is very deep. A name that is
        there already gets a number, and one that is too long to add anything is cut.
        """
        *folders, name = Path(relative).parts
        if len(folders) > _DEEPEST or len(os.fsencode(relative)) > _LONGEST_PATH:
            folders = []
        place = Path()
        for each in folders:
            place = next(filter(self._may_be_folder, (place / one for one in _numbered(each))))
        room = _LONGEST - max(len(os.fsencode(suffix)) for suffix in self.suffixes)
        found = next(filter(self._is_free, (str(place / one) for one in _numbered(name, room))))
        self._taken.update(found + suffix for suffix in self.suffixes)
        return found

    def give_back(self, place: str) -> None:
        """Nothing will be written at a place that was given."""
        self._taken.difference_update(place + suffix for suffix in self.suffixes)

    def _may_be_folder(self, place: Path) -> bool:
        there = [self.folder / kind / place for kind in (DONE, FAILED)]
        return all(path.is_dir() or not os.path.lexists(path) for path in there)

    def _is_free(self, place: str) -> bool:
        names = [place + suffix for suffix in self.suffixes]
        return self._taken.isdisjoint(names) and not any(
            os.path.lexists(self.folder / kind / name) for kind in (DONE, FAILED) for name in names
        )

    def file(self, arrival: Arrival, target: Path, files: Iterable[tuple[str, bytes]]) -> None:
        """Write the results of a file, then move it beside them: all of it, or nothing.

        Args:
            arrival: the file.
            target: where it goes.
            files: paths of its results, and what they hold.

        Raises:
            Changed: it is not there any more, or not as it was.
            OSError: something could not be written or moved.
        """
        files = list(files)
        note = _Note(
            source=os.fsencode(os.path.abspath(arrival.file)),
            mark=arrival.mark,
            target=os.fsencode(os.path.abspath(target)),
            files=tuple(os.fsencode(os.path.abspath(path)) for path, _ in files),
        )
        self._settle()
        write_file(self.note, msgspec.json.encode(note))
        try:
            for path, data in files:
                with whole_file(Path(path)) as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            _move(arrival, target)
        finally:
            self._settle()

    def _settle(self) -> None:
        """Finish or take back what the note says, by what is there."""
        try:
            note = msgspec.json.decode(self.note.read_bytes(), type=_Note)
        except FileNotFoundError:
            return
        source, target = os.fsdecode(note.source), os.fsdecode(note.target)
        if os.path.lexists(target):
            # Between file systems it was copied; what has changed since is another file.
            if mark_of(source) == note.mark:
                os.unlink(source)
        else:
            for path in map(os.fsdecode, note.files):
                _take_back(path, self.own)
            _take_back(target, self.own)
        self.note.unlink()


def _numbered(name: str, room: int = _LONGEST) -> Iterator[str]:
    """A name, then the same with numbers, cut so that it fits."""
    stem, suffix = os.path.splitext(name)
    for number in itertools.count(1):
        end = suffix if number == 1 else f"-{number}{suffix}"
        encoded = os.fsencode(end)[-room // 2 :]
        yield _cut(os.fsencode(stem), room - len(encoded)) + os.fsdecode(encoded)


def _cut(name: bytes, length: int) -> str:
    """A name of at most so many bytes, no character of it cut in two."""
    if len(name) <= length:
        return os.fsdecode(name)
    try:
        name.decode()
    except UnicodeDecodeError:
        return os.fsdecode(name[:length])
    return name[:length].decode(errors="ignore")


def _move(arrival: Arrival, target: Path) -> None:
    """Move a file, between file systems too; it is whole under one of the names at any moment."""
    if mark_of(arrival.file) != arrival.mark:
        raise Changed
    try:
        os.rename(arrival.file, target)
    except FileNotFoundError:
        raise Changed from None
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(arrival, target)
        os.unlink(arrival.file)


def _copy(arrival: Arrival, target: Path) -> None:
    with open(arrival.file, "rb") as source, whole_file(target) as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.utime(file.fileno(), ns=(arrival.mark.changed, arrival.mark.changed))
        os.fsync(file.fileno())
        if mark_of(arrival.file) != arrival.mark:
            raise Changed
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder survive a loss of power."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _take_back(path: str, own: Sequence[Path]) -> None:
    """Remove a file, what was left of its writing, and folders that are empty then."""
    folder = Path(path).parent
    if not folder.is_dir():
        return
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    _remove_unfinished(folder)
    stay = {os.path.abspath(each) for each in own}
    with contextlib.suppress(OSError):
        while str(folder) not in stay:
            folder.rmdir()
            folder = folder.parent


def _remove_unfinished(folder: Path) -> None:
    for left in folder.glob(".einvoice-*"):
        left.unlink(missing_ok=True)


@contextlib.contextmanager
def alone_in(*folders: Path) -> Iterator[None]:
    """Be the only one at work in some folders; the system ends that with the process.

    Raises:
        FolderInUse: another process is.
        OSError: a folder cannot be opened.
    """
    with contextlib.ExitStack() as opened:
        for folder in {os.path.realpath(each): each for each in folders}.values():
            opened.callback(os.close, _lock(folder))
        yield


def _lock(folder: Path) -> int:
    """The descriptor that holds the lock of a folder."""
    if fcntl is None:
        raise OSError(errno.ENOSYS, "a folder can be watched on Linux and macOS only")
    try:
        return _locked(folder, folder, os.O_RDONLY)
    except OSError:  # NFS locks only what can be written
        return _locked(folder, folder / _LOCK, os.O_RDWR | os.O_CREAT)


def _locked(folder: Path, path: Path, how: int) -> int:
    descriptor = os.open(path, how, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FolderInUse(folder) from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
