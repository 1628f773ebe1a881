"""What a ledger holds, who is in it, and forgetting: of a seller, or of what is old enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    delete,
    func,
    or_,
    select,
)

from einvoice.checks.fingerprint import Fingerprint
from einvoice.checks.history import Sighted
from einvoice.checks.parties import plain
from einvoice.ledger.database import Database
from einvoice.ledger.record import Entry, note
from einvoice.ledger.tables import (
    ACCOUNT,
    CREDITED,
    DOCUMENT,
    SELLER,
    SELLER_KEY,
    SUPPLIER,
    TREATMENT,
)

#: Rows that are in memory at once.
_PAGE = 1000


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much a ledger holds."""

    documents: int
    sellers: int
    accounts: int
    suppliers: int
    first_issued: date | None  #: the earliest BT-2
    last_issued: date | None


class SeenDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document that a ledger keeps."""

    name: str
    seen: date
    invalid: bool
    print: Fingerprint


class SellerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger knows of a seller."""

    id: int
    name: str  #: BT-27
    keys: tuple[str, ...]  #: KIND:VALUE
    accounts: tuple[tuple[str, date], ...]  #: BT-84 and the day on which it was seen first
    treatments: tuple[tuple[str, str], ...]  #: VAT category and rate
    documents: int
    latest: tuple[SeenDocument, ...]  #: a few


def counts(database: Database) -> Counts:
    """How much a ledger holds."""
    with database.reading() as connection:
        days = connection.execute(
            select(func.min(DOCUMENT.c.issued), func.max(DOCUMENT.c.issued))
        ).one()
        return Counts(
            documents=_count(connection, DOCUMENT),
            sellers=_count(connection, SELLER),
            accounts=_count(connection, ACCOUNT),
            suppliers=_count(connection, SUPPLIER),
            first_issued=days[0],
            last_issued=days[1],
        )


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(
        select(func.count()).select_from(table).where(*conditions)
    ).scalar_one()


def sellers_named(database: Database, text: str, most: int = 10) -> list[SellerFacts]:
    """The sellers with an identifier, or whose name holds a text.

    Args:
        database: where.
        text: a VAT number, registration or other identifier, or a part of the name.
        most: how many at most, and how many documents of each.
    """
    with database.reading() as connection:
        found = connection.execute(_named(text).order_by(SELLER.c.id).limit(most)).all()
        return [_facts(connection, row.id, row.name, most) for row in found]


def _named(text: str) -> Select[tuple[int, str]]:
    value = plain(text)
    keys = select(SELLER_KEY.c.seller_id).where(SELLER_KEY.c.key.endswith(f":{value}"))
    return select(SELLER.c.id, SELLER.c.name).where(
        or_(SELLER.c.id.in_(keys), SELLER.c.name.icontains(text.strip(), autoescape=True))
    )


def _facts(connection: Connection, seller: int, name: str, most: int) -> SellerFacts:
    keys = select(SELLER_KEY.c.key).where(SELLER_KEY.c.seller_id == seller)
    accounts = select(ACCOUNT.c.account, ACCOUNT.c.first_seen).where(ACCOUNT.c.seller_id == seller)
    treatments = select(TREATMENT.c.category, TREATMENT.c.rate).where(
        TREATMENT.c.seller_id == seller
    )
    latest = (
        select(DOCUMENT)
        .where(DOCUMENT.c.seller_id == seller)
        .order_by(DOCUMENT.c.id.desc())
        .limit(most)
    )
    return SellerFacts(
        id=seller,
        name=name,
        keys=tuple(sorted(connection.execute(keys).scalars())),
        accounts=tuple((row.account, row.first_seen) for row in connection.execute(accounts)),
        treatments=tuple((row.category, row.rate) for row in connection.execute(treatments)),
        documents=_count(connection, DOCUMENT, DOCUMENT.c.seller_id == seller),
        latest=tuple(_document(row) for row in connection.execute(latest)),
    )


def _document(row: Row[Any]) -> SeenDocument:
    return SeenDocument(
        name=row.name,
        seen=row.seen,
        invalid=row.invalid,
        print=msgspec.json.decode(row.print, type=Fingerprint),
    )


def documents(database: Database) -> Iterator[SeenDocument]:
    """Every document in the order of sight, a page at a time."""
    last = 0
    while True:
        with database.reading() as connection:
            page = connection.execute(
                select(DOCUMENT).where(DOCUMENT.c.id > last).order_by(DOCUMENT.c.id).limit(_PAGE)
            ).all()
        yield from map(_document, page)
        if len(page) < _PAGE:
            return
        last = page[-1].id


def forget_seller(database: Database, seller: int) -> int:
    """Forget a seller with all that was seen of it; how many documents that were."""
    with database.writing() as connection:
        gone = _count(connection, DOCUMENT, DOCUMENT.c.seller_id == seller)
        for table in (CREDITED, ACCOUNT, TREATMENT, DOCUMENT, SELLER_KEY):
            connection.execute(delete(table).where(table.c.seller_id == seller))
        connection.execute(delete(SELLER).where(SELLER.c.id == seller))
    database.compact()
    return gone


def seen_before(database: Database, day: date) -> int:
    """How many documents were seen before a day."""
    with database.reading() as connection:
        return _count(connection, DOCUMENT, DOCUMENT.c.seen < day)


def forget_before(database: Database, day: date) -> int:
    """Forget what was seen before a day, and sellers of whom nothing is left; how many documents.

    Accounts and VAT treatments that only forgotten documents show are forgotten too.
    """
    old = DOCUMENT.c.seen < day
    with database.writing() as connection:
        sellers = connection.execute(select(DOCUMENT.c.seller_id).where(old).distinct()).scalars()
        touched = list(sellers)
        gone = connection.execute(delete(DOCUMENT).where(old)).rowcount
        for seller in touched:
            _retell(connection, seller)
    database.compact()
    return gone


def _retell(connection: Connection, seller: int) -> None:
    """Tell anew what the documents of a seller show, some of them being gone."""
    for table in (CREDITED, ACCOUNT, TREATMENT):
        connection.execute(delete(table).where(table.c.seller_id == seller))
    left = select(DOCUMENT).where(DOCUMENT.c.seller_id == seller).order_by(DOCUMENT.c.id)
    rows = connection.execute(left).all()
    for row in rows:
        mine = msgspec.json.decode(row.print, type=Fingerprint)
        kept = Sighted(print=mine, digest=row.digest, name=row.name, invalid=row.invalid)
        note(connection, Entry(row.id, seller, new=False), kept, row.seen)
    if not rows:
        connection.execute(delete(SELLER_KEY).where(SELLER_KEY.c.seller_id == seller))
        connection.execute(delete(SELLER).where(SELLER.c.id == seller))
