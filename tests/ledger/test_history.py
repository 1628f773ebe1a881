"""Duplicates that are planted in a generated history are found, and what looks like one is not.

The whole history of 100,000 invoices is measured by `make history`.
"""

from __future__ import annotations

from einvoice.ledger import Ledger
from tests.ledger.measure import EXACT, measured


def test_what_is_planted_is_found(place: str) -> None:
    with Ledger(place) as ledger:
        outcome = measured(ledger, documents=1500, duplicates=160, misses=100)
    assert outcome.planted >= 150
    assert outcome.near_misses >= 80
    assert not [kind for kind in outcome.missed if kind.startswith(EXACT)]
    assert sum(outcome.missed.values()) <= 0.05 * outcome.planted
    assert sum(outcome.reported_misses.values()) <= 1
    assert outcome.reported_ordinary <= 0.001 * 1500
