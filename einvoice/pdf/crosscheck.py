"""Whether the page of a hybrid invoice says what its XML says.

People read the page and programs the XML: where they differ, one file is two invoices. A value is
looked for in the usual French, German and English ways of writing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

import msgspec

from einvoice.errors import PdfError
from einvoice.findings import Finding, LayerName, Severity
from einvoice.model import Invoice
from einvoice.pdf.container import PdfContainer
from einvoice.pdf.opening import opened
from einvoice.pdf.shown import spellings
from einvoice.pdf.shown.text import PageText, text_of_pages

#: Fewer letters and digits than this are no invoice that can be read.
FEWEST_SIGNS = 40

#: How many values of the page a message names.
MOST_NAMED = 3

#: What stands before the number of an invoice, and the number.
NUMBER = re.compile(
    r"(?:rechnung(?:s)?[-\s]?(?:nr|nummer)|rechnung\s+nr|beleg[-\s]?nr|gutschrift\s+nr"
    r"|invoice\s*(?:no|number|nr|#)|credit note\s*(?:no|number|nr|#)"
    r"|facture\s*(?:n°|nº|no\b|num[ée]ro)|avoir\s*(?:n°|nº|no\b)|n°\s*(?:de\s+)?(?:la\s+)?facture)"
    r"[\s.:°#]*([A-Z0-9][\w/.-]*\d[\w/-]*)",
    re.IGNORECASE,
)

#: What stands before an amount of the kind, within its line.
AMOUNT_LABELS = {
    "BT-109": r"total\s+h\.?t|net(?:to)?[- ]?(?:betrag|summe|total|amount)|summe\s+netto|subtotal"
    r"|(?:total|sum)\s+(?:net|without\s+vat|excl)",
    "BT-110": r"(?:total|montant)\s+tva|(?:mwst|ust)\.?[- ]?(?:betrag|summe)"
    r"|total\s+vat|vat\s+total",
    "BT-112": r"total\s+t\.?t\.?c|brutto[- ]?(?:betrag|summe)|summe\s+brutto|gesamt(?:betrag|summe)"
    r"|rechnungs(?:betrag|summe)|(?:grand\s+total|total\s+(?:incl|with\s+vat|gross))",
    "BT-115": r"net\s+[àa]\s+payer|zahlbetrag|zu\s+zahlen|rechnungsbetrag"
    r"|(?:amount|total|balance)\s+due",
}
LABEL_TO_AMOUNT = r"[^\d\n]{0,40}[\s:]"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice and the text of its page."""

    invoice: Invoice
    text: str

    def shows(self, pattern: re.Pattern[str]) -> bool:
        """Whether the text has what a pattern finds."""
        return pattern.search(self.text) is not None

    def has(self, identifier: str) -> bool:
        """Whether the text has an identifier, with whatever blanks and dots in it."""
        return spellings.squeezed(identifier) in spellings.squeezed(self.text)


#: Business term, its value as text, and values of the same kind on the page.
Difference = tuple[str, str, Iterable[str]]


def number_shown(page: Page) -> Iterator[Difference]:
    """The number of the invoice (BT-1) stands on the page."""
    number = page.invoice.number
    if number and not page.shows(spellings.text_pattern(number)):
        yield "BT-1", number, NUMBER.findall(page.text)


def issue_date_shown(page: Page) -> Iterator[Difference]:
    """The issue date (BT-2) stands on the page."""
    day = page.invoice.issue_date
    if day is not None and not page.shows(spellings.date_pattern(day)):
        yield "BT-2", day.isoformat(), _days(page)


def due_date_shown(page: Page) -> Iterator[Difference]:
    """The due date (BT-9) stands on the page."""
    day = page.invoice.due_date
    if day is not None and not page.shows(spellings.date_pattern(day)):
        yield "BT-9", day.isoformat(), _days(page)


def totals_shown(page: Page) -> Iterator[Difference]:
    """The totals (BT-109, BT-110, BT-112, BT-115) stand on the page, unless they are zero."""
    totals = page.invoice.totals
    amounts = {
        "BT-109": totals.without_vat,
        "BT-110": totals.vat,
        "BT-112": totals.with_vat,
        "BT-115": totals.due,
    }
    for term, amount in amounts.items():
        if amount and not page.shows(spellings.amount_pattern(amount)):
            yield term, str(amount), _labelled(page.text, term)


