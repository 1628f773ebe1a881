import json
import os
from pathlib import Path

import pytest


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_to_a_file(run, write, tmp_path):
    out = tmp_path / "new" / "out.xml"
    result = run("convert", write("a.xml", "valid é"), "--to", "cii", "-o", out)
    assert result.exit_code == 0
    assert result.stdout == f"converted  {tmp_path}/a.xml -> {out}  (cii, valid)\n"
    assert out.read_text(encoding="utf-8") == "cii|valid é||fr"


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_file_to_a_folder(run, write, tmp_path, slash):
    folder = tmp_path / "out"
    if not slash:
        folder.mkdir()
    result = run("convert", write("a.xml", "valid"), "--to", "json", "-o", f"{folder}{slash}")
    assert result.exit_code == 0
    assert tree(folder) == ["a.json"]


def test_a_folder_keeps_its_tree_and_no_name_is_given_twice(run, write, tmp_path):
    for name in ("in/b/é.xml", "in/b/é.pdf", "in/c.XML", "in/b/é.json"):
        write(name, f"valid {name}")
    result = run("convert", tmp_path / "in", "--to", "cii", "-o", tmp_path / "out", "--workers", 1)
    assert result.exit_code == 0
    assert tree(tmp_path / "out") == ["b/é.pdf.xml", "b/é.xml", "b/é.xml.xml", "c.xml"]
    assert (tmp_path / "out/b/é.pdf.xml").read_text() == "cii|valid in/b/é.pdf||fr"
    assert "4 documents in" in result.stdout


def test_outputs_below_the_input_are_not_converted_again(run, write, tmp_path):
    write("in/b.xml", "valid")
    arguments = ("convert", tmp_path / "in", "--to", "cii", "-o", tmp_path / "in/a", "--overwrite")
    for _ in range(2):
        assert run(*arguments, "--workers", 1).exit_code == 0
        assert tree(tmp_path / "in") == ["a/b.xml", "b.xml"]


def test_an_existing_output_is_kept(run, write, tmp_path):
    source, out = write("a.xml", "valid"), write("out.xml", "old")
    result = run("convert", source, "--to", "cii", "-o", out)
    assert result.exit_code == 2
    assert f"exists     {source}  {out}: exists; use --overwrite to replace it" in result.stdout
    assert out.read_text() == "old"
    assert run("convert", source, "--to", "cii", "-o", out, "--overwrite").exit_code == 0
    assert out.read_text() == "cii|valid||fr"


def test_the_source_is_never_overwritten(run, write, tmp_path):
    source = write("a.xml", "valid")
    (tmp_path / "link.xml").symlink_to(source)
    for out in (source, tmp_path / "link.xml", tmp_path):
        result = run("convert", source, "--to", "cii", "-o", out, "--overwrite")
        assert result.exit_code == 2
    result = run("convert", tmp_path, "--to", "cii", "-o", tmp_path, "--overwrite")
    assert result.exit_code == 2
    assert "is an input too" in result.stderr
    assert source.read_text() == "valid"


@pytest.mark.parametrize(
    ("word", "outcome", "code", "message"),
    [
        ("refused", "refused", 1, "it has no lines (BG-25)"),
        ("malformed", "malformed", 1, "not well-formed"),
        ("unknown", "unsupported", 3, "root element 'html' is no invoice format we know"),
        ("ours", "output-invalid", 4, "the output is not valid"),
        ("crash", "crashed", 4, "KeyError: 'x'"),
    ],
)
def test_what_cannot_be_converted_says_why_and_the_others_go_on(
    run, write, tmp_path, word, outcome, code, message
):
    write("in/a.xml", word)
    write("in/b.xml", "valid")
    out = tmp_path / "out"
    result = run(
        "convert", tmp_path / "in", "--to", "cii", "-o", out, "--format", "jsonl", "--workers", 1
    )
    assert result.exit_code == code
    failed, converted = (json.loads(line) for line in result.stdout.splitlines())
    assert (failed["outcome"], failed["output"]) == (outcome, None)
    assert message in failed["error"]
    assert (converted["outcome"], converted["output"]) == ("converted", f"{out}/b.xml")
    assert tree(out) == ["b.xml"]


def test_an_invalid_source_is_converted_and_its_output_is_called_invalid(run, write, tmp_path):
    result = run("convert", write("a.xml", "invalid"), "--to", "ubl", "-o", tmp_path / "o.xml")
    assert result.exit_code == 0
    assert "(ubl, invalid)" in result.stdout
    assert "BR-1  fatal" in result.stdout


