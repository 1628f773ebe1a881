"""What compiled XPath expressions call: values, comparisons, casts, sequences.

A value is a list of items. An item is a `Node`, a `str`, an `int`, a `Decimal`, a `float`, a
`bool` or a `date`; an untyped value, taken from a node, is an `Untyped`. An optional item is the
item or None. Semantics: XPath 2.0 and XPath and XQuery Functions and Operators (W3C 2010).
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Decimal, localcontext
from typing import Any

from einvoice.amounts import EXACT
from einvoice.schematron.tree import Node

_NUMBER = (int, Decimal, float)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_BLANKS = " \t\r\n"


class Unevaluable(Exception):
    """A dynamic error of XPath: the value does not allow the operation."""


class Untyped(str):
    """The string value of a node, before any rule has said what it is."""

    __slots__ = ()


def atoms(items: Iterable[Any]) -> list[Any]:
    """fn:data: nodes become their untyped value."""
    return [Untyped(item.text) if isinstance(item, Node) else item for item in items]


def one(items: list[Any]) -> Any:
    """The only item of a sequence, atomized, or None; an error for more than one."""
    if not items:
        return None
    if len(items) > 1:
        shown = ", ".join(string(item) for item in items[:2])
        raise Unevaluable(f"a sequence of more than one item is not allowed here ({shown})")
    item = items[0]
    return Untyped(item.text) if isinstance(item, Node) else item


def listed(item: Any) -> list[Any]:
    """An optional item as a sequence."""
    return [] if item is None else [item]


def truth(items: list[Any]) -> bool:
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
    if item is None:
        return False
    if isinstance(item, float):
        return not (item == 0 or math.isnan(item))
    if isinstance(item, date):
        raise Unevaluable("a date is neither true nor false")
    return bool(item)


def to_double(item: Any) -> float:
    """Cast to xs:double."""
    if isinstance(item, str):
        text = item.strip(_BLANKS)
        if text in ("INF", "-INF", "NaN"):
            return float(text.replace("INF", "inf"))
        if _DOUBLE.fullmatch(text) is None:
            raise Unevaluable(f'cannot convert string "{item}" to xs:double')
        return float(text)
    return float(item)


def to_decimal(item: Any) -> Decimal | None:
    """Cast to xs:decimal; None for the empty sequence."""
    if item is None or type(item) is Decimal:
        return item
    if isinstance(item, str):
        text = item.strip(_BLANKS)
        if _DECIMAL.fullmatch(text) is None:
            raise Unevaluable(f'cannot convert string "{item}" to xs:decimal')
        return Decimal(text)
    if isinstance(item, float) and not math.isfinite(item):
        raise Unevaluable(f"cannot convert {string(item)} to xs:decimal")
    return Decimal(int(item)) if isinstance(item, bool) else Decimal(item)


def to_integer(item: Any) -> int | None:
    """Cast to xs:integer."""
    if item is None:
        return None
    if isinstance(item, str):
        if re.fullmatch(r"[+-]?[0-9]+", item.strip(_BLANKS)) is None:
            raise Unevaluable(f'cannot convert string "{item}" to xs:integer')
        return int(item.strip(_BLANKS))
    if isinstance(item, float) and not math.isfinite(item):
        raise Unevaluable(f"cannot convert {string(item)} to xs:integer")
    return int(item)


def to_date(item: Any) -> date | None:
    """Cast to xs:date."""
    if item is None or isinstance(item, date):
        return item
    match = _DATE.fullmatch(str(item).strip(_BLANKS))
    try:
        return date(*(int(part) for part in match.groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise Unevaluable(f'cannot convert string "{item}" to xs:date') from None


def to_boolean(item: Any) -> bool | None:
    """Cast to xs:boolean."""
    if item is None or isinstance(item, bool):
        return item
    if isinstance(item, str):
        text = item.strip(_BLANKS)
        if text not in ("true", "false", "1", "0"):
            raise Unevaluable(f'cannot convert string "{item}" to xs:boolean')
        return text in ("true", "1")
    return truth_of(item)


def string(item: Any) -> str:
    """The string of an item, as fn:string gives it."""
    if isinstance(item, str):
        return str(item)
    if isinstance(item, Node):
        return item.text
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, Decimal):
        text = format(item, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("-0", "") else text
    if isinstance(item, float):
        return _double_text(item)
    return "" if item is None else str(item)


def _double_text(value: float) -> str:
    if math.isnan(value):
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


Compare = Callable[[Any, Any], bool]
_COMPARE: dict[str, Compare] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_VALUE = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def general(sign: str, left: list[Any], right: list[Any]) -> bool:
    """A general comparison: true if any pair of items compares so."""
    if not left or not right:
        return False
    compare = _COMPARE[sign]
    others = atoms(right)
    return any(_compared(compare, a, b) for a in atoms(left) for b in others)


def _compared(compare: Compare, a: Any, b: Any) -> bool:
    """One pair of a general comparison: an untyped value takes the type of the other side."""
    if isinstance(a, Untyped) and not isinstance(b, str):
        a = _typed_like(a, b)
    elif isinstance(b, Untyped) and not isinstance(a, str):
        b = _typed_like(b, a)
    return _same_kind(compare, a, b)


def _typed_like(value: Untyped, other: Any) -> Any:
    if isinstance(other, bool):
        return to_boolean(value)
    return to_date(value) if isinstance(other, date) else to_double(value)


def _same_kind(compare: Compare, a: Any, b: Any) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return compare(str(a), str(b))
    if isinstance(a, bool) or isinstance(b, bool):
        if not (isinstance(a, bool) and isinstance(b, bool)):
            raise Unevaluable(f"cannot compare {string(a)} with {string(b)}")
        return compare(a, b)
    if isinstance(a, _NUMBER) and isinstance(b, _NUMBER):
        if isinstance(a, float) or isinstance(b, float):
            return compare(float(a), float(b))
        return compare(a, b)
    if isinstance(a, date) and isinstance(b, date):
        return compare(a, b)
    raise Unevaluable(f"cannot compare {string(a)} with {string(b)}")


def value_compare(sign: str, a: Any, b: Any) -> bool | None:
    """A value comparison of two optional items; None if one is absent."""
    if a is None or b is None:
        return None
    return _same_kind(_COMPARE[_VALUE[sign]], a, b)


def texts(items: Iterable[Any]) -> list[str]:
    """The texts of nodes and strings, for a comparison with strings."""
    found = []
    for item in items:
        if isinstance(item, Node):
            found.append(item.text)
        elif isinstance(item, str):
            found.append(item)
        else:
            raise Unevaluable(f"cannot compare {string(item)} with a string")
    return found


def _numeric(item: Any) -> Any:
    if isinstance(item, Untyped):
        return to_double(item)
    if isinstance(item, bool) or not isinstance(item, _NUMBER):
        raise Unevaluable(f"{string(item)!r} is no number")
    return item


def arithmetic(sign: str, a: Any, b: Any) -> Any:
    """`+ - * div idiv mod` of two optional items; None if one is absent."""
    if a is None or b is None:
        return None
    if isinstance(a, date) or isinstance(b, date):
        raise Unevaluable("arithmetic with dates is not known")
    a, b = _numeric(a), _numeric(b)
    if isinstance(a, float) or isinstance(b, float):
        return _of_doubles(sign, float(a), float(b))
    with localcontext(EXACT):
        return _exact(sign, a, b)


def _exact(sign: str, a: Any, b: Any) -> Any:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    if sign == "*":
        return a * b
    if not b:
        raise Unevaluable("division by zero")
    if sign == "div":
        return _divided(Decimal(a), Decimal(b))
    if sign == "idiv":
        return int(Decimal(a) / Decimal(b))
    remainder = Decimal(a) % Decimal(b)
    return int(remainder) if isinstance(a, int) and isinstance(b, int) else remainder


def _divided(a: Decimal, b: Decimal) -> Decimal:
    """Saxon keeps 18 digits behind the point, or as many as the dividend has if more."""
    scale = max(18, -int(a.as_tuple().exponent))
    return (a / b).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_DOWN)


def _of_doubles(sign: str, a: float, b: float) -> Any:
    if sign in ("div", "mod") and b == 0:
        if sign == "mod" or a == 0 or math.isnan(a):
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1, b)
    if sign == "idiv":
        if b == 0 or not math.isfinite(a) or math.isnan(b):
            raise Unevaluable("division by zero")
        return int(a / b)
    if sign == "mod":
        return math.fmod(a, b) if math.isfinite(a) else math.nan
    return {"+": a + b, "-": a - b, "*": a * b, "div": a / b if b else 0}[sign]


def negative(a: Any) -> Any:
    """Unary minus of an optional item."""
    return None if a is None else -_numeric(a)


def rounded(a: Any, places: int = 0) -> Any:
    """fn:round: ties towards positive infinity."""
    if a is None:
        return None
    a = _numeric(a)
    if isinstance(a, int):
        return a
    if isinstance(a, float):
        if not math.isfinite(a) or a == 0:
            return a
        below = math.floor(a)
        result = float(below + (a - below >= 0.5))
        return math.copysign(result, a) if result == 0 else result
    with localcontext(EXACT):
        return (a + Decimal("0.5")).to_integral_value(ROUND_FLOOR)


def total(items: list[Any]) -> Any:
    """fn:sum; 0 for the empty sequence."""
    numbers = [_numeric(item) for item in atoms(items)]
    if any(isinstance(number, float) for number in numbers):
        result = 0.0
        for number in numbers:
            result += float(number)
        return result
    with localcontext(EXACT):
        return sum(numbers)


class Lazy:
    """A variable: evaluated at its first use, and never if there is none."""

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make: Callable[[], Any] | None = make
        self._value: Any = None

    def __call__(self) -> Any:
        """The value."""
        if self._make is not None:
            self._value = self._make()
            self._make = None
        return self._value


def cast(to: Callable[[Any], Any], item: Any, optional: bool) -> Any:
    """`cast as`; without `?` an absent item is an error."""
    if item is None and not optional:
        raise Unevaluable("an empty sequence is not allowed as the value in a cast")
    return to(item)


def castable(attempt: Callable[[], Any]) -> bool:
    """`castable as`."""
    try:
        attempt()
    except Unevaluable:
        return False
    return True


def as_text(items: list[Any]) -> str | None:
    """The conversion of an argument to `xs:string?`: an untyped value becomes a string."""
    item = one(items)
    if item is not None and not isinstance(item, str):
        raise Unevaluable(f"{string(item)!r} is no string")
    return None if item is None else str(item)


def shown(items: list[Any]) -> str:
    """xsl:value-of: the texts of all items, with a blank between."""
    return " ".join(string(item) for item in items)
