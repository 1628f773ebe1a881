"""Each construct of ISO Schematron source, by what both evaluators find with it."""

import pytest
from rule_examples import ORDER, XSL, by_saxon, form_of, ids, run

from einvoice.errors import InputNotReadable
from einvoice.schematron.compile import compile_ruleset
from einvoice.schematron.ir import INSTRUCTIONS
from einvoice.schematron.read_sch import RuleSetError, UnknownConstruct, read_sch
from einvoice.schematron.shapes import Uncompilable
from einvoice.schematron.svrl import Kind

LINES = "/Q{urn:shop}order[1]/Q{urn:shop}line"


def test_asserts_and_reports_with_flag_role_and_place(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<title> Order  rules </title><p>About.</p>
        <pattern id="p"><title>Lines</title><p/>
          <rule context="s:line" id="r" flag="f" role="o">
            <assert id="A" test="s:code" flag="warning" see="urn:x">no code</assert>
            <report id="B" test="@no = 2" role="info">second</report>
            <report id="C" test="@no = 4">never</report>
          </rule></pattern>""",
    )
    first, second = run(form)
    assert (first.rule, first.kind, first.flag) == ("B", Kind.REPORT, "info")
    assert (second.rule, second.kind, second.flag) == ("A", Kind.ASSERT, "warning")
    assert (first.location, second.location) == (f"{LINES}[2]", f"{LINES}[3]")
    (pattern,) = form.patterns
    assert (form.title, pattern.id, pattern.name) == ("Order rules", "p", "Lines")
    (rule,) = pattern.rules
    assert (rule.id, rule.flag, rule.role, rule.line) == ("r", "f", "o", 5)
    assert [check.line for check in rule.checks] == [6, 7, 8]


def test_the_first_rule_that_matches_is_the_only_one(tmp_path) -> None:
    rules = """<rule context="s:line[@no='2']"/>
        <rule context="s:line"><report id="L" test="true()">.</report></rule>
        <rule context="*"><report id="E" test="true()">.</report></rule>"""
    fired = run(form_of(tmp_path, f"<pattern>{rules}</pattern><pattern>{rules}</pattern>"))
    assert ids(fired).count("L") == 4
    assert ids(fired).count("E") == 2 * 7  # order, id, three amounts, two codes


def test_lets_of_every_level_the_inner_one_counts(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<let name="n" value="count(//s:line)"/><let name="who" value="'schema'"/>
        <pattern><let name="who" value="'first'"/>
          <rule context="s:id"><report id="A" test="true()"><value-of select="$who, $n"/></report>
          </rule></pattern>
        <pattern><let name="who" value="concat('second', $n)"/>
          <rule context="s:id"><let name="m" value="$n + 1"/><let name="k" value="$m * 2"/>
            <report id="B" test="some $who in (1, 2) satisfies $who = 2">
              <value-of select="$who"/>,<value-of select="$k"/></report></rule>
          <rule context="s:order"><let name="who" value="concat(local-name(), $who)"/>
            <report id="C" test="true()"><value-of select="$who"/></report></rule></pattern>
        <pattern><rule context="s:id">
          <report id="D" test="true()"><value-of select="$who"/></report></rule></pattern>""",
    )
    texts = {each.rule: "".join(each.text.split()) for each in run(form)}
    assert texts == {"A": "first3", "B": "second3,8", "C": "ordersecond3", "D": "schema"}


def test_a_message_shows_values_names_and_marked_words(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<pattern><rule context="s:line[1]">
        <report id="A" test="true()">a <emph>b</emph> <span class="x">c <dir value="ltr">d</dir>
        </span> <name/> <name path="*[1]"/> <value-of select="../s:line/@no"/> {x} &lt;
        </report></rule></pattern>""",
    )
    (fired,) = run(form)
    assert " ".join(fired.text.split()) == "a b c d line amount 1 2 3 {x} <"


def test_diagnostics_go_with_their_check(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<pattern><rule context="s:id"><report id="A" test="true()" diagnostics="d e"
          properties="ignored">x</report></rule></pattern>
        <diagnostics><diagnostic id="d">id is <value-of select="."/></diagnostic>
          <diagnostic id="e">more</diagnostic></diagnostics>
        <properties><property id="ignored">y</property></properties>""",
    )
    (check,) = form.patterns[0].rules[0].checks
    assert [each.id for each in check.diagnostics] == ["d", "e"]
    assert check.diagnostics[0].shown == (".",)
    assert ids(run(form)) == ["A"]


