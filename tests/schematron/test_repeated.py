"""What a rule's checks repeat is evaluated once, and means the same."""

from pathlib import Path

from rule_examples import form_of, ids, run

from einvoice.schematron.repeated import shared
from einvoice.schematron.xpath.parser import parse_expression

PATH = "line[normalize-space(upper-case(code)) = 'S']/amount"


def parsed(*tests: str):
    return [parse_expression(test, {}) for test in tests]


def test_a_path_in_two_checks_is_one_variable() -> None:
    tests, lets = shared(parsed(f"{PATH} = 1", f"sum({PATH}) > 2"))
    assert [let.value for let in lets] == parsed(PATH)
    assert "shared 0" in repr(tests[0])
    assert "shared 0" in repr(tests[1])


def test_what_is_short_or_stands_alone_stays() -> None:
    tests = parsed("a = 1", "a = 2", f"{PATH} = 1")
    assert shared(tests) == (tuple(tests), ())


def test_what_depends_on_a_loop_or_on_another_node_stays() -> None:
    looped = f"every $x in line satisfies $x/{PATH} = $x/{PATH}"
    inner = f"line[{PATH} = 1]/x[{PATH} = 1]"
    for test in (looped, inner):
        assert shared(parsed(test)) == (tuple(parsed(test)), ())


def test_a_loop_may_hide_a_variable_of_that_name() -> None:
    test = f"$x/{PATH} = 1 and $x/{PATH} = 2 and (some $x in y satisfies $x/{PATH} = 3)"
    (changed,), lets = shared(parsed(f"./*[1] = 1 and {test}"))
    assert len(lets) <= 1
    assert repr(changed).count("'shared 0'") in (0, 2)


def test_a_part_that_fails_costs_only_what_needs_it(tmp_path: Path) -> None:
    path = "s:line[normalize-space(upper-case(s:code)) = ('S', '')]/xs:decimal(s:amount)"
    checks = [f"sum({path}) &gt; 1", f"count({path}) = 3", "count(s:line) = 3", "s:id = 'no'"]
    body = "".join(f'<assert id="c{n}" test="{test}">x</assert>' for n, test in enumerate(checks))
    form = form_of(tmp_path, f'<pattern><rule context="s:order">{body}</rule></pattern>')
    assert sorted(map(str, ids(run(form)))) == ["c0", "c1", "c3"]


def test_an_operand_that_fails_may_not_matter(tmp_path: Path) -> None:
    bad = "xs:decimal(s:line[3]/s:amount) &gt; 0"
    checks = {
        "passes": f"{bad} or s:id = 'A-1'",
        "fails": f"{bad} and s:id = 'B-1'",
        "stops": f"{bad} and s:id = 'A-1'",
        "stops, too": f"{bad} or s:id = 'B-1'",
        "order": f"s:id = 'A-1' or {bad}",
    }
    body = "".join(f'<assert id="{name}" test="{test}">x</assert>' for name, test in checks.items())
    form = form_of(tmp_path, f'<pattern><rule context="s:order">{body}</rule></pattern>')
    found = {each.rule: each.kind.value for each in run(form)}
    assert found == {"fails": "assert", "stops": "abort", "stops, too": "abort"}
