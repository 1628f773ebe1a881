"""Quirks of ZUGFeRD 1.0: what no row of its table can say. They only read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

import msgspec
from msgspec.structs import replace

from einvoice.amounts import EXACT
from einvoice.bindings import cii_extension, cii_parts, cii_quirks
from einvoice.bindings.cii_parts import DISCOUNT, VAT
from einvoice.bindings.codecs import AMOUNT, DECIMAL, ISO_DATE, Codec, translated
from einvoice.bindings.reader import Frame, Reading
from einvoice.bindings.table import Field, Gather, Quirk, Row
from einvoice.model import Note

#: Tax categories of ZUGFeRD 1.0 to UNTDID 5305: intra-community supply.
TAX_CATEGORY = translated({"IC": "K"})

_MIDNIGHT = re.compile(r"00:00:00(\.0+)?")

_zone_of = ISO_DATE.part_of


def _day_of(text: str) -> Any:
    return ISO_DATE.load(text.strip().partition("T")[0])


def _time_of(text: str) -> str | None:
    time = text.strip().partition("T")[2]
    if not time:
        return _zone_of(text) if _zone_of is not None else None
    if _MIDNIGHT.fullmatch(time):
        return None
    return f"a date of EN 16931 has no time of day: {time} is left out"


#: The date of a document that is referred to: xs:date or xs:dateTime.
DATE_OR_TIME = Codec(load=_day_of, dump=ISO_DATE.dump, part_of=_time_of)


def _part_of_year(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})(\d\d)", text.strip(), re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a year and a month or week of it (format 610 or 616)")
    return int(match[1]), int(match[2])


def _month_start(text: str) -> date:
    year, month = _part_of_year(text)
    return date(year, month, 1)


def _month_end(text: str) -> date:
    year, month = _part_of_year(text)
    return date(year, month, monthrange(year, month)[1])


def _week_start(text: str) -> date:
    return date.fromisocalendar(*_part_of_year(text), 1)


def _week_end(text: str) -> date:
    return date.fromisocalendar(*_part_of_year(text), 7)


def _whole(text: str) -> str:
    return f"a period of EN 16931 has days: it begins or ends with the whole of {text.strip()}"


#: Parts of a period that are a month (610) or a week (616): name, element, format, codec.
_WHOLE = (
    ("start", "ram:StartDateTime", "610", _month_start),
    ("end", "ram:EndDateTime", "610", _month_end),
    ("start", "ram:StartDateTime", "616", _week_start),
    ("end", "ram:EndDateTime", "616", _week_end),
)
PERIOD: list[Row] = [
    *cii_parts.PERIOD,
    *(
        Field(
            name,
            f"{element}/udt:DateTimeString[@format='{code}']",
            Codec(load=load, dump=date.isoformat, part_of=_whole),
            role="fallback",
        )
        for name, element, code, load in _WHOLE
    ),
]


def _nothing(_: Any) -> Iterable[msgspec.Struct]:
    """What is never written has no parts."""
    return ()


def _with_rows(quirk: Quirk, rows: Sequence[Row]) -> Quirk:
    """A quirk of CII whose parts stand at other paths here."""
    return replace(quirk, gathers=[replace(g, rows=rows, parts=_nothing) for g in quirk.gathers])


FREIGHT = _with_rows(
    cii_extension.FREIGHT,
    [
        Field("reason", "ram:Description"),
        Field("amount", "ram:AppliedAmount", AMOUNT),
        Field("vat_category", f"ram:AppliedTradeTax{VAT}/ram:CategoryCode", TAX_CATEGORY),
        Field("vat_rate", f"ram:AppliedTradeTax{VAT}/ram:ApplicablePercent", DECIMAL),
    ],
)
_TERMS = cii_extension.PAYMENT_TERMS
_MANDATE = "payment.direct_debit.mandate_reference"
#: The mandate (BT-89) stands with the payment means.
PAYMENT_TERMS = replace(
    _with_rows(_TERMS, [r for r in _TERMS.gathers[0].rows if getattr(r, "name", "") != "mandate"]),
    binds=[name for name in _TERMS.binds if name != _MANDATE],
)


class _Means(msgspec.Struct, frozen=True, kw_only=True):
    code: str | None = None
    text: str | None = None
    mandate: str | None = None
    creditor: str | None = None
    debited_account: str | None = None
    iban: str | None = None
    proprietary: str | None = None
    account_name: str | None = None
    provider: str | None = None


_CREDITOR = "payment.direct_debit.creditor_identifier"
_PAYER_ACCOUNT = "ram:PayerPartyDebtorFinancialAccount"
_PAYEE_ACCOUNT = "ram:PayeePartyCreditorFinancialAccount"
_PAYEE_BANK = "ram:PayeeSpecifiedCreditorFinancialInstitution"
_MEANS_ROWS: list[Row] = [
    Field("code", "ram:TypeCode"),
    Field("text", "ram:Information"),
    Field("mandate", "ram:ID"),
    Field("creditor", "ram:ID/@schemeAgencyID"),
    Field("debited_account", f"{_PAYER_ACCOUNT}/ram:IBANID"),
    Field("debited_account", f"{_PAYER_ACCOUNT}/ram:ProprietaryID", role="fallback"),
    Field("iban", f"{_PAYEE_ACCOUNT}/ram:IBANID"),
    Field("account_name", f"{_PAYEE_ACCOUNT}/ram:AccountName"),
    Field("proprietary", f"{_PAYEE_ACCOUNT}/ram:ProprietaryID"),
    Field("provider", f"{_PAYEE_BANK}/ram:BICID"),
    Field("provider", f"{_PAYEE_BANK}/ram:GermanBankleitzahlID", role="fallback"),
]


def _read_payment(frame: Frame, key: str, reading: Reading) -> None:
    """BG-16 as in CII; mandate and creditor (BT-89, BT-90) stand with the payment means."""
    for means in frame.repeated.get("@means", ()):
        creditor = means.values.pop("creditor", None)
        if creditor is not None:
            reading.offer(frame, _CREDITOR, creditor)
    cii_quirks.PAYMENT.read(frame, key, reading)


PAYMENT = Quirk(
    _read_payment,
    [Gather("@means", "ram:SpecifiedTradeSettlementPaymentMeans+", _MEANS_ROWS, _Means, _nothing)],
    binds=(
        "payment.means_code",
        "payment.means_text",
        "payment.credit_transfers[].account",
        "payment.credit_transfers[].account_name",
        "payment.credit_transfers[].provider",
        _MANDATE,
        _CREDITOR,
        "payment.direct_debit.debited_account",
    ),
)


class _Discount(msgspec.Struct, frozen=True, kw_only=True):
    amount: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None


def _read_discounts(frame: Frame, key: str, reading: Reading) -> None:
    """BT-147 is the sum of what leads from the gross to the net price, in one step or several."""
    discounts = frame.take(f"{key}@discounts")
    amounts = [part.values["amount"] for part in discounts if "amount" in part.values]
    if amounts:
        total = reduce(EXACT.add, (amount for amount, _, _ in amounts))
        frame.values["price.discount"] = (total, *amounts[0][1:])
    for _, element, _ in amounts if amounts[1:] else ():
        reading.move(element, "it is a part of BT-147, the sum of the discounts on the gross price")
    for part in discounts:
        for name in ("reason", "reason_code"):
            if name in part.values:
                reading.offer(frame, f"extension.price_discount_{name}", part.values[name])


#: Of a line; it comes before the quirk of the price, which compares BT-147 with the prices.
DISCOUNTS = Quirk(
    _read_discounts,
    [
        Gather(
            "@discounts",
            f"ram:SpecifiedSupplyChainTradeAgreement/ram:GrossPriceProductTradePrice/{DISCOUNT}+",
            [
                Field("amount", "ram:ActualAmount", AMOUNT),
                Field("reason", "ram:Reason"),
                Field("reason_code", "ram:ReasonCode"),
            ],
            _Discount,
            _nothing,
        )
    ],
    binds=(
        "price.discount",
        "extension.price_discount_reason",
        "extension.price_discount_reason_code",
    ),
)

NOTE_ROWS: list[Row] = [
    Field("text", "ram:Content"),
    Field("subject_code", "ram:SubjectCode"),
    Field("content_code", "ram:ContentCode"),
]


def _read_line_notes(frame: Frame, key: str, reading: Reading) -> None:
    """BT-127 is the first note of a line; where a line is nothing but text, `LINES` takes it."""
    if frame.values.keys() <= {"identifier"} and frame.repeated.keys() <= {"@notes"}:
        return
    for number, note in enumerate(frame.take("@notes")):
        if number:
            reading.leave(note.element, "EN 16931 knows only one note of a line")
            continue
        for name, value in note.values.items():
            if name == "content_code":
                reading.leave_value(value, "a note of a line has no code for its text")
            else:
                reading.offer(frame, _NOTE_OF_LINE[name], value)


_NOTE_OF_LINE = {"text": "note", "subject_code": "extension.note_subject_code"}
LINE_NOTES = Quirk(
    _read_line_notes,
    [
        Gather(
            "@notes",
            "ram:AssociatedDocumentLineDocument/ram:IncludedNote+",
            NOTE_ROWS,
            Note,
            _nothing,
        )
    ],
    binds=tuple(_NOTE_OF_LINE.values()),
)


def _read_lines(frame: Frame, key: str, reading: Reading) -> None:
    """A line that is nothing but text is a note of the invoice (BG-1)."""
    lines = frame.take("lines")
    invoiced = [line for line in lines if "@notes" not in line.repeated]
    if invoiced:
        frame.repeated["lines"] = invoiced
    for line in lines:
        for note in line.take("@notes"):
            reading.move(note.element, "a line of text only is a note of the invoice (BG-1)")
            frame.repeated.setdefault("notes", []).append(note)
            if (number := line.values.pop("identifier", None)) is not None:
                reading.leave_value(number, "a note of the invoice has no number")


#: Of the document; ZUGFeRD 1.0 EXTENDED knows lines that are a text between the others.
LINES = Quirk(_read_lines)
