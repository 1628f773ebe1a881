"""UN/CEFACT Cross Industry Invoice as a target."""

from __future__ import annotations

from einvoice.formats.defaults import CII_DEFAULTS, fill
from einvoice.formats.format import Format, Options, Written
from einvoice.formats.mapping import write_xml
from einvoice.model import Invoice


def write(invoice: Invoice, options: Options) -> Written:
    """Write an invoice in CII D22B."""
    filled, fills = fill(invoice, CII_DEFAULTS)
    return Written(data=write_xml("cii", filled), fills=fills)


FORMAT = Format(
    name="cii", title="UN/CEFACT Cross Industry Invoice D22B", extension=".xml", write=write
)
