"""The payment QR code: what is in it, and when there is none."""

from decimal import Decimal

import pytest
import segno
from invoice_examples import FULL
from msgspec.structs import replace

from einvoice.model import CreditTransfer, Payee
from einvoice.pdf.payment_code import payment_code, payment_payload

IBAN = "FR7630006000011234567890189"
TRANSFER = CreditTransfer(account=IBAN, account_name="Åsa & Fils", provider="AGRIFRPP")


def invoice(**changes):
    """An invoice that is paid by transfer; changes are those of the invoice or of the payment."""
    payment = replace(FULL.payment, credit_transfers=(TRANSFER,), remittance_information="F 42")
    fields = {name: changes.pop(name) for name in list(changes) if hasattr(payment, name)}
    due = changes.pop("due", Decimal("1010.10"))
    totals = replace(FULL.totals, due=due)
    return replace(FULL, payment=replace(payment, **fields), totals=totals, **changes)


def transfer(**changes):
    return invoice(credit_transfers=(replace(TRANSFER, **changes),))


def test_payload_has_the_lines_of_epc069_12():
    assert payment_payload(invoice()).split("\n") == [
        "BCD", "002", "1", "SCT", "AGRIFRPP", "Åsa & Fils", IBAN, "EUR1010.10", "", "", "F 42",
    ]  # fmt: skip


def test_creditor_reference_stands_in_its_own_field():
    lines = payment_payload(invoice(remittance_information="RF18 5390 0754 7034")).split("\n")
    assert lines[8:] == ["", "RF18539007547034"]


@pytest.mark.parametrize(
    ("changed", "line", "expected"),
    [
        (invoice(remittance_information=None), 10, "F-2024-0042"),
        (invoice(remittance_information="a\nb  c" + "d" * 200), 10, "a b c" + "d" * 135),
        (invoice(due=Decimal("5")), 7, "EUR5.00"),
        (invoice(due=Decimal("1E+2")), 7, "EUR100.00"),
        (transfer(account_name="n" * 80), 5, "n" * 70),
        (transfer(account_name=None), 5, "Payee name"),
        (replace(transfer(account_name=None), payee=Payee()), 5, "Seller name"),
        (transfer(provider="no bank"), 4, ""),
        (transfer(account="fr76 3000 6000 0112 3456 7890 189"), 6, IBAN),
        (invoice(credit_transfers=(CreditTransfer(account="12"), TRANSFER)), 6, IBAN),
        (invoice(means_code="30"), 3, "SCT"),
    ],
)
def test_fields(changed, line, expected):
    assert payment_payload(changed).split("\n")[line] == expected


@pytest.mark.parametrize(
    "changed",
    [
        replace(FULL, payment=None),
        invoice(currency="CHF"),
        invoice(type_code="381"),
        invoice(means_code="59"),
        invoice(means_code=None),
        invoice(due=None),
        invoice(due=Decimal("0")),
        invoice(due=Decimal("-5")),
        invoice(due=Decimal("0.001")),
        invoice(due=Decimal("NaN")),
        invoice(due=Decimal("1000000000")),
        invoice(due=Decimal("1.005")),
        transfer(account="FR7630006000011234567890188"),
        transfer(account=None),
        replace(transfer(account_name="漢" * 70), number="漢" * 70),
    ],
)
def test_no_code(changed):
    if changed.number == "漢" * 70:
        changed = replace(
            changed, payment=replace(changed.payment, remittance_information="漢" * 140)
        )
    assert payment_payload(changed) is None
    assert payment_code(changed) == ""


def test_svg_is_that_of_the_payload(monkeypatch):
    given = []
    make = segno.make_qr
    monkeypatch.setattr(
        segno,
        "make_qr",
        lambda text, **options: given.append((text, options)) or make(text, **options),
    )
    svg = payment_code(invoice())
    assert given[0][0] == payment_payload(invoice())
    code = make(*[given[0][0]], **given[0][1])
    assert code.designator == "5-M"
    assert code.mode == "byte"
    assert svg.startswith('<svg viewBox="0 0 37 37">')
    assert payment_code(invoice()) == svg
