"""What compiled XPath calls: values, casts, comparisons, arithmetic.

An item is a `Node`, a `str`, an `int`, a `Decimal`, a `float`, a `bool` or a `date`; an untyped
value, taken from a node, is an `Untyped`. An optional item is the item or None. Semantics: XPath
2.0 and XQuery 1.0 and XPath 2.0 Functions and Operators (W3C 2010), as Saxon has them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from einvoice.schematron.tree import Node

BLANKS = " \t\r\n"
_NUMBER = (int, Decimal, float)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_REMEMBERED = 40  #: characters; the numbers in longer texts are read anew each time


class Unevaluable(Exception):
    """A dynamic error of XPath: the value does not allow the operation."""


#: What makes a check unevaluable; any other exception is a fault of ours.
ERRORS = (Unevaluable, ArithmeticError, RecursionError)


class Untyped(str):
    """The string value of a node, before any rule has said what it is."""

    __slots__ = ()


def atoms(items: Iterable[Any]) -> list[Any]:
    """fn:data: nodes become their untyped value."""
    return [Untyped(item.text) if isinstance(item, Node) else item for item in items]


def only(items: Any) -> Any:
    """The only item of a sequence, or None; an error for more than one."""
    if not items:
        return None
    if len(items) > 1:
        shown = ", ".join(string(item)[:50] for item in items[:2])
        raise Unevaluable(f"a sequence of more than one item is not allowed here ({shown})")
    return items[0]


def one(items: Any) -> Any:
    """The only item of a sequence, atomized, or None."""
    item = only(items)
    return Untyped(item.text) if isinstance(item, Node) else item


def untyped_or_none(text: str | None) -> Untyped | None:
    """An optional untyped value, marked as such."""
    return None if text is None else Untyped(text)


def listed(item: Any) -> list[Any]:
    """An optional item as a sequence."""
    return [] if item is None else [item]


def truth(items: Any) -> bool:
    """The effective boolean value of a sequence."""
    if not items:
        return False
    first = items[0]
    if isinstance(first, Node):
        return True
    if len(items) > 1:
        raise Unevaluable("a sequence of several atomic values is neither true nor false")
    return truth_of(first)


def truth_of(item: Any) -> bool:
    """The effective boolean value of an optional atomic item."""
    if isinstance(item, float):
        return not (item == 0 or item != item)
    if isinstance(item, date):
        raise Unevaluable("a date is neither true nor false")
    return bool(item)


def _failed(item: Any, kind: str) -> Unevaluable:
    shown = string(item)
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    return Unevaluable(f'cannot convert "{shown}" to xs:{kind}')


def double_of(text: str) -> float:
    """Cast a text to xs:double."""
    return _double_kept(text) if len(text) <= _REMEMBERED else _double(text)


def _double(text: str) -> float:
    stripped = text.strip(BLANKS)
    if _DOUBLE.fullmatch(stripped) is None:
        if stripped in ("INF", "-INF", "NaN", "+INF"):
            return float(stripped.replace("INF", "inf"))
        raise _failed(text, "double")
    return float(stripped)


def decimal_of(text: str) -> Decimal:
    """Cast a text to xs:decimal."""
    return _decimal_kept(text) if len(text) <= _REMEMBERED else _decimal(text)


def _decimal(text: str) -> Decimal:
    stripped = text.strip(BLANKS)
    if _DECIMAL.fullmatch(stripped) is None:
        raise _failed(text, "decimal")
    value = Decimal(stripped)
    return value if value else abs(value)  # there is no negative zero


_double_kept = lru_cache(maxsize=8192)(_double)
_decimal_kept = lru_cache(maxsize=8192)(_decimal)


def to_double(item: Any) -> float:
    """Cast an item to xs:double."""
    if isinstance(item, str):
        return double_of(item)
    if isinstance(item, date):
        raise _failed(item, "double")
    try:
        return float(item)
    except OverflowError:
        return math.copysign(math.inf, item)


def to_decimal(item: Any) -> Decimal | None:
    """Cast to xs:decimal; None for the empty sequence."""
    if item is None or type(item) is Decimal:
        return item
    if isinstance(item, str):
        return decimal_of(item)
    if isinstance(item, date) or (isinstance(item, float) and not math.isfinite(item)):
        raise _failed(item, "decimal")
    return Decimal(int(item)) if isinstance(item, bool) else Decimal(item)


def to_integer(item: Any) -> int | None:
    """Cast to xs:integer."""
    if item is None:
        return None
    if isinstance(item, str):
        stripped = item.strip(BLANKS)
        if _INTEGER.fullmatch(stripped) is None:
            raise _failed(item, "integer")
        return int(Decimal(stripped))
    if isinstance(item, date) or (isinstance(item, float) and not math.isfinite(item)):
        raise _failed(item, "integer")
    return int(item)


def to_optional_double(item: Any) -> float | None:
    """Cast to xs:double; None for the empty sequence."""
    return None if item is None else to_double(item)


class ZonedDate(date):
    """A date that says its time zone."""

    zone = "Z"


def to_date(item: Any) -> date | None:
    """Cast to xs:date."""
    if item is None or isinstance(item, date):
        return item
    match = _DATE.fullmatch(item.strip(BLANKS)) if isinstance(item, str) else None
    if match is None:
        raise _failed(item, "date")
    kind = ZonedDate if match[4] else date
    try:
        found = kind(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise _failed(item, "date") from None
    if isinstance(found, ZonedDate):
        found.zone = "Z" if match[4][1:] == "00:00" else match[4]
        if instant(found) is None:
            raise _failed(item, "date")
    return found


def instant(day: date) -> int | None:
    """The minute at which a date begins; without a zone it is taken for UTC. None: no zone."""
    zone = day.zone if isinstance(day, ZonedDate) else "Z"
    if zone == "Z":
        return day.toordinal() * 1440
    hours, minutes = int(zone[1:3]), int(zone[4:])
    if minutes > 59 or hours * 60 + minutes > 840:
        return None
    offset = hours * 60 + minutes
    return day.toordinal() * 1440 - (offset if zone[0] == "+" else -offset)


def to_boolean(item: Any) -> bool | None:
    """Cast to xs:boolean."""
    if item is None or isinstance(item, bool):
        return item
    if isinstance(item, str):
        text = item.strip(BLANKS)
        if text in ("true", "1"):
            return True
        if text in ("false", "0"):
            return False
        raise _failed(item, "boolean")
    if isinstance(item, date):
        raise _failed(item, "boolean")
    return truth_of(item)


def string(item: Any) -> str:
    """The string of an item, as fn:string gives it; of nothing, the empty string."""
    if isinstance(item, Node):
        return item.text
    if isinstance(item, str):
        return str(item)
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, Decimal):
        text = format(item, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("-0", "") else text
    if isinstance(item, float):
        return _double_text(item)
    if isinstance(item, ZonedDate):
        return f"{item.isoformat()}{item.zone}"
    return "" if item is None else str(item)


def _double_text(value: float) -> str:
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    if 1e-6 <= abs(value) < 1e6:
        return string(Decimal(repr(value)))
    digits, _, exponent = f"{Decimal(repr(value)):E}".partition("E")
    mantissa = string(Decimal(digits))
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def string_or_none(item: Any) -> str | None:
    """xs:string() of an optional item."""
    return None if item is None else string(item)


def as_truth(items: Any) -> bool | None:
    """A value where an optional boolean is declared."""
    item = one(items)
    if isinstance(item, Untyped):
        return to_boolean(item)
    if item is not None and not isinstance(item, bool):
        raise Unevaluable(f"{string(item)[:80]} is neither true nor false")
    return item


def as_decimal(items: Any) -> Decimal | None:
    """A value where an optional decimal is declared."""
    item = one(items)
    if item is None or isinstance(item, Untyped):
        return to_decimal(item)
    if isinstance(item, bool) or not isinstance(item, int | Decimal):
        raise Unevaluable(f"{string(item)[:80]} is no decimal")
    return Decimal(item)


def as_integer(items: Any) -> int | None:
    """A value where an optional integer is declared."""
    item = one(items)
    if item is None or isinstance(item, Untyped):
        return to_integer(item)
    if isinstance(item, bool) or not isinstance(item, int):
        raise Unevaluable(f"{string(item)[:80]} is no integer")
    return item


def as_double(items: Any) -> float | None:
    """A value where an optional double is declared."""
    item = one(items)
    if item is None or isinstance(item, Untyped):
        return to_optional_double(item)
    if not is_number(item):
        raise Unevaluable(f"{string(item)[:80]} is no double")
    return to_double(item)


def cast(to: Callable[[Any], Any], item: Any, optional: bool) -> Any:
    """`cast as`; without `?` an absent item is an error."""
    if item is None:
        if not optional:
            raise Unevaluable("an empty sequence is not allowed as the value in a cast")
        return None
    return to(item)


def castable(to: Callable[[Any], Any], items: Any, optional: bool) -> bool:
    """`castable as`."""
    if len(items) > 1:
        return False
    try:
        cast(to, one(items), optional)
    except (Unevaluable, ArithmeticError):
        return False
    return True


def is_number(item: Any) -> bool:
    """Whether an item is of a numeric type."""
    return isinstance(item, _NUMBER) and not isinstance(item, bool)


def required(item: Any) -> Any:
    """An item where one has to be."""
    if item is None:
        raise Unevaluable("an empty sequence is not allowed here")
    return item


def fail(reason: str) -> Any:
    """An error that is known before the document is."""
    raise Unevaluable(reason)
