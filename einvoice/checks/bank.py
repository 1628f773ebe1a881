"""Checks of how an invoice is to be paid: accounts, banks and who receives the money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from einvoice.checks import accounts
from einvoice.checks.account_numbers import compact, is_iban, looks_like_iban, transfers_of
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.keys import stdnum_fault, vat_prefix
from einvoice.checks.parties import FRENCH_COUNTRIES, is_paid_to_another
from einvoice.codelists import FACTORED_TYPES
from einvoice.findings import Severity
from einvoice.model import Invoice

#: UNTDID 4461: credit transfer, SEPA credit transfer.
_TRANSFERS = ("30", "58")

_ASSIGNED = re.compile(
    r"affactur|subrog|quittanc|factor|c[ée]d[ée]|cession|cessionnaire|abgetret|abtret|assign", re.I
)

#: Countries whose banks have accounts under the IBAN of another one.
_IBAN_COUNTRIES = {
    **dict.fromkeys("GP MQ GF RE YT BL MF PM TF NC PF WF".split(), "FR"),  # noqa: SIM905
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    "AX": "FI",
    "SJ": "NO",
}
#: Pairs of countries whose banks serve each other under one BIC.
_BANK_PAIRS = (frozenset(("FR", "MC")), frozenset(("DK", "FO")), frozenset(("DK", "GL")))


def _bic_country(sight: Sight) -> Iterator[Observation]:
    """A BIC is of the country of its IBAN."""
    for number, transfer in enumerate(transfers_of(sight.invoice)):
        iban = compact(transfer.account)
        bic = compact(transfer.provider)
        if not looks_like_iban(iban) or not bic or stdnum_fault("bic", bic):
            continue
        if not _same_banking(iban[:2], bic[4:6]):
            yield Observation(
                message=f"BT-86 {bic} is a bank of {bic[4:6]}, but BT-84 {iban} is an account of "
                f"{iban[:2]}",
                paths=(f"payment.credit_transfers[{number}].provider",),
                evidence=(("BT-84", iban), ("BT-86", bic)),
            )


def _same_banking(first: str, second: str) -> bool:
    one, other = _IBAN_COUNTRIES.get(first, first), _IBAN_COUNTRIES.get(second, second)
    return one == other or frozenset((one, other)) in _BANK_PAIRS


def _seller_country(sight: Sight) -> Iterator[Observation]:
    """The account is in the country of the seller, where no other payee is named."""
    country = _country_of_seller(sight.invoice)
    if country is None or is_paid_to_another(sight.invoice):
        return
    numbers = [compact(transfer.account) for transfer in transfers_of(sight.invoice)]
    ibans = [number for number in numbers if is_iban(number)]
    if ibans and not any(_same_banking(number[:2], country) for number in ibans):
        yield Observation(
            message=f"BT-84 {ibans[0]} is an account of {ibans[0][:2]}, but the seller is in "
            f"{country}",
            paths=(f"payment.credit_transfers[{numbers.index(ibans[0])}].account",),
            evidence=(("BT-84", ibans[0]), ("BT-40", country)),
        )


def _country_of_seller(invoice: Invoice) -> str | None:
    prefix = vat_prefix(invoice.seller.vat_identifier or "")
    return invoice.seller.address.country or {"EL": "GR", "XI": "GB"}.get(prefix or "", prefix)


def _payee(sight: Sight) -> Iterator[Observation]:
    """Another payee than the seller is explained: by the type of the invoice, or by a note.

    It weighs more where factored invoices have types of their own, in France, or where the money
    leaves the seller's country.
    """
    invoice = sight.invoice
    payee = invoice.payee
    if payee is None or invoice.type_code in FACTORED_TYPES or _is_explained(invoice):
        return
    name = (payee.name or "").strip()
    if not name or not is_paid_to_another(invoice):
        return
    risky = invoice.seller.address.country in FRENCH_COUNTRIES or _money_leaves(invoice)
    yield Observation(
        message=f"the payee (BT-59) is {name}, the seller (BT-27) is {invoice.seller.name}, but "
        f"BT-3 is {invoice.type_code} and no note tells of an assignment",
        paths=("payee.name",),
        evidence=(("BT-59", name), ("BT-27", invoice.seller.name or "")),
        severity=Severity.WARNING if risky else None,
    )


def _is_explained(invoice: Invoice) -> bool:
    texts = [note.text for note in invoice.notes] + [invoice.payment_terms]
    if invoice.payee:
        texts.append(invoice.payee.name)
    return any(_ASSIGNED.search(text or "") for text in texts)


def _money_leaves(invoice: Invoice) -> bool:
    country = _country_of_seller(invoice)
    ibans = [n for n in (compact(t.account) for t in transfers_of(invoice)) if is_iban(n)]
    return bool(country and ibans) and not any(_same_banking(n[:2], country or "") for n in ibans)


def _no_account(sight: Sight) -> Iterator[Observation]:
    """What is to be paid by transfer (BT-81 30 or 58) has an account to pay to."""
    invoice, payment = sight.invoice, sight.invoice.payment
    due = invoice.totals.due
    if payment is None or payment.means_code not in _TRANSFERS or due is None or due <= Decimal():
        return
    if not any(transfer.account for transfer in payment.credit_transfers):
        yield Observation(
            message=f"BT-81 is {payment.means_code}, a transfer, and {due} is due, but there is no "
            "account (BT-84)",
            paths=("payment.means_code",),
            evidence=(("BT-81", payment.means_code or ""), ("BT-115", str(due))),
        )


def _several_countries(sight: Sight) -> Iterator[Observation]:
    """Several accounts are of one country."""
    numbers = [compact(transfer.account) for transfer in transfers_of(sight.invoice)]
    ibans = [(place, number) for place, number in enumerate(numbers) if is_iban(number)]
    others = [(p, n) for p, n in ibans if not _same_banking(n[:2], ibans[0][1][:2])]
    if others:
        yield Observation(
            message=f"the accounts (BT-84) are of several countries: {ibans[0][1]} and "
            f"{', '.join(number for _, number in others)}",
            paths=tuple(f"payment.credit_transfers[{place}].account" for place, _ in others),
            evidence=tuple(("BT-84", number) for _, number in ibans),
        )


CHECKS: tuple[Check, ...] = (
    *accounts.CHECKS,
    Check(
        id="BANK-04",
        title="A BIC (BT-86) is of the country of its IBAN (BT-84)",
        severity=Severity.WARNING,
        run=_bic_country,
        reason_code="COORD_BANC_ERR",
    ),
    Check(
        id="BANK-05",
        title="The account (BT-84) is in the country of the seller",
        severity=Severity.INFORMATION,
        run=_seller_country,
        reason_code="COORD_BANC_ERR",
    ),
    Check(
        id="BANK-06",
        title="Another payee (BG-10) is explained by a type of factored invoices or by a note",
        severity=Severity.INFORMATION,
        run=_payee,
        reason_code="COORD_BANC_ERR",
    ),
    Check(
        id="BANK-07",
        title="What is to be paid by transfer (BT-81 30, 58) has an account (BT-84)",
        severity=Severity.WARNING,
        run=_no_account,
        reason_code="MODPAI_ERR",
    ),
    Check(
        id="BANK-08",
        title="Several accounts (BT-84) are of one country",
        severity=Severity.INFORMATION,
        run=_several_countries,
        reason_code="COORD_BANC_ERR",
    ),
)
