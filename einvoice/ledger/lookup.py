"""What was known before a document: every question is one indexed query with a limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    select,
    union_all,
)

from einvoice.checks.alike import SOON
from einvoice.checks.fingerprint import Fingerprint, values_of
from einvoice.checks.history import (
    AccountUse,
    Bill,
    History,
    Master,
    SeenInvoice,
    Sighted,
    Supplier,
)
from einvoice.ledger.record import Entry
from einvoice.ledger.tables import (
    ACCOUNT,
    CREDITED,
    DOCUMENT,
    SELLER,
    SUPPLIER,
    SUPPLIER_ACCOUNT,
    SUPPLIER_KEY,
    TREATMENT,
)

#: Of one question, so many answers at most.
_MOST = 50
_RECENT = 100
#: How far the issue dates of what is alike in content or amount may be apart.
_DAYS = timedelta(days=SOON)

_BEFORE = DOCUMENT.c.id < bindparam("document")
_SELLER = DOCUMENT.c.seller_id == bindparam("seller")


_DECODER = msgspec.json.Decoder(Fingerprint)


def _latest(
    *conditions: ColumnElement[bool], by: ColumnElement[Any] = DOCUMENT.c.id
) -> Select[Any]:
    """The latest documents of some kind before one, by a column that ends an index."""
    found = (
        select(
            DOCUMENT.c.id,
            DOCUMENT.c.seller_id,
            DOCUMENT.c.digest,
            DOCUMENT.c.name,
            DOCUMENT.c.seen,
            DOCUMENT.c.invalid,
            DOCUMENT.c.number,
            DOCUMENT.c.print,
        )
        .where(_BEFORE, *conditions)
        .order_by(by.desc())
        .limit(_MOST)
    )
    return select(found.subquery())


_SOON = DOCUMENT.c.issued.between(bindparam("start"), bindparam("end"))
_CONTENT = DOCUMENT.c.content == bindparam("content")
_GROSS = DOCUMENT.c.gross == bindparam("gross")
_SAME_NOTES = (
    select(CREDITED.c.document_id)
    .where(
        CREDITED.c.seller_id == bindparam("seller"),
        CREDITED.c.number.in_(bindparam("preceding", expanding=True)),
    )
    .scalar_subquery()
)
#: A parameter that is None finds nothing.
_ALIKE = union_all(
    _latest(DOCUMENT.c.digest == bindparam("digest")),
    _latest(_SELLER, DOCUMENT.c.number.in_(bindparam("numbers", expanding=True))),
    _latest(_SELLER, _GROSS, _SOON, by=DOCUMENT.c.issued),
    _latest(DOCUMENT.c.number_key == bindparam("key"), _GROSS),
    _latest(_CONTENT, _SOON, by=DOCUMENT.c.issued),
    _latest(_CONTENT, DOCUMENT.c.delivery == bindparam("delivery")),
    _latest(DOCUMENT.c.id.in_(_SAME_NOTES)),
)
_RECENT_BILLS: Select[Any] = (
    select(
        DOCUMENT.c.number,
        DOCUMENT.c.issued,
        DOCUMENT.c.gross,
        DOCUMENT.c.currency,
        DOCUMENT.c.credit,
    )
    .where(_BEFORE, _SELLER, DOCUMENT.c.invalid.is_(False))
    .order_by(DOCUMENT.c.id.desc())
    .limit(_RECENT)
)
_CREDITED = select(CREDITED.c.number).where(
    CREDITED.c.seller_id == bindparam("seller"),
    CREDITED.c.document_id < bindparam("document"),
    CREDITED.c.number.in_(bindparam("numbers", expanding=True)),
)


def _uses(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The first accounts of some kind before a document."""
    found = (
        select(ACCOUNT, SELLER.c.name)
        .join(SELLER, SELLER.c.id == ACCOUNT.c.seller_id)
        .where(ACCOUNT.c.first_id < bindparam("document"), *conditions)
        .order_by(ACCOUNT.c.first_id)
        .limit(_MOST)
    )
    return select(found.subquery())


