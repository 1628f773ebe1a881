import io
import os
import threading
from pathlib import Path

import pytest

from einvoice.batch.sniff import begins_as_invoice
from einvoice.batch.sources import find_sources, shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "in"
    (root / "b").mkdir(parents=True)
    return root


def names(root: Path, **options) -> list[str]:
    return [source.relative for source in find_sources([str(root)], **options)]


def test_a_folder_yields_what_looks_like_an_invoice_sorted(folder: Path):
    for name in ("z.xml", "A.XML", "b/é ü.pdf", "c.json", "b/a.Pdf"):
        (folder / name).write_bytes(b"whatever")
    (folder / "no suffix").write_bytes(b"\xef\xbb\xbf<Invoice/>")
    (folder / "scan").write_bytes(b"%PDF-1.7")
    for name in ("README.md", "LICENSE", "logo.PNG"):
        (folder / name).write_bytes(b"# text")
    (folder / "mail.txt").write_bytes(b"<Invoice/>")
    (folder / "mistyped.xlm").write_bytes(b"nonsense")
    (folder / ".hidden.xml").write_bytes(b"<a/>")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.xml").write_bytes(b"<a/>")
    assert names(folder) == [
        "A.XML", "b/a.Pdf", "b/é ü.pdf", "c.json", "mail.txt", "mistyped.xlm", "no suffix", "scan",
        "z.xml",
    ]  # fmt: skip


def test_a_named_file_is_taken_whatever_it_is_called(folder: Path):
    file = folder / ".notes.txt"
    file.write_text("text")
    (source,) = find_sources([str(file)])
    assert (source.file, source.relative, source.error) == (str(file), ".notes.txt", None)


def test_a_missing_path_costs_one_source(folder: Path):
    (folder / "a.xml").write_bytes(b"<a/>")
    missing, found = find_sources([str(folder / "missing"), str(folder / "a.xml")])
    assert missing.error == f"{folder / 'missing'}: cannot be opened: No such file or directory"
    assert (missing.file, missing.data) == (None, None)
    assert found.error is None


def test_links_that_loop_are_entered_once(folder: Path):
    (folder / "b" / "a.xml").write_bytes(b"<a/>")
    (folder / "b" / "up").symlink_to(folder)
    (folder / "c").symlink_to(folder / "b")
    assert names(folder) == ["b/a.xml"]


def test_a_link_that_leads_nowhere_is_not_passed_over(folder: Path):
    (folder / "gone.xml").symlink_to(folder / "nothing")
    (folder / "gone").symlink_to(folder / "nothing")
    assert names(folder) == ["gone.xml"]


def test_pipes_in_folders_are_passed_over(folder: Path):
    os.mkfifo(folder / "pipe.xml")
    os.mkfifo(folder / "pipe")
    assert names(folder) == []


def test_a_named_pipe_is_read_at_once(folder: Path):
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"<a/>",))
    writer.start()
    (source,) = find_sources([str(pipe)])
    writer.join()
    assert (source.file, source.data) == (None, b"<a/>")


@pytest.mark.usefixtures("obeyed_permissions")
def test_a_closed_folder_is_reported(folder: Path):
    (folder / "b").chmod(0)
    (source,) = find_sources([str(folder)])
    (folder / "b").chmod(0o700)
    assert source.error == f"{folder / 'b'}: cannot be opened: Permission denied"


def test_a_folder_that_cannot_be_listed_is_reported(folder: Path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    (source,) = find_sources([str(folder)])
    assert source.error == f"{folder}: cannot be opened: Permission denied"


def test_standard_input(folder: Path):
    (source,) = find_sources(["-"], stdin=io.BytesIO(b"<a/>"))
    assert (source.path, source.data, source.file) == ("-", b"<a/>", None)


def test_of_several_paths_a_folder_keeps_its_name(folder: Path):
    (folder / "b" / "a.xml").write_bytes(b"<a/>")
    found = find_sources([str(folder / "b"), str(folder / "b" / "a.xml"), f"{folder}/b/../b"])
    assert [source.relative for source in found] == ["b/a.xml", "a.xml", "b/a.xml"]


def test_the_folder_of_the_outputs_is_passed_over(folder: Path):
    (folder / "b" / "a.xml").write_bytes(b"<a/>")
    (folder / "z.xml").write_bytes(b"<a/>")
    assert names(folder, skip=str(folder / "b")) == ["z.xml"]
    assert names(folder, skip=str(folder)) == ["b/a.xml", "z.xml"]
    assert names(folder, skip=str(folder / "not yet")) == ["b/a.xml", "z.xml"]


def test_a_name_that_is_no_unicode_is_shown_all_the_same(folder: Path):
    (folder / os.fsdecode(b"caf\xe9.xml")).write_bytes(b"<a/>")
    (source,) = find_sources([str(folder)])
    assert source.path == f"{folder}/caf?.xml"
    assert Path(source.file).read_bytes() == b"<a/>"
    assert shown("é") == "é"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<Invoice", True),
        (b"\xef\xbb\xbf<?xml", True),
        (b"\xef\xbb\xbf \n<?xml", True),
        (b"\r\n\t <?xml", True),
        ("<a/>".encode("utf-16"), True),
        (b"\xfe\xff" + "<a/>".encode("utf-16-be"), True),
        ("<a/>".encode("utf-16-le"), True),
        (b"%PDF-1.4", True),
        (b"", False),
        (b"text <", False),
        (b"{}", False),
        (b"\xff\xfe", False),
        (b"\x00\x01\x02", False),
    ],
)
def test_first_bytes(head: bytes, expected: bool):
    assert begins_as_invoice(head) is expected


def test_files_of_one_name_keep_the_folders_that_tell_them_apart(tmp_path: Path) -> None:
    for name in ("a/x/invoice.xml", "a/y/invoice.xml", "b/other.xml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<a/>")
    paths = [str(path) for path in sorted(tmp_path.rglob("*.xml"))]
    found = [source.relative for source in find_sources(paths)]
    assert found == [
        os.path.join("x", "invoice.xml"),
        os.path.join("y", "invoice.xml"),
        "other.xml",
    ]
