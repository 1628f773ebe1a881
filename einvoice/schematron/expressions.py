"""Literals, variables, conditions, loops and casts as Python expressions."""

from __future__ import annotations

from einvoice.schematron import calls, comparisons, paths
from einvoice.schematron.dependence import is_safe
from einvoice.schematron.generate import (
    Generator,
    Maker,
    as_value,
    literal_number,
    sequence_of,
)
from einvoice.schematron.shapes import (
    XS,
    Code,
    Item,
    Scope,
    Uncompilable,
    as_sequence,
    as_strict,
    many,
    maybe,
    one,
    truth,
)
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    ContextItem,
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

#: Atomic type -> (Python function that casts, type of the result).
CASTS: dict[str, tuple[str, Item]] = {
    f"{XS}string": ("r.string", "text"),
    f"{XS}decimal": ("r.to_decimal", "decimal"),
    f"{XS}integer": ("r.to_integer", "integer"),
    f"{XS}double": ("r.to_double", "double"),
    f"{XS}boolean": ("r.to_boolean", "truth"),
    f"{XS}date": ("r.to_date", "date"),
}


def _text(g: Generator, expression: Text, scope: Scope) -> Code:
    return one(repr(expression.value), "text")


def _number(g: Generator, expression: Number, scope: Scope) -> Code:
    item: Item = "decimal"
    if isinstance(expression.value, int):
        item = "integer"
    elif isinstance(expression.value, float):
        item = "double"
    return one(literal_number(expression.value, g), item)


def _variable(g: Generator, expression: Variable, scope: Scope) -> Code:
    if expression.name not in scope.variables:
        raise Uncompilable(f"the variable ${expression.name} is not declared")
    return scope.variables[expression.name]


def _context(g: Generator, expression: ContextItem, scope: Scope) -> Code:
    if scope.context is None:
        return many("r.fail('there is no context item in a function')", "any")
    return one(scope.context, scope.item)


def _sequence(g: Generator, expression: Sequence, scope: Scope) -> Code:
    if len(expression.items) == 1:
        return g.make(expression.items[0], scope)
    if not expression.items:
        return many("()", "any")
    return sequence_of([g.make(each, scope) for each in expression.items], g)


def _if(g: Generator, expression: If, scope: Scope) -> Code:
    test = g.truth(expression.test, scope)
    then, other = g.make(expression.then, scope), g.make(expression.otherwise, scope)
    if then.count == other.count == "one" and not (then.nowhere or other.nowhere):
        if then.item == other.item:
            text = f"({then.text} if {test} else {other.text})"
            return one(text, then.item, strict=then.strict and other.strict)
        return one(f"({as_value(then)} if {test} else {as_value(other)})", "any")
    if then.item == other.item:
        lists = (g.as_nodes(then), g.as_nodes(other))
        if then.item != "node":
            lists = (as_sequence(then), as_sequence(other))
        return many(f"({lists[0]} if {test} else {lists[1]})", then.item)
    return many(f"({g.as_items(then)} if {test} else {g.as_items(other)})", "any")


def _bound(g: Generator, items: Code, variable: str) -> tuple[Code, str]:
    """The variable of a loop, and what it runs over."""
    if items.item == "node":
        return one(variable, "node"), f"t.spend({g.as_nodes(items)})"
    return one(variable, items.item), f"t.spend({as_sequence(items)})"


def _for(g: Generator, expression: For, scope: Scope) -> Code:
    name = g.fresh("v")
    code, source = _bound(g, g.make(expression.items, scope), name)
    body = g.make(expression.body, scope.bind(expression.variable, code, safe=True))
    if body.count == "one" and not body.nowhere:
        return many(f"[{as_strict(body).text} for {name} in {source}]", body.item)
    inner = g.fresh("w")
    text = g.as_nodes(body) if body.item == "node" else as_sequence(body)
    return many(f"[{inner} for {name} in {source} for {inner} in t.spend({text})]", body.item)


def _quantified(g: Generator, expression: Quantified, scope: Scope) -> Code:
    name = g.fresh("v")
    code, source = _bound(g, g.make(expression.items, scope), name)
    test = g.truth(expression.test, scope.bind(expression.variable, code, safe=True))
    if not is_safe(expression.test):  # an item behind the one that decides must not be seen
        word = "not " if expression.every else ""
        return truth(f"({word}any(True for {name} in {source} if {word}{test}))")
    if expression.every:
        return truth(f"(not [1 for {name} in {source} if not {test}])")
    return truth(f"[1 for {name} in {source} if {test}]", strict=False)


def _typed(g: Generator, expression: Typed, scope: Scope) -> Code:
    optional = expression.occurrence == "?"
    if expression.operator in ("cast", "castable") and expression.type in CASTS:
        function, item = CASTS[expression.type]
        if expression.operator == "castable":
            items = g.items(expression.operand, scope)
            return truth(f"r.castable({function}, {items}, {optional})")
        text = f"r.cast({function}, {g.value(expression.operand, scope)}, {optional})"
        return maybe(text, item) if optional else one(text, item)
    raise Uncompilable(f"{expression.operator} {expression.type} has no translation")


MAKERS: dict[type, Maker] = {
    Text: _text,
    Number: _number,
    Variable: _variable,
    ContextItem: _context,
    Root: paths.root,
    Sequence: _sequence,
    Step: paths.step,
    Slash: paths.slash,
    Filter: paths.filter_,
    Binary: comparisons.binary,
    Negative: comparisons.negative,
    If: _if,
    For: _for,
    Quantified: _quantified,
    Typed: _typed,
    Call: calls.call,
}
