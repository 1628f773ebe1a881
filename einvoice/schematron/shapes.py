"""What a generated Python expression gives, and what is known of an expression beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from einvoice.errors import EInvoiceError
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    Expression,
    NameTest,
    Negative,
    Number,
    Sequence,
    Slash,
    Step,
    Text,
    Variable,
)

#: nodes and items are lists; a truth, a text and an exact number are one; an optional item may be
#: None; a single item is never None.
Shape = Literal["nodes", "items", "truth", "text", "exact", "optional", "single"]

XS = "{http://www.w3.org/2001/XMLSchema}"
LISTS = ("nodes", "items")


class Uncompilable(EInvoiceError):
    """An expression that has no translation; the rule set has to be run by Saxon."""


class Code(msgspec.Struct, frozen=True):
    """A Python expression and what it gives."""

    text: str
    shape: Shape


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression sees: the context item, its position, and variables."""

    context: str | None  #: Python name of the context node; None in a function
    single_context: bool = True  #: the context is a node; false for an atomic item
    position: str | None = None
    size: str | None = None
    variables: Mapping[str, Code] = {}
    current: str | None = None  #: of the rule, for current()

    def bind(self, name: str, code: Code) -> Scope:
        """The scope with one more variable."""
        return msgspec.structs.replace(self, variables={**self.variables, name: code})

    def at(self, context: str, position: str | None = None, size: str | None = None) -> Scope:
        """The scope with another context item."""
        return msgspec.structs.replace(self, context=context, position=position, size=size)


def clark(test: NameTest) -> str:
    """The Clark name of an exact name test."""
    return f"{{{test.namespace}}}{test.local}" if test.namespace else str(test.local)


def name_condition(node: str, test: NameTest) -> str:
    """A name test as a Python condition; empty if any name will do."""
    if test.namespace is None and test.local is None:
        return ""
    if test.local is None:
        return f"{node}.name.startswith({'{' + str(test.namespace) + '}'!r})"
    if test.namespace is None:
        return f"{node}.name.rpartition('}}')[2] == {test.local!r}"
    return f"{node}.name == {clark(test)!r}"


#: Axis -> the nodes along it.
WALKS = {
    "child": "{node}.children",
    "attribute": "{node}.all_attributes()",
    "self": "[{node}]",
    "parent": "[n for n in ({node}.parent,) if n is not None]",
    "descendant": "t.nodes[{node}.order : {node}.end]",
    "descendant-or-self": "[{node}, *t.nodes[{node}.order : {node}.end]]",
    "ancestor": "{node}.ancestors()",
    "ancestor-or-self": "[{node}, *{node}.ancestors()]",
    "preceding": "s.preceding(t, {node})",
    "following": "s.following(t, {node})",
    "preceding-sibling": "s.siblings({node}, True)",
    "following-sibling": "s.siblings({node}, False)",
}


def counts(test: Expression) -> bool:
    """Whether a predicate asks for position() or last() of its own context."""
    if isinstance(test, Call):
        return test.name in ("position", "last") or any(counts(a) for a in test.arguments)
    if isinstance(test, Binary):
        return counts(test.left) or counts(test.right)
    if isinstance(test, Sequence):
        return any(counts(item) for item in test.items)
    return isinstance(test, Negative) and counts(test.operand)


def code_list(expression: Expression) -> tuple[str, str, Expression] | None:
    """`document('db.xml')/codedb/cl[@id=4]/enumeration[@value=$x]`: is $x in code list 4?

    Factur-X asks so hundreds of times; a set answers at once.
    """
    match expression:
        case Slash(
            Slash(
                Slash(Call("document", (Text(file),)), Step("child", NameTest("", "codedb"), ())),
                Step("child", NameTest("", "cl"), (Binary("=", identifier, Number(number)),)),
            ),
            Step("child", NameTest("", "enumeration"), (Binary("=", value, wanted),)),
        ) if identifier == _attribute("id") and value == _attribute("value"):
            return (file, str(number), wanted) if isinstance(wanted, Variable) else None
    return None


def _attribute(name: str) -> Step:
    return Step("attribute", NameTest("", name))


def texts_of(expression: Expression) -> list[str] | None:
    """The texts of a literal or of a sequence of literals."""
    if isinstance(expression, Text):
        return [expression.value]
    if isinstance(expression, Sequence) and expression.items:
        if all(isinstance(item, Text) for item in expression.items):
            return [item.value for item in expression.items if isinstance(item, Text)]
        if len(expression.items) == 1:
            return texts_of(expression.items[0])
    return None
