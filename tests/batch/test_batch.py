"""`einvoice batch`: what is done, what is not done again, and what is left after a fault."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from einvoice.batch.config import load_config
from einvoice.batch.manifest import Manifest, Record
from einvoice.batch.run import run
from einvoice.batch.sources import find_sources
from einvoice.errors import ConfigError
from einvoice.formats.mapping import write_xml
from tests.examples import plain_invoice

VALIDATE = 'input = ["in"]\noutput = "out"\nreports = ["json"]\nworkers = 2\n[validate]\n'
CONVERT = VALIDATE.replace("json", "jsonl").replace("[validate]", "[convert]\nto = 'cii'")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with invoices in `in`, one of them broken."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    data = write_xml("ubl-invoice", plain_invoice(number="N-0"))
    for number in range(60):
        folder = tmp_path / "in" / ("sub" if number % 3 else "")
        (folder / f"{number}.xml").write_bytes(data.replace(b"N-0<", f"N-{number}<".encode()))
    (tmp_path / "in" / "broken.xml").write_text("<Invoice")
    return tmp_path


def config(home: Path, text: str = VALIDATE) -> Path:
    path = home / "batch.toml"
    path.write_text(text)
    return path


def command(path: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "einvoice", "batch", str(path), *options]


def einvoice(path: Path, *options: str, code: int = 1) -> str:
    done = subprocess.run(command(path, *options), capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def content(folder: Path) -> dict[str, bytes]:
    """All files of a folder, but for the manifest."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("manifest.db")
    }


def undisturbed(home: Path, text: str) -> dict[str, bytes]:
    """What a run that nobody disturbs leaves."""
    einvoice(config(home, text))
    found = content(home / "out")
    shutil.rmtree(home / "out")
    return found


def work(path: Path) -> list[str]:
    """Keys of what a run does in this process, and does not find done."""
    batch = load_config(path)
    with Manifest(batch.output) as manifest:
        sources = find_sources(batch.inputs, skip=str(batch.output))
        return [r.key for r in run(batch, sources, manifest) if isinstance(r, Record)]


def test_every_document_is_counted(home: Path) -> None:
    told = einvoice(config(home))
    assert "61 documents in " in told
    assert "60 valid, 1 invalid" in told
    report = json.loads((home / "out" / "report.json").read_bytes())
    assert [report["summary"][word] for word in ("documents", "valid", "invalid")] == [61, 60, 1]


def test_outputs_keep_the_tree(home: Path) -> None:
    einvoice(config(home, CONVERT))
    names = content(home / "out").keys() - {"report.jsonl"}
    sources = (home / "in").rglob("[0-9]*.xml")
    assert names == {path.relative_to(home / "in").as_posix() for path in sources}


def test_a_second_run_does_only_what_is_new_or_has_changed(home: Path) -> None:
    path = config(home)
    (home / "out").mkdir()
    assert len(work(path)) == 61
    assert work(path) == []
    changed, new = home / "in" / "0.xml", home / "in" / "new.xml"
    new.write_bytes(changed.read_bytes())
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert sorted(work(path)) == [str(changed), str(new)]


def test_what_is_gone_is_not_counted_any_more(home: Path) -> None:
    einvoice(config(home))
    (home / "in" / "broken.xml").unlink()
    assert "60 documents" in einvoice(config(home), code=0)


def test_other_options_do_all_again(home: Path) -> None:
    (home / "out").mkdir()
    assert len(work(config(home))) == 61
    assert len(work(config(home, VALIDATE + 'checks = "report"\n'))) == 61


def test_an_output_that_is_lost_or_damaged_is_made_again(home: Path) -> None:
    path = config(home, CONVERT)
    einvoice(path)
    before = content(home / "out")
    (home / "out" / "0.xml").unlink()
    (home / "out" / "3.xml").write_text("damaged")
    einvoice(path)
    assert content(home / "out") == before


def test_resume_and_anew(home: Path) -> None:
    path = config(home)
    assert "there is no run to go on with" in einvoice(path, "--resume", code=2)
    einvoice(path)
    einvoice(path, "--resume")
    einvoice(path, "--anew")
    assert "say either --resume or --anew" in einvoice(path, "--resume", "--anew", code=2)


