"""Parses match patterns: the contexts of rules."""

from __future__ import annotations

from collections.abc import Mapping

from einvoice.schematron.xpath.lexer import XPathError
from einvoice.schematron.xpath.parser import EVERYWHERE, parse_expression
from einvoice.schematron.xpath.syntax import (
    Binary,
    Expression,
    Filter,
    Pattern,
    Root,
    Sequence,
    Slash,
    Step,
)


def parse_pattern(
    text: str,
    namespaces: Mapping[str, str],
    default_namespace: str | None = None,
    line: int | None = None,
) -> tuple[Pattern, ...]:
    """Parse a match pattern or the context of a rule, an alternative at a time.

    Raises:
        XPathError: it is no pattern.
    """
    expression = parse_expression(text, namespaces, default_namespace, line)
    return tuple(_pattern(each, text, line) for each in _alternatives(expression))


def _alternatives(expression: Expression) -> list[Expression]:
    """The alternatives of a union, also of one inside a path: `(a|b)/c` is `a/c|b/c`."""
    if isinstance(expression, Binary) and expression.operator in ("|", "union"):
        return [*_alternatives(expression.left), *_alternatives(expression.right)]
    if isinstance(expression, Sequence) and len(expression.items) == 1:
        return _alternatives(expression.items[0])
    if isinstance(expression, Filter) and isinstance(expression.base, Binary | Sequence):
        return [_filtered(each, expression) for each in _alternatives(expression.base)]
    if isinstance(expression, Slash):
        return [
            Slash(left, right)
            for left in _alternatives(expression.left)
            for right in _alternatives(expression.right)
        ]
    return [expression]


def _filtered(expression: Expression, outer: Filter) -> Expression:
    """`(a|b)[test]` is `a[test]|b[test]`: predicates of a pattern that count are not in use."""
    if isinstance(expression, Slash):
        return Slash(expression.left, _filtered(expression.right, outer))
    if isinstance(expression, Step):
        predicates = (*expression.predicates, *outer.predicates)
        return Step(expression.axis, expression.test, predicates)
    return Filter(expression, outer.predicates)


def _pattern(expression: Expression, text: str, line: int | None) -> Pattern:
    steps: list[Step] = []
    gaps: list[bool] = []
    rooted = False
    gap = False
    for part in _flat(expression):
        if isinstance(part, Root):
            rooted = True
        elif part == EVERYWHERE:
            gap = True
        elif isinstance(part, Step) and part.axis in ("child", "attribute", "self"):
            steps.append(part)
            gaps.append(gap)
            gap = False
        else:
            raise XPathError("this is no match pattern", text, 0, line)
    return Pattern(tuple(steps), tuple(gaps), rooted and not (gaps and gaps[0]))


def _flat(expression: Expression) -> list[Expression]:
    if isinstance(expression, Slash):
        return [*_flat(expression.left), *_flat(expression.right)]
    return [expression]
