"""The documents of a ledger as a table, or as JSON, one a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from einvoice.ledger.upkeep import SeenDocument
from einvoice.tablefile import harmless


class ExportedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it is exported; texts, so that nobody reads them otherwise."""

    document: str  #: its name
    seen: str
    invalid: str  #: yes or no, by the official rules
    seller: str  #: BT-27
    identifiers: str  #: of the seller, KIND:VALUE
    number: str  #: BT-1
    issued: str  #: BT-2
    due: str  #: BT-9
    type: str  #: BT-3
    currency: str  #: BT-5
    gross: str  #: BT-112 without its sign
    credit: str  #: yes or no
    accounts: str  #: BT-84
    buyer: str  #: KIND:VALUE
    preceding: str  #: BT-25


def exported(document: SeenDocument) -> ExportedDocument:
    """A document in the form of the export."""
    mine = document.print
    return ExportedDocument(
        document=document.name,
        seen=document.seen.isoformat(),
        invalid=_yes(document.invalid),
        seller=mine.seller_name,
        identifiers=" ".join(key for key in mine.seller_keys if not key.startswith("name:")),
        number=mine.number,
        issued=str(mine.issued or ""),
        due=str(mine.due or ""),
        type=mine.type_code,
        currency=mine.currency,
        gross=mine.gross,
        credit=_yes(mine.credit),
        accounts=" ".join(mine.accounts),
        buyer=mine.buyer_key,
        preceding=" ".join(mine.preceding),
    )


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def as_csv(documents: Iterable[SeenDocument]) -> Iterator[bytes]:
    """A CSV table, a row at a time, in UTF-8 with a byte order mark."""
    yield _csv_row(ExportedDocument.__struct_fields__, "utf-8-sig")
    for document in documents:
        yield _csv_row(map(harmless, msgspec.structs.astuple(exported(document))))


def _csv_row(cells: Iterable[str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode(encoding)


def as_jsonl(documents: Iterable[SeenDocument]) -> Iterator[bytes]:
    """JSON Lines, an object per document."""
    for document in documents:
        yield msgspec.json.encode(exported(document)) + b"\n"