def test_documents_of_an_archive(home: Path) -> None:
    with zipfile.ZipFile(home / "in" / "some.zip", "w") as archive:
        archive.write(home / "in" / "0.xml", "a/0.xml")
        archive.writestr("../climbs.xml", "<a/>")
    told = einvoice(config(home, CONVERT), code=4)
    assert "1 unreadable" in told
    assert (home / "out" / "some.zip" / "a" / "0.xml").exists()
    assert not (home / "climbs.xml").exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (VALIDATE.replace("reports", "report"), "unknown key `report`; did you mean `reports`?"),
        (VALIDATE + 'chekcs = "off"', "unknown key `validate.chekcs`; did you mean `checks`?"),
        (VALIDATE + 'checks = "on"', "Invalid enum value 'on'"),
        (VALIDATE.replace("[validate]", ""), r"a table \[validate\] or a table \[convert\]"),
        (VALIDATE.replace('["in"]', "[]"), "`input` names nothing"),
        (VALIDATE.replace('["in"]', '"in"'), "Expected `array`, got `str`"),
        ("[[", "cannot be used as a configuration"),
    ],
)
def test_a_configuration_that_cannot_be_understood(home: Path, text: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        load_config(config(home, text))


def test_a_missing_and_an_empty_folder(home: Path) -> None:
    missing = config(home, VALIDATE.replace('["in"]', '["none"]'))
    told = einvoice(missing, code=4)
    assert "1 document in " in told
    assert f"\n{home}/none: cannot be opened: No such file or directory\n" in told
    (home / "empty").mkdir()
    empty = config(home, VALIDATE.replace('["in"]', '["empty"]'))
    assert "no XML, PDF or JSON file in" in einvoice(empty, code=2)


def test_two_runs_at_once_are_refused(home: Path) -> None:
    (home / "out").mkdir()
    with Manifest(home / "out"):
        assert "another run is using it" in einvoice(config(home), code=4)


def test_a_file_in_the_place_of_the_output_folder(home: Path) -> None:
    (home / "out").write_text("")
    assert "cannot be written: File exists" in einvoice(config(home), code=4)


def test_a_manifest_that_is_none(home: Path) -> None:
    (home / "out").mkdir()
    (home / "out" / "manifest.db").write_text("something else " * 100)
    assert "file is not a database" in einvoice(config(home), code=4)
    einvoice(config(home), "--anew")


def test_a_document_that_takes_too_long(home: Path) -> None:
    """The limit is far below what the start of the engine takes."""
    told = einvoice(config(home), "--time-limit", "0.001", code=3)
    assert "61 documents crashed us" in told
    einvoice(config(home), "--resume")


def descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in children]


@pytest.mark.parametrize("text", [VALIDATE, CONVERT], ids=["validate", "convert"])
def test_a_run_that_is_killed_again_and_again_ends_like_one_that_is_not(
    home: Path, text: str
) -> None:
    expected = undisturbed(home, text)
    path = config(home, text)
    chance = random.Random(text)
    for _ in range(9):
        killed = subprocess.Popen(command(path, "-q"), start_new_session=True)
        time.sleep(chance.uniform(0.3, 1.6))
        if chance.random() < 0.5:
            os.killpg(killed.pid, signal.SIGKILL)
        killed.kill()
        killed.wait()
    einvoice(path, *(["--resume"] if (home / "out" / "manifest.db").exists() else []))
    assert content(home / "out") == expected


@pytest.mark.parametrize("seed", range(6))
def test_workers_that_are_killed_cost_nothing(home: Path, seed: int) -> None:
    """A document is done again by another process; what nobody could do is named."""
    path = config(home, CONVERT)
    expected = undisturbed(home, CONVERT)
    running = subprocess.Popen(command(path, "-q"))
    chance = random.Random(seed)
    while running.poll() is None:
        time.sleep(chance.uniform(0.1, 0.4))
        for child in descendants(running.pid)[-1:]:
            os.kill(child, signal.SIGKILL)
        if chance.random() < 0.3:
            break
    running.wait()
    einvoice(path)
    assert content(home / "out") == expected


