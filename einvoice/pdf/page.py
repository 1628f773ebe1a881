"""What stands on the drawn page: an invoice as titles, labels and texts in one language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from einvoice.model import (
    Address,
    AllowanceCharge,
    Buyer,
    Contact,
    Identifier,
    Invoice,
    Item,
    Line,
    LineAllowanceCharge,
    LineVat,
    Note,
    Payee,
    PaymentInstructions,
    Price,
    Seller,
    SupportingDocument,
    TaxRepresentative,
    VatBreakdown,
)
from einvoice.pdf import labels
from einvoice.pdf.wording import Wording

#: A label, possibly empty, and a text.
Row = tuple[str, str]
Rows = Iterator[Row]


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A titled list of labels and texts."""

    title: str
    rows: list[Row]
    lead: str = ""  #: printed large, the name of a party


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A titled table; each row has one text per head."""

    title: str
    head: list[str]
    rows: list[list[str]]
    left: int  #: how many columns hold text and stand left, the rest holds numbers


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the invoice: the cells of the table, and what stands under the item's name."""

    cells: list[str]
    details: list[Row]


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """All texts of the drawn invoice, in the order of reading."""

    language: str
    title: str  #: kind and number, also in the footer
    author: str
    date: tuple[int, int, int] | None  #: BT-2
    page: str  #: the word in the footer
    facts: list[Row]
    parties: list[Block]
    lines: LineTable
    tables: list[Table]
    totals: Block
    blocks: list[Block]


class LineTable(msgspec.Struct, frozen=True, kw_only=True):
    """The table of lines; the second column is the item with its details."""

    title: str
    head: list[str]
    rows: list[LineRow]


def page_of(invoice: Invoice, wording: Wording) -> Page:
    """Put every term that the invoice holds into words."""
    kind = wording.code(labels.DOCUMENT_TYPES, invoice.type_code or "380")
    title = f"{kind} {invoice.number or ''}".strip()
    day = invoice.issue_date
    return Page(
        language=wording.language,
        title=title,
        author=invoice.seller.name or "",
        date=(day.year, day.month, day.day) if day else None,
        page=wording.label("page"),
        facts=[(wording.label(key), text) for key, text in _facts(invoice, wording)],
        parties=list(_parties(invoice, wording)),
        lines=_lines(invoice, wording),
        tables=[table for table in _tables(invoice, wording) if table.rows],
        totals=_totals(invoice, wording),
        blocks=[block for block in _blocks(invoice, wording) if block.rows],
    )


def _block(wording: Wording, title: str, rows: Rows, lead: str | None = None) -> Block:
    """A block from keys of labels; an empty key gives no label."""
    return Block(
        title=wording.label(title),
        lead=lead or "",
        rows=[(wording.label(key) if key else "", text) for key, text in rows],
    )


# --- header


def _facts(invoice: Invoice, wording: Wording) -> Rows:
    """Number, dates and references of the document."""
    yield from _dates(invoice, wording)
    for key in _REFERENCES:
        text = getattr(invoice, key)
        if text is not None:
            yield key, text
    if invoice.invoiced_object is not None:
        yield "invoiced_object", wording.identifier(invoice.invoiced_object)
    for earlier in invoice.preceding_invoices:
        day = f" ({wording.day(earlier.issue_date)})" if earlier.issue_date else ""
        yield "preceding_invoice", f"{earlier.number or ''}{day}".strip()
    if invoice.process.business_process is not None:
        yield "business_process", invoice.process.business_process
    if invoice.process.specification is not None:
        yield "specification", invoice.process.specification


_REFERENCES = (
    "buyer_reference",
    "purchase_order_reference",
    "sales_order_reference",
    "contract_reference",
    "project_reference",
    "tender_or_lot_reference",
    "despatch_advice_reference",
    "receiving_advice_reference",
    "buyer_accounting_reference",
)


