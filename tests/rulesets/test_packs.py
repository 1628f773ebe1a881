"""Rule packs: taken whole or refused whole, and chosen by date and profile."""

import hashlib
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

import einvoice
from einvoice.cli import main
from einvoice.errors import ArtefactError, UsageError
from einvoice.formats.mapping import write_xml
from einvoice.rulesets import packs
from einvoice.rulesets.catalogue import Stylesheet, ruleset_named
from einvoice.rulesets.evaluators import path_of
from einvoice.rulesets.packs import MANIFEST, PackRefused, add
from einvoice.rulesets.versions import chosen, sha256_of
from tests.examples import plain_invoice

OWN = "urn:cen.eu:en16931:2017#compliant#urn:example:rules:1.0"
SCHEMA = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="inv" uri="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>
<ns prefix="cbc" uri="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"/>
<pattern><rule context="/inv:Invoice">
<assert id="EX-1" flag="fatal" test="{test}">The order must be named (BT-13).</assert>
</rule></pattern></schema>"""
FOREIGN = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
<xsl:template match="/"><svrl:schematron-output>
<svrl:failed-assert id="EX-2" flag="fatal" location="/*[1]" test="no">
<svrl:text>{body}</svrl:text></svrl:failed-assert>
</svrl:schematron-output></xsl:template></xsl:stylesheet>"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    packs.installed.cache_clear()
    yield tmp_path / "home" / "einvoice" / "packs"
    packs.installed.cache_clear()


def pack(folder: Path, content: str, name: str = "rules.sch", **changes: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    entry = {
        "name": "example-ubl",
        "version": "1.0",
        "syntax": "ubl",
        "file": name,
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "profiles": [OWN],
        **changes,
    }
    (folder / MANIFEST).write_text(json.dumps({"rulesets": [entry]}))
    return folder


def left_in(home: Path) -> list[Path]:
    return list(home.iterdir()) if home.exists() else []


def zipped(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(folder))
    return target


def claiming(**changes) -> bytes:
    process = einvoice.model.Process(specification=OWN)
    return write_xml("ubl-invoice", plain_invoice(process=process, **changes))


@pytest.mark.parametrize("as_zip", [False, True])
def test_a_pack_judges_the_profile_that_it_names(tmp_path, as_zip) -> None:
    assert einvoice.validate(claiming()).verdict.value == "undecided"
    folder = pack(tmp_path / "p", SCHEMA.format(test="cbc:ProfileID"))
    (added,) = add(str(zipped(folder) if as_zip else folder))
    report = einvoice.validate(claiming(), engine="both")
    assert (report.verdict.value, report.profile) == ("invalid", "example-ubl")
    (finding,) = report.findings
    assert (finding.rule, finding.ruleset, finding.version) == ("EX-1", "example-ubl", "1.0")
    assert report.layers[-1].sha256 == sha256_of(added)


def test_a_stylesheet_of_another_kind_is_run_by_saxon_and_said_so(tmp_path) -> None:
    add(str(pack(tmp_path / "p", FOREIGN.format(body="no"), "rules.xslt")))
    report = einvoice.validate(claiming())
    assert [finding.rule for finding in report.findings] == ["EX-2"]
    assert report.layers[-1].reason.startswith("run by Saxon: ")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sha256": "0" * 64}, "expected SHA-256 0000"),
        ({"file": "../other.sch"}, "leads out of the pack"),
        ({"file": "/etc/passwd"}, "leads out of the pack"),
        ({"file": "missing.sch"}, "missing.sch is not in the pack"),
        ({"syntax": "edifact"}, "Invalid enum value 'edifact'"),
        ({"colour": "red"}, "unknown field `colour`"),
    ],
)
def test_a_wrong_manifest_is_refused_and_leaves_nothing(tmp_path, home, change, reason) -> None:
    folder = pack(tmp_path / "p", SCHEMA.format(test="true()"), **change)
    with pytest.raises(PackRefused, match=reason):
        add(str(folder))
    assert left_in(home) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("rules.sch", SCHEMA.format(test="cbc:ID ="), "rules.sch, line 5"),
        ("rules.sch", SCHEMA.format(test="document('http://x/y')"), "outside the folder"),
        ("rules.sch", "<schema", "rules.sch, line 1"),
        ("rules.xslt", FOREIGN.format(body="<xsl:value-of select=\"doc('x')\"/>"), r"doc\(\) may"),
        ("rules.xslt", FOREIGN.format(body='<xsl:result-document href="x"/>'), "result-document"),
        ("rules.xslt", "<a/>", "no stylesheet"),
    ],
)
def test_rules_that_are_not_understood_are_refused(tmp_path, home, name, content, reason) -> None:
    with pytest.raises(PackRefused, match=reason) as caught:
        add(str(pack(tmp_path / "p", content, name)))
    assert "nothing was kept" in str(caught.value)
    assert left_in(home) == []


def test_a_zip_that_leads_out_of_its_folder_is_refused(tmp_path, home) -> None:
    path = tmp_path / "evil-1.0.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evil.sch", "x")
    with pytest.raises(PackRefused, match="leads out of the pack"):
        add(str(path))
    assert not (home / "evil.sch").exists()
    assert left_in(home) == []


def test_a_wrong_hash_of_the_zip_is_refused(tmp_path) -> None:
    path = zipped(pack(tmp_path / "p", SCHEMA.format(test="true()")))
    with pytest.raises(PackRefused, match="expected SHA-256 1234, found"):
        add(str(path), pinned="1234")
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert add(str(path), pinned=right)


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://example.org/p.zip", "only https"), ("https://example.org/p.zip", "--sha256 HASH")],
)
def test_nothing_is_loaded_without_a_hash_or_over_http(url, reason) -> None:
    with pytest.raises(PackRefused, match=reason):
        add(url)


def test_the_version_is_chosen_by_the_day(tmp_path) -> None:
    for version, start in (("1.0", "2026-01-01"), ("2.0", "2027-01-01")):
        content = SCHEMA.format(test="cbc:ProfileID") + f"<!-- {version} -->"
        add(str(pack(tmp_path / version, content, version=version, valid_from=start)))
    assert chosen("example-ubl", date(2026, 12, 31)).version == "1.0"
    assert chosen("example-ubl", date(2027, 1, 1)).version == "2.0"
    assert chosen("example-ubl", date(2020, 1, 1)).version == "1.0"
    assert einvoice.validate(claiming()).layers[-1].version == "1.0"
    later = einvoice.validate(claiming(), as_of=date(2027, 6, 1))
    assert later.layers[-1].version == "2.0"
    named = einvoice.validate(claiming(issue_date=date(2027, 1, 1)), rulesets=["example-ubl"])
    assert named.layers[-1].version == "2.0"
    with pytest.raises(UsageError, match="known: en16931-ubl, .*, example-ubl"):
        chosen("nonsense")


def test_a_release_of_a_publisher_needs_no_manifest(tmp_path) -> None:
    source = ruleset_named("en16931-ubl").source
    assert isinstance(source, Stylesheet)
    path = tmp_path / "en16931-ubl-1.3.17.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(path_of(source), "xslt/EN16931-UBL-validation.xslt")
    (added,) = add(str(path))
    assert (added.name, added.version, added.publisher[:3]) == ("en16931-ubl", "1.3.17", "CEN")
    assert chosen("en16931-ubl").version == "1.3.17"
    assert chosen("en16931-ubl", date(2025, 1, 1)).version == "1.3.16"
    with pytest.raises(PackRefused, match="no release of a publisher we know"):
        add(str(SAMPLES_FOLDER))


SAMPLES_FOLDER = Path(__file__).resolve().parents[2] / "samples" / "fr-advance"


def test_a_pack_that_was_changed_is_noticed(tmp_path, home, monkeypatch, capsys) -> None:
    add(str(pack(tmp_path / "p", SCHEMA.format(test="true()"))))
    with pytest.raises(SystemExit) as done:
        main(["rules", "verify"])
    assert done.value.code == 0
    assert capsys.readouterr().out.count(": ok ") == len(packs.installed()) + 18
    (file,) = home.rglob("rules.sch")
    file.write_text(SCHEMA.format(test="false()"))
    from einvoice.rulesets import evaluators

    evaluators._of_pack.cache_clear()
    with pytest.raises(SystemExit) as done:
        main(["rules", "verify"])
    assert done.value.code == 4
    assert "example-ubl 1.0: FAILED" in capsys.readouterr().out


def test_add_says_what_it_took(tmp_path, capsys) -> None:
    folder = pack(tmp_path / "p", SCHEMA.format(test="true()"), valid_from="2026-01-01")
    with pytest.raises(SystemExit):
        main(["rules", "add", str(folder)])
    assert capsys.readouterr().out == "added example-ubl 1.0, valid from 2026-01-01\n"


def test_a_manifest_that_was_damaged_is_named_with_what_to_do(tmp_path, home) -> None:
    add(str(pack(tmp_path / "p", SCHEMA.format(test="true()"))))
    (manifest,) = home.rglob(MANIFEST)
    manifest.write_text("{")
    packs.installed.cache_clear()
    with pytest.raises(ArtefactError, match=f"{MANIFEST}.*remove its folder and add the pack"):
        einvoice.validate(claiming())


def test_a_rule_that_only_saxon_runs_can_be_shown(tmp_path, capsys) -> None:
    test = "exists(innermost(cbc:ID))"
    add(str(pack(tmp_path / "p", SCHEMA.format(test=test))))
    with pytest.raises(SystemExit):
        main(["rules", "show", "EX-1"])
    assert f"demands: {test}" in capsys.readouterr().out


def test_the_version_of_a_release_is_not_taken_from_where_it_is_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user 1.2.3"))
    packs.installed.cache_clear()
    source = ruleset_named("en16931-ubl").source
    assert isinstance(source, Stylesheet)
    path = tmp_path / "rules.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(path_of(source), "xslt/EN16931-UBL-validation.xslt")
    with pytest.raises(PackRefused, match="no version in its name"):
        add(str(path))
