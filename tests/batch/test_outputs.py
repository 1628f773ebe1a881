import os
from pathlib import Path

import pytest

from einvoice.batch.files import same_file, whole_file, write_file
from einvoice.batch.sources import Source
from einvoice.batch.targets import Targets


def outputs(*relatives: str) -> list[str]:
    targets = Targets(Path("out"), ".xml")
    return [str(targets.path_for(Source(path=name, relative=name))) for name in relatives]


def test_the_tree_is_kept():
    assert outputs("a.xml", "b/a.pdf", "b/c/A.XML") == ["out/a.xml", "out/b/a.xml", "out/b/c/A.xml"]


def test_no_name_is_given_twice():
    given = outputs("a.pdf", "a.xml", "a.xml", "A.json", "a.pdf.xml", "a")
    assert given[:2] == ["out/a.xml", "out/a.xml.xml"]
    assert len({name.casefold() for name in given}) == len(given)


def test_names_without_suffix_and_with_dots():
    assert outputs("a", "b.c.d", ".e") == ["out/a.xml", "out/b.c.xml", "out/.e.xml"]


def test_a_file_is_written_with_its_folders(tmp_path: Path):
    path = tmp_path / "a" / "b.xml"
    write_file(path, b"<a/>")
    assert path.read_bytes() == b"<a/>"
    assert os.listdir(path.parent) == ["b.xml"]
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_file_that_fails_half_way_is_not_there(tmp_path: Path):
    path = tmp_path / "a.xml"
    path.write_bytes(b"old")
    with pytest.raises(TypeError), whole_file(path) as file:
        file.write("new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.xml"]


def test_a_link_is_followed(tmp_path: Path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_pipe_is_written_and_not_replaced(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file(pipe, b"through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()


def test_same_file(tmp_path: Path):
    (tmp_path / "a").touch()
    (tmp_path / "b").symlink_to("a")
    assert same_file(str(tmp_path / "a"), str(tmp_path / "b"))
    assert not same_file(str(tmp_path / "a"), str(tmp_path / "c"))
    assert not same_file(None, str(tmp_path / "a"))