def vat_identifiers_shown(page: Page) -> Iterator[Difference]:
    """The VAT identifiers of seller and buyer (BT-31, BT-48) stand on the page."""
    parties = {
        "BT-31": page.invoice.seller.vat_identifier,
        "BT-48": page.invoice.buyer.vat_identifier,
    }
    for term, identifier in parties.items():
        if identifier and not page.has(identifier):
            known = {spellings.squeezed(other) for other in parties.values() if other}
            others = [n for n in spellings.vat_identifiers_in(page.text) if n not in known]
            yield term, identifier, others


def account_shown(page: Page) -> Iterator[Difference]:
    """The accounts to pay to (BT-84) stand on the page."""
    payment = page.invoice.payment
    transfers = payment.credit_transfers if payment is not None else ()
    accounts = [each.account for each in transfers if each.account]
    for account in accounts:
        if not page.has(account):
            known = set(map(spellings.squeezed, accounts))
            yield "BT-84", account, [n for n in spellings.ibans_in(page.text) if n not in known]


Check = Callable[[Page], Iterator[Difference]]

#: Every check with its public id and weight, in the order of the findings.
CHECKS: tuple[tuple[str, Severity, Check], ...] = (
    ("PDF-30", Severity.WARNING, number_shown),
    ("PDF-31", Severity.WARNING, issue_date_shown),
    ("PDF-32", Severity.WARNING, due_date_shown),
    ("PDF-33", Severity.WARNING, totals_shown),
    ("PDF-34", Severity.WARNING, vat_identifiers_shown),
    ("PDF-35", Severity.WARNING, account_shown),
)

#: The id of what is said of a page that cannot be compared.
UNREAD = "PDF-36"

TERMS = {
    "PDF-30": ("BT-1",),
    "PDF-31": ("BT-2",),
    "PDF-32": ("BT-9",),
    "PDF-33": tuple(AMOUNT_LABELS),
    "PDF-34": ("BT-31", "BT-48"),
    "PDF-35": ("BT-84",),
}


def check_page(container: PdfContainer, invoice: Invoice) -> Iterator[Finding]:
    """Compare the page of a hybrid invoice with the invoice in it.

    Args:
        container: what was read from the PDF.
        invoice: the invoice that its XML holds.
    """
    read = _text_of(container)
    signs = len(spellings.squeezed(read.text.replace("\ufffd", "")))
    if signs < FEWEST_SIGNS:
        yield _unread("the page has no text that can be read (a scan, for example)")
    elif not read.complete:
        yield _unread("the PDF has more pages or content than are read for this")
    else:
        page = Page(invoice=invoice, text=read.text)
        for rule, severity, check in CHECKS:
            for difference in check(page):
                yield _finding(rule, severity, difference)


def table() -> tuple[tuple[str, Severity, Callable[..., object]], ...]:
    """All that can be found, with the function whose docstring says what must hold."""
    return (*CHECKS, (UNREAD, Severity.INFORMATION, _unread))


def _text_of(container: PdfContainer) -> PageText:
    """The text of the pages; none if they cannot be read."""
    try:
        with opened(container.data) as document:
            return text_of_pages(document)
    except PdfError:
        return PageText(text="")


def _finding(rule: str, severity: Severity, difference: Difference) -> Finding:
    term, value, others = difference
    named = list(dict.fromkeys(others))
    there = f"; the page has {', '.join(map(repr, named[:MOST_NAMED]))}" if named else ""
    return Finding(
        rule=rule,
        severity=severity,
        layer=LayerName.CONTAINER,
        message=f"{term} is {value!r} in the XML and does not stand on the page{there}",
        terms=(term,),
    )


def _unread(reason: str) -> Finding:
    """The page has text to compare with the XML, and no more than is read for that."""
    return Finding(
        rule=UNREAD,
        severity=Severity.INFORMATION,
        layer=LayerName.CONTAINER,
        message=f"{reason}, so it was not compared with the XML",
    )


def _days(page: Page) -> list[str]:
    return [day.isoformat() for day in spellings.dates_in(page.text)]


def _labelled(text: str, term: str) -> list[str]:
    """Amounts that stand behind a label of the kind; else the greatest of all, for a total."""
    label = re.compile(
        rf"(?:{AMOUNT_LABELS[term]}){LABEL_TO_AMOUNT}({spellings.AMOUNT.pattern})", re.IGNORECASE
    )
    found = [
        _plain(amount) for match in label.findall(text) for amount in spellings.amounts_in(match)
    ]
    if found or term not in ("BT-112", "BT-115"):
        return found
    return [_plain(max(spellings.amounts_in(text), default=Decimal(0)))] if text else []


def _plain(amount: Decimal) -> str:
    return f"{amount:f}"
