"""What of an invoice is compared with others: who sold, which number, what, when, for how much.

A ledger keeps fingerprints, not invoices. Two writings of one value give one fingerprint: blanks,
zeros behind the point, the SIREN in a SIRET or in a French VAT number.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import msgspec

from einvoice.amounts import EXACT, format_decimal
from einvoice.checks.account_numbers import compact, transfers_of
from einvoice.checks.keys import seller_key
from einvoice.checks.parties import PartyView, buyer_of, is_paid_to_another, plain, seller_of
from einvoice.codelists import CREDIT_NOTE_TYPES, FACTORED_TYPES
from einvoice.model import Invoice, Line

_LETTERS_LIKE_DIGITS = str.maketrans("OIL", "011")
_DIGITS_OR_LETTERS = re.compile(r"\d+|[^\W\d_]+")


#: Terms that tell one delivery from another, the surest first; others tell orders and contracts.
_DELIVERY_TERMS = ("BT-16", "BT-15", "BT-72", "BG-14", "BG-26")


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True):
    """What a ledger knows of an invoice."""

    seller_keys: tuple[str, ...]  #: identifiers of the seller as `KIND:VALUE`, the strongest first
    seller_name: str = ""  #: BT-27
    buyer_key: str = ""  #: the strongest identifier of the buyer
    number: str = ""  #: BT-1
    number_key: str = ""  #: BT-1 as `number_key` makes it
    issued: date | None = None  #: BT-2
    due: date | None = None  #: BT-9
    type_code: str = ""  #: BT-3
    credit: bool = False  #: it gives money back: a credit note, or an invoice below zero
    currency: str = ""  #: BT-5
    gross: str = ""  #: BT-112 without its sign, in BT-5
    lines: str = ""  #: hash of what the lines sell; empty without lines
    occasion: dict[str, str] = {}  #: by term, what tells one delivery or order from another
    accounts: tuple[str, ...] = ()  #: BT-84
    assigned: bool = False  #: the money goes to somebody else: a payee (BG-10) or a factor
    treatments: tuple[tuple[str, str], ...] = ()  #: VAT category and rate (BT-118, BT-119)
    preceding: tuple[str, ...] = ()  #: BT-25

    @property
    def content(self) -> str:
        """Hash of what was sold to whom for how much; empty where that is not known."""
        if not self.lines or not self.gross:
            return ""
        return _hashed((self.lines, self.gross, self.currency, self.buyer_key))

    @property
    def delivery(self) -> str:
        """What was delivered, or when; empty where that is not told."""
        told = (f"{t} {self.occasion[t]}" for t in _DELIVERY_TERMS if t in self.occasion)
        return next(told, "")


def fingerprint(invoice: Invoice) -> Fingerprint:
    """The fingerprint of an invoice."""
    gross = invoice.totals.with_vat
    is_note = (invoice.type_code or "") in CREDIT_NOTE_TYPES
    number = (invoice.number or "").strip()
    return Fingerprint(
        seller_keys=keys_of(seller_of(invoice), invoice),
        seller_name=(invoice.seller.name or "").strip(),
        buyer_key=next(iter(keys_of(buyer_of(invoice))), ""),
        number=number,
        number_key=number_key(number),
        issued=invoice.issue_date,
        due=invoice.due_date,
        type_code=invoice.type_code or "",
        credit=is_note is not (gross is not None and gross < 0),
        currency=invoice.currency or "",
        gross="" if gross is None else _digits(gross.copy_abs()),
        lines=_hashed(tuple(sorted(map(_sold, invoice.lines)))) if invoice.lines else "",
        occasion=dict(_occasion(invoice)),
        accounts=tuple(dict.fromkeys(filter(None, _accounts(invoice)))),
        assigned=is_paid_to_another(invoice) or (invoice.type_code or "") in FACTORED_TYPES,
        treatments=tuple(dict.fromkeys(_treatments(invoice))),
        preceding=tuple((p.number or "").strip() for p in invoice.preceding_invoices if p.number),
    )


def number_key(number: str) -> str:
    """What all writings of a number (BT-1) have in common: a key to find them by.

    Other numbers may have it too; `same_number` tells.
    """
    groups = _groups(number)
    return "".join(groups).replace("0", "") or ("0" if groups else number)


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are one but for what people get wrong when they copy it.

    Case, separators, zeros before a group of digits, letters that look like digits.
    """
    return bool(_writings(one) & _writings(other))


