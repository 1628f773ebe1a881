"""Documents that break a check, found by trying: what its context and test mention, in variations.

From a base document the nodes of the context are taken, or made where there are none; then every
path in the test is left out, made once or made twice, with values from the test and some that are
right or wrong for most: blank, numbers, dates, codes. Nothing is random but for the seed, so the
same documents are found each time.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from lxml import etree

from einvoice.schematron.dependence import children
from einvoice.schematron.ir import Check, Rule
from einvoice.schematron.xpath.syntax import (
    Expression,
    Filter,
    KindTest,
    NameTest,
    Number,
    Pattern,
    Root,
    Sequence,
    Slash,
    Step,
    Text,
)

VALUES = ("", "x", "0", "1", "-1", "1.123", "100", "VAT", "S", "E", "380", "EUR", "FR", "true")
VALUES += ("false", "2026-01-01", "20260101", "102", "0002", "123456789")


class Variations:
    """The documents to try for a check."""

    def __init__(self, base: etree._Element, rule: Rule, check: Check) -> None:
        self._base = base
        self._rule = rule
        self._check = check
        self._rng = random.Random(f"{check.id} {check.line}")
        literals = {str(each) for each in _literals(check.test)}
        self._values = (*sorted(literals)[:40], *VALUES)

    def documents(self, count: int) -> Iterator[etree._Element]:
        """Some documents, the plainest first."""
        for number in range(count):
            root = copy.deepcopy(self._base)
            pattern = self._rule.context[number % len(self._rule.context)]
            for node in self._nodes(root, pattern, fresh=number % 2 == 1):
                if isinstance(node, tuple):
                    element, name = node
                    element.set(name, self._value())
                else:
                    self._fill(node, self._check.test)
                    self._fill_rule(node)
            yield root

    def _fill_rule(self, node: etree._Element) -> None:
        for let in self._rule.lets:
            if self._rng.random() < 0.5:
                self._fill(node, let.value)

    # The nodes of the context.

    def _nodes(self, root: Any, pattern: Pattern, *, fresh: bool) -> list[Any]:
        if not pattern.steps:
            return [root]
        if not fresh:
            found = [each for each in root.iter(etree.Element) if _ends_like(each, pattern)]
            if found:
                return [self._rng.choice(found)]
        return [self._made(root, pattern)]

    def _made(self, root: Any, pattern: Pattern) -> Any:
        node = root
        steps = list(pattern.steps)
        if _fits(root, steps[0]):
            self._meet(root, steps.pop(0))
        for step in steps:
            if step.axis == "attribute":
                name = _name(step.test) or "any"
                node.set(name, self._value())
                return (node, name)
            node = self._child(node, step, anew=step is steps[-1])
        return node

    def _child(self, parent: Any, step: Step, *, anew: bool) -> Any:
        found = [] if anew else [each for each in parent if _fits(each, step)]
        node = found[0] if found else etree.SubElement(parent, _name(step.test) or "any")
        self._meet(node, step)
        return node

    def _meet(self, node: Any, step: Step) -> None:
        """Make it likely that the conditions of a step hold."""
        values = self._values
        for predicate in step.predicates:
            wanted = tuple(sorted({str(each) for each in _literals(predicate)}))
            if wanted and self._rng.random() < 0.8:
                self._values = wanted
            self._fill(node, predicate, likely=True)
            self._values = values

    # What a test mentions.

    def _fill(self, node: Any, test: Expression, *, likely: bool = False) -> None:
        for path in _paths(test):
            start, steps = path
            place = node
            for _ in range(start if start > 0 else 0):
                place = place.getparent() if place.getparent() is not None else place
            if start < 0:
                place = node.getroottree().getroot()
                steps = steps[1:] if steps and _fits(place, steps[0]) else steps
            self._vary(place, steps, likely=likely)
        if self._rng.random() < 0.3 and not len(node):
            node.text = self._value()

    def _vary(self, node: Any, steps: list[Step], *, likely: bool) -> None:
        if not steps:
            if not len(node):
                node.text = self._value()
            return
        step, rest = steps[0], steps[1:]
        if step.axis == "attribute":
            name = _name(step.test)
            if name and (likely or self._rng.random() < 0.7):
                node.set(name, self._value())
            elif name:
                node.attrib.pop(name, None)
            return
        name = _name(step.test)
        if step.axis not in ("child", "descendant", "descendant-or-self") or name is None:
            self._vary(node, rest, likely=likely)
            return
        present = [each for each in node if each.tag == name]
        wanted = self._rng.choice((1,) if likely else (0, 1, 1, 2))
        for each in present[wanted:]:
            node.remove(each)
        for _ in range(wanted - len(present)):
            present.append(etree.SubElement(node, name))
        for each in present[:wanted]:
            self._meet(each, step)
            self._vary(each, rest, likely=likely)

    def _value(self) -> str:
        return self._rng.choice(self._values)


def _ends_like(element: Any, pattern: Pattern) -> bool:
    """Whether an element has the names that a pattern ends with."""
    for step in reversed(pattern.steps):
        if step.axis == "attribute" or element is None or not _fits(element, step):
            return False
        element = element.getparent()
    return True


def _fits(element: Any, step: Step) -> bool:
    if isinstance(step.test, KindTest):
        return True
    tag = etree.QName(element)
    namespace = step.test.namespace
    return step.test.local in (None, tag.localname) and namespace in (None, tag.namespace or "")


def _name(test: NameTest | KindTest) -> str | None:
    if isinstance(test, KindTest) or test.local is None:
        return None
    return f"{{{test.namespace}}}{test.local}" if test.namespace else test.local


def _paths(expression: Expression) -> Iterator[tuple[int, list[Step]]]:
    """The paths in an expression: parents up (-1 for the document), and steps downwards."""
    steps = _steps(expression)
    if steps is not None:
        up = 0
        while up < len(steps) and isinstance(steps[up], Step) and steps[up].axis == "parent":
            up += 1
        start = -1 if steps and isinstance(steps[0], Root) else up
        yield start, [each for each in steps[max(up, 0) :] if isinstance(each, Step)]
        return
    for part in children(expression):
        yield from _paths(part)


def _steps(expression: Expression) -> list[Any] | None:
    match expression:
        case Step() | Root():
            return [expression]
        case Slash(left, right):
            before = _steps(left)
            after = _steps(right) or next((s for s in map(_steps, children(right)) if s), None)
            return None if before is None or after is None else [*before, *after]
        case Filter(base, _) | Sequence((base,)):
            return _steps(base)
    return None


def _literals(expression: Expression) -> Iterator[object]:
    match expression:
        case Text(value):
            yield value
            yield from value.split()[:20]
        case Number(value):
            yield value
            yield value + 1
    for part in children(expression):
        yield from _literals(part)