def test_losses_are_told(run, write, tmp_path):
    result = run("convert", write("a.xml", "lossy"), "--to", "cii", "-o", tmp_path / "o.xml", "-q")
    assert "    dropped       'b': no place  /a" in result.stdout


def test_missing_inputs_and_unwritable_outputs(run, write, tmp_path):
    result = run("convert", tmp_path / "no.xml", "--to", "cii", "-o", tmp_path / "o.xml")
    assert result.exit_code == 4
    assert "unreadable" in result.stdout
    source = write("a.xml", "valid")
    result = run("convert", source, "--to", "cii", "-o", source / "o.xml")
    assert result.exit_code == 4
    assert f"{source}/o.xml: cannot be written: " in result.stdout
    result = run("convert", source, "--to", "cii", "-o", f"{source}/out/")
    assert result.exit_code == 4
    assert f"error: {source}/out/: cannot be written: " in result.stderr


def test_to_standard_output(run, write, tmp_path):
    result = run("convert", write("a.xml", "lossy"), "--to", "cii", "-o", "-")
    assert result.stdout == "cii|lossy||fr"
    assert "dropped" in result.stderr
    result = run("convert", "-", "--to", "json", "-o", "-", "--lang", "de", input=b"valid")
    assert result.stdout == "json|valid||de"
    result = run("convert", write("b.xml", "refused"), "--to", "cii", "-o", "-")
    assert (result.exit_code, result.stdout) == (1, "")
    result = run("convert", tmp_path, "--to", "cii", "-o", "-")
    assert result.exit_code == 2


def test_a_page_for_facturx(run, write, tmp_path):
    source, page = write("a.xml", "valid"), write("page.pdf", "%PDF-PAGE")
    out = tmp_path / "o.pdf"
    assert run("convert", source, "--to", "facturx", "-o", out, "--pdf", page).exit_code == 0
    assert out.read_text() == "facturx|valid|%PDF-PAGE|fr"


def test_level_of_pdfa(run, write, tmp_path):
    source, out = write("a.xml", "valid"), tmp_path / "o.pdf"
    for level in ("3a", "3b", "best-effort"):
        rest = ("--to", "facturx", "-o", out, "--overwrite", "--pdfa", level)
        assert run("convert", source, *rest).exit_code == 0
        assert out.read_text() == "facturx|valid||fr" + ("" if level == "3a" else f"|{level}")
    assert run("convert", source, "--to", "facturx", "-o", out, "--pdfa", "4").exit_code == 2


def test_a_page_that_does_not_fit(run, write, tmp_path):
    source, page = write("in/a.xml", "valid"), write("page.pdf", "%PDF-PAGE")
    rest = ("-o", tmp_path / "out")
    for paths, to in (((source,), "cii"), ((source, source), "facturx"), ((tmp_path,), "facturx")):
        result = run("convert", *paths, "--to", to, *rest, "--pdf", page)
        assert result.exit_code == 2
        assert "--pdf is the page of" in result.stderr
    result = run("convert", source, "--to", "facturx", *rest, "--pdf", source)
    assert result.exit_code == 2
    assert "a.xml is not a PDF" in result.stderr
    result = run("convert", source, "--to", "facturx", *rest, "--pdf", tmp_path / "no.pdf")
    assert result.exit_code == 4
    assert "no.pdf: cannot be opened" in result.stderr


def test_wrong_use(run, write, tmp_path):
    source = write("a.xml", "valid")
    assert run("convert", source, "--to", "docx", "-o", tmp_path / "o").exit_code == 2
    assert run("convert", source, "--to", "cii").exit_code == 2
    assert run("convert", source, "-o", tmp_path / "o").exit_code == 2


def test_names_that_are_no_unicode(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / os.fsdecode(b"caf\xe9.xml")).write_text("valid")
    (tmp_path / "in" / os.fsdecode(b"gone\xe9.xml")).symlink_to("nowhere")
    arguments = ("convert", tmp_path / "in", "--to", "cii", "-o", tmp_path / "out")
    result = run(*arguments, "--format", "json", "--workers", 1)
    assert result.exit_code == 4
    converted, unreadable = json.loads(result.stdout)["documents"]
    assert converted["output"] == f"{tmp_path}/out/caf?.xml"
    assert unreadable["path"] == f"{tmp_path}/in/gone?.xml"
    assert os.listdir(os.fsencode(tmp_path / "out")) == [b"caf\xe9.xml"]
