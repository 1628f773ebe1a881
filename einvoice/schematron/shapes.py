"""What a generated Python expression gives: the type of its items and how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from einvoice.errors import EInvoiceError
from einvoice.schematron.xpath.syntax import Expression, NameTest

XS = "{http://www.w3.org/2001/XMLSchema}"

#: Types of items. An untyped value is a plain str in Python, as a text is; in a sequence of any
#: items it is an `Untyped`. A number may be of any numeric type.
Item = Literal[
    "node", "untyped", "text", "truth", "integer", "decimal", "double", "number", "date", "any"
]
#: One item is the Python value; a maybe is the value or None; many are a list or tuple.
Count = Literal["one", "maybe", "many"]

NUMBERS = frozenset(("integer", "decimal", "double", "number"))
STRINGS = frozenset(("text", "untyped"))


class Uncompilable(EInvoiceError):
    """An expression that has no translation; the rule set has to be run by Saxon."""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A Python expression and what it gives."""

    text: str
    item: Item
    count: Count
    loop: tuple[str, ...] = ()  #: clauses of a comprehension that gives the same, item by item
    variable: str = ""  #: of that comprehension
    ordered: bool = True  #: nodes come in document order
    unique: bool = True  #: no node comes twice
    flat: bool = True  #: no node is inside another one
    strict: bool = True  #: a truth is a bool and not any Python value that is true or false
    exists: str = ""  #: cheaper code that is true or false as the effective boolean value is
    nowhere: bool = False  #: the node may be the one above the document, which does not exist


def one(text: str, item: Item, *, strict: bool = True) -> Code:
    """Code that gives one item."""
    return Code(text=text, item=item, count="one", strict=strict)


def maybe(text: str, item: Item) -> Code:
    """Code that gives an item or None."""
    return Code(text=text, item=item, count="maybe")


def many(text: str, item: Item) -> Code:
    """Code that gives a sequence."""
    return Code(text=text, item=item, count="many")


def truth(text: str, *, strict: bool = True) -> Code:
    """Code that gives true or false."""
    return one(text, "truth", strict=strict)


def looped(loop: tuple[str, ...], variable: str, out: str = "") -> str:
    """A list made by clauses."""
    if len(loop) == 1 and not out:
        return loop[0].removeprefix(f"for {variable} in ")
    return f"[{out or variable} {' '.join(loop)}]"


def as_sequence(code: Code) -> str:
    """Code that can be iterated over, and has a length."""
    if code.count == "many":
        return code.text
    if code.nowhere:
        return f"r.listed(s.real({code.text}))"
    code = as_strict(code)
    return f"r.listed({code.text})" if code.count == "maybe" else f"({code.text},)"


def as_strict(code: Code) -> Code:
    """A truth as a bool."""
    return (
        code
        if code.strict
        else msgspec.structs.replace(code, text=f"bool({code.text})", strict=True)
    )


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression sees: the context item, its position, and variables."""

    context: str | None  #: Python name of the context item; None in a function
    item: Item = "node"  #: type of the context item
    inner: bool = False  #: the context is an element or attribute, never the document
    position: str | None = None
    size: str | None = None
    variables: Mapping[str, Code] = {}
    fixed: frozenset[str] = frozenset()  #: variables with one value per document
    safe: frozenset[str] = frozenset()  #: variables of nodes or strings that cannot fail
    literals: Mapping[str, Expression] = {}  #: variables whose value is a literal
    current: str | None = None  #: of the rule, for current()
    rooted: bool = True  #: `/` is the document; in a function it is an error

    def bind(self, name: str, code: Code, *, safe: bool = False) -> Scope:
        """The scope with one more variable; a safe one cannot fail when it is evaluated."""
        literals = {k: v for k, v in self.literals.items() if k != name}
        plain = safe and (code.item == "node" or code.item in STRINGS)
        return msgspec.structs.replace(
            self,
            variables={**self.variables, name: code},
            fixed=self.fixed - {name},
            safe=self.safe | {name} if plain else self.safe - {name},
            literals=literals,
        )

    def bind_literal(self, name: str, value: Expression) -> Scope:
        """The scope with a variable whose value is known."""
        return msgspec.structs.replace(self, literals={**self.literals, name: value})

    def at(
        self, context: str, item: Item, *, position: str | None = None, size: str | None = None
    ) -> Scope:
        """The scope with another context item."""
        return msgspec.structs.replace(
            self, context=context, item=item, inner=False, position=position, size=size
        )


def clark(test: NameTest) -> str | None:
    """The Clark name of an exact name test; None for one with a wildcard."""
    if test.namespace is None or test.local is None:
        return None
    return f"{{{test.namespace}}}{test.local}" if test.namespace else test.local


def name_condition(name: str, test: NameTest) -> str:
    """A name test with a wildcard, as a Python condition on a name; empty if any will do."""
    if test.namespace is None and test.local is None:
        return ""
    if test.local is None:
        if not test.namespace:
            return f"{name}[:1] != '{{'"
        return f"{name}.startswith({'{' + test.namespace + '}'!r})"
    return f"{name}.rpartition('}}')[2] == {test.local!r}"
