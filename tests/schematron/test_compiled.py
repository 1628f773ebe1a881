"""Official rule sets compiled to Python find what Saxon finds."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from rule_examples import ORDER, by_saxon, form_of, ids, run

from einvoice.artefacts import locate
from einvoice.rulesets.catalogue import RULESETS, Stylesheet
from einvoice.schematron import saxon
from einvoice.schematron.compile import CompiledRuleSet, compile_ruleset
from einvoice.schematron.read_xslt import NotASkeleton, UnknownConstruct, read_xslt
from einvoice.schematron.shapes import Uncompilable
from einvoice.schematron.svrl import Fired, Kind
from einvoice.schematron.tree import Tree
from einvoice.xml.parse import parse

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SETS = {r.name: r for r in RULESETS if isinstance(r.source, Stylesheet)}

#: Patterns, rules and checks of each published stylesheet, counted by other means.
SIZES = {
    "en16931-ubl": (3, 104, 979),
    "extended-ctc-fr-ubl": (4, 110, 953),
    "extended-ctc-fr-cii": (5, 127, 773),
    "br-fr-ubl": (59, 142, 175),
    "br-fr-cii": (58, 140, 171),
    "facturx-minimum": (26, 59, 119),
    "facturx-basicwl": (47, 179, 337),
    "facturx-basic": (66, 251, 469),
    "facturx-en16931": (66, 373, 627),
    "facturx-extended": (82, 982, 1464),
}


@cache
def compiled(name: str) -> CompiledRuleSet:
    return compile_ruleset(read_xslt(locate(SETS[name].source.file)))


def seen(fired: tuple[Fired, ...]) -> Counter[tuple[object, ...]]:
    return Counter(
        (f.rule, f.flag, f.kind, f.location, " ".join(f.text.split()))
        for f in fired
        if f.kind is not Kind.ABORT
    )


@pytest.mark.parametrize("name", SIZES)
def test_everything_in_a_published_stylesheet_is_read(name) -> None:
    form = read_xslt(locate(SETS[name].source.file))
    rules = [rule for pattern in form.patterns for rule in pattern.rules]
    assert (len(form.patterns), len(rules), sum(len(r.checks) for r in rules)) == SIZES[name]


def test_all_published_stylesheets_are_counted() -> None:
    assert set(SIZES) == set(SETS)


@pytest.mark.parametrize("name", SIZES)
def test_the_same_findings_on_the_samples(name) -> None:
    found = 0
    for path in sorted(SAMPLES.glob("*/invoice.xml")):
        data = path.read_bytes()
        root = parse(data)
        if root.tag not in SETS[name].roots or path.parent.name == "lines-500":
            continue
        expected = seen(saxon.run(locate(SETS[name].source.file), data))
        found += len(expected)
        assert seen(compiled(name).run(Tree(root))) == expected, path.parent.name
    assert found


def test_an_unevaluable_check_costs_itself_only() -> None:
    text = (SAMPLES / "fr-b2b-services" / "invoice.xml").read_text(encoding="utf-8")
    broken = text.replace(">10147.80</cbc:LineExtensionAmount>", ">many</cbc:LineExtensionAmount>")
    assert broken != text
    fired = compiled("en16931-ubl").run(Tree(parse(broken.encode())))
    aborted = {f.rule for f in fired if f.kind is Kind.ABORT}
    assert "BR-CO-10" in aborted
    assert "BR-CO-15" not in {f.rule for f in fired}


XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'
SKELETON = """<xsl:stylesheet version="2.0" {xsl} xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
    xmlns:xs="http://www.w3.org/2001/XMLSchema">
  {top}
  <xsl:template match="/"><svrl:schematron-output title="t">
    <xsl:apply-templates select="/" mode="M1"/></svrl:schematron-output></xsl:template>
  <xsl:template match="/r/v" mode="M1" priority="10">{body}
    <xsl:choose><xsl:when test="{test}"/><xsl:otherwise>
      <svrl:failed-assert test="x"><xsl:attribute name="id">T</xsl:attribute>
        <xsl:attribute name="location"><xsl:apply-templates select="."
            mode="schematron-select-full-path"/></xsl:attribute>
        <svrl:text>was <xsl:value-of select="{shown}"/></svrl:text></svrl:failed-assert>
    </xsl:otherwise></xsl:choose>
    <xsl:apply-templates select="*" mode="M1"/></xsl:template>
  <xsl:template match="text()" mode="M1" priority="-1"/>
  <xsl:template match="@*|node()" mode="M1" priority="-2">
    <xsl:apply-templates select="*" mode="M1"/></xsl:template>
