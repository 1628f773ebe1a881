"""Compiled rule sets are kept, found again, and made anew when something is wrong."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from lxml import etree

from einvoice import kept
from einvoice.artefacts import locate
from einvoice.rulesets.catalogue import Stylesheet, ruleset_named
from einvoice.schematron import cache
from einvoice.schematron.read_xslt import read_xslt
from einvoice.schematron.tree import Tree

_SOURCE = ruleset_named("facturx-minimum").source
assert isinstance(_SOURCE, Stylesheet)
SHEET = locate(_SOURCE.file)


class Reader:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, path: Path):
        self.count += 1
        return read_xslt(path)


def compiled(folder: Path, reader: Reader | None = None, **more):
    return cache.compiled(SHEET, reader or Reader(), folder=folder, **more)


def test_the_second_time_nothing_is_compiled(tmp_path) -> None:
    reader = Reader()
    first, second = compiled(tmp_path, reader), compiled(tmp_path, reader)
    assert reader.count == 1
    assert first.checks == second.checks
    tree = Tree(etree.fromstring("<x/>"))
    assert first.run(tree) == second.run(tree)


def test_each_variant_is_an_entry_of_its_own(tmp_path) -> None:
    reader = Reader()
    compiled(tmp_path, reader)
    compiled(tmp_path, reader, variant="phase a")
    assert reader.count == 2
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "other"])
def test_a_damaged_entry_is_made_anew(damage, tmp_path) -> None:
    compiled(tmp_path)
    path = cache.entry_path(SHEET, folder=tmp_path)
    data = path.read_bytes()
    path.write_bytes(
        {
            "cut": data[: len(data) // 2],
            "changed": data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
            "empty": b"",
            "other": b"something else",
        }[damage]
    )
    reader = Reader()
    assert compiled(tmp_path, reader).checks
    assert reader.count == 1
    assert path.read_bytes() == data


def test_another_source_is_another_entry(tmp_path) -> None:
    copy = tmp_path / "copy.xslt"
    copy.write_bytes(SHEET.read_bytes())
    before = cache.entry_path(copy)
    copy.write_bytes(SHEET.read_bytes() + b"<!-- changed -->")
    assert cache.entry_path(copy) != before


@pytest.mark.usefixtures("obeyed_permissions")
def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path) -> None:
    tmp_path.chmod(0o500)
    assert compiled(tmp_path / "below").checks


def test_a_folder_that_is_none_costs_only_time(tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert compiled(blocked / "below").checks


def _number_of_checks(folder: Path) -> int:
    return len(compiled(folder).checks)


def test_processes_may_start_at_once(tmp_path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        found = set(pool.map(_number_of_checks, [tmp_path] * 8))
    assert found == {119}
    assert len(list(tmp_path.iterdir())) == 1


def test_old_entries_go_when_there_are_too_many(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    for name in "abc":
        (tmp_path / f"{name}.rules").write_bytes(b"")
        os.utime(tmp_path / f"{name}.rules", (1, ord(name)))
    compiled(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"c.rules", cache.entry_path(SHEET, folder=tmp_path).name}
