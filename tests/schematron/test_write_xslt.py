"""A rule set written as XSLT finds in Saxon what the published stylesheet finds."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from rule_examples import ORDER, form_of, shown

from einvoice.artefacts import locate
from einvoice.rulesets.catalogue import RULESETS, Stylesheet
from einvoice.schematron import saxon, svrl
from einvoice.schematron.location import Step, read
from einvoice.schematron.read_xslt import read_xslt
from einvoice.schematron.references import documents_of
from einvoice.schematron.write_xslt import write_xslt
from einvoice.xml.parse import parse

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SETS = {each.name: each for each in RULESETS if isinstance(each.source, Stylesheet)}
#: What does not come back from a stylesheet that was written and read again.
WHERE = frozenset(("line", "file", "origin", "sha256", "namespaces", "includes"))


def contents(part: object) -> object:
    """A rule set without the places of its parts."""
    if isinstance(part, tuple):
        return tuple(map(contents, part))
    if not isinstance(part, msgspec.Struct):
        return part
    fields = (name for name in part.__struct_fields__ if name not in WHERE)
    return (type(part), *(contents(getattr(part, name)) for name in fields))


@pytest.mark.parametrize("name", SETS)
def test_the_same_findings_as_the_published_stylesheet(name) -> None:
    path = locate(SETS[name].source.file)
    written = write_xslt(read_xslt(path))
    for sample in sorted(SAMPLES.glob("*/invoice.xml")):
        data = sample.read_bytes()
        if sample.parent.name != "lines-500" and parse(data).tag in SETS[name].roots:
            found = Counter(map(shown, saxon.run(written, data)))
            assert found == Counter(map(shown, saxon.run(path, data))), sample.parent.name


@pytest.mark.parametrize("name", SETS)
def test_a_plain_stylesheet_is_read_back(name, tmp_path) -> None:
    form = read_xslt(locate(SETS[name].source.file))
    form = msgspec.structs.replace(form, functions=())  # they are copied as they stand
    if documents_of(form):
        pytest.skip("it names the folder of its code database")
    path = tmp_path / "written.xsl"
    path.write_text(write_xslt(form, guarded=False), encoding="utf-8")
    assert contents(read_xslt(path)) == contents(form)


RULES = """<title>a {b} &amp; "c"</title>
    <let name="codes" value="('S', 'T')"/>
    <pattern id="p"><title>x &lt; y</title><let name="n" value="count(//s:line)"/>
      <rule context="s:line[@no &lt; 3]" id="r">
        <let name="x" value="s:amount &lt; 5"/><let name="y" value="$x and $n = 3"/>
        <assert id="A" test="s:code = $codes" flag="warning" diagnostics="d">{<name/>} &lt;b/&gt;
        </assert>
        <report id="B" test="if ($y) then '{' else ()">"<value-of select="$n, '}'"/>"</report>
      </rule>
      <rule context="@currency"><assert id="C" test=". = 'USD'">.</assert></rule></pattern>
    <diagnostics><diagnostic id="d">code <value-of select="s:code"/></diagnostic></diagnostics>"""
LINE = (Step("{urn:shop}order"), Step("{urn:shop}line", 2))


@pytest.mark.parametrize("guarded", [True, False])
def test_a_source_round_trips_through_saxon(guarded, tmp_path) -> None:
    text = write_xslt(form_of(tmp_path, RULES), guarded=guarded)
    stylesheet = text
    if not guarded:
        stylesheet = tmp_path / "plain.xsl"
        stylesheet.write_text(text, encoding="utf-8")
    fired = saxon.run(stylesheet, ORDER)
    found = [(f.rule, f.flag, read(f.location), " ".join(f.text.split())) for f in fired]
    assert found == [
        ("C", None, (LINE[0], Step("currency", attribute=True)), "."),
        ("A", "warning", LINE, "{line} <b/>"),
        ("B", None, LINE, '"3 }"'),
    ]


def test_a_plain_stylesheet_gives_svrl_by_itself(tmp_path) -> None:
    import saxonche

    with saxonche.PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        text = write_xslt(form_of(tmp_path, RULES), guarded=False)
        executable = compiler.compile_stylesheet(stylesheet_text=text, encoding="UTF-8")
        document = processor.parse_xml(xml_text=ORDER.decode())
        report = svrl.read(str(executable.transform_to_string(xdm_node=document)).encode())
    names = [each.tag.partition("}")[2] for each in report]
    assert report.get("title") == 'a {b} & "c"'
    assert (
        names[-6:]
        == [
            "active-pattern",
            "fired-rule",
            "failed-assert",
            "fired-rule",
            "fired-rule",
            "failed-assert",
        ]
        or names[-6:].count("failed-assert") == 2
    )
    places = [read(each.location) for each in svrl.fired_in(report)]
    assert places == [(LINE[0], Step("currency", attribute=True)), LINE, LINE]
    diagnostic = report.find(".//{*}diagnostic-reference")
    assert (diagnostic.get("diagnostic"), diagnostic.text) == ("d", "code X")


def test_a_written_stylesheet_is_the_same_every_time(tmp_path) -> None:
    form = form_of(tmp_path, RULES)
    assert write_xslt(form) == write_xslt(form)
