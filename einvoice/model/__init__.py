"""The canonical model of an invoice, after EN 16931-1. It knows no syntax and no place."""

from einvoice.model.extension import Extension
from einvoice.model.invoice import (
    AllowanceCharge,
    Delivery,
    Invoice,
    Note,
    PrecedingInvoice,
    Process,
    SupportingDocument,
    Totals,
    VatBreakdown,
)
from einvoice.model.lines import (
    Item,
    ItemAttribute,
    Line,
    LineAllowanceCharge,
    LineExtension,
    LineVat,
    Period,
    Price,
)
from einvoice.model.party import Address, Buyer, Contact, Party, Payee, Seller, TaxRepresentative
from einvoice.model.payment import CreditTransfer, DirectDebit, PaymentCard, PaymentInstructions
from einvoice.model.values import Attachment, Identifier

__all__ = [
    "Address",
    "AllowanceCharge",
    "Attachment",
    "Buyer",
    "Contact",
    "CreditTransfer",
    "Delivery",
    "DirectDebit",
    "Extension",
    "Identifier",
    "Invoice",
    "Item",
    "ItemAttribute",
    "Line",
    "LineAllowanceCharge",
    "LineExtension",
    "LineVat",
    "Note",
    "Party",
    "Payee",
    "PaymentCard",
    "PaymentInstructions",
    "Period",
    "PrecedingInvoice",
    "Price",
    "Process",
    "Seller",
    "SupportingDocument",
    "TaxRepresentative",
    "Totals",
    "VatBreakdown",
]