def _dates(invoice: Invoice, wording: Wording) -> Rows:
    if invoice.number is not None:
        yield "number", invoice.number
    yield from _day("issue_date", invoice.issue_date, wording)
    yield from _day("due_date", invoice.due_date, wording)
    if invoice.type_code is not None:
        yield "type", wording.code_and_name(labels.DOCUMENT_TYPES, invoice.type_code)
    if invoice.currency is not None:
        yield "currency", invoice.currency
    if invoice.accounting_currency is not None:
        yield "accounting_currency", invoice.accounting_currency
    yield from _day("tax_point_date", invoice.tax_point_date, wording)
    if invoice.tax_point_date_code is not None:
        yield (
            "tax_point_date_code",
            wording.code_and_name(labels.TAX_POINTS, invoice.tax_point_date_code),
        )


def _day(key: str, value: date | None, wording: Wording) -> Rows:
    if value is not None:
        yield key, wording.day(value)


# --- parties


def _parties(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    seller, buyer = invoice.seller, invoice.buyer
    yield _block(wording, "seller", _seller(seller, wording), seller.name)
    yield _block(wording, "buyer", _buyer(buyer, wording), buyer.name)
    if invoice.payee is not None:
        yield _block(wording, "payee", _payee(invoice.payee, wording), invoice.payee.name)
    if invoice.tax_representative is not None:
        rows = _representative(invoice.tax_representative, wording)
        yield _block(wording, "tax_representative", rows, invoice.tax_representative.name)


def _seller(seller: Seller, wording: Wording) -> Rows:
    yield from _text("trading_name", seller.trading_name)
    yield from _address(seller.address, wording)
    for identifier in seller.identifiers:
        yield "identifier", wording.identifier(identifier)
    yield from _identifier("legal_registration", seller.legal_registration, wording)
    yield from _text("vat_identifier", seller.vat_identifier)
    yield from _text("tax_registration", seller.tax_registration)
    yield from _text("additional_legal_information", seller.additional_legal_information)
    yield from _identifier("electronic_address", seller.electronic_address, wording)
    yield from _contact(seller.contact)


def _buyer(buyer: Buyer, wording: Wording) -> Rows:
    yield from _text("trading_name", buyer.trading_name)
    yield from _address(buyer.address, wording)
    yield from _identifier("identifier", buyer.identifier, wording)
    yield from _identifier("legal_registration", buyer.legal_registration, wording)
    yield from _text("vat_identifier", buyer.vat_identifier)
    yield from _identifier("electronic_address", buyer.electronic_address, wording)
    yield from _contact(buyer.contact)


def _payee(payee: Payee, wording: Wording) -> Rows:
    yield from _identifier("identifier", payee.identifier, wording)
    yield from _identifier("legal_registration", payee.legal_registration, wording)


def _representative(party: TaxRepresentative, wording: Wording) -> Rows:
    yield from _address(party.address, wording)
    yield from _text("vat_identifier", party.vat_identifier)


def _contact(contact: Contact | None) -> Rows:
    if contact is not None:
        yield from _text("contact", contact.point)
        yield from _text("telephone", contact.telephone)
        yield from _text("email", contact.email)


def _address(address: Address, wording: Wording, key: str = "") -> Rows:
    """A postal address as one text of several lines."""
    text = "\n".join(_address_lines(address, wording))
    if text:
        yield key, text


def _address_lines(address: Address, wording: Wording) -> Iterator[str]:
    yield from filter(None, (address.line_1, address.line_2, address.line_3))
    city = " ".join(filter(None, (address.post_code, address.city)))
    yield from filter(None, (city, address.subdivision))
    if address.country is not None:
        yield wording.country(address.country)


def _text(key: str, text: str | None) -> Rows:
    if text is not None:
        yield key, text


def _identifier(key: str, value: Identifier | None, wording: Wording) -> Rows:
    if value is not None:
        yield key, wording.identifier(value)


# --- lines


def _lines(invoice: Invoice, wording: Wording) -> LineTable:
    head = ("line", "item", "quantity", "unit_price", "vat", "net_amount")
    return LineTable(
        title=wording.label("lines"),
        head=[wording.label(key) for key in head],
        rows=[_line(line, wording) for line in invoice.lines],
    )


def _line(line: Line, wording: Wording) -> LineRow:
    return LineRow(
        cells=[
            line.identifier or "",
            line.item.name or "",
            _quantity(line.quantity, line.unit, wording),
            _price(line.price, wording),
            _line_vat(line.vat, wording),
            _amount(line.net_amount, wording),
        ],
        details=[
            (wording.label(key) if key else "", text) for key, text in _details(line, wording)
        ],
    )


def _quantity(value: Decimal | None, unit: str | None, wording: Wording) -> str:
    number = "" if value is None else wording.number(value)
    return f"{number} {wording.code(labels.UNITS, unit) if unit else ''}".strip()


def _price(price: Price, wording: Wording) -> str:
    """The net price, with the quantity that it is for unless that is one."""
    amount = _amount(price.net, wording)
    if price.base_quantity is None and price.base_quantity_unit is None:
        return amount
    quantity = _quantity(price.base_quantity, price.base_quantity_unit, wording)
    return f"{amount} / {quantity}"


def _line_vat(vat: LineVat, wording: Wording) -> str:
    rate = "" if vat.rate is None else wording.percent(vat.rate)
    return " ".join(filter(None, (vat.category, rate)))


def _amount(value: Decimal | None, wording: Wording) -> str:
    return "" if value is None else wording.amount(value)


def _details(line: Line, wording: Wording) -> Rows:
    """What stands under the name of the item."""
    yield from _item(line.item, wording)
    yield from _text("line_note", line.note)
    yield from _identifier("object_identifier", line.object_identifier, wording)
    yield from _text("order_line_reference", line.order_line_reference)
    yield from _text("buyer_accounting_reference", line.buyer_accounting_reference)
    if line.period is not None:
        yield from _text("period", wording.period(line.period))
    if line.price.gross is not None:
        yield "gross_price", wording.amount(line.price.gross)
    if line.price.discount is not None:
        yield "price_discount", wording.amount(line.price.discount)
    for allowance in line.allowances:
        yield "allowance", _adjustment(allowance, wording)
    for charge in line.charges:
        yield "charge", _adjustment(charge, wording)


def _item(item: Item, wording: Wording) -> Rows:
    yield from _text("", item.description)
    yield from _text("seller_identifier", item.seller_identifier)
    yield from _text("buyer_identifier", item.buyer_identifier)
    yield from _identifier("standard_identifier", item.standard_identifier, wording)
    for classification in item.classifications:
        yield "classification", wording.identifier(classification)
    if item.country_of_origin is not None:
        yield "country_of_origin", wording.country(item.country_of_origin)
    for attribute in item.attributes:
        yield "attribute", ": ".join(filter(None, (attribute.name, attribute.value)))


def _adjustment(row: LineAllowanceCharge, wording: Wording) -> str:
    """An allowance or charge of a line in one text."""
    parts = [_amount(row.amount, wording)]
    if row.percentage is not None:
        parts.append(wording.percent(row.percentage))
    if row.base_amount is not None:
        parts.append(f"{wording.label('base_amount')} {wording.amount(row.base_amount)}")
    return ", ".join(filter(None, [*parts, _reason(row.reason, row.reason_code)]))


def _reason(text: str | None, code: str | None) -> str:
    """A reason with its code in brackets."""
    if text is None or code is None:
        return text or code or ""
    return f"{text} ({code})"


# --- allowances, charges, VAT, totals


def _tables(invoice: Invoice, wording: Wording) -> Iterator[Table]:
    rows = [_adjustment_row("allowance", row, wording) for row in invoice.allowances]
    rows += [_adjustment_row("charge", row, wording) for row in invoice.charges]
    head = ("kind", "reason", "vat", "base_amount", "percentage", "amount")
    yield _table(wording, "adjustments", head, rows, left=3)
    breakdown = [_vat_row(row, wording) for row in invoice.vat_breakdown]
    head_vat = ("category", "exemption_reason", "rate", "taxable_amount", "tax_amount")
    yield _table(wording, "vat_breakdown", head_vat, breakdown, left=2)


def _table(
    wording: Wording, title: str, head: tuple[str, ...], rows: list[list[str]], left: int
) -> Table:
    """A table without the columns that no row fills."""
    used = [n for n in range(len(head)) if any(row[n] for row in rows)]
    return Table(
        title=wording.label(title),
        head=[wording.label(head[n]) for n in used],
        rows=[[row[n] for n in used] for row in rows],
        left=sum(n < left for n in used),
    )


def _adjustment_row(kind: str, row: AllowanceCharge, wording: Wording) -> list[str]:
    vat = LineVat(category=row.vat_category, rate=row.vat_rate)
    return [
        wording.label(kind),
        _reason(row.reason, row.reason_code),
        _line_vat(vat, wording),
        _amount(row.base_amount, wording),
        "" if row.percentage is None else wording.percent(row.percentage),
        _amount(row.amount, wording),
    ]


def _vat_row(row: VatBreakdown, wording: Wording) -> list[str]:
    return [
        wording.code_and_name(labels.VAT_CATEGORIES, row.category) if row.category else "",
        _reason(row.exemption_reason, row.exemption_reason_code),
        "" if row.rate is None else wording.percent(row.rate),
        _amount(row.taxable_amount, wording),
        _amount(row.tax_amount, wording),
    ]


def _totals(invoice: Invoice, wording: Wording) -> Block:
    totals = invoice.totals
    amounts = (
        ("line_net", totals.line_net, invoice.currency),
        ("allowances", totals.allowances, invoice.currency),
        ("charges", totals.charges, invoice.currency),
        ("without_vat", totals.without_vat, invoice.currency),
        ("vat_total", totals.vat, invoice.currency),
        (
            "vat_in_accounting_currency",
            totals.vat_in_accounting_currency,
            invoice.accounting_currency,
        ),
        ("with_vat", totals.with_vat, invoice.currency),
        ("paid", totals.paid, invoice.currency),
        ("rounding", totals.rounding, invoice.currency),
        ("due", totals.due, invoice.currency),
    )
    rows = [
        (key, wording.money(value, currency))
        for key, value, currency in amounts
        if value is not None
    ]
    return _block(wording, "totals", iter(rows))


# --- delivery, payment, notes, documents


def _blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    yield _block(wording, "payment", _payment(invoice, wording))
    yield _block(wording, "delivery", _delivery(invoice, wording))
    notes = [_note(note, wording) for note in invoice.notes]
    yield Block(title=wording.label("notes"), rows=notes)
    documents = [_document(document, wording) for document in invoice.supporting_documents]
    yield Block(title=wording.label("documents"), rows=documents)


def _payment(invoice: Invoice, wording: Wording) -> Rows:
    yield from _text("payment_terms", invoice.payment_terms)
    if invoice.payment is not None:
        yield from _instructions(invoice.payment, wording)


def _instructions(payment: PaymentInstructions, wording: Wording) -> Rows:
    code = payment.means_code and wording.code_and_name(labels.PAYMENT_MEANS, payment.means_code)
    means = ", ".join(filter(None, (code, payment.means_text)))
    yield from _text("means", means or None)
    yield from _text("remittance_information", payment.remittance_information)
    for transfer in payment.credit_transfers:
        yield from _text("account", transfer.account)
        yield from _text("account_name", transfer.account_name)
        yield from _text("provider", transfer.provider)
    if payment.card is not None:
        yield from _text("card", payment.card.number)
        yield from _text("card_holder", payment.card.holder)
    if payment.direct_debit is not None:
        yield from _text("mandate_reference", payment.direct_debit.mandate_reference)
        yield from _text("creditor_identifier", payment.direct_debit.creditor_identifier)
        yield from _text("debited_account", payment.direct_debit.debited_account)


def _delivery(invoice: Invoice, wording: Wording) -> Rows:
    delivery = invoice.delivery
    if delivery is None:
        return
    yield from _text("delivery_name", delivery.name)
    yield from _identifier("delivery_location", delivery.location, wording)
    yield from _day("actual_date", delivery.actual_date, wording)
    if delivery.period is not None:
        yield from _text("period", wording.period(delivery.period))
    if delivery.address is not None:
        yield from _address(delivery.address, wording, "delivery_address")


def _note(note: Note, wording: Wording) -> Row:
    subject = note.subject_code
    label = wording.code_and_name(labels.NOTE_SUBJECTS, subject) if subject else ""
    return label, note.text or ""


def _document(document: SupportingDocument, wording: Wording) -> Row:
    """Reference of a document, with its description, place and attached file."""
    attachment = document.attachment
    file = None
    if attachment is not None:
        inside = ", ".join(filter(None, (attachment.filename, attachment.mime_code)))
        file = f"{wording.label('attached')}: {inside}" if inside else wording.label("attached")
    parts = (document.description, document.external_location, file)
    return document.reference or "", "\n".join(filter(None, parts))
