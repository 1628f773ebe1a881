"""Checks of account numbers: IBAN, BIC and the identifier of a SEPA creditor."""

from __future__ import annotations

import re
from collections.abc import Iterator

from einvoice.checks.account_numbers import compact, looks_like_iban, transfers_of
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.keys import stdnum_fault
from einvoice.findings import Severity

#: UNTDID 4461: SEPA credit transfer, SEPA direct debit.
_SEPA_TRANSFER = "58"
_SEPA_DEBIT = "59"

_MASKED = re.compile(r"X{3}|[*…#]|\.{2}")
_CREDITOR = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{4,31}")


def _ibans(sight: Sight) -> Iterator[Observation]:
    """What looks like an IBAN has its length and check digits, and the French RIB key."""
    payment = sight.invoice.payment
    if payment is None:
        return
    for number, transfer in enumerate(payment.credit_transfers):
        path = f"payment.credit_transfers[{number}].account"
        must = payment.means_code == _SEPA_TRANSFER
        yield from _iban("BT-84", path, transfer.account, must)
    if payment.direct_debit:
        path = "payment.direct_debit.debited_account"
        must = payment.means_code == _SEPA_DEBIT
        yield from _iban("BT-91", path, payment.direct_debit.debited_account, must)


def _iban(term: str, path: str, value: str | None, must: bool) -> Iterator[Observation]:
    number = compact(value)
    if not number or _MASKED.search(number):
        return
    if looks_like_iban(number):
        fault = stdnum_fault("iban", number) or _rib_fault(number)
    else:
        fault = "its form is wrong" if must else None
    if fault:
        yield Observation(
            message=f"{term} is {value}, which is no IBAN: {fault}",
            paths=(path,),
            evidence=((term, value or ""),),
        )


def _rib_fault(number: str) -> str | None:
    """What is wrong with the key of a French account (relevé d'identité bancaire)."""
    if number[:2] not in ("FR", "MC"):
        return None
    letters = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    digits = number[4:].translate(letters)
    bank, branch, account, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    rest = (89 * int(bank) + 15 * int(branch) + 3 * int(account) + int(key)) % 97
    return "its French key (clé RIB) does not fit" if rest else None


def _bics(sight: Sight) -> Iterator[Observation]:
    """BT-86 beside an IBAN is a BIC; national numbers of banks go with national accounts."""
    for number, transfer in enumerate(transfers_of(sight.invoice)):
        if not transfer.provider or not looks_like_iban(compact(transfer.account)):
            continue
        fault = stdnum_fault("bic", transfer.provider)
        if fault:
            yield Observation(
                message=f"BT-86 is {transfer.provider}, which is no BIC: {fault}",
                paths=(f"payment.credit_transfers[{number}].provider",),
                evidence=(("BT-86", transfer.provider),),
            )


def _creditor(sight: Sight) -> Iterator[Observation]:
    """BT-90 that looks like a SEPA creditor identifier, or must be one, has its check digits."""
    payment = sight.invoice.payment
    value = payment.direct_debit.creditor_identifier if payment and payment.direct_debit else None
    if payment is None or not value:
        return
    number = re.sub(r"[\s-]", "", value).upper()
    if _CREDITOR.fullmatch(number):
        fault = stdnum_fault("eu.at_02", number)
    else:
        fault = "its form is wrong" if payment.means_code == _SEPA_DEBIT else None
    if fault:
        yield Observation(
            message=f"BT-90 is {value}, which is no SEPA creditor identifier: {fault}",
            paths=("payment.direct_debit.creditor_identifier",),
            evidence=(("BT-90", value),),
        )


CHECKS: tuple[Check, ...] = (
    Check(
        id="BANK-01",
        title="An IBAN (BT-84, BT-91) has its length and check digits, in France also the RIB key",
        severity=Severity.WARNING,
        run=_ibans,
        reason_code="COORD_BANC_ERR",
    ),
    Check(
        id="BANK-02",
        title="The payment service provider (BT-86) of an IBAN is a BIC",
        severity=Severity.WARNING,
        run=_bics,
        reason_code="COORD_BANC_ERR",
    ),
    Check(
        id="BANK-03",
        title="The identifier of a SEPA creditor (BT-90) has its check digits",
        severity=Severity.WARNING,
        run=_creditor,
        reason_code="COORD_BANC_ERR",
    ),
)
