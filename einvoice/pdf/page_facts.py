"""The header of the drawn page: number, dates and references of the document."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.model import Invoice
from einvoice.model.extension import Extension
from einvoice.pdf import labels
from einvoice.pdf.rows import Rows, dated_row, day_row, reason_text, text_row
from einvoice.pdf.wording import Wording


def fact_rows(invoice: Invoice, wording: Wording) -> Rows:
    """What a reader looks for first."""
    yield from text_row("number", invoice.number)
    yield from day_row("issue_date", invoice.issue_date, wording)
    yield from day_row("due_date", invoice.due_date, wording)
    if invoice.currency is not None:
        yield "currency", invoice.currency
    yield from _vat(invoice, wording)
    yield from _references(invoice, invoice.extension or Extension(), wording)


def _vat(invoice: Invoice, wording: Wording) -> Rows:
    yield from text_row("accounting_currency", invoice.accounting_currency)
    yield from day_row("tax_point_date", invoice.tax_point_date, wording)
    code = invoice.tax_point_date_code
    if code is not None:
        yield "tax_point_date_code", wording.code_and_name(labels.TAX_POINTS, code)
    exchange = invoice.extension.exchange if invoice.extension else None
    if exchange is not None:
        rate = wording.number(exchange.rate) if exchange.rate is not None else None
        parts = (exchange.source and f"1 {exchange.source}", rate and f"= {rate}", exchange.target)
        yield "exchange", wording.dated(" ".join(filter(None, parts)), exchange.day)


def _references(invoice: Invoice, extension: Extension, wording: Wording) -> Rows:
    yield from text_row("buyer_reference", invoice.buyer_reference)
    dated = (
        ("purchase_order_reference", extension.purchase_order_date),
        ("sales_order_reference", extension.sales_order_date),
        ("despatch_advice_reference", extension.despatch_advice_date),
        ("receiving_advice_reference", extension.receiving_advice_date),
    )
    for key, day in dated:
        yield from dated_row(key, getattr(invoice, key), day, wording)
    if extension.delivery_note is not None:
        note = extension.delivery_note
        yield from dated_row("delivery_note", note.number, note.issue_date, wording)
    contract = reason_text(invoice.contract_reference, extension.contract_type)
    yield from dated_row("contract_reference", contract or None, extension.contract_date, wording)
    project = reason_text(invoice.project_reference, extension.project_name)
    yield from text_row("project_reference", project or None)
    yield from text_row("tender_or_lot_reference", invoice.tender_or_lot_reference)
    yield from text_row("buyer_accounting_reference", invoice.buyer_accounting_reference)
    first = () if invoice.invoiced_object is None else (invoice.invoiced_object,)
    for invoiced in (*first, *extension.further_invoiced_objects):
        yield "invoiced_object", wording.identifier(invoiced)
    for earlier in invoice.preceding_invoices:
        kind = earlier.type_code and wording.code(labels.DOCUMENT_TYPES, earlier.type_code)
        number = reason_text(earlier.number, kind)
        yield from dated_row("preceding_invoice", number or None, earlier.issue_date, wording)


def technical_rows(invoice: Invoice, wording: Wording) -> Rows:
    """What tells programs how to treat the document."""
    if invoice.type_code is not None:
        yield "type", wording.code_and_name(labels.DOCUMENT_TYPES, invoice.type_code)
    yield from text_row("business_process", invoice.process.business_process)
    yield from text_row("specification", invoice.process.specification)


def marks(invoice: Invoice, wording: Wording) -> Iterator[str]:
    """What must not be overlooked: that the document is a test or a copy."""
    extension = invoice.extension or Extension()
    if extension.test:
        yield wording.label("test")
    if extension.copy:
        yield wording.label("copy")
