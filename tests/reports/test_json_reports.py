import io
import json
from pathlib import Path

import jsonschema
import pytest
import report_examples as examples

from einvoice.errors import UsageError
from einvoice.findings import Report
from einvoice.reports import REPORTS, report_format
from einvoice.reports.output import Output
from einvoice.reports.schema import report_schema, write_schema
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import report_dict

PUBLISHED = Path(__file__).parents[2] / "schemas" / "report.schema.json"


def written(name: str, reports=examples.ALL) -> bytes:
    stream, summary = io.BytesIO(), Summary()
    form = report_format(name)
    form.write_reports(summary.counting(reports), summary, Output(stream=stream))
    return stream.getvalue()


def conversions(name: str) -> bytes:
    stream, summary = io.BytesIO(), ConversionSummary()
    lines = summary.counting(examples.CONVERSIONS)
    report_format(name).write_conversions(lines, summary, Output(stream=stream))
    return stream.getvalue()


def test_the_published_schema_is_the_one_of_the_code(tmp_path: Path):
    write_schema(tmp_path / "schema.json")
    assert PUBLISHED.read_bytes() == (tmp_path / "schema.json").read_bytes()


def test_every_line_follows_the_schema():
    validator = jsonschema.Draft202012Validator(report_schema())
    for line in written("jsonl").splitlines():
        validator.validate(json.loads(line))


def test_the_schema_refuses_what_is_not_in_the_contract():
    line = report_dict(examples.INVALID)
    validator = jsonschema.Draft202012Validator(report_schema())
    for key in line:
        assert not validator.is_valid({name: line[name] for name in line if name != key})
    assert not validator.is_valid(line | {"verdict": "perhaps"})
    assert validator.is_valid(line | {"later": 1})


def test_a_line_has_all_keys_in_the_order_of_the_contract():
    line = report_dict(examples.INVALID)
    assert list(line) == [
        "path", "format", "profile", "customization_id", "subject", "verdict",
        "layers", "findings", "notes", "complete", "error",
    ]  # fmt: skip
    assert line["verdict"] == "invalid"
    assert line["layers"][1] == {
        "name": "schematron", "status": "failed", "ruleset": "en16931-ubl", "version": "1.3.16",
        "sha256": None, "decides": True, "reason": None, "not_run": {},
    }  # fmt: skip
    assert line["findings"][1]["terms"] == ["BT-109", "BT-110", "BT-112"]
    assert line["findings"][0]["line"] is None
    assert report_dict(Report(path="a", format="unknown")).keys() == line.keys()


def test_jsonl_is_one_object_per_line():
    lines = [json.loads(line) for line in written("jsonl").splitlines()]
    assert [line["verdict"] for line in lines] == [r.verdict.value for r in examples.ALL]
    assert lines[1]["path"] == examples.INVALID.path


def test_json_is_one_object_with_a_summary():
    whole = json.loads(written("json"))
    assert [document["path"] for document in whole["documents"]] == [r.path for r in examples.ALL]
    assert whole["summary"] == {
        "documents": 5,
        "valid": 1,
        "invalid": 1,
        "undecided": 2,
        "errors": 1,
        "crashed": 1,
        "rules": [
            {"rule": "BR-CO-15", "severity": "fatal", "documents": 1},
            {"rule": "BR-X", "severity": "warning", "documents": 1},
        ],
        "not_run": [
            {"layer": "xml", "documents": 1},
            {"layer": "xrechnung-ubl", "documents": 1},
        ],
    }


def test_json_of_nothing_is_json():
    assert json.loads(written("json", ()))["documents"] == []


def test_conversions_in_json():
    lines = [json.loads(line) for line in conversions("jsonl").splitlines()]
    whole = json.loads(conversions("json"))
    assert whole["documents"] == lines
    assert lines[0]["losses"][1] == {
        "path": "/rsm/x", "value": "", "reason": "CII demands it", "kind": "filled",
        "term": "BT-72",
    }  # fmt: skip
    assert whole["summary"] == {
        "documents": 3,
        "outcomes": {"converted": 2, "refused": 1},
        "verdicts": {"valid": 1, "invalid": 1, "undecided": 0},
        "with_losses": 1,
        "losses": {"dropped": 1, "moved": 0, "approximated": 0, "filled": 1},
    }


def test_reports_are_a_visible_list():
    assert [form.name for form in REPORTS] == [
        "text", "json", "jsonl", "csv", "xlsx", "html", "junit", "sarif", "github",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="unknown report format 'xml'; known: text, json, jsonl"):
        report_format("xml")
