"""Which elements have to be there for a check to fire.

Most checks of the published rule sets are true unless some element exists. Where that is certain,
and evaluating the test without the element cannot fail, the check is not run on a document that
has no such element.
"""

from __future__ import annotations

import operator

import msgspec

from einvoice.schematron.dependence import is_safe
from einvoice.schematron.shapes import XS, clark
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    Expression,
    Filter,
    KindTest,
    NameTest,
    Number,
    Quantified,
    Root,
    Sequence,
    Slash,
    Step,
    Text,
)

_EVERYWHERE = Step("descendant-or-self", KindTest("node"))
_PARENT = Step("parent", KindTest("node"))
_COMPARE = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
#: Functions that give nothing for nothing, and those that give the empty string for it.
_EMPTY = frozenset((f"{XS}decimal", f"{XS}date", f"{XS}integer", "round", "abs", "data"))
_BLANK = frozenset(("normalize-space", "string", "upper-case", "lower-case"))
_OF_PART = frozenset(("substring-after", "substring-before"))


class Guard(msgspec.Struct, frozen=True):
    """Elements that a check waits for: by names downwards, from where `start` says."""

    start: int | None  #: parents up from the context node; None for the document
    names: tuple[str, ...]
    anywhere: bool = False  #: at any depth


Guards = tuple[Guard, ...]


def passes_without(test: Expression) -> Guards | None:
    """Elements without which a test is true; None if it may be false all the same."""
    match test:
        case Sequence((single,)):
            return passes_without(single)
        case Call("true", ()):
            return ()
        case Call("not", (inner,)):
            return fails_without(inner)
        case Call("empty", (inner,)) | Quantified(True, _, inner, _):
            return _nothing_without(inner)
        case Binary("and", left, right):
            return _both(passes_without(left), passes_without(right))
        case Binary("or", left, right):
            return _first_true(left, right)
        case Binary(sign, left, Number(value)) if sign in _COMPARE and not _is_real(value):
            return _zero_without(left) if _COMPARE[sign](0, value) else None
        case Binary("=", left, Text("")):
            return _blank_without(left)
    return None


def _is_real(value: object) -> bool:
    return isinstance(value, float)


def _first_true(left: Expression, right: Expression) -> Guards | None:
    found = passes_without(left)
    if found is not None:
        return found
    return _both(fails_without(left), passes_without(right))


def fails_without(test: Expression) -> Guards | None:
    """Elements without which a test is false; None if it may be true all the same."""
    match test:
        case Sequence((single,)):
            return fails_without(single)
        case Call("false", ()):
            return ()
        case Call("not", (inner,)):
            return passes_without(inner)
        case Call("exists", (inner,)) | Quantified(False, _, inner, _):
            return _nothing_without(inner)
        case Binary("or", left, right):
            return _both(fails_without(left), fails_without(right))
        case Binary("and", left, right):
            return _first_false(left, right)
        case Binary(sign, left, right) if sign in _COMPARE:
            return _no_comparison(sign, left, right)
        case Call(name, _) if name in _BLANK or name in _OF_PART:
            return _blank_without(test)
        case Call("contains" | "starts-with" | "ends-with", (whole, Text(part))) if part:
            return _blank_without(whole)
    return _nothing_without(test)


def _first_false(left: Expression, right: Expression) -> Guards | None:
    found = fails_without(left)
    if found is None and is_safe(left):
        return fails_without(right)
    return found


def _no_comparison(sign: str, left: Expression, right: Expression) -> Guards | None:
    match left, right:
        case _, Number(value) if not _is_real(value) and not _COMPARE[sign](0, value):
            if (found := _zero_without(left)) is not None:
                return found
        case _, Text(value) if _COMPARE[sign]("", value) is False:
            if (found := _blank_without(left)) is not None:
                return found
    found, other = _nothing_without(left), _nothing_without(right)
    if found is not None and (isinstance(right, Text | Number) or is_safe(right)):
        return found
    if other is not None and (isinstance(left, Text | Number) or is_safe(left)):
        return other
    return _both(found, other)


def _zero_without(number: Expression) -> Guards | None:
    """Elements without which a number is 0."""
    match number:
        case Sequence((single,)):
            return _zero_without(single)
        case Call("count", (inner,)):
            return _nothing_without(inner)
        case Call("string-length", (inner,)):
            return _blank_without(inner)
    return None


def _blank_without(text: Expression) -> Guards | None:
    """Elements without which a string is empty."""
    match text:
        case Sequence((single,)):
            return _blank_without(single)
        case Call(name, (inner,)) if name in _BLANK:
            return _nothing_or_blank(inner)
        case Call(name, (inner, Text(_))) if name in _OF_PART:
            return _nothing_or_blank(inner)
    return None


def _nothing_or_blank(inner: Expression) -> Guards | None:
    found = _nothing_without(inner)
    return _blank_without(inner) if found is None else found


def _nothing_without(sequence: Expression) -> Guards | None:
    """Elements without which a sequence is empty."""
    match sequence:
        case Sequence(items) if items:
            return _all(items)
        case Binary("|", left, right):
            return _all((left, right))
        case Filter(base, _):
            return _nothing_without(base)
        case Call(name, (inner,)) if name in _EMPTY:
            return _nothing_without(inner)
        case Step() | Slash():
            return _path(sequence)
    return None


def _all(parts: tuple[Expression, ...]) -> Guards | None:
    found: Guards | None = ()
    for part in parts:
        found = _both(found, _nothing_without(part))
    return found


def _path(path: Expression) -> Guards | None:
    """Elements that a path leads through."""
    match path:
        case Step("child", NameTest() as test, _) if (name := clark(test)) is not None:
            return (Guard(0, (name,)),)
        case Slash(Slash(Root(), step), right) if step == _EVERYWHERE:
            return _further((Guard(None, (), anywhere=True),), right)
        case Slash(Root(), right):
            return _further((Guard(None, ()),), right)
        case Slash(left, right):
            if (up := _parents(left)) is not None:
                return _further((Guard(up, ()),), right)
            before = _nothing_without(left)
            return None if before is None else _further(before, right)
    return None


def _parents(path: Expression) -> int | None:
    """How many parents up `../..` is."""
    if path == _PARENT:
        return 1
    if isinstance(path, Slash) and path.right == _PARENT:
        above = _parents(path.left)
        return None if above is None else above + 1
    return None


def _further(guards: Guards, step: Expression) -> Guards | None:
    """The guards of a path with one more step."""
    if isinstance(step, Step) and step.axis == "child" and isinstance(step.test, NameTest):
        name = clark(step.test)
        if name is not None:
            return tuple(
                msgspec.structs.replace(guard, names=(*guard.names, name)) for guard in guards
            )
    return guards if all(guard.names for guard in guards) else None


def _both(left: Guards | None, right: Guards | None) -> Guards | None:
    if left is None or right is None:
        return None
    return tuple(dict.fromkeys((*left, *right)))
