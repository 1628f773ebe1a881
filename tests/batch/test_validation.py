"""The task of one document: its report, and its SVRL beside those of the others."""

from pathlib import Path

import pytest

from einvoice.batch.sources import find_sources
from einvoice.batch.validation import Task, ValidationOptions, validate_all, validate_source
from einvoice.errors import OutputNotWritable

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def test_svrl_is_written_under_the_name_of_each_document(tmp_path: Path) -> None:
    paths = [str(SAMPLES / name / "invoice.xml") for name in ("broken-total", "fr-advance")]
    options = ValidationOptions()
    reports = validate_all(find_sources(paths), options, workers=1, svrl=tmp_path / "out")
    assert [report.verdict.value for report in reports] == ["invalid", "valid"]
    out = tmp_path / "out"
    assert {path.relative_to(out).as_posix() for path in out.rglob("*.svrl")} == {
        "broken-total/invoice.en16931-ubl.svrl",
        "broken-total/invoice.br-fr-ubl.svrl",
        "broken-total/invoice.fr-plus-ubl.svrl",
        "fr-advance/invoice.en16931-cii.svrl",
        "fr-advance/invoice.br-fr-cii.svrl",
        "fr-advance/invoice.fr-plus-cii.svrl",
    }


def test_svrl_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file, no folder")
    (source,) = find_sources([str(SAMPLES / "broken-total" / "invoice.xml")])
    task = Task(source=source, svrl=str(tmp_path / "out" / "invoice"))
    with pytest.raises(OutputNotWritable, match="cannot be written"):
        validate_source(task, ValidationOptions())
