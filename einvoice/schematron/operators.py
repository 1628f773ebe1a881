"""Comparisons and arithmetic of XPath, on items and sequences.

In a general comparison an untyped value takes the type of the other side. Against a single number
Saxon orders doubles as Java does: NaN is above all numbers and equals itself, and -0 is below 0.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_DOWN, Context, Decimal
from functools import lru_cache
from typing import Any

from einvoice.schematron.runtime import (
    ERRORS,
    Unevaluable,
    Untyped,
    atoms,
    double_of,
    instant,
    is_number,
    string,
    to_boolean,
    to_date,
    to_double,
)

#: Wide enough that no digit of a sum, difference or product is lost.
WIDE = Context(prec=100_000, Emax=10**9, Emin=-(10**9))
_HALF = Decimal("0.5")
_HUNDRED = Decimal(100)
_DIGITS = 18  #: behind the point of a quotient

Compare = Callable[[Any, Any], bool]
COMPARE: dict[str, Compare] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: The same comparison with its sides exchanged.
#: Operators that are the same for doubles and exact numbers.
_ANY_NUMBER = {"+": operator.add, "-": operator.sub, "*": operator.mul}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
VALUE = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def general(sign: str, left: Iterable[Any], right: Iterable[Any]) -> bool:
    """A general comparison: true if any pair of items compares so."""
    ours, others = atoms(left), atoms(right)
    compare = COMPARE[sign]
    if len(others) == 1 and is_number(others[0]):
        return any(_with_number(sign, compare, a, others[0]) for a in ours)
    if len(ours) == 1 and is_number(ours[0]):
        return any(
            _with_number(MIRRORED[sign], COMPARE[MIRRORED[sign]], b, ours[0]) for b in others
        )
    return any(_compared(compare, a, b) for a in ours for b in others)


def _with_number(sign: str, compare: Compare, item: Any, number: Any) -> bool:
    if isinstance(item, Untyped):
        return untyped_against_number(sign, item, number)
    return same_kind(compare, item, number)


def _compared(compare: Compare, a: Any, b: Any) -> bool:
    if isinstance(a, Untyped):
        a = _typed_like(a, b)
    elif isinstance(b, Untyped):
        b = _typed_like(b, a)
    return same_kind(compare, a, b)


def _typed_like(value: Untyped, other: Any) -> Any:
    if is_number(other):
        return double_of(value)
    if isinstance(other, bool):
        return to_boolean(value)
    return to_date(value) if isinstance(other, date) else value


def untyped_against_number(sign: str, text: str, number: Any) -> bool:
    """An untyped value against one number, as doubles in Java's order.

    Against a whole number, which Saxon has as an integer, -0 is 0.
    """
    a, b = double_of(text), number if isinstance(number, float) else to_double(number)
    if b != b:
        return sign == "!="
    if a != a:
        return COMPARE[sign](True, False)
    if a == b == 0 and not _is_whole(number):
        return COMPARE[sign](math.copysign(1, a), math.copysign(1, b))
    return COMPARE[sign](a, b)


def _is_whole(number: Any) -> bool:
    if isinstance(number, Decimal):
        return int(number.as_tuple().exponent) >= 0
    return isinstance(number, int)


def nodes_against_number(sign: str, nodes: Iterable[Any], number: Any) -> bool:
    """A general comparison of nodes with an optional number."""
    if number is None:
        return False
    return any(untyped_against_number(sign, node.text, number) for node in nodes)


def any_boolean(nodes: Iterable[Any], wanted: bool) -> bool:
    """`nodes = true()` or `nodes = false()`."""
    return any(to_boolean(node.text) is wanted for node in nodes)


def share_text(left: Iterable[str], right: Iterable[str]) -> bool:
    """`=` of two sequences of strings."""
    others = set(right)
    return any(text in others for text in left) if others else False


def differ_somewhere(left: Iterable[str], right: Iterable[str]) -> bool:
    """`!=` of two sequences of strings."""
    a, b = set(left), set(right)
    return bool(a and b) and (len(a) > 1 or len(b) > 1 or a != b)


def same_kind(compare: Compare, a: Any, b: Any) -> bool:
    """A comparison of two items that are not converted any more."""
    if isinstance(a, str) and isinstance(b, str):
        return compare(str(a), str(b))
    if isinstance(a, bool) or isinstance(b, bool):
        if not (isinstance(a, bool) and isinstance(b, bool)):
            raise Unevaluable(f"cannot compare {string(a)} with {string(b)}")
        return compare(a, b)
    if is_number(a) and is_number(b):
        if isinstance(a, float) or isinstance(b, float):
            return compare(to_double(a), to_double(b))
        return compare(a, b)
    if isinstance(a, date) and isinstance(b, date):
        return compare(instant(a), instant(b))
    raise Unevaluable(f"cannot compare {string(a)[:80]} with {string(b)[:80]}")


# Of optional numbers that are exact, by far the most frequent.


def plus(a: Any, b: Any) -> Any:
    """`a + b`."""
    return None if a is None or b is None else a + b


def minus(a: Any, b: Any) -> Any:
    """`a - b`."""
    return None if a is None or b is None else a - b


def times(a: Any, b: Any) -> Any:
    """`a * b`."""
    return None if a is None or b is None else a * b


def over(a: Any, b: Any) -> Decimal | None:
    """`a div b`."""
    return None if a is None or b is None else divided(Decimal(a), Decimal(b))


def equal(a: Any, b: Any) -> bool:
    """`a = b`."""
    return a is not None and a == b


def unequal(a: Any, b: Any) -> bool:
    """`a != b`."""
    return a is not None and b is not None and bool(a != b)


def less(a: Any, b: Any) -> bool:
    """`a < b`."""
    return a is not None and b is not None and bool(a < b)


def less_or_equal(a: Any, b: Any) -> bool:
    """`a <= b`."""
    return a is not None and b is not None and bool(a <= b)


def numbers(sign: str, a: Any, b: Any) -> bool:
    """A general comparison of two optional numbers."""
    if a is None or b is None:
        return False
    if isinstance(a, float) or isinstance(b, float):
        return COMPARE[sign](to_double(a), to_double(b))
    return COMPARE[sign](a, b)


def both(left: Callable[[], Any], right: Callable[[], Any]) -> bool:
    """`and`: false if one side is, even if the other cannot be evaluated (as Saxon has it)."""
    try:
        return bool(left() and right())
    except ERRORS:
        if right():
            raise
        return False


def either(left: Callable[[], Any], right: Callable[[], Any]) -> bool:
    """`or`: true if one side is, even if the other cannot be evaluated (as Saxon has it)."""
    try:
        return bool(left() or right())
    except ERRORS:
        if right():
            return True
        raise


def compare_values(sign: str, a: Any, b: Any) -> bool | None:
    """A value comparison of two optional items; None if one is absent."""
    if a is None or b is None:
        return None
    return same_kind(COMPARE[VALUE[sign]], a, b)


def numeric(item: Any) -> Any:
    """An operand of arithmetic: an untyped value becomes a double."""
    if isinstance(item, Untyped):
        return double_of(item)
    if not is_number(item):
        raise Unevaluable(f"{string(item)[:80]!r} is no number")
    return item


def arithmetic(sign: str, a: Any, b: Any) -> Any:
    """`+ - * div idiv mod` of two optional items; None if one is absent."""
    if a is None or b is None:
        return None
    if isinstance(a, date) or isinstance(b, date):
        raise Unevaluable("arithmetic with dates is not known")
    a, b = numeric(a), numeric(b)
    double = isinstance(a, float) or isinstance(b, float)
    if double:
        a, b = to_double(a), to_double(b)
    if sign in _ANY_NUMBER:
        return _ANY_NUMBER[sign](a, b)
    return _double_parts(sign, a, b) if double else _exact_parts(sign, a, b)


def _exact_parts(sign: str, a: Any, b: Any) -> Any:
    if not b:
        raise Unevaluable("division by zero")
    if sign == "div":
        return divided(Decimal(a), Decimal(b))
    quotient = _truncated(Decimal(a), Decimal(b))
    if sign == "idiv":
        return quotient
    return a - b * quotient


def _truncated(a: Decimal, b: Decimal) -> int:
    """The whole number of times that b goes into a."""
    digits = max(1, a.adjusted() - b.adjusted() + 2) + 2
    return int(_context(digits).divide_int(a, b))


def divided(a: Decimal, b: Decimal) -> Decimal:
    """A quotient with as many digits behind the point as Saxon keeps.

    These are 18, and more if the dividend has more of them than the divisor; half is cut off.
    """
    if b == _HUNDRED and a.as_tuple().exponent >= 2 - _DIGITS:  # type: ignore[operator]
        return a.scaleb(-2)  # no digit is lost
    if not b:
        raise Unevaluable("division by zero")
    scale = _DIGITS + max(0, _scale(a) - _scale(b))
    context = _context(max(1, a.adjusted() - b.adjusted() + 1) + scale + 2)
    result = context.divide(a, b).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_DOWN, context)
    return result if result else abs(result)


def _scale(number: Decimal) -> int:
    """Digits behind the point, without zeros at the end."""
    return max(0, -int(number.normalize().as_tuple().exponent))


@lru_cache(maxsize=100)
def _context(digits: int) -> Context:
    return Context(prec=digits, Emax=10**9, Emin=-(10**9))


def _double_parts(sign: str, a: float, b: float) -> Any:
    if sign == "div":
        return _quotient(a, b)
    if sign == "mod":
        return math.fmod(a, b) if math.isfinite(a) and b else math.nan
    if b == 0 or b != b or not math.isfinite(a):
        raise Unevaluable("division by zero")
    return int(a / b)


def _quotient(a: float, b: float) -> float:
    if b:
        return a / b
    if a == 0 or a != a or b != b:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1, b)


def negative(a: Any) -> Any:
    """Unary minus of an optional item."""
    return None if a is None else -numeric(a)


def rounded(a: Any) -> Any:
    """fn:round: ties towards positive infinity."""
    if a is None:
        return None
    a = numeric(a)
    if isinstance(a, int):
        return a
    if isinstance(a, float):
        if not math.isfinite(a) or a == 0:
            return a
        below = math.floor(a)
        return math.copysign(float(below + (a - below >= 0.5)), a)
    result = (a + _HALF).to_integral_value(ROUND_FLOOR)
    return result if result else abs(result)


def total(items: Iterable[Any]) -> Any:
    """fn:sum; 0 for the empty sequence."""
    result: Any = None
    for item in atoms(items):
        number = numeric(item)
        if result is None:
            result = number
        elif isinstance(result, float) or isinstance(number, float):
            result = to_double(result) + to_double(number)
        else:
            result = result + number
    return 0 if result is None else result


def total_of_nodes(nodes: Iterable[Any]) -> int | float:
    """fn:sum of untyped values: doubles, added from left to right."""
    result: int | float = 0
    first = True
    for node in nodes:
        number = double_of(node.text)
        result = number if first else result + number
        first = False
    return result


def average(items: Iterable[Any]) -> Any:
    """fn:avg; once it is NaN it stays so, whatever follows."""
    result: Any = None
    number = 0
    for item in atoms(items):
        value = numeric(item)
        result = value if result is None else arithmetic("+", result, value)
        number += 1
        if result != result:
            return math.nan
    return arithmetic("div", result, number)


def absolute(item: Any) -> Any:
    """fn:abs of an optional item."""
    return None if item is None else abs(numeric(item))


def extreme(items: Iterable[Any], largest: bool) -> Any:
    """fn:max and fn:min; NaN wins as soon as it is met."""
    result: Any = None
    inexact = False
    for item in atoms(items):
        value = double_of(item) if isinstance(item, Untyped) else item
        if value != value:
            return math.nan
        inexact = inexact or isinstance(value, float)
        better = operator.gt if largest else operator.lt
        if result is None or same_kind(better, value, result):
            result = value
    return to_double(result) if inexact else result
