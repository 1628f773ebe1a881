"""Whether two PDF values are the same objects, however they are stored."""

from __future__ import annotations

import hashlib
from typing import Any

from einvoice.pdf.pdfa.subject import is_array, is_dictionary, is_stream, unpacked

#: Keys of a stream that say how it is packed.
PACKING = frozenset({"/Length", "/Filter", "/DecodeParms", "/DL"})
MAX_DEPTH = 20


def canonical(value: Any, depth: int = 0) -> bytes:
    """A value written in one way: references followed, streams unpacked, keys sorted."""
    if depth > MAX_DEPTH:
        return b"..."
    if is_array(value):
        return b"[" + b" ".join(canonical(one, depth + 1) for one in value) + b"]"
    if not is_dictionary(value):
        unparse = getattr(value, "unparse", None)
        return unparse() if unparse is not None else str(value).encode()
    rows = [
        key.encode("utf-8", "surrogateescape") + b" " + canonical(one, depth + 1)
        for key, one in sorted(value.items(), key=lambda row: row[0])
        if not (is_stream(value) and key in PACKING)
    ]
    content = hashlib.sha256(unpacked(value) or b"").digest() if is_stream(value) else b""
    return b"<<" + b" ".join(rows) + b">>" + content
