"""What the evaluator knows of a compiled rule set beside its functions: plain data."""

from __future__ import annotations

import msgspec

from einvoice.schematron.guards import Guard


class StepTest(msgspec.Struct, frozen=True):
    """The node test of one step of a context; None stands for any."""

    attribute: bool
    namespace: str | None
    local: str | None

    def holds(self, name: str) -> bool:
        """Whether a name passes."""
        if self.local is None and self.namespace is None:
            return True
        namespace, _, local = name.rpartition("}")
        return self.local in (None, local) and self.namespace in (None, namespace[1:])


class NameRule(msgspec.Struct, frozen=True):
    """A predicate about the name alone: it is, or ends with, a text."""

    ends: bool
    text: str  #: the end of a local name, or a whole Clark name
    wanted: bool

    def holds(self, name: str) -> bool:
        """Whether a name passes."""
        local = name.rpartition("}")[2]
        return (local.endswith(self.text) if self.ends else name == self.text) is self.wanted


class Alternative(msgspec.Struct, frozen=True):
    """One alternative of a context: `gaps[i]` says whether step i may stand deeper than a child."""

    steps: tuple[StepTest, ...]
    gaps: tuple[bool, ...]
    rooted: bool
    function: str | None  #: tests the predicates; None if there are none
    names: tuple[NameRule, ...] = ()  #: predicates about the name of the node

    def fits(self, names: tuple[str, ...], attribute: str | None = None) -> bool:
        """Whether the names from the root down to a node fit, whatever the other predicates.

        Args:
            names: of the elements; none for the document.
            attribute: of an attribute of the last one.
        """
        if not self.steps:
            return not names and attribute is None
        if self.steps[-1].attribute is not (attribute is not None) or not names:
            return False
        names = names if attribute is None else (*names, attribute)
        if not all(rule.holds(names[-1]) for rule in self.names):
            return False
        return self._fits(len(self.steps) - 1, names, len(names) - 1)

    def _fits(self, step: int, names: tuple[str, ...], place: int) -> bool:
        """Whether the steps up to one fit the names up to one, for which it stands."""
        if place < 0 or not self.steps[step].holds(names[place]):
            return False
        if not step:
            return not self.rooted or place == 0
        if not self.gaps[step]:
            return self._fits(step - 1, names, place - 1)
        return any(self._fits(step - 1, names, above) for above in range(place))


class RuleEntry(msgspec.Struct, frozen=True):
    """A rule: its contexts and its checks."""

    pattern: int
    alternatives: tuple[Alternative, ...]
    ends: bool
    first: int  #: number of its first check
    count: int


class CheckEntry(msgspec.Struct, frozen=True):
    """A check: what its findings say. Without a message, a function makes it."""

    rule: str | None
    flag: str | None
    report: bool
    message: str | None
    guards: tuple[Guard, ...] | None


class Table(msgspec.Struct, frozen=True):
    """All rules and checks of a rule set."""

    rules: tuple[RuleEntry, ...]
    checks: tuple[CheckEntry, ...]
    attributes: tuple[bool, ...]  #: by pattern: whether it takes attributes
    folder: str  #: of the files that `document()` reads
    files: tuple[str, ...]  #: that may be read
