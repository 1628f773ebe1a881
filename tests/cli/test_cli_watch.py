"""A drop folder as users start it: the real engine, real processes, real signals."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
GOOD = (SAMPLES / "fr-b2b-services" / "invoice.xml").read_bytes()
BROKEN = (SAMPLES / "broken-total" / "invoice.xml").read_bytes()
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
QUICK = ("--settle", 0.3, "--layers", "xml,xsd")

#: Stands in for the work on one file: names decide what happens to the process.
TROUBLE = """
import os, signal, time

from einvoice.batch import dropped, watch

real = dropped.judge

def judge(item, options):
    if item.file.endswith("kill.xml"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if item.file.endswith("sleep.xml"):
        time.sleep(60)
    if item.file.endswith("slow.xml"):
        open(item.home + "/begun", "w").close()
        time.sleep(2)
    return real(item, options)

if __name__ == "__main__":
    import trouble
    from einvoice.cli import main
    watch.judge = trouble.judge
    main(prog_name="einvoice")
"""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


@pytest.fixture
def started(tmp_path):
    """Starts watchers, and ends those that are left."""
    (tmp_path / "trouble.py").write_text(TROUBLE)
    path = f"{tmp_path}{os.pathsep}{ENVIRONMENT['PYTHONPATH']}"
    processes = []

    def start(*arguments: object, program=("-m", "einvoice")) -> subprocess.Popen:
        command = [sys.executable, "-W", "error", *program, "watch", *map(str, arguments)]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT | {"PYTHONPATH": path},
            cwd=tmp_path,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def ended(started):
    def run(*arguments: object, **options) -> tuple[int, str, str]:
        process = started(*arguments, **options)
        out, err = process.communicate(timeout=60)
        return process.returncode, out.decode(), err.decode()

    return run


def wait_until(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def below(folder: Path) -> set[str]:
    found = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    return {str(path.relative_to(folder)) for path in found}


def end(process: subprocess.Popen, number: int = signal.SIGTERM) -> tuple[int, str, str]:
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out.decode(), err.decode()


def test_what_is_there_is_validated(inbox, ended):
    (inbox / "sub").mkdir()
    (inbox / "a.xml").write_bytes(GOOD)
    (inbox / "sub" / "b.xml").write_bytes(BROKEN)
    (inbox / "c.xml.part").write_bytes(GOOD[:100])
    code, out, err = ended("in", "-o", "out", "--once", "--settle", 0.2)
    assert (code, err) == (1, "")
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.fullmatch(rf"{stamp}  valid      a.xml\n{stamp}  invalid    sub/b.xml\n", out)
    assert below(inbox) == {"c.xml.part"}
    assert below(inbox.parent / "out") == {
        "done/a.xml", "done/a.xml.report.json",
        "failed/sub/b.xml", "failed/sub/b.xml.report.json",
    }  # fmt: skip
    report = json.loads((inbox.parent / "out/failed/sub/b.xml.report.json").read_text())
    assert (report["path"], report["findings"][0]["rule"]) == ("in/sub/b.xml", "BR-CO-15")
    assert ended("in", "-o", "out", "--once", "--settle", 0) == (0, "", "")


def test_what_is_there_is_converted(inbox, ended):
    (inbox / "a.xml").write_bytes(GOOD)
    (inbox / "no.xml").write_bytes(b"no invoice")
    code, out, err = ended("in", "-o", "out", "--to", "facturx", "--lang", "de", "--once")
    assert (code, err) == (1, "")
    assert [line.split()[2:] for line in out.splitlines()] == [
        ["converted", "a.xml"], ["malformed", "no.xml"],
    ]  # fmt: skip
    assert below(inbox.parent / "out") == {
        "done/a.xml", "done/a.xml.report.json", "done/a.xml.facturx.pdf",
        "failed/no.xml", "failed/no.xml.report.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--to", "cii", "--checks", "report"], 2, "--checks is for validation: leave out --to"),
        (["--on-loss", "refuse"], 2, "--on-loss is for a conversion: say --to"),
        (["--to", "cii", "--profile", "nonsense"], 2, "unknown profile of cii 'nonsense'"),
        (["--layers", "nonsense"], 2, "unknown layer 'nonsense'"),
        (["--template", "x", "--to", "cii"], 2, "--template draws the page"),
    ],
)
def test_wrong_use(run, inbox, tmp_path, arguments, code, message):
    result = run("watch", inbox, "-o", tmp_path / "out", "--once", *arguments)
    assert (result.exit_code, message in result.stderr) == (code, True), result.stderr


@pytest.mark.parametrize(
    ("folder", "code", "message"),
    [
        ("nowhere", 4, "nowhere: cannot be opened: No such file or directory"),
        ("file", 4, "file: cannot be opened: Not a directory"),
        ("out/done/in", 2, "out/done/in is a folder of results of"),
    ],
)
def test_folders_that_cannot_be_watched(run, tmp_path, folder, code, message):
    (tmp_path / "out/done/in").mkdir(parents=True)
    (tmp_path / "file").touch()
    result = run("watch", tmp_path / folder, "-o", tmp_path / "out", "--once")
    assert (result.exit_code, message in result.stderr) == (code, True), result.stderr


def test_an_output_that_is_no_folder(run, inbox, tmp_path):
    (tmp_path / "out").touch()
    result = run("watch", inbox, "-o", tmp_path / "out", "--once")
    assert result.exit_code == 4
    assert result.stderr == f"error: {tmp_path / 'out'}: cannot be written: File exists\n"


def test_an_unknown_rule_set_is_wrong_use_and_moves_nothing(inbox, ended):
    (inbox / "a.xml").write_bytes(GOOD)
    code, out, err = ended("in", "-o", "out", "--rulesets", "nonsense", "--once", "--settle", 0)
    assert (code, out, below(inbox)) == (2, "", {"a.xml"})
    assert err.startswith("error: unknown rule set 'nonsense'")


def test_a_folder_that_is_watched(inbox, started):
    """A file that grows, one that is renamed, folders that come as a whole, names of all kinds."""
    (inbox / "old.xml").write_bytes(GOOD)
    process = started("in", "-o", "in/out", "--settle", 0.5)
    done = inbox / "out" / "done"
    wait_until((done / "old.xml").exists)
    part = inbox / "renamed.xml.part"
    part.write_bytes(GOOD)
    folder = inbox.parent / "elsewhere"
    (folder / "x").mkdir(parents=True)
    (folder / "x" / "1.xml").write_bytes(GOOD)
    folder.rename(inbox / "whole")
    strange = os.fsencode(inbox) + b"/\xff\n.xml"
    Path(os.fsdecode(strange)).write_bytes(GOOD)
    step = len(GOOD) // 8
    for start in range(0, len(GOOD), step):
        with (inbox / "grows.xml").open("ab") as file:
            file.write(GOOD[start : start + step])
        time.sleep(0.25)
    part.rename(inbox / "renamed.xml")
    kept = {"old.xml", "renamed.xml", "whole/x/1.xml", "grows.xml", os.fsdecode(b"\xff\n.xml")}
    wait_until(lambda: len(below(inbox)) == 10)
    code, out, err = end(process)
    assert (code, err) == (0, "")
    assert below(done) == kept | {f"{name}.report.json" for name in kept}
    assert {line.split(maxsplit=3)[2] for line in out.splitlines()} == {"valid"}
    assert len(out.splitlines()) == 5
    assert all((done / name).read_bytes() == GOOD for name in kept)


def test_a_second_watcher_refuses(inbox, started, ended):
    process = started("in", "-o", "out", *QUICK)
    (inbox / "a.xml").write_bytes(GOOD)
    wait_until(lambda: not below(inbox))
    code, out, err = ended("in", "-o", "other", "--once")
    assert (code, out) == (4, "")
    assert err == "error: in: another `einvoice watch` is using this folder\n"
    assert end(process)[0] == 0
    assert ended("in", "-o", "other", "--once", "--settle", 0) == (0, "", "")


def test_a_process_that_dies_or_hangs_costs_its_file(inbox, ended):
    for name in ("1.xml", "2 kill.xml", "3 sleep.xml", "4.xml"):
        (inbox / name).write_bytes(GOOD)
    arguments = ("in", "-o", "out", "--once", "--settle", 0, "--time-limit", 6)
    code, out, err = ended(*arguments, program=("trouble.py",))
    assert (code, err) == (1, "")
    verdicts = dict(line.split(maxsplit=3)[:1:-1] for line in out.splitlines())
    assert verdicts == {
        "1.xml": "valid", "2 kill.xml": "crashed", "3 sleep.xml": "crashed", "4.xml": "valid",
    }  # fmt: skip
    reasons = {
        name: json.loads((inbox.parent / f"out/failed/{name}.report.json").read_text())
        for name in ("2 kill.xml", "3 sleep.xml")
    }
    assert reasons["2 kill.xml"]["layers"][0]["reason"] == "the process that worked on it died"
    assert reasons["3 sleep.xml"]["layers"][0]["reason"] == "it took longer than 6 s"
    assert below(inbox) == set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_the_file_at_hand(inbox, started, number):
    for name in ("1 slow.xml", "2.xml"):
        (inbox / name).write_bytes(GOOD)
        os.utime(inbox / name, (1000, 1000))
    process = started("in", "-o", "out", *QUICK, program=("trouble.py",))
    wait_until((inbox.parent / "out/begun").exists)
    code, out, err = end(process, number)
    assert (code, err, below(inbox)) == (0, "", {"2.xml"})
    assert [line.split(maxsplit=3)[3] for line in out.splitlines()] == ["1 slow.xml"]
    assert (inbox.parent / "out/failed/1 slow.xml").read_bytes() == GOOD


def test_a_second_signal_ends_it_at_once(inbox, started):
    (inbox / "1 slow.xml").write_bytes(GOOD)
    process = started("in", "-o", "out", *QUICK, program=("trouble.py",))
    wait_until((inbox.parent / "out/begun").exists)
    os.killpg(process.pid, signal.SIGINT)
    time.sleep(0.3)
    assert end(process, signal.SIGINT) == (130, "", "interrupted\n")
    assert (below(inbox), below(inbox.parent / "out")) == ({"1 slow.xml"}, {"begun"})


@pytest.mark.parametrize("seed", range(3))
def test_kills_of_the_real_thing(inbox, started, ended, seed):
    chance = random.Random(seed)
    contents = {f"{number}.xml": GOOD + b"\n" * number for number in range(30)}
    for name, content in contents.items():
        (inbox / name).write_bytes(content)
    arguments = ("in", "-o", "out", "--settle", 0, "--to", "cii", "--workers", 2)
    for _ in range(2):
        before = len(below(inbox))
        process = started(*arguments)
        wait_until(lambda b=before: len(below(inbox)) < b or not below(inbox))
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.communicate()
    code, out, err = ended(*arguments, "--once")
    assert (code, err, below(inbox)) == (0, "", set())
    out = inbox.parent / "out"
    assert below(out) == {
        f"done/{name}{suffix}" for name in contents for suffix in ("", ".report.json", ".cii.xml")
    }
    assert all((out / "done" / name).read_bytes() == data for name, data in contents.items())
    for name in contents:
        json.loads((out / f"done/{name}.report.json").read_text())
        assert (out / f"done/{name}.cii.xml").read_bytes().rstrip().endswith(b"Invoice>")
