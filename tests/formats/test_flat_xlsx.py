"""Invoices as a workbook: every filled term is in it, as what it is."""

import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from msgspec.structs import replace

from einvoice.errors import ConversionRefused, ExtraMissing
from einvoice.formats import flat_sheets, format_named, workbook
from einvoice.formats.flat import line_columns, told_places
from einvoice.formats.format import Options, Written
from einvoice.model import (
    Attachment,
    Invoice,
    Item,
    Line,
    LineAllowanceCharge,
    Note,
    Process,
    Seller,
)
from einvoice.model import SupportingDocument as Document
from einvoice.model.filled import filled_terms, shown_value
from einvoice.model.lines import LineExtension
from tests.examples import extended_invoice, full_invoice, plain_invoice


def written(invoice: Invoice) -> Written:
    return format_named("xlsx").write(invoice, Options())


def opened(invoice: Invoice) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(invoice).data))


def shown(cell: openpyxl.cell.Cell) -> object:
    """What a reader sees."""
    value = cell.value
    if isinstance(value, datetime):
        assert cell.number_format == "yyyy-mm-dd"
        return value.date().isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.{len(cell.number_format.partition('.')[2])}f}"
    return value if value is None else str(value)


def rows(page: openpyxl.worksheet.worksheet.Worksheet) -> list[tuple[object, ...]]:
    """The rows below the titles."""
    return [tuple(map(shown, row)) for row in page.iter_rows(min_row=2)]


def visible(page: openpyxl.worksheet.worksheet.Worksheet) -> list[str]:
    return [
        title.value.split()[0]
        for title in page[1]
        if not page.column_dimensions[title.column_letter].hidden
    ]


def richest() -> Invoice:
    """Every term of the model, and a line of a line of a line."""
    invoice = extended_invoice()
    below = Line(identifier="below", extension=LineExtension(sub_lines=(Line(note="deep"),)))
    first = invoice.lines[0]
    extension = replace(first.extension, sub_lines=(below, Line(identifier="beside")))
    return replace(invoice, lines=(replace(first, extension=extension), *invoice.lines[1:]))


@pytest.mark.parametrize("invoice", [plain_invoice(), full_invoice(), richest()])
def test_every_filled_term_is_in_it(invoice) -> None:
    book = opened(invoice)
    terms = [filled for filled in filled_terms(invoice) if not filled.is_group]
    of_lines = [filled for filled in terms if filled.path.startswith("lines[")]
    expected = [
        (filled.term.id or None, filled.term.name, shown_value(filled.value))
        for filled in terms
        if filled not in of_lines
    ]
    assert [row for row in rows(book["Invoice"]) if row[2] is not None] == expected

    details = rows(book["Line details"]) if "Line details" in book else []
    for filled in of_lines:
        number = int(filled.path.partition("[")[2].partition("]")[0])
        entry = (filled.term.id or None, filled.term.name, shown_value(filled.value))
        if filled.place in told_places():
            cells = [str(cell) for cell in rows(book["Lines"])[number] if cell is not None]
            assert any(entry[2] in cell for cell in cells), filled.path
        else:
            assert any(row[0] == str(number + 1) and row[3:] == entry for row in details)


def test_groups_are_headings_and_repeated_ones_numbered() -> None:
    invoice = Invoice(
        number="7",
        notes=(Note(text="one"), Note(text="two")),
        seller=Seller(name="S"),
        extension=extended_invoice().extension,
    )
    page = opened(invoice)["Invoice"]
    assert rows(page)[:7] == [
        ("BT-1", "Invoice number", "7"),
        ("BG-1", "Invoice note 1", None),
        ("BT-22", "Invoice note", "one"),
        ("BG-1", "Invoice note 2", None),
        ("BT-22", "Invoice note", "two"),
        ("BG-4", "Seller", None),
        ("BT-27", "Seller name", "S"),
    ]
    assert rows(page)[7] == (None, "Extension", None)
    assert [bool(page.cell(n, 2).font.bold) for n in range(1, 5)] == [True, False, True, False]
    assert [page.cell(n, 2).alignment.indent for n in range(2, 5)] == [0, 0, 1]
    assert [page.cell(n, 3).fill.fill_type for n in range(2, 5)] == [None, "solid", None]


