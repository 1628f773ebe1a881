"""Parties of an invoice: seller, buyer, payee, tax representative, and those of extensions."""

from __future__ import annotations

from einvoice.model.values import Identifier, Struct


class Address(Struct, frozen=True):
    """A postal address (BG-5, BG-8, BG-12, BG-15)."""

    line_1: str | None = None
    line_2: str | None = None
    line_3: str | None = None
    city: str | None = None
    post_code: str | None = None
    subdivision: str | None = None
    country: str | None = None  #: ISO 3166-1 alpha-2


class Contact(Struct, frozen=True):
    """A contact point (BG-6, BG-9)."""

    point: str | None = None
    telephone: str | None = None
    email: str | None = None


class Seller(Struct, frozen=True):
    """The seller (BG-4)."""

    name: str | None = None  #: BT-27
    trading_name: str | None = None  #: BT-28
    identifiers: tuple[Identifier, ...] = ()  #: BT-29
    legal_registration: Identifier | None = None  #: BT-30
    vat_identifier: str | None = None  #: BT-31
    tax_registration: str | None = None  #: BT-32
    additional_legal_information: str | None = None  #: BT-33
    electronic_address: Identifier | None = None  #: BT-34
    address: Address = Address()  #: BG-5
    contact: Contact | None = None  #: BG-6


class Buyer(Struct, frozen=True):
    """The buyer (BG-7)."""

    name: str | None = None  #: BT-44
    trading_name: str | None = None  #: BT-45
    identifier: Identifier | None = None  #: BT-46
    legal_registration: Identifier | None = None  #: BT-47
    vat_identifier: str | None = None  #: BT-48
    electronic_address: Identifier | None = None  #: BT-49
    address: Address = Address()  #: BG-8
    contact: Contact | None = None  #: BG-9


class Payee(Struct, frozen=True):
    """Who is paid, when it is not the seller (BG-10)."""

    name: str | None = None  #: BT-59
    identifier: Identifier | None = None  #: BT-60
    legal_registration: Identifier | None = None  #: BT-61


class TaxRepresentative(Struct, frozen=True):
    """The seller's tax representative (BG-11)."""

    name: str | None = None  #: BT-62
    vat_identifier: str | None = None  #: BT-63
    address: Address = Address()  #: BG-12


class PartyDetails(Struct, frozen=True):
    """What extensions know of a party, be it one of EN 16931 or one of theirs."""

    role_code: str | None = None  #: UNTDID 3035
    vat_identifier: str | None = None
    additional_legal_information: str | None = None
    electronic_address: Identifier | None = None
    address: Address | None = None
    contact: Contact | None = None


class Party(PartyDetails, frozen=True):
    """A party that only extensions know: an agent, a payer, the seller of a line."""

    name: str | None = None
    trading_name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    legal_registration: Identifier | None = None
