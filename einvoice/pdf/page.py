"""What stands on the drawn page: an invoice as titles, labels and texts in one language."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import localcontext

import msgspec

from einvoice.amounts import EXACT
from einvoice.model import AllowanceCharge, Invoice, Note, SupportingDocument, VatBreakdown
from einvoice.pdf import labels
from einvoice.pdf.page_facts import fact_rows, marks, technical_rows
from einvoice.pdf.page_lines import LineTable, line_table
from einvoice.pdf.page_mentions import mention_rows
from einvoice.pdf.page_parties import party_blocks
from einvoice.pdf.page_payment import payment_rows
from einvoice.pdf.rows import (
    Block,
    Row,
    Rows,
    address_row,
    amount_text,
    block_of,
    day_row,
    exemption_text,
    identifier_row,
    labelled,
    reason_text,
    text_row,
    vat_text,
)
from einvoice.pdf.wording import Wording


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A titled table; each row has one text per head."""

    title: str
    head: list[str]
    rows: list[list[str]]
    left: int  #: how many columns hold text and stand left, the rest holds numbers


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """All texts of the drawn invoice, in the order of reading."""

    language: str
    title: str  #: kind and number, also in the footer
    subtitle: str  #: how extensions name the document
    marks: list[str]  #: that it is a test or a copy
    author: str
    date: tuple[int, int, int] | None  #: BT-2
    page: str  #: the word in the footer
    facts: list[Row]
    parties: list[Block]
    lines: LineTable
    tables: list[Table]
    totals: Block
    payment: Block  #: beside it stands the payment code, if there is one
    payment_code: str  #: what stands under the code
    payment_code_alt: str  #: what the code is, for those who do not see it
    blocks: list[Block]


def page_of(invoice: Invoice, wording: Wording) -> Page:
    """Put every term that the invoice holds into words; no digit of a number is lost."""
    with localcontext(EXACT):
        return _page(invoice, wording)


def _page(invoice: Invoice, wording: Wording) -> Page:
    kind = wording.code(labels.DOCUMENT_TYPES, invoice.type_code or "380")
    title = f"{kind} {invoice.number or ''}".strip()
    day = invoice.issue_date
    return Page(
        language=wording.language,
        title=title,
        subtitle=_subtitle(invoice, kind),
        marks=list(marks(invoice, wording)),
        author=invoice.seller.name or "",
        date=(day.year, day.month, day.day) if day else None,
        page=wording.label("page"),
        facts=labelled(wording, fact_rows(invoice, wording)),
        parties=list(party_blocks(invoice, wording)),
        lines=line_table(invoice, wording),
        tables=[table for table in _tables(invoice, wording) if table.rows],
        totals=_totals(invoice, wording),
        payment=block_of(wording, "payment", payment_rows(invoice, wording)),
        payment_code=wording.label("payment_code"),
        payment_code_alt=wording.label("payment_code_alt"),
        blocks=[block for block in _blocks(invoice, wording) if block.rows],
    )


def _subtitle(invoice: Invoice, kind: str) -> str:
    """How an extension names the document, unless the title says the same."""
    name = (invoice.extension.document_name if invoice.extension else None) or ""
    return "" if name.strip().casefold() == kind.casefold() else name


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
    return [
        wording.label(kind),
        _adjustment_reason(row, wording),
        vat_text(row.vat_category, row.vat_rate, wording),
        amount_text(row.base_amount, wording),
        "" if row.percentage is None else wording.percent(row.percentage),
        amount_text(row.amount, wording),
    ]


def _adjustment_reason(row: AllowanceCharge, wording: Wording) -> str:
    exemption = exemption_text(row.exemption_reason, row.exemption_reason_code, wording)
    return ", ".join(filter(None, (reason_text(row.reason, row.reason_code), exemption)))


def _vat_row(row: VatBreakdown, wording: Wording) -> list[str]:
    return [
        wording.code_and_name(labels.VAT_CATEGORIES, row.category) if row.category else "",
        exemption_text(row.exemption_reason, row.exemption_reason_code, wording),
        "" if row.rate is None else wording.percent(row.rate),
        amount_text(row.taxable_amount, wording),
        amount_text(row.tax_amount, wording),
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
    return block_of(wording, "totals", iter(rows))


# --- delivery, notes, documents


def _blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    yield block_of(wording, "delivery", _delivery(invoice, wording))
    yield block_of(wording, "mentions", mention_rows(invoice, wording))
    notes = [_note(note, wording) for note in invoice.notes]
    yield Block(title=wording.label("notes"), rows=notes)
    documents = [_document(document, wording) for document in invoice.supporting_documents]
    yield Block(title=wording.label("documents"), rows=documents)
    yield block_of(wording, "technical", technical_rows(invoice, wording))


def _delivery(invoice: Invoice, wording: Wording) -> Rows:
    delivery = invoice.delivery
    if delivery is not None:
        yield from text_row("delivery_name", delivery.name)
        yield from identifier_row("delivery_location", delivery.location, wording)
        yield from day_row("actual_date", delivery.actual_date, wording)
        if delivery.period is not None:
            yield from text_row("period", wording.period(delivery.period))
        if delivery.address is not None:
            yield from address_row(delivery.address, wording, "delivery_address")
    terms = invoice.extension.delivery_terms if invoice.extension else None
    if terms is not None:
        yield "delivery_terms", " ".join(filter(None, (terms.code, terms.location)))


def _note(note: Note, wording: Wording) -> Row:
    subject = note.subject_code
    label = wording.code(labels.NOTE_SUBJECTS, subject) if subject else ""
    return label, reason_text(note.text, note.content_code)


def _document(document: SupportingDocument, wording: Wording) -> Row:
    """Reference of a document, with its description, place and attached file."""
    attachment = document.attachment
    file = None
    if attachment is not None:
        inside = ", ".join(filter(None, (attachment.filename, attachment.mime_code)))
        file = f"{wording.label('attached')}: {inside}" if inside else wording.label("attached")
    parts = (document.description, document.external_location, file)
    return document.reference or "", "\n".join(filter(None, parts))
