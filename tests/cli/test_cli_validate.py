import json
from pathlib import Path

import pytest


def lines(result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(("word", "code"), [("valid", 0), ("invalid", 1), ("undecided", 3)])
def test_exit_code_is_the_verdict(run, write, word, code):
    result = run("validate", write("a.xml", word))
    assert result.exit_code == code
    assert result.stdout.startswith(f"{word.ljust(9)}  ")
    assert result.stderr == ""


def test_a_missing_file_costs_one_line_and_the_others_go_on(run, write, tmp_path):
    good, bad = write("a.xml", "valid"), write("b.xml", "invalid")
    result = run("validate", tmp_path / "no.xml", good, bad, "--format", "jsonl", "--workers", 1)
    assert result.exit_code == 4
    missing, valid, invalid = lines(result)
    assert missing["error"] == f"{tmp_path}/no.xml: cannot be opened: No such file or directory"
    assert (missing["verdict"], missing["layers"]) == ("undecided", [])
    assert (valid["verdict"], invalid["verdict"]) == ("valid", "invalid")


def test_a_file_that_goes_away_costs_one_line(run, tmp_path):
    (tmp_path / "a.xml").symlink_to("nowhere")
    result = run("validate", tmp_path)
    assert result.exit_code == 4
    assert "cannot be opened: No such file" in result.stdout


def test_a_crash_costs_one_line_and_is_never_valid(run, write, tmp_path):
    write("a.xml", "crash")
    write("b.xml", "valid")
    result = run("validate", tmp_path, "--format", "jsonl", "--workers", 1)
    assert result.exit_code == 3
    assert [line["verdict"] for line in lines(result)] == ["undecided", "valid"]
    assert lines(result)[0]["layers"][0]["reason"] == "KeyError: 'x'"


def test_options_are_handed_on(run, write):
    result = run(
        "validate", write("a.xml", "valid"), "--layers", "xsd, xml", "--rulesets", "a,b",
        "--profile", "en16931", "--country", "fr", "--format", "json",
    )  # fmt: skip
    notes = json.loads(result.stdout)["documents"][0]["notes"]
    assert notes == ["layers xml,xsd", "rulesets a,b", "profile en16931", "country fr"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--layers", "xsl"), "error: unknown layer 'xsl'; known: pdfa, container, xml"),
        (("--layers", "xml,,xsd"), "'xml,,xsd' has an empty name"),
        (("--rulesets", "nonsense"), "error: unknown rule set 'nonsense'; known: rules"),
        (("--format", "xml"), "'xml' is not one of 'text', 'json', 'jsonl'"),
        (("--lang", "it"), "'it' is not one of 'en', 'fr', 'de'"),
        (("--workers", "0"), "0 is not in the range x>=1"),
        (("--nonsense",), "No such option"),
    ],
)
def test_wrong_use(run, write, options, message):
    result = run("validate", write("a.xml", "valid"), *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_wrong_use_that_only_the_engine_knows_leaves_nothing_in_json(run, write):
    result = run("validate", write("a.xml", ""), "--rulesets", "nonsense", "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")


def test_no_path_and_no_document_are_wrong_use(run, tmp_path):
    assert run("validate").exit_code == 2
    result = run("validate", tmp_path)
    assert result.exit_code == 2
    assert f"no XML, PDF or JSON file in {tmp_path}" in result.stderr


def test_standard_input(run):
    result = run("validate", "-", input=b"valid")
    assert (result.exit_code, result.stdout.split()[:2]) == (0, ["valid", "-"])
    result = run("validate", "-", "-", input=b"valid")
    assert result.exit_code == 2
    assert "can be read only once" in result.stderr


def test_order_and_unicode(run, write, tmp_path):
    for name in ("ü/z.xml", "b.XML", "a é.xml", "ü/a.xml"):
        write(name, "valid")
    result = run("validate", tmp_path, "--workers", 1, "--format", "jsonl")
    paths = [str(Path(line["path"]).relative_to(tmp_path)) for line in lines(result)]
    assert paths == ["a é.xml", "b.XML", "ü/a.xml", "ü/z.xml"]


def test_output_to_a_file(run, write, tmp_path):
    report = tmp_path / "reports" / "r.jsonl"
    result = run("validate", write("a.xml", "invalid"), "--format", "jsonl", "-o", report)
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(report.read_text(encoding="utf-8"))["findings"][0]["message"] == "é is wrong"


def test_output_that_cannot_be_written(run, write, tmp_path):
    result = run("validate", write("a.xml", "valid"), "-o", tmp_path / "a.xml" / "r.txt")
    assert result.exit_code == 4
    assert result.stderr.startswith(f"error: {tmp_path}/a.xml/r.txt: cannot be written: ")


def test_an_output_over_an_input_is_refused(run, write):
    path = write("a.xml", "valid")
    result = run("validate", path, "-o", path)
    assert result.exit_code == 2
    assert "is an input too" in result.stderr
    assert path.read_text() == "valid"


def test_quiet(run, write, tmp_path):
    write("a.xml", "valid")
    write("b.xml", "invalid")
    result = run("validate", tmp_path, "--quiet", "--workers", 1)
    assert "a.xml" not in result.stdout
    assert "b.xml" in result.stdout
    assert "documents" not in result.stdout


def test_a_folder_ends_with_a_summary_and_a_file_does_not(run, write, tmp_path):
    path = write("a.xml", "valid")
    write("b.xml", "undecided")
    assert "2 documents in" in run("validate", tmp_path, "--workers", 1).stdout
    assert "document" not in run("validate", path).stdout


def test_a_file_to_open_is_not_written_to_a_terminal(run, write, tmp_path, monkeypatch):
    path = write("a.xml", "valid")
    assert run("validate", path, "--format", "html").stdout.startswith("<!doctype html>")
    monkeypatch.setattr("einvoice.cli.outputs.is_terminal", lambda: True)
    result = run("validate", path, "--format", "html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--format html is a file to open; say which with -o FILE" in result.stderr
    page = tmp_path / "report.html"
    assert run("validate", path, "--format", "html", "-o", page).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_headings_in_another_language(run, write, tmp_path):
    write("a.xml", "valid")
    write("b.xml", "invalid")
    result = run("validate", tmp_path, "--workers", 1, "--lang", "de")
    assert "2 Dokumente in " in result.stdout
    assert "1 gültig, 1 ungültig" in result.stdout
    assert "Am häufigsten verletzte Regeln:" in result.stdout
