"""The database of a ledger: a file of SQLite, or PostgreSQL by URL; made and migrated when opened.

Writers take turns: one transaction writes at a time, in SQLite by `BEGIN IMMEDIATE`, in PostgreSQL
by an advisory lock. So ids rise in the order of commits, and of two equal documents that come at
once one sees the other.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from einvoice.errors import ExtraMissing, LedgerError

#: The newest migration; of another version is migrated or refused.
HEAD = "0001"
_MIGRATIONS = Path(__file__).parent / "migrations"

#: Any number that other users of the database do not take.
_LOCK = 0x65696E76
#: How long a writer waits for its turn.
_PATIENCE_MS = 60_000

#: Readers do not wait; what a killed process left undone is undone.
_WRITE_AHEAD = "PRAGMA journal_mode=WAL"
_SQLITE_SETTINGS = (
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is forgotten is gone from the file
)


class Database:
    """An opened database, in the newest version."""

    def __init__(self, place: str | Path) -> None:
        url = _url_of(place)
        self.place = url.render_as_string(hide_password=True) if _is_url(place) else str(place)
        with self.guarded():
            self.engine = _engine(url)
            try:
                self._migrate()
            except BaseException:
                self.engine.dispose()
                raise

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextlib.contextmanager
    def guarded(self) -> Iterator[None]:
        """What goes wrong inside is told as one line.

        Raises:
            LedgerError: the database refused.
            ExtraMissing: the driver of PostgreSQL is not installed.
        """
        try:
            yield
        except ModuleNotFoundError:
            raise ExtraMissing("a ledger in PostgreSQL", "postgres") from None
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise LedgerError(self.place, reason or type(error.orig).__name__) from None
        except SQLAlchemyError as error:
            raise LedgerError(self.place, str(error).partition("\n")[0]) from None

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, alone; all of it is kept, or nothing."""
        with self.guarded(), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads, and waits for nobody; each answer stands for itself."""
        with self.guarded(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def compact(self) -> None:
        """Drop what SQLite keeps beside its file, so that what was deleted is gone from disk."""
        if self.engine.dialect.name == "sqlite":
            with self.reading() as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _migrate(self) -> None:
        with self.reading() as connection:
            version = _version(connection)
        if version == HEAD:
            return
        with self.engine.begin() as connection:
            version = _version(connection)  # another process may have been faster
            if version is None and inspect(connection).get_table_names():
                raise LedgerError(self.place, "it is a database of something else")
            if version != HEAD:
                _upgrade(connection, self.place)


def _is_url(place: str | Path) -> bool:
    return "://" in str(place)


def _url_of(place: str | Path) -> URL:
    """The URL of a place, with the driver that we use.

    Raises:
        LedgerError: it is a database of another kind.
    """
    if not _is_url(place):
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(str(place))
    except ArgumentError:
        raise LedgerError("the URL", "it cannot be understood") from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        shown = url.render_as_string(hide_password=True)
        raise LedgerError(shown, "expected a file (SQLite) or postgresql://...")
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": _PATIENCE_MS / 1000})
        event.listen(engine, "connect", _set_up_sqlite)
    else:
        options = f"-c lock_timeout={_PATIENCE_MS}"
        engine = create_engine(url, connect_args={"options": options})
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: object, record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves
    _write_ahead(connection)
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)  # type: ignore[attr-defined]


def _write_ahead(connection: object) -> None:
    """Set how it is written; SQLite does not wait for its turn there when a ledger is new."""
    deadline = time.monotonic() + _PATIENCE_MS / 1000
    while True:
        try:
            connection.execute(_WRITE_AHEAD)  # type: ignore[attr-defined]
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin(connection: Connection) -> None:
    """Begin a transaction; one that writes waits for its turn."""
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    is_sqlite = connection.dialect.name == "sqlite"
    turn = "BEGIN IMMEDIATE" if is_sqlite else f"SELECT pg_advisory_xact_lock({_LOCK})"
    connection.exec_driver_sql(turn)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, place: str) -> None:
    """Bring the tables to the newest version, in the transaction of the connection.

    Raises:
        LedgerError: it was made by a newer version of this program.
    """
    from alembic import command  # costs a tenth of a second, and is needed once
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise LedgerError(place, "a newer version of einvoice made it") from None