_ACCOUNTS = union_all(
    _uses(ACCOUNT.c.seller_id == bindparam("seller")),
    _uses(
        ACCOUNT.c.seller_id != bindparam("seller"),
        ACCOUNT.c.account.in_(bindparam("accounts", expanding=True)),
    ),
)
_TREATMENTS = select(TREATMENT.c.category, TREATMENT.c.rate).where(
    and_(
        TREATMENT.c.seller_id == bindparam("seller"),
        TREATMENT.c.first_id < bindparam("document"),
    )
)
_ANY_SUPPLIER = select(SUPPLIER.c.id).limit(1)
_SUPPLIERS = select(SUPPLIER).where(
    SUPPLIER.c.id.in_(
        select(SUPPLIER_KEY.c.supplier_id).where(
            SUPPLIER_KEY.c.key.in_(bindparam("keys", expanding=True))
        )
    )
)
_THEIR_ACCOUNTS = select(SUPPLIER_ACCOUNT.c.supplier_id, SUPPLIER_ACCOUNT.c.account).where(
    SUPPLIER_ACCOUNT.c.supplier_id.in_(bindparam("suppliers", expanding=True))
)
_OWNERS = (
    select(SUPPLIER_ACCOUNT.c.account, SUPPLIER.c.id, SUPPLIER.c.name)
    .join(SUPPLIER, SUPPLIER.c.id == SUPPLIER_ACCOUNT.c.supplier_id)
    .where(SUPPLIER_ACCOUNT.c.account.in_(bindparam("accounts", expanding=True)))
    .limit(_MOST)
)


def history(connection: Connection, entry: Entry, sighted: Sighted) -> History:
    """What was known before a document that is kept as an entry."""
    mine = sighted.print
    place = {"seller": entry.seller_id, "document": entry.id}
    return History(
        print=mine,
        alike=_alike(connection, place, sighted.digest, mine),
        recent=tuple(map(_bill, connection.execute(_RECENT_BILLS, place).all())),
        accounts=_accounts(connection, place, mine),
        treatments=frozenset(
            (row.category, row.rate) for row in connection.execute(_TREATMENTS, place)
        ),
        master=_master(connection, mine),
    )


def _alike(
    connection: Connection, place: dict[str, int], digest: str, mine: Fingerprint
) -> tuple[SeenInvoice, ...]:
    issued = mine.issued
    asked = {
        "digest": digest,
        "numbers": tuple(filter(None, (mine.number, *mine.preceding))),
        "key": mine.number_key or None,
        "gross": mine.gross or None,
        "content": mine.content or None,
        "delivery": mine.delivery or None,
        "preceding": mine.preceding if mine.credit else (),
        "start": issued - _DAYS if issued else None,
        "end": issued + _DAYS if issued else None,
    }
    found = {row.id: row for row in connection.execute(_ALIKE, place | asked)}
    numbers = list({row.number for row in found.values()})
    credited: set[str] = set()
    if numbers:
        credited = set(connection.execute(_CREDITED, place | {"numbers": numbers}).scalars())
    return tuple(_seen(found[id], place["seller"], digest, credited) for id in sorted(found))


def _seen(row: Row[Any], seller_id: int, digest: str, credited: set[str]) -> SeenInvoice:
    same_seller = row.seller_id == seller_id
    return SeenInvoice(
        print=_DECODER.decode(row.print),
        name=row.name,
        seen=row.seen,
        same_bytes=row.digest == digest,
        same_seller=same_seller,
        invalid=row.invalid,
        cancelled=same_seller and row.number in credited,
    )


def _bill(row: Row[Any]) -> Bill:
    gross = Decimal(row.gross) if row.gross else None
    return Bill(row.number, row.issued, gross, row.currency, row.credit)


def _accounts(
    connection: Connection, place: dict[str, int], mine: Fingerprint
) -> tuple[AccountUse, ...]:
    found = connection.execute(_ACCOUNTS, place | {"accounts": mine.accounts})
    return tuple(
        AccountUse(
            account=row.account,
            seller=row.name,
            same_seller=row.seller_id == place["seller"],
            first=row.first_seen,
            assigned=row.assigned,
        )
        for row in sorted(found, key=lambda row: row.first_id)
    )


def _master(connection: Connection, mine: Fingerprint) -> Master | None:
    if connection.execute(_ANY_SUPPLIER).first() is None:
        return None
    rows = connection.execute(_SUPPLIERS, {"keys": tuple(values_of(mine.seller_keys))}).all()
    ids = {row.id for row in rows}
    accounts: dict[str, list[str]] = {}
    for row in connection.execute(_THEIR_ACCOUNTS, {"suppliers": list(ids)}):
        accounts.setdefault(row.supplier_id, []).append(row.account)
    owners = connection.execute(_OWNERS, {"accounts": mine.accounts})
    return Master(
        suppliers=tuple(_supplier(row, accounts.get(row.id, ())) for row in rows),
        owners=tuple((row.account, row.name) for row in owners if row.id not in ids),
    )


def _supplier(row: Row[Any], accounts: Sequence[str]) -> Supplier:
    return Supplier(
        id=row.id,
        name=row.name,
        vat_number=row.vat_number,
        registration=row.registration,
        accounts=tuple(accounts),
        days=row.days,
        month_end=row.month_end,
        blocked=row.blocked,
        whole_series=row.whole_series,
    )