def test_attributes_and_the_document_are_contexts(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<pattern><rule context="@no[. > 2]"><report id="A" test="true()">.</report></rule>
        <rule context="/"><report id="D" test="s:order">.</report></rule></pattern>""",
    )
    assert form.patterns[0].attributes
    assert {(each.rule, each.location) for each in run(form)} == {
        ("A", f"{LINES}[3]/@no"),
        ("D", "/"),
    }


def test_an_unevaluable_check_costs_itself_only(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<pattern><rule context="s:line">
          <let name="a" value="xs:decimal(s:amount)"/><let name="unused" value="xs:date('x')"/>
          <assert id="A" test="$a &gt; 5">small</assert>
          <assert id="B" test="s:code">no code</assert>
          <report id="C" test="@no = 3">is <value-of select="$a"/></report>
          <report id="E" test="$a = 10">.</report>
        </rule><rule context="s:id[xs:decimal(.) = 1]"><report id="F" test="true()">.</report>
        </rule><rule context="s:id"><report id="G" test="true()">.</report></rule></pattern>""",
    )
    kinds = [(each.rule, each.kind, each.location[-3:]) for each in run(form)]
    assert sorted(kinds) == [
        ("A", Kind.ABORT, "[3]"),
        ("A", Kind.ASSERT, "[2]"),
        ("B", Kind.ASSERT, "[3]"),
        ("C", Kind.ABORT, "[3]"),
        ("E", Kind.ABORT, "[3]"),
        ("E", Kind.REPORT, "[1]"),
        ("G", Kind.REPORT, "[1]"),
    ]


PHASES = """<let name="limit" value="1"/>
    <phase id="one"><p/><active pattern="a"/><let name="top" value="3"/></phase>
    <phase id="two"><active pattern="b"/><active pattern="a"/></phase>
    <pattern id="a"><rule context="s:id"><report id="A" test="true()">.</report></rule></pattern>
    <pattern id="b"><rule context="s:id"><report id="B" test="true()">.</report></rule></pattern>
    <pattern><rule context="s:id"><report id="C" test="true()">.</report></rule></pattern>"""


@pytest.mark.parametrize(
    ("default", "phase", "expected"),
    [
        ("", "#DEFAULT", ["A", "B", "C"]),
        ("one", "#DEFAULT", ["A"]),
        ("one", "#ALL", ["A", "B", "C"]),
        ("one", "two", ["A", "B"]),
    ],
)
def test_a_phase_chooses_patterns(default, phase, expected, tmp_path) -> None:
    path = tmp_path / "rules.sch"
    form_of(tmp_path, PHASES, defaultPhase=default)
    form = read_sch(path, phase=phase)
    assert ids(run(form)) == expected
    assert form.phase == {"#ALL": None, "#DEFAULT": default or None}.get(phase, phase)


