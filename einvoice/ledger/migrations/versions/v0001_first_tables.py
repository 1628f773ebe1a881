"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _seller_id(*, index: bool = False, primary_key: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("seller.id", ondelete="CASCADE")
    return sa.Column("seller_id", _ID, key, nullable=False, index=index, primary_key=primary_key)


def _supplier_id() -> sa.Column[str]:
    key = sa.ForeignKey("supplier.id", ondelete="CASCADE")
    return sa.Column("supplier_id", sa.String, key, primary_key=True, index=True)


def upgrade() -> None:
    """Make all tables."""
    _sellers()
    _documents()
    _facts()
    _suppliers()


def _sellers() -> None:
    op.create_table(
        "seller",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_table(
        "seller_key",
        sa.Column("key", sa.String, primary_key=True),
        _seller_id(index=True),
    )


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("seen", sa.Date, nullable=False),
        sa.Column("invalid", sa.Boolean, nullable=False),
        _seller_id(),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("number_key", sa.String, nullable=False),
        sa.Column("issued", sa.Date),
        sa.Column("gross", sa.String, nullable=False),
        sa.Column("currency", sa.String, nullable=False),
        sa.Column("credit", sa.Boolean, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("delivery", sa.String, nullable=False),
        sa.Column("print", sa.Text, nullable=False),
        sa.UniqueConstraint("digest", "name"),
        sqlite_autoincrement=True,
    )
    op.create_index("document_seller", "document", ["seller_id", "id"])
    op.create_index("document_number", "document", ["seller_id", "number"])
    op.create_index("document_amount", "document", ["seller_id", "gross", "issued"])
    op.create_index("document_copied", "document", ["number_key", "gross"])
    op.create_index("document_content", "document", ["content", "issued"])
    op.create_index("document_delivery", "document", ["content", "delivery"])


def _facts() -> None:
    document_id = sa.ForeignKey("document.id", ondelete="CASCADE")
    op.create_table(
        "credited",
        _seller_id(primary_key=True),
        sa.Column("number", sa.String, primary_key=True),
        sa.Column("document_id", _ID, document_id, primary_key=True, index=True),
    )
    op.create_table(
        "account",
        _seller_id(primary_key=True),
        sa.Column("account", sa.String, primary_key=True, index=True),
        sa.Column("first_id", sa.BigInteger, nullable=False),
        sa.Column("first_seen", sa.Date, nullable=False),
        sa.Column("assigned", sa.Boolean, nullable=False),
    )
    op.create_table(
        "treatment",
        _seller_id(primary_key=True),
        sa.Column("category", sa.String, primary_key=True),
        sa.Column("rate", sa.String, primary_key=True),
        sa.Column("first_id", sa.BigInteger, nullable=False),
    )


def _suppliers() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("vat_number", sa.String, nullable=False),
        sa.Column("registration", sa.String, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("month_end", sa.Boolean, nullable=False),
        sa.Column("blocked", sa.Boolean, nullable=False),
        sa.Column("whole_series", sa.Boolean, nullable=False),
    )
    op.create_table(
        "supplier_key",
        sa.Column("key", sa.String, primary_key=True),
        _supplier_id(),
    )
    op.create_table(
        "supplier_account",
        sa.Column("account", sa.String, primary_key=True),
        _supplier_id(),
    )
