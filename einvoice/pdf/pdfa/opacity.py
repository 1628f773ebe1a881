"""What makes content transparent."""

from __future__ import annotations

from typing import Any

from einvoice.pdf.pdfa.names import text
from einvoice.pdf.pdfa.subject import as_list, is_dictionary


def is_transparent(state: Any) -> bool:
    """Whether an ExtGState dictionary sets a soft mask, a blend mode or an opacity below 1."""
    mask, mode = state.get("/SMask"), state.get("/BM")
    modes = [text(one) for one in as_list(mode)]
    return (
        is_dictionary(mask)
        or (bool(modes) and modes[0] not in ("/Normal", "/Compatible"))
        or any(number(state.get(key), 1.0) < 1 for key in ("/ca", "/CA"))
    )


def number(value: Any, default: float = 0.0) -> float:
    """A number of the file; the default if it is absent or no number."""
    try:
        return default if value is None else float(value)
    except (TypeError, ValueError):
        return default