</xsl:stylesheet>"""


def stylesheet(folder: Path, test: str, shown: str = ".", top: str = "", body: str = "") -> Path:
    quoted = test.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    path = folder / f"rules{abs(hash((test, shown, top, body)))}.xsl"
    path.write_text(
        SKELETON.format(xsl=XSL, test=quoted, shown=shown, top=top, body=body), encoding="utf-8"
    )
    return path


def document(*values: str) -> bytes:
    root = etree.Element("r")
    for value in values:
        etree.SubElement(root, "v").text = value
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


EXPRESSIONS = [
    "normalize-space(.) = 'a b'",
    "string-length(.) > 2",
    ". = ('a', 'b', '1')",
    "number(.) >= 0",
    "xs:decimal(.) * 3 = 3.3",
    "round(xs:decimal(.) * 10 * 10) div 100 = xs:decimal(.)",
    "sum(../v/xs:decimal(.)) > 1",
    "count(distinct-values(../v)) = count(../v)",
    "matches(., '^\\d{1,3}(\\.\\d+)?$')",
    "substring(., 2, 2) = 'b'",
    "tokenize(., '\\s')[1] = 'a'",
    "every $x in ../v satisfies string-length($x) > 0",
    "some $x in ../v satisfies $x = preceding-sibling::v",
    "(. castable as xs:date) or not(. castable as xs:decimal)",
    "contains(concat(' ', ., ' '), ' a ')",
    "translate(., 'ab', 'b') = 'b'",
    "upper-case(.) = 'A B'",
    "string-join(../v, '|') != ''",
    "if (. = '1') then true() else position() > 0",
    "substring-after(., '.') = ''",
    "xs:decimal(.) idiv 2 = 0",
    "abs(xs:decimal(.)) lt 2",
    ". is ../v[1]",
    "../v[last()] = .",
    "max(../v/number(.)) > 0",
    "-xs:decimal(.) < 0",
]
VALUES = st.sampled_from(
    [
        "a b",
        "\u00a0a\u00a0",
        "1",
        "1.1",
        "-0.005",
        " 2 ",
        "b",
        "0",
        "-1",
        "1e3",
        "NaN",
        "١",
        "2026-02-29",
    ]
) | st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs", "P")), max_size=6)


@pytest.mark.parametrize("test", EXPRESSIONS)
def test_expressions_are_evaluated_as_saxon_does(test, tmp_path_factory) -> None:
    path = stylesheet(tmp_path_factory.mktemp("rules"), test.replace("position() > 0", "false()"))
    rules = compile_ruleset(read_xslt(path))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(VALUES, min_size=1, max_size=3))
    def compare(values: list[str]) -> None:
        data = document(*values)
        ours = rules.run(Tree(parse(data)))
        theirs = saxon.run(path, data)
        aborted = {f.location for f in (*ours, *theirs) if f.kind is Kind.ABORT}
        assert {f.location for f in ours if f.kind is Kind.ABORT} == aborted
        if not aborted:
            assert seen(ours) == seen(theirs)

    compare()


def test_a_let_that_fails_costs_nothing_while_it_is_not_used(tmp_path: Path) -> None:
    let = '<xsl:variable name="n" select="xs:decimal(.)"/>'
    rules = compile_ruleset(read_xslt(stylesheet(tmp_path, ". = 'x' or $n = 1", body=let)))
    assert rules.run(Tree(parse(document("x", "1")))) == ()
    (fired,) = rules.run(Tree(parse(document("y"))))
    assert (fired.kind, fired.rule) == (Kind.ABORT, "T")


@pytest.mark.parametrize(
    ("top", "body", "message"),
    [
        ('<xsl:include href="x.xsl"/>', "", "<include>: not known at the top"),
        ("", "<xsl:for-each select='*'/>", "<for-each>: not known in a rule"),
        ("", "<xsl:variable name='x'><a/></xsl:variable>", "variable with a body"),
    ],
)
def test_an_unknown_construct_is_an_error_with_its_line(top, body, message, tmp_path) -> None:
    with pytest.raises(UnknownConstruct, match=rf"line \d+: .*{message}|line \d+: {message}"):
        read_xslt(stylesheet(tmp_path, "true()", top=top, body=body))


def test_another_stylesheet_is_none_of_the_skeleton(tmp_path: Path) -> None:
    path = tmp_path / "other.xsl"
    path.write_text(f'<xsl:stylesheet version="2.0" {XSL}/>')
    with pytest.raises(NotASkeleton, match="no stylesheet of the ISO Schematron skeleton"):
        read_xslt(path)


@pytest.mark.parametrize(
    "test", ["unparsed-text('x') = 'y'", "$undeclared", "1 treat as xs:string"]
)
def test_what_has_no_translation_is_named(test, tmp_path: Path) -> None:
    with pytest.raises(Uncompilable, match=r"no translation|not declared"):
        compile_ruleset(read_xslt(stylesheet(tmp_path, test)))


def test_no_document_outside_the_folder_is_read(tmp_path: Path) -> None:
    rules = compile_ruleset(read_xslt(stylesheet(tmp_path, "document('../secret.xml')/a")))
    (fired,) = rules.run(Tree(parse(document("x"))))
    assert fired.kind is Kind.ABORT
    assert "outside the folder" in fired.text


def test_lets_of_one_name_in_two_rules_are_two_values(tmp_path: Path) -> None:
    rule = '<rule context="s:{context}"><let name="n" value="count(//s:{what})"/>'
    check = '<assert id="{context}" test="$n + 1 = 4"><value-of select="$n"/></assert></rule>'
    body = "".join(
        (rule + check).format(context=context, what=what)
        for context, what in (("order", "line"), ("id", "amount[. = 10]"))
    )
    form = form_of(tmp_path, f"<pattern>{body}</pattern>")
    assert ids(run(form)) == ids(by_saxon(form)) == ["id"]


def test_a_quantifier_stops_at_the_item_that_decides(tmp_path: Path) -> None:
    checks = {
        "some": "some $x in s:line/s:amount satisfies xs:decimal($x) = 10",
        "every": "every $x in s:line/s:amount satisfies xs:decimal($x) = 11",
        "meets it": "every $x in s:line/s:amount satisfies xs:decimal($x) &gt; 0",
    }
    body = "".join(f'<assert id="{name}" test="{test}">x</assert>' for name, test in checks.items())
    form = form_of(tmp_path, f'<pattern><rule context="s:order">{body}</rule></pattern>')
    assert {each.rule: each.kind.value for each in run(form)} == {
        "every": "assert",
        "meets it": "abort",
    }


def test_a_function_may_call_one_that_stands_behind_it(tmp_path: Path) -> None:
    function = '<xsl:function name="s:{}" as="xs:integer"><xsl:param name="n" as="xs:integer"/>{}'
    even = '<xsl:sequence select="if ($n = 0) then 0 else s:odd($n - 1)"/></xsl:function>'
    odd = '<xsl:sequence select="if ($n = 0) then 1 else s:even($n - 1)"/></xsl:function>'
    top = function.format("even", even) + function.format("odd", odd)
    rule = '<rule context="s:order"><assert id="a" test="s:even(7) = 0">x</assert></rule>'
    form = form_of(tmp_path, f"{top}<pattern>{rule}</pattern>")
    assert ids(run(form)) == ["a"]
    endless = top.replace("$n - 1", "$n + 1") + f"<pattern>{rule}</pattern>"
    (fired,) = compile_ruleset(form_of(tmp_path, endless)).run(Tree(parse(ORDER)))
    assert fired.kind is Kind.ABORT


def test_a_function_of_constants_may_see_the_document(tmp_path: Path) -> None:
    function = '<xsl:function name="s:has" as="xs:boolean"><xsl:param name="c" as="xs:string"/>'
    body = '<xsl:sequence select="$codes = $c"/></xsl:function>'
    let = '<let name="codes" value="//s:code"/>'
    rule = '<rule context="s:order"><assert id="a" test="not(s:has(\'S\'))">x</assert></rule>'
    form = form_of(tmp_path, f"{let}{function}{body}<pattern>{rule}</pattern>")
    rules = compile_ruleset(form)
    empty = Tree(parse(b'<order xmlns="urn:shop"/>'))
    assert [len(rules.run(each)) for each in (empty, Tree(parse(ORDER)), empty)] == [0, 1, 0]
