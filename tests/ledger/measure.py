"""How well and how fast the planted duplicates of a generated history are found."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date

import msgspec

from einvoice.checks import duplicates
from einvoice.checks.check import Sight
from einvoice.findings import Severity
from einvoice.ledger import Ledger
from tests.ledger.histories import Planted, history

TODAY = date(2026, 11, 24)
#: What the kinds begin with that have the number, or the bytes, of their first.
EXACT = ("exact", "resent")


class Outcome(msgspec.Struct):
    """What was planted, and what was found."""

    documents: int = 0
    planted: int = 0
    near_misses: int = 0
    missed: Counter[str] = msgspec.field(default_factory=Counter)  #: duplicates, by kind
    reported_misses: Counter[str] = msgspec.field(default_factory=Counter)
    reported_ordinary: int = 0
    seconds: list[float] = msgspec.field(default_factory=list)  #: of each document

    def add(self, planted: Planted, reported: bool) -> None:
        """Count a document."""
        self.documents += 1
        if planted.duplicate:
            self.planted += 1
            self.missed.update([] if reported else [planted.kind])
        elif planted.kind == "ordinary":
            self.reported_ordinary += reported
        else:
            self.near_misses += 1
            self.reported_misses.update([planted.kind] if reported else [])


def measured(ledger: Ledger, **wanted: int) -> Outcome:
    """Keep a history in a ledger, and look at each document as it comes.

    What is only worth knowing does not count as reported.
    """
    outcome = Outcome()
    for planted in history(**wanted):
        start = time.perf_counter()
        past = ledger.observe(planted.sighted)
        sight = Sight(invoice=planted.invoice, today=TODAY, history=past)
        found = [
            observation.severity or check.severity
            for check in duplicates.CHECKS
            for observation in check.run(sight)
        ]
        outcome.seconds.append(time.perf_counter() - start)
        outcome.add(planted, any(weight is not Severity.INFORMATION for weight in found))
    return outcome
