from datetime import date
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

import einvoice
from einvoice.convert import Conversion
from einvoice.errors import ConversionRefused, OutputInvalid, UsageError
from einvoice.findings import LossKind, Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import Delivery, Extension, Identifier, LineExtension, Period
from einvoice.model.lines import LineReference
from tests.examples import full_invoice, plain_invoice

DAY = date(2026, 9, 1)

UBL = write_xml("ubl-invoice", plain_invoice())


def losses(conversion: Conversion) -> list[tuple[str, str | None, str]]:
    return [(loss.kind.value, loss.term, loss.value) for loss in conversion.losses]


@pytest.mark.parametrize(("to", "extension"), [("ubl", ".xml"), ("cii", ".xml"), ("json", ".json")])
def test_a_clean_invoice_loses_nothing(to, extension) -> None:
    result = einvoice.convert(UBL, to=to)
    assert (result.format, result.extension, result.losses) == (to, extension, ())
    assert einvoice.read(result.data).invoice == plain_invoice()
    assert result.report.verdict is not Verdict.INVALID


def test_the_same_input_gives_the_same_bytes() -> None:
    for to in ("ubl", "cii", "json", "facturx"):
        assert einvoice.convert(UBL, to=to).data == einvoice.convert(UBL, to=to).data


def test_what_the_source_holds_beyond_the_model_is_a_loss_with_its_place() -> None:
    text = UBL.replace(b"<cbc:IssueDate>", b"<cbc:UUID>u-1</cbc:UUID><cbc:IssueDate>")
    (loss,) = einvoice.convert(text, to="cii").losses
    assert (loss.path, loss.value, loss.kind.value) == ("/ubl:Invoice/cbc:UUID", "u-1", "dropped")
    assert loss.line == UBL.splitlines().index(b"  <cbc:IssueDate>2026-10-05</cbc:IssueDate>") + 1


def test_what_the_target_demands_is_filled_and_said() -> None:
    totals = replace(plain_invoice().totals, vat=None)
    source = einvoice.read(
        write_xml("cii", plain_invoice(totals=totals, sales_order_reference="S"))
    )
    result = einvoice.convert(source, to="ubl", check=False)
    assert losses(result) == [("filled", "BT-13", "NA"), ("filled", "BT-110", "40.00")]
    assert all(loss.path.startswith("/ubl:Invoice/") and loss.line for loss in result.losses[1:])


def test_a_credit_note_without_means_gets_one_for_its_due_date() -> None:
    source = einvoice.read(write_xml("cii", plain_invoice(type_code="381")))
    result = einvoice.convert(source, to="ubl", check=False)
    assert losses(result) == [("filled", "BT-81", "1")]
    assert einvoice.read(result.data).invoice.due_date == plain_invoice().due_date


def test_json_with_a_discount_alone_gets_a_gross_price_in_cii() -> None:
    line = plain_invoice().lines[0]
    invoice = plain_invoice(lines=(replace(line, price=replace(line.price, discount=Decimal(5))),))
    source = einvoice.read(msgspec.json.encode(invoice))
    result = einvoice.convert(source, to="cii", check=False)
    assert losses(result) == [("filled", "BT-148", "105.00")]


def test_a_difference_that_no_rule_foresaw_is_still_a_loss() -> None:
    data = msgspec.json.encode(plain_invoice(buyer_reference="a\x0bb"))
    result = einvoice.convert(data, to="cii", check=False)
    assert losses(result) == [("approximated", "BT-10", "a\x0bb")]
    without = replace(plain_invoice(), vat_breakdown=(), tax_point_date_code="3")
    result = einvoice.convert(msgspec.json.encode(without), to="cii", check=False)
    assert losses(result) == [("dropped", "BT-8", "3")]


def test_no_lines_no_ubl() -> None:
    source = einvoice.read(write_xml("cii", plain_invoice(lines=())))
    with pytest.raises(ConversionRefused, match="at least one invoice line") as caught:
        einvoice.convert(source, to="ubl")
    assert caught.value.terms == ("BG-25",)
    assert einvoice.convert(source, to="json", check=False).losses == ()


def test_no_level_no_facturx() -> None:
    process = replace(plain_invoice().process, specification="urn:example")
    with pytest.raises(ConversionRefused, match="no level") as caught:
        einvoice.convert(write_xml("cii", plain_invoice(process=process)), to="facturx")
    assert caught.value.terms == ("BT-24",)


def test_an_unknown_target_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="known: ubl, cii, facturx, json"):
        einvoice.convert(UBL, to="edifact")


def test_our_own_fault_is_an_error(monkeypatch) -> None:
    def spoil(syntax, invoice):
        return write_xml(syntax, invoice).replace(b"<cbc:ID>2026-0042</cbc:ID>", b"")

    monkeypatch.setattr("einvoice.formats.ubl.write_xml", spoil)
    with pytest.raises(OutputInvalid, match="the source is valid but the output is not"):
        einvoice.convert(UBL, to="ubl")


