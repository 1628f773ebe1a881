"""Sources of several files: what is included is in its folder, and ends."""

import pytest
from rule_examples import SCH, form_of, ids, part, run, write

from einvoice.schematron.read_sch import RuleSetError, read_sch

RULE = '<rule context="s:id"><report id="{0}" test="true()">{0}</report></rule>'


def test_includes_of_all_kinds_at_all_levels(tmp_path) -> None:
    part(tmp_path, "parts/pattern.sch", '<pattern><include href="rules/rule.sch"/></pattern>')
    part(tmp_path, "parts/rules/rule.sch", RULE.format("A"))
    part(tmp_path, "parts/two.sch", f'<pattern id="x">{RULE.format("B")}</pattern>')
    part(tmp_path, "let.sch", '<let name="n" value="1"/>')
    form = form_of(
        tmp_path,
        """<include href="parts/pattern.sch"/><include href="let.sch"/>
        <include href="parts/two.sch#x"/>
        <pattern><rule context="s:id"><report id="C" test="$n = 1">.</report></rule></pattern>""",
    )
    assert ids(run(form)) == ["A", "B", "C"]
    names = [path.removeprefix(f"{tmp_path.resolve()}/") for path in form.includes]
    assert names == ["parts/pattern.sch", "parts/rules/rule.sch", "let.sch", "parts/two.sch"]
    (rule,) = form.patterns[0].rules
    assert (rule.file, rule.line) == (str((tmp_path / "parts/rules/rule.sch").resolve()), 1)
    assert form.patterns[2].rules[0].file is None


def test_the_hash_is_of_all_files(tmp_path) -> None:
    part(tmp_path, "let.sch", '<let name="n" value="1"/>')
    first = form_of(tmp_path, '<include href="let.sch"/>')
    assert first == read_sch(tmp_path / "rules.sch")
    part(tmp_path, "let.sch", '<let name="n" value="2"/>')
    assert read_sch(tmp_path / "rules.sch").sha256 != first.sha256


def test_an_element_of_another_file_gives_its_content(tmp_path) -> None:
    library = (
        f'<rules>{RULE.format("A")}<rule id="r"><report id="B" test="1">.</report></rule></rules>'
    )
    part(tmp_path, "library.sch", library)
    form = form_of(
        tmp_path,
        '<pattern><rule context="s:id"><extends href="library.sch#r"/></rule></pattern>',
    )
    assert ids(run(form)) == ["B"]
    assert form.patterns[0].rules[0].checks[0].file == str((tmp_path / "library.sch").resolve())


def test_a_function_may_be_included(tmp_path) -> None:
    (tmp_path / "f.xsl").write_text(
        '<xsl:function xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:f="urn:f" '
        'name="f:one" as="xs:boolean"><xsl:sequence select="true()"/></xsl:function>'
    )
    form = form_of(
        tmp_path,
        """<ns prefix="f" uri="urn:f"/><include href="f.xsl"/>
        <pattern><rule context="s:id"><report id="A" test="f:one()">.</report></rule></pattern>""",
    )
    assert ids(run(form)) == ["A"]
    assert str(tmp_path) not in form.functions[0].written


@pytest.mark.parametrize(
    "href",
    [
        "../secret.sch",
        "/etc/passwd",
        "http://localhost/x.sch",
        "file:///etc/passwd",
        "parts/../../secret.sch",
        "link/secret.sch",
    ],
)
def test_nothing_outside_the_folder_is_included(href, tmp_path) -> None:
    part(tmp_path, "secret.sch", "<pattern></pattern>")
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(RuleSetError, match="not inside the folder|cannot be opened|whole schema"):
        form_of(folder, f'<include href="{href}"/>')


def test_an_include_below_may_climb_up_to_the_folder_only(tmp_path) -> None:
    folder = tmp_path / "rules"
    part(tmp_path, "secret.sch", RULE.format("A"))
    part(folder, "rule.sch", RULE.format("A"))
    part(folder, "sub/good.sch", '<pattern><include href="../rule.sch"/></pattern>')
    part(folder, "sub/bad.sch", '<pattern><include href="../../secret.sch"/></pattern>')
    assert ids(run(form_of(folder, '<include href="sub/good.sch"/>'))) == ["A"]
    with pytest.raises(RuleSetError, match=r"bad\.sch, line 1: <include>: .* not inside"):
        form_of(folder, '<include href="sub/bad.sch"/>')


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(RuleSetError, match=r"line 3: <include>: none\.sch cannot be opened"):
        form_of(tmp_path, '<include href="none.sch"/>')


def test_an_error_in_an_included_file_names_that_file(tmp_path) -> None:
    text = '<pattern>\n<rule context="s:id"><assert test="$x">.</assert></rule></pattern>'
    path = part(tmp_path, "part.sch", text)
    with pytest.raises(RuleSetError, match="the variable") as caught:
        form_of(tmp_path, '<include href="part.sch"/>')
    assert (caught.value.file, caught.value.line) == (str(path.resolve()), 2)
    path.write_text("<pattern>")
    with pytest.raises(RuleSetError, match=r"part\.sch, line 1: not well-formed"):
        read_sch(tmp_path / "rules.sch")


def test_a_schema_or_a_missing_element_is_not_included(tmp_path) -> None:
    write(tmp_path, "", name="other.sch")
    with pytest.raises(RuleSetError, match="a whole schema"):
        form_of(tmp_path, '<include href="other.sch"/>')
    with pytest.raises(RuleSetError, match="no element 'x' in 'other.sch'"):
        form_of(tmp_path, '<include href="other.sch#x"/>')
    with pytest.raises(RuleSetError, match="cannot take the content of <schema>"):
        form_of(tmp_path, '<pattern><extends href="other.sch"/></pattern>')


def test_an_include_that_does_not_end_is_refused(tmp_path) -> None:
    part(tmp_path, "a.sch", '<pattern><include href="b.sch"/></pattern>')
    part(tmp_path, "b.sch", '<rule context="*"><include href="a.sch"/></rule>')
    with pytest.raises(RuleSetError, match="includes itself"):
        form_of(tmp_path, '<include href="a.sch"/>')
    with pytest.raises(RuleSetError, match="includes itself"):
        form_of(tmp_path, '<include href="rules.sch"/>')


def test_files_that_multiply_are_refused(tmp_path) -> None:
    for n in range(15):
        twice = f'<include href="{n + 1}.sch"/>' * 2
        part(tmp_path, f"{n}.sch", f'<phase id="x">{twice}</phase>')
    part(tmp_path, "15.sch", "<p></p>")
    with pytest.raises(RuleSetError, match="parts are put together"):
        form_of(tmp_path, '<include href="0.sch"/>')


def test_rules_that_multiply_are_refused(tmp_path) -> None:
    rules = "".join(
        f'<rule abstract="true" id="r{n}">'
        f'<extends rule="r{n + 1}"/><extends rule="r{n + 1}"/></rule>'
        for n in range(20)
    )
    last = '<rule abstract="true" id="r20"/><rule context="*"><extends rule="r0"/></rule>'
    with pytest.raises(RuleSetError, match="parts are put together"):
        form_of(tmp_path, f"<pattern>{rules}{last}</pattern>")


def test_a_doctype_is_refused(tmp_path) -> None:
    path = tmp_path / "rules.sch"
    path.write_text(
        f'<!DOCTYPE schema [<!ENTITY x SYSTEM "/etc/passwd">]><schema {SCH}>&x;</schema>'
    )
    with pytest.raises(RuleSetError, match="DTD"):
        read_sch(path)
