"""Read, validate and convert European e-invoices.

    >>> import einvoice
    >>> document = einvoice.read("invoice.xml")
    >>> document.invoice.seller.name
    >>> einvoice.validate("invoice.xml").verdict
    >>> einvoice.convert("invoice.xml", to="facturx").data

Everything here can be used from several threads and after a fork.
"""

from __future__ import annotations

from einvoice.convert import Conversion, convert
from einvoice.errors import (
    ArtefactError,
    ConversionError,
    ConversionRefused,
    DocumentError,
    EInvoiceError,
    ForbiddenXml,
    InputNotReadable,
    MalformedJson,
    MalformedXml,
    NoInvoiceInPdf,
    OutputInvalid,
    PdfError,
    UnknownFormat,
    UsageError,
)
from einvoice.findings import Finding, Layer, Loss, LossKind, Report, Severity, Status, Verdict
from einvoice.formats import Document, read
from einvoice.model import Invoice
from einvoice.validate import validate

__version__ = "0.1.0"

__all__ = [
    "ArtefactError",
    "Conversion",
    "ConversionError",
    "ConversionRefused",
    "Document",
    "DocumentError",
    "EInvoiceError",
    "Finding",
    "ForbiddenXml",
    "InputNotReadable",
    "Invoice",
    "Layer",
    "Loss",
    "LossKind",
    "MalformedJson",
    "MalformedXml",
    "NoInvoiceInPdf",
    "OutputInvalid",
    "PdfError",
    "Report",
    "Severity",
    "Status",
    "UnknownFormat",
    "UsageError",
    "Verdict",
    "convert",
    "read",
    "validate",
]