def test_an_invalid_source_is_converted_with_its_faults() -> None:
    source = write_xml("ubl-invoice", plain_invoice(currency="EURO"))
    result = einvoice.convert(source, to="cii")
    assert result.report.verdict is Verdict.INVALID
    assert result.losses == ()


def test_facturx_holds_the_cii_and_reads_back() -> None:
    delivery = Delivery(period=Period(start=plain_invoice().issue_date))
    source = write_xml("ubl-invoice", plain_invoice(delivery=delivery))
    result = einvoice.convert(source, to="facturx")
    assert result.extension == ".pdf"
    again = einvoice.read(result.data)
    assert (again.format, again.invoice) == ("facturx", plain_invoice(delivery=delivery))
    assert again.opened.xml == einvoice.convert(source, to="cii").data
    report = einvoice.validate(result.data)
    assert report.verdict is Verdict.VALID
    assert {layer.name.value for layer in report.layers} >= {"container", "xml", "xsd"}


def test_facturx_in_a_given_page() -> None:
    page = einvoice.convert(UBL, to="facturx").data
    other = write_xml("ubl-invoice", plain_invoice(number="2026-0043"))
    again = einvoice.read(einvoice.convert(other, to="facturx", pdf=page).data)
    assert again.invoice.number == "2026-0043"


def test_every_term_reaches_every_format() -> None:
    source = msgspec.json.encode(full_invoice())
    for to in ("ubl", "cii", "json"):
        result = einvoice.convert(source, to=to, check=False)
        assert result.losses == ()
        assert einvoice.read(result.data).invoice == full_invoice()


@pytest.mark.parametrize(
    ("changes", "filled"),
    [
        ({"purchase_order_date": DAY}, {"purchase_order_reference"}),
        ({"despatch_advice_date": DAY}, {"despatch_advice_reference"}),
        ({"contract_type": "BC", "contract_date": DAY}, {"contract_reference"}),
    ],
)
def test_a_dated_document_without_a_number_gets_a_placeholder_in_ubl(changes, filled) -> None:
    source = write_xml("cii", plain_invoice(extension=Extension(**changes)))
    conversion = einvoice.convert(source, to="ubl")
    assert conversion.report is not None
    assert conversion.report.verdict is Verdict.VALID
    assert {loss.kind for loss in conversion.losses} == {LossKind.FILLED}
    assert len(conversion.losses) == len(filled)
    assert einvoice.read(conversion.data).invoice.extension == Extension(**changes)


@pytest.mark.parametrize(
    "extension",
    [
        LineExtension(purchase_order_reference="PO-1"),
        LineExtension(purchase_order_date=DAY),
        LineExtension(despatch_advice=LineReference(number="D-1")),
        LineExtension(receiving_advice=LineReference(number="D-1", issue_date=DAY)),
    ],
)
def test_a_line_that_refers_to_a_whole_document_gets_a_placeholder_in_ubl(extension) -> None:
    line = replace(plain_invoice().lines[0], extension=extension)
    source = write_xml("cii", plain_invoice(lines=(line,)))
    conversion = einvoice.convert(source, to="ubl")
    assert conversion.report is not None
    assert conversion.report.verdict is Verdict.VALID
    assert {loss.kind for loss in conversion.losses} == {LossKind.FILLED}


def test_a_vat_total_in_the_accounting_currency_alone_is_no_vat_total() -> None:
    invoice = plain_invoice(accounting_currency="SEK")
    totals = replace(invoice.totals, vat=None, vat_in_accounting_currency=Decimal("456.00"))
    source = write_xml("cii", replace(invoice, totals=totals))
    found = einvoice.read(source).invoice.totals
    assert (found.vat, found.vat_in_accounting_currency) == (None, Decimal("456.00"))


def test_content_of_extensions_that_the_rules_do_not_bear_is_left_out_and_named() -> None:
    further = (Identifier(value="2", scheme="0088"), Identifier(value="3", scheme="0060"))
    extension = Extension(further_buyer_identifiers=further)
    invoice = plain_invoice(extension=extension)
    buyer = replace(invoice.buyer, identifier=Identifier(value="1", scheme="0002"))
    source = replace(invoice, buyer=buyer)
    data = write_xml("cii", source)
    assert einvoice.validate(data).verdict is Verdict.VALID
    conversion = einvoice.convert(data, to="ubl")
    assert conversion.report is not None
    assert conversion.report.verdict is Verdict.VALID
    lost = [loss.value for loss in conversion.losses if loss.kind is LossKind.DROPPED]
    assert lost == ["2", "0088", "3", "0060"]
    assert {loss.reason for loss in conversion.losses} == {"its rules do not bear it"}
