"""What has been seen: invoices, their sellers and accounts, and the user's supplier master.

A ledger keeps fingerprints of invoices, not the invoices. It is a file of SQLite, or a database of
PostgreSQL; several processes may use it at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from types import TracebackType

from einvoice.checks.history import History, Sighted
from einvoice.ledger.database import Database
from einvoice.ledger.lookup import history
from einvoice.ledger.record import record


class Ledger:
    """An opened ledger; a context manager.

    >>> with Ledger("ledger.db") as ledger:
    ...     einvoice.validate("invoice.xml", checks="report", ledger=ledger)
    """

    def __init__(self, place: str | Path) -> None:
        """Open a ledger, or make one.

        Args:
            place: a file, or a URL such as `postgresql://user@host/name`.

        Raises:
            LedgerError: it cannot be opened, is another database, or of a newer version.
            ExtraMissing: the driver of PostgreSQL is not installed.
        """
        self.database = Database(place)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self.database.close()

    def observe(self, sighted: Sighted) -> History:
        """Keep a document, and tell what was known before it.

        Of the same document (name and XML) it tells the same again, however much was seen in the
        meantime.

        Raises:
            LedgerError: the ledger cannot be written or read.
        """
        with self.database.writing() as connection:
            entry = record(connection, sighted, date.today())
        with self.database.reading() as connection:
            return history(connection, entry, sighted)

    def record_all(self, documents: Iterable[Sighted]) -> int:
        """Keep documents, all of them or none; how many were new.

        Raises:
            LedgerError: the ledger cannot be written.
        """
        today = date.today()
        with self.database.writing() as connection:
            kept = (record(connection, each, today) for each in documents)
            return sum(entry.new for entry in kept)
