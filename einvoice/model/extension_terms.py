"""The terms that extensions add to EN 16931, each once: number, name, place in the model.

Numbers: EXT-FR-FE-nn as the rules of EXTENDED-CTC-FR name them, BT-DEX-nnn and BG-DEX-nn of the
XRechnung extension. A term whose number we do not know has none.
"""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.model.term import Term
from einvoice.model.term import term as _term

_ADDRESS = (
    ("line_1", "address line 1", "Text"),
    ("line_2", "address line 2", "Text"),
    ("line_3", "address line 3", "Text"),
    ("city", "city", "Text"),
    ("post_code", "post code", "Text"),
    ("subdivision", "country subdivision", "Text"),
    ("country", "country code", "Code"),
)


def _address(path: str, name: str, country: str = "") -> Iterator[Term]:
    yield _term("", f"{name} postal address", path, "0..1", "Group")
    for field, title, kind in _ADDRESS:
        number = country if field == "country" else ""
        yield _term(number, f"{name} {title}", f"{path}.{field}", "0..1", kind)  # type: ignore[arg-type]


def _identifier(
    path: str, name: str, cardinality: str = "0..1", number: str = ""
) -> Iterator[Term]:
    yield _term(number, f"{name} identifier", f"{path}.value", cardinality, "Identifier")
    yield _term("", f"{name} identifier scheme", f"{path}.scheme", "0..1", "Code")


def _details(path: str, title: str, electronic: str = "", country: str = "") -> Iterator[Term]:
    """The terms of a party that are not who it is."""
    yield _term("", title, path, "0..1", "Group")
    yield _term("", f"{title} role code", f"{path}.role_code", "0..1", "Code")
    yield _term("", f"{title} VAT identifier", f"{path}.vat_identifier", "0..1", "Identifier")
    information = f"{path}.additional_legal_information"
    yield _term("", f"{title} additional legal information", information, "0..1", "Text")
    address = f"{path}.electronic_address"
    yield _term(electronic, f"{title} electronic address", f"{address}.value", "0..1", "Identifier")
    yield _term("", f"{title} electronic address scheme", f"{address}.scheme", "1..1", "Code")
    yield from _address(f"{path}.address", title, country)
    yield _term("", f"{title} contact", f"{path}.contact", "0..1", "Group")
    yield _term("", f"{title} contact point", f"{path}.contact.point", "0..1", "Text")
    yield _term("", f"{title} contact telephone", f"{path}.contact.telephone", "0..1", "Text")
    yield _term("", f"{title} contact email", f"{path}.contact.email", "0..1", "Text")


def _party(path: str, title: str, first: int | None = None, **numbers: str) -> Iterator[Term]:
    """The terms of a party; `first` is the number of its identifier, its address is six on."""
    own = "" if first is None else f"EXT-FR-FE-{first:02}"
    electronic = "" if first is None else f"EXT-FR-FE-{first + 6:02}"
    yield from _details(path, title, electronic, numbers.get("country", ""))
    yield _term(numbers.get("name", ""), f"{title} name", f"{path}.name", "0..1", "Text")
    yield _term("", f"{title} trading name", f"{path}.trading_name", "0..1", "Text")
    yield from _identifier(f"{path}.identifiers[]", title, "0..n", own)
    legal = f"{title} legal registration"
    yield from _identifier(f"{path}.legal_registration", legal, number=numbers.get("legal", ""))


def _condition(path: str, name: str) -> Iterator[Term]:
    yield _term("", name, path, "0..1", "Group")
    yield _term("", f"{name} reference date", f"{path}.basis_date", "0..1", "Date")
    yield _term("", f"{name} period", f"{path}.period", "0..1", "Quantity")
    yield _term("", f"{name} period unit", f"{path}.period_unit", "0..1", "Code")
    yield _term("", f"{name} base amount", f"{path}.basis_amount", "0..1", "Amount")
    yield _term("", f"{name} percentage", f"{path}.percentage", "0..1", "Percentage")
    yield _term("", f"{name} amount", f"{path}.amount", "0..1", "Amount")


def _conditions(path: str, name: str) -> Iterator[Term]:
    yield _term("", f"{name} partial amount", f"{path}.partial_amount", "0..1", "Amount")
    yield from _condition(f"{path}.discount", "Discount for early payment")
    yield from _condition(f"{path}.penalty", "Penalty for late payment")


