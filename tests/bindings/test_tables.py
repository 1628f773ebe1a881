import pytest
from msgspec.structs import replace

from einvoice.bindings import cii, ubl
from einvoice.bindings.table import Field, Group, Quirk, bound_paths
from einvoice.bindings.tree import CODES, compile_table
from einvoice.formats.mapping import TABLES, _for_writing
from einvoice.model.terms import BY_PATH, TERMS

#: Terms that a syntax cannot hold, with the reason. Both hold all of them.
NOT_HELD: dict[str, dict[str, str]] = {"UBL Invoice": {}, "UBL CreditNote": {}, "CII": {}}

ALL = (ubl.INVOICE, ubl.CREDIT_NOTE, cii.INVOICE)


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_term_is_bound(table) -> None:
    bound = bound_paths(table)
    missing = {term.id for term in TERMS if term.datatype != "Group" and term.path not in bound}
    assert missing == set(NOT_HELD[table.name])


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_what_is_bound_is_a_term(table) -> None:
    """But for the groups of an identifier or attachment, whose parts are terms."""
    terms = tuple(BY_PATH)
    unknown = [path for path in bound_paths(table) if path not in BY_PATH]
    parts = [path for path in unknown if any(t.startswith(f"{path}.") for t in terms)]
    versions = [path for path in unknown if path.endswith(".scheme_version")]
    assert set(unknown) == {*parts, *versions}


@pytest.mark.parametrize("syntax", TABLES)
def test_every_path_exists_in_the_official_schema(syntax) -> None:
    _for_writing(syntax)  # raises KeyError for an element that the schema does not know


def test_at_most_ten_quirks_for_each_syntax() -> None:
    from einvoice.bindings import cii_quirks, ubl_quirks, zugferd1_quirks

    for module in (ubl_quirks, cii_quirks, zugferd1_quirks):
        assert sum(isinstance(value, Quirk) for value in vars(module).values()) <= 10


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Field("nonsense", "cbc:ID"), "has no 'nonsense'"),
        (Field("number", "cbc:ID"), "bound twice"),
        (Field("number", "cbc:UUID["), "no predicate"),
        (Field("number", "foo:ID"), "no step"),
        (Group("seller.nonsense", "cac:X", []), "has no 'nonsense'"),
    ],
)
def test_a_wrong_row_is_refused_by_name(row, message) -> None:
    with pytest.raises(ValueError, match=message):
        compile_table(replace(ubl.INVOICE, rows=[*ubl.INVOICE.rows, row]))


def test_an_element_unknown_to_the_schema_is_refused() -> None:
    from einvoice.artefacts import locate
    from einvoice.bindings.writer import arrange
    from einvoice.xml.order import child_order
    from einvoice.xml.xsd import schema_named

    wrong = replace(ubl.INVOICE, rows=[Field("number", "cbc:PriceAmount")])
    compiled = compile_table(wrong)
    files = [locate(file) for file in schema_named(wrong.schema).files]
    with pytest.raises(KeyError, match="PriceAmount"):
        arrange(compiled.root, child_order(files[0]))


def test_every_code_is_read_as_a_code() -> None:
    codes = {t.path.rpartition(".")[2] for t in BY_PATH.values() if t.datatype == "Code"}
    assert codes == CODES - {"scheme_version"} | (codes & {"scheme_version"})
    texts = {t.path for t in BY_PATH.values() if t.datatype not in ("Code", "Group")}
    assert [path for path in texts if path.rpartition(".")[2] in CODES] == []
