"""Ledgers in every database that can be had here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from einvoice.ledger import Ledger
from tests.ledger import postgres

_NAMES = count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a server, with a place for the name of a database."""
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.server() as url:
        yield url


def new_database(url: str) -> str:
    """The URL of a new database of a server."""
    import psycopg

    name = f"ledger_{next(_NAMES)}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.format(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    return new_database(request.getfixturevalue("postgres_url"))


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    """A new ledger."""
    with Ledger(place) as opened:
        yield opened