def test_columns_are_as_wide_as_their_texts() -> None:
    page = opened(Invoice(number="7" * 30, seller=Seller(name="S" * 99)))["Invoice"]
    widths = [page.column_dimensions[column].width for column in "ABC"]
    assert widths == [9, len("Invoice number") + 2, 50]
    page = opened(Invoice(process=Process(specification="x")))["Invoice"]
    assert page.column_dimensions["B"].width == len("Specification identifier") + 4


def test_lines_have_the_columns_of_the_table() -> None:
    page = opened(full_invoice())["Lines"]
    assert [cell.value for cell in page[1]] == [column.title for column in line_columns()]
    for line, row in zip(full_invoice().lines, rows(page), strict=True):
        cells = [column.cell(line) for column in line_columns()]
        assert row == tuple(value if value is None else shown_value(value) for value in cells)
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:AI3"


def test_columns_that_no_line_fills_are_hidden() -> None:
    page = opened(plain_invoice())["Lines"]
    expected = "BT-126 BT-129 BT-130 BT-131 BT-146 BT-151 BT-152 BT-153"
    assert visible(page) == expected.split()


def test_an_invoice_without_lines_has_the_titles_all_the_same() -> None:
    book = opened(plain_invoice(lines=()))
    assert book.sheetnames == ["Invoice", "Lines"]
    assert rows(book["Lines"]) == []
    assert len(visible(book["Lines"])) == len(line_columns())


def test_line_details_say_what_the_columns_sum_up_or_leave_out() -> None:
    (line,) = plain_invoice().lines
    allowances = (
        LineAllowanceCharge(amount=Decimal("1.00"), reason="a"),
        LineAllowanceCharge(amount=Decimal("2.00"), percentage=Decimal(5)),
    )
    extension = LineExtension(parent="0", status_code="NEW", sub_lines=(Line(identifier="x"),))
    lines = (line, Line(), replace(line, identifier=None, allowances=allowances), line)
    lines = (*lines[:3], replace(line, extension=extension))
    book = opened(plain_invoice(lines=lines))
    assert [cell.value for cell in book["Line details"][1]] == [
        "Line", "BT-126 Invoice line identifier", "Group", "Term", "Name", "Value",
    ]  # fmt: skip
    group = "Invoice line allowances"
    assert rows(book["Line details"]) == [
        ("3", None, f"{group} 1", "BT-136", "Invoice line allowance amount", "1.00"),
        ("3", None, f"{group} 1", "BT-139", "Invoice line allowance reason", "a"),
        ("3", None, f"{group} 2", "BT-136", "Invoice line allowance amount", "2.00"),
        ("3", None, f"{group} 2", "BT-138", "Invoice line allowance percentage", "5"),
        ("4", "1", "Line extension", None, "Line status code", "NEW"),
        (
            *("4", "1", "Line extension > Sub-line 1"),
            *("BT-126", "Invoice line identifier", "x"),
        ),
    ]


def test_the_same_invoice_gives_the_same_bytes(monkeypatch) -> None:
    first = written(extended_invoice()).data
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert written(extended_invoice()).data == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert properties.creator == "einvoice"
    assert properties.title == "Invoice number 1"
    assert {properties.created, properties.modified} == {datetime(1980, 1, 1)}


def name_cell(name: str) -> openpyxl.cell.Cell:
    return opened(Invoice(seller=Seller(name=name)))["Invoice"]["C3"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "=", "12", "TRUE"])
def test_a_text_is_never_a_formula_and_never_a_number(name) -> None:
    cell = name_cell(name)
    assert (cell.data_type, cell.value) == ("s", name)
    assert cell.quotePrefix == name.startswith(("=", "+", "-", "@"))


def test_what_xml_cannot_say_is_replaced() -> None:
    assert name_cell("a\x00b\x1bc\ufffed\te\nf").value == "a\ufffdb\ufffdc\ufffdd\te\nf"
    title = opened(Invoice(number="7\x01")).properties.title
    assert title == "Invoice 7\ufffd"


def test_what_looks_like_an_escape_is_escaped() -> None:
    data = written(Invoice(number="_x0041_ _x _x00zz_")).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<t>_x005F_x0041_ _x _x00zz_</t>" in sheet


