"""Reasons of exemption (BT-121, VATEX) against category, country and document type; franchise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from einvoice.checks.check import Observation, Sight
from einvoice.checks.vat_places import country_of, number_country
from einvoice.codelists import CREDIT_NOTE_TYPES
from einvoice.findings import Severity
from einvoice.model import Invoice

#: The category of codes that do not stand for an exemption (E). VATEX list of the EN 16931
#: validation artefacts 1.3.16 (2026-03-30).
_CATEGORIES = {
    "VATEX-EU-AE": "AE",
    "VATEX-EU-IC": "K",
    "VATEX-EU-G": "G",
    "VATEX-EU-O": "O",
    "VATEX-FR-AE": "AE",
}
#: Exemptions like exports (directive 2006/112, articles 143 to 159): some write G or Z for them.
_LIKE_EXPORTS = re.compile(r"VATEX-EU-(143|144|146|148|151|153|159)\b")
#: Categories that are judged: reasons for S and Z are refused by the official rules or allowed.
_EXEMPT = frozenset(("E", "AE", "K", "G", "O"))

_FRANCHISE = "VATEX-FR-FRANCHISE"
_WAIVED_REBATE = "VATEX-FR-CNWVAT"
#: Wording of the French scheme for small firms (CGI article 293 B).
_FRANCHISE_TEXT = re.compile(r"non[ -]applicable.{0,60}\b293[ -]?B\b", re.IGNORECASE | re.DOTALL)


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A reason of exemption and the category that it is given for."""

    path: str  #: of the code, in the model
    category: str | None
    code: str  #: in upper case, empty if there is only a text
    text: str


def _reasons(invoice: Invoice) -> Iterator[Reason]:
    for index, row in enumerate(invoice.vat_breakdown):
        path = f"vat_breakdown[{index}].exemption_reason_code"
        yield _reason(path, row.category, row.exemption_reason_code, row.exemption_reason)
    for index, line in enumerate(invoice.lines):
        if more := line.extension:
            path = f"lines[{index}].extension.exemption_reason_code"
            category = line.vat.category
            yield _reason(path, category, more.exemption_reason_code, more.exemption_reason)
    for name in ("allowances", "charges"):
        for index, item in enumerate(getattr(invoice, name)):
            path = f"{name}[{index}].exemption_reason_code"
            category = item.vat_category
            yield _reason(path, category, item.exemption_reason_code, item.exemption_reason)


def _reason(path: str, category: str | None, code: str | None, text: str | None) -> Reason:
    return Reason(path=path, category=category, code=(code or "").upper(), text=text or "")


def reason_fits_category(sight: Sight) -> Iterator[Observation]:
    """A VATEX code is of the category that it is given for."""
    for reason in _reasons(sight.invoice):
        if not reason.code.startswith("VATEX-") or reason.category not in {*_EXEMPT, "Z"}:
            continue
        expected = _CATEGORIES.get(reason.code, "E")
        like_export = _LIKE_EXPORTS.match(reason.code) and reason.category in ("G", "Z")
        if reason.category == expected or (reason.category == "Z" and not like_export):
            continue
        yield Observation(
            message=f"BT-121 is {reason.code}, a reason of category {expected}, but the category "
            f"is {reason.category}.",
            paths=(reason.path,),
            evidence=(
                ("BT-121", reason.code),
                ("BT-118", reason.category or ""),
                ("expected", expected),
            ),
            severity=Severity.INFORMATION if like_export else None,
        )


def reason_fits_document(sight: Sight) -> Iterator[Observation]:
    """A French VATEX code is given by a French seller, CNWVAT only on a credit note."""
    invoice = sight.invoice
    for reason in _reasons(invoice):
        if not reason.code.startswith("VATEX-FR-"):
            continue
        countries = _all_countries(invoice)
        if countries and "FR" not in countries:
            yield Observation(
                message=f"BT-121 is {reason.code}, a reason of French law, but the seller is of "
                f"{' and '.join(countries)}.",
                paths=(reason.path, "seller.vat_identifier"),
                evidence=(("BT-121", reason.code), ("seller", ", ".join(countries))),
            )
        if reason.code == _WAIVED_REBATE and invoice.type_code not in CREDIT_NOTE_TYPES:
            yield Observation(
                message=f"BT-121 is {reason.code}, VAT left as it was on a rebate, but BT-3 is "
                f"{invoice.type_code}; expected a credit note.",
                paths=(reason.path, "type_code"),
                evidence=(("BT-121", reason.code), ("BT-3", invoice.type_code or "")),
            )


def _all_countries(invoice: Invoice) -> list[str]:
    """The countries of the seller's numbers and addresses, the tax representative's included."""
    seller, agent = invoice.seller, invoice.tax_representative
    found = [number_country(seller.vat_identifier), country_of(seller.address)]
    if agent:
        found += [number_country(agent.vat_identifier), country_of(agent.address)]
    return list(dict.fromkeys(country for country in found if country))


def franchise_charges_no_vat(sight: Sight) -> Iterator[Observation]:
    """Who has the French franchise (CGI article 293 B) charges no VAT."""
    invoice = sight.invoice
    place = _franchise(invoice)
    if place is None:
        return
    taxed = [
        (f"vat_breakdown[{index}].tax_amount", row.tax_amount)
        for index, row in enumerate(invoice.vat_breakdown)
        if row.tax_amount
    ]
    if not taxed and invoice.totals.vat:
        taxed = [("totals.vat", invoice.totals.vat)]
    if taxed:
        total = sum((amount for _, amount in taxed), Decimal())
        yield Observation(
            message=f"The seller has the French franchise (CGI 293 B), but VAT of {total} is "
            "charged; expected 0.",
            paths=(taxed[0][0], place),
            evidence=(("VAT", str(total)), ("expected", "0")),
        )


def franchise_has_no_taxed_lines(sight: Sight) -> Iterator[Observation]:
    """Who has the French franchise has no line, allowance or charge of category S."""
    invoice = sight.invoice
    place = _franchise(invoice)
    if place is None:
        return
    taxed = [
        f"lines[{i}].vat.category" for i, x in enumerate(invoice.lines) if x.vat.category == "S"
    ]
    for name in ("allowances", "charges"):
        items = enumerate(getattr(invoice, name))
        taxed += [f"{name}[{i}].vat_category" for i, x in items if x.vat_category == "S"]
    if taxed:
        yield Observation(
            message=f"The seller has the French franchise (CGI 293 B), but {len(taxed)} of its "
            "lines, allowances and charges are of category S; expected E.",
            paths=(*taxed, place),
            evidence=(("category", "S"), ("expected", "E"), ("count", str(len(taxed)))),
        )


def _franchise(invoice: Invoice) -> str | None:
    """Where the invoice says that the seller has the French franchise, None if nowhere."""
    for reason in _reasons(invoice):
        if reason.code == _FRANCHISE or _FRANCHISE_TEXT.search(reason.text):
            return reason.path
    for index, note in enumerate(invoice.notes):
        if _FRANCHISE_TEXT.search(note.text or ""):
            return f"notes[{index}].text"
    return None
