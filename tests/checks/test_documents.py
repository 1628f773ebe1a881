"""Dates, references, line identifiers, attachments: breaking and passing cases, and the borders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from einvoice.checks import documents
from einvoice.checks.check import Observation, Sight
from einvoice.findings import Severity
from einvoice.model import (
    Attachment,
    Delivery,
    Invoice,
    Line,
    LineExtension,
    Period,
    PrecedingInvoice,
    SupportingDocument,
)
from einvoice.model.lines import LineInvoiceReference
from tests.examples import plain_invoice

TODAY = date(2026, 11, 24)
CHECKS = {check.id: check for check in documents.CHECKS}


def run(check: str, invoice: Invoice, today: date = TODAY) -> list[Observation]:
    return list(CHECKS[check].run(Sight(invoice=invoice, today=today)))


def messages(check: str, invoice: Invoice, today: date = TODAY) -> list[str]:
    return [found.message for found in run(check, invoice, today)]


def test_a_plain_invoice_has_nothing() -> None:
    assert [name for name in CHECKS if run(name, plain_invoice())] == []


def test_an_empty_invoice_has_nothing() -> None:
    assert [name for name in CHECKS if run(name, Invoice())] == []


def test_the_issue_date_is_not_after_today() -> None:
    assert messages("DOC-01", plain_invoice(issue_date=TODAY)) == []
    assert messages("DOC-01", plain_invoice(issue_date=date(2026, 11, 25))) == [
        "The issue date BT-2 is 2026-11-25, after today 2026-11-24."
    ]


@pytest.mark.parametrize(
    ("issued", "today", "wrong"),
    [
        (date(2016, 11, 24), TODAY, 0),
        (date(2016, 11, 23), TODAY, 1),
        (date(2016, 2, 29), date(2026, 2, 28), 0),
        (date(2016, 2, 29), date(2026, 3, 1), 0),
        (date(2016, 2, 29), date(2026, 3, 2), 1),
        (date(2014, 2, 28), date(2024, 2, 29), 1),
        (date(9999, 1, 1), TODAY, 0),
    ],
)
def test_the_issue_date_is_at_most_ten_years_ago(issued: date, today: date, wrong: int) -> None:
    assert len(messages("DOC-02", plain_invoice(issue_date=issued), today)) == wrong


def test_an_old_issue_date_is_named() -> None:
    assert messages("DOC-02", plain_invoice(issue_date=date(2013, 6, 30))) == [
        "The issue date BT-2 is 2013-06-30, more than 10 years before 2026-11-24."
    ]


DAY = Period(start=date(2026, 2, 28), end=date(2026, 2, 28))
BACK = Period(start=date(2026, 3, 1), end=date(2026, 2, 28))


def test_a_period_does_not_end_before_it_starts() -> None:
    line = plain_invoice().lines[0]
    right = plain_invoice(delivery=Delivery(period=DAY), lines=(replace(line, period=DAY),))
    assert run("DOC-03", right) == []
    wrong = plain_invoice(delivery=Delivery(period=BACK), lines=(line, replace(line, period=BACK)))
    assert [(found.message, found.paths[0]) for found in run("DOC-03", wrong)] == [
        (
            "The period of the invoice (BG-14) ends on 2026-02-28, before its start 2026-03-01.",
            "delivery.period.end",
        ),
        (
            "The period of line 1 (BG-26) ends on 2026-02-28, before its start 2026-03-01.",
            "lines[1].period.end",
        ),
    ]


def test_half_a_period_is_no_period() -> None:
    half = Delivery(period=Period(end=date(2026, 2, 28)))
    assert run("DOC-03", plain_invoice(delivery=half)) == []


def test_each_line_has_an_identifier_of_its_own() -> None:
    names = ("1", "2", "1", None, None, "1", "01")
    invoice = plain_invoice(lines=tuple(Line(identifier=name) for name in names))
    (found,) = run("DOC-04", invoice)
    assert found.message == "3 lines have the identifier BT-126 1."
    assert found.paths == ("lines[2].identifier", "lines[5].identifier")


def attached(content: bytes, filename: str | None = None, mime: str | None = None) -> Invoice:
    attachment = Attachment(content=content, filename=filename, mime_code=mime)
    document = SupportingDocument(reference="annex", attachment=attachment)
    return plain_invoice(supporting_documents=(SupportingDocument(), document))


PDF = b"%PDF-1.7 ..."
WINDOWS = b"MZ" + b"\0" * 58 + (64).to_bytes(4, "little") + b"PE\0\0 ..."

DANGEROUS = [
    (PDF, "Invoice.pdf.EXE", None, "its name ends with .exe, a program"),
    (PDF, "run.js ", None, "its name ends with .js, a program"),
    (PDF, "sheet.xlsm", None, "it is an office document with macros"),
    (PDF, "a.xlsx", "application/vnd.ms-excel.sheet.macroEnabled.12", "it is an office document "
     "with macros"),
    (PDF, None, "Application/X-MSDownload; x=y", "its type application/x-msdownload is that of a "
     "program"),
    (WINDOWS, "a.pdf", "application/pdf", "its content is a program"),
    (b"\x7fELF...", "a.pdf", "application/pdf", "its content is a program"),
    (b"#!/bin/sh\n", "a.csv", "text/csv", "its content is a script"),
    (b"PK\x03\x04 xl/vbaProject.bin", "a.xlsx", None, "it is an office document with macros"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "filename", "mime", "why"), DANGEROUS)
def test_a_program_must_not_be_opened(
    content: bytes, filename: str | None, mime: str | None, why: str
) -> None:
    (found,) = run("DOC-05", attached(content, filename, mime))
    name = filename or "annex"
    assert found.message == f"The attachment {name} must not be opened: {why}."
    assert found.paths == ("supporting_documents[1].attachment",)
    assert CHECKS["DOC-05"].severity is Severity.FATAL


@pytest.mark.parametrize(
    ("content", "filename", "mime"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (b"MZ;name;amount\n" + b"x" * 80, "a.csv", "text/csv"),
        (b"# a remark\n", "a.csv", "text/csv"),
        (b"PK\x03\x04 xl/workbook.xml", "a.xlsx", None),
        (PDF, "exe", None),
        (PDF, "example.com invoice.pdf", "application/pdf"),
        (PDF, None, None),
    ],
)
def test_a_document_may_be_opened(content: bytes, filename: str | None, mime: str | None) -> None:
    assert run("DOC-05", attached(content, filename, mime)) == []


@pytest.mark.parametrize(("content", "wrong"), [(b"", 1), (b" \r\n", 1), (b"0", 0)])
def test_an_attachment_is_not_empty(content: bytes, wrong: int) -> None:
    found = run("DOC-06", attached(content, "one.pdf"))
    text = "The attachment one.pdf is empty: it has no content but blanks."
    assert [observation.message for observation in found] == [text] * wrong
    assert CHECKS["DOC-06"].severity is Severity.FATAL


REFERENCE = PrecedingInvoice(number="2026-0001", issue_date=date(2026, 9, 1))
ON_LINE = LineExtension(preceding_invoices=(LineInvoiceReference(number="2026-0001"),))


@pytest.mark.parametrize("kind", ["381", "261", "396", "384", "471", "473"])
def test_a_credit_note_and_a_corrected_invoice_name_a_preceding_invoice(kind: str) -> None:
    alone = plain_invoice(type_code=kind)
    assert len(run("REF-01", alone)) == 1
    assert run("REF-01", replace(alone, preceding_invoices=(REFERENCE,))) == []
    line = Line(quantity=Decimal(1), extension=ON_LINE)
    assert run("REF-01", replace(alone, lines=(*alone.lines, line))) == []


def test_what_lacks_a_preceding_invoice_is_named() -> None:
    assert [messages("REF-01", plain_invoice(type_code=kind)) for kind in ("381", "384")] == [
        ["The document type BT-3 is 381, a credit note, but no preceding invoice (BG-3) is named."],
        [
            "The document type BT-3 is 384, a corrected invoice, but no preceding invoice (BG-3) "
            "is named."
        ],
    ]


def test_a_rebate_may_name_a_contract_or_a_period() -> None:
    rebate = plain_invoice(type_code="262")
    assert len(run("REF-01", rebate)) == 1
    assert run("REF-01", replace(rebate, contract_reference="C-7")) == []
    assert run("REF-01", replace(rebate, delivery=Delivery(period=DAY))) == []
    credit = plain_invoice(type_code="381", contract_reference="C-7")
    assert len(run("REF-01", credit)) == 1


@pytest.mark.parametrize(
    ("preceding", "wrong"),
    [(date(2026, 10, 5), 0), (date(2026, 10, 6), 1), (None, 0)],
)
def test_a_preceding_invoice_was_issued_before(preceding: date | None, wrong: int) -> None:
    references = (REFERENCE, replace(REFERENCE, issue_date=preceding))
    found = run("REF-02", plain_invoice(type_code="381", preceding_invoices=references))
    text = (
        "The preceding invoice 2026-0001 is of 2026-10-06 (BT-26), after the issue date BT-2 "
        "2026-10-05."
    )
    assert [observation.message for observation in found] == [text] * wrong
    assert [observation.paths[0] for observation in found] == [
        "preceding_invoices[1].issue_date"
    ] * wrong


@pytest.mark.parametrize(
    ("kind", "number", "issued", "wrong"),
    [
        ("381", "2026-0042", None, 1),
        ("381", "2026-0042", date(2026, 10, 5), 1),
        ("381", "2026-0042", date(2025, 10, 5), 0),
        ("381", "2026-0041", None, 0),
        ("384", "2026-0042", None, 0),
    ],
)
def test_a_document_does_not_name_itself(
    kind: str, number: str, issued: date | None, wrong: int
) -> None:
    reference = PrecedingInvoice(number=number, issue_date=issued)
    found = run("REF-03", plain_invoice(type_code=kind, preceding_invoices=(reference,)))
    text = "The preceding invoice BT-25 is 2026-0042, the document itself."
    assert [observation.message for observation in found] == [text] * wrong


def test_every_check_has_an_id_of_its_own() -> None:
    assert list(CHECKS) == [check.id for check in documents.CHECKS]
