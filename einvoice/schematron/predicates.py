"""Predicates of steps and filters as Python expressions."""

from __future__ import annotations

import msgspec

from einvoice.schematron.dependence import counts
from einvoice.schematron.generate import Generator
from einvoice.schematron.shapes import NUMBERS, Code, Scope, as_sequence, looped
from einvoice.schematron.xpath.syntax import Expression, Number


def may_count(test: Expression) -> bool:
    """Whether a predicate asks for places."""
    return isinstance(test, Number) or counts(test)


def filtered(g: Generator, code: Code, tests: tuple[Expression, ...], scope: Scope) -> Code:
    """What predicates leave of a sequence."""
    for test in tests:
        code = _filtered(g, code, test, scope)
    return code


def _filtered(g: Generator, code: Code, test: Expression, scope: Scope) -> Code:
    if isinstance(test, Number):
        if isinstance(test.value, int):
            return _cut(code, f"s.at({_sized(g, code)}, {test.value})")
        return _cut(code, "()")
    loop, variable = g.as_loop(code)
    if not counts(test):
        inner = scope.at(variable, code.item)
        tested = g.make(test, inner)
        if tested.item not in NUMBERS and tested.item != "any":
            condition = g.truth(test, inner)
            clauses = (*loop, f"if {condition}")
            return msgspec.structs.replace(
                code,
                text=looped(clauses, variable),
                count="many",
                loop=clauses,
                variable=variable,
                nowhere=False,
                exists="",
            )
    return _counted(g, code, test, scope)


def _counted(g: Generator, code: Code, test: Expression, scope: Scope) -> Code:
    item, position, size = g.fresh("p"), g.fresh("i"), g.fresh("z")
    inner = scope.at(item, code.item, position=position, size=size)
    found = g.items(test, inner)
    return _cut(code, f"s.chosen({_sized(g, code)}, lambda {item}, {position}, {size}: {found})")


def _sized(g: Generator, code: Code) -> str:
    """A sequence that can be indexed."""
    text = g.as_nodes(code) if code.item == "node" else as_sequence(code)
    return f"list({text})" if ".values()" in text else text


def _cut(code: Code, text: str) -> Code:
    return msgspec.structs.replace(
        code, text=text, count="many", loop=(), variable="", ordered=True, unique=True, exists=""
    )
