"""Finds the rules of each node by its path, and runs the checks that a document calls for.

What is to be done at a path is worked out once per process; what of it a document calls for, once
per set of paths that a document has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from einvoice.schematron.run import Match, Run
from einvoice.schematron.table import Alternative, RuleEntry, Table
from einvoice.schematron.tree import Node, Path, Tree
from einvoice.schematron.waiting import Present, Waiting

Check = Callable[[Sequence[Node], Run], None]

_numbers = count()
_MAX_PROGRAMS = 200  #: sets of paths that are remembered


class Candidate:
    """A rule that a node of some path may have: the first one whose tests hold is its rule."""

    __slots__ = ("entry", "matches", "number")

    def __init__(self, number: int, entry: RuleEntry, matches: tuple[Match, ...] | None) -> None:
        self.number = number
        self.entry = entry
        self.matches = matches  #: None if it needs no test

    def of(self, nodes: Sequence[Node], run: Run) -> Sequence[Node]:
        """The nodes whose rule it is, if none before it is."""
        if self.matches is None:
            return nodes
        if len(self.matches) == 1:
            return self.matches[0](nodes, run)
        found = {id(node): node for match in self.matches for node in match(nodes, run)}
        return list(found.values())


class Chain:
    """The candidates of one pattern."""

    __slots__ = ("candidates", "pattern")

    def __init__(self, pattern: int, candidates: list[Candidate]) -> None:
        self.pattern = pattern
        self.candidates = candidates

    def rule_of(self, node: Node, run: Run) -> Candidate | None:
        """The rule of a node."""
        return next((each for each in self.candidates if each.of((node,), run)), None)


class Plan:
    """What a rule set has to do at a path."""

    __slots__ = ("attributes", "chains")

    def __init__(self, chains: list[Chain]) -> None:
        self.chains = chains
        self.attributes: dict[str, list[Chain]] = {}  #: of the attributes there, by name


#: Candidates left of a chain, each with the checks that are called for.
Step = tuple[Chain, list[tuple[Candidate, list[Check]]]]


class Dispatch:
    """The rules of a rule set, found by paths."""

    def __init__(self, table: Table, functions: dict[str, Any]) -> None:
        self._table = table
        self._functions = functions
        self._number = next(_numbers)  #: under which plans are kept at the paths
        self._by_name: dict[str | None, list[int]] = {}
        self._of_attributes: list[int] = []
        self._ending = {rule.pattern for rule in table.rules if rule.ends}
        self._programs: dict[tuple[Path, ...], list[tuple[Path, list[Step]]]] = {}
        self.pattern_of = [
            rule.pattern for rule in table.rules for _ in range(rule.count)
        ]  #: by number of the check
        self._checks: list[Check] = [functions[f"c{n}"] for n in range(len(table.checks))]
        self._waiting = [Waiting(rule, table.checks) for rule in table.rules]
        for number, rule in enumerate(table.rules):
            self._enter(number, rule)

    def _enter(self, number: int, rule: RuleEntry) -> None:
        names: set[str | None] = set()
        for each in rule.alternatives:
            if each.steps and each.steps[-1].attribute:
                if self._table.attributes[rule.pattern]:
                    self._of_attributes.append(number)
                continue
            names.add(_last_name(each))
        for name in names:
            self._by_name.setdefault(name, []).append(number)

    # One document.

    def run(self, tree: Tree, run: Run) -> None:
        """Run the checks that a document calls for."""
        shape = tuple(tree.paths)
        program = self._programs.get(shape)
        if program is None:
            program = self._program(tree)
            if len(self._programs) >= _MAX_PROGRAMS:
                self._programs.clear()
            self._programs[shape] = program
        paths = tree.paths
        for path, steps in program:
            nodes = paths.get(path) or [tree.document]
            for chain, candidates in steps:
                self._step(chain, candidates, nodes, run)
        if self._of_attributes:
            self._attributes(tree, run)

    def _step(
        self,
        chain: Chain,
        candidates: list[tuple[Candidate, list[Check]]],
        nodes: Sequence[Node],
        run: Run,
    ) -> None:
        if chain.pattern in self._ending:
            nodes = [node for node in nodes if not self._is_ended(node, chain.pattern, run)]
        for candidate, checks in candidates:
            held = candidate.of(nodes, run)
            if not held:
                continue
            for check in checks:
                check(held, run)
            if len(held) == len(nodes):
                break
            taken = set(map(id, held))
            nodes = [node for node in nodes if id(node) not in taken]

    def _is_ended(self, node: Node, pattern: int, run: Run) -> bool:
        """Whether the pattern does not go on below a node above."""
        for above in node.ancestors():
            key = (self, pattern, above)
            if key not in run.memory:
                run.memory[key] = self._ends_at(above, pattern, run)
            if run.memory[key]:
                return True
        return False

    def _ends_at(self, node: Node, pattern: int, run: Run) -> bool:
        chains = self._plan(node.path).chains
        chain = next((each for each in chains if each.pattern == pattern), None)
        rule = chain.rule_of(node, run) if chain else None
        return rule is not None and rule.entry.ends

    def _attributes(self, tree: Tree, run: Run) -> None:
        for path, nodes in tree.paths.items():
            plan = self._plan(path)
            for node in nodes:
                for name, attribute in node.attributes.items():
                    chains = plan.attributes.get(name)
                    if chains is None:
                        chains = plan.attributes[name] = self._attribute_chains(path, name)
                    for chain in chains:
                        self._step(chain, self._all(chain), (attribute,), run)

    def _all(self, chain: Chain) -> list[tuple[Candidate, list[Check]]]:
        return [
            (each, self._checks[each.entry.first : each.entry.first + each.entry.count])
            for each in chain.candidates
        ]

    # What a document calls for.

    def _program(self, tree: Tree) -> list[tuple[Path, list[Step]]]:
        present = Present(tree)
        found = []
        for path in (tree.document.path, *tree.paths):
            steps = []
            for chain in self._plan(path).chains:
                called = [(each, self._called(each, path, present)) for each in chain.candidates]
                while called and not called[-1][1]:
                    called.pop()
                if called:
                    steps.append((chain, called))
            if steps:
                found.append((path, steps))
        return found

    def _called(self, rule: Candidate, path: Path, present: Present) -> list[Check]:
        numbers = self._waiting[rule.number].called(path, present)
        return [self._checks[number] for number in numbers]

    # What is to be done at a path.

    def _plan(self, path: Path) -> Plan:
        plan: Plan | None = path.plans.get(self._number)
        if plan is None:
            plan = path.plans[self._number] = Plan(self._chains(path))
        return plan

    def _chains(self, path: Path) -> list[Chain]:
        numbers = sorted({*self._by_name.get(path.name, ()), *self._by_name.get(None, ())})
        names = path.names
        return self._linked(numbers, lambda each: each.fits(names))

    def _attribute_chains(self, path: Path, name: str) -> list[Chain]:
        names = path.names

        def matches(each: Alternative) -> bool:
            return each.fits(names, name)

        return self._linked(sorted(set(self._of_attributes)), matches)

    def _linked(self, numbers: list[int], matches: Callable[[Alternative], bool]) -> list[Chain]:
        """The chains of all patterns; each ends with a rule that needs no test."""
        chains: list[Chain] = []
        closed = -1
        for number in numbers:
            rule = self._table.rules[number]
            found = [each for each in rule.alternatives if matches(each)]
            if not found or rule.pattern == closed:
                continue
            tests = [each.function for each in found]
            functions = tuple(self._functions[name] for name in tests if name is not None)
            free = len(functions) < len(tests)
            candidate = Candidate(number, rule, None if free else functions)
            if not chains or chains[-1].pattern != rule.pattern:
                chains.append(Chain(rule.pattern, []))
            chains[-1].candidates.append(candidate)
            closed = rule.pattern if free else closed
        return chains


def _last_name(alternative: Alternative) -> str | None:
    """The Clark name of the nodes that match; empty for the document, None for several."""
    if not alternative.steps:
        return ""
    last = alternative.steps[-1]
    if last.local is None or last.namespace is None:
        return None
    return f"{{{last.namespace}}}{last.local}" if last.namespace else last.local
