"""Draw the visible page of an invoice as PDF/A-3a and PDF/UA-1."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from einvoice.model import Invoice
from einvoice.pdf.page import page_of
from einvoice.pdf.payment_code import payment_code
from einvoice.pdf.template import Template, built_in
from einvoice.pdf.typesetting import REPLACEMENT, Drawing, Job, mapped, typeset
from einvoice.pdf.wording import Wording

#: Document date of an invoice without BT-2; PDF/A demands one, and the clock must not give it.
NO_DATE = (1970, 1, 1)

SURROGATES = re.compile(r"[\ud800-\udfff]")

#: Long words, and where they may be broken, so that they stay within their column: behind signs
#: as in addresses of the web, and within what has no such sign.
LONG_WORD = re.compile(r"\S{17,}")
SIGN = re.compile(r"(?<=\w)([-@./_:;,#?&=]+)(?=\w)")
UNBROKEN = re.compile("[^\\s\u200b]{20,}")
PIECE = re.compile(r"\S{8}(?=\S{2})")
BREAK = "\u200b"


def draw(invoice: Invoice, *, language: str = "fr", template: Template | None = None) -> bytes:
    """Draw an invoice as PDF/A-3a and PDF/UA-1, with every term that it holds.

    Args:
        invoice: the canonical invoice.
        language: of the labels, numbers and dates: fr, de or en.
        template: a user's page; without one the built-in page is drawn.

    Raises:
        UsageError: another language.
        TemplateError: the user's template cannot be drawn.
    """
    return draw_page(invoice, language=language, template=template).pdf


def draw_page(
    invoice: Invoice, *, language: str = "fr", template: Template | None = None
) -> Drawing:
    """Draw an invoice, and tell which characters had to be replaced."""
    page = msgspec.to_builtins(page_of(invoice, Wording(language)))
    page["date"] = page["date"] or NO_DATE
    job = Job(
        template=template or built_in(),
        page=mapped(page, _breakable),
        invoice=_values(invoice) if template is not None else {},
        code=payment_code(invoice),
    )
    return typeset(job)


def _values(invoice: Invoice) -> dict[str, Any]:
    """The invoice for a user's template, without the content of attached files."""
    documents = tuple(
        msgspec.structs.replace(
            document, attachment=msgspec.structs.replace(document.attachment, content=b"")
        )
        if document.attachment is not None
        else document
        for document in invoice.supporting_documents
    )
    plain = msgspec.structs.replace(invoice, supporting_documents=documents)
    values: dict[str, Any] = mapped(msgspec.to_builtins(plain), _drawable)
    return values


def _drawable(text: str) -> str:
    """A text without blank ends and without what is no character."""
    return SURROGATES.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _breakable(text: str) -> str:
    """A drawable text with places to break long words."""
    plain = _drawable(text)
    return LONG_WORD.sub(_with_breaks, plain) if len(plain) > 16 else plain


def _with_breaks(word: re.Match[str]) -> str:
    return UNBROKEN.sub(
        lambda part: PIECE.sub(rf"\g<0>{BREAK}", part[0]), SIGN.sub(rf"\1{BREAK}", word[0])
    )