@pytest.mark.parametrize(
    ("number", "shown_as", "number_format"),
    [
        ("1234.50", 1234.5, "#,##0.00"),
        ("-3", -3, "#,##0"),
        ("0.000", 0, "#,##0.000"),
        ("1E+2", 100, "#,##0"),
        ("123456789012.345", 123456789012.345, "#,##0.000"),
        ("1234567890123.456", "1234567890123.456", "General"),
        ("NaN", "NaN", "General"),
    ],
)
def test_numbers_are_numbers_as_far_as_they_are_exact(number, shown_as, number_format) -> None:
    invoice = replace(Invoice(), lines=(Line(quantity=Decimal(number)),))
    cell = opened(invoice)["Lines"]["E2"]
    assert (cell.value, cell.number_format) == (shown_as, number_format)
    assert cell.data_type == ("s" if isinstance(shown_as, str) else "n")


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2026, 10, 5), datetime(2026, 10, 5)),
        (date(1900, 3, 1), datetime(1900, 3, 1)),
        (date(1900, 2, 28), "1900-02-28"),
        (date(99, 1, 1), "0099-01-01"),
    ],
)
def test_dates_are_dates_as_far_as_spreadsheets_count(day, value) -> None:
    assert opened(Invoice(issue_date=day))["Invoice"]["C2"].value == value


def test_attachments_are_shown_by_their_size() -> None:
    document = Document(reference="A", attachment=Attachment(content=b"x" * 12345))
    invoice = plain_invoice(supporting_documents=(document,))
    assert ("BT-125", "Attached document", "12,345 bytes") in rows(opened(invoice)["Invoice"])
    assert written(invoice).notes == (
        "attached documents shown by their size, without their content: 1",
    )
    assert written(plain_invoice()).notes == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a" * 32_767, 32_767), ("a" * 32_768, 32_767), ("\U0001f600" * 16_384, 16_383)],
)
def test_a_text_that_is_too_long_for_a_cell_is_cut_and_that_is_said(text, kept) -> None:
    invoice = Invoice(payment_terms=text)
    assert len(opened(invoice)["Invoice"]["C2"].value) == kept
    expected = "texts cut to the 32,767 characters that a cell holds: 1"
    assert written(invoice).notes == (() if len(text) == kept else (expected,))


def test_rows_are_high_enough_for_their_texts() -> None:
    page = opened(Invoice(number="1", payment_terms="one\ntwo", notes=(Note(text="word " * 30),)))
    heights = [page["Invoice"].row_dimensions[n].height for n in range(1, 6)]
    assert heights == [None, None, 30, None, 45]


@pytest.mark.parametrize(("invoice", "fits"), [(plain_invoice(), True), (full_invoice(), False)])
def test_a_table_is_made_to_fit_on_paper_if_it_can_be_read_then(invoice, fits) -> None:
    book = opened(invoice)
    assert book["Invoice"].sheet_properties.pageSetUpPr.fitToPage
    assert bool(book["Lines"].sheet_properties.pageSetUpPr.fitToPage) is fits


def test_more_lines_than_a_sheet_has_rows_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 20)
    line = Line(item=Item(name="Nail"))
    assert len(rows(opened(Invoice(lines=(line,) * 19))["Lines"])) == 19
    with pytest.raises(ConversionRefused, match="a sheet of Excel has 20 rows") as refused:
        written(Invoice(lines=(line,) * 20))
    assert refused.value.terms == ("BG-25",)


def test_without_openpyxl_it_is_said_what_to_install(monkeypatch) -> None:
    monkeypatch.delitem(sys.modules, flat_sheets.__name__)
    monkeypatch.delitem(sys.modules, workbook.__name__)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(ExtraMissing) as missing:
        written(plain_invoice())
    expected = "XLSX needs more packages: pip install einvoice-engine[excel]"
    assert str(missing.value) == expected


def test_openpyxl_is_imported_only_when_a_workbook_is_written() -> None:
    code = "import einvoice.cli, einvoice.formats, sys; print('openpyxl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_it_is_not_read_back() -> None:
    assert not format_named("xlsx").reads_back
