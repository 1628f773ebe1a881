"""`einvoice ledger`, and `einvoice validate --ledger`, with the real engine."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from einvoice.formats.mapping import write_xml
from einvoice.ledger import Ledger, upkeep
from tests.examples import plain_invoice


def einvoice(*arguments: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "einvoice", *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(4):
        invoice = plain_invoice(number=f"=2026-{number}")
        (folder / f"{number}.xml").write_bytes(write_xml("ubl-invoice", invoice))
    return folder


@pytest.fixture
def place(tmp_path: Path, archive: Path) -> Path:
    path = tmp_path / "ledger.db"
    einvoice("ledger", "import", archive, "--ledger", path)
    return path


def test_import_keeps_each_document_once(tmp_path: Path, archive: Path) -> None:
    (archive / "broken.xml").write_text("<Invoice")
    run = ("ledger", "import", archive, "--ledger", tmp_path / "ledger.db", "--workers", "2")
    first = einvoice(*run, code=1)
    assert "5 documents: 4 new, 0 known already, 1 not read" in first
    assert f"error: {archive}/broken.xml: " in first
    assert "5 documents: 0 new, 4 known already, 1 not read" in einvoice(*run, code=1)


def test_validate_finds_what_was_seen(tmp_path: Path, archive: Path, place: Path) -> None:
    again = tmp_path / "again.xml"
    again.write_bytes((archive / "2.xml").read_bytes())
    for _ in range(2):
        report = json.loads(einvoice("validate", again, "--ledger", place, "--format", "jsonl"))
        (found,) = (each for each in report["findings"] if each["rule"] == "DUP-06")
        assert found["severity"] == "fatal"
        assert found["reason_code"] == "DOUBLON"
        assert str(archive / "2.xml") in found["message"]
        assert report["verdict"] == "valid"
        assert report["layers"][-1]["status"] == "failed"
        assert report["layers"][-1]["not_run"]["SUP-02"].startswith("a supplier master")
    decided = einvoice("validate", again, "--ledger", place, "--checks", "fatal", code=1)
    assert "not run: BANK-12, SEQ-04, SUP-02" in decided


def test_validate_in_several_processes_finds_each_duplicate_once(
    tmp_path: Path, archive: Path
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    for path in archive.iterdir():
        (copies / path.name).write_bytes(path.read_bytes() + b"\n")
    place = tmp_path / "new.db"
    run = ("validate", archive, copies, "--ledger", place, "--format", "jsonl", "--workers", "2")
    first = einvoice(*run)
    assert first.count('"rule":"DUP-01"') == 4
    assert einvoice(*run) == first
    with Ledger(place) as ledger:
        assert upkeep.counts(ledger.database).documents == 8


def test_show(place: Path) -> None:
    assert "documents     4\n" in einvoice("ledger", "show", "--ledger", place)
    shown = einvoice("ledger", "show", "fr 83 404 833 048", "--ledger", place)
    assert shown.startswith("Atelier Vauban\n")
    assert "identifier: siren:404833048" in shown
    assert "VAT: S 20" in shown
    assert "=2026-3" in shown
    unknown = einvoice("ledger", "show", "nobody", "--ledger", place, code=2)
    assert "the ledger knows no seller 'nobody'" in unknown


def test_forget_needs_a_yes(place: Path) -> None:
    run = ("ledger", "forget", "--ledger", place, "--seller", "Vauban")
    assert "4 documents of Atelier Vauban would be forgotten; add --yes" in einvoice(*run)
    assert "4 documents of Atelier Vauban are forgotten" in einvoice(*run, "--yes")
    assert "'Vauban' is no seller; give an identifier" in einvoice(*run, code=2)
    assert "0 documents seen before 2020-01-01 would" in einvoice(
        *run[:4], "--seen-before", "2020-01-01"
    )
    assert "say either --seller or --seen-before" in einvoice(*run[:4], code=2)


def test_export(tmp_path: Path, place: Path) -> None:
    """A number that a spreadsheet would take for a formula is made harmless."""
    path = tmp_path / "export.csv"
    einvoice("ledger", "export", "--ledger", place, "-o", path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["number"] for row in rows] == [f"'=2026-{n}" for n in range(4)]
    assert {row["gross"] for row in rows} == {"240"}
    lines = einvoice("ledger", "export", "--ledger", place, "--format", "jsonl").splitlines()
    assert [json.loads(line)["number"] for line in lines] == [f"=2026-{n}" for n in range(4)]


def test_suppliers_are_taken_whole_or_not_at_all(tmp_path: Path, place: Path) -> None:
    table = tmp_path / "suppliers.csv"
    table.write_text("id;name;vat\n1;Atelier Vauban;FR83404833048\n")
    run = ("ledger", "suppliers", table, "--ledger", place)
    assert einvoice(*run) == "suppliers: 1\n"
    table.write_text("id;name;vat\n2;Other;DE136695976\n3;Wrong;FR1\n")
    assert "line 3: vat 'FR1' is no VAT number: its form is wrong" in einvoice(*run, code=2)
    with Ledger(place) as ledger:
        assert upkeep.counts(ledger.database).suppliers == 1


@pytest.mark.parametrize("arguments", [("validate", "x.xml"), ("ledger", "show")])
def test_a_ledger_that_cannot_be_used_is_said_before_anything_is_read(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    place = tmp_path / "none" / "ledger.db"
    told = einvoice(*arguments, "--ledger", place, code=4)
    assert told == f"error: {place}: cannot be used as a ledger: unable to open database file\n"


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_an_import_that_is_killed_is_finished_by_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    data = write_xml("ubl-invoice", plain_invoice(number="N-0"))
    for number in range(1500):
        (folder / f"{number}.xml").write_bytes(data.replace(b"N-0<", f"N-{number}<".encode()))
    place = tmp_path / "ledger.db"
    run = [sys.executable, "-m", "einvoice", "ledger", "import", folder, "--ledger", place]
    killed = subprocess.Popen(run, start_new_session=True)
    while not place.exists() and killed.poll() is None:
        time.sleep(0.01)
    time.sleep(1)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    with Ledger(place) as ledger:
        assert upkeep.counts(ledger.database).documents % 500 == 0
    told = einvoice("ledger", "import", folder, "--ledger", place)
    assert told.startswith("1500 documents: ")
    with Ledger(place) as ledger:
        assert upkeep.counts(ledger.database).documents == 1500
