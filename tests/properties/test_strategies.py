"""The generated invoices have each term of EN 16931 in turn."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, Phase, given, settings

from einvoice.model import Invoice
from einvoice.model.terms import TERMS
from tests.properties.places import values
from tests.properties.strategies import valid_invoices


def test_no_term_is_missing() -> None:
    found: set[str] = set()

    @settings(
        max_examples=80,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(invoice=valid_invoices())
    def look(invoice: Invoice) -> None:
        found.update(re.sub(r"\[\d+\]", "[]", path) for path, _ in values(invoice))

    look()
    assert [term.id for term in TERMS if term.datatype != "Group" and term.path not in found] == []
