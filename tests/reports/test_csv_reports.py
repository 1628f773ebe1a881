import csv
import io

import pytest
import report_examples as examples

HEADS = {"en": ("Verdict", ","), "fr": ("Verdict", ";"), "de": ("Ergebnis", ";")}


def rows(*reports, language="en") -> list[dict[str, str]]:
    text = examples.written("csv", reports, language).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=HEADS[language][1]))


def test_a_row_per_finding_and_one_per_document_without():
    table = rows(*examples.ALL)
    assert [(row["Verdict"], row["Rule"]) for row in table] == [
        ("valid", ""), ("invalid", "BR-X"), ("invalid", "BR-CO-15"), ("undecided", ""),
        ("undecided", ""), ("error", ""),
    ]  # fmt: skip
    total = table[2]
    assert (total["Line"], total["Terms"]) == ("12", "BT-109 BT-110 BT-112")
    assert total["Message"].startswith("Invoice total amount with VAT (BT-112)")


def test_what_has_no_findings_says_why():
    notes = [row["Notes"] for row in rows(*examples.ALL)]
    assert (
        notes[3] == "skipped xrechnung-ubl: not available; the rule set of the profile is missing"
    )
    assert notes[4:] == ["crashed xml: KeyError: 'x'", "cannot be opened: No such file"]


def test_nothing_hostile_is_a_formula_or_a_line():
    table = rows(examples.HOSTILE)
    assert len(table) == 2
    first = table[0]
    assert first["Number"] == "'=cmd|' /C calc'!A0"
    assert first["Seller"].startswith("'@SUM")
    assert first["Seller identifier"] == "'+1"
    assert first["File"].startswith("'-in/")
    assert first["Total with VAT"] == "-12.50"
    assert first["Issue date"] == "2026-11-24"
    assert first["Message"].endswith("é" * 5000)
    assert all(value.isprintable() for value in first.values())


def test_a_waived_finding_says_so():
    waived = rows(examples.HOSTILE)[1]
    assert waived["Waived because"] == "agreed, by phone"
    assert waived["Evidence"] == "BT-31 = FR00; expected = FR61"


@pytest.mark.parametrize("language", HEADS)
def test_languages(language):
    data = examples.written("csv", (examples.VALID,), language)
    first, separator = HEADS[language]
    assert data.startswith(f"\ufeff{first}{separator}".encode())
    assert data.splitlines()[1].startswith(f"valid{separator}in/good.xml".encode())


def test_no_document_is_a_header():
    assert examples.written("csv", ()).count(b"\n") == 1


def test_memory_is_flat():
    assert examples.peak_memory("csv", 20_000) < 2 * examples.peak_memory("csv", 100) + 100_000
