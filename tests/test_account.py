"""The account of a conversion: every value of the source has a fate, and none is unexplained."""

import json
from collections import Counter
from pathlib import Path

import msgspec
import pytest

import einvoice
from einvoice.account import Fate, account_of
from einvoice.findings import LossKind
from einvoice.formats.mapping import write_xml
from einvoice.model import PaymentInstructions
from einvoice.reports.accounts import FORMS
from tests.examples import extended_invoice, full_invoice, plain_invoice

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "samples").glob("*/invoice.*"))
CORPUS = ROOT.parent / "shared" / "corpus"

EXTRA = b"<cbc:UUID>7f0c-11</cbc:UUID>"


def other(path: Path) -> str:
    return "ubl" if einvoice.read(path).opened.syntax == "cii" else "cii"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.parent.name)
def test_every_value_of_a_sample_is_explained(path) -> None:
    try:
        conversion = einvoice.convert(path, to=other(path), check=False, account=True)
    except einvoice.ConversionRefused:
        conversion = einvoice.convert(path, to="cii", check=False, account=True)
    account = conversion.account
    assert account is not None
    assert [entry for entry in account.entries if entry.fate is Fate.UNEXPLAINED] == []
    assert account.complete


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the public corpus is not there")
def test_every_value_of_the_corpus_is_explained() -> None:
    unexplained = []
    for path in sorted(CORPUS.rglob("*.xml"))[::25]:
        try:
            conversion = einvoice.convert(path, to=other(path), check=False, account=True)
        except einvoice.EInvoiceError:
            continue
        assert conversion.account is not None
        entries = conversion.account.entries
        unexplained += [(path, entry) for entry in entries if entry.fate is Fate.UNEXPLAINED]
    assert unexplained == []


def test_the_fates_of_a_small_invoice() -> None:
    source = write_xml("ubl-invoice", plain_invoice())
    data = source.replace(b"<cbc:IssueDate>", EXTRA + b"<cbc:IssueDate>")
    data = data.replace(b"2026-11-04<", b"2026-11-04Z<")
    account = einvoice.convert(data, to="cii", check=False, account=True).account
    assert account is not None
    by_value = {entry.value: entry for entry in account.entries}
    number = by_value["2026-0042"]
    assert (number.fate, number.term) == (Fate.KEPT, "BT-1")
    assert number.path == "/ubl:Invoice/cbc:ID"
    assert number.output == "/rsm:CrossIndustryInvoice/rsm:ExchangedDocument/ram:ID"
    assert (by_value["7f0c-11"].fate, by_value["7f0c-11"].output) == (Fate.DROPPED, None)
    assert by_value["2026-11-04Z"].fate is Fate.APPROXIMATED
    assert by_value["VAT"].fate is Fate.SYNTAX
    assert sum(account.counts.values()) == len(account.entries)


def test_equal_digests_say_that_no_term_was_lost() -> None:
    source = write_xml("ubl-invoice", full_invoice())
    account = einvoice.convert(source, to="cii", check=False, account=True).account
    assert account is not None
    assert account.source == account.output
    assert account.source.terms > 250
    lossy = write_xml("cii", extended_invoice())
    account = einvoice.convert(lossy, to="ubl", check=False, account=True).account
    assert account is not None
    assert account.source.sha256 != account.output.sha256
    assert account.source.terms - account.output.terms == account.counts[Fate.DROPPED]


def test_a_loss_that_is_not_reported_is_seen() -> None:
    source = einvoice.read(write_xml("ubl-invoice", plain_invoice(payment_terms="30 days")))
    output = einvoice.read(write_xml("cii", plain_invoice(payment_terms="31 days")))
    account = account_of(source, output, ())
    assert account.source != account.output
    lost = [loss for loss in einvoice.convert(source, to="cii").losses if loss.value == "30 days"]
    assert lost == []
    assert not account.complete


def test_a_fill_is_told_with_its_place_in_the_output() -> None:
    invoice = plain_invoice(payment=PaymentInstructions(remittance_information="R-1"))
    conversion = einvoice.convert(msgspec.json.encode(invoice), to="ubl", account=True)
    assert conversion.account is not None
    (filled,) = (e for e in conversion.account.entries if e.fate is Fate.FILLED)
    assert (filled.value, filled.term, filled.path) == ("1", "BT-81", None)
    assert filled.output == "/ubl:Invoice/cac:PaymentMeans/cbc:PaymentMeansCode"
    assert [loss.kind for loss in conversion.losses] == [LossKind.FILLED]


def test_json_is_accounted_for_by_the_paths_of_the_model() -> None:
    source = msgspec.json.encode(plain_invoice())
    account = einvoice.convert(source, to="ubl", check=False, account=True).account
    assert account is not None
    kept = {entry.path: entry.output for entry in account.entries}
    assert kept["number"] == "/ubl:Invoice/cbc:ID"
    assert account.complete


def test_the_account_is_made_only_when_asked_for() -> None:
    assert einvoice.convert(write_xml("cii", plain_invoice()), to="ubl").account is None


@pytest.mark.parametrize("form", FORMS)
def test_each_form_tells_every_value_and_hides_none(form) -> None:
    source = write_xml("ubl-invoice", plain_invoice(payment_terms="<30> & more"))
    data = source.replace(b"<cbc:IssueDate>", EXTRA + b"<cbc:IssueDate>")
    account = einvoice.convert(data, to="cii", check=False, account=True).account
    assert account is not None
    text = FORMS[form](account, "a <b>.xml").decode()
    if form == "json":
        content = json.loads(text)
        assert Counter(e["fate"] for e in content["entries"])["dropped"] == 1
        assert content["counts"]["dropped"] == 1
        assert content["title"] == "a <b>.xml"
        return
    assert "7f0c-11" in text
    assert "1 dropped" in text
    if form == "html":
        assert "<b>" not in text
        assert "&lt;30&gt; &amp; more" in text
        assert text.count("<tr><td") == len(account.entries)
        assert "http" not in text.replace("urn:", "")
    else:
        assert len(text.splitlines()) >= len(account.entries)
