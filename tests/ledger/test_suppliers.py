"""The supplier master: the table, and the ledger that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from einvoice.checks.history import Supplier
from einvoice.errors import InputNotReadable, TableError
from einvoice.ledger import Ledger, upkeep
from einvoice.ledger.suppliers import read_suppliers, replace_suppliers
from einvoice.model import Identifier, Seller
from tests.examples import plain_invoice
from tests.ledger.test_ledger import IBANS, paid_to, seen

TABLE = f"""id;name;vat;registration;iban;terms;blocked;whole_series
S-1;Atelier Vauban;FR83404833048;404833048;BE71 0961 2345 6769 {IBANS[1]};45 EOM;no;yes
S-2;Müller & Söhne;DE136695976;;;30;yes;
"""
VAUBAN = Supplier(
    id="S-1",
    name="Atelier Vauban",
    vat_number="FR83404833048",
    registration="404833048",
    accounts=IBANS,
    days=45,
    month_end=True,
    whole_series=True,
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "suppliers.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_table_is_read(table: Path) -> None:
    vauban, mueller = read_suppliers(table)
    assert vauban == VAUBAN
    assert (mueller.days, mueller.blocked, mueller.accounts) == (30, True, ())


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("registration", "registraton", "line 1: .*did you mean 'registration'"),
        ("name;", "", "line 1: the column 'name' is missing"),
        ("FR83404833048", "FR83404833047", "line 2: vat 'FR83404833047' is no VAT number"),
        ("BE71 0961", "BE72 0961", "line 2: iban 'BE72096123456769' is no IBAN"),
        ("45 EOM", "45 days", "line 2: terms '45 days' is no term such as 30 or 45 eom"),
        (";no;yes", ";nein;yes", "line 2: blocked 'nein' is neither yes nor no"),
        ("S-2;", "S-1;", "line 3: the id 'S-1' is there twice"),
        ("DE136695976", "", "line 3: neither vat nor registration"),
        ("S-2;", ";", "line 3: id is empty"),
        ("yes\nS-2", "yes;1\nS-2", "line 2: has 9 fields, expected 8"),
    ],
)
def test_a_table_with_a_fault_is_refused(table: Path, before: str, after: str, fault: str) -> None:
    table.write_text(TABLE.replace(before, after), encoding="utf-8")
    with pytest.raises(TableError, match=fault):
        read_suppliers(table)


def test_a_table_in_another_encoding_is_refused(table: Path) -> None:
    table.write_bytes(TABLE.encode("cp1252"))
    with pytest.raises(TableError, match="line 3: the text is no UTF-8; save the table as CSV"):
        read_suppliers(table)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputNotReadable):
        read_suppliers(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "seller",
    [
        Seller(name="x", vat_identifier="FR83404833048"),
        Seller(name="x", legal_registration=Identifier(value="40483304800022", scheme="0009")),
        Seller(name="x", legal_registration=Identifier(value="404833048")),
    ],
)
def test_a_seller_is_found_in_the_master(ledger: Ledger, table: Path, seller: Seller) -> None:
    replace_suppliers(ledger.database, read_suppliers(table))
    past = ledger.observe(seen(plain_invoice(seller=seller)))
    assert past.master is not None
    (found,) = past.master.suppliers
    assert sorted(found.accounts) == sorted(IBANS)
    assert found.id == "S-1"


def test_a_stranger_is_not_in_the_master_and_may_use_an_account_of_it(
    ledger: Ledger, table: Path
) -> None:
    replace_suppliers(ledger.database, read_suppliers(table))
    stranger = plain_invoice(seller=Seller(name="Atelier Vauban"), payment=paid_to(IBANS[1]))
    past = ledger.observe(seen(stranger))
    assert past.master is not None
    assert past.master.suppliers == ()
    assert past.master.owners == ((IBANS[1], "Atelier Vauban"),)


def test_a_new_master_takes_the_place_of_the_old_one(ledger: Ledger, table: Path) -> None:
    replace_suppliers(ledger.database, read_suppliers(table))
    table.write_text("id,name,registration\n7,Other,12345\n")
    replace_suppliers(ledger.database, read_suppliers(table))
    assert upkeep.counts(ledger.database).suppliers == 1
    past = ledger.observe(seen(plain_invoice()))
    assert past.master is not None
    assert past.master.suppliers == ()
