"""Documents in an object store: listed, read, missing, and lost with the connection."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

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
BROKEN = (ROOT / "samples/broken-total/invoice.xml").read_bytes()
#: More than a line carries before it is cut in some tests.
LARGE = GOOD + b"<!-- " + b"x" * 400_000 + b" -->"

#: The keys that hold documents, and others that do not.
DOCUMENTS = ("in/a.xml", "in/nosuffix", "in/odd #name.xml", "in/sub/b.xml", "in/typo.xmk")
OTHERS = ("in/.hidden/c.xml", "in/.d.xml", "in/folder/", "in-other/z.xml")


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with object_store() as store:
        store.put("bucket", b"")
        for key in (*DOCUMENTS, *OTHERS):
            store.put(f"bucket/{key}", b"" if key.endswith("/") else GOOD)
        store.put("bucket/in/readme.txt", b"not an invoice")
        store.put("bucket/in/nothing", b"")
        for number in range(10):
            store.put(f"bucket/many/{number:02}.xml", BROKEN if number % 5 == 4 else GOOD)
        store.put("bucket/mixed/large.xml", LARGE)
        store.put("bucket/mixed/small.xml", GOOD)
        yield store


def outcomes(text: str) -> dict[str, str]:
    """Document and verdict, or error, of a report; a document that is told twice is a fault."""
    reports = [json.loads(row) for row in text.splitlines()]
    reports = [each for each in reports if "path" in each]
    found = {each["path"]: each.get("error") or each["verdict"] for each in reports}
    assert len(found) == len(reports)
    return found


def config(folder: Path, url: str) -> Path:
    folder.mkdir()
    path = folder / "job.toml"
    path.write_text(f'input = ["{url}"]\noutput = "out"\nworkers = 2\n[validate]\n')
    return path


@pytest.mark.parametrize("workers", [1, 2])
def test_a_prefix_is_a_folder(store: Store, workers: int) -> None:
    arguments = ("validate", "s3://bucket/in", "--format", "jsonl", "--workers", workers)
    code, out, err = einvoice(store.environment(), *arguments)
    names = ("a.xml", "nosuffix", "odd #name.xml", "sub/b.xml", "typo.xmk")
    assert outcomes(out) == {f"s3://bucket/in/{name}": "valid" for name in names}
    assert (code, err) == (0, "")


def test_a_named_key_is_taken_whatever_it_is_called(store: Store) -> None:
    arguments = ("validate", "s3://bucket/in/.d.xml", "--format", "jsonl")
    code, out, err = einvoice(store.environment(), *arguments)
    assert outcomes(out) == {"s3://bucket/in/.d.xml": "valid"}
    assert (code, err) == (0, "")


def test_a_missing_key_is_an_error_of_that_document(store: Store) -> None:
    arguments = ("validate", "s3://bucket/in/no.xml", "s3://bucket/in/a.xml", "--format", "jsonl")
    code, out, err = einvoice(store.environment(), *arguments)
    found = outcomes(out)
    assert "nothing is there" in found["s3://bucket/in/no.xml"]
    assert found["s3://bucket/in/a.xml"] == "valid"
    assert (code, err) == (4, "")


@pytest.mark.parametrize(
    ("url", "changes", "reason"),
    [
        ("s3://nobucket/in", {}, "The specified bucket does not exist"),
        ("s3://bucket/in", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "Could not connect"),
        ("s3://bucket/in", {"AWS_ACCESS_KEY_ID": ""}, "Unable to locate credentials"),
        ("nonsense://bucket/in", {}, "Protocol not known: nonsense"),
    ],
)
def test_what_cannot_be_listed_is_told_on_one_line(
    store: Store, tmp_path: Path, url: str, changes: dict[str, str], reason: str
) -> None:
    home = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    code, out, err = einvoice(
        store.environment() | IMPATIENT | home | changes, "validate", url, "--format", "jsonl"
    )
    assert (code, out) == (4, "")
    assert err.startswith(f"error: {url}: cannot be opened: {reason}")
    assert err.count("\n") == 1


def test_a_short_break_is_not_noticed(store: Store) -> None:
    with line_to(store) as line:
        line.most, line.cuts = 100_000, 2
        env = store.environment(line.port)
        code, out, err = einvoice(env, "validate", "s3://bucket/mixed", "--format", "jsonl")
        assert line.cut == 2
    assert set(outcomes(out).values()) == {"valid"}
    assert (code, err) == (0, "")


def test_a_document_that_never_arrives_whole_is_named(store: Store) -> None:
    with line_to(store) as line:
        line.most = 100_000
        env = store.environment(line.port, **IMPATIENT)
        code, out, err = einvoice(env, "validate", "s3://bucket/mixed", "--format", "jsonl")
    found = outcomes(out)
    assert "s3://bucket/mixed/large.xml: cannot be opened: " in found["s3://bucket/mixed/large.xml"]
    assert found["s3://bucket/mixed/small.xml"] == "valid"
    assert (code, err) == (4, "")


def test_a_batch_goes_on_after_the_connection_is_back(store: Store, tmp_path: Path) -> None:
    broken = config(tmp_path / "broken", "s3://bucket/many")
    whole = config(tmp_path / "whole", "s3://bucket/many")
    with line_to(store) as line:
        line.left = 4 * len(GOOD)
        env = store.environment(line.port, **IMPATIENT)
        code, _, _ = einvoice(env, "batch", broken)
        assert line.cut > 0
    first = outcomes((tmp_path / "broken/out/report.jsonl").read_text())
    lost = [path for path, outcome in first.items() if "cannot be opened" in outcome]
    assert code == 4
    assert len(first) == 10
    assert 0 < len(lost) < 10

    again = einvoice(store.environment(), "batch", broken)
    undisturbed = einvoice(store.environment(), "batch", whole)
    assert again[0] == undisturbed[0] == 1
    reports = [tmp_path / name / "out/report.jsonl" for name in ("broken", "whole")]
    assert reports[0].read_bytes() == reports[1].read_bytes()
    assert records(reports[0]) == records(reports[1])


def records(report: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(report.with_name("manifest.db")) as manifest:
        rows = manifest.execute(
            "SELECT key, digest, outcome, result, final FROM document"
        ).fetchall()
    manifest.close()
    return rows


def test_what_was_read_before_is_not_judged_again(store: Store, tmp_path: Path) -> None:
    job = config(tmp_path / "job", "s3://bucket/in")
    einvoice(store.environment(), "batch", job, "-q")
    first = records(tmp_path / "job/out/report.jsonl")
    assert einvoice(store.environment(), "batch", job, "--resume", "-q") == (0, "", "")
    assert records(tmp_path / "job/out/report.jsonl") == first


def test_the_endpoint_may_stand_in_the_configuration_of_fsspec(
    store: Store, tmp_path: Path
) -> None:
    service = {"s3": {"endpoint_url": store.url, "key": "key", "secret": "secret"}}
    (tmp_path / "conf.json").write_text(json.dumps(service))
    env = environment(FSSPEC_CONFIG_DIR=str(tmp_path))
    arguments = ("validate", "s3://bucket/in/a.xml", "--format", "jsonl")
    assert einvoice(env, *arguments)[0] == 0


def test_documents_in_memory(tmp_path: Path) -> None:
    import fsspec

    from einvoice.batch.content import content_of
    from einvoice.batch.sources import find_sources

    system = fsspec.filesystem("memory")
    for name in ("a.xml", "sub/b.xml", ".c.xml"):
        system.pipe_file(f"/shelf/{name}", GOOD)
    try:
        for url in ("memory://shelf", "memory://shelf/"):
            sources = list(find_sources([url]))
            assert [each.relative for each in sources] == ["a.xml", "sub/b.xml"]
            assert [each.path for each in sources] == [
                f"memory://shelf/{n}" for n in ("a.xml", "sub/b.xml")
            ]
            assert {content_of(each) for each in sources} == {GOOD}
        assert [each.path for each in find_sources(["memory://"])] == [
            each.path for each in sources
        ]
    finally:
        system.rm("/shelf", recursive=True)


def test_an_archive_in_a_bucket_is_opened_through_its_own_url(store: Store, tmp_path: Path) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", GOOD)
        archive.writestr("sub/b.xml", BROKEN)
    store.put("bucket/packs/all.zip", packed.getvalue())
    url = "zip://::s3://bucket/packs/all.zip"
    _, out, err = einvoice(store.environment(), "validate", url, "--format", "jsonl")
    place = "::s3://bucket/packs/all.zip"
    assert outcomes(out) == {f"zip://a.xml{place}": "valid", f"zip://sub/b.xml{place}": "invalid"}
    assert err == ""