def _reference(path: str, name: str, cardinality: str = "0..1") -> Iterator[Term]:
    """A document or a line of it, referred to by a line."""
    yield _term("", name, path, cardinality, "Group")
    for field, title, kind in (
        ("number", "number", "Identifier"),
        ("line", "line", "Identifier"),
        ("issue_date", "date", "Date"),
    ):
        yield _term("", f"{name} {title}", f"{path}.{field}", "0..1", kind)  # type: ignore[arg-type]


_EXT = "extension"
_LINE = "lines[].extension"

# fmt: off
_HEADER = (
    _term("", "Extension", _EXT, "0..1", "Group"),
    _term("", "Document name", f"{_EXT}.document_name", "0..1", "Text"),
    _term("", "Test indicator", f"{_EXT}.test", "0..1", "Indicator"),
    _term("", "Copy indicator", f"{_EXT}.copy", "0..1", "Indicator"),
    _term("", "Invoice note as a code", "notes[].content_code", "0..1", "Code"),
    _term("EXT-FR-FE-02", "Preceding invoice type code", "preceding_invoices[].type_code", "0..1", "Code"),
    _term("", "Purchase order date", f"{_EXT}.purchase_order_date", "0..1", "Date"),
    _term("", "Sales order date", f"{_EXT}.sales_order_date", "0..1", "Date"),
    _term("", "Despatch advice date", f"{_EXT}.despatch_advice_date", "0..1", "Date"),
    _term("", "Receiving advice date", f"{_EXT}.receiving_advice_date", "0..1", "Date"),
    _term("", "Project name", f"{_EXT}.project_name", "0..1", "Text"),
    _term("", "Payment card network", "payment.card.network", "0..1", "Text"),
    _term("", "Contract date", f"{_EXT}.contract_date", "0..1", "Date"),
    _term("", "Contract type", f"{_EXT}.contract_type", "0..1", "Code"),
    _term("", "Delivery note", f"{_EXT}.delivery_note", "0..1", "Group"),
    _term("", "Delivery note number", f"{_EXT}.delivery_note.number", "0..1", "Identifier"),
    _term("", "Delivery note date", f"{_EXT}.delivery_note.issue_date", "0..1", "Date"),
    *_identifier(f"{_EXT}.further_invoiced_objects[]", "Further invoiced object", "0..n"),
    *_identifier(f"{_EXT}.further_buyer_identifiers[]", "Further buyer", "0..n"),
    _term("", "Buyer tax registration identifier", f"{_EXT}.buyer_tax_registration", "0..1", "Identifier"),
    *_party(f"{_EXT}.sales_agent", "Sales agent", 69),
    *_party(f"{_EXT}.buyer_agent", "Buyer agent", 6),
    *_party(f"{_EXT}.invoicer", "Invoicer", 115),
    *_party(f"{_EXT}.invoicee", "Invoicee", 92),
    *_party(f"{_EXT}.payer", "Payer", 46),
    *_details(f"{_EXT}.payee", "Payee", "EXT-FR-FE-29"),
    *_party(f"{_EXT}.ship_from", "Ship from"),
    *_party(f"{_EXT}.ultimate_ship_to", "Ultimate ship to"),
    _term("", "Delivery terms", f"{_EXT}.delivery_terms", "0..1", "Group"),
    _term("", "Delivery terms code", f"{_EXT}.delivery_terms.code", "0..1", "Code"),
    _term("", "Delivery terms location", f"{_EXT}.delivery_terms.location", "0..1", "Text"),
    _term("", "Currency exchange", f"{_EXT}.exchange", "0..1", "Group"),
    _term("", "Exchange source currency", f"{_EXT}.exchange.source", "0..1", "Code"),
    _term("", "Exchange target currency", f"{_EXT}.exchange.target", "0..1", "Code"),
    _term("BT-167", "Exchange rate", f"{_EXT}.exchange.rate", "0..1", "Percentage"),
    _term("", "Exchange rate date", f"{_EXT}.exchange.day", "0..1", "Date"),
    _term("", "Payment conditions", f"{_EXT}.payment_conditions", "0..1", "Group"),
    *_conditions(f"{_EXT}.payment_conditions", "Payment terms"),
    _term("", "Further payment terms", f"{_EXT}.further_payment_terms[]", "0..n", "Group"),
    _term("", "Further payment terms text", f"{_EXT}.further_payment_terms[].description", "0..1", "Text"),
    _term("", "Further payment due date", f"{_EXT}.further_payment_terms[].due_date", "0..1", "Date"),
    *_conditions(f"{_EXT}.further_payment_terms[]", "Further payment terms"),
    _term("BG-DEX-09", "Third party payment", f"{_EXT}.third_party_payments[]", "0..n", "Group"),
    _term("BT-DEX-001", "Third party payment type", f"{_EXT}.third_party_payments[].kind", "1..1", "Text"),
    _term("BT-DEX-002", "Third party payment amount", f"{_EXT}.third_party_payments[].amount", "1..1", "Amount"),
    _term("BT-DEX-003", "Third party payment description", f"{_EXT}.third_party_payments[].description", "1..1", "Text"),
    _term("", "Advance payment", f"{_EXT}.advance_payments[]", "0..n", "Group"),
    _term("", "Advance payment amount", f"{_EXT}.advance_payments[].amount", "0..1", "Amount"),
    _term("", "Advance payment date", f"{_EXT}.advance_payments[].received", "0..1", "Date"),
    _term("", "Advance payment VAT", f"{_EXT}.advance_payments[].taxes[]", "0..n", "Group"),
    _term("", "Advance payment VAT amount", f"{_EXT}.advance_payments[].taxes[].amount", "0..1", "Amount"),
    _term("", "Advance payment VAT category code", f"{_EXT}.advance_payments[].taxes[].category", "0..1", "Code"),
    _term("", "Advance payment VAT rate", f"{_EXT}.advance_payments[].taxes[].rate", "0..1", "Percentage"),
    _term("", "Advance invoice", f"{_EXT}.advance_payments[].invoice", "0..1", "Group"),
    _term("", "Advance invoice number", f"{_EXT}.advance_payments[].invoice.number", "0..1", "Identifier"),
    _term("", "Advance invoice date", f"{_EXT}.advance_payments[].invoice.issue_date", "0..1", "Date"),
    _term("", "Advance invoice type code", f"{_EXT}.advance_payments[].invoice_type_code", "0..1", "Code"),
    _term("", "Document level allowance VAT exemption reason", "allowances[].exemption_reason", "0..1", "Text"),
    _term("", "Document level allowance VAT exemption reason code", "allowances[].exemption_reason_code", "0..1", "Code"),
    _term("", "Document level charge VAT exemption reason", "charges[].exemption_reason", "0..1", "Text"),
    _term("", "Document level charge VAT exemption reason code", "charges[].exemption_reason_code", "0..1", "Code"),
)

