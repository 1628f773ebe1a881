"""The command as users start it: the real engine, real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
GOOD = SAMPLES / "fr-b2b-services" / "invoice.xml"
BROKEN = SAMPLES / "broken-total" / "invoice.xml"
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}

#: Stands in for the task of one document: names decide what happens to the process.
TROUBLE = """
import os, signal, time

from einvoice.batch import validation

real = validation.validate_source

def validate_source(task, options):
    source = task.source
    if source.path.endswith("kill.xml"):
        os.kill(os.getpid(), signal.SIGKILL)
    if source.path.endswith("sleep.xml"):
        time.sleep(60)
    return real(task, options)

if __name__ == "__main__":
    import trouble
    from einvoice.cli import main
    validation.validate_source = trouble.validate_source
    main(prog_name="einvoice")
"""


def start(*arguments: object, program=("-m", "einvoice"), **options) -> subprocess.Popen:
    command = [sys.executable, "-W", "error", *map(str, program), *map(str, arguments)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, **(pipes | {"env": ENVIRONMENT} | options))


def run(*arguments: object, data: bytes | None = None, **options) -> tuple[int, str, str]:
    stdin = subprocess.DEVNULL if data is None else subprocess.PIPE
    with start(*arguments, stdin=stdin, **options) as process:
        out, err = process.communicate(data, timeout=60)
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good and broken documents of many kinds."""
    root = tmp_path / "é ü"
    root.mkdir()
    good = GOOD.read_bytes()
    files = {
        "01.xml": good,
        "02 empty.xml": b"",
        "03 text.xml": b"no xml at all",
        "04 cut.xml": good[: len(good) // 2],
        "05 bomb.xml": b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
        "06 html.xml": b"<html/>",
        "07 no.pdf": b"no pdf",
        "08 cut.pdf": b"%PDF-1.7 and nothing else",
        "09 list.json": b"[1, 2]",
        "10 nul.xml": b"\x00\x01\x02",
        "11": good,
    }
    for name, data in files.items():
        (root / name).write_bytes(data)
    return root


def test_a_broken_invoice_in_text():
    code, out, err = run("validate", BROKEN)
    assert (code, err) == (1, "")
    assert out.startswith(f"invalid    {BROKEN}  (ubl-invoice, en16931)\n    BR-CO-15  fatal")
    assert "\x1b" not in out


def test_standard_input():
    code, out, _ = run("validate", "-", "--format", "json", data=BROKEN.read_bytes())
    whole = json.loads(out)
    assert code == 1
    assert [document["path"] for document in whole["documents"]] == ["-"]
    assert whole["summary"]["rules"][0]["rule"] == "BR-CO-15"


def test_broken_inputs_in_order_from_two_processes_and_from_one(folder):
    arguments = ("validate", folder, folder / "missing.xml", "--format", "jsonl")
    code, out, err = run(*arguments, "--layers", "container,xml,xsd", "--workers", 2)
    assert (code, err) == (4, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [Path(line["path"]).name for line in lines] == [
        *sorted(os.listdir(folder)), "missing.xml",
    ]  # fmt: skip
    verdicts = "undecided,invalid,invalid,invalid,invalid,undecided,invalid,invalid,invalid,invalid"
    assert [line["verdict"] for line in lines[:10]] == verdicts.split(",")
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    for line in lines:
        jsonschema.validate(line, schema)
    assert run(*arguments, "--layers", "container,xml,xsd", "--workers", 1) == (code, out, err)


@pytest.fixture
def trouble(tmp_path: Path) -> dict:
    (tmp_path / "trouble.py").write_text(TROUBLE)
    path = f"{tmp_path}{os.pathsep}{ENVIRONMENT['PYTHONPATH']}"
    return {
        "program": (tmp_path / "trouble.py",),
        "env": ENVIRONMENT | {"PYTHONPATH": path},
        "start_new_session": True,
    }


def test_a_killed_process_costs_one_document(folder, trouble):
    (folder / "05 kill.xml").write_bytes(GOOD.read_bytes())
    arguments = ("validate", folder, "--layers", "xml", "--workers", 2, "--format", "jsonl")
    code, out, err = run(*arguments, **trouble)
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (1, "")
    assert [Path(line["path"]).name for line in lines] == sorted(os.listdir(folder))
    crashed = [line for line in lines if line["layers"][0]["status"] == "crashed"]
    assert [Path(line["path"]).name for line in crashed] == ["05 kill.xml"]
    assert crashed[0]["verdict"] == "undecided"


def test_ctrl_c_ends_cleanly(folder, trouble, tmp_path):
    for name in ("12 sleep.xml", "13 sleep.xml"):
        (folder / name).write_bytes(b"<a/>")
    report = tmp_path / "report.jsonl"
    arguments = ("--layers", "xml", "--workers", 2, "--format", "jsonl")
    process = start("validate", folder, *arguments, **trouble)
    assert process.stdout.readline()
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, b"interrupted\n")
    assert not report.exists()


def test_a_reader_that_goes_away_is_no_traceback(folder):
    for number in range(2000):
        (folder / f"x{number}.xml").write_bytes(b"<a/>")
    arguments = ("--layers", "xml", "--workers", 1, "--format", "jsonl")
    process = start("validate", folder, *arguments)
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(timeout=30)


def test_convert_and_back(tmp_path):
    cii, ubl = tmp_path / "a.xml", tmp_path / "b.xml"
    assert run("convert", GOOD, "--to", "cii", "-o", cii)[0] == 0
    code, out, err = run("convert", cii, "--to", "ubl", "-o", "-")
    assert (code, out[:5]) == (0, "<?xml")
    ubl.write_text(out, encoding="utf-8")
    assert run("show", ubl)[1].splitlines()[2:] == run("show", GOOD)[1].splitlines()[2:]


def test_a_folder_to_facturx_and_out_again(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("1.xml", "2.xml"):
        (tmp_path / "in" / name).write_bytes(GOOD.read_bytes())
    out = tmp_path / "out"
    code, text, err = run("convert", tmp_path / "in", "--to", "facturx", "-o", out)
    assert (code, err) == (0, "")
    assert "2 documents in" in text
    assert sorted(os.listdir(out)) == ["1.pdf", "2.pdf"]
    code, xml, err = run("extract", out / "1.pdf")
    assert (code, err) == (0, "")
    assert "CrossIndustryInvoice" in xml


def test_show_with_places():
    code, out, err = run("show", GOOD, "--places")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    place = lines[[line.split()[0] for line in lines].index("BT-27") + 1].split()
    assert place[0] == "line"
    assert place[2].endswith("cac:PartyLegalEntity/cbc:RegistrationName")


PAYMENTS = "seller;number;paid_on;amount\n904172632;AVE-2026-01187;2026-12-09;100,00\n"


def test_payments_in_two_processes_and_in_one(tmp_path):
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS)
    arguments = ("validate", GOOD, BROKEN, "--payments", path, "--as-of", "2027-01-31")
    code, out, err = run(*arguments, "--format", "jsonl", "--workers", 2)
    first = json.loads(out.splitlines()[0])
    (late,) = (each for each in first["findings"] if each["rule"] == "DUE-11")
    assert late["evidence"][2] == ["paid 2026-12-09", "100.00 EUR, 10 days late"]
    assert (code, err) == (1, "")
    assert run(*arguments, "--format", "jsonl", "--workers", 1) == (code, out, err)


def test_faulty_payments_are_refused_before_anything_is_judged(tmp_path):
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS.replace("100,00", "1.234"))
    out = tmp_path / "out.json"
    code, _, err = run("validate", GOOD, "--payments", path, "-o", out)
    assert (code, out.exists()) == (2, False)
    assert err.startswith(f"error: {path}: cannot be used as a table:\n  line 2: amount '1.234' ")
    path.unlink()
    code, _, err = run("validate", GOOD, "--payments", path)
    assert (code, err) == (4, f"error: {path}: cannot be opened: No such file or directory\n")


def test_the_output_is_not_the_payments(tmp_path):
    path = tmp_path / "payments.csv"
    path.write_text(PAYMENTS)
    code, _, err = run("validate", GOOD, "--payments", path, "-o", path)
    assert (code, path.read_text()) == (2, PAYMENTS)
    assert "is an input too" in err
