"""Contexts of rules: their names for the dispatch by paths, their predicates as functions."""

from __future__ import annotations

import msgspec

from einvoice.schematron.dependence import counts
from einvoice.schematron.generate import Generator
from einvoice.schematron.joins import conjuncts
from einvoice.schematron.paths import node_condition
from einvoice.schematron.shapes import NUMBERS, Scope, Uncompilable, clark
from einvoice.schematron.table import Alternative, NameRule, StepTest
from einvoice.schematron.xpath.syntax import (
    Call,
    Expression,
    NameTest,
    Number,
    Pattern,
    Sequence,
    Step,
    Text,
)


def alternative(pattern: Pattern, g: Generator, scope: Scope) -> Alternative:
    """One alternative of a context; its predicates become a function, if it has any.

    The function gives the nodes for which they hold; an error means that they do not.
    """
    pattern, names = _without_names(pattern)
    function = None
    if any(step.predicates for step in pattern.steps):
        function = g.fresh("m")
        body = _conditions(pattern, g, scope)
        g.lines += [
            f"def {function}(nodes, t):",
            "    found = []",
            "    for c in nodes:",
            "        try:",
            f"            if {body}: found.append(c)",
            "        except ERRORS:",
            "            pass",
            "    return found",
        ]
    return Alternative(
        steps=tuple(_test(step) for step in pattern.steps),
        gaps=pattern.gaps,
        rooted=pattern.rooted,
        function=function,
        names=names,
    )


def _without_names(pattern: Pattern) -> tuple[Pattern, tuple[NameRule, ...]]:
    """Take the predicates about its name from the last step; they are decided by the path."""
    if not pattern.steps or any(map(counts, pattern.steps[-1].predicates)):
        return pattern, ()
    last = pattern.steps[-1]
    tests = [part for test in last.predicates for part in conjuncts(test)]
    rules = [_name_rule(test, wanted=True) for test in tests]
    if not any(rules) or any(isinstance(test, Number) for test in tests):
        return pattern, ()
    rest = tuple(test for test, rule in zip(tests, rules, strict=True) if rule is None)
    steps = (*pattern.steps[:-1], Step(last.axis, last.test, rest))
    found = tuple(rule for rule in rules if rule is not None)
    return msgspec.structs.replace(pattern, steps=steps), found


def _name_rule(test: Expression, *, wanted: bool) -> NameRule | None:
    match test:
        case Call("not", (inner,)):
            return _name_rule(inner, wanted=not wanted)
        case Sequence((single,)):
            return _name_rule(single, wanted=wanted)
        case Call("ends-with", (Call("name" | "local-name", ()), Text(end))) if ":" not in end:
            return NameRule(True, end, wanted)
        case Step("self", NameTest() as named, ()) if (name := clark(named)) is not None:
            return NameRule(False, name, wanted)
    return None


def _test(step: Step) -> StepTest:
    attribute = step.axis == "attribute"
    test = step.test
    if isinstance(test, NameTest):
        return StepTest(attribute, test.namespace, test.local)
    if test.kind in ("node", "element", "attribute"):
        return StepTest(attribute or test.kind == "attribute", None, None)
    return StepTest(attribute, "", "#none")  # texts, comments and instructions are not visited


def _conditions(pattern: Pattern, g: Generator, scope: Scope) -> str:
    """The predicates as a condition on `c`; the names are known to hold where it is asked."""
    first = next(n for n, step in enumerate(pattern.steps) if step.predicates)
    inner_gaps = pattern.gaps[first + 1 :]
    if not any(inner_gaps):
        tests = []
        node = "c"
        for step in reversed(pattern.steps[first:]):
            tests += _predicates(step, node, g, scope)
            node += ".parent"
        return " and ".join(tests)
    return _searched(pattern, len(pattern.steps) - 1, "c", g, scope)


def _searched(pattern: Pattern, last: int, node: str, g: Generator, scope: Scope) -> str:
    """All of the pattern up to a step, names too, for a node that may be one of several."""
    step = pattern.steps[last]
    tests = [f"{node}.kind == {'ATTRIBUTE' if step.axis == 'attribute' else 'ELEMENT'}"]
    if condition := node_condition(g, node, step):
        tests.append(condition)
    tests += _predicates(step, node, g, scope)
    if last:
        if pattern.gaps[last]:
            above = g.fresh("u")
            inner = _searched(pattern, last - 1, above, g, scope)
            tests.append(f"[1 for {above} in {node}.ancestors() if {inner}]")
        else:
            tests.append(_searched(pattern, last - 1, f"{node}.parent", g, scope))
    elif pattern.rooted:
        tests.append(f"{node}.parent is t.document")
    return " and ".join(tests)


def _predicates(step: Step, node: str, g: Generator, scope: Scope) -> list[str]:
    scope = msgspec.structs.replace(scope, context=node, current=node, inner=True, rooted=True)
    return [
        _predicate(test, step, number, node, g, scope)
        for number, test in enumerate(step.predicates)
    ]


def _predicate(
    test: Expression, step: Step, number: int, node: str, g: Generator, scope: Scope
) -> str:
    """A predicate: a truth about the node, or its place among siblings of its name."""
    countable = not number and isinstance(step.test, NameTest) and clark(step.test) is not None
    if step.axis != "attribute" and countable:
        siblings = f"{node}.parent.kids[{node}.name]"
        scope = msgspec.structs.replace(scope, position=f"s.place({node})", size=f"len({siblings})")
    elif counts(test) or isinstance(test, Number):
        raise Uncompilable("a place among siblings in this context has no translation")
    code = g.make(test, scope)
    if code.item in NUMBERS:
        return f"s.place({node}) == {g.value(test, scope)}"
    if code.item == "any":
        raise Uncompilable("a predicate of unknown type in a context has no translation")
    return f"({g.truth(test, scope)})"
