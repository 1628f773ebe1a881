import msgspec
import pytest

from einvoice.bindings.plan import type_at
from einvoice.model import Attachment, Identifier, Invoice
from einvoice.model.extension_terms import EXTENSION_TERMS
from einvoice.model.terms import BY_ID, BY_PATH, TERMS, term_of

GROUP_ONLY = {"scheme_version"}  # BT-158-2, on no other identifier
ALL = (*TERMS, *EXTENSION_TERMS)


def test_every_number_of_the_standard_is_there_once() -> None:
    assert [f"BT-{n}" for n in range(1, 166) if f"BT-{n}" not in BY_ID] == ["BT-4"]
    assert all(f"BG-{n}" in BY_ID for n in range(1, 33))
    assert len(BY_ID) == len(TERMS)
    assert len(BY_PATH) == len(ALL)


def test_the_numbers_of_extensions_are_unique() -> None:
    numbers = [term.id for term in EXTENSION_TERMS if term.id]
    assert len(set(numbers)) == len(numbers) > 20
    assert not set(numbers) & set(BY_ID)


def test_lines_of_lines_have_the_terms_of_lines() -> None:
    found = term_of("lines[3].extension.sub_lines[0].extension.sub_lines[12].price.net")
    assert found is not None
    assert found.id == "BT-146"
    assert term_of("lines[0].extension.sub_lines[0].nonsense") is None


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.id or term.path)
def test_each_term_has_its_place_in_the_model(term) -> None:
    kind, many = type_at(Invoice, term.path.replace("[]", ""))
    assert many == term.path.endswith("[]")
    assert issubclass(kind, msgspec.Struct) == (term.datatype == "Group")


def test_each_place_of_the_model_is_a_term() -> None:
    unnamed = [path for path in _leaves(Invoice, "") if path not in BY_PATH]
    assert [path for path in unnamed if path.rpartition(".")[2] not in GROUP_ONLY] == []


def _leaves(kind, prefix):
    for name in kind.__struct_fields__:
        if name == "sub_lines":
            continue  # their terms are those of lines
        inner, many = type_at(kind, name)
        path = f"{prefix}{name}{'[]' if many else ''}"
        if issubclass(inner, msgspec.Struct):
            if inner not in (Identifier, Attachment):
                assert path in BY_PATH
            yield from _leaves(inner, f"{path}.")
        else:
            yield path
