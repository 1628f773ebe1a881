"""A drop folder: what is taken and when, where it goes, and what a kill at any moment leaves."""

import errno
import itertools
import json
import os
import random
import signal
import sys
import time
import zipfile
from pathlib import Path

import pytest

from einvoice.batch import arrivals as arrivals_module
from einvoice.batch import filing as filing_module
from einvoice.batch import watch as watch_module
from einvoice.batch.arrivals import Arrival, Arrivals, is_temporary, is_written, mark_of
from einvoice.batch.conversion import ConversionOptions
from einvoice.batch.dropped import Judged
from einvoice.batch.filing import Changed, Filing, alone_in
from einvoice.batch.validation import ValidationOptions
from einvoice.batch.wakeup import Stop
from einvoice.batch.watch import Drop, Watch
from einvoice.errors import FolderInUse

#: Under xdist a test process has threads; what is forked here needs none of them.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
GOOD = (SAMPLES / "fr-b2b-services" / "invoice.xml").read_bytes()


class Here:
    """A pool without processes."""

    def __init__(self, task, on_crash, workers, **options) -> None:
        self.task, self.on_crash = task, on_crash

    def each(self, items):
        for item in items:
            try:
                yield self.task(item)
            except ValueError as error:
                yield self.on_crash(item, str(error))

    def close(self) -> None:
        pass


def judged_by_content(dropped, options) -> Judged:
    """Stands in for the engine: the first word of a file decides."""
    content = Path(dropped.file).read_bytes()
    word = (content.split() or [b""])[0].decode()
    if word == "crash":
        raise ValueError("it crashed")
    well = word == "valid"
    report = json.dumps({"place": dropped.place, "size": len(content)}).encode()
    obstacle = "the ledger is away" if word == "later" else None
    outputs = ((f"{dropped.done}.cii.xml", b"out " + content),) if well else ()
    return Judged(
        file=dropped.file,
        verdict=word,
        well=well,
        report=report,
        outputs=outputs if isinstance(options, ConversionOptions) else (),
        obstacle=obstacle,
    )


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(watch_module, "Processes", Here)
    return monkeypatch


@pytest.fixture
def stub(here):
    here.setattr(watch_module, "judge", judged_by_content)
    return here


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def drop_in(inbox: Path, name: str, content: str | bytes = "valid") -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def sweep(inbox: Path, out: Path, options=None, **others) -> tuple[list, list[str]]:
    """What one pass files, and what it complains of."""
    drop = Drop(
        folder=str(inbox), output=out, options=options or ValidationOptions(), settle=0, **others
    )
    said: list[str] = []
    with Watch(drop, Stop(), said.append) as watch:
        filed = list(watch.once())
    return filed, said


def below(folder: Path) -> set[str]:
    found = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    return {str(path.relative_to(folder)) for path in found}


# What is taken


@pytest.mark.parametrize(
    "name", [".a.xml", "~$a.xml", "a.xml~", "a.TMP", "a.part", "a.crdownload", "a.xml.filepart"]
)
def test_temporary_names(name):
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["a.xml", "a", "a~b.xml", "part.xml", "tmp", "a.pdf.XML"])
def test_final_names(name):
    assert not is_temporary(name)


def arrivals_of(inbox: Path, said: list[str] | None = None, settle: float = 2, own=()) -> Arrivals:
    complain = (said if said is not None else []).append
    return Arrivals(str(inbox), own=own, settle=settle, complain=complain)


def names(found: list[Arrival]) -> list[str]:
    return [each.relative for each in found]


def test_a_file_that_grows_is_not_taken(inbox):
    arrivals = arrivals_of(inbox)
    path = drop_in(inbox, "a.xml", "v")
    for now in range(0, 10, 2):
        assert arrivals.complete(now) == []
        assert arrivals.missing == 1
        with path.open("a") as file:
            file.write("a")
    assert arrivals.complete(20) == []
    assert arrivals.complete(21.9) == []
    assert names(arrivals.complete(22)) == ["a.xml"]


