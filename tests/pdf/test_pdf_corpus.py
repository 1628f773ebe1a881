"""PDFs of public repositories: what is found in them, and that they can be used as pages."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest
from pdf_examples import CII, EN_16931

from einvoice.errors import DocumentError
from einvoice.findings import Severity
from einvoice.pdf.attach import attach
from einvoice.pdf.checks import check_container
from einvoice.pdf.container import open_pdf

SHARED = Path(os.environ.get("EINVOICE_SHARED", Path(__file__).parents[3] / "shared"))

#: A Factur-X beside a ZUGFeRD 1, of which the record names the older; and XML that is no invoice.
OTHERWISE = {
    "corruptedV2PDF.pdf": "factur-x.xml",
    "invalidXMP-ParseError.pdf": "factur-x.xml",
    "invalidXMP.pdf": "factur-x.xml",
    "validV2PDF.pdf": "factur-x.xml",
    "MustangRE-20171118_506_ZUGFeRD1and2.pdf": "factur-x.xml",
    "veraPDF test suite 6-8-t02-fail-d.pdf": "",
    "veraPDF test suite 6-8-t02-pass-d.pdf": "",
}

#: Our ids for the codes of the record, as far as the container checks go.
CODES = {
    "encrypted": {"PDF-13"},
    "several-invoice-xml": {"PDF-01", "PDF-16"},
    "not-in-catalog-AF": {"PDF-11"},
    "not-in-name-tree": {"PDF-11"},
    "name-unknown": {"PDF-02"},
    "xmp-missing": {"PDF-03"},
    "xmp-not-well-formed": {"PDF-03"},
    "fx-missing": {"PDF-03"},
    "fx-namespace-unknown": {"PDF-18"},
    "fx-schema-missing": {"PDF-19"},
    "fx-ConformanceLevel-missing": {"PDF-05"},
    "fx-ConformanceLevel-unknown": {"PDF-05"},
    "fx-DocumentFileName-missing": {"PDF-06"},
    "fx-DocumentType-not-INVOICE": {"PDF-07"},
    "fx-Version-unknown": {"PDF-08"},
    "level-differs-from-guideline": {"PDF-04"},
    "AFRelationship-missing": {"PDF-09"},
    "AFRelationship-not-allowed": {"PDF-09"},
    "subtype-missing": {"PDF-12"},
    "subtype-not-text-xml": {"PDF-12"},
    "pdfaid-part": {"PDF-15"},
    "F-missing": {"PDF-20"},
    "UF-missing": {"PDF-20"},
    "F-UF-differ": {"PDF-20"},
}


def rows(folder: str) -> list[dict[str, str]]:
    path = SHARED / folder / "expected.csv"
    if not path.exists():
        pytest.skip(f"no {folder} here")
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row, path=str(path.parent / row["file"])) for row in csv.DictReader(file)]


def corpus() -> list[dict[str, str]]:
    return [row for row in rows("corpus") if row["kind"] == "pdf"]


@pytest.mark.conformance
def test_invoice_is_found_in_each_pdf():
    wrong = []
    for row in corpus():
        expected = OTHERWISE.get(Path(row["file"]).name, row["pdf_xml_name"])
        try:
            found = open_pdf(Path(row["path"]).read_bytes()).name
        except DocumentError:
            found = ""
        if found != expected:
            wrong.append((row["file"], expected, found))
    assert wrong == []


@pytest.mark.conformance
def test_each_readable_pdf_can_carry_an_invoice():
    for row in corpus():
        try:
            data = attach(
                Path(row["path"]).read_bytes(), CII, level="EN 16931", modified=date(2024, 1, 31)
            )
        except DocumentError:
            assert row["encrypted"] or Path(row["file"]).name in REFUSED
            continue
        container = open_pdf(data)
        assert container.xml == CII
        assert {f.rule for f in check_container(container, EN_16931)} <= {"PDF-15"}


REFUSED = {"corrupt-factur-x-waytoosmall.pdf", "invalidXMP-ParseError.pdf"}


def recorded() -> list[dict[str, str]]:
    kinds = ("hybrid", "mutant")
    return [row for row in rows("pdfa") if row["kind"] in kinds and row["flavour"] == "3b"]


@pytest.mark.conformance
def test_findings_agree_with_the_record():
    wrong = []
    for row in recorded():
        try:
            container = open_pdf(Path(row["path"]).read_bytes())
        except DocumentError:
            if row["read"] == "ok":
                assert {"no-invoice-xml", "EF-missing"} & set(row["container_findings"].split())
            continue
        names = row["attachments"].split(" | ")
        guideline = row["xml_guideline"].split(" | ")[names.index(container.name)].strip("- ")
        found = {finding.rule for finding in check_container(container, guideline or None)}
        for code in row["container_findings"].split():
            if code in CODES and not CODES[code] & found:
                wrong.append((row["file"], code, found))
        if not row["container_findings"] and found - ALSO_FOUND:
            wrong.append((row["file"], "none", found))
    assert wrong == []


#: The record does not look at sizes, nor at a DOCTYPE in the XMP.
ALSO_FOUND = {"PDF-21", "PDF-03"}


@pytest.mark.conformance
def test_files_of_the_publishers_have_no_fatal_finding():
    for row in recorded():
        if row["kind"] == "hybrid" and not row["container_findings"]:
            container = open_pdf(Path(row["path"]).read_bytes())
            findings = check_container(container, row["xml_guideline"].split(" | ")[-1])
            assert not [f for f in findings if f.severity is Severity.FATAL], row["file"]
