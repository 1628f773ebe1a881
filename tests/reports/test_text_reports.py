import io
import re

import msgspec
import report_examples as examples

from einvoice.findings import Loss, Report
from einvoice.reports import report_format
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary, Summary

TEXT = report_format("text")


def text_of(*reports: Report, **options) -> str:
    stream, summary = io.BytesIO(), Summary()
    output = Output(stream=stream, **options)
    TEXT.write_reports(summary.counting(reports), summary, output)
    return stream.getvalue().decode()


def conversions(*lines, **options) -> str:
    stream, summary = io.BytesIO(), ConversionSummary()
    TEXT.write_conversions(summary.counting(lines), summary, Output(stream=stream, **options))
    return stream.getvalue().decode()


def test_a_valid_document_is_one_line():
    assert text_of(examples.VALID, alone=True).splitlines()[0] == (
        "valid      in/good.xml  (cii, en16931)"
    )


def test_findings_stand_beneath_the_gravest_first_and_nothing_forges_a_line():
    assert text_of(examples.INVALID, alone=True) == (
        "invalid    in/b \\x202e\\x1b[31m.xml  (ubl-invoice, en16931)\n"
        "    BR-CO-15  fatal    BT-110  Invoice total amount with VAT (BT-112)"
        " = without VAT (BT-109) + VAT. (line 12)\n"
        "                       /Invoice/cac:LegalMonetaryTotal\n"
        "    BR-X      warning  odd thing\n"
        "    passed: xsd UBL 2.1\n"
        "    failed: en16931-ubl 1.3.16\n"
    )


def test_layers_that_did_not_run_say_why():
    text = text_of(examples.UNDECIDED, examples.CRASHED)
    assert "    skipped xrechnung-ubl: not available\n" in text
    assert "    note: the rule set of the profile is missing\n" in text
    assert "    crashed xml: KeyError: 'x'\n" in text


def test_layers_with_one_reason_stand_together():
    layers = tuple(
        msgspec.structs.replace(examples.UNDECIDED.layers[1], ruleset=name) for name in "ab"
    )
    text = text_of(msgspec.structs.replace(examples.UNDECIDED, layers=layers), alone=True)
    assert "    skipped a; b: not available\n" in text


def test_notes_on_valid_documents_are_for_the_full_text():
    noted = msgspec.structs.replace(examples.VALID, notes=("as asked",))
    assert "note: as asked" in text_of(noted, alone=True)
    assert "as asked" not in text_of(noted)


def test_an_input_that_cannot_be_opened():
    text = text_of(examples.UNREADABLE, alone=True)
    assert text == "error      in/gone.xml  cannot be opened: No such file\n"


def test_a_rule_broken_often_is_told_once():
    many = [msgspec.structs.replace(examples.TOTAL, line=line) for line in range(1, 501)]
    text = text_of(msgspec.structs.replace(examples.INVALID, findings=tuple(many)), alone=True)
    assert "(lines 1, 2, 3 and 497 more)" in text
    assert text.count("BR-CO-15") == 1
    nowhere = [msgspec.structs.replace(examples.HINT) for _ in range(2)]
    text = text_of(msgspec.structs.replace(examples.INVALID, findings=tuple(nowhere)), alone=True)
    assert "odd thing (2 times)" in text


def test_one_summary_at_the_end():
    text = text_of(*examples.ALL)
    summary = re.sub(r"in [0-9.]+ s", "in T s", text.split("\n\n")[1])
    assert summary == (
        "5 documents in T s: 1 valid, 1 invalid, 2 undecided, 1 error\n"
        "1 document crashed us\n"
        "Rules broken by most documents:\n"
        "    BR-CO-15  fatal         1\n"
        "    BR-X      warning       1\n"
        "Undecided because these did not run:\n"
        "    xml                   1\n"
        "    xrechnung-ubl         1\n"
    )


def test_quiet_shows_only_what_needs_attention():
    text = text_of(*examples.ALL, quiet=True)
    assert "good.xml" not in text
    assert "documents" not in text
    assert text.count(".xml  ") == 4
    assert text_of(examples.VALID, quiet=True) == ""


def terminal_text(width: int, **options) -> str:
    from rich.console import Console

    console = Console(
        file=io.StringIO(), force_terminal=True, width=width, highlight=False, **options
    )
    text_of(*examples.ALL, console=console)
    return console.file.getvalue()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_terminal_gets_colours_and_wrapped_messages(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = terminal_text(70, color_system="standard")
    assert "\x1b[1;31minvalid" in text
    assert "\x1b[31m.xml" not in text
    lines = [line.rstrip() for line in plain(text).splitlines()]
    start = next(n for n, line in enumerate(lines) if "BR-CO-15" in line)
    assert lines[start + 1].startswith(" " * 23 + "= without VAT")
    assert max(map(len, lines)) <= 70


def test_a_narrow_terminal_wraps_without_indent():
    assert max(len(line) for line in plain(terminal_text(30)).splitlines()) <= 30


def test_no_color_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31" not in terminal_text(70, color_system="standard")


def test_conversions():
    text = conversions(*examples.CONVERSIONS)
    head, summary = text.split("\n\n")
    lines = head.splitlines()
    assert lines[0] == "converted  in/a.xml -> out/a.xml  (cii, valid)"
    assert lines[1].startswith("    dropped       'xxxx")
    assert lines[1].endswith("x…': no place in CII (line 4)  /Invoice/cbc:UUID")
    assert lines[2] == "    filled        BT-72  CII demands it  /rsm/x"
    assert lines[3] == "converted  in/b.xml -> out/b.xml  (cii, invalid)"
    assert lines[4].startswith("    BR-CO-15  fatal")
    assert lines[-1] == "refused    in/c.xml  it has no lines (BG-25)"
    assert re.sub(r"in [0-9.]+ s", "in T s", summary) == (
        "3 documents in T s: 2 converted, 1 refused\n"
        "Outputs: 1 valid, 1 invalid\n"
        "Losses in 1 document: 1 dropped, 1 filled\n"
    )


def test_quiet_conversions():
    text = conversions(*examples.CONVERSIONS, quiet=True)
    assert "in/b.xml" not in text
    assert "Outputs" not in text


def test_losses_that_are_alike_are_told_once():
    losses = tuple(Loss(path=f"/a[{n}]/b", value=str(n), reason="no place") for n in range(1, 501))
    text = conversions(msgspec.structs.replace(examples.CONVERTED, losses=losses), alone=True)
    assert text.splitlines()[1:] == [
        "    dropped       '1': no place, and 499 more like it  /a[1]/b"
    ]
