import io
from pathlib import Path

import pikepdf
import pytest

from einvoice.cli.extract import _free_name

INVOICE = (
    b"<rsm:CrossIndustryInvoice xmlns:rsm="
    b"'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'/>"
)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return make_pdf(
        tmp_path / "invoice.pdf",
        {"factur-x.xml": INVOICE, "../evil.txt": b"evil", "plan é.txt": b"plan"},
    )


def make_pdf(path: Path, attachments: dict[str, bytes]) -> Path:
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, data in attachments.items():
            document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
        document.save(path)
    return path


def test_the_invoice_to_standard_output(run, pdf):
    result = run("extract", pdf)
    assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, INVOICE, "")
    assert run("extract", pdf, "-o", "-").stdout_bytes == INVOICE
    assert run("extract", "-", input=io.BytesIO(pdf.read_bytes())).stdout_bytes == INVOICE


def test_the_invoice_to_a_file(run, pdf, tmp_path):
    out = tmp_path / "out" / "a.xml"
    result = run("extract", pdf, "-o", out)
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    assert out.read_bytes() == INVOICE
    assert run("extract", pdf, "-o", out).exit_code == 2
    assert run("extract", pdf, "-o", out, "--overwrite").exit_code == 0


def test_all_attachments_stay_in_their_folder(run, pdf, tmp_path):
    result = run("extract", pdf, "--all", tmp_path / "all")
    assert (result.exit_code, result.stdout_bytes) == (0, b"")
    names = sorted(path.name for path in (tmp_path / "all").iterdir())
    assert names == ["evil.txt", "factur-x.xml", "plan é.txt"]
    assert (tmp_path / "all" / "plan é.txt").read_bytes() == b"plan"
    result = run("extract", pdf, "--all", tmp_path / "all", "-o", "-", "--overwrite")
    assert result.stdout_bytes == INVOICE


@pytest.mark.parametrize(
    ("name", "free"),
    [
        ("a.xml", "a.xml"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        (".bashrc", "bashrc"),
        ("..", "attachment"),
        ("", "attachment"),
        ("a\x00b\n.xml", "a_x00b .xml"),
        ("é" * 300 + ".xml", "é" * 100 + ".xml"),
    ],
)
def test_names_of_attachments(name, free):
    assert _free_name(name, set()) == free


def test_names_of_attachments_do_not_collide():
    taken: set[str] = set()
    assert [_free_name(name, taken) for name in ("a.txt", "A.txt", "x/a.txt")] == [
        "a.txt", "A-2.txt", "a-3.txt",
    ]  # fmt: skip


def test_what_holds_no_invoice(run, write, tmp_path):
    empty = make_pdf(tmp_path / "empty.pdf", {"readme.txt": b"hello"})
    result = run("extract", empty)
    assert (result.exit_code, result.stdout_bytes) == (1, b"")
    assert result.stderr.startswith(f"error: {empty}: ")
    assert "readme.txt" in result.stderr
    assert run("extract", write("a.pdf", "no pdf")).exit_code == 1
    result = run("extract", tmp_path / "missing.pdf")
    assert result.exit_code == 4
    assert "missing.pdf: cannot be opened: No such file" in result.stderr


def test_outputs_that_cannot_be_written(run, pdf):
    result = run("extract", pdf, "-o", pdf, "--overwrite")
    assert result.exit_code == 2
    assert "is the source itself" in result.stderr
    result = run("extract", pdf, "--all", pdf)
    assert result.exit_code == 4
    assert "cannot be written" in result.stderr
