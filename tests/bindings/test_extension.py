"""What extensions add to EN 16931 is read, kept and written where a syntax has a place for it."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

import einvoice
from einvoice.bindings.table import bound_paths
from einvoice.findings import LossKind
from einvoice.formats.mapping import TABLES, write_xml
from einvoice.model import Extension, Identifier, LineExtension
from einvoice.model.extension_terms import EXTENSION_TERMS
from einvoice.model.lines import LineInvoiceReference
from einvoice.xml import xsd
from einvoice.xml.parse import parse
from tests.examples import extended_invoice, plain_invoice

#: Content that a syntax has no place for, by its path in the model.
ONLY_CII = [
    "extension.test",
    "notes[].content_code",
    "extension.sales_order_date",
    "extension.delivery_note.number",
    "extension.delivery_note.issue_date",
    "extension.payment_conditions.discount.basis_amount",
    "extension.payment_conditions.penalty.basis_amount",
    "extension.further_payment_terms[].discount.basis_amount",
    "extension.further_payment_terms[].penalty.basis_amount",
    "extension.advance_payments[].amount",
    "extension.advance_payments[].received",
    "extension.advance_payments[].taxes[].amount",
    "extension.advance_payments[].taxes[].category",
    "extension.advance_payments[].taxes[].rate",
    "extension.advance_payments[].invoice.number",
    "extension.advance_payments[].invoice.issue_date",
    "extension.advance_payments[].invoice_type_code",
    "lines[].extension.status_code",
    "lines[].extension.note_subject_code",
    "lines[].extension.sales_order.number",
    "lines[].extension.sales_order.issue_date",
    "lines[].extension.delivery_note.number",
    "lines[].extension.delivery_note.line",
    "lines[].extension.delivery_note.issue_date",
    "lines[].extension.contract.number",
    "lines[].extension.contract.line",
    "lines[].extension.contract.issue_date",
    "lines[].extension.documents[].reference",
    "lines[].extension.documents[].line",
    "lines[].extension.documents[].name",
    "lines[].extension.documents[].reference_type",
    "lines[].extension.gross_amount",
    "lines[].extension.allowance_charge_total",
    "lines[].extension.included_items[].name",
    "lines[].extension.included_items[].description",
    "lines[].extension.included_items[].identifiers[].value",
    "lines[].extension.included_items[].identifiers[].scheme",
    "lines[].extension.included_items[].seller_identifier",
    "lines[].extension.included_items[].buyer_identifier",
    "lines[].extension.included_items[].quantity",
    "lines[].extension.included_items[].unit",
]
THIRD_PARTY = [f"extension.third_party_payments[].{n}" for n in ("kind", "amount", "description")]
ULTIMATE = [t.path for t in EXTENSION_TERMS if t.path.startswith("extension.ultimate_ship_to.")]
ONLY_CII += [p for p in ULTIMATE if not p.endswith((".contact", ".address"))]
ONLY_CII += ["extension.project_name"]
NOT_HELD = {
    "ubl-invoice": set(ONLY_CII),
    "ubl-creditnote": {*ONLY_CII, *THIRD_PARTY},
    "cii": {*THIRD_PARTY},
}
UBL = [syntax for syntax in TABLES if syntax.startswith("ubl")]


@pytest.mark.parametrize("syntax", NOT_HELD)
def test_what_each_syntax_has_a_place_for(syntax) -> None:
    bound = bound_paths(TABLES[syntax])
    missing = {t.path for t in EXTENSION_TERMS if t.datatype != "Group" and t.path not in bound}
    assert missing - {"lines[].extension.sub_lines[]"} == NOT_HELD[syntax]


@pytest.mark.parametrize("syntax", NOT_HELD)
def test_every_term_of_extensions_at_once(syntax) -> None:
    type_code = "381" if syntax == "ubl-creditnote" else "380"
    invoice = extended_invoice(type_code, leave_out=NOT_HELD[syntax])
    data = write_xml(syntax, invoice)
    document = einvoice.read(data)
    assert document.leftovers == ()
    assert document.invoice == invoice
    assert list(xsd.check(parse(data), TABLES[syntax].schema)) == []


@pytest.mark.parametrize("syntax", UBL)
def test_lines_of_lines_are_read_and_written_at_any_depth(syntax) -> None:
    invoice = plain_invoice(type_code="381" if syntax == "ubl-creditnote" else "380")
    line = invoice.lines[0]
    for number in range(5):
        inner = replace(line, identifier=f"{number}")
        line = replace(line, extension=LineExtension(sub_lines=(inner, inner)))
    invoice = replace(invoice, lines=(line,))
    document = einvoice.read(write_xml(syntax, invoice))
    assert document.invoice == invoice
    assert document.leftovers == ()
    place = document.place("lines[0].extension.sub_lines[1].extension.sub_lines[0].identifier")
    assert place is not None
    assert place.xpath.count("[2]") == 1


def test_lines_of_lines_are_lost_in_cii_one_by_one() -> None:
    invoice = plain_invoice()
    line = invoice.lines[0]
    outer = replace(line, extension=LineExtension(sub_lines=(replace(line, identifier="1.1"),)))
    source = write_xml("ubl-invoice", replace(invoice, lines=(outer,)))
    losses = einvoice.convert(source, to="cii").losses
    lost = {loss.term: loss for loss in losses if loss.kind is LossKind.DROPPED}
    assert lost["BT-126"].value == "1.1"
    assert lost["BT-126"].path.endswith("/cac:InvoiceLine/cac:SubInvoiceLine/cbc:ID")
    assert {"BT-129", "BT-131", "BT-146", "BT-153"} <= set(lost)


def test_a_line_names_parent_and_subtype_by_its_own_invoice_in_ubl() -> None:
    invoice = plain_invoice()
    earlier = LineInvoiceReference(number="2026-0001", type_code="380")
    extension = LineExtension(parent="1", subtype="DETAIL", preceding_invoices=(earlier,))
    invoice = replace(invoice, lines=(replace(invoice.lines[0], extension=extension),))
    data = write_xml("ubl-invoice", invoice)
    assert data.count(b"<cbc:DocumentStatusCode>DETAIL<") == 1
    assert einvoice.read(data).invoice == invoice
    assert einvoice.read(write_xml("cii", invoice)).invoice == invoice


@pytest.mark.parametrize("syntax", ["ubl-invoice", "cii"])
def test_further_identifiers_keep_their_number(syntax) -> None:
    further = tuple(Identifier(value=f"{n}", scheme="0088") for n in range(3))
    invoice = plain_invoice(
        extension=Extension(further_buyer_identifiers=further, further_invoiced_objects=further),
        invoiced_object=Identifier(value="object"),
    )
    first = Identifier(value="first")
    invoice = replace(invoice, buyer=replace(invoice.buyer, identifier=first))
    assert einvoice.read(write_xml(syntax, invoice)).invoice == invoice


FREIGHT = b"""<ram:SpecifiedLogisticsServiceCharge>
  <ram:Description>Freight</ram:Description><ram:AppliedAmount>12.50</ram:AppliedAmount>
  <ram:AppliedTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
  <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:AppliedTradeTax>
</ram:SpecifiedLogisticsServiceCharge>"""


def test_freight_becomes_a_document_charge_and_says_so() -> None:
    end = b"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
    data = write_xml("cii", plain_invoice()).replace(end, FREIGHT + end)
    document = einvoice.read(data)
    (charge,) = document.invoice.charges
    assert (charge.reason, charge.amount, charge.vat_category) == ("Freight", Decimal("12.50"), "S")
    moved = [loss for loss in document.leftovers if loss.kind is LossKind.MOVED]
    assert [loss.value for loss in moved] == ["Freight", "12.50", "VAT", "S", "20"]


@pytest.mark.parametrize("zone", ["Z", "+01:00", "-12:00"])
def test_a_day_keeps_no_time_zone_and_says_so(zone) -> None:
    data = write_xml("ubl-invoice", plain_invoice())
    zoned = data.replace(b"2026-10-05<", f"2026-10-05{zone}<".encode())
    document = einvoice.read(zoned)
    assert document.invoice == plain_invoice()
    (loss,) = document.leftovers
    assert (loss.kind, loss.value) == (LossKind.APPROXIMATED, f"2026-10-05{zone}")
    assert zone in loss.reason
