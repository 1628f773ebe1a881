"""What a term is: number, name, place in the model, cardinality."""

from __future__ import annotations

from typing import Literal

import msgspec

Datatype = Literal[
    "Amount", "Binary", "Code", "Date", "Group", "Identifier", "Indicator", "Percentage",
    "Quantity", "Text", "Unit price",
]  # fmt: skip


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A term or group: of EN 16931 (BT, BG), or of an extension of it.

    In a path `[]` stands behind a tuple. The cardinality is that of the term within its group.
    """

    id: str  #: empty for a term of an extension whose number we do not know
    name: str
    path: str
    cardinality: str
    datatype: Datatype


def term(id: str, name: str, path: str, cardinality: str, datatype: Datatype) -> Term:
    """A term, written in one line of a table."""
    return Term(id=id, name=name, path=path, cardinality=cardinality, datatype=datatype)
