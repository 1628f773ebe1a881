"""What the value of an expression depends on, and whether it can fail."""

from __future__ import annotations

from functools import lru_cache

from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    ContextItem,
    Expression,
    Filter,
    For,
    If,
    Negative,
    Number,
    Quantified,
    Root,
    Sequence,
    Slash,
    Step,
    Text,
    Typed,
    Variable,
)

FOCUS, ROOT, CURRENT = ".", "/", "current()"
#: Functions that look at the context item if they have no argument.
IMPLICIT = frozenset(
    ("normalize-space", "string-length", "number", "string", "name", "local-name", "namespace-uri")
)
_OF_FOCUS = frozenset(("position", "last"))
_NOTHING: frozenset[str] = frozenset()
_HERE = frozenset((FOCUS,))


@lru_cache(maxsize=100_000)
def depends(expression: Expression) -> frozenset[str]:
    """The variables, and which of FOCUS, ROOT and CURRENT, an expression takes its value from."""
    match expression:
        case Variable(name):
            return frozenset((f"${name}",))
        case Root():
            return frozenset((ROOT,))
        case ContextItem():
            return _HERE
        case Step(_, _, predicates):
            return _HERE | _inside(predicates)
        case Slash(left, right):
            return depends(left) | (depends(right) - _HERE)
        case Filter(base, predicates):
            return depends(base) | _inside(predicates)
        case For(variable, items, body) | Quantified(_, variable, items, body):
            return depends(items) | (depends(body) - {f"${variable}"})
        case Call(name, arguments):
            return _of_call(name, arguments)
    return _joined(children(expression))


def _of_call(name: str, arguments: tuple[Expression, ...]) -> frozenset[str]:
    if name == "current":
        return frozenset((CURRENT,))
    if name in _OF_FOCUS or (name in IMPLICIT and not arguments):
        return _HERE
    if name == "key":
        return _joined(arguments) | {ROOT}
    return _joined(arguments)


def _inside(predicates: tuple[Expression, ...]) -> frozenset[str]:
    return _joined(predicates) - _HERE


def _joined(parts: tuple[Expression, ...]) -> frozenset[str]:
    return _NOTHING.union(*(depends(part) for part in parts))


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that an expression consists of."""
    match expression:
        case Binary(_, left, right) | Slash(left, right):
            return (left, right)
        case Negative(operand) | Typed(_, operand, _, _):
            return (operand,)
        case If(test, then, otherwise):
            return (test, then, otherwise)
        case For(_, items, body) | Quantified(_, _, items, body):
            return (items, body)
        case Sequence(items):
            return items
        case Filter(base, predicates):
            return (base, *predicates)
        case Step(_, _, predicates):
            return predicates
        case Call(_, arguments):
            return arguments
    return ()


def mentions(expression: Expression, *names: str) -> bool:
    """Whether one of these functions is called anywhere in an expression."""
    if isinstance(expression, Call) and expression.name in names:
        return True
    return any(mentions(part, *names) for part in children(expression))


def counts(test: Expression) -> bool:
    """Whether a predicate asks for position() or last() of its own context."""
    match test:
        case Call(name, arguments):
            return name in _OF_FOCUS or any(counts(each) for each in arguments)
        case Step() | Variable() | Text() | Number() | Root() | ContextItem():
            return False
        case Slash(left, _):
            return counts(left)
        case Filter(base, _):
            return counts(base)
    return any(counts(part) for part in children(test))


_SAFE = frozenset(("not", "exists", "empty", "count", "true", "false", "boolean"))


def is_safe(expression: Expression, known: frozenset[str] = _NOTHING) -> bool:
    """Whether a condition cannot fail, whatever the document holds.

    Args:
        expression: the condition.
        known: the variables that give nodes or strings.
    """
    match expression:
        case Text() | Number() | Root() | ContextItem():
            return True
        case Call(name, arguments):
            return name in _SAFE and all(is_safe(each, known) for each in arguments)
        case Binary(operator, left, right) if operator in ("=", "!="):
            return _is_path_or_text(left, known) and _is_path_or_text(right, known)
        case Binary(operator, left, right) if operator in ("and", "or", "|"):
            return is_safe(left, known) and is_safe(right, known)
        case Sequence((single,)):
            return is_safe(single, known)
    return _is_path_or_text(expression, known)


def _is_path_or_text(expression: Expression, known: frozenset[str]) -> bool:
    match expression:
        case Text() | ContextItem() | Root():
            return True
        case Variable(name):
            return name in known
        case Step(_, _, predicates):
            return all(is_safe(each, known) for each in predicates)
        case Sequence(items):
            return all(_is_path_or_text(each, known) for each in items)
        case Slash(left, right) | Binary("|", left, right):
            return _is_path_or_text(left, known) and _is_path_or_text(right, known)
    return False
