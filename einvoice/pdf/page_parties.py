"""The parties of an invoice on the drawn page."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.model import Buyer, Contact, Invoice, Payee, Seller, TaxRepresentative
from einvoice.pdf.rows import Block, Rows, address_row, block_of, identifier_row, text_row
from einvoice.pdf.wording import Wording


def party_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Seller and buyer, then payee and tax representative if there are any."""
    seller, buyer = invoice.seller, invoice.buyer
    yield block_of(wording, "seller", _seller(seller, wording), seller.name)
    yield block_of(wording, "buyer", _buyer(buyer, wording), buyer.name)
    if invoice.payee is not None:
        yield block_of(wording, "payee", _payee(invoice.payee, wording), invoice.payee.name)
    if invoice.tax_representative is not None:
        rows = _representative(invoice.tax_representative, wording)
        yield block_of(wording, "tax_representative", rows, invoice.tax_representative.name)


def _seller(seller: Seller, wording: Wording) -> Rows:
    yield from text_row("trading_name", seller.trading_name)
    yield from address_row(seller.address, wording)
    for identifier in seller.identifiers:
        yield "identifier", wording.identifier(identifier)
    yield from identifier_row("legal_registration", seller.legal_registration, wording)
    yield from text_row("vat_identifier", seller.vat_identifier)
    yield from text_row("tax_registration", seller.tax_registration)
    yield from text_row("additional_legal_information", seller.additional_legal_information)
    yield from identifier_row("electronic_address", seller.electronic_address, wording)
    yield from _contact(seller.contact)


def _buyer(buyer: Buyer, wording: Wording) -> Rows:
    yield from text_row("trading_name", buyer.trading_name)
    yield from address_row(buyer.address, wording)
    yield from identifier_row("identifier", buyer.identifier, wording)
    yield from identifier_row("legal_registration", buyer.legal_registration, wording)
    yield from text_row("vat_identifier", buyer.vat_identifier)
    yield from identifier_row("electronic_address", buyer.electronic_address, wording)
    yield from _contact(buyer.contact)


def _payee(payee: Payee, wording: Wording) -> Rows:
    yield from identifier_row("identifier", payee.identifier, wording)
    yield from identifier_row("legal_registration", payee.legal_registration, wording)


def _representative(party: TaxRepresentative, wording: Wording) -> Rows:
    yield from address_row(party.address, wording)
    yield from text_row("vat_identifier", party.vat_identifier)


def _contact(contact: Contact | None) -> Rows:
    if contact is not None:
        yield from text_row("contact", contact.point)
        yield from text_row("telephone", contact.telephone)
        yield from text_row("email", contact.email)
