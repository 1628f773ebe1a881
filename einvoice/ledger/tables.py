"""The tables of a ledger, as its newest migration leaves them.

Amounts are texts: the ledger compares them, and their digits must not change. A document's id is
its place in the order of sight; beside an account or a VAT treatment is the first document that
shows it, so that for each document it can be told what was known before it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

#: 64 bits; in SQLite only INTEGER counts up by itself.
_ID = BigInteger().with_variant(Integer, "sqlite")

SELLER = Table(
    "seller",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", String, nullable=False),  # BT-27 as seen last
)

SELLER_KEY = Table(
    "seller_key",
    METADATA,
    Column("key", String, primary_key=True),  # KIND:VALUE
    Column("seller_id", ForeignKey("seller.id", ondelete="CASCADE"), nullable=False, index=True),
)

DOCUMENT = Table(
    "document",
    METADATA,
    Column("id", _ID, primary_key=True),  # in the order in which they were seen
    Column("digest", String, nullable=False),  # SHA-256 of the XML
    Column("name", String, nullable=False),
    Column("seen", Date, nullable=False),
    Column("invalid", Boolean, nullable=False),  # by the official rules
    Column("seller_id", ForeignKey("seller.id", ondelete="CASCADE"), nullable=False),
    Column("number", String, nullable=False),  # BT-1
    Column("number_key", String, nullable=False),
    Column("issued", Date),  # BT-2
    Column("gross", String, nullable=False),  # BT-112 without its sign
    Column("currency", String, nullable=False),  # BT-5
    Column("credit", Boolean, nullable=False),
    Column("content", String, nullable=False),
    Column("delivery", String, nullable=False),
    Column("print", Text, nullable=False),  # the whole fingerprint as JSON
    UniqueConstraint("digest", "name"),
    Index("document_seller", "seller_id", "id"),
    Index("document_number", "seller_id", "number"),
    Index("document_amount", "seller_id", "gross", "issued"),
    Index("document_copied", "number_key", "gross"),
    Index("document_content", "content", "issued"),
    Index("document_delivery", "content", "delivery"),
    sqlite_autoincrement=True,  # a forgotten document's id is not given again
)

#: Which invoices the credit notes of a seller name (BT-25).
CREDITED = Table(
    "credited",
    METADATA,
    Column("seller_id", ForeignKey("seller.id", ondelete="CASCADE"), primary_key=True),
    Column("number", String, primary_key=True),
    Column(
        "document_id",
        ForeignKey("document.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)

ACCOUNT = Table(
    "account",
    METADATA,
    Column("seller_id", ForeignKey("seller.id", ondelete="CASCADE"), primary_key=True),
    Column("account", String, primary_key=True, index=True),  # BT-84
    Column("first_id", BigInteger, nullable=False),  # document
    Column("first_seen", Date, nullable=False),
    Column("assigned", Boolean, nullable=False),  # it was of a payee or factor then
)

TREATMENT = Table(
    "treatment",
    METADATA,
    Column("seller_id", ForeignKey("seller.id", ondelete="CASCADE"), primary_key=True),
    Column("category", String, primary_key=True),  # BT-118
    Column("rate", String, primary_key=True),  # BT-119, empty where there is none
    Column("first_id", BigInteger, nullable=False),  # document
)

SUPPLIER = Table(
    "supplier",
    METADATA,
    Column("id", String, primary_key=True),  # the user's own
    Column("name", String, nullable=False),
    Column("vat_number", String, nullable=False),
    Column("registration", String, nullable=False),
    Column("days", Integer),
    Column("month_end", Boolean, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("whole_series", Boolean, nullable=False),
)

SUPPLIER_KEY = Table(
    "supplier_key",
    METADATA,
    Column("key", String, primary_key=True),  # VALUE
    Column(
        "supplier_id", ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)

SUPPLIER_ACCOUNT = Table(
    "supplier_account",
    METADATA,
    Column("account", String, primary_key=True),
    Column(
        "supplier_id", ForeignKey("supplier.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)