def test_an_abstract_pattern_takes_its_parameters(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<pattern abstract="true" id="needs">
          <param name="flagged" value="'default'"/>
          <rule context="$node"><let name="x" value="$what"/><let name="nodes" value="2"/>
            <assert id="A" test="$x and $what-or/.. and $nodes = 2">$what misses in <name/>
              <value-of select="$flagged, string('$')"/></assert></rule></pattern>
        <pattern is-a="needs" id="lines"><param name="node " value="s:line"/>
          <param name="what" value="s:code"/><param name="what-or" value="s:amount|@no"/></pattern>
        <pattern is-a="needs" id="orders"><title>Orders</title><param name="what" value="@total"/>
          <param name="what-or" value="s:id"/><param name="node" value="s:order"/>
          <param name="flagged" value="'$what'"/></pattern>""",
    )
    texts = [" ".join(each.text.split()) for each in run(form)]
    assert texts == ["$what misses in line default $", "$what misses in order $what $"]
    assert [(each.id, each.name) for each in form.patterns] == [
        ("lines", None),
        ("orders", "Orders"),
    ]


def test_an_abstract_rule_gives_its_lets_and_checks(tmp_path) -> None:
    form = form_of(
        tmp_path,
        """<pattern><rule abstract="true" id="base"><let name="v" value="string(.)"/>
            <report id="A" test="$v != ''">base</report></rule>
          <rule abstract="true" id="more"><extends rule="base"/>
            <report id="B" test="true()"><value-of select="$v"/></report></rule>
          <rule context="s:id"><extends rule="more"/><report id="C" test="true()">.</report></rule>
        </pattern>
        <pattern><rule context="s:code"><extends rule="base"/></rule></pattern>
        <pattern><rule abstract="true" id="base"><report id="Z" test="true()">own</report></rule>
          <rule context="s:id"><extends rule="base"/></rule></pattern>""",
    )
    assert ids(run(form)) == ["A", "B", "C", "A", "A", "Z"]


FUNCTIONS = f"""<xsl:function {XSL} name="f:digits" as="xs:boolean" xmlns:f="urn:f">
      <xsl:param name="text" as="xs:string?"/>
      <xsl:variable name="length" select="string-length($text)"/>
      <xsl:choose>
        <xsl:when test="$length = 0"><xsl:value-of select="false()"/></xsl:when>
        <xsl:when test="$length = 4">
          <xsl:variable name="length" select="string-length(translate($text, '.', ''))"/>
          <xsl:sequence select="$length = 3"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="matches($text, '^[0-9]+$')"/></xsl:otherwise>
      </xsl:choose></xsl:function>
    <ns prefix="f" uri="urn:f"/>
    <pattern><rule context="s:amount"><assert id="A" test="f:digits(.)">
      <value-of select="."/></assert></rule></pattern>"""


def test_a_function_of_choices_and_variables_is_an_expression(tmp_path) -> None:
    form = form_of(tmp_path, FUNCTIONS)
    (function,) = form.functions
    assert function.result != INSTRUCTIONS
    assert [each.text.strip() for each in run(form)] == ["much"]


LETTERS = f"""<xsl:function {XSL} name="f:letters" as="xs:boolean" xmlns:f="urn:f">
      <xsl:param name="text"/><xsl:variable name="known">abcdefghijklm</xsl:variable>
      <xsl:variable name="rest" as="xs:integer"><xsl:value-of
        select="string-length(translate($text, $known, ''))"/></xsl:variable>
      <xsl:sequence select="$rest = 2"/></xsl:function>
    <ns prefix="f" uri="urn:f"/>
    <pattern><rule context="s:amount"><report id="A" test="f:letters(.)">
      <value-of select="."/></report></rule></pattern>"""


def test_variables_with_content_are_expressions(tmp_path) -> None:
    form = form_of(tmp_path, LETTERS)
    assert [each.text.strip() for each in run(form)] == ["10"]


WORDS = """<ns prefix="f" uri="urn:f"/>
    <xsl:function name="f:word" xmlns:f="urn:f" as="xs:string?"><xsl:param name="of"/>
      <xsl:variable name="n" as="xs:integer"><xsl:sequence select="1 + count($of)"/></xsl:variable>
      <xsl:if test="$n = 2"><xsl:choose><xsl:when test="$of = 10">ten</xsl:when>
        <xsl:when test="$of = 2.5"><xsl:text>half </xsl:text></xsl:when></xsl:choose></xsl:if>
    </xsl:function>
    <pattern><rule context="s:amount"><report id="A" test="true()">
      <value-of select="f:word(.[. castable as xs:decimal])"/>|</report></rule></pattern>"""


def test_texts_and_missing_branches_are_expressions(tmp_path) -> None:
    form = form_of(tmp_path, WORDS)
    assert ["".join(each.text.split()) for each in run(form)] == ["ten|", "half|", "|"]


@pytest.mark.parametrize(
    "variable",
    [
        '<xsl:variable name="v"><xsl:value-of select="1"/></xsl:variable>',
        '<xsl:variable name="v">12.50</xsl:variable>',
        '<xsl:variable name="v"><xsl:copy-of select="$x"/></xsl:variable>',
        '<xsl:variable name="v" as="item()*"><xsl:value-of select="$x"/></xsl:variable>',
    ],
)
def test_a_variable_that_makes_a_document_is_no_expression(variable, tmp_path) -> None:
    body = f"""<ns prefix="f" uri="urn:f"/><xsl:function name="f:f" xmlns:f="urn:f">
        <xsl:param name="x"/>{variable}<xsl:sequence select="$v"/></xsl:function>"""
    (function,) = form_of(tmp_path, body).functions
    assert function.result == INSTRUCTIONS


INSTRUCTED = """<ns prefix="f" uri="urn:f"/>
    <xsl:function name="f:twice" xmlns:f="urn:f" as="xs:string*"><xsl:param name="nodes"/>
      <xsl:for-each select="$nodes"><xsl:if test=". != '10'">
        <xsl:value-of select="."/><xsl:text> </xsl:text></xsl:if></xsl:for-each></xsl:function>
    <xsl:key name="by-no" match="s:line" use="@no"/>
    <pattern><rule context="s:order"><report id="A" test="key('by-no', '2')/s:code = 'X'">
      <value-of select="f:twice(//s:amount)" /></report></rule></pattern>"""


def test_what_no_expression_says_is_left_to_saxon(tmp_path) -> None:
    form = form_of(tmp_path, INSTRUCTED)
    (fired,) = by_saxon(form)
    assert fired.text.split() == ["2.50", "much"]
    with pytest.raises(Uncompilable):
        compile_ruleset(form)


def test_files_beside_the_rules_are_read(tmp_path) -> None:
    (tmp_path / "codes.xml").write_text("<codes><c>S</c></codes>")
    form = form_of(
        tmp_path,
        """<pattern><rule context="s:code"><assert id="A" test=". = document('codes.xml')/codes/c">
        <value-of select="."/></assert></rule></pattern>""",
    )
    (fired,) = run(form)
    assert fired.text.strip() == "X"


def pattern(inner: str) -> str:
    return f'<pattern><rule context="s:id">{inner}</rule></pattern>'


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("<patern/>", 3, "<patern>: not known at the top of a schema"),
        ('<let name="x" value="1"/>\n<let name="x" value="2"/>', 4, "two of this name"),
        (pattern("\n<assert id='A'>.</assert>"), 4, "<assert A>: lacks the attribute test"),
        (pattern("\n<assert test='a b'>.</assert>"), 4, "<assert>: .*'a b'"),
        (pattern("<assert test='q:a'>.</assert>"), 3, "prefix 'q' is not declared"),
        (pattern("<assert test='true()' subject='..'>.</assert>"), 3, "attribute subject"),
        (pattern("<assert test='true()'>a <b/></assert>"), 3, "<b>: not known in <assert>"),
        (pattern("<assert test='$x'>.</assert>"), 3, r"the variable \$x is not declared"),
        (pattern("<assert test='true()' diagnostics='d'>.</assert>"), 3, "no diagnostic 'd'"),
        (pattern("<assert test='s:f()'>.</assert>"), 3, "{urn:shop}f with 0 parameters"),
        (pattern("<assert test=\"key('k', 1)\">.</assert>"), 3, "declared key"),
        (pattern("<extends rule='r'/>"), 3, "no abstract rule 'r'"),
        (pattern("<let name='a'/>"), 3, "<let a>: lacks the attribute value"),
        (pattern("<let name='a' value='1'/><let name='a' value='1'/>"), 3, "the same name"),
        (pattern("<xsl:if test='1'/>"), 3, "<if>: not known in <rule>"),
        ("<pattern><rule id='r'/></pattern>", 3, "<rule r>: lacks the attribute context"),
        ("<pattern><rule context='1 + 1'/></pattern>", 3, "no match pattern"),
        ("<pattern><rule context='text()'/></pattern>", 3, "other nodes than elements"),
        ("<pattern documents='x'/>", 3, "the attribute documents is not known"),
        ("<pattern abstract='true'/>", 3, "needs an id"),
        ("<pattern abstract='yes' id='x'/>", 3, "neither true nor false"),
        ("<pattern is-a='none'/>", 3, "no abstract pattern 'none'"),
        (
            "<pattern abstract='true' id='x'/><pattern is-a='x'>\n<rule context='*'/></pattern>",
            4,
            "takes all from an abstract one",
        ),
        (
            "<pattern><rule abstract='true' id='a'>\n<extends rule='a'/></rule>"
            "<rule context='*'><extends rule='a'/></rule></pattern>",
            4,
            "'a' extends itself",
        ),
        ("<pattern><rule abstract='true' id='a' context='*'/></pattern>", 3, "has no context"),
        ("<phase id='x'><active pattern='none'/></phase>", 3, "no pattern 'none'"),
        ("<ns prefix='s' uri='urn:other'/>", 3, "prefix 's' means 'urn:other'"),
        (
            "<xsl:function name='s:f'>\n<xsl:message/></xsl:function>",
            4,
            "<message>: not known in <function s:f>",
        ),
        ("<xsl:function name='f'/>", 3, "needs a prefix"),
        (
            "<xsl:function name='s:f'>\n<xsl:value-of select='1' separator='{2}'/></xsl:function>",
            4,
            "computed separator",
        ),
        (
            "<xsl:function name='s:f'>\n<xsl:choose><xsl:if test='1'/></xsl:choose></xsl:function>",
            4,
            "<if>: not known in <choose>",
        ),
        ("<xsl:include href='x'/>", 3, "<include>: not known at the top"),
        (pattern("<assert test=\"document('../x.xml')\">.</assert>"), 3, "outside the folder"),
        (pattern("<assert test=\"doc('http://x/y')\">.</assert>"), 3, "outside the folder"),
        (pattern("<assert test='document(.)'>.</assert>"), 3, "written as one string"),
        (pattern("<assert test=\"document('x.xml')\">.</assert>"), 3, "no such file"),
        (pattern("<assert test=\"unparsed-text('x')\">.</assert>"), 3, "not part of the rule"),
        (
            "<xsl:function name='s:f'><xsl:for-each select=\"collection('x')\"/></xsl:function>",
            3,
            "not part of the rule set",
        ),
    ],
)
def test_a_broken_source_is_an_error_with_its_line(body, line, message, tmp_path) -> None:
    with pytest.raises(RuleSetError, match=message) as caught:
        form_of(tmp_path, body)
    assert caught.value.file == str((tmp_path / "rules.sch").resolve())
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("binding", "message"), [("", "'xslt' is not known"), ("stx", "'stx' is not known")]
)
def test_another_query_binding_is_refused(binding, message, tmp_path) -> None:
    with pytest.raises(RuleSetError, match=message):
        form_of(tmp_path, "", queryBinding=binding)


def test_a_phase_that_is_not_there_names_those_that_are(tmp_path) -> None:
    form_of(tmp_path, PHASES)
    with pytest.raises(RuleSetError, match="no phase 'x'; known: #ALL, one, two"):
        read_sch(tmp_path / "rules.sch", phase="x")


def test_no_schema(tmp_path) -> None:
    path = tmp_path / "rules.sch"
    with pytest.raises(InputNotReadable):
        read_sch(path)
    path.write_bytes(ORDER)
    with pytest.raises(RuleSetError, match="line 1: <order>: no ISO Schematron schema"):
        read_sch(path)
    path.write_text("<schema>\n<a></schema>")
    with pytest.raises(RuleSetError, match="line 2: not well-formed"):
        read_sch(path)


def test_an_unknown_construct_is_a_kind_of_its_own(tmp_path) -> None:
    with pytest.raises(UnknownConstruct):
        form_of(tmp_path, "<patern/>")
