"""The workbook of an invoice: what is in its sheets. Needs openpyxl.

Invoice has a row for each term of the document and each group as a heading, Lines the table of
`flat`, Line details what a line has no column for: each allowance and charge, content of
extensions, lines of lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from einvoice.formats.flat import line_columns, told_places
from einvoice.formats.format import Written
from einvoice.formats.workbook import MAX_TEXT, Book, Row, Sheet
from einvoice.model import Invoice
from einvoice.model.filled import Filled, filled_terms

#: Groups of a line whose members are shown one by one beside what its columns say of them.
_APART = ("lines[].allowances[].", "lines[].charges[].")

_DETAIL_TITLES = ("Line", "BT-126 Invoice line identifier", "Group", "Term", "Name", "Value")


def write_workbook(invoice: Invoice) -> Written:
    """The workbook, and notes of attachments and of texts that are too long for a cell.

    Raises:
        ConversionRefused: it has more lines than a sheet has rows.
    """
    terms = tuple(filled_terms(invoice))
    sheets = tuple(_sheets(invoice, terms))  # all, before any is written: one may be too long
    book = Book(f"Invoice {invoice.number}" if invoice.number else "Invoice")
    for sheet in sheets:
        book.add(sheet)
    attached = sum(isinstance(filled.value, bytes) for filled in terms)
    return Written(data=book.data(), notes=tuple(_notes(attached, book.cut)))


def _sheets(invoice: Invoice, terms: tuple[Filled, ...]) -> Iterator[Sheet]:
    yield Sheet(
        name="Invoice",
        titles=("Term", "Name", "Value"),
        rows=tuple(_term_row(filled) for filled in terms if not _is_of_line(filled)),
    )
    columns = line_columns()
    yield Sheet(
        name="Lines",
        titles=tuple(column.title for column in columns),
        rows=tuple(Row(tuple(column.cell(line) for column in columns)) for line in invoice.lines),
        filtered=True,
        hides_empty=True,
    )
    details = tuple(_detail_rows(invoice, filter(_is_of_line, terms)))
    if details:
        yield Sheet(name="Line details", titles=_DETAIL_TITLES, rows=details, filtered=True)


def _is_of_line(filled: Filled) -> bool:
    return filled.path.startswith("lines[")


def _term_row(filled: Filled) -> Row:
    values = (filled.term.id or None, _numbered(filled), filled.value)
    return Row(values, levels=(0, filled.depth, 0), is_heading=filled.is_group)


def _numbered(filled: Filled) -> str:
    return filled.term.name if filled.number is None else f"{filled.term.name} {filled.number}"


def _detail_rows(invoice: Invoice, terms: Iterable[Filled]) -> Iterator[Row]:
    told = told_places()
    groups: list[Filled] = []
    for filled in terms:
        while groups and not filled.path.startswith(f"{groups[-1].path}."):
            groups.pop()
        if filled.is_group:
            groups.append(filled)
        elif filled.place not in told or filled.place.startswith(_APART):
            yield _detail_row(invoice, groups, filled)


def _detail_row(invoice: Invoice, groups: list[Filled], filled: Filled) -> Row:
    number = groups[0].number or 0
    chain = " > ".join(_numbered(group) for group in groups[1:])
    where = (Decimal(number), invoice.lines[number - 1].identifier, chain)
    what = (filled.term.id or None, filled.term.name, filled.value)
    return Row((*where, *what), levels=(0,) * len(_DETAIL_TITLES))


def _notes(attached: int, cut: int) -> Iterator[str]:
    if attached:
        yield f"attached documents shown by their size, without their content: {attached}"
    if cut:
        yield f"texts cut to the {MAX_TEXT:,} characters that a cell holds: {cut}"
