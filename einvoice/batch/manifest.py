"""What a batch has done, document by document: a file of SQLite beside its outputs.

A run that was killed leaves it as of its last half second, so that the next one goes on there. Only
one run may use it at a time.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from einvoice.errors import OutputNotWritable

NAME = "manifest.db"
_VERSION = 1
#: How long records may wait before they are kept, in seconds.
_SOON = 0.5

_TABLE = """
CREATE TABLE document (
    key TEXT PRIMARY KEY,
    run INTEGER NOT NULL,
    position INTEGER NOT NULL,
    asked TEXT NOT NULL,
    digest TEXT NOT NULL,
    output TEXT,
    output_digest TEXT,
    outcome TEXT NOT NULL,
    result BLOB NOT NULL,
    seconds REAL NOT NULL,
    final INTEGER NOT NULL
) WITHOUT ROWID
"""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a document."""

    key: str  #: its path, as shown in reports
    position: int  #: among the sources of the run
    asked: str  #: hash of the options, and of what answers them
    digest: str  #: SHA-256 of its content; empty where it could not be read
    output: str | None = None  #: path of what was written
    output_digest: str | None = None  #: SHA-256 of that
    outcome: str  #: the verdict, `error`, or the outcome of a conversion
    result: bytes  #: the report, or the line of a conversion, as JSON
    seconds: float
    final: bool = True  #: false for what may be otherwise next time: no space, a killed process


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a document from an earlier run."""

    asked: str
    digest: str
    output: str | None
    output_digest: str | None
    outcome: str
    final: bool


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """That what is known of a document holds still."""

    key: str
    position: int
    outcome: str


#: What a run keeps of a document.
Entry = Record | Again


class Manifest:
    """An opened manifest; a context manager."""

    def __init__(self, folder: Path, *, anew: bool = False) -> None:
        """Open the manifest of an output folder, or make one.

        Args:
            folder: the folder; it exists.
            anew: forget what was done before.

        Raises:
            OutputNotWritable: it cannot be used, or another run uses it.
        """
        self.path = folder / NAME
        self.run = 0
        self._uncommitted_since: float | None = None
        with self._guarded():
            if anew:
                for path in (self.path, self.path.with_name(f"{NAME}-wal")):
                    path.unlink(missing_ok=True)
            self.connection = sqlite3.connect(self.path, isolation_level=None, timeout=0)
            try:
                self._begin_run()
            except BaseException:
                self.connection.close()
                raise

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(sqlite3.Error):
            if self._uncommitted_since is not None:
                self.connection.execute("COMMIT")
        self.connection.close()

    def _begin_run(self) -> None:
        for setting in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=NORMAL"):
            self.connection.execute(f"PRAGMA {setting}")
        self.connection.execute("BEGIN IMMEDIATE")
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self.connection.execute(_TABLE)
            self.connection.execute(f"PRAGMA user_version={_VERSION}")
        elif version != _VERSION:
            raise OutputNotWritable(self.path, "another version of einvoice made it")
        (last,) = self.connection.execute("SELECT max(run) FROM document").fetchone()
        self.run = (last or 0) + 1
        self.connection.execute("COMMIT")

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            locked = "locked" in str(error)
            reason = "another run is using it" if locked else str(error)
            raise OutputNotWritable(self.path, reason) from None
        except sqlite3.DatabaseError as error:
            raise OutputNotWritable(self.path, str(error)) from None
        except OSError as error:
            raise OutputNotWritable(self.path, error.strerror or str(error)) from None

    def known(self, key: str) -> Known | None:
        """What is known of a document; None if it was never met."""
        with self._guarded():
            row = self.connection.execute(
                f"SELECT {_columns(Known)} FROM document WHERE key = ?",
                (key,),
            ).fetchone()
        return None if row is None else _struct(Known, row)

    def outputs(self) -> Iterator[tuple[str, str]]:
        """Every document that has an output, and that output's path."""
        rows = self.connection.execute("SELECT key, output FROM document WHERE output IS NOT NULL")
        yield from rows

    def keep(self, record: Entry) -> None:
        """Keep a record of this run, within half a second.

        Raises:
            OutputNotWritable: there is no space, for one.
        """
        values: tuple[object, ...]
        if isinstance(record, Record):
            statement = (
                f"INSERT OR REPLACE INTO document ({_columns(Record)}, run) VALUES ({_MARKS})"
            )
            values = (*msgspec.structs.astuple(record), self.run)
        else:
            statement = "UPDATE document SET position = ?, run = ? WHERE key = ?"
            values = (record.position, self.run, record.key)
        now = time.monotonic()
        with self._guarded():
            if self._uncommitted_since is None:
                self.connection.execute("BEGIN IMMEDIATE")
                self._uncommitted_since = now
            self.connection.execute(statement, values)
        if now - self._uncommitted_since >= _SOON:
            self.commit()

    def commit(self) -> None:
        """Keep all records for good.

        Raises:
            OutputNotWritable: that cannot be done.
        """
        with self._guarded():
            if self._uncommitted_since is not None:
                self.connection.execute("COMMIT")
                self._uncommitted_since = None

    def of_this_run(self) -> Iterator[Record]:
        """The records of this run in the order of its sources, one at a time."""
        return self._records("run = ?")

    def undone(self) -> Iterator[Record]:
        """Those that could not be done and are tried again next time, in the same order."""
        return self._records("run = ? AND NOT final")

    def _records(self, condition: str) -> Iterator[Record]:
        rows = self.connection.execute(
            f"SELECT {_columns(Record)} FROM document WHERE {condition} ORDER BY position",
            (self.run,),
        )
        yield from (_struct(Record, row) for row in rows)


T = TypeVar("T", Record, Known)
_MARKS = ", ".join("?" * (len(Record.__struct_fields__) + 1))


def _columns(kind: type[msgspec.Struct]) -> str:
    return ", ".join(kind.__struct_fields__)


def _struct(kind: type[T], row: tuple[object, ...]) -> T:
    fields = dict(zip(kind.__struct_fields__, row, strict=True))
    return msgspec.convert(fields, kind, strict=False)


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes had begun to write."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(".einvoice-"):
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(place, name))
