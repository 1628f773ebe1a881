"""The statements that French law asks for, where the invoice says by a code what they are about.

Source: CGI annex II article 242 nonies A, as changed by decree 2022-1299. What the law wants as
free text (penalties, discount, exemption) stands in notes (BG-1) and reasons (BT-120).
"""

from __future__ import annotations

from einvoice.model import Invoice
from einvoice.pdf import labels
from einvoice.pdf.rows import Rows
from einvoice.pdf.wording import Wording

#: BT-8 for VAT on the date of the invoice: UNTDID 2005 and 2475.
ON_DEBITS = ("3", "5")
VAT_GROUP_MEMBER = "MEMBRE_ASSUJETTI_UNIQUE"


def mention_rows(invoice: Invoice, wording: Wording) -> Rows:
    """The statements of an invoice from France; none for others."""
    if invoice.seller.address.country != "FR":
        return
    process = invoice.process.business_process or ""
    letter = process[:1] if process[1:].isdigit() else ""
    if letter in labels.OPERATIONS:
        yield "operation", wording.code(labels.OPERATIONS, letter)
    if invoice.type_code in labels.SELF_BILLED:
        yield "", wording.label("self_billing")
    if any(row.category == "AE" for row in invoice.vat_breakdown):
        yield "", wording.label("reverse_charge")
    if invoice.tax_point_date_code in ON_DEBITS and letter != "B":
        yield "", wording.label("vat_on_debits")
    if any(note.text == VAT_GROUP_MEMBER for note in invoice.notes):
        yield "", wording.label("vat_group_member")
