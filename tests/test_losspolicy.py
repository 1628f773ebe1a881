"""Which losses are accepted, and what is refused."""

import pytest

import einvoice
from einvoice.errors import InputNotReadable, LossRefused, PolicyError, UsageError
from einvoice.formats.mapping import write_xml
from einvoice.losspolicy import load_policy
from einvoice.model import LineExtension
from tests.examples import plain_invoice

UUID = b"<cbc:UUID>7f0c-11</cbc:UUID>"


def with_uuid() -> bytes:
    data = write_xml("ubl-invoice", plain_invoice())
    return data.replace(b"<cbc:IssueDate>", UUID + b"<cbc:IssueDate>")


def policy(tmp_path, text: str):
    path = tmp_path / "accepted.toml"
    path.write_text(text)
    return load_policy(path)


def test_losses_are_reported_by_default() -> None:
    assert [loss.value for loss in einvoice.convert(with_uuid(), to="cii").losses] == ["7f0c-11"]


def test_any_loss_can_be_refused() -> None:
    with pytest.raises(LossRefused, match="1 values would be lost: .*UUID '7f0c-11'") as refused:
        einvoice.convert(with_uuid(), to="cii", on_loss="refuse")
    assert [loss.value for loss in refused.value.losses] == ["7f0c-11"]


def test_what_is_no_term_of_the_standard_is_not_fatal() -> None:
    assert einvoice.convert(with_uuid(), to="cii", on_loss="refuse-fatal").losses


def test_a_lost_term_is_fatal() -> None:
    source = write_xml("ubl-invoice", plain_invoice(payment_terms="30 days"))
    with pytest.raises(LossRefused, match="BT-20 '30 days'"):
        einvoice.convert(source, to="cii", profile="minimum", on_loss="refuse-fatal")


def test_what_is_filled_is_not_lost() -> None:
    source = write_xml("cii", plain_invoice(sales_order_reference="S"))
    assert einvoice.convert(source, to="ubl", on_loss="refuse").losses


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ('[[accept]]\npath = "*/cbc:UUID"\nreason = "nobody reads it"', True),
        ('[[accept]]\nkind = "dropped"\nreason = "all"', True),
        ('[[accept]]\npath = "/ubl:Invoice/cbc:UUID"\nkind = "dropped"\nreason = "x"', True),
        ('[[accept]]\nterm = "BT-20"\nreason = "other"', False),
        ('[[accept]]\npath = "*/cbc:UUID"\nkind = "filled"\nreason = "other"', False),
        ("", False),
    ],
)
def test_a_policy_accepts_what_has_all_that_it_names(tmp_path, text, accepted) -> None:
    options = {"to": "cii", "on_loss": "refuse", "policy": policy(tmp_path, text)}
    if accepted:
        assert einvoice.convert(with_uuid(), **options).losses
    else:
        with pytest.raises(LossRefused):
            einvoice.convert(with_uuid(), **options)


def test_an_index_in_a_path_is_itself(tmp_path) -> None:
    line = plain_invoice().lines[0]
    extension = LineExtension(sub_lines=(line,))
    changed = plain_invoice(lines=(type(line)(**{**_fields(line), "extension": extension}),))
    found = policy(
        tmp_path, '[[accept]]\npath = "*/cac:InvoiceLine[1]/*"\nreason = "only with an index"'
    )
    (loss, *_) = einvoice.convert(write_xml("ubl-invoice", changed), to="cii").losses
    assert not found.accepts(loss)


def _fields(struct) -> dict:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("accept = 1", "Expected `array`"),
        ("[[accept]]\nreason = 'x'", "accept 1 names no term, path or kind"),
        ("[[accept]]\nterm = 'BT-1'\nreason = ' '", "accept 1 has no reason"),
        ("[[accept]]\nterm = 'BT-1'", "missing required field `reason`"),
        ("[[accept]]\nterms = 'BT-1'\nreason = 'x'", "unknown field `terms`"),
        ("[[accept]]\nkind = 'gone'\nreason = 'x'", "Invalid enum value 'gone'"),
        ("[[", "cannot be used as a policy"),
    ],
)
def test_a_policy_that_is_not_understood_is_named(tmp_path, text, reason) -> None:
    with pytest.raises(PolicyError, match=reason) as refused:
        policy(tmp_path, text)
    assert "accepted.toml" in str(refused.value)


def test_a_policy_that_is_not_there(tmp_path) -> None:
    with pytest.raises(InputNotReadable, match=r"none\.toml"):
        load_policy(tmp_path / "none.toml")


def test_an_unknown_way_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="report, refuse, refuse-fatal"):
        einvoice.convert(with_uuid(), to="cii", on_loss="ignore")


def test_who_asks_for_a_profile_asks_for_its_identifier() -> None:
    source = write_xml("ubl-invoice", plain_invoice())
    conversion = einvoice.convert(source, to="cii", profile="extended", on_loss="refuse")
    assert [loss.term for loss in conversion.losses] == ["BT-24"]
