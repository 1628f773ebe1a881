"""UBL 2.1 as a target: Invoice or CreditNote, chosen by BT-3."""

from __future__ import annotations

from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.formats.defaults import UBL_DEFAULTS, fill, require_lines
from einvoice.formats.format import Format, Options, Written
from einvoice.formats.mapping import write_xml
from einvoice.model import Invoice


def write(invoice: Invoice, options: Options) -> Written:
    """Write an invoice in UBL.

    Raises:
        ConversionRefused: it has no lines.
    """
    require_lines(invoice, "UBL")
    filled, fills = fill(invoice, UBL_DEFAULTS)
    syntax = "ubl-creditnote" if invoice.type_code in CREDIT_NOTE_TYPES else "ubl-invoice"
    return Written(data=write_xml(syntax, filled), fills=fills)


FORMAT = Format(name="ubl", title="UBL 2.1 Invoice or CreditNote", extension=".xml", write=write)
