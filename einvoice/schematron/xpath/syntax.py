"""The syntax tree of XPath 2.0 expressions.

Every expression is one of the frozen structs below. Abbreviations are written out: `//` is a step
along descendant-or-self, `..` one along parent, `@x` one along attribute.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Union

import msgspec

Axis = Literal[
    "child",
    "attribute",
    "self",
    "parent",
    "descendant",
    "descendant-or-self",
    "ancestor",
    "ancestor-or-self",
    "preceding",
    "following",
    "preceding-sibling",
    "following-sibling",
]
AXES: frozenset[str] = frozenset(Axis.__args__)  # type: ignore[attr-defined]


class NameTest(msgspec.Struct, frozen=True):
    """A name, where None stands for any namespace or any local name."""

    namespace: str | None
    local: str | None


class KindTest(msgspec.Struct, frozen=True):
    """`node()`, `text()`, `comment()`, `processing-instruction()`, `element()`, `attribute()`."""

    kind: str


class Text(msgspec.Struct, frozen=True):
    """A string literal."""

    value: str


class Number(msgspec.Struct, frozen=True):
    """A numeric literal: xs:integer, xs:decimal or xs:double."""

    value: int | Decimal | float


class Variable(msgspec.Struct, frozen=True):
    """`$name`, the name with its prefix."""

    name: str


class ContextItem(msgspec.Struct, frozen=True):
    """`.`."""


class Root(msgspec.Struct, frozen=True):
    """`/`, the document node above the context item."""


class Step(msgspec.Struct, frozen=True):
    """An axis step with its predicates."""

    axis: Axis
    test: NameTest | KindTest
    predicates: tuple[Expression, ...] = ()


class Slash(msgspec.Struct, frozen=True):
    """`left/right`: the right side for each node of the left one."""

    left: Expression
    right: Expression


class Filter(msgspec.Struct, frozen=True):
    """A primary expression with predicates."""

    base: Expression
    predicates: tuple[Expression, ...]


class Call(msgspec.Struct, frozen=True):
    """A function call; the name is a Clark name, standard functions are in no namespace."""

    name: str
    arguments: tuple[Expression, ...]


class Binary(msgspec.Struct, frozen=True):
    """An operator with two operands: `or and + - * div idiv mod = eq << | intersect to ...`."""

    operator: str
    left: Expression
    right: Expression


class Negative(msgspec.Struct, frozen=True):
    """`-operand`."""

    operand: Expression


class If(msgspec.Struct, frozen=True):
    """`if (test) then ... else ...`."""

    test: Expression
    then: Expression
    otherwise: Expression


class For(msgspec.Struct, frozen=True):
    """`for $x in ... return ...`; several variables are nested."""

    variable: str
    items: Expression
    body: Expression


class Quantified(msgspec.Struct, frozen=True):
    """`some $x in ... satisfies ...` or `every ...`; several variables are nested."""

    every: bool
    variable: str
    items: Expression
    test: Expression


class Sequence(msgspec.Struct, frozen=True):
    """`(a, b, c)`; empty for `()`."""

    items: tuple[Expression, ...]


class Typed(msgspec.Struct, frozen=True):
    """`instance of`, `treat as`, `castable as` or `cast as` a sequence type such as `xs:date?`."""

    operator: str
    operand: Expression
    type: str  #: Clark name of an atomic type, or the text of a kind test
    occurrence: str = ""  #: `?`, `*`, `+` or nothing


Expression = Union[  # noqa: UP007 - a name that msgspec and mypy both resolve
    Text,
    Number,
    Variable,
    ContextItem,
    Root,
    Step,
    Slash,
    Filter,
    Call,
    Binary,
    Negative,
    If,
    For,
    Quantified,
    Sequence,
    Typed,
]


class Pattern(msgspec.Struct, frozen=True):
    """One alternative of a match pattern, to be tested from the node upwards.

    `steps` are read from the last to the first; `gaps[i]` says whether step i may stand anywhere
    below step i-1 (`//`) or must be its child. The first gap is for the beginning of the pattern.
    """

    steps: tuple[Step, ...]
    gaps: tuple[bool, ...]
    rooted: bool  #: begins at the document node
