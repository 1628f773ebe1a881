"""Each sample gives the model, the findings and the conversion that lie beside it.

`pytest tests/golden --update` rewrites them; the difference is reviewed like code. Beside
`invoice.xml` of a case stand

    model.json       the canonical model
    findings.json    the verdict, what each layer said, the findings
    conversion.json  what was lost on the way to the other syntax, or why there is none
    to-ubl.xml, to-cii.xml   the outputs in both syntaxes; of a large one only its SHA-256 is kept
    lines.csv        the output as a table of lines
    sheets.tsv       the cells of the workbook; its bytes are those of a library

A Factur-X holds the same CII as `to-cii.xml`; the page around it is not compared.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

import einvoice

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
CASES = sorted(path.parent for path in SAMPLES.glob("*/invoice.xml"))

#: Bytes above which only the hash of a conversion is kept.
LARGE = 200_000

#: Profiles without a level of Factur-X.
NO_LEVEL = {"fr-extended-ctc", "peppol-be-bis"}

Expect = Callable[[Path, bytes], None]


@pytest.fixture
def expect(update: bool) -> Expect:
    """Compare a result with the file that holds it; write the file with `--update`."""

    def compare(path: Path, found: bytes) -> None:
        if update:
            path.write_bytes(found)
        assert path.is_file(), f"{path.name} is missing; pytest --update writes it"
        assert found.decode() == path.read_bytes().decode()

    return compare


@cache
def document_of(case: Path) -> einvoice.Document:
    return einvoice.read(case / "invoice.xml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model(case: Path, expect: Expect) -> None:
    expect(case / "model.json", einvoice.convert(document_of(case), to="json", check=False).data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_findings(case: Path, expect: Expect) -> None:
    expect(case / "findings.json", shown(summary_of(einvoice.validate(document_of(case)))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_conversion(case: Path, expect: Expect) -> None:
    target = "ubl" if document_of(case).format == "cii" else "cii"
    account: dict[str, Any] = {"to": target}
    try:
        conversion = einvoice.convert(document_of(case), to=target)
    except einvoice.ConversionError as error:
        account |= {"outcome": type(error).__name__, "reason": str(error)}
    else:
        account |= account_of(conversion)
        if len(conversion.data) <= LARGE:
            expect(case / f"to-{target}.xml", conversion.data)
    expect(case / "conversion.json", shown(account))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_its_own_syntax(case: Path, expect: Expect) -> None:
    own = "cii" if document_of(case).format == "cii" else "ubl"
    conversion = einvoice.convert(document_of(case), to=own, check=False)
    if len(conversion.data) <= LARGE:
        expect(case / f"to-{own}.xml", conversion.data)
    assert einvoice.convert(conversion.data, to=own, check=False).data == conversion.data


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_facturx_holds_the_cii(case: Path) -> None:
    if case.name in NO_LEVEL:
        with pytest.raises(einvoice.ConversionRefused, match="BT-24"):
            einvoice.convert(document_of(case), to="facturx", check=False)
        return
    conversion = einvoice.convert(document_of(case), to="facturx", check=False)
    cii = einvoice.convert(document_of(case), to="cii", check=False)
    assert einvoice.read(conversion.data).opened.xml == cii.data


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tables(case: Path, expect: Expect) -> None:
    expect(case / "lines.csv", einvoice.convert(document_of(case), to="csv").data)
    workbook = load_workbook(BytesIO(einvoice.convert(document_of(case), to="xlsx").data))
    rows = ([sheet.title, *row] for sheet in workbook for row in sheet.iter_rows(values_only=True))
    text = "\n".join("\t".join(map(cell_text, row)).rstrip() for row in rows)
    if len(text) <= LARGE:
        expect(case / "sheets.tsv", text.encode() + b"\n")


def cell_text(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def test_there_are_samples() -> None:
    assert len(CASES) >= 20


def summary_of(report: einvoice.Report) -> dict[str, Any]:
    """A report without what changes with each release of an official rule set."""
    return {
        "verdict": report.verdict.value,
        "profile": report.profile,
        "layers": [layer_of(layer) for layer in report.layers],
        "findings": [finding_of(finding) for finding in report.findings],
        "notes": report.notes,
    }


def layer_of(layer: einvoice.Layer) -> dict[str, Any]:
    return {
        "name": layer.name.value,
        "ruleset": layer.ruleset,
        "status": layer.status.value,
        "decides": layer.decides,
    }


def finding_of(finding: einvoice.Finding) -> dict[str, Any]:
    kept = ("rule", "severity", "layer", "ruleset", "message", "location", "line", "terms")
    return {name: getattr(finding, name) for name in kept}


def account_of(conversion: einvoice.Conversion) -> dict[str, Any]:
    assert conversion.report is not None
    return {
        "outcome": "converted",
        "verdict": conversion.report.verdict.value,
        "sha256": hashlib.sha256(conversion.data).hexdigest(),
        "losses": conversion.losses,
        "notes": conversion.notes,
    }


def shown(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
