"""Documents in zip archives and in messages."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from einvoice.batch import archives
from einvoice.batch.content import content_of, openable
from einvoice.batch.sources import Source, find_sources
from einvoice.batch.validation import Task, ValidationOptions, validate_source
from einvoice.errors import InputNotReadable
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from tests.examples import plain_invoice

DATA = write_xml("ubl-invoice", plain_invoice())


def packed(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def message(path: Path, *attachments: tuple[str, bytes]) -> Path:
    mail = EmailMessage()
    mail["Subject"] = "Facture"
    mail.set_content("Bonjour")
    for name, data in attachments:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    path.write_bytes(bytes(mail))
    return path


def found(*paths: Path) -> list[Source]:
    return list(find_sources(map(str, paths)))


def test_members_of_an_archive_are_documents(tmp_path: Path) -> None:
    members = {"b/a.xml": DATA, "README.md": b"text", "note.txt": DATA, ".x.xml": DATA}
    path = packed(tmp_path / "in.zip", **members, **{"__MACOSX/a.xml": DATA})
    sources = found(path)
    assert [source.path for source in sources] == [f"{path}/b/a.xml", f"{path}/note.txt"]
    assert [source.relative for source in sources] == ["in.zip/b/a.xml", "in.zip/note.txt"]
    assert [content_of(source) for source in sources] == [DATA, DATA]


def test_packs_are_met_in_folders_and_those_without_invoices_passed_over(tmp_path: Path) -> None:
    packed(tmp_path / "a.zip", **{"i.xml": DATA})
    packed(tmp_path / "b.zip", **{"photo.png": b"\x89PNG"})
    message(tmp_path / "c.eml", ("f.pdf", b"%PDF-1.7"))
    message(tmp_path / "d.eml")
    (tmp_path / "e.zip").write_bytes(b"no archive")
    assert [s.relative for s in found(tmp_path)] == ["a.zip/i.xml", "c.eml/f.pdf"]


def test_attachments_of_a_message_are_documents(tmp_path: Path) -> None:
    attachments = (("f.xml", DATA), ("f.xml", b"<a/>"), ("../../up.xml", DATA), ("l.png", b"x"))
    path = message(tmp_path / "mail.eml", *attachments)
    sources = found(path)
    assert [source.relative for source in sources] == [
        "mail.eml/f.xml", "mail.eml/2-f.xml", "mail.eml/up.xml",
    ]  # fmt: skip
    assert [content_of(source) for source in sources] == [DATA, b"<a/>", DATA]


def test_a_message_within_a_message(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner.add_attachment(DATA, maintype="text", subtype="xml", filename="deep.xml")
    outer = EmailMessage()
    outer.set_content("forwarded")
    outer.add_attachment(inner)
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(outer))
    assert [content_of(source) for source in found(path)] == [DATA]


def test_a_member_is_judged_like_a_file(tmp_path: Path) -> None:
    (source,) = found(packed(tmp_path / "in.zip", **{"a.xml": DATA}))
    report = validate_source(Task(source=source), ValidationOptions())
    assert (report.verdict, report.path) == (Verdict.VALID, f"{tmp_path}/in.zip/a.xml")
    opened = openable(source)
    assert isinstance(opened, io.BytesIO)
    assert opened.name == f"{tmp_path.resolve()}/in.zip/a.xml"


@pytest.mark.parametrize(
    "name", ["../up.xml", "a/../../up.xml", "/root.xml", "C:/x.xml", "a\\..\\..\\x.xml"]
)
def test_a_path_that_climbs_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    (source,) = found(packed(tmp_path / "in.zip", **{name: DATA}))
    assert source.error is not None
    assert source.error.endswith("cannot be opened: its name leads out of the archive")
    assert (source.file, source.data) == (None, None)
    assert "/" not in source.relative
    with pytest.raises(InputNotReadable):
        content_of(source)


def test_a_bomb_is_refused_by_what_it_says(tmp_path: Path) -> None:
    (source,) = found(packed(tmp_path / "in.zip", **{"a.xml": b" " * 5_000_000}))
    assert source.error is not None
    assert "it would unpack to more than an invoice can be" in source.error


def test_a_bomb_that_lies_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its list may say anything: no more than the limit is ever unpacked."""
    (source,) = found(packed(tmp_path / "in.zip", **{"a.xml": DATA}))
    monkeypatch.setattr(archives, "MOST_BYTES", 100)
    monkeypatch.setattr(archives, "_is_bomb", lambda info: False)
    with pytest.raises(InputNotReadable, match="unpacks to more than an invoice can be"):
        content_of(source)


def test_large_xml_that_is_packed_well_is_no_bomb(tmp_path: Path) -> None:
    lines = b"".join(b"<line>%d</line>" % number for number in range(200_000))
    (source,) = found(packed(tmp_path / "in.zip", **{"a.xml": b"<a>" + lines + b"</a>"}))
    assert source.error is None


def test_a_damaged_archive_that_is_named_says_so(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    path.write_bytes(packed(tmp_path / "whole.zip", **{"a.xml": DATA}).read_bytes()[:-30])
    (source,) = found(path)
    assert source.error == f"{path}: cannot be opened: File is not a zip file"


def test_damaged_content_costs_its_member(tmp_path: Path) -> None:
    path = packed(tmp_path / "in.zip", **{"a.xml": DATA, "b.xml": DATA})
    data = bytearray(path.read_bytes())
    data[60:80] = bytes(20)
    path.write_bytes(data)
    first, second = found(path)
    with pytest.raises(InputNotReadable):
        content_of(first)
    assert content_of(second) == DATA


def test_an_archive_that_has_changed_is_opened_anew(tmp_path: Path) -> None:
    (source,) = found(packed(tmp_path / "in.zip", **{"a.xml": DATA}))
    assert content_of(source) == DATA
    packed(tmp_path / "in.zip", **{"a.xml": DATA + b"\n\n"})
    assert content_of(source) == DATA + b"\n\n"
    packed(tmp_path / "in.zip", **{"other.xml": DATA})
    with pytest.raises(InputNotReadable, match=r"a\.xml"):
        content_of(source)
