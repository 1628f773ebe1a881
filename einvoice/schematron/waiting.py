"""Which checks of a rule a document calls for, by the elements that they wait for."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.schematron.table import CheckEntry, RuleEntry
from einvoice.schematron.tree import Path, Tree


class Present:
    """The paths that a document has."""

    def __init__(self, tree: Tree) -> None:
        self.paths = tree.paths
        self.top = tree.document.path
        self._named: dict[str, list[Path]] = {}
        for path in tree.paths:
            self._named.setdefault(path.name, []).append(path)

    def has_anywhere(self, names: tuple[str, ...]) -> bool:
        """Whether some path ends with these names."""
        size = len(names)
        return any(path.names[-size:] == names for path in self._named.get(names[-1], ()))


class _Branch:
    """Names downwards, and the checks that wait for the element they lead to."""

    __slots__ = ("below", "checks")

    def __init__(self) -> None:
        self.below: dict[str, _Branch] = {}
        self.checks: list[int] = []

    def enter(self, names: tuple[str, ...], number: int) -> None:
        """Add a check."""
        branch = self
        for name in names:
            branch = branch.below.setdefault(name, _Branch())
        branch.checks.append(number)

    def met(self, path: Path, present: Present) -> Iterator[int]:
        """The checks that the elements below a path call for."""
        yield from self.checks
        if self.below:
            for name, child in tuple(path.children.items()):
                if name in self.below and child in present.paths:
                    yield from self.below[name].met(child, present)


class Waiting:
    """The checks of a rule by what they wait for."""

    def __init__(self, rule: RuleEntry, checks: tuple[CheckEntry, ...]) -> None:
        self._always: list[int] = []
        self._from: dict[int | None, _Branch] = {}
        self._anywhere: dict[tuple[str, ...], list[int]] = {}
        for number in range(rule.first, rule.first + rule.count):
            self._enter(number, checks[number])

    def _enter(self, number: int, check: CheckEntry) -> None:
        if check.guards is None:
            self._always.append(number)
        for guard in check.guards or ():
            if guard.anywhere:
                self._anywhere.setdefault(guard.names, []).append(number)
            else:
                self._from.setdefault(guard.start, _Branch()).enter(guard.names, number)

    def called(self, path: Path, present: Present) -> list[int]:
        """The checks that a document calls for at a path."""
        if not (self._from or self._anywhere):
            return self._always
        found = set(self._always)
        for start, branch in self._from.items():
            top = present.top if start is None else _above(path, start)
            if top is not None:
                found.update(branch.met(top, present))
        for names, numbers in self._anywhere.items():
            if present.has_anywhere(names):
                found.update(numbers)
        return sorted(found)


def _above(path: Path, parents: int) -> Path | None:
    found: Path | None = path
    for _ in range(parents):
        found = found.parent if found is not None else None
    return found
