"""The wheel works by itself: built, put in an empty folder, and run there."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "samples" / "fr-b2b-services" / "invoice.xml"


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--wheel", "--no-isolation", "--outdir", str(folder))
    done = run("-m", "build", *options, str(ROOT), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_everything_that_is_needed_is_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert wheel.name.startswith("einvoice_engine-")
    assert names >= {
        "einvoice/py.typed",
        "einvoice/codelists/vat_rates.json",
        "einvoice/pdf/templates/main.typ",
        "einvoice/pdf/templates/style.typ",
        "einvoice/_data/schemas/catalogue.json",
        "einvoice/_data/schemas/report.schema.json",
        "einvoice/_data/schematron/en16931-cii.json",
    }
    assert not any(name.startswith(("tests/", "samples/")) for name in names)


def test_it_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, work = tmp_path / "site", tmp_path / "work"
    zipfile.ZipFile(wheel).extractall(site)
    work.mkdir()
    shutil.copy(SAMPLE, work / "invoice.xml")
    here = {"PYTHONPATH": str(site)}
    where = run("-c", "import einvoice; print(einvoice.__file__)", cwd=work, **here)
    assert where.stdout.startswith(str(site))
    valid = run("-m", "einvoice", "validate", "invoice.xml", cwd=work, **here)
    assert (valid.returncode, valid.stdout[:5]) == (0, "valid")
    convert = ("-m", "einvoice", "convert", "invoice.xml", "--to", "facturx", "-o", "page.pdf")
    assert run(*convert, cwd=work, **here).returncode == 0
    page = run("-m", "einvoice", "validate", "page.pdf", cwd=work, **here)
    assert (page.returncode, page.stdout[:5]) == (0, "valid")
