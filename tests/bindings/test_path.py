import pytest

from einvoice.bindings.path import parse_path

SPACES = {"a": "urn:a", "b": "urn:b"}


def test_steps_attribute_and_repetition() -> None:
    path = parse_path("a:One+/b:Two/@code", SPACES)
    assert [(step.tag, step.repeats) for step in path.steps] == [
        ("{urn:a}One", True),
        ("{urn:b}Two", False),
    ]
    assert path.attribute == "code"


@pytest.mark.parametrize("kind", ["=", "!=", ":="])
def test_predicates(kind) -> None:
    (step,) = parse_path(f"a:One[b:Two/a:ID/@scheme{kind}'VA/T']", SPACES).steps
    (predicate,) = step.predicates
    assert (predicate.steps, predicate.attribute) == (("{urn:b}Two", "{urn:a}ID"), "scheme")
    assert (predicate.kind, predicate.value) == (kind, "VA/T")


def test_the_element_itself() -> None:
    assert parse_path(".", SPACES).steps == ()


@pytest.mark.parametrize(
    "text", ["One", "c:One", "a:One[b:Two]", "a:One[b:Two<'1']", "a:", "//a:B"]
)
def test_what_is_no_path_is_refused(text) -> None:
    with pytest.raises(ValueError, match="is no"):
        parse_path(text, SPACES)
