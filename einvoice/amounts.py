"""Numbers of an invoice: exact decimals from text, and back."""

from __future__ import annotations

import re
from decimal import Context, Decimal

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")

#: Wide enough for any amount that a limited document can hold, so that no digit is lost.
EXACT = Context(prec=200, Emax=10**6, Emin=-(10**6))


def parse_decimal(text: str) -> Decimal:
    """Read an xs:decimal, digits kept as written.

    Stricter than `Decimal()`: no exponent, no underscore, no digits of other scripts.

    Raises:
        ValueError: the text is no xs:decimal.
    """
    stripped = text.strip(" \t\r\n")
    if _DECIMAL.fullmatch(stripped) is None:
        raise ValueError(f"{text!r} is not a decimal number")
    return Decimal(stripped)


def format_decimal(value: Decimal) -> str:
    """Write an xs:decimal: digits kept, never an exponent."""
    return format(value, "f")
