import builtins
import io

import openpyxl
import pytest
import report_examples as examples

from einvoice.errors import ExtraMissing
from einvoice.findings import Report, Subject
from einvoice.reports import sheets


def book(*reports, language="en"):
    data = examples.written("xlsx", reports, language)
    return openpyxl.load_workbook(io.BytesIO(data))


def values(sheet) -> list[tuple]:
    return list(sheet.iter_rows(values_only=True))


def test_three_sheets_with_headings_that_stay():
    read = book(*examples.ALL)
    assert read.sheetnames == ["Summary", "Findings", "Per supplier"]
    findings = read["Findings"]
    assert (findings.freeze_panes, findings.auto_filter.ref) == ("C2", "A1:V7")
    assert values(findings)[0][:3] == ("Verdict", "File", "Number")
    assert [row[0] for row in values(findings)[1:]] == [
        "valid", "invalid", "invalid", "undecided", "undecided", "error",
    ]  # fmt: skip


def test_the_summary_counts():
    rows = values(book(*examples.ALL)["Summary"])
    assert ("valid", 1, 0.2, None) in rows
    assert ("error", 1, 0.2, None) in rows
    assert rows[[row[0] for row in rows].index("BR-CO-15")][1:3] == ("fatal", 1)
    assert ("xrechnung-ubl", 1, None, None) in rows


def test_verdicts_are_coloured():
    cells = book(*examples.ALL)["Findings"]["A"][1:]
    assert len({cell.fill.fgColor.rgb for cell in cells}) == 4


def test_nothing_hostile_is_a_formula():
    read = book(examples.HOSTILE)
    for sheet in read:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    cells = {read["Findings"].cell(1, n).value: read["Findings"].cell(2, n) for n in range(1, 23)}
    assert cells["Number"].value == "=cmd|' /C calc'!A0"
    assert cells["Number"].quotePrefix
    assert cells["Total with VAT"].value == -12.5
    assert cells["Issue date"].value.year == 2026
    assert "\\x202e" in cells["Seller"].value
    assert values(read["Per supplier"])[1][1] == "+1"


def test_full_sheets_go_on_in_others_and_the_summary_says_so(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 5)
    read = book(*examples.ALL, *examples.ALL)
    assert read.sheetnames == ["Summary", "Findings", "Findings 2", "Findings 3", "Per supplier"]
    rows = [values(read[name])[1:] for name in read.sheetnames[1:4]]
    assert [len(part) for part in rows] == [4, 4, 4]
    assert read["Findings 3"].auto_filter.ref == "A1:V5"
    texts = [row[0] for row in values(read["Summary"])]
    assert "The findings go on in the sheets Findings 2, Findings 3." in texts


def test_suppliers():
    subject = Subject(seller="Maison Dupont", seller_id="FR1")
    layers = examples.INVALID.layers
    reports = [
        Report(path="a", format="cii", subject=subject, layers=layers, findings=(examples.TOTAL,)),
        Report(path="b", format="cii", subject=subject, layers=(examples.SCHEMA,)),
        examples.UNREADABLE,
    ]
    assert values(book(*reports)["Per supplier"])[1:] == [
        ("Maison Dupont", "FR1", 2, 1, 1, 0, 0, "BR-CO-15"),
        ("(seller unknown)", None, 1, 0, 0, 0, 1, None),
    ]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("fr", ["Synthèse", "Constats", "Par fournisseur"]),
        ("de", ["Übersicht", "Befunde", "Je Lieferant"]),
    ],
)
def test_languages(language, names):
    read = book(*examples.ALL, language=language)
    assert read.sheetnames == names
    assert values(read[names[1]])[2][0] == {"fr": "invalide", "de": "ungültig"}[language]


def test_no_document():
    read = book()
    assert read["Findings"].max_row == 1
    assert read["Per supplier"].max_row == 1


def test_without_openpyxl(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name == "einvoice.reports.sheets":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ExtraMissing, match=r"einvoice-engine\[excel\]"):
        examples.written("xlsx")


def test_memory_is_bounded():
    """Most of it is what a summary keeps of the suppliers, which is tested with the page."""
    few, many = (examples.peak_memory("xlsx", number) for number in (100, 2_000))
    assert many < few + 2_000_000