def _writings(number: str) -> set[str]:
    groups = _groups(number)
    short = (g.lstrip("0") or "0" if g.isdigit() else g for g in groups)
    return {"".join(groups), "".join(short)} - {""}


def _groups(number: str) -> list[str]:
    text = unicodedata.normalize("NFKC", number).upper().translate(_LETTERS_LIKE_DIGITS)
    return _DIGITS_OR_LETTERS.findall(text)


def keys_of(party: PartyView, invoice: Invoice | None = None) -> tuple[str, ...]:
    """The identifiers of a party as `KIND:VALUE`, the strongest first, its name last.

    Args:
        party: the party.
        invoice: of a seller, where its tax number (BT-32) and post code (BT-38) are.
    """
    found = [*_sirens(party), *_others(party, invoice)]
    if plain(party.name):
        post_code = invoice.seller.address.post_code if invoice else None
        found.append(f"name:{party.country or ''}:{plain(party.name)}:{plain(post_code)}")
    return tuple(dict.fromkeys(found))


def values_of(keys: Iterable[str]) -> set[str]:
    """The values of keys but for names: what a supplier master is searched for."""
    pairs = (key.split(":", 1) for key in keys)
    return {value for kind, value in pairs if kind != "name"}


def master_values(vat_number: str, registration: str) -> set[str]:
    """The values by which a supplier of a master is found, from its BT-31 and BT-30."""
    given = (vat_number, registration)
    return ({plain(each) for each in given} | {seller_key(each) for each in given}) - {""}


def _sirens(party: PartyView) -> Iterator[str]:
    places = (*party.sirens(), *party.sirets())
    values = [plain(place.value)[:9] for place in places]
    if not values and party.vat:
        number = plain(party.vat.value)
        values = [number[4:]] if number.startswith("FR") and len(number) == 13 else []
    for value in values:
        if len(value) == 9 and value.isdigit() and value.strip("0"):
            yield f"siren:{value}"


def _others(party: PartyView, invoice: Invoice | None) -> Iterator[str]:
    if party.vat and _tells(party.vat.value):
        yield f"vat:{plain(party.vat.value)}"
    for place in party.registered():
        if place.scheme not in ("0002", "0009") and _tells(place.value):
            is_legal = place == party.legal
            scheme = place.scheme or (f"reg-{party.country or ''}" if is_legal else None)
            if scheme:
                yield f"{scheme}:{plain(place.value)}"
    number = invoice.seller.tax_registration if invoice else None
    if number and _tells(number):
        yield f"tax-{party.country or ''}:{plain(number)}"


def _tells(value: str) -> bool:
    """Whether a text can identify somebody; `N/A` and zeros cannot."""
    text = plain(value)
    return len(text) > 4 and any(map(str.isdigit, text)) and bool(text.strip("0"))


def _digits(value: Decimal) -> str:
    return format_decimal(value.normalize(EXACT))


def _sold(line: Line) -> tuple[str, str, str]:
    numbers = (line.quantity, line.net_amount)
    quantity, amount = ("" if value is None else _digits(value.copy_abs()) for value in numbers)
    return (plain(line.item.name), quantity, amount)


def _hashed(content: object) -> str:
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]


def _occasion(invoice: Invoice) -> Iterator[tuple[str, str]]:
    texts = (
        ("BT-11", invoice.project_reference),
        ("BT-12", invoice.contract_reference),
        ("BT-13", invoice.purchase_order_reference),
        ("BT-15", invoice.receiving_advice_reference),
        ("BT-16", invoice.despatch_advice_reference),
        ("BT-18", invoice.invoiced_object.value if invoice.invoiced_object else None),
    )
    yield from ((term, plain(text)) for term, text in texts if text and plain(text))
    delivery = invoice.delivery
    if delivery and delivery.actual_date:
        yield "BT-72", str(delivery.actual_date)
    if delivery and delivery.period:
        yield "BG-14", f"{delivery.period.start} {delivery.period.end}"
    periods = sorted(f"{p.start} {p.end}" for p in (line.period for line in invoice.lines) if p)
    if periods:
        yield "BG-26", _hashed(periods)


def _accounts(invoice: Invoice) -> Iterator[str]:
    return (compact(transfer.account) for transfer in transfers_of(invoice))


def _treatments(invoice: Invoice) -> Iterator[tuple[str, str]]:
    for row in invoice.vat_breakdown:
        if row.category:
            yield row.category, "" if row.rate is None else _digits(row.rate)
