"""Factur-X as a whole: every profile, drawn and in a given page, with the files of the invoice."""

from io import BytesIO

import pikepdf
import pytest
from tests.examples import plain_invoice

import einvoice
from einvoice.bindings import write_xml
from einvoice.errors import ConversionRefused, OutputInvalid
from einvoice.findings import Verdict
from einvoice.model import Attachment, SupportingDocument
from einvoice.pdf import pdfa
from einvoice.pdf.container import open_pdf

PROFILES = {
    "facturx-minimum": ("MINIMUM", "factur-x.xml", "1.0", "Data"),
    "facturx-basicwl": ("BASIC WL", "factur-x.xml", "1.0", "Data"),
    "facturx-basic": ("BASIC", "factur-x.xml", "1.0", "Alternative"),
    "facturx-en16931": ("EN 16931", "factur-x.xml", "1.0", "Alternative"),
    "facturx-extended": ("EXTENDED", "factur-x.xml", "1.0", "Alternative"),
    "xrechnung": ("XRECHNUNG", "xrechnung.xml", "3.0", "Alternative"),
}