_LINES = (
    _term("", "Line extension", _LINE, "0..1", "Group"),
    _term("EXT-FR-FE-162", "Parent line", f"{_LINE}.parent", "0..1", "Identifier"),
    _term("EXT-FR-FE-163", "Line subtype", f"{_LINE}.subtype", "0..1", "Code"),
    _term("", "Line status code", f"{_LINE}.status_code", "0..1", "Code"),
    _term("", "Line note subject code", f"{_LINE}.note_subject_code", "0..1", "Code"),
    *_party(f"{_LINE}.seller", "Line seller", name="EXT-FR-FE-164", legal="EXT-FR-FE-167", country="EXT-FR-FE-177"),
    _term("", "Line delivery", f"{_LINE}.delivery", "0..1", "Group"),
    _term("", "Line deliver to party name", f"{_LINE}.delivery.name", "0..1", "Text"),
    *_identifier(f"{_LINE}.delivery.location", "Line deliver to location", number="EXT-FR-FE-146"),
    _term("EXT-FR-FE-158", "Line delivery date", f"{_LINE}.delivery.actual_date", "0..1", "Date"),
    *_address(f"{_LINE}.delivery.address", "Line deliver to"),
    _term("", "Line delivery terms code", f"{_LINE}.delivery_terms_code", "0..1", "Code"),
    _term("", "Line delivery terms location", f"{_LINE}.delivery_terms_location", "0..1", "Text"),
    _term("", "Line purchase order reference", f"{_LINE}.purchase_order_reference", "0..1", "Identifier"),
    _term("", "Line purchase order date", f"{_LINE}.purchase_order_date", "0..1", "Date"),
    *_reference(f"{_LINE}.sales_order", "Line sales order"),
    *_reference(f"{_LINE}.despatch_advice", "Line despatch advice"),
    *_reference(f"{_LINE}.receiving_advice", "Line receiving advice"),
    *_reference(f"{_LINE}.delivery_note", "Line delivery note"),
    *_reference(f"{_LINE}.contract", "Line contract"),
    _term("", "Line preceding invoice", f"{_LINE}.preceding_invoices[]", "0..n", "Group"),
    _term("EXT-FR-FE-136", "Line preceding invoice number", f"{_LINE}.preceding_invoices[].number", "0..1", "Identifier"),
    _term("", "Line preceding invoice line", f"{_LINE}.preceding_invoices[].line", "0..1", "Identifier"),
    _term("EXT-FR-FE-138", "Line preceding invoice date", f"{_LINE}.preceding_invoices[].issue_date", "0..1", "Date"),
    _term("EXT-FR-FE-137", "Line preceding invoice type code", f"{_LINE}.preceding_invoices[].type_code", "0..1", "Code"),
    _term("", "Line document", f"{_LINE}.documents[]", "0..n", "Group"),
    _term("", "Line document reference", f"{_LINE}.documents[].reference", "0..1", "Identifier"),
    _term("", "Line document line", f"{_LINE}.documents[].line", "0..1", "Identifier"),
    _term("", "Line document name", f"{_LINE}.documents[].name", "0..1", "Text"),
    _term("", "Line document reference type", f"{_LINE}.documents[].reference_type", "0..1", "Code"),
    *_identifier(f"{_LINE}.further_objects[]", "Further line object", "0..n"),
    _term("", "Line VAT exemption reason", f"{_LINE}.exemption_reason", "0..1", "Text"),
    _term("", "Line VAT exemption reason code", f"{_LINE}.exemption_reason_code", "0..1", "Code"),
    _term("", "Line value added tax point date code", f"{_LINE}.tax_point_date_code", "0..1", "Code"),
    _term("EXT-FR-FE-181", "Line VAT amount", f"{_LINE}.vat_amount", "0..1", "Amount"),
    _term("EXT-FR-FE-184", "Line amount with VAT", f"{_LINE}.gross_amount", "0..1", "Amount"),
    _term("", "Line allowances and charges", f"{_LINE}.allowance_charge_total", "0..1", "Amount"),
    _term("", "Package quantity", f"{_LINE}.package_quantity", "0..1", "Quantity"),
    _term("", "Package quantity unit", f"{_LINE}.package_unit", "0..1", "Code"),
    _term("", "Quantity per package", f"{_LINE}.per_package_quantity", "0..1", "Quantity"),
    _term("", "Item price discount reason", f"{_LINE}.price_discount_reason", "0..1", "Text"),
    _term("", "Item price discount reason code", f"{_LINE}.price_discount_reason_code", "0..1", "Code"),
    _term("", "Included item", f"{_LINE}.included_items[]", "0..n", "Group"),
    _term("", "Included item name", f"{_LINE}.included_items[].name", "0..1", "Text"),
    _term("", "Included item description", f"{_LINE}.included_items[].description", "0..1", "Text"),
    *_identifier(f"{_LINE}.included_items[].identifiers[]", "Included item", "0..n"),
    _term("", "Included item seller's identifier", f"{_LINE}.included_items[].seller_identifier", "0..1", "Identifier"),
    _term("", "Included item buyer's identifier", f"{_LINE}.included_items[].buyer_identifier", "0..1", "Identifier"),
    _term("", "Included item quantity", f"{_LINE}.included_items[].quantity", "0..1", "Quantity"),
    _term("", "Included item quantity unit", f"{_LINE}.included_items[].unit", "0..1", "Code"),
    _term("BG-DEX-01", "Sub-line", f"{_LINE}.sub_lines[]", "0..n", "Group"),
    _term("EXT-FR-FE-159", "Item attribute code", "lines[].item.attributes[].code", "0..1", "Code"),
    _term("", "Item attribute measure", "lines[].item.attributes[].measure", "0..1", "Quantity"),
    _term("", "Item attribute measure unit", "lines[].item.attributes[].measure_unit", "0..1", "Code"),
)
# fmt: on

EXTENSION_TERMS: tuple[Term, ...] = (*_HEADER, *_LINES)
