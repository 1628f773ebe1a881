"""Keeping a document: its seller, its fingerprint, and what it shows for the first time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from einvoice.checks.fingerprint import Fingerprint
from einvoice.checks.history import Sighted
from einvoice.ledger.tables import ACCOUNT, CREDITED, DOCUMENT, SELLER, SELLER_KEY, TREATMENT

_KNOWN = select(DOCUMENT.c.id, DOCUMENT.c.seller_id, DOCUMENT.c.invalid).where(
    DOCUMENT.c.digest == bindparam("digest"), DOCUMENT.c.name == bindparam("name")
)
_JUDGE = update(DOCUMENT).where(DOCUMENT.c.id == bindparam("document"))
_ALL_KEYS = select(SELLER_KEY.c.seller_id, SELLER_KEY.c.key).where(
    SELLER_KEY.c.seller_id.in_(
        select(SELLER_KEY.c.seller_id).where(
            SELLER_KEY.c.key.in_(bindparam("keys", expanding=True))
        )
    )
)
_INSERT_SELLER = insert(SELLER)
_INSERT_KEYS = insert(SELLER_KEY)
_INSERT_DOCUMENT = insert(DOCUMENT)
_INSERT_CREDITED = insert(CREDITED)
_INSERT_FACTS = {table: insert(table) for table in (ACCOUNT, TREATMENT)}
_KNOWN_FACTS = {
    table: select(*table.primary_key, table.c.first_id).where(
        table.c.seller_id == bindparam("seller")
    )
    for table in (ACCOUNT, TREATMENT)
}

#: Kinds of keys of which a seller has one only, so that two mean two sellers.
_SINGLE = ("siren", "vat")


class Entry(msgspec.Struct, frozen=True):
    """A document as a ledger keeps it."""

    id: int  #: in the order of sight
    seller_id: int
    new: bool  #: it was not kept before


def record(connection: Connection, sighted: Sighted, today: date) -> Entry:
    """Keep a document; one that is kept already stays as it is, but for the verdict."""
    known = connection.execute(_KNOWN, {"digest": sighted.digest, "name": sighted.name}).first()
    if known is not None:
        entry = Entry(known.id, known.seller_id, new=False)
        if known.invalid != sighted.invalid:
            connection.execute(_JUDGE, {"document": known.id, "invalid": sighted.invalid})
            note(connection, entry, sighted, today)
        return entry
    seller_id = _seller(connection, sighted.print)
    added = connection.execute(_INSERT_DOCUMENT, _row(sighted, today) | {"seller_id": seller_id})
    assert added.inserted_primary_key is not None
    entry = Entry(added.inserted_primary_key[0], seller_id, new=True)
    note(connection, entry, sighted, today)
    return entry


def _row(sighted: Sighted, today: date) -> dict[str, Any]:
    mine = sighted.print
    return {
        "digest": sighted.digest,
        "name": sighted.name,
        "seen": today,
        "invalid": sighted.invalid,
        "number": mine.number,
        "number_key": mine.number_key,
        "issued": mine.issued,
        "gross": mine.gross,
        "currency": mine.currency,
        "credit": mine.credit,
        "content": mine.content,
        "delivery": mine.delivery,
        "print": msgspec.json.encode(mine).decode(),
    }


def _seller(connection: Connection, mine: Fingerprint) -> int:
    """The seller of an invoice by its keys, the strongest first; a new one if nobody has them."""
    known: dict[int, set[str]] = {}
    for seller_id, key in connection.execute(_ALL_KEYS, {"keys": mine.seller_keys}):
        known.setdefault(seller_id, set()).add(key)
    fitting = {s: keys for s, keys in known.items() if not _contradict(keys, mine.seller_keys)}
    found = next(
        (s for key in mine.seller_keys for s, keys in fitting.items() if key in keys), None
    )
    if found is None:
        added = connection.execute(_INSERT_SELLER, {"name": mine.seller_name})
        assert added.inserted_primary_key is not None
        found = added.inserted_primary_key[0]
    taken = set().union(*known.values())
    new = [{"key": key, "seller_id": found} for key in mine.seller_keys if key not in taken]
    if new:
        connection.execute(_INSERT_KEYS, new)
    assert isinstance(found, int)
    return found


def _contradict(keys: set[str], mine: Sequence[str]) -> bool:
    """Whether two sets of keys are of two sellers: two SIREN, or two VAT numbers of a country."""
    for kind in _SINGLE:
        theirs = {k for k in keys if k.startswith(f"{kind}:")}
        ours = {k for k in mine if k.startswith(f"{kind}:")}
        if kind == "vat":
            countries = {k[:6] for k in ours}
            theirs = {k for k in theirs if k[:6] in countries}
        if theirs and ours:
            return not theirs & ours
    return False


def note(connection: Connection, entry: Entry, sighted: Sighted, seen: date) -> None:
    """Keep what a document shows of its seller for the first time.

    One that the official rules refuse shows nothing: its account is not one that was paid.
    """
    if sighted.invalid:
        return
    mine = sighted.print
    seller = {"seller_id": entry.seller_id}
    if mine.credit and mine.preceding:
        rows = [seller | {"number": n, "document_id": entry.id} for n in set(mine.preceding)]
        connection.execute(_INSERT_CREDITED, rows)
    first = seller | {"first_id": entry.id}
    account = first | {"first_seen": seen, "assigned": mine.assigned}
    _first(connection, ACCOUNT, entry, [account | {"account": each} for each in mine.accounts])
    treatments = [first | {"category": each[0], "rate": each[1]} for each in mine.treatments]
    _first(connection, TREATMENT, entry, treatments)


def _first(
    connection: Connection, table: Table, entry: Entry, rows: Sequence[dict[str, Any]]
) -> None:
    """Keep rows that no earlier document shows.

    A later one may: a document can be found valid after it was seen.
    """
    if not rows:
        return
    names = [column.name for column in table.primary_key]
    known = {
        tuple(getattr(row, name) for name in names): row.first_id
        for row in connection.execute(_KNOWN_FACTS[table], {"seller": entry.seller_id})
    }
    keys = [tuple(row[name] for name in names) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        if entry.id < known.get(key, entry.id):
            same = [table.c[name] == row[name] for name in names]
            connection.execute(update(table).where(*same).values(row))
    new = [row for key, row in zip(keys, rows, strict=True) if key not in known]
    if new:
        connection.execute(_INSERT_FACTS[table], new)
