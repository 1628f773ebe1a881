"""Parties with what the rules demand of them."""

from __future__ import annotations

from hypothesis import strategies as st

from einvoice.model import Address, Buyer, Contact, Identifier, Payee, Seller, TaxRepresentative
from tests.properties import codes
from tests.properties.parts import VAT_IDENTIFIERS, identifiers, maybe, several, some
from tests.properties.texts import TEXTS, text_other_than

ADDRESSES = st.builds(
    Address,
    country=codes.COUNTRIES,
    **{name: maybe(TEXTS) for name in Address.__struct_fields__ if name != "country"},
)
CONTACTS = some(Contact, point=TEXTS, telephone=TEXTS, email=TEXTS)
PARTY = {
    "trading_name": maybe(TEXTS),
    "electronic_address": maybe(identifiers(codes.EAS, plain=False)),
    "address": ADDRESSES,
    "contact": maybe(CONTACTS),
}


@st.composite
def sellers(draw, categories: set[str], creditor: str | None, *, represented: bool) -> Seller:
    """A seller with the identifiers that the VAT categories demand (BR-S-02, BR-G-02, BR-O-02).

    None of them is the creditor identifier (BT-90), which UBL keeps with the payee (BR-17).
    """
    vat = None if "O" in categories else draw(maybe(VAT_IDENTIFIERS))
    registration = draw(maybe(TEXTS))
    enough = represented or registration is not None and not categories & {"G", "K"}
    if vat is None and not enough and "O" not in categories:
        vat = draw(VAT_IDENTIFIERS)
    known = [one for one in draw(several(identifiers(codes.ICD))) if one.value != creditor]
    legal = maybe(identifiers(codes.ICD)) if known or vat else identifiers(codes.ICD)  # BR-CO-26
    # Identifiers without a scheme first, as CII has them; their order says nothing.
    ordered = tuple(sorted(known, key=lambda identifier: identifier.scheme is not None))
    return draw(
        st.builds(
            Seller,
            **PARTY,
            name=TEXTS,
            identifiers=st.just(ordered),
            legal_registration=legal,
            vat_identifier=st.just(vat),
            tax_registration=st.just(registration),
            additional_legal_information=maybe(TEXTS),
        )
    )


@st.composite
def buyers(draw, categories: set[str]) -> Buyer:
    """A buyer with the identifiers that the VAT categories demand (BR-AE-02, BR-IC-02, BR-O-02)."""
    vat = None if "O" in categories else draw(maybe(VAT_IDENTIFIERS))
    if vat is None and "K" in categories:
        vat = draw(VAT_IDENTIFIERS)
    legal = identifiers(codes.ICD)
    return draw(
        st.builds(
            Buyer,
            **PARTY,
            name=TEXTS,
            identifier=maybe(identifiers(codes.ICD)),
            legal_registration=legal if vat is None and "AE" in categories else maybe(legal),
            vat_identifier=st.just(vat),
        )
    )


REPRESENTATIVES = st.builds(
    TaxRepresentative, name=TEXTS, vat_identifier=VAT_IDENTIFIERS, address=ADDRESSES
)


@st.composite
def payees(draw, seller: Seller) -> Payee:
    """A payee that shares no name and no identifier with the seller (BR-17)."""
    own: list[str | None] = [identifier.value for identifier in seller.identifiers]
    legal = seller.legal_registration.value if seller.legal_registration else None

    def other(*taken: str | None) -> st.SearchStrategy[Identifier | None]:
        value = text_other_than(*taken)
        return maybe(st.builds(Identifier, value=value, scheme=maybe(codes.ICD)))

    return Payee(
        name=draw(text_other_than(seller.name, seller.trading_name)),
        identifier=draw(other(*own)),
        legal_registration=draw(other(legal)),
    )
