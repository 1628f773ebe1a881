"""Every exception of the package, and the exit code of each.

    EInvoiceError               4   root; anything we raise on purpose
    ├── InputNotReadable        4   the path cannot be opened
    ├── OutputNotWritable       4   the path cannot be written
    ├── FolderInUse             4   another watcher is at work in a folder
    ├── UsageError              2   an unknown format, rule set, layer or profile was asked for
    ├── ArtefactError           4   an official schema or stylesheet is missing or another one
    ├── ExtraMissing            4   an optional package that this needs is not installed
    ├── LedgerError             4   a ledger that cannot be opened, read or written
    ├── ClusterError            4   a cluster that cannot be reached, or has other versions than we
    ├── DocumentError           1   the bytes are not an invoice we can read; knows its finding
    │   ├── MalformedXml        1   not well-formed, empty, truncated, wrong encoding
    │   ├── ForbiddenXml        1   DTD, entities, or a limit on size, depth or attributes
    │   ├── MalformedJson       1   not canonical JSON
    │   ├── PdfError            1   not a PDF that can be read, or encrypted
    │   ├── NoInvoiceInPdf      1   a readable PDF without an embedded invoice
    │   └── UnknownFormat       3   well-formed, but no invoice format we know
    ├── PolicyError             2   a policy file that cannot be understood
    ├── ConfigError             2   a configuration of a batch that cannot be understood
    ├── TableError              2   a table that a user gives, such as payments, is wrong
    ├── TemplateError           2   a page template that cannot be used
    └── ConversionError         1   the target cannot hold the invoice, or our output is wrong
        ├── ConversionRefused   1   the target demands terms that the source lacks
        ├── LossRefused         1   something would be lost, and that was not to be
        └── OutputInvalid       4   the source is valid and the output is not: a fault of ours

A finding is about the invoice, an exception about us or about bytes that hold no invoice. When a
document is validated, a `DocumentError` becomes the finding that it carries.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einvoice.findings import Loss, Report


class EInvoiceError(Exception):
    """Root of all exceptions raised on purpose by this package. They can be pickled."""

    exit_code = 4

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the message and the attributes: the constructors take other things."""
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(
    kind: type[EInvoiceError], args: tuple[object, ...], attributes: dict[str, object]
) -> EInvoiceError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(attributes)
    return error


class InputNotReadable(EInvoiceError):
    """The input cannot be opened: missing, no permission, a folder where a file is needed."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: cannot be opened: {reason}")


class OutputNotWritable(EInvoiceError):
    """An output cannot be written: no permission, no space, a file where a folder is needed."""

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: cannot be written: {reason}")


class FolderInUse(EInvoiceError):
    """Another watcher is at work in a folder."""

    def __init__(self, path: object) -> None:
        super().__init__(f"{path}: another `einvoice watch` is using this folder")


class UsageError(EInvoiceError):
    """Something was asked for by a name that does not exist."""

    exit_code = 2

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"unknown {what} {name!r}; known: {', '.join(known)}")


class PolicyError(EInvoiceError):
    """A policy file that cannot be understood."""

    exit_code = 2

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: cannot be used as a policy: {reason}")


class TableError(EInvoiceError):
    """A table that a user gives and that is not used: not one of its rows was taken.

    Attributes:
        faults: what is wrong, each with the line of the file; the first ones of many.
        more: how many faults there are besides.
    """

    exit_code = 2

    def __init__(self, path: object, faults: tuple[str, ...], more: int = 0) -> None:
        shown = (*faults, f"and {more} more") if more else faults
        super().__init__(f"{path}: cannot be used as a table:\n  " + "\n  ".join(shown))
        self.faults = faults
        self.more = more


class ConfigError(EInvoiceError):
    """A configuration of a batch that cannot be understood."""

    exit_code = 2

    def __init__(self, path: object, reason: str) -> None:
        super().__init__(f"{path}: cannot be used as a configuration: {reason}")


class TemplateError(EInvoiceError):
    """A page template that cannot be used.

    Attributes:
        reason: what is wrong with it, with the place where known.
    """

    exit_code = 2

    def __init__(self, path: object, reason: str) -> None:
        named = "" if path is None else f"{path}: "
        super().__init__(f"{named}page template: {reason}")
        self.reason = reason


class ArtefactError(EInvoiceError):
    """An official artefact (XSD, stylesheet) is missing or differs from the catalogue."""


class ExtraMissing(EInvoiceError):
    """A package is not installed that only some of what we do needs."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs more packages: pip install einvoice-engine[{extra}]")


class LedgerError(EInvoiceError):
    """A ledger that cannot be opened, read or written."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: cannot be used as a ledger: {reason}")


class ClusterError(EInvoiceError):
    """A cluster of machines that cannot be used, or not any more."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: cannot be used as a cluster: {reason}")


class DocumentError(EInvoiceError):
    """The bytes hold no invoice that can be read.

    Attributes:
        rule: id of the finding that validation reports for it.
        layer: layer of that finding, `container` or `xml`.
        line: line in the source, where known.
    """

    exit_code = 1
    rule = "DOCUMENT"
    layer = "xml"

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class MalformedXml(DocumentError):
    """The XML is not well-formed."""

    rule = "XML-MALFORMED"


class ForbiddenXml(DocumentError):
    """The XML uses what an invoice must not use, or goes beyond a limit."""

    rule = "XML-FORBIDDEN"


class MalformedJson(DocumentError):
    """The JSON is not a canonical invoice."""

    rule = "JSON-MALFORMED"


class PdfError(DocumentError):
    """The PDF cannot be read."""

    rule = "PDF-UNREADABLE"
    layer = "container"


class NoInvoiceInPdf(DocumentError):
    """The PDF can be read but holds no invoice."""

    rule = "PDF-NO-INVOICE"
    layer = "container"


class UnknownFormat(DocumentError):
    """Well-formed, but not an invoice format that we know."""

    exit_code = 3
    rule = "FORMAT-UNKNOWN"

    def __init__(self, root: str, known: Iterable[str]) -> None:
        super().__init__(
            f"root element {root!r} is no invoice format we know; known: {', '.join(known)}"
        )
        self.root = root


class ConversionError(EInvoiceError):
    """A conversion that cannot be handed out."""

    exit_code = 1


class ConversionRefused(ConversionError):
    """The target format demands terms that the source lacks.

    Attributes:
        terms: the missing business terms, for instance `("BG-25",)`.
    """

    def __init__(self, message: str, terms: tuple[str, ...]) -> None:
        super().__init__(message)
        self.terms = terms


class LossRefused(ConversionError):
    """Something would be lost, and the caller wanted no such output.

    Attributes:
        losses: what would be lost and is not accepted.
    """

    def __init__(self, message: str, losses: tuple[Loss, ...]) -> None:
        super().__init__(message)
        self.losses = losses


class OutputInvalid(ConversionError):
    """The source is valid and the output is not: something it needs was lost, or our fault.

    Attributes:
        report: what validation says about the output.
    """

    exit_code = 4

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report
