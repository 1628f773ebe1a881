"""Numbers of an invoice: exact decimals from text, and back."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

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
    """Write an xs:decimal: digits kept, never an exponent, zero without a sign.

    Of `-0.00` and `0.00` the official rules find in some places that they differ.
    """
    return format(value if value else abs(value), "f")


#: Currencies without a minor unit (ISO 4217); EN 16931 allows the others two decimals (BR-DEC).
_WHOLE = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905
)


def decimals_of(currency: str | None) -> int:
    """How many decimals an amount in a currency may have in EN 16931: two, or none."""
    return 0 if currency in _WHOLE else 2


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Round to a number of decimals; a tie goes away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT)
