"""SVRL of what fired: the structure of ISO/IEC 19757-3, annex D, whichever evaluator ran."""

from pathlib import Path

import pytest
from lxml import etree
from rule_examples import ORDER, by_saxon, form_of, run

from einvoice.artefacts import locate
from einvoice.rulesets.catalogue import RULESETS, Stylesheet
from einvoice.schematron import saxon, svrl
from einvoice.schematron.compile import compile_ruleset
from einvoice.schematron.read_xslt import read_xslt
from einvoice.schematron.svrl import Fired, Kind
from einvoice.schematron.tree import Tree
from einvoice.schematron.write_svrl import write_svrl
from einvoice.xml.parse import parse

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SETS = {each.name: each for each in RULESETS if isinstance(each.source, Stylesheet)}

#: The order of elements, and the attributes of each, as the standard's grammar has them.
GRAMMAR = etree.RelaxNG(
    etree.fromstring(
        """<grammar xmlns="http://relaxng.org/ns/structure/1.0"
        ns="http://purl.oclc.org/dsdl/svrl">
  <start><element name="schematron-output">
    <optional><attribute name="title"/></optional><optional><attribute name="phase"/></optional>
    <optional><attribute name="schemaVersion"/></optional>
    <zeroOrMore><element name="ns-prefix-in-attribute-values">
      <attribute name="prefix"/><attribute name="uri"/></element></zeroOrMore>
    <oneOrMore>
      <element name="active-pattern"><optional><attribute name="id"/></optional>
        <optional><attribute name="name"/></optional></element>
      <zeroOrMore>
        <element name="fired-rule"><optional><attribute name="id"/></optional>
          <attribute name="context"/><optional><attribute name="role"/></optional>
          <optional><attribute name="flag"/></optional></element>
        <zeroOrMore><choice>
          <element name="failed-assert"><ref name="check"/></element>
          <element name="successful-report"><ref name="check"/></element>
        </choice></zeroOrMore>
      </zeroOrMore>
    </oneOrMore></element></start>
  <define name="check"><optional><attribute name="id"/></optional><attribute name="location"/>
    <attribute name="test"/><optional><attribute name="role"/></optional>
    <optional><attribute name="flag"/></optional>
    <zeroOrMore><element name="diagnostic-reference"><attribute name="diagnostic"/><text/>
    </element></zeroOrMore><element name="text"><text/></element></define>
</grammar>"""
    )
)

RULES = """<title>Orders</title><phase id="all"><active pattern="a"/><active pattern="b"/></phase>
    <pattern id="a"><title>Lines</title><rule context="s:line" id="r">
      <assert id="A" test="xs:decimal(s:amount) &gt; 5" flag="warning">small</assert>
      <report id="B" test="@no &gt; 1" role="o">number <value-of select="@no"/></report></rule>
    </pattern>
    <pattern id="none"><rule context="s:line"><report test="1">.</report></rule></pattern>
    <pattern id="b"><rule context="s:id"><report test="1">nameless</report></rule></pattern>"""


def written(fired: tuple[Fired, ...], form: object = None, title: str = "") -> etree._Element:
    report = svrl.read(write_svrl([(fired, form)], title))
    GRAMMAR.assertValid(report)
    return report


def test_findings_stand_under_their_patterns_and_rules(tmp_path) -> None:
    form = form_of(tmp_path, RULES, defaultPhase="all")
    report = written(run(form), form)
    lines = [
        (each.tag.partition("}")[2], each.get("id"), each.get("location"))
        for each in report
        if each.get("prefix") is None
    ]
    line = "/Q{urn:shop}order[1]/Q{urn:shop}line"
    assert (report.get("title"), report.get("phase")) == ("Orders", "all")
    assert lines == [
        ("active-pattern", "a", None),
        ("fired-rule", "r", None),
        ("failed-assert", "A", f"{line}[2]"),
        ("successful-report", "B", f"{line}[2]"),
        ("fired-rule", "r", None),
        ("failed-assert", "A", f"{line}[3]"),
        ("successful-report", "B", f"{line}[3]"),
        ("active-pattern", "b", None),
        ("fired-rule", None, None),
        ("successful-report", None, "/Q{urn:shop}order[1]/Q{urn:shop}id[1]"),
    ]
    small, number, unevaluable = report.xpath("*[@location]")[:3]
    assert (small.get("flag"), small.get("test")) == ("warning", "xs:decimal(s:amount) > 5")
    assert (number.get("role"), number[0].text) == ("o", "number 2")
    assert unevaluable.get("flag") == "fatal"
    assert unevaluable[0].text.startswith("cannot be evaluated: ")


def test_the_order_in_which_findings_come_does_not_matter(tmp_path) -> None:
    form = form_of(tmp_path, RULES)
    fired = by_saxon(form, ORDER)
    assert write_svrl([(fired, form)]) == write_svrl([(reversed(fired), form)])


def test_without_the_rules_what_is_known_is_written() -> None:
    fired = (
        Fired("A", "warning", "text \x0b", "/ubl:Invoice[1]/cbc:ID[2]"),
        Fired(None, None, "abc", "some value", Kind.REPORT),
        Fired("C", None, "cause", "", Kind.ABORT),
    )
    report = written(fired, title="Some rules")
    assert report.get("title") == "Some rules"
    uri = "urn:oasis:names:specification:ubl:schema:xsd:"
    places = {each.get("id"): each.get("location") for each in report if each.get("location")}
    assert places["A"] == (f"/Q{{{uri}Invoice-2}}Invoice[1]/Q{{{uri}CommonBasicComponents-2}}ID[2]")
    assert (places[None], places["C"]) == ("some value", "/")
    written(())


@pytest.mark.parametrize("name", SETS)
def test_the_same_report_whichever_evaluator_ran(name) -> None:
    path = locate(SETS[name].source.file)
    form = read_xslt(path)
    rules = compile_ruleset(form)
    for sample in sorted(SAMPLES.glob("*/invoice.xml")):
        root = parse(data := sample.read_bytes())
        if sample.parent.name == "lines-500" or root.tag not in SETS[name].roots:
            continue
        ours = write_svrl([(rules.run(Tree(root)), form)])
        assert ours == write_svrl([(saxon.run(path, data), form)]), sample.parent.name
        GRAMMAR.assertValid(svrl.read(ours))
