"""What extensions add to a line, under the name of its item."""

from __future__ import annotations

from einvoice.model.lines import (
    IncludedItem,
    LineDelivery,
    LineDocument,
    LineExtension,
    LineInvoiceReference,
    LineReference,
)
from einvoice.pdf import labels
from einvoice.pdf.page_parties import party_rows
from einvoice.pdf.rows import (
    Rows,
    address_row,
    amount_row,
    dated_row,
    day_row,
    exemption_text,
    identifier_row,
    joined,
    reason_text,
    text_row,
)
from einvoice.pdf.wording import Wording

#: References to other documents, by their attribute and their label.
REFERENCES = (
    ("sales_order", "sales_order_reference"),
    ("despatch_advice", "despatch_advice_reference"),
    ("receiving_advice", "receiving_advice_reference"),
    ("delivery_note", "delivery_note"),
    ("contract", "contract_reference"),
)

#: Subtypes of lines (EXT-FR-FE-163) that readers see by where the lines stand.
PLAIN_SUBTYPES = ("DETAIL", "GROUP")


def extension_rows(extension: LineExtension, wording: Wording) -> Rows:
    """What an extension says of a line, but for its parts and what belongs to other terms."""
    if extension == LineExtension():
        return
    if extension.subtype not in PLAIN_SUBTYPES:
        yield from text_row("line_type", extension.subtype)
    yield from text_row("line_status", extension.status_code)
    yield from _references(extension, wording)
    yield from _vat(extension, wording)
    yield from _package(extension, wording)
    for included in extension.included_items:
        yield "included_item", _included(included, wording)
    if extension.delivery is not None:
        yield from text_row("delivery", joined(wording, _delivery(extension.delivery, wording)))
    terms = (extension.delivery_terms_code, extension.delivery_terms_location)
    yield from text_row("delivery_terms", " ".join(filter(None, terms)) or None)
    if extension.seller is not None:
        rows = joined(wording, party_rows(extension.seller, wording))
        yield from text_row("seller", ", ".join(filter(None, (extension.seller.name, rows))))


def _references(extension: LineExtension, wording: Wording) -> Rows:
    order, day = extension.purchase_order_reference, extension.purchase_order_date
    yield from dated_row("purchase_order_reference", order, day, wording)
    for name, key in REFERENCES:
        reference: LineReference | None = getattr(extension, name)
        if reference is not None:
            yield key, _reference(reference, wording)
    for invoice in extension.preceding_invoices:
        yield "preceding_invoice", _invoice(invoice, wording)
    for document in extension.documents:
        yield "document", _document(document, wording)
    for further in extension.further_objects:
        yield from identifier_row("object_identifier", further, wording)


def _reference(reference: LineReference, wording: Wording) -> str:
    place = " / ".join(filter(None, (reference.number, reference.line)))
    return wording.dated(place, reference.issue_date)


def _invoice(reference: LineInvoiceReference, wording: Wording) -> str:
    code = reference.type_code
    kind = wording.code(labels.DOCUMENT_TYPES, code) if code is not None else None
    return reason_text(_reference(reference, wording) or None, kind)


def _document(document: LineDocument, wording: Wording) -> str:
    place = " / ".join(filter(None, (document.reference, document.line)))
    kind = document.reference_type and labels.SCHEMES.get(
        document.reference_type, document.reference_type
    )
    return ", ".join(filter(None, (reason_text(place or None, kind), document.name)))


def _vat(extension: LineExtension, wording: Wording) -> Rows:
    reason = exemption_text(extension.exemption_reason, extension.exemption_reason_code, wording)
    yield from text_row("exemption_reason", reason or None)
    code = extension.tax_point_date_code
    if code is not None:
        yield "tax_point_date_code", wording.code_and_name(labels.TAX_POINTS, code)
    yield from amount_row("tax_amount", extension.vat_amount, wording)
    yield from amount_row("gross_amount", extension.gross_amount, wording)
    yield from amount_row("allowance_charge_total", extension.allowance_charge_total, wording)


def _package(extension: LineExtension, wording: Wording) -> Rows:
    number = wording.quantity(extension.package_quantity, extension.package_unit)
    each = wording.quantity(extension.per_package_quantity, None)
    yield from text_row("package", " × ".join(filter(None, (number, each))) or None)


def _included(item: IncludedItem, wording: Wording) -> str:
    """A part of the item in one text."""
    quantity = wording.quantity(item.quantity, item.unit)
    identifiers = [wording.identifier(identifier) for identifier in item.identifiers]
    own = (item.seller_identifier, item.buyer_identifier)
    parts = (" ".join(filter(None, (quantity, item.name))), item.description, *identifiers, *own)
    return ", ".join(filter(None, parts))


def _delivery(delivery: LineDelivery, wording: Wording) -> Rows:
    yield from text_row("", delivery.name)
    yield from identifier_row("", delivery.location, wording)
    yield from day_row("", delivery.actual_date, wording)
    if delivery.address is not None:
        yield from address_row(delivery.address, wording)
