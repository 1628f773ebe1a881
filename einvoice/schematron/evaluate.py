"""Runs a compiled rule set on the tree of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from einvoice.schematron.compile import CompiledPattern, CompiledRule, CompiledRuleSet
from einvoice.schematron.runtime import Unevaluable
from einvoice.schematron.svrl import Fired, Kind
from einvoice.schematron.tree import Node, Tree


def evaluate(rules: CompiledRuleSet, tree: Tree) -> tuple[Fired, ...]:
    """List what fires, pattern by pattern, in document order.

    A check that cannot be evaluated on a value fires as `ABORT`; all others are still evaluated.
    """
    fired: list[Fired] = []

    def fire(number: int, node: Node, cause: Unevaluable | None) -> None:
        fired.append(_fired(rules, number, node, tree, cause))

    for pattern in rules.patterns:
        for rule, node in _matches(pattern, tree):
            rule.run(node, tree, fire)
    return tuple(fired)


def _matches(pattern: CompiledPattern, tree: Tree) -> Iterator[tuple[CompiledRule, Node]]:
    """The rule of each node that has one: the first that matches is the only one."""
    by_name = pattern.by_name
    ended: set[int] = set()
    for node in _candidates(pattern, tree):
        if ended and any(id(above) in ended for above in node.ancestors()):
            continue
        rules = by_name.get(node.name)
        if rules is None:
            rules = by_name[node.name] = _rules_for(pattern, node.name)
        for rule in rules:
            if rule.match(node, tree):
                if rule.ends:
                    ended.add(id(node))
                yield rule, node
                break


def _rules_for(pattern: CompiledPattern, name: str) -> tuple[CompiledRule, ...]:
    return tuple(r for r in pattern.rules if any(n in (name, None) for n in r.names))


def _candidates(pattern: CompiledPattern, tree: Tree) -> Iterable[Node]:
    """The nodes that a rule of the pattern may match, in document order."""
    names = pattern.names
    if None in names or pattern.attributes:
        return _all_nodes(tree, pattern.attributes)
    found = [node for name in names if name for node in tree.named(name)]
    if len(names) > 1:
        found.sort(key=lambda node: node.order)
    return [tree.document, *found] if "" in names else found


def _all_nodes(tree: Tree, attributes: bool) -> Iterator[Node]:
    yield tree.document
    for node in tree.nodes:
        yield node
        if attributes:
            yield from node.all_attributes()


def _fired(
    rules: CompiledRuleSet, number: int, node: Node, tree: Tree, cause: Unevaluable | None
) -> Fired:
    check = rules.checks[number]
    if cause is not None:
        return Fired(check.id, check.flag, str(cause), node.location(), Kind.ABORT)
    try:
        text = rules.messages[number](node, tree)
    except Unevaluable as error:
        return Fired(check.id, check.flag, str(error), node.location(), Kind.ABORT)
    kind = Kind.REPORT if check.report else Kind.ASSERT
    return Fired(check.id, check.flag, text, node.location(), kind)
