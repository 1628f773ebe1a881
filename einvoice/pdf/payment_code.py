"""The payment QR code of an invoice: a SEPA credit transfer as EPC069-12 writes it."""

from __future__ import annotations

import re
from decimal import Decimal

from stdnum import bic, iban, iso11649

from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.model import CreditTransfer, Invoice

#: UNTDID 4461: credit transfer, SEPA credit transfer.
TRANSFERS = ("30", "58")

#: Limits of EPC069-12 version 2: amounts, letters of a name and of a text, bytes of the whole.
LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")
LONGEST_NAME = 70
LONGEST_TEXT = 140
MOST_BYTES = 331

_BLANKS = re.compile(r"\s+")


def payment_code(invoice: Invoice) -> str:
    """The payment code of an invoice as SVG, or nothing where there is none to draw."""
    payload = payment_payload(invoice)
    if payload is None:
        return ""
    import segno

    # EPC069-12 wants level M and no better, and byte mode without a switch of the character set.
    code = segno.make_qr(payload, error="m", encoding="utf-8", mode="byte", boost_error=False)
    return code.svg_inline(border=0, omitsize=True, svgclass=None, lineclass=None)


def payment_payload(invoice: Invoice) -> str | None:
    """The text of the code: for a transfer in euro of what is due, to the first IBAN.

    None without one of them, for credit notes, and for what the code has no room for.
    """
    payment, due = invoice.payment, invoice.totals.due
    if payment is None or payment.means_code not in TRANSFERS or invoice.currency != "EUR":
        return None
    if invoice.type_code in CREDIT_NOTE_TYPES or due is None or not _payable(due):
        return None
    transfer = next((each for each in payment.credit_transfers if _account(each)), None)
    name = _holder(invoice, transfer) if transfer is not None else ""
    if transfer is None or not name:
        return None
    payload = "\n".join(
        (
            *("BCD", "002", "1", "SCT"),
            _bank(transfer),
            name,
            _account(transfer),
            f"EUR{due.quantize(LEAST)}",
            "",
            *_reference(payment.remittance_information or invoice.number or ""),
        )
    ).rstrip("\n")
    return payload if len(payload.encode()) <= MOST_BYTES else None


def _payable(due: Decimal) -> bool:
    """Whether an amount can stand in the code: positive, and of whole cents."""
    return due.is_finite() and LEAST <= due <= MOST and due == due.quantize(LEAST)


def _account(transfer: CreditTransfer) -> str:
    """The IBAN of an account, or nothing if it has none."""
    compact = _BLANKS.sub("", transfer.account or "").upper()
    return compact if iban.is_valid(compact) else ""


def _bank(transfer: CreditTransfer) -> str:
    compact = _BLANKS.sub("", transfer.provider or "").upper()
    return compact if bic.is_valid(compact) else ""


def _holder(invoice: Invoice, transfer: CreditTransfer) -> str:
    """Who is paid: the holder of the account, the payee or the seller."""
    payee = invoice.payee.name if invoice.payee is not None else None
    name = transfer.account_name or payee or invoice.seller.name or ""
    return _line(name)[:LONGEST_NAME].strip()


def _reference(text: str) -> tuple[str, str]:
    """What names the payment: a creditor reference, or else a free text."""
    compact = _BLANKS.sub("", text).upper()
    if iso11649.is_valid(compact):
        return compact, ""
    return "", _line(text)[:LONGEST_TEXT].strip()


def _line(text: str) -> str:
    """A text on one line: line breaks part the fields of the code."""
    return _BLANKS.sub(" ", text.encode(errors="replace").decode()).strip()
