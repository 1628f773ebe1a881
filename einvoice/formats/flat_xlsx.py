"""XLSX for people: every filled term of the invoice, and its lines as a table.

What is in the sheets is in `flat_sheets`, what becomes of the values in `workbook`. It needs
openpyxl, which the extra `excel` brings.
"""

from __future__ import annotations

from einvoice.errors import ExtraMissing
from einvoice.formats.format import Format, Options, Written
from einvoice.model import Invoice


def write(invoice: Invoice, options: Options) -> Written:
    """Write an invoice as a workbook.

    Raises:
        ExtraMissing: openpyxl is not installed.
        ConversionRefused: the invoice has more lines than a sheet has rows.
    """
    try:
        from einvoice.formats.flat_sheets import write_workbook
    except ImportError:
        raise ExtraMissing("XLSX", "excel") from None
    return write_workbook(invoice)


FORMAT = Format(
    name="xlsx",
    title="XLSX, the terms and a table of the lines",
    extension=".xlsx",
    write=write,
    reads_back=False,
)
