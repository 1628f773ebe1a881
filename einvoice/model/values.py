"""Value types that several groups share."""

from __future__ import annotations

import msgspec


class Struct(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Base of all parts of the model: frozen, keyword-only, absent terms left out of JSON.

    Every term is optional here, also those that EN 16931 demands: an invoice that lacks one must
    still be read, shown and reported. Cardinality is kept in `terms.TERMS` and judged by the rules.
    """


class Identifier(Struct, frozen=True):
    """An identifier with the scheme that it belongs to (EN 16931 data type Identifier)."""

    value: str
    scheme: str | None = None  #: ISO 6523 ICD, EAS, UNTDID 1153 or 7143, as the term demands
    scheme_version: str | None = None  #: only BT-158-2


class Attachment(Struct, frozen=True):
    """An embedded document (BT-125)."""

    content: bytes
    mime_code: str | None = None  #: BT-125-1
    filename: str | None = None  #: BT-125-2
