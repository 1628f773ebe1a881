"""The parties of an invoice as checks look at them: what identifies each, and where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from einvoice.model import Buyer, Identifier, Invoice, Payee, Seller, TaxRepresentative

#: Country codes of the places where French commercial law and its identifiers hold.
FRENCH_COUNTRIES = frozenset(("FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF"))


class Place(msgspec.Struct, frozen=True):
    """A value that identifies somebody, and where it stands."""

    term: str
    path: str  #: in the model
    value: str
    scheme: str | None = None


class PartyView(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies a party."""

    role: str  #: as in a sentence: seller
    name: str | None = None
    country: str | None = None  #: of the address
    identifiers: tuple[Place, ...] = ()
    legal: Place | None = None
    vat: Place | None = None
    address: Place | None = None  #: electronic

    @property
    def is_french(self) -> bool:
        """Whether its address is in France."""
        return self.country in FRENCH_COUNTRIES

    def registered(self) -> Iterator[Place]:
        """Identifiers and legal registration, those of French firms with the scheme they lack."""
        if self.legal:
            yield self._with_scheme(self.legal)
        yield from self.identifiers

    def _with_scheme(self, place: Place) -> Place:
        if place.scheme is not None or not self.is_french:
            return place
        digits = re.sub(r"\s", "", place.value)
        scheme = {9: "0002", 14: "0009"}.get(len(digits)) if digits.isdecimal() else None
        return msgspec.structs.replace(place, scheme=scheme)

    def sirens(self) -> Iterator[Place]:
        """The SIREN of the party, wherever it is given as such."""
        return (place for place in self.registered() if place.scheme == "0002")

    def sirets(self) -> Iterator[Place]:
        """The SIRET of the party, wherever it is given as such."""
        return (place for place in self.registered() if place.scheme == "0009")


def seller_of(invoice: Invoice) -> PartyView:
    """The seller (BG-4)."""
    seller: Seller = invoice.seller
    return PartyView(
        role="seller",
        name=seller.name,
        country=seller.address.country,
        identifiers=_all("BT-29", "seller.identifiers", seller.identifiers),
        legal=_one("BT-30", "seller.legal_registration", seller.legal_registration),
        vat=_text("BT-31", "seller.vat_identifier", seller.vat_identifier),
        address=_one("BT-34", "seller.electronic_address", seller.electronic_address),
    )


def buyer_of(invoice: Invoice) -> PartyView:
    """The buyer (BG-7)."""
    buyer: Buyer = invoice.buyer
    more = invoice.extension.further_buyer_identifiers if invoice.extension else ()
    first = _one("BT-46", "buyer.identifier", buyer.identifier)
    return PartyView(
        role="buyer",
        name=buyer.name,
        country=buyer.address.country,
        identifiers=(
            *((first,) if first else ()),
            *_all("BT-46", "extension.further_buyer_identifiers", more),
        ),
        legal=_one("BT-47", "buyer.legal_registration", buyer.legal_registration),
        vat=_text("BT-48", "buyer.vat_identifier", buyer.vat_identifier),
        address=_one("BT-49", "buyer.electronic_address", buyer.electronic_address),
    )


def parties_of(invoice: Invoice) -> Iterator[PartyView]:
    """Seller, buyer, and of payee and tax representative those that there are."""
    yield seller_of(invoice)
    yield buyer_of(invoice)
    payee: Payee | None = invoice.payee
    if payee:
        identifier = _one("BT-60", "payee.identifier", payee.identifier)
        yield PartyView(
            role="payee",
            name=payee.name,
            identifiers=(identifier,) if identifier else (),
            legal=_one("BT-61", "payee.legal_registration", payee.legal_registration),
        )
    agent: TaxRepresentative | None = invoice.tax_representative
    if agent:
        yield PartyView(
            role="tax representative",
            name=agent.name,
            country=agent.address.country,
            vat=_text("BT-63", "tax_representative.vat_identifier", agent.vat_identifier),
        )


def is_paid_to_another(invoice: Invoice) -> bool:
    """Whether the payee (BG-10) is not the seller, neither by name nor by an identifier."""
    seller, payee = seller_of(invoice), invoice.payee
    if payee is None:
        return False
    names = {plain(invoice.seller.name), plain(invoice.seller.trading_name)} - {""}
    own = {plain(place.value) for place in seller.registered()}
    theirs = {plain(i.value) for i in (payee.identifier, payee.legal_registration) if i}
    return plain(payee.name) not in names and not own & theirs


def plain(text: str | None) -> str:
    """A text in capitals without blanks, punctuation and accents."""
    letters = unicodedata.normalize("NFKD", text or "")
    return re.sub(r"[\W_]", "", "".join(c for c in letters if not unicodedata.combining(c))).upper()


def _all(term: str, path: str, found: tuple[Identifier, ...]) -> tuple[Place, ...]:
    return tuple(
        Place(term, f"{path}[{number}].value", item.value, item.scheme)
        for number, item in enumerate(found)
    )


def _one(term: str, path: str, found: Identifier | None) -> Place | None:
    return Place(term, f"{path}.value", found.value, found.scheme) if found else None


def _text(term: str, path: str, found: str | None) -> Place | None:
    return Place(term, path, found) if found else None
