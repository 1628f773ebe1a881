"""`einvoice template`, and its use with `einvoice convert`."""

import pytest

from einvoice.pdf.template import built_in


def test_starter_is_the_built_in_template(run, tmp_path):
    out = tmp_path / "new" / "template"
    result = run("template", "-o", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [str(out / "main.typ"), str(out / "style.typ")]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == built_in().files


def test_nothing_is_overwritten_unasked(run, tmp_path):
    (tmp_path / "style.typ").write_text("mine")
    result = run("template", "-o", tmp_path)
    assert result.exit_code == 2
    assert "style.typ: exists; use --overwrite" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["style.typ"]
    assert run("template", "-o", tmp_path, "--overwrite").exit_code == 0
    assert (tmp_path / "style.typ").read_bytes() == built_in().files["style.typ"]


def test_folder_that_cannot_be_written(run, tmp_path):
    (tmp_path / "file").write_text("x")
    result = run("template", "-o", tmp_path / "file" / "below")
    assert result.exit_code == 4
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--to", "facturx", "--template", "none"), 4, "none: cannot be opened"),
        (("--to", "ubl", "--template", "none"), 2, "--template draws the page of a Factur-X"),
        (("--to", "facturx", "--template", "bad.typ"), 2, "bad.typ: page template: main.typ:1: "),
    ],
)
def test_template_is_looked_at_first(run, tmp_path, monkeypatch, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xml").write_text("valid")
    (tmp_path / "bad.typ").write_text('#import "@preview/x:1.0.0"')
    result = run("convert", *arguments, "-o", "out.pdf", "a.xml")
    assert result.exit_code == code
    assert message in result.stderr
    assert not (tmp_path / "out.pdf").exists()
