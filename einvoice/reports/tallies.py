"""Outcomes counted by a key, such as the supplier, in memory that does not grow without bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

#: What is kept of a text, in characters.
_KEPT = 300
#: How many rules are counted for one key.
_MOST_RULES = 20


class Tally:
    """The outcomes of the documents with one key.

    Attributes:
        key: what they have in common.
        name: as the first document says.
        identifier: the same.
        outcomes: documents by outcome.
        rules: documents by fatal rule, for the first rules that came.
    """

    def __init__(self, key: str = "", name: str = "", identifier: str = "") -> None:
        self.key = key
        self.name = name
        self.identifier = identifier
        self.outcomes: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return self.outcomes.total()

    @property
    def top_rule(self) -> str:
        """The fatal rule that most of the documents break; empty if there is none."""
        return min(self.rules, key=lambda rule: (-self.rules[rule], rule), default="")

    def add(self, outcome: str, rules: Iterable[str]) -> None:
        """Count one document."""
        self.outcomes[outcome] += 1
        for rule in rules:
            if rule in self.rules or len(self.rules) < _MOST_RULES:
                self.rules[rule] += 1


class Tallies:
    """Tallies by key: exact for the first keys that came, one together for all others.

    Attributes:
        most: how many keys are counted each.
        others: of the other keys; None where there are none.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.others: Tally | None = None
        self._by_key: dict[str, Tally] = {}

    def add(
        self,
        key: str,
        outcome: str,
        rules: Iterable[str],
        *,
        name: str | None = None,
        identifier: str | None = None,
    ) -> None:
        """Count one document; an empty key stands for those that have none.

        A key is kept as it is, so it should not be long.
        """
        self._tally(key, name, identifier).add(outcome, rules)

    def _tally(self, key: str, name: str | None, identifier: str | None) -> Tally:
        tally = self._by_key.get(key)
        if tally is None and len(self._by_key) < self.most:
            tally = Tally(key, cropped(name or ""), cropped(identifier or ""))
            self._by_key[key] = tally
        if tally is None:
            tally = self.others = self.others or Tally()
        return tally

    def ranked(self) -> list[Tally]:
        """The tallies, those with most invalid documents first, without `others`."""
        return sorted(
            self._by_key.values(),
            key=lambda tally: (-tally.outcomes["invalid"], -tally.documents, tally.name),
        )


def cropped(text: str, most: int = _KEPT) -> str:
    """The beginning of a long text."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
