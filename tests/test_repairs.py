"""Each repair: what it mends, what it leaves, and that it says what it did."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import einvoice
from einvoice.account import Fate
from einvoice.errors import UsageError
from einvoice.findings import Verdict
from einvoice.formats.mapping import write_xml
from einvoice.model import (
    AllowanceCharge,
    CreditTransfer,
    LineAllowanceCharge,
    PaymentInstructions,
    VatBreakdown,
)
from einvoice.repairs import REPAIRS, repair
from tests.examples import plain_invoice

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
VALID = [p for p in sorted(SAMPLES.glob("*/invoice.xml")) if "broken" not in p.parent.name]
NAMES = [each.name for each in REPAIRS]


def line(**changes):
    return replace(plain_invoice().lines[0], **changes)


def invoice(**changes):
    return plain_invoice(**changes)


def priced(**changes):
    first = plain_invoice().lines[0]
    return replace(first, price=replace(first.price, **changes))


D = Decimal
S20 = VatBreakdown(taxable_amount=D("200.00"), tax_amount=D("40.00"), category="S", rate=D(20))

#: Repair, broken invoice, what changes: path, before, after.
CASES = [
    ("trim-text", invoice(number=" 2026-0042\t"), [("number", " 2026-0042\t", "2026-0042")]),
    ("trim-text", invoice(buyer_reference="  "), [("buyer_reference", "  ", None)]),
    (
        "trim-text",
        invoice(payment_terms="a  b\n c\n"),
        [("payment_terms", "a  b\n c\n", "a b\nc\n")],
    ),
    (
        "iban",
        invoice(
            payment=PaymentInstructions(
                means_code="58",
                credit_transfers=(CreditTransfer(account="fr14 2004 1010 0505 0001 3m02 606"),),
            )
        ),
        [
            (
                "payment.credit_transfers[0].account",
                "fr14 2004 1010 0505 0001 3m02 606",
                "FR1420041010050500013M02606",
            )
        ],
    ),
    (
        "tax-point",
        invoice(tax_point_date=plain_invoice().issue_date, tax_point_date_code="3"),
        [("tax_point_date_code", "3", None)],
    ),
    (
        "line-numbers",
        invoice(lines=(line(identifier=None), line(identifier="1"), line(identifier="1"))),
        [("lines[0].identifier", None, "2"), ("lines[2].identifier", "1", "3")],
    ),
    (
        "negative-price",
        invoice(lines=(line(price=replace(line().price, net=D("-100.00"), gross=D(-100))),)),
        [
            ("lines[0].quantity", "2", "-2"),
            ("lines[0].price.net", "-100.00", "100.00"),
            ("lines[0].price.gross", "-100", "100"),
        ],
    ),
    (
        "price-discount",
        invoice(lines=(priced(net=D("100.00"), gross=D("110.00")),)),
        [("lines[0].price.discount", None, "10.00")],
    ),
    (
        "price-discount",
        invoice(lines=(priced(net=D("100.00"), discount=D("5.50")),)),
        [("lines[0].price.gross", None, "105.50")],
    ),
    (
        "decimals",
        invoice(lines=(line(net_amount=D("200.005")),)),
        [("lines[0].net_amount", "200.005", "200.01")],
    ),
    (
        "line-net",
        invoice(
            lines=(
                line(
                    net_amount=None,
                    allowances=(LineAllowanceCharge(amount=D("10.00")),),
                    charges=(LineAllowanceCharge(amount=D("0.50")),),
                ),
            )
        ),
        [("lines[0].net_amount", None, "190.50")],
    ),
    (
        "vat-breakdown",
        invoice(vat_breakdown=(replace(S20, tax_amount=D("39.00")),)),
        [("vat_breakdown[0].tax_amount", "39.00", "40.00")],
    ),
    (
        "vat-breakdown",
        invoice(
            vat_breakdown=(),
            allowances=(AllowanceCharge(amount=D("0.03"), vat_category="S", vat_rate=D(20)),),
        ),
        [
            ("totals.vat", "40.00", "39.99"),
            ("vat_breakdown[0].taxable_amount", None, "199.97"),
            ("vat_breakdown[0].tax_amount", None, "39.99"),
            ("vat_breakdown[0].category", None, "S"),
            ("vat_breakdown[0].rate", None, "20"),
        ],
    ),
    (
        "totals",
        invoice(totals=replace(plain_invoice().totals, line_net=D("1.00"), due=None)),
        [("totals.line_net", "1.00", "200.00"), ("totals.due", None, "240.00")],
    ),
]


@pytest.mark.parametrize(("name", "broken", "expected"), CASES)
def test_what_a_repair_changes(name, broken, expected) -> None:
    mended, changes = repair(broken, [name])
    assert [(c.path, c.before, c.after) for c in changes] == expected
    assert {change.repair for change in changes} == {name}
    assert repair(mended, [name]) == (mended, ())


@pytest.mark.parametrize("name", NAMES)
def test_every_repair_has_a_case(name) -> None:
    others = {"lines-from-breakdown", "document-type"}
    assert name in {case[0] for case in CASES} | others


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.parent.name)
def test_a_right_invoice_is_left_alone(path) -> None:
    assert repair(einvoice.read(path).invoice, NAMES)[1] == ()


BROKEN = [
    (
        ["negative-price"],
        invoice(lines=(line(quantity=D(-2), price=replace(line().price, net=D(-100))),)),
    ),
    (["line-net"], invoice(lines=(line(net_amount=None),))),
    (["vat-breakdown"], invoice(vat_breakdown=(replace(S20, tax_amount=D("12.00")),))),
    (["totals"], invoice(totals=replace(plain_invoice().totals, with_vat=D(7)))),
    (["decimals"], invoice(totals=replace(plain_invoice().totals, due=D("240.001")))),
    (["tax-point"], invoice(tax_point_date=plain_invoice().issue_date, tax_point_date_code="3")),
    (["line-numbers"], invoice(lines=(line(identifier=None),))),
]


@pytest.mark.parametrize(("names", "broken"), BROKEN, ids=lambda value: str(value)[:20])
def test_a_repaired_invoice_is_valid(names, broken) -> None:
    source = write_xml("ubl-invoice", broken)
    assert einvoice.validate(source).verdict is Verdict.INVALID
    conversion = einvoice.convert(source, to="ubl", repairs=names)
    assert conversion.report is not None
    assert conversion.report.verdict is Verdict.VALID
    assert {change.repair for change in conversion.repaired} == set(names)
    assert conversion.losses == ()


def negative():
    base = plain_invoice()
    turned = {n: -v for n, v in msgspec.structs.asdict(base.totals).items() if v is not None}
    row = replace(S20, taxable_amount=D("-200.00"), tax_amount=D("-40.00"))
    return replace(
        base,
        lines=(line(quantity=D(-2), net_amount=D("-200.00")),),
        totals=replace(base.totals, **turned),
        vat_breakdown=(row,),
    )


def test_an_invoice_of_negative_amounts_becomes_a_credit_note() -> None:
    mended, changes = repair(negative(), ["document-type"])
    assert mended == replace(plain_invoice(), type_code="381")
    assert {"type_code", "lines[0].quantity", "totals.due"} <= {c.path for c in changes}
    mixed = replace(negative(), lines=(*negative().lines, line(identifier="2")))
    assert repair(mixed, ["document-type"])[1] == ()


def test_an_invoice_without_lines_gets_one_for_each_breakdown() -> None:
    mended, _ = repair(plain_invoice(lines=()), ["lines-from-breakdown", "totals"])
    (only,) = mended.lines
    assert (only.net_amount, only.quantity, only.vat.rate) == (D("200.00"), D(1), D(20))
    assert only.item.name == "Total of invoice 2026-0042, VAT S 20 %"
    assert einvoice.validate(write_xml("ubl-invoice", mended)).verdict is Verdict.VALID
    reduced = plain_invoice(lines=(), charges=(AllowanceCharge(amount=D(1)),))
    assert repair(reduced, ["lines-from-breakdown"])[1] == ()


def test_without_a_request_nothing_is_repaired() -> None:
    source = write_xml("ubl-invoice", invoice(number=" 2026-0042 "))
    conversion = einvoice.convert(source, to="cii", check=False)
    assert conversion.repaired == ()
    assert einvoice.read(conversion.data).invoice.number == " 2026-0042 "


def test_the_account_tells_what_was_repaired() -> None:
    source = write_xml("ubl-invoice", invoice(number=" 2026-0042 ", buyer_reference="x  y"))
    account = einvoice.convert(source, to="cii", repairs=["trim-text"], account=True).account
    assert account is not None
    assert account.complete
    mended = {entry.term: entry for entry in account.entries if entry.fate is Fate.REPAIRED}
    assert mended["BT-1"].value == " 2026-0042 "
    assert mended["BT-10"].reason == "repaired by trim-text: it reads 'x y' now"


def test_an_unknown_repair_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="trim-text, iban"):
        repair(plain_invoice(), ["nonsense"])
