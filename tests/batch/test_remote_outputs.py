"""Conversions that are written to an object store: whole, found again, and never read as inputs."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from einvoice.batch.outputs import output_digest, write_output
from einvoice.batch.remote import remote_files
from einvoice.batch.sources import Source
from einvoice.batch.targets import Targets
from einvoice.cli.inputs import is_single
from einvoice.errors import OutputNotWritable
from tests.batch.services import (
    IMPATIENT,
    ROOT,
    Store,
    einvoice,
    environment,
    line_to,
    object_store,
)

pytest.importorskip("s3fs", reason="s3fs is not installed")
pytest.importorskip("moto", reason="moto is not installed")

GOOD = (ROOT / "samples/fr-b2b-services/invoice.xml").read_bytes()
NAMES = tuple(f"{number}.xml" for number in range(8))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with object_store() as store:
        store.put("bucket", b"")
        for name in NAMES:
            store.put(f"bucket/in/{name}", GOOD)
        yield store


def config(folder: Path, source: str, output: str) -> Path:
    folder.mkdir()
    path = folder / "job.toml"
    path.write_text(
        f'input = ["{source}"]\noutput = "{output}"\nstate = "state"\nworkers = 2\n'
        '[convert]\nto = "json"\n'
    )
    return path


def outcomes(state: Path) -> dict[str, str]:
    lines = [json.loads(row) for row in (state / "report.jsonl").read_text().splitlines()]
    return {each["path"]: each["outcome"] for each in lines if "path" in each}


def test_a_batch_writes_to_a_bucket_below_its_input(store: Store, tmp_path: Path) -> None:
    job = config(tmp_path / "job", "s3://bucket/in", "s3://bucket/in/out")
    for _ in range(2):
        assert einvoice(store.environment(), "batch", job, "-q") == (0, "", "")
        found = outcomes(tmp_path / "job/state")
        assert found == {f"s3://bucket/in/{name}": "converted" for name in NAMES}
    written = store.get("bucket/in/out/3.json")
    assert written is not None
    assert written.startswith(b"{")
    assert not (tmp_path / "job/out").exists()


def test_an_output_that_was_lost_is_written_again(store: Store, tmp_path: Path) -> None:
    job = config(tmp_path / "job", "s3://bucket/in/1.xml", "s3://bucket/lost")
    einvoice(store.environment(), "batch", job, "-q")
    before = store.get("bucket/lost/1.json")
    store.put("bucket/lost/1.json", b"something else")
    assert einvoice(store.environment(), "batch", job, "-q") == (0, "", "")
    assert before == store.get("bucket/lost/1.json") != b"something else"


def test_what_could_not_be_written_is_written_next_time(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name in NAMES:
        (source / name).write_bytes(GOOD)
    job = config(tmp_path / "job", str(source), "s3://bucket/broken")
    with line_to(store) as line:
        line.left = 1500  # the store's answers to the first few
        einvoice(store.environment(line.port, **IMPATIENT), "batch", job, "-q")
        assert line.cut > 0
    assert "unwritten" in outcomes(tmp_path / "job/state").values()
    there = [store.get(f"bucket/broken/{n}.json") for n in range(8)]
    assert einvoice(store.environment(), "batch", job, "-q") == (0, "", "")
    whole = [store.get(f"bucket/broken/{n}.json") for n in range(8)]
    assert None not in whole
    assert all(one in (None, other) for one, other in zip(there, whole, strict=True))
    assert set(outcomes(tmp_path / "job/state").values()) == {"converted"}
    with sqlite3.connect(tmp_path / "job/state/manifest.db") as manifest:
        kept = manifest.execute("SELECT count(*), count(DISTINCT output) FROM document").fetchone()
    manifest.close()
    assert kept == (8, 8)


def test_convert_writes_one_object_or_a_tree(store: Store) -> None:
    env = store.environment()
    one = ("convert", "s3://bucket/in/1.xml", "--to", "json", "-o", "s3://bucket/one.json")
    assert einvoice(env, *one)[0] == 0
    assert store.get("bucket/one.json") is not None
    code, out, _ = einvoice(env, *one)
    assert code == 2
    assert "s3://bucket/one.json: exists; use --overwrite" in out
    assert einvoice(env, *one, "--overwrite")[0] == 0

    tree = ("convert", "s3://bucket/in/", "--to", "json", "-o", "s3://bucket/tree/")
    assert einvoice(env, *tree)[0] == 0
    assert store.get("bucket/tree/3.json") == store.get("bucket/one.json")


def test_the_account_is_written_beside_the_object(store: Store) -> None:
    arguments = ("convert", "s3://bucket/in/1.xml", "--to", "json", "--account", "json")
    code, _, _ = einvoice(store.environment(), *arguments, "-o", "s3://bucket/told/a.json")
    assert code == 0
    assert store.get("bucket/told/a.json.account.json") is not None


def test_the_source_itself_is_no_output(store: Store) -> None:
    url = "s3://bucket/in/1.xml"
    code, out, _ = einvoice(
        store.environment(), "convert", url, "--to", "cii", "-o", url, "--overwrite"
    )
    assert code == 2
    assert "is the source itself" in out
    assert store.get("bucket/in/1.xml") == GOOD


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ('output = "s3://bucket/out"', "`state`, a folder for the record of the run, belongs to"),
        ('output = "out"\nstate = "state"', "belongs to an `output` at a URL"),
        ('output = "s3://bucket/out"\nstate = "s3://bucket/state"', "must be a folder of this"),
    ],
)
def test_the_record_of_a_run_stays_here(tmp_path: Path, keys: str, reason: str) -> None:
    job = tmp_path / "job.toml"
    job.write_text(f'input = ["in"]\n{keys}\n[convert]\nto = "json"\n')
    code, _, err = einvoice(environment(), "batch", job)
    assert code == 2
    assert reason in err


def test_an_unknown_kind_of_url_is_told_before_anything_is_read(tmp_path: Path) -> None:
    arguments = ("convert", tmp_path, "--to", "json", "-o", "nonsense://bucket/out")
    code, out, err = einvoice(environment(), *arguments)
    assert (code, out) == (4, "")
    assert err.startswith("error: nonsense://bucket/out: cannot be written: Protocol not known")


def test_a_service_without_whole_objects_gets_a_name_only_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.local import LocalFileSystem

    url = f"file://{tmp_path}/new/a.json"
    write_output(url, b"old")
    assert (tmp_path / "new/a.json").read_bytes() == b"old"

    def fail(self: object, *arguments: object, **options: object) -> None:
        raise RuntimeError("it\nbroke")

    monkeypatch.setattr(LocalFileSystem, "mv", fail)
    with pytest.raises(OutputNotWritable, match="a.json: cannot be written: it broke$"):
        write_output(url, b"new")
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["a.json"]
    assert (tmp_path / "new/a.json").read_bytes() == b"old"


def test_the_digest_of_an_output_behind_a_url() -> None:
    write_output("memory://digests/a", b"content")
    assert output_digest("memory://digests/a") == output_digest("memory://digests/a")
    assert output_digest("memory://digests/b") is None
    assert [each.relative for each in remote_files("memory://digests")] == ["a"]


def test_names_below_a_url() -> None:
    targets = Targets("s3://bucket/out/", ".xml")
    targets.reserve("s3://bucket/out/b/a.xml")
    targets.reserve("s3://other/out/c.xml")
    given = [targets.path_for(Source(path=n, relative=n)) for n in ("b/a.pdf", "c.json", "C.json")]
    assert given == [f"s3://bucket/out/{n}" for n in ("b/a.pdf.xml", "c.xml", "C.json.xml")]


def test_an_archive_and_a_prefix_are_many_documents() -> None:
    assert is_single(("s3://bucket/a.xml",))
    assert not is_single(("s3://bucket/in",))
    assert not is_single(("all.zip",))
