"""Agreement with the reference verdicts on graphics and fonts."""

import csv
from pathlib import Path

import pytest

from einvoice.pdf.pdfa import check

DATA = Path(__file__).resolve().parents[4] / "shared" / "pdfa"
EVERY = 5

#: Files that the reference passes although they break the rules.
STRICTER = {
    "mutants/EN16931_Rechnungskorrektur--img-maskbpc.pdf",
    "mutants/zugferd_2p0_EXTENDED_Warenrechnung--font-subtype.pdf",
}


def is_ours(rule: str) -> bool:
    return rule.startswith("6.2.") or rule in ("6.1.13-8", "6.1.13-9", "6.1.13-10")


@pytest.mark.conformance
@pytest.mark.skipif(not DATA.exists(), reason="the reference verdicts are not here")
@pytest.mark.parametrize("flavour", ["3b", "3u", "3a"])
def test_agreement(flavour):
    with (DATA / "expected.csv").open(encoding="utf-8") as source:
        rows = [
            row
            for row in csv.DictReader(source)
            if row["flavour"] == flavour and row["status"] != "ERROR"
        ]
    wrong = []
    for row in rows[:: EVERY if flavour == "3b" else 1]:
        result = check((DATA / row["file"]).read_bytes())
        assert result.crashed == ()
        found = {fault.rule for fault in result.at(flavour[1]) if is_ours(fault.rule)}
        expected = {rule for rule in row["failed_rules"].split() if is_ours(rule)}
        if bool(found) != bool(expected) and row["file"] not in STRICTER:
            wrong.append((row["file"], expected, found))
    assert wrong == []
