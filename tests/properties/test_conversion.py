"""What holds for any valid invoice: its conversion loses nothing, and stays valid.

`EINVOICE_EXAMPLES=n` tries n other invoices for each property instead of the usual ones.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import einvoice
from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.findings import Verdict
from einvoice.formats import canonical
from einvoice.formats.format import Options
from einvoice.formats.mapping import write_xml
from einvoice.model import Invoice
from tests.properties.places import says, text_at, values
from tests.properties.strategies import valid_invoices

#: A failing invoice may be long, and is to be shown all the same.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

_EXAMPLES = os.environ.get("EINVOICE_EXAMPLES")


def examples(usual: int) -> settings:
    """How many invoices a property is tried with; the usual ones are the same in any run."""
    return settings(
        max_examples=int(_EXAMPLES or usual),
        derandomize=_EXAMPLES is None,
        deadline=None,
        phases=set(Phase) - {Phase.explain},  # slow, and of no use for a whole invoice
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def ubl_of(invoice: Invoice) -> bytes:
    kind = "ubl-creditnote" if invoice.type_code in CREDIT_NOTE_TYPES else "ubl-invoice"
    return write_xml(kind, invoice)


WRITERS = {
    "ubl": ubl_of,
    "cii": lambda invoice: write_xml("cii", invoice),
    "json": lambda invoice: canonical.write(invoice, Options()).data,
}


def assert_same(found: Invoice, wanted: Invoice) -> None:
    """The same model, and the same digits: 1.0 equals 1.00 and is not written alike."""
    assert found == wanted
    assert WRITERS["json"](found) == WRITERS["json"](wanted)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@examples(80)
@given(invoice=valid_invoices())
def test_what_is_written_is_valid(syntax: str, invoice: Invoice) -> None:
    report = einvoice.validate(WRITERS[syntax](invoice))
    fatal = [(f.rule, f.message) for f in report.findings if f.severity.value == "fatal"]
    assert (report.verdict, fatal) == (Verdict.VALID, [])


@pytest.mark.parametrize(("here", "there"), [("ubl", "cii"), ("cii", "ubl")])
@examples(80)
@given(invoice=valid_invoices())
def test_there_and_back_nothing_changes(here: str, there: str, invoice: Invoice) -> None:
    first = WRITERS[here](invoice)
    assert_same(einvoice.read(first).invoice, invoice)
    other = einvoice.convert(first, to=there, check=False)
    assert (other.losses, other.data) == ((), WRITERS[there](invoice))
    assert_same(einvoice.read(other.data).invoice, invoice)
    back = einvoice.convert(other.data, to=here, check=False)
    assert (back.losses, back.data) == ((), first)


@examples(80)
@given(invoice=valid_invoices())
def test_json_holds_all_of_it(invoice: Invoice) -> None:
    data = WRITERS["json"](invoice)
    assert_same(einvoice.read(data).invoice, invoice)


@examples(40)
@given(invoice=valid_invoices())
def test_the_same_invoice_gives_the_same_bytes(invoice: Invoice) -> None:
    for write in WRITERS.values():
        assert write(invoice) == write(invoice)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@examples(40)
@given(invoice=valid_invoices())
def test_each_value_stands_at_its_place(syntax: str, invoice: Invoice) -> None:
    data = WRITERS[syntax](invoice)
    document = einvoice.read(data)
    assert {path for path, _ in document.values()} == {path for path, _ in values(invoice)}
    source = data.split(b"\n")
    for path, value in values(invoice):
        place = document.place(path)
        assert place is not None, path
        assert place.line is not None, path
        text, name = text_at(document, place.xpath)
        assert says(text, value), path
        assert f"<{name}".encode() in source[place.line - 1], path
