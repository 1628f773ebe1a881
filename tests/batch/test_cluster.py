"""A batch on a cluster of Dask, whose scheduler and workers are processes of this machine."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from einvoice.batch.manifest import Record
from einvoice.batch.sources import Source
from einvoice.batch.work import Work
from einvoice.errors import ClusterError
from tests.batch import services
from tests.batch.services import ROOT, environment, object_store, scheduler, worker

pytest.importorskip("distributed", reason="distributed is not installed")
pytest.importorskip("pyarrow", reason="pyarrow is not installed")

GOOD = (ROOT / "samples/fr-b2b-services/invoice.xml").read_bytes()
BROKEN = (ROOT / "samples/broken-total/invoice.xml").read_bytes()
TROUBLE = Path(__file__).with_name("cluster_trouble.py")
#: A scheduler that gives up soon, so that tests are quick.
STRICT = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


def troubled(
    address: str, folder: Path, *options: object, **env: str
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker in which names of documents decide what happens."""
    return worker(address, folder, "--preload", TROUBLE, *options, **env)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler with two workers, each with a process that starts it again when it dies."""
    with scheduler(**STRICT) as (address, _), ExitStack() as workers:
        for number in range(2):
            workers.enter_context(troubled(address, tmp_path / f"worker-{number}"))
        yield address


def einvoice(folder: Path, *arguments: object, **env: str) -> tuple[int, str, str]:
    return services.einvoice(environment(**env), *arguments, folder=folder)


def documents(folder: Path, number: int = 130, name: str = "in", **others: bytes) -> None:
    """A folder of documents, some of them broken."""
    (folder / name).mkdir()
    for each in range(number):
        content = BROKEN if each % 7 == 3 else GOOD
        (folder / name / f"{each:03}.xml").write_bytes(content)
    for each, content in others.items():
        (folder / name / f"{each}.xml").write_bytes(content)


def job(folder: Path, output: str, *, source: str = "in", task: str = "[validate]") -> str:
    text = f'input = ["{source}"]\noutput = "{output}"\nworkers = 2\n{task}\n'
    (folder / f"{output}.toml").write_text(text)
    return f"{output}.toml"


def records(output: Path) -> list[tuple[object, ...]]:
    """All of the manifest that does not depend on the clock or the name of the output."""
    columns = "key, run, position, digest, outcome, result, final, output_digest"
    with sqlite3.connect(output / "manifest.db") as manifest:
        rows = manifest.execute(f"SELECT {columns} FROM document ORDER BY key").fetchall()
    manifest.close()
    return rows


def outcomes(output: Path) -> dict[str, str]:
    return {row[0].rpartition("/")[2]: row[4] for row in records(output)}


def test_a_cluster_that_is_started_here_does_the_same(tmp_path: Path) -> None:
    documents(tmp_path)
    local = einvoice(tmp_path, "batch", job(tmp_path, "pool"))
    cluster = einvoice(tmp_path, "batch", job(tmp_path, "cluster"), "--cluster", "local")
    assert cluster[0] == local[0] == 1
    assert cluster[2] == ""
    assert records(tmp_path / "cluster") == records(tmp_path / "pool")
    reports = [(tmp_path / name / "report.jsonl").read_bytes() for name in ("cluster", "pool")]
    assert reports[0] == reports[1]


def test_a_lost_worker_costs_nothing(tmp_path: Path) -> None:
    documents(tmp_path, 250, name="slow")
    einvoice(tmp_path, "batch", job(tmp_path, "pool", source="slow"), "-q")
    arguments = ("batch", job(tmp_path, "cluster", source="slow"), "-q", "--cluster")
    with scheduler() as (address, _), ExitStack() as stack:
        workers = [
            stack.enter_context(troubled(address, tmp_path / f"worker-{n}", "--no-nanny"))
            for n in range(2)
        ]
        command = [sys.executable, "-m", "einvoice", *arguments, address]
        with subprocess.Popen(command, env=environment(), cwd=tmp_path) as process:
            try:
                wait_for_records(tmp_path / "cluster", process)
                workers[0].send_signal(signal.SIGKILL)
                assert process.wait(40) == 1
            finally:
                process.kill()
        assert workers[1].poll() is None
    assert records(tmp_path / "cluster") == records(tmp_path / "pool")


def wait_for_records(output: Path, process: subprocess.Popen[bytes]) -> None:
    """Until some documents are on record; the manifest itself is locked, but its log grows."""
    log = output / "manifest.db-wal"
    start = log.stat().st_size if log.exists() else 0
    for _ in range(600):
        assert process.poll() is None, "the run is over before it was disturbed"
        if log.exists() and log.stat().st_size > max(start, 50_000):
            return
        time.sleep(0.02)
    raise AssertionError("nothing is done")


def test_a_document_that_kills_is_found_and_the_others_are_done(
    tmp_path: Path, address: str
) -> None:
    documents(tmp_path, 60, kill=GOOD, **{"raise": GOOD})
    code, _, err = einvoice(tmp_path, "batch", job(tmp_path, "out"), "-q", "--cluster", address)
    assert (code, err) == (1, "")
    found = outcomes(tmp_path / "out")
    assert len(found) == 62
    odd = {key: outcome for key, outcome in found.items() if outcome not in ("valid", "invalid")}
    assert odd == {"kill.xml": "undecided", "raise.xml": "undecided"}
    told = {row[0]: json.loads(row[5]) for row in records(tmp_path / "out")}
    reasons = {key: told[f"in/{key}"]["layers"][0]["reason"] for key in odd}
    assert reasons == {
        "kill.xml": "the process that worked on it died",
        "raise.xml": "KeyError: 'x'",
    }


def test_a_document_that_takes_too_long_is_found(tmp_path: Path, address: str) -> None:
    documents(tmp_path, 6, hang=GOOD)
    arguments = ("--time-limit", "2", "-q", "--cluster", address)
    einvoice(tmp_path, "batch", job(tmp_path, "out"), *arguments)
    assert len(outcomes(tmp_path / "out")) == 7
    odd = [row for row in records(tmp_path / "out") if row[4] == "undecided"]
    assert [row[0] for row in odd] == ["in/hang.xml"]
    assert "it took longer than 2 s, or" in str(odd[0][5])


def test_the_next_run_goes_on_and_the_pool_may_do_it(tmp_path: Path, address: str) -> None:
    documents(tmp_path, 20, **{"raise": GOOD})
    config = job(tmp_path, "out")
    einvoice(tmp_path, "batch", config, "-q", "--cluster", address)
    first = records(tmp_path / "out")
    (tmp_path / "in/000.xml").write_bytes(BROKEN)
    assert einvoice(tmp_path, "batch", config, "-q", "--resume", "--cluster", address)[2] == ""
    again = records(tmp_path / "out")
    changed = [one[0] for one, other in zip(first, again, strict=True) if one[3:] != other[3:]]
    assert changed == ["in/000.xml"]
    einvoice(tmp_path, "batch", config, "-q", "--resume")
    assert outcomes(tmp_path / "out") == outcomes_of(again) | {"raise.xml": "valid"}


def outcomes_of(rows: list[tuple[object, ...]]) -> dict[str, object]:
    return {str(row[0]).rpartition("/")[2]: row[4] for row in rows}


def test_workers_read_from_a_bucket_and_write_to_it(tmp_path: Path) -> None:
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    pytest.importorskip("moto", reason="moto is not installed")
    task = 'state = "state"\n[convert]\nto = "json"'
    (tmp_path / "job.toml").write_text(
        f'input = ["s3://bucket/in"]\noutput = "s3://bucket/out"\nworkers = 2\n{task}\n'
    )
    with object_store() as store:
        store.put("bucket", b"")
        for number in range(6):
            store.put(f"bucket/in/{number}.xml", GOOD)
        env = {name: store.environment()[name] for name in store.environment() if "AWS" in name}
        with scheduler() as (address, _), troubled(address, tmp_path / "worker", **env):
            arguments = ("batch", "job.toml", "-q", "--cluster", address)
            assert einvoice(tmp_path, *arguments, **env) == (0, "", "")
        assert store.get("bucket/out/5.json") is not None
    assert set(outcomes(tmp_path / "state").values()) == {"converted"}
    rows = table(tmp_path / "state")
    assert [row["output"] for row in rows] == [f"s3://bucket/out/{n}.json" for n in range(6)]


def table(output: Path) -> list[dict[str, object]]:
    import pyarrow.parquet

    folder = output / "results.parquet"
    assert all(part.name.startswith("part-") for part in folder.iterdir())
    return pyarrow.parquet.read_table(folder).to_pylist()


def test_the_results_are_a_data_set(tmp_path: Path) -> None:
    documents(tmp_path, 8)
    for _ in range(2):
        einvoice(tmp_path, "batch", job(tmp_path, "out"), "-q", "--cluster", "local")
    rows = table(tmp_path / "out")
    assert [row["key"] for row in rows] == [f"in/{number:03}.xml" for number in range(8)]
    assert [row["rules"] for row in rows if row["outcome"] == "invalid"] == [["BR-CO-15"]]
    first = rows[0]
    assert (first["number"], str(first["issued"]), first["fatal"]) == (
        "AVE-2026-01187",
        "2026-10-30",
        0,
    )


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    documents(tmp_path, 3)
    old = tmp_path / "old.py"
    old.write_text("from einvoice.batch import cluster\ncluster.asked_of = lambda options: 'old'\n")
    with scheduler() as (address, _), troubled(address, tmp_path / "worker", "--preload", str(old)):
        arguments = ("batch", job(tmp_path, "out"), "-q", "--cluster", address)
        code, _, err = einvoice(tmp_path, *arguments)
    assert code == 4
    assert err.count("\n") == 1
    assert "it has another version of einvoice" in err


@pytest.mark.parametrize("address", ["nonsense", "nonsense://x", "tcp://127.0.0.1:1"])
def test_an_address_that_is_none_is_one_line(tmp_path: Path, address: str) -> None:
    documents(tmp_path, 2)
    arguments = ("batch", job(tmp_path, "out"), "-q", "--cluster", address)
    env = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}
    code, out, err = einvoice(tmp_path, *arguments, **env)
    assert (code, out) == (4, "")
    assert err.startswith(f"error: {address}: cannot be used as a cluster: ")
    assert err.count("\n") == 1


def test_a_cluster_that_ends_is_told_and_the_run_goes_on_later(tmp_path: Path) -> None:
    from einvoice.batch import cluster
    from einvoice.batch.validation import ValidationOptions

    documents(tmp_path, 3)
    works = [
        Work(source=Source(path=str(path), file=str(path)), position=n, asked="")
        for n, path in enumerate(sorted((tmp_path / "in").iterdir()))
    ]
    ask = {"options": ValidationOptions(), "workers": 1, "limit": None}
    patience, cluster.PATIENCE = cluster.PATIENCE, 2.0
    try:
        with scheduler() as (address, _), pytest.raises(ClusterError, match="it has no workers"):
            list(cluster.run(works, address=address, **ask))
    finally:
        cluster.PATIENCE = patience


def test_no_more_chunks_are_sent_than_can_be_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from einvoice.batch import cluster
    from einvoice.batch.validation import ValidationOptions

    class Future:
        def __init__(self, number: int, chunk: cluster.Chunk) -> None:
            self.key = str(number)
            self.chunk = chunk

        def add_done_callback(self, call) -> None:
            call(self)

        def result(self) -> list[Record]:
            return [
                Record(
                    key=work.source.path,
                    position=work.position,
                    asked=work.asked,
                    digest="",
                    outcome="valid",
                    result=b"{}",
                    seconds=0.0,
                )
                for work in self.chunk.works
            ]

    class Client:
        status = "running"
        sent = 0

        def nthreads(self) -> dict[str, int]:
            return {"a": 1, "b": 1}

        def submit(self, task, chunk, pure) -> Future:
            Client.sent += 1
            return Future(Client.sent, chunk)

        def cancel(self, futures) -> None:
            self.left = len(futures)

    taken = 0

    def works() -> Iterator[Work]:
        nonlocal taken
        for taken in range(1, 10_001):
            yield Work(source=Source(path=str(taken)), position=taken, asked="")

    client = Client()
    run = cluster._Run(client, "tcp://x", ValidationOptions(), None)
    records = run.records(works())
    most = 0
    for number, record in enumerate(records, 1):
        most = max(most, taken - number)
        assert record.outcome == "valid"
    assert number == 10_000
    assert most <= 7 * cluster.CHUNK
    again = cluster._Run(client, "tcp://x", ValidationOptions(), None).records(works())
    next(again)
    again.close()
    assert client.left == 5


def test_the_extra_is_named_when_it_is_missing(tmp_path: Path) -> None:
    documents(tmp_path, 2)
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "distributed.py").write_text("raise ImportError('no')\n")
    command = [
        sys.executable,
        "-m",
        "einvoice",
        "batch",
        job(tmp_path, "out"),
        "--cluster",
        "local",
    ]
    path = os.pathsep.join([str(blocked), environment()["PYTHONPATH"]])
    done = subprocess.run(
        command, env=environment(PYTHONPATH=path), cwd=tmp_path, capture_output=True, timeout=60
    )
    assert done.returncode == 4
    assert b"pip install einvoice-engine[cluster]" in done.stderr
