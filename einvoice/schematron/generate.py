"""Turns XPath expressions into Python expressions: the generator that the other parts share.

Every expression becomes one Python expression over `runtime` (r), `operators` (o), `functions` (f)
and `nodes` (s). What is known of its type decides its form, so that a test of a single value costs
what it would cost by hand. In the generated text `t` is the run: document, indexes, memory.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec

from einvoice.schematron.dependence import FOCUS, ROOT, depends, mentions
from einvoice.schematron.shapes import (
    NUMBERS,
    STRINGS,
    Code,
    Scope,
    Uncompilable,
    as_sequence,
    as_strict,
    many,
)
from einvoice.schematron.xpath.syntax import (
    Call,
    ContextItem,
    Expression,
    Number,
    Root,
    Sequence,
    Text,
    Variable,
)

Maker = Callable[["Generator", Any, Scope], Code]


class Generator:
    """Makes Python of expressions; the functions and constants that it needs are kept beside."""

    def __init__(self, makers: dict[type, Maker]) -> None:
        self._makers = makers
        self.functions: dict[str, Own] = {}  #: of the rule set, by Clark name
        self.keys: dict[str, str] = {}  #: name of a key -> Python function
        self.lines: list[str] = []  #: definitions of functions
        self._constants: dict[str, str] = {}  #: text of a constant -> name
        self.indexes: dict[object, str] = {}  #: of joins -> Python function
        self._hoisted: dict[str, Code] = {}
        self._numbers = count()

    # Names.

    def fresh(self, prefix: str = "n") -> str:
        """A Python name that is not in use."""
        return f"{prefix}{next(self._numbers)}"

    def constant(self, text: str, prefix: str = "K") -> str:
        """The name of a constant, given as Python text."""
        return self._constants.setdefault(text, f"{prefix}{len(self._constants)}")

    def element_name(self, name: str) -> str:
        """The Python name of an element's or attribute's Clark name."""
        return self.constant(f"intern({name!r})", "N")

    def constants(self) -> list[str]:
        """The definitions of all constants."""
        return [f"{name} = {text}" for text, name in self._constants.items()]

    # What an expression gives, in the form that is wanted.

    def make(self, expression: Expression, scope: Scope) -> Code:
        """In the form that comes by itself; once per document if it is the same all over it."""
        expression = self.resolved(expression, scope)
        if self.is_fixed(expression, scope):
            return self._remembered(expression, scope)
        return self.make_here(expression, scope)

    def resolved(self, expression: Expression, scope: Scope) -> Expression:
        """A literal instead of the variable that stands for it."""
        if isinstance(expression, Variable):
            return scope.literals.get(expression.name, expression)
        return expression

    def make_here(self, expression: Expression, scope: Scope) -> Code:
        """In the form that comes by itself, evaluated where it stands."""
        maker = self._makers.get(type(expression))
        if maker is None:
            raise Uncompilable(f"{type(expression).__name__} has no translation")
        return maker(self, expression, scope)

    def items(self, expression: Expression, scope: Scope) -> str:
        """As a sequence: nodes in document order, untyped values marked as such."""
        return self.as_items(self.make(expression, scope))

    def as_items(self, code: Code) -> str:
        """The same of code."""
        if code.item == "node":
            return self.as_nodes(code)
        if code.item == "untyped":
            return f"f.as_untyped({as_sequence(code)})"
        return as_sequence(code)

    def as_nodes(self, code: Code) -> str:
        """Nodes as a sequence in document order, each once."""
        text = as_sequence(code)
        return text if code.ordered and code.unique else f"s.distinct({text})"

    def truth(self, expression: Expression, scope: Scope) -> str:
        """As a Python condition with its effective boolean value."""
        code = self.make(expression, scope)
        if code.exists:
            return code.exists
        if code.item == "node":
            return f"s.real({code.text})" if code.nowhere else code.text
        if code.count == "many":
            return f"r.truth({self.as_items(code)})"
        if code.item in ("truth", "integer", "decimal") or code.item in STRINGS:
            return code.text
        return f"r.truth_of({code.text})"

    def boolean(self, expression: Expression, scope: Scope) -> str:
        """As True or False."""
        code = self.make(expression, scope)
        if code.item == "truth" and code.count == "one" and code.strict:
            return code.text
        return f"bool({self.truth(expression, scope)})"

    def atom(self, expression: Expression, scope: Scope) -> Code:
        """As an optional atomic item: one, or a maybe."""
        return self.as_atom(self.make(expression, scope))

    def as_atom(self, code: Code) -> Code:
        """The same of code."""
        if code.item == "node":
            return self._node_atom(code)
        if code.count != "many":
            return as_strict(code)
        return Code(text=f"r.one({code.text})", item=code.item, count="maybe")

    def _node_atom(self, code: Code) -> Code:
        if code.count == "many":
            return Code(text=f"f.optional_node_text({code.text})", item="untyped", count="maybe")
        if code.count == "one" and not code.nowhere:
            return Code(text=f"{code.text}.text", item="untyped", count="one")
        text = f"f.optional_node_text({as_sequence(code)})"
        return Code(text=text, item="untyped", count="maybe")

    def value(self, expression: Expression, scope: Scope) -> str:
        """As an optional atomic item whose Python type says its type."""
        return as_value(self.atom(expression, scope))

    def text(self, expression: Expression, scope: Scope) -> str:
        """As a str, for an argument that has to be a string; empty if absent."""
        code = self.make(expression, scope)
        if code.item == "node" and not code.nowhere:
            if code.count == "one":
                return f"{code.text}.text"
            return f"f.{'node_text' if code.count == 'many' else 'text_if'}({code.text})"
        if code.item in STRINGS and code.count != "many":
            return code.text if code.count == "one" else f"({code.text} or '')"
        if code.count == "many" or code.item == "node":
            return f"f.text_of({as_sequence(code)})"
        return f"f.text_or_empty({code.text})"

    def texts(self, code: Code) -> str:
        """Nodes or strings as a sequence of str."""
        if code.item == "node":
            loop, variable = self.as_loop(code)
            return f"[{variable}.text {' '.join(loop)}]"
        return as_sequence(code)

    def as_loop(self, code: Code) -> tuple[tuple[str, ...], str]:
        """The clauses of a comprehension over a sequence, and its variable."""
        if code.loop:
            return code.loop, code.variable
        variable = self.fresh()
        return (f"for {variable} in {as_sequence(code)}",), variable

    # What is the same all over a document is evaluated once.

    def is_fixed(self, expression: Expression, scope: Scope) -> bool:
        """Whether the value of an expression is the same all over a document."""
        if isinstance(expression, Text | Number | Variable | ContextItem | Root):
            return False
        if isinstance(expression, Sequence) and not expression.items:
            return False
        if isinstance(expression, Call) and not expression.arguments:
            return False
        needed = depends(expression)
        if ROOT in needed:
            return scope.rooted and all(self.is_known(name, scope) for name in needed - {ROOT})
        return (bool(needed) or self._is_costly(expression)) and all(
            self.is_known(name, scope) for name in needed
        )

    def is_known_inside(self, test: Expression, scope: Scope) -> bool:
        """Whether a predicate depends on its node only, and on what is fixed."""
        return all(name in (FOCUS, ROOT) or self.is_known(name, scope) for name in depends(test))

    def is_known(self, name: str, scope: Scope) -> bool:
        """Whether what an expression depends on is a variable with one value per document."""
        return name[:1] == "$" and (name[1:] in scope.fixed or name[1:] in scope.literals)

    def _is_costly(self, expression: Expression) -> bool:
        if isinstance(expression, Sequence):
            return any(self._is_costly(each) for each in expression.items)
        return not isinstance(expression, Text | Number)

    def _remembered(self, expression: Expression, scope: Scope) -> Code:
        """A function that evaluates an expression once per document."""
        names = {name.removeprefix("$") for name in depends(expression)}
        literals = {n: repr(scope.literals[n]) for n in names & scope.literals.keys()}
        fixed = {n: scope.variables[n].text for n in names & scope.fixed}
        key = repr((expression, sorted(literals.items()), sorted(fixed.items())))
        if key not in self._hoisted:
            inner = msgspec.structs.replace(
                scope, context="t.document", item="node", inner=False, current=None
            )
            code = self.make_here(expression, inner)
            self._hoisted[key] = self.once(code, self.fresh("H"), self.memory(expression, scope))
        return self._hoisted[key]

    def memory(self, expression: Expression, scope: Scope) -> str:
        """Where the value of what is fixed is kept: for the document, or for all documents."""
        of_document = any(name[1:] not in scope.literals for name in depends(expression))
        of_document = of_document or mentions(expression, *self.functions)  # they may see it
        return "t.memory" if of_document else "t.shared"

    def once(self, code: Code, name: str, memory: str = "t.memory") -> Code:
        """A function that gives the value of code, which is evaluated once."""
        text = code.text
        if code.item == "node":
            text = self.as_nodes(code) if code.count == "many" else text
        elif code.item == "truth" and not code.strict:
            text = f"bool({text})"
        self.lines += [
            f"def {name}(t):",
            f"    m = {memory}",
            f"    if {name!r} in m: return m[{name!r}]",
            f"    v = m[{name!r}] = {text}",
            "    return v",
        ]
        return msgspec.structs.replace(
            code,
            text=f"{name}(t)",
            loop=(),
            variable="",
            ordered=True,
            unique=True,
            strict=True,
            exists="",
        )


class Own(msgspec.Struct, frozen=True):
    """A function of the rule set."""

    name: str  #: in Python
    parameters: tuple[str | None, ...]  #: their types
    result: Code


def as_value(code: Code) -> str:
    """An optional atomic item whose Python type says its type."""
    if code.item != "untyped":
        return code.text
    if code.count == "one":
        return f"r.Untyped({code.text})"
    return f"r.untyped_or_none({code.text})"


def literal_number(value: object, generator: Generator) -> str:
    """A number as Python text."""
    if isinstance(value, Decimal):
        return generator.constant(f"Decimal({str(value)!r})")
    return repr(value)


def is_number(code: Code) -> bool:
    """Whether code gives numbers."""
    return code.item in NUMBERS


def sequence_of(parts: list[Code], generator: Generator) -> Code:
    """Several sequences after each other."""
    if all(part.item == parts[0].item and part.item != "node" for part in parts):
        texts = [part.text if part.count == "one" else f"*{as_sequence(part)}" for part in parts]
        return many(f"({', '.join(texts)},)", parts[0].item)
    texts = [f"*{generator.as_items(part)}" for part in parts]
    if all(part.item == "node" for part in parts):
        # a sequence, not a union: in the order written, and with what comes twice
        return many(f"({', '.join(texts)},)", "node")
    return many(f"({', '.join(texts)},)", "any")
