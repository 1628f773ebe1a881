"""The generated invoices are of every kind, and have each term of EN 16931 in turn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, seed, settings

from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.model import Invoice
from einvoice.model.terms import TERMS
from tests.properties.places import values
from tests.properties.strategies import valid_invoices

#: First words of the names of characters.
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "DEVANAGARI", "COMBINING")
CATEGORIES = ("S", "Z", "E", "AE", "K", "G", "O", "L", "M")
KINDS = {
    *(f"script {name}" for name in SCRIPTS),
    *(f"VAT {category}" for category in CATEGORIES),
    *("invoice", "credit note", "positive", "negative", "zero", "large"),
}


def kinds(invoice: Invoice) -> Iterator[str]:
    """What is remarkable about an invoice."""
    yield "credit note" if invoice.type_code in CREDIT_NOTE_TYPES else "invoice"
    yield from (f"VAT {row.category}" for row in invoice.vat_breakdown)
    total = invoice.totals.with_vat or Decimal()
    yield "negative" if total < 0 else "positive" if total else "zero"
    if abs(total) > 10**11:
        yield "large"
    texts = (value for _, value in values(invoice) if isinstance(value, str))
    for character in {character for text in texts for character in text}:
        yield f"script {unicodedata.name(character, '-').split()[0]}"


def test_no_term_and_no_kind_is_missing() -> None:
    found: set[str] = set()

    @settings(
        max_examples=15,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(invoice=valid_invoices())
    def look(invoice: Invoice) -> None:
        found.update(re.sub(r"\[\d+\]", "[]", path) for path, _ in values(invoice))
        found.update(kinds(invoice))

    for start in range(10):  # what is drawn at one go is often of one kind
        seed(start)(look)()
    assert [term.id for term in TERMS if term.datatype != "Group" and term.path not in found] == []
    assert KINDS - found == set()
