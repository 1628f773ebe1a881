"""What a ledger keeps and tells, in SQLite and in PostgreSQL."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec.structs import replace
from sqlalchemy import text

from einvoice.checks.fingerprint import fingerprint
from einvoice.checks.history import History, Sighted
from einvoice.errors import LedgerError
from einvoice.ledger import Ledger, upkeep
from einvoice.ledger.tables import METADATA
from einvoice.model import (
    CreditTransfer,
    Identifier,
    Invoice,
    PaymentInstructions,
    PrecedingInvoice,
    Seller,
)
from tests.examples import plain_invoice

IBANS = ("BE71096123456769", "BE43068999999501")


def paid_to(account: str) -> PaymentInstructions:
    return PaymentInstructions(credit_transfers=(CreditTransfer(account=account),))


def seen(invoice: Invoice, name: str = "a.xml", **changes: Any) -> Sighted:
    digest = hashlib.sha256(msgspec.json.encode(invoice)).hexdigest()
    return Sighted(print=fingerprint(invoice), digest=digest, name=name, **changes)


def numbers(history: History) -> list[str]:
    return [each.print.number for each in history.alike]


def test_the_first_document_finds_nothing(ledger: Ledger) -> None:
    past = ledger.observe(seen(plain_invoice()))
    assert past == History(print=fingerprint(plain_invoice()))


def test_what_was_seen_is_told_as_it_was(ledger: Ledger) -> None:
    first = plain_invoice(payment=paid_to(IBANS[0]))
    ledger.observe(seen(first, invalid=True))
    past = ledger.observe(seen(replace(first, buyer_reference="again"), "b.xml"))
    (told,) = past.alike
    assert (told.name, told.seen, told.invalid) == ("a.xml", date.today(), True)
    assert told.print == fingerprint(first)
    assert (told.same_bytes, told.same_seller, told.cancelled) == (False, True, False)


def test_a_valid_document_shows_habits_of_its_seller(ledger: Ledger) -> None:
    first = plain_invoice(payment=paid_to(IBANS[0]))
    ledger.observe(seen(first))
    past = ledger.observe(seen(plain_invoice(number="2"), "b.xml"))
    (bill,) = past.recent
    assert (bill.number, bill.issued, bill.gross) == ("2026-0042", first.issue_date, Decimal(240))
    assert [use.account for use in past.accounts] == [IBANS[0]]
    assert past.treatments == {("S", "20")}


def test_an_invalid_document_shows_no_habits_until_it_is_found_valid(ledger: Ledger) -> None:
    first = plain_invoice(payment=paid_to(IBANS[0]))
    ledger.observe(seen(first, invalid=True))
    later = seen(plain_invoice(number="2"), "b.xml")
    past = ledger.observe(later)
    assert (past.recent, past.accounts, past.treatments) == ((), (), frozenset())
    ledger.observe(seen(first, invalid=False))
    past = ledger.observe(later)
    assert len(past.recent) == len(past.accounts) == len(past.treatments) == 1


def test_a_document_that_is_seen_again_changes_nothing(ledger: Ledger) -> None:
    documents = [
        seen(plain_invoice(number=f"{n}", payment=paid_to(IBANS[n % 2])), f"{n}.xml")
        for n in range(5)
    ]
    first = [ledger.observe(each) for each in documents]
    rows = list(upkeep.documents(ledger.database))
    again = [ledger.observe(each) for each in documents]
    assert again == first
    assert list(upkeep.documents(ledger.database)) == rows
    assert ledger.record_all(documents) == 0


def test_a_new_verdict_of_a_document_is_kept(ledger: Ledger) -> None:
    ledger.observe(seen(plain_invoice(), invalid=True))
    ledger.observe(seen(plain_invoice(), invalid=False))
    (kept,) = upkeep.documents(ledger.database)
    assert not kept.invalid


def test_the_same_bytes_under_another_name_are_another_document(ledger: Ledger) -> None:
    ledger.observe(seen(plain_invoice()))
    (told,) = ledger.observe(seen(plain_invoice(), "b.xml")).alike
    assert told.same_bytes


def test_what_comes_later_is_not_told_to_what_came_before(ledger: Ledger) -> None:
    old = seen(plain_invoice(), "old.xml")
    ledger.observe(old)
    new = plain_invoice(number="2026-42", payment=paid_to(IBANS[1]))
    assert numbers(ledger.observe(seen(new, "new.xml"))) == ["2026-0042"]
    assert ledger.observe(old) == History(print=old.print)


@pytest.mark.parametrize(
    "seller",
    [
        Seller(name="Another name", vat_identifier="FR83404833048"),
        Seller(legal_registration=Identifier(value="404833048", scheme="0002")),
        Seller(legal_registration=Identifier(value="404 833 048 00022", scheme="0009")),
    ],
)
def test_a_seller_is_known_by_any_of_its_identifiers(ledger: Ledger, seller: Seller) -> None:
    ledger.observe(seen(plain_invoice()))
    (told,) = ledger.observe(seen(plain_invoice(seller=seller), "b.xml")).alike
    assert told.same_seller


def test_two_sirens_are_two_sellers_though_they_share_a_vat_number(ledger: Ledger) -> None:
    """Members of a VAT group do."""
    for name, siren in (("a", "404833048"), ("b", "732829320")):
        seller = replace(
            plain_invoice().seller, legal_registration=Identifier(value=siren, scheme="0002")
        )
        past = ledger.observe(seen(plain_invoice(seller=seller), name))
        assert not any(told.same_seller for told in past.alike)


def test_a_seller_without_any_name_is_like_no_other(ledger: Ledger) -> None:
    unnamed = plain_invoice(seller=Seller(), number="1", lines=())
    ledger.observe(seen(unnamed))
    past = ledger.observe(seen(replace(unnamed, buyer_reference="b"), "b.xml"))
    assert not any(told.same_seller for told in past.alike)


def test_a_credit_note_cancels_what_it_names(ledger: Ledger) -> None:
    first = plain_invoice()
    ledger.observe(seen(first))
    note = plain_invoice(
        number="AV-1", type_code="381", preceding_invoices=(PrecedingInvoice(number="2026-0042"),)
    )
    ledger.observe(seen(note, "note.xml"))
    past = ledger.observe(seen(plain_invoice(number="2026-0043"), "new.xml"))
    assert {t.print.number: t.cancelled for t in past.alike} == {"2026-0042": True, "AV-1": False}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"number": "20260042"}, True),
        ({"number": "X", "issue_date": date(2026, 10, 8)}, True),
        ({"number": "X", "issue_date": date(2026, 10, 9)}, False),
        ({"number": "X", "currency": "USD", "lines": ()}, True),
        ({"issue_date": date(2024, 1, 1)}, True),
    ],
)
def test_what_is_alike_is_found(ledger: Ledger, changes: dict[str, Any], found: bool) -> None:
    ledger.observe(seen(plain_invoice()))
    past = ledger.observe(seen(plain_invoice(**changes), "b.xml"))
    assert bool(past.alike) is found


def test_accounts_are_told_in_the_order_of_sight(ledger: Ledger) -> None:
    other = Seller(name="Other", vat_identifier="DE136695976")
    for number, seller in enumerate((other, plain_invoice().seller)):
        invoice = plain_invoice(seller=seller, payment=paid_to(IBANS[0]))
        ledger.observe(seen(invoice, f"{number}"))
    past = ledger.observe(seen(plain_invoice(payment=paid_to(IBANS[0])), "b.xml"))
    assert [use.seller for use in past.accounts] == ["Other", "Atelier Vauban"]


def test_accounts_of_others_are_told(ledger: Ledger) -> None:
    ledger.observe(seen(plain_invoice(payment=paid_to(IBANS[0]))))
    other = Seller(name="Other", vat_identifier="DE136695976")
    past = ledger.observe(seen(plain_invoice(seller=other, payment=paid_to(IBANS[0])), "b.xml"))
    (use,) = past.accounts
    assert (use.account, use.seller, use.same_seller) == (IBANS[0], "Atelier Vauban", False)


def test_a_batch_is_kept_whole_or_not_at_all(ledger: Ledger) -> None:
    def documents() -> Any:
        yield seen(plain_invoice())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.record_all(documents())
    assert upkeep.counts(ledger.database).documents == 0


def test_forgetting_a_seller_leaves_the_others(ledger: Ledger) -> None:
    ledger.observe(seen(plain_invoice(payment=paid_to(IBANS[0]))))
    other = Seller(name="Other", vat_identifier="DE136695976")
    ledger.observe(seen(plain_invoice(seller=other), "b.xml"))
    (facts,) = upkeep.sellers_named(ledger.database, "FR 83 404833048")
    assert upkeep.forget_seller(ledger.database, facts.id) == 1
    counts = upkeep.counts(ledger.database)
    assert (counts.documents, counts.sellers, counts.accounts) == (1, 1, 0)
    assert upkeep.sellers_named(ledger.database, "Vauban") == []
    assert ledger.observe(seen(plain_invoice())).recent == ()


def test_forgetting_what_is_old_leaves_what_newer_documents_show(ledger: Ledger) -> None:
    today = date.today()
    for number, account in enumerate((*IBANS, IBANS[0])):
        ledger.observe(
            seen(plain_invoice(number=f"N{number}", payment=paid_to(account)), f"{number}")
        )
    with ledger.database.writing() as connection:
        for document in (1, 2):
            connection.execute(
                text("UPDATE document SET seen = :day WHERE number = :number"),
                {"day": today - timedelta(10), "number": f"N{document - 1}"},
            )
    assert upkeep.seen_before(ledger.database, today) == 2
    assert upkeep.forget_before(ledger.database, today) == 2
    (facts,) = upkeep.sellers_named(ledger.database, "Vauban")
    assert facts.accounts == ((IBANS[0], today),)
    assert [each.print.number for each in facts.latest] == ["N2"]
    assert upkeep.forget_before(ledger.database, today + timedelta(1)) == 1
    assert upkeep.counts(ledger.database).sellers == 0


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path) -> None:
    place = tmp_path / "ledger.db"
    with Ledger(place) as ledger:
        ledger.observe(seen(plain_invoice(seller=Seller(name="Solène Abgrall EI"))))
        (facts,) = upkeep.sellers_named(ledger.database, "Abgrall")
        upkeep.forget_seller(ledger.database, facts.id)
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Abgrall" not in left
    assert b"ABGRALL" not in left


def test_the_migrations_make_the_tables_that_the_program_uses(ledger: Ledger) -> None:
    with ledger.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_a_ledger_of_a_newer_version_is_refused(place: str) -> None:
    with Ledger(place) as ledger, ledger.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerError, match="a newer version of einvoice made it"):
        Ledger(place)


def test_a_database_of_something_else_is_refused(place: str) -> None:
    with Ledger(place) as ledger, ledger.database.writing() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(LedgerError, match="it is a database of something else"):
        Ledger(place)


def test_places_that_cannot_be_used(tmp_path) -> None:
    text_file = tmp_path / "notes.txt"
    text_file.write_text("nothing that SQLite knows " * 50)
    for place, reason in (
        (text_file, "file is not a database"),
        (tmp_path, "unable to open database file"),
        (tmp_path / "none" / "ledger.db", "unable to open database file"),
        ("mysql://host/name", "expected a file"),
        ("postgresql://user:secret@127.0.0.1:1/name", "refused|failed"),
    ):
        with pytest.raises(LedgerError, match=reason) as told:
            Ledger(place)
        assert "secret" not in str(told.value)
    assert text_file.read_text().startswith("nothing")
