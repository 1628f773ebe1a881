"""What the checks of a rule have in common: evaluated once per node instead of once per mention.

Rules write the same path with the same conditions again and again. Such a part becomes a variable
of the rule; as these are evaluated at their first use, a part that fails costs only what needs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from einvoice.schematron.dependence import FOCUS, children, counts, depends
from einvoice.schematron.ir import Let
from einvoice.schematron.xpath.syntax import (
    Call,
    Expression,
    Filter,
    For,
    Quantified,
    Slash,
    Step,
    Variable,
)

_WORTH = 5  #: steps and calls; to look up a value costs as much as about three


def shared(tests: Sequence[Expression]) -> tuple[tuple[Expression, ...], tuple[Let, ...]]:
    """The tests of a rule with variables for what they repeat, and these variables."""
    found = Counter(part for test in tests for part in _parts(test, frozenset()))
    names: dict[Expression, str] = {}
    changed = tuple(_replaced(test, found, names, frozenset()) for test in tests)
    lets = (Let(name=name, value=value) for value, name in names.items())
    return changed, tuple(lets)


def _parts(expression: Expression, bound: frozenset[str]) -> Iterator[Expression]:
    """The parts worth to be remembered that see the node of the rule and no variable of a loop."""
    if _is_own(expression, bound) and _weight(expression) >= _WORTH:
        yield expression
    for part, inner in _inner(expression):
        yield from _parts(part, bound | inner)


def _is_own(expression: Expression, bound: frozenset[str]) -> bool:
    needed = depends(expression)
    return FOCUS in needed and not needed & bound and not counts(expression)


def _inner(expression: Expression) -> Iterable[tuple[Expression, frozenset[str]]]:
    """The parts with the same context node, and the variables that are bound for them."""
    match expression:
        case Slash(left, _):
            parts: tuple[Expression, ...] = (left,)
        case Filter(base, _):
            parts = (base,)
        case Step():
            parts = ()
        case For(name, items, body) | Quantified(_, name, items, body):
            return ((items, frozenset()), (body, frozenset((f"${name}",))))
        case _:
            parts = children(expression)
    return ((part, frozenset()) for part in parts)


def _weight(expression: Expression) -> int:
    own = isinstance(expression, Step | Call)
    return own + sum(map(_weight, children(expression)))


def _replaced(
    expression: Any, found: Counter[Expression], names: dict[Expression, str], bound: frozenset[str]
) -> Any:
    """The expression with variables for the parts that are found more than once."""
    if isinstance(expression, tuple):
        return tuple(_replaced(part, found, names, bound) for part in expression)
    if not isinstance(expression, msgspec.Struct):
        return expression
    if found[expression] > 1 and _is_own(expression, bound):  # type: ignore[index, arg-type]
        return Variable(names.setdefault(expression, f"shared {len(names)}"))  # type: ignore[arg-type]
    kept = {"right"} if isinstance(expression, Slash) else {"predicates"}
    changed = {}
    for name in expression.__struct_fields__:
        part = getattr(expression, name)
        inner = bound
        if isinstance(expression, For | Quantified) and name in ("body", "test"):
            inner = bound | {f"${expression.variable}"}
        changed[name] = part if name in kept else _replaced(part, found, names, inner)
    return type(expression)(**changed)