def test_a_file_with_an_old_date_is_not_taken_at_once(inbox):
    """As of a copy that keeps dates: only what we saw ourselves counts."""
    os.utime(drop_in(inbox, "a.xml"), (1, 1))
    arrivals = arrivals_of(inbox)
    assert arrivals.complete(1000) == []
    assert names(arrivals.complete(1002)) == ["a.xml"]


def test_a_file_that_is_replaced_settles_anew(inbox):
    arrivals = arrivals_of(inbox)
    first = drop_in(inbox, "a.xml")
    status = first.stat()
    assert arrivals.complete(0) == []
    other = drop_in(inbox, ".b", "valid")
    os.utime(other, ns=(status.st_mtime_ns, status.st_mtime_ns))
    other.rename(first)
    assert arrivals.complete(2) == []
    assert names(arrivals.complete(4)) == ["a.xml"]


def test_a_temporary_name_that_becomes_final(inbox):
    arrivals = arrivals_of(inbox)
    path = drop_in(inbox, "a.xml.part")
    assert arrivals.complete(0) == arrivals.complete(9) == []
    assert arrivals.missing == 0
    path.rename(inbox / "a.xml")
    assert arrivals.complete(10) == []
    assert names(arrivals.complete(12)) == ["a.xml"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells")
def test_a_file_that_is_open_to_write_is_not_taken(inbox):
    said: list[str] = []
    arrivals = arrivals_of(inbox, said)
    path = drop_in(inbox, "a.xml")
    with path.open("a"):
        assert is_written(str(path))
        assert [arrivals.complete(now) for now in (0, 2, 50)] == [[], [], []]
        assert said == []
        assert arrivals.complete(100) == arrivals.complete(200) == []
        assert said == ["a.xml: another program has it open to write"]
    assert not is_written(str(path))
    assert names(arrivals.complete(201)) == ["a.xml"]


def test_who_begins_to_write_does_not_kill_the_watcher(inbox):
    """The lease is broken by a signal, which must be a harmless one."""
    path = drop_in(inbox, "a.xml")
    child = os.fork()
    if child == 0:
        end = time.monotonic() + 1
        while time.monotonic() < end:
            path.open("a").close()
        os._exit(0)
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        is_written(str(path))


def test_a_folder_that_is_moved_in_as_a_whole(inbox, tmp_path):
    arrivals = arrivals_of(inbox, settle=0)
    for name in ("x/1.xml", "x/y/2.xml", "x/.git/3.xml", "x/z.tmp/4.xml"):
        drop_in(tmp_path / "elsewhere", name)
    (tmp_path / "elsewhere" / "x").rename(inbox / "x")
    assert sorted(names(arrivals.complete(0))) == ["x/1.xml", "x/y/2.xml"]
    assert arrivals.folders == {str(inbox / each) for each in ("", "x", "x/y")}


def test_links_and_pipes_are_left_alone_and_told_once(inbox, tmp_path):
    said: list[str] = []
    arrivals = arrivals_of(inbox, said, settle=0)
    target = drop_in(tmp_path, "elsewhere/a.xml")
    (inbox / "file.xml").symlink_to(target)
    (inbox / "folder").symlink_to(target.parent)
    (inbox / "loop").symlink_to(inbox)
    (inbox / "nowhere").symlink_to(tmp_path / "nowhere")
    os.mkfifo(inbox / "pipe.xml")
    assert arrivals.complete(0) == arrivals.complete(1) == []
    assert sorted(text.partition(":")[0] for text in said) == [
        "file.xml", "folder", "loop", "nowhere", "pipe.xml",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["d", "n" * 250])
def test_a_very_deep_folder_is_not_kept(stub, inbox, tmp_path, name):
    deep = str(inbox)
    while len(deep) + len(name) < 3600:
        deep += f"/{name}"
        os.mkdir(deep)
    Path(f"{deep}/a.xml").write_text("valid")
    try:
        filed, said = sweep(inbox, tmp_path / "out")
        assert (said, [each.place for each in filed]) == ([], ["done/a.xml"])
    finally:  # what cleans up behind the tests goes down by recursion, not so far
        Path(f"{deep}/a.xml").unlink(missing_ok=True)
        os.removedirs(deep)


@pytest.mark.usefixtures("obeyed_permissions")
def test_a_folder_that_cannot_be_listed_is_told(inbox):
    said: list[str] = []
    (inbox / "shut").mkdir(mode=0)
    assert arrivals_of(inbox, said, settle=0).complete(0) == []
    assert said == ["shut: Permission denied"]


def test_a_drop_folder_that_went_away_is_told(inbox):
    said: list[str] = []
    inbox.rmdir()
    assert arrivals_of(inbox, said, settle=0).complete(0) == []
    assert said == [".: No such file or directory"]


# Where it goes


def test_done_and_failed(stub, inbox, tmp_path):
    words = {"a.xml": "valid", "sub/b.xml": "invalid", "c.xml": "undecided", "d.xml": "crash"}
    for name, word in words.items():
        drop_in(inbox, name, word)
    filed, said = sweep(inbox, tmp_path / "out")
    assert said == []
    assert {each.relative: each.verdict for each in filed} == words | {"d.xml": "crashed"}
    assert below(inbox) == set()
    assert below(tmp_path / "out") == {
        "done/a.xml", "done/a.xml.report.json",
        "failed/sub/b.xml", "failed/sub/b.xml.report.json",
        "failed/c.xml", "failed/c.xml.report.json",
        "failed/d.xml", "failed/d.xml.report.json",
    }  # fmt: skip
    assert "it crashed" in (tmp_path / "out/failed/d.xml.report.json").read_text()


def test_names_that_are_there_get_a_number(stub, inbox, tmp_path):
    out = tmp_path / "out"
    for word in ("valid 1", "valid 2", "invalid 3", "valid 4"):
        drop_in(inbox, "a.xml", word)
        sweep(inbox, out)
    contents = {name: (out / name).read_text() for name in below(out) if name.endswith(".xml")}
    assert contents == {
        "done/a.xml": "valid 1",
        "done/a-2.xml": "valid 2",
        "failed/a-3.xml": "invalid 3",
        "done/a-4.xml": "valid 4",
    }
    assert len(below(out)) == 8


def test_results_never_take_the_name_of_a_file(stub, inbox, tmp_path):
    out = tmp_path / "out"
    options = ConversionOptions(to="cii")
    for name in ("a.xml.report.json", "a.xml", "a.xml.cii.xml", "a.xml.cii"):
        drop_in(inbox, name, f"valid {name}")
    filed, said = sweep(inbox, out, options)
    assert said == []
    assert sorted(each.relative for each in filed) == [
        "a.xml", "a.xml.cii", "a.xml.cii.xml", "a.xml.report.json",
    ]  # fmt: skip
    assert len(below(out)) == 12
    for each in filed:
        assert (out / each.place).read_text() == f"valid {each.relative}"
        assert (out / f"{each.place}.cii.xml").read_text() == f"out valid {each.relative}"
        assert json.loads((out / f"{each.place}.report.json").read_text())["place"] in each.place


def test_a_folder_with_the_name_of_a_file_gets_a_number(stub, inbox, tmp_path):
    out = tmp_path / "out"
    drop_in(inbox, "a.xml")
    sweep(inbox, out)
    drop_in(inbox, "a.xml/b.xml")
    filed, said = sweep(inbox, out)
    assert (said, [each.place for each in filed]) == ([], ["done/a-2.xml/b.xml"])


HOSTILE = {
    "line\nbreak\x1b[31m.xml": "valid",
    "with \u202e rtl.xml": "valid",
    "-o": "valid",
    "-": "valid",
    "é" * 120 + ".xml": "valid",
    "x" * 255: "valid",
    os.fsdecode(b"\xff\xfe no utf-8.xml"): "valid",
    os.fsdecode(b"\xff" * 251 + b".xml"): "invalid",
}


def test_hostile_names(stub, inbox, tmp_path):
    out = tmp_path / "out"
    for name, word in HOSTILE.items():
        drop_in(inbox, name, f"{word} {name.encode('utf-8', 'surrogateescape').hex()}".encode())
    filed, said = sweep(inbox, out)
    assert (said, len(filed)) == ([], len(HOSTILE))
    assert all("\n" not in each.relative and "\x1b" not in each.place for each in filed)
    files = [name for name in below(out) if not name.endswith(".report.json")]
    assert len(files) == len(HOSTILE)
    kept = {(out / name).read_text().split()[1] for name in files}
    assert kept == {name.encode("utf-8", "surrogateescape").hex() for name in HOSTILE}
    assert all((out / f"{name}.report.json").exists() for name in files)
    assert "done/line\nbreak\x1b[31m.xml" in files


@pytest.mark.parametrize("place", ["out", "sub/out", "."])
def test_the_folder_of_results_may_lie_in_the_drop_folder(stub, inbox, place):
    out = inbox / place
    drop_in(inbox, "a.xml")
    drop_in(inbox, "sub/b.xml", "invalid")
    assert len(sweep(inbox, out)[0]) == 2
    assert sweep(inbox, out) == ([], [])
    assert {"done/a.xml", "failed/sub/b.xml"} <= below(out)


def test_a_file_that_goes_away_or_changes_while_it_is_judged(stub, inbox, tmp_path):
    def meddling(dropped, options):
        judged = judged_by_content(dropped, options)
        path = Path(dropped.file)
        path.unlink() if path.name == "gone.xml" else path.write_text("invalid now")
        return judged

    stub.setattr(watch_module, "judge", meddling)
    drop_in(inbox, "gone.xml")
    drop_in(inbox, "other.xml")
    filed, said = sweep(inbox, tmp_path / "out")
    assert filed == []
    assert sorted(said) == [
        f"{name}.xml: it went away or changed meanwhile" for name in ("gone", "other")
    ]
    assert below(tmp_path / "out") == set()
    assert below(inbox) == {"other.xml"}
    stub.setattr(watch_module, "judge", judged_by_content)
    assert [each.verdict for each in sweep(inbox, tmp_path / "out")[0]] == ["invalid"]


def failing(function, number: int, when):
    def fail(*arguments, **options):
        if when(*arguments):
            raise OSError(number, os.strerror(number))
        return function(*arguments, **options)

    return fail


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("step", ["fsync", "rename", "replace"])
def test_what_cannot_be_written_leaves_the_file_where_it_is(stub, inbox, tmp_path, number, step):
    out = tmp_path / "out"
    drop_in(inbox, "a.xml")
    drop_in(inbox, "b.xml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, step, failing(getattr(os, step), number, lambda *them: True))
        filed, said = sweep(inbox, out)
    assert filed == []
    assert said == [f"{n}.xml: it stays where it is: {os.strerror(number)}" for n in "ab"]
    assert (below(inbox), below(out)) == ({"a.xml", "b.xml"}, set())
    filed, said = sweep(inbox, out)
    assert (len(filed), said, below(inbox)) == (2, [], set())


def test_one_file_that_cannot_be_moved_does_not_stop_the_others(stub, inbox, tmp_path):
    for name in ("a.xml", "b.xml", "c.xml"):
        drop_in(inbox, name, "later" if name == "a.xml" else "valid")
    drop = Drop(folder=str(inbox), output=tmp_path / "out", options=ValidationOptions(), settle=0)
    said: list[str] = []
    with Watch(drop, Stop(), said.append) as watch:
        assert len(list(watch.pass_through())) == 2
        assert watch.left == 1
        assert list(watch.pass_through()) == []
        assert said == ["a.xml: it stays where it is: the ledger is away"]
        drop_in(inbox, "a.xml", "valid now")
        assert len(list(watch.pass_through())) == 1
        assert watch.left == 0


def test_a_folder_that_cannot_be_made(stub, inbox, tmp_path):
    drop_in(tmp_path, "out", "a file")
    with pytest.raises(OSError, match="exists"):
        sweep(inbox, tmp_path / "out")


# Between file systems


def other_file_system(monkeypatch) -> None:
    def rename(source, target):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(filing_module.os, "rename", rename)


def test_across_file_systems_the_copy_is_whole_and_keeps_its_date(stub, inbox, tmp_path):
    os.utime(drop_in(inbox, "a.xml", b"valid " + bytes(300_000)), (1000, 1000))
    other_file_system(stub)
    assert len(sweep(inbox, tmp_path / "out")[0]) == 1
    moved = tmp_path / "out/done/a.xml"
    assert (moved.stat().st_size, moved.stat().st_mtime, below(inbox)) == (300_006, 1000, set())


def test_a_file_that_grows_while_it_is_copied_stays(inbox, tmp_path, monkeypatch):
    other_file_system(monkeypatch)
    path = drop_in(inbox, "a.xml")
    mark = mark_of(str(path))
    arrival = Arrival(file=str(path), relative="a.xml", mark=mark)
    copy = filing_module.shutil.copyfileobj

    def grow(source, target):
        copy(source, target)
        path.write_text("valid and more")

    monkeypatch.setattr(filing_module.shutil, "copyfileobj", grow)
    filing = Filing(tmp_path / "out")
    filing.prepare()
    with pytest.raises(Changed):
        filing.file(arrival, tmp_path / "out/done/a.xml", [(tmp_path / "out/done/a.json", b"1")])
    assert (below(inbox), below(tmp_path / "out")) == ({"a.xml"}, set())


# One watcher only


def test_two_watchers_on_one_folder_refuse(stub, inbox, tmp_path):
    with alone_in(inbox), pytest.raises(FolderInUse, match="in: another `einvoice watch`"):
        sweep(inbox, tmp_path / "out")
    (tmp_path / "out").mkdir(exist_ok=True)
    with alone_in(tmp_path / "out"), pytest.raises(FolderInUse, match="out: another"):
        sweep(inbox, tmp_path / "out")
    assert sweep(inbox, tmp_path / "out") == ([], [])


def test_the_lock_of_a_killed_watcher_is_none(inbox):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with alone_in(inbox):
            os.write(write, b"x")
            time.sleep(60)
    os.read(read, 1)
    with pytest.raises(FolderInUse), alone_in(inbox):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with alone_in(inbox):
        pass
    os.close(read)
    os.close(write)


def test_a_folder_that_cannot_be_locked_itself_gets_a_file(inbox, monkeypatch):
    """As on NFS, which locks only what can be written."""
    flock = filing_module.fcntl.flock

    def of_files_only(descriptor, how):
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flock(descriptor, how)

    monkeypatch.setattr(filing_module.fcntl, "flock", of_files_only)
    with alone_in(inbox), pytest.raises(FolderInUse), alone_in(inbox):
        pass
    with alone_in(inbox):
        assert arrivals_of(inbox, settle=0).complete(0) == []


# Killed at any moment


def killed(work, kill) -> bool:
    """Do some work in a process that is killed; whether that came before its end."""
    child = os.fork()
    if child == 0:
        try:
            kill.prepare()
            work()
        finally:
            os._exit(0)
    kill.wait(child)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


class AtLine:
    """A kill before the n-th line of the code that writes."""

    FILES = (filing_module.__file__, sys.modules["einvoice.batch.files"].__file__)

    def __init__(self, number: int) -> None:
        self.left = number

    def prepare(self) -> None:
        sys.settrace(self.trace)

    def trace(self, frame, event, argument):
        if frame.f_code.co_filename not in self.FILES:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.trace

    def wait(self, child: int) -> None:
        pass


class AtMoment:
    """A kill after some time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def prepare(self) -> None:
        pass

    def wait(self, child: int) -> None:
        time.sleep(self.seconds)
        os.kill(child, signal.SIGKILL)


def assert_all_is_well(inbox: Path, out: Path) -> None:
    assert below(inbox) == set()
    report = json.dumps({"place": "sub/a.xml", "size": 7})
    assert {name: (out / name).read_text() for name in below(out)} == {
        "done/sub/a.xml": "valid 1",
        "done/sub/a.xml.cii.xml": "out valid 1",
        "done/sub/a.xml.report.json": report,
    }


@pytest.mark.parametrize("across", [False, True])
def test_a_kill_at_any_line_loses_and_repeats_nothing(stub, tmp_path, across):
    if across:
        other_file_system(stub)
    options = ConversionOptions(to="cii")
    for number in itertools.count(1):
        inbox, out = tmp_path / f"{number}/in", tmp_path / f"{number}/out"
        drop_in(inbox, "sub/a.xml", "valid 1")
        was_killed = killed(lambda i=inbox, o=out: sweep(i, o, options), AtLine(number))
        assert sweep(inbox, out, options)[1] == []
        assert_all_is_well(inbox, out)
        if not was_killed:
            break
    assert number > 100


@pytest.mark.parametrize("seed", range(20))
def test_kills_at_random_moments(stub, inbox, tmp_path, seed):
    """Five kills in a row, with new files all the time, half of them across file systems."""
    chance = random.Random(seed)
    out = tmp_path / "out"
    options = ConversionOptions(to="cii")
    if seed % 2:
        other_file_system(stub)
    contents = set()
    for turn in range(6):
        for number in range(8):
            word = chance.choice(["valid", "invalid"])
            content = f"{word} {turn} {number}"
            if not (inbox / f"{number}.xml").exists():  # names come again and again
                contents.add(content)
                drop_in(inbox, f"{number}.xml", content)
        if turn < 5:
            seconds = chance.uniform(0.002, 0.06)
            killed(lambda: sweep(inbox, out, options), AtMoment(seconds))
    assert sweep(inbox, out, options)[1] == []
    assert below(inbox) == set()
    files = sorted(name for name in below(out) if name.endswith(".xml") and ".cii" not in name)
    found = [(out / name).read_text() for name in files]
    assert sorted(found) == sorted(contents)
    results = set()
    for name, content in zip(files, found, strict=True):
        kind, _, place = name.partition("/")
        assert kind == ("done" if content.startswith("valid") else "failed")
        report = json.loads((out / f"{name}.report.json").read_text())
        assert report == {"place": place, "size": len(content)}
        results |= {name, f"{name}.report.json"}
        if kind == "done":
            assert (out / f"{name}.cii.xml").read_text() == f"out {content}"
            results.add(f"{name}.cii.xml")
    assert below(out) == results


def test_a_new_file_of_the_name_of_a_copied_one_is_not_taken_for_it(stub, inbox, tmp_path):
    """Killed after the copy and before the removal; then the file was replaced."""
    out = tmp_path / "out"
    other_file_system(stub)
    drop_in(inbox, "a.xml", "valid old")
    unlink = os.unlink

    def die(path, **options):
        if str(path) == str(inbox / "a.xml"):
            os.kill(os.getpid(), signal.SIGKILL)
        unlink(path, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filing_module.os, "unlink", die)
        assert killed(lambda: sweep(inbox, out), AtLine(-1))
    assert below(inbox) == {"a.xml"}
    drop_in(inbox, "a.xml", "valid and new")
    assert [each.place for each in sweep(inbox, out)[0]] == ["done/a-2.xml"]
    assert (out / "done/a.xml").read_text() == "valid old"
    assert (out / "done/a-2.xml").read_text() == "valid and new"


# The engine


@pytest.fixture
def layers() -> ValidationOptions:
    return ValidationOptions(layers=frozenset({"xml"}))


def test_packs_are_moved_as_one_and_report_all(here, inbox, tmp_path):
    with zipfile.ZipFile(inbox / "good.zip", "w") as pack:
        pack.writestr("1.xml", GOOD)
        pack.writestr("sub/../2.xml".replace("../", ""), GOOD)
    with zipfile.ZipFile(inbox / "mixed.zip", "w") as pack:
        pack.writestr("1.xml", GOOD)
        pack.writestr("2.xml", b"no invoice")
        pack.writestr("../3.xml", GOOD)
    drop_in(inbox, "empty.eml", "Subject: nothing\n\nnothing")
    drop_in(inbox, "broken.zip", "no zip")
    filed, said = sweep(inbox, tmp_path / "out")
    assert said == []
    assert {each.relative: (each.verdict, each.well) for each in filed} == {
        "good.zip": ("valid", True),
        "mixed.zip": ("unreadable", False),
        "empty.eml": ("unreadable", False),
        "broken.zip": ("unreadable", False),
    }
    report = json.loads((tmp_path / "out/failed/mixed.zip.report.json").read_text())
    assert [each["verdict"] for each in report["documents"]] == ["valid", "invalid", "undecided"]
    assert report["documents"][2]["error"].endswith("its name leads out of the archive")
    assert "mixed.zip/2.xml" in report["documents"][1]["path"]
    assert len(below(tmp_path / "out")) == 8


def test_packs_are_converted_whole_or_not(here, inbox, tmp_path):
    out = tmp_path / "out"
    with zipfile.ZipFile(inbox / "good.zip", "w") as pack:
        pack.writestr("1.xml", GOOD)
        pack.writestr("n" * 300 + "/../é ü.xml".replace("/..", ""), GOOD)
    with zipfile.ZipFile(inbox / "mixed.zip", "w") as pack:
        pack.writestr("1.xml", GOOD)
        pack.writestr("2.xml", b"no invoice")
    filed, said = sweep(inbox, out, ConversionOptions(to="cii", account="json"))
    assert (said, {each.relative: each.verdict for each in filed}) == (
        [],
        {"good.zip": "converted", "mixed.zip": "malformed"},
    )
    assert below(out) == {
        "done/good.zip", "done/good.zip.report.json",
        "done/good.zip.cii/1-1.xml", "done/good.zip.cii/1-1.xml.account.json",
        "done/good.zip.cii/2-_.xml", "done/good.zip.cii/2-_.xml.account.json",
        "failed/mixed.zip", "failed/mixed.zip.report.json",
    }  # fmt: skip
    report = json.loads((out / "failed/mixed.zip.report.json").read_text())
    assert [each["output"] for each in report["documents"]] == [None, None]


def test_the_line_of_a_conversion(here, inbox, tmp_path):
    drop_in(inbox, "a.xml", GOOD)
    (filed,) = sweep(inbox, tmp_path / "out", ConversionOptions(to="cii"))[0]
    line = json.loads((tmp_path / "out/done/a.xml.report.json").read_text())
    assert (filed.verdict, line["outcome"], line["path"]) == (
        "converted", "converted", str(inbox / "a.xml"),
    )  # fmt: skip
    assert b"CrossIndustryInvoice" in Path(line["output"]).read_bytes()


@pytest.mark.usefixtures("obeyed_permissions")
def test_a_file_that_cannot_be_read_fails(here, inbox, tmp_path, layers):
    drop_in(inbox, "a.xml").chmod(0)
    (filed,) = sweep(inbox, tmp_path / "out", layers)[0]
    assert (filed.verdict, filed.place) == ("unreadable", "failed/a.xml")


def test_the_same_invoice_again_is_a_duplicate_for_the_ledger(here, inbox, tmp_path):
    out = tmp_path / "out"
    ledger = tmp_path / "ledger.db"
    from einvoice.ledger import Ledger

    Ledger(str(ledger)).close()
    options = ValidationOptions(checks="report", ledger=str(ledger))
    for _ in range(2):
        drop_in(inbox, "a.xml", GOOD)
        sweep(inbox, out, options)
    rules = {
        name: {each["rule"] for each in json.loads((out / name).read_text())["findings"]}
        for name in ("done/a.xml.report.json", "done/a-2.xml.report.json")
    }
    assert "DUP-06" not in rules["done/a.xml.report.json"]
    assert "DUP-06" in rules["done/a-2.xml.report.json"]


def test_platforms_without_leases_go_by_time_alone(inbox, monkeypatch):
    monkeypatch.setattr(arrivals_module, "fcntl", None)
    with drop_in(inbox, "a.xml").open("a"):
        assert names(arrivals_of(inbox, settle=0).complete(0)) == ["a.xml"]
