"""Read, validate and convert European e-invoices.

    >>> import einvoice
    >>> document = einvoice.read("invoice.xml")
    >>> document.invoice.seller.name
    >>> einvoice.validate("invoice.xml").verdict
    >>> einvoice.convert("invoice.xml", to="facturx").data

Everything here can be used from several threads and after a fork.
"""

from __future__ import annotations

from einvoice.account import Account
from einvoice.convert import Conversion, convert
from einvoice.errors import (
    ArtefactError,
    ConversionError,
    ConversionRefused,
    DocumentError,
    EInvoiceError,
    ForbiddenXml,
    InputNotReadable,
    LossRefused,
    MalformedJson,
    MalformedXml,
    NoInvoiceInPdf,
    OutputInvalid,
    PdfError,
    PolicyError,
    TableError,
    UnknownFormat,
    UsageError,
)
from einvoice.findings import (
    Finding,
    Layer,
    Loss,
    LossKind,
    Repaired,
    Report,
    Severity,
    Status,
    Subject,
    Verdict,
)
from einvoice.formats import Document, read
from einvoice.losspolicy import Policy, load_policy
from einvoice.model import Invoice
from einvoice.validate import validate

__version__ = "0.1.0"

__all__ = [
    "Account",
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
    "LossRefused",
    "MalformedJson",
    "MalformedXml",
    "NoInvoiceInPdf",
    "OutputInvalid",
    "PdfError",
    "Policy",
    "PolicyError",
    "Repaired",
    "Report",
    "Severity",
    "Status",
    "Subject",
    "TableError",
    "UnknownFormat",
    "UsageError",
    "Verdict",
    "convert",
    "load_policy",
    "read",
    "validate",
]
