"""VAT categories against the countries of the parties and of delivery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from einvoice.checks.check import Observation, Sight
from einvoice.checks.vat_places import (
    area_of,
    country_of,
    counts_as_abroad,
    destinations,
    in_eu,
    number_country,
    seller_countries,
    supply_addresses,
    tells_area,
)
from einvoice.findings import Severity
from einvoice.model import Address, Invoice, VatBreakdown

#: UNTDID 5305 categories of Spanish territories, and the territory (EN 16931, IGIC and IPSI).
_TERRITORIES = {
    "L": ("ES-CN", "IGIC", "the Canary Islands"),
    "M": ("ES-CE", "IPSI", "Ceuta or Melilla"),
}

Judge = Callable[[Invoice, date], Observation | None]


def _rows(invoice: Invoice, category: str) -> Iterator[tuple[str, VatBreakdown]]:
    for index, row in enumerate(invoice.vat_breakdown):
        if row.category == category:
            yield f"vat_breakdown[{index}].category", row


def _judged(sight: Sight, category: str, judge: Judge) -> Iterator[Observation]:
    """What a judge finds in an invoice, at the first row of a category."""
    invoice = sight.invoice
    path = next((path for path, _ in _rows(invoice, category)), None)
    day = invoice.tax_point_date or invoice.issue_date
    found = judge(invoice, day) if path and day else None
    if found is not None and path is not None:
        yield Observation(
            message=found.message,
            paths=(path, *found.paths),
            evidence=(("BT-118", category), *found.evidence),
            severity=found.severity,
        )


def intra_community(sight: Sight) -> Iterator[Observation]:
    """K: the VAT numbers are of two member states, and the goods stay in the Union."""
    return _judged(sight, "K", _intra_community)


def _intra_community(invoice: Invoice, day: date) -> Observation | None:
    sellers = seller_countries(invoice)
    buyer = number_country(invoice.buyer.vat_identifier)
    if not sellers or buyer is None:
        return None  # the official rules demand both numbers
    evidence = (("seller", ", ".join(sellers)), ("buyer", buyer))
    outside = [country for country in (*sellers, buyer) if not in_eu(country, day)]
    if outside and (buyer in outside or set(sellers) <= set(outside)):
        return Observation(
            message=f"Category K is for supplies between two member states of the EU; the VAT "
            f"numbers are of {', '.join(sellers)} and {buyer}.",
            paths=("buyer.vat_identifier", "seller.vat_identifier"),
            evidence=evidence,
        )
    if set(sellers) == {buyer}:
        return Observation(
            message=f"Category K is for supplies between two member states of the EU; both VAT "
            f"numbers are of {buyer}.",
            paths=("buyer.vat_identifier", "seller.vat_identifier"),
            evidence=evidence,
        )
    return _intra_community_goods(invoice, sellers, day)


def _intra_community_goods(invoice: Invoice, sellers: list[str], day: date) -> Observation | None:
    for path, address in destinations(invoice):
        country = country_of(address) or ""
        evidence = (("seller", ", ".join(sellers)), ("delivered to", country))
        if not in_eu(country, day) and country != "GB":  # GB may be Northern Ireland
            return Observation(
                message=f"Category K is for goods that stay in the EU, but they are delivered to "
                f"{country}; an export is category G.",
                paths=(path,),
                evidence=evidence,
            )
        if sellers == [country]:
            return Observation(
                message=f"Category K is for goods that leave {country}, whose VAT number the "
                "seller has, but they are delivered there.",
                paths=(path,),
                evidence=evidence,
                severity=Severity.INFORMATION,
            )
    return None


def export(sight: Sight) -> Iterator[Observation]:
    """G: goods leave the VAT area of the Union, or the seller's country if it is outside."""
    return _judged(sight, "G", _export)


def _export(invoice: Invoice, day: date) -> Observation | None:
    sellers = seller_countries(invoice)
    stated = list(destinations(invoice))
    ends = stated or [("buyer.address.country", invoice.buyer.address)]
    if not sellers or any(_leaves(sellers, address, day) for _, address in ends):
        return None
    buyer_outside = _leaves(sellers, invoice.buyer.address, day)
    path, address = ends[0]
    country = country_of(address) or ""
    zone = "the EU" if in_eu(country, day) else country
    return Observation(
        message=f"Category G is for goods that leave {zone}, but "
        f"{'they are delivered' if stated else 'no delivery is told and the buyer belongs'} "
        f"to {country}.",
        paths=(path,),
        evidence=(("seller", ", ".join(sellers)), ("delivered to", country)),
        severity=Severity.INFORMATION if buyer_outside else None,
    )


def _leaves(sellers: list[str], address: Address, day: date) -> bool:
    """Whether goods go out of the area of one of the sellers, or it is not known where to."""
    country = country_of(address)
    if country is None or "XI" in (country, *sellers) or counts_as_abroad(address):
        return True
    return any(
        not in_eu(country, day) if in_eu(seller, day) else country != seller for seller in sellers
    )


def reverse_charge(sight: Sight) -> Iterator[Observation]:
    """AE: a buyer in another member state has a VAT number (BT-48)."""
    return _judged(sight, "AE", _reverse_charge)


def _reverse_charge(invoice: Invoice, day: date) -> Observation | None:
    sellers = seller_countries(invoice)
    buyer = country_of(invoice.buyer.address)
    if invoice.buyer.vat_identifier or not sellers or buyer is None or buyer in sellers:
        return None
    if not in_eu(buyer, day) or not any(in_eu(seller, day) for seller in sellers):
        return None
    return Observation(
        message=f"Category AE makes a buyer in {buyer} owe the VAT, but its VAT number (BT-48) "
        "is absent; expected one.",
        paths=("buyer.vat_identifier", "buyer.address.country"),
        evidence=(("seller", ", ".join(sellers)), ("buyer", buyer), ("BT-48", "")),
    )


def spanish_territories(sight: Sight) -> Iterator[Observation]:
    """L is for the Canary Islands, M for Ceuta and Melilla: a party or the delivery is there."""
    for category in _TERRITORIES:
        yield from _judged(sight, category, partial(_spanish_territory, category))


def _spanish_territory(category: str, invoice: Invoice, day: date) -> Observation | None:
    area, tax, name = _TERRITORIES[category]
    addresses = [
        invoice.seller.address,
        invoice.buyer.address,
        *supply_addresses(invoice),
    ]
    if not all(map(tells_area, addresses)) or area in map(area_of, addresses):
        return None
    places = ", ".join(f"{a.country} {a.post_code or ''}".strip() for a in addresses[:2])
    return Observation(
        message=f"Category {category} is {tax}, the tax of {name}, but no party is there "
        f"({places}).",
        paths=("seller.address.post_code",),
        evidence=(("addresses", places),),
    )


def outside_scope(sight: Sight) -> Iterator[Observation]:
    """O: a supply between businesses of two member states is rather of category K or AE."""
    return _judged(sight, "O", _outside_scope)


def _outside_scope(invoice: Invoice, day: date) -> Observation | None:
    seller = number_country(invoice.seller.vat_identifier)
    buyer = number_country(invoice.buyer.vat_identifier)
    if seller is None or buyer is None or seller == buyer:
        return None
    if not (in_eu(seller, day) and in_eu(buyer, day)):
        return None
    return Observation(
        message=f"Category O is outside the scope of VAT, but the VAT numbers are of {seller} and "
        f"{buyer}; a supply between two member states is usually category K or AE.",
        paths=("buyer.vat_identifier", "seller.vat_identifier"),
        evidence=(("seller", seller), ("buyer", buyer)),
    )