def test_ctrl_c_ends_cleanly_with_what_is_done_on_record(home: Path) -> None:
    data = (home / "in" / "0.xml").read_bytes()
    for number in range(2000):
        (home / "in" / "sub" / f"more-{number}.xml").write_bytes(data)
    path = config(home)
    running = subprocess.Popen(
        command(path), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    log = home / "out" / "manifest.db-wal"
    while not (log.exists() and log.stat().st_size > 20_000):
        assert running.poll() is None
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Traceback" not in told
    done = int(told.split("interrupted: ")[1].split(" of 2061")[0])
    with Manifest(home / "out") as manifest:
        (kept,) = manifest.connection.execute("SELECT count(*) FROM document").fetchone()
    assert kept >= done > 0
    assert "2,061 documents" in einvoice(path)


def test_a_file_that_vanishes_is_named_and_done_when_it_is_back(home: Path) -> None:
    path = config(home)
    (home / "out").mkdir()
    batch = load_config(path)
    with Manifest(batch.output) as manifest:
        sources = list(find_sources(batch.inputs))
        (home / "in" / "0.xml").rename(home / "away")
        records = {record.key: record for record in run(batch, sources, manifest)}
    lost = records[str(home / "in" / "0.xml")]
    assert (lost.outcome, lost.final) == ("error", False)
    assert b"No such file or directory" in lost.result
    (home / "away").rename(home / "in" / "0.xml")
    assert work(path) == [str(home / "in" / "0.xml")]


def test_a_source_that_changes_under_the_run_is_judged_as_it_was_read(home: Path) -> None:
    """Its hash is that of the bytes that were judged, so the next run sees the change."""
    path = config(home)
    (home / "out").mkdir()
    batch = load_config(path)
    changing = home / "in" / "0.xml"
    with Manifest(batch.output) as manifest:
        for _ in run(batch, find_sources(batch.inputs), manifest):
            changing.write_bytes(changing.read_bytes() + b"\n")
    assert work(path) == [str(changing)]


def test_the_clock_may_jump(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jumps = iter(range(10**9, 0, -(10**6)))
    monkeypatch.setattr(time, "time", lambda: float(next(jumps)))
    (home / "out").mkdir()
    assert len(work(config(home))) == 61
    assert work(config(home)) == []


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 300 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here, so no disk can be full")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_loses_nothing(home: Path, small_disk: Path) -> None:
    """What could not be written is named, and done once there is space."""
    expected = undisturbed(home, CONVERT)
    path = config(home, CONVERT.replace('"out"', f'"{small_disk}/out"'))
    told = subprocess.run(command(path), capture_output=True, text=True)
    assert told.returncode == 4
    assert "No space left" in told.stderr or "full" in told.stderr or "unwritten" in told.stdout
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    einvoice(path)
    found = content(small_disk / "out")
    assert found.keys() == expected.keys()
    assert {n: d for n, d in found.items() if n != "report.jsonl"} == {
        n: d for n, d in expected.items() if n != "report.jsonl"
    }


@pytest.mark.usefixtures("obeyed_permissions")
def test_a_file_that_may_not_be_read_is_named_and_done_when_it_may(home: Path) -> None:
    (home / "in" / "0.xml").chmod(0)
    told = einvoice(config(home), code=4)
    assert "1 error" in told
    assert "in/0.xml: cannot be opened: Permission denied\n" in told
    (home / "in" / "0.xml").chmod(0o600)
    assert "60 of them were done before" in einvoice(config(home))


@pytest.mark.usefixtures("obeyed_permissions")
def test_a_folder_that_may_not_be_written_is_named_and_done_when_it_may(home: Path) -> None:
    expected = undisturbed(home, CONVERT)
    (home / "out" / "sub").mkdir(parents=True)
    (home / "out" / "sub").chmod(0o500)
    told = einvoice(config(home, CONVERT), code=4)
    assert "40 unwritten, 20 converted" in told
    assert told.count("cannot be written") == 10
    assert "... and others, which the reports name\n" in told
    assert "out/sub/1.xml: cannot be written: Permission denied" in told
    (home / "out" / "sub").chmod(0o700)
    einvoice(config(home, CONVERT))
    assert content(home / "out") == expected


@pytest.mark.usefixtures("obeyed_permissions")
def test_without_permission_for_the_record_nothing_is_begun(home: Path) -> None:
    (home / "out").mkdir()
    (home / "out").chmod(0o500)
    assert "out/manifest.db" in einvoice(config(home), code=4)
    assert content(home / "out") == {}
