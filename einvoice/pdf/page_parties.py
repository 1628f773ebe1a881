"""The parties of an invoice on the drawn page."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.model import Buyer, Contact, Invoice, Payee, Seller, TaxRepresentative
from einvoice.model.extension import Extension
from einvoice.model.party import Party, PartyDetails
from einvoice.pdf.rows import Block, Rows, address_row, block_of, identifier_row, text_row
from einvoice.pdf.wording import Wording

#: Parties that only extensions know, by their attribute there, which is their label too.
FURTHER_PARTIES = (
    "sales_agent",
    "buyer_agent",
    "invoicer",
    "invoicee",
    "payer",
    "ship_from",
    "ultimate_ship_to",
)


def party_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Seller and buyer, then payee, tax representative and others if there are any."""
    seller, buyer = invoice.seller, invoice.buyer
    extension = invoice.extension or Extension()
    yield block_of(wording, "seller", _seller(seller, wording), seller.name)
    yield block_of(wording, "buyer", _buyer(buyer, extension, wording), buyer.name)
    payee = invoice.payee
    if payee is not None or extension.payee is not None:
        rows = _payee(payee or Payee(), extension.payee, wording)
        yield block_of(wording, "payee", rows, payee.name if payee else None)
    if invoice.tax_representative is not None:
        rows = _representative(invoice.tax_representative, wording)
        yield block_of(wording, "tax_representative", rows, invoice.tax_representative.name)
    for role in FURTHER_PARTIES:
        party: Party | None = getattr(extension, role)
        if party is not None:
            yield block_of(wording, role, party_rows(party, wording), party.name)


def _seller(seller: Seller, wording: Wording) -> Rows:
    yield from address_row(seller.address, wording)
    yield from text_row("trading_name", seller.trading_name)
    for identifier in seller.identifiers:
        yield "identifier", wording.identifier(identifier)
    yield from identifier_row("legal_registration", seller.legal_registration, wording)
    yield from text_row("vat_identifier", seller.vat_identifier)
    yield from text_row("tax_registration", seller.tax_registration)
    yield from text_row("additional_legal_information", seller.additional_legal_information)
    yield from identifier_row("electronic_address", seller.electronic_address, wording)
    yield from _contact(seller.contact)


def _buyer(buyer: Buyer, extension: Extension, wording: Wording) -> Rows:
    yield from address_row(buyer.address, wording)
    yield from text_row("trading_name", buyer.trading_name)
    yield from identifier_row("identifier", buyer.identifier, wording)
    for further in extension.further_buyer_identifiers:
        yield "identifier", wording.identifier(further)
    yield from identifier_row("legal_registration", buyer.legal_registration, wording)
    yield from text_row("vat_identifier", buyer.vat_identifier)
    yield from text_row("tax_registration", extension.buyer_tax_registration)
    yield from identifier_row("electronic_address", buyer.electronic_address, wording)
    yield from _contact(buyer.contact)


def _payee(payee: Payee, details: PartyDetails | None, wording: Wording) -> Rows:
    if details is not None and details.address is not None:
        yield from address_row(details.address, wording)
    yield from identifier_row("identifier", payee.identifier, wording)
    yield from identifier_row("legal_registration", payee.legal_registration, wording)
    if details is not None:
        yield from _details(details, wording)


def _representative(party: TaxRepresentative, wording: Wording) -> Rows:
    yield from address_row(party.address, wording)
    yield from text_row("vat_identifier", party.vat_identifier)


def party_rows(party: Party, wording: Wording) -> Rows:
    """What is known of a party of an extension, but for its name."""
    if party.address is not None:
        yield from address_row(party.address, wording)
    yield from text_row("trading_name", party.trading_name)
    for identifier in party.identifiers:
        yield "identifier", wording.identifier(identifier)
    yield from identifier_row("legal_registration", party.legal_registration, wording)
    yield from _details(party, wording)


def _details(details: PartyDetails, wording: Wording) -> Rows:
    """What extensions know of a party, but for its address."""
    yield from text_row("role", details.role_code)
    yield from text_row("vat_identifier", details.vat_identifier)
    yield from text_row("additional_legal_information", details.additional_legal_information)
    yield from identifier_row("electronic_address", details.electronic_address, wording)
    yield from _contact(details.contact)


def _contact(contact: Contact | None) -> Rows:
    if contact is not None:
        yield from text_row("contact", contact.point)
        yield from text_row("telephone", contact.telephone)
        yield from text_row("email", contact.email)
