"""Countries and territories of VAT: what a VAT number and an address tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from einvoice.model import Address, Invoice

_EU = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
#: Of goods, the United Kingdom was in the VAT area of the Union until this day.
_GB_LEFT = date(2020, 12, 31)
_ONE_STOP_SHOP = ("EU", "IM")

#: Countries and codes that share the VAT of another: Monaco, the Isle of Man, Liechtenstein.
_SAME_VAT = {"EL": "GR", "MC": "FR", "UK": "GB", "IM": "GB", "LI": "CH", "AX": "FI"}
#: Territories with a country code of their own (ISO 3166-1), and the country of their VAT number.
_COUNTRY_OF_AREA = {
    "GP": ("FR", "FR-DOM"),
    "MQ": ("FR", "FR-DOM"),
    "RE": ("FR", "FR-DOM"),
    "GF": ("FR", "FR-FREE"),
    "YT": ("FR", "FR-FREE"),
    "IC": ("ES", "ES-CN"),
    "EA": ("ES", "ES-CE"),
}
#: The territories of a country by the first digits of the post code.
_AREAS = {
    "FR": (
        ("97[124]", "FR-DOM"),
        ("97[36]", "FR-FREE"),
        ("97|98[678]", "FR-OUT"),
        ("20", "FR-COR"),
    ),
    "PT": (("9[5-9]", "PT-20"), ("9[0-4]", "PT-30")),
    "ES": (("3[58]", "ES-CN"), ("5[12]", "ES-CE")),
    "AT": (("6691|699[123]", "AT-JM"),),
    "DE": (("27498|78266", "DE-OUT"),),
    "IT": (("23041", "IT-OUT"),),
    "FI": (("22", "FI-AX"),),
}
#: Parts of a country in which its VAT is not due: IGIC, IPSI, other taxes, or none.
NO_VAT_AREAS = frozenset(("FR-FREE", "FR-OUT", "ES-CN", "ES-CE", "DE-OUT", "IT-OUT"))
#: Parts of a country of the Union that count as abroad for goods (directive 2006/112, article 6).
_ABROAD = NO_VAT_AREAS | {"FR-DOM", "FI-AX"}

AREA_NAMES = {
    "FR-DOM": "Guadeloupe, Martinique and Réunion",
    "FR-FREE": "Guyane and Mayotte",
    "FR-OUT": "a French territory outside VAT",
    "FR-COR": "Corsica",
    "PT-20": "the Azores",
    "PT-30": "Madeira",
    "ES-CN": "the Canary Islands",
    "ES-CE": "Ceuta and Melilla",
    "AT-JM": "Jungholz and Mittelberg",
    "DE-OUT": "Büsingen and Helgoland",
    "IT-OUT": "Livigno",
    "GR-ISL": "some Greek islands",
}


def number_country(number: str | None) -> str | None:
    """The country whose VAT number it is; None if it does not say or is of a one-stop shop."""
    prefix = (number or "").strip()[:2].upper()
    if not prefix.isalpha() or prefix in _ONE_STOP_SHOP:
        return None
    return _SAME_VAT.get(prefix, prefix) if len(prefix) == 2 else None


def is_one_stop_shop(number: str | None) -> bool:
    """Whether it is a number of the non-Union or the import scheme."""
    return (number or "").strip()[:2].upper() in _ONE_STOP_SHOP


def country_of(address: Address | None) -> str | None:
    """The country whose VAT number one has at an address: FR for Réunion."""
    code = (address.country or "").upper() if address else ""
    if code in _COUNTRY_OF_AREA:
        return _COUNTRY_OF_AREA[code][0]
    return _SAME_VAT.get(code, code) or None


def area_of(address: Address | None) -> str | None:
    """The territory of an address that has rates of its own, None for the rest of a country."""
    if address is None:
        return None
    code = (address.country or "").upper()
    if code in _COUNTRY_OF_AREA:
        return _COUNTRY_OF_AREA[code][1]
    post_code = re.sub(r"^[A-Z]{1,2}-", "", (address.post_code or "").strip().upper())
    for beginning, area in _AREAS.get(code, ()):
        if re.match(beginning, post_code):
            return area
    return None


def tells_area(address: Address) -> bool:
    """Whether an address is known well enough to say in which territory it is."""
    country = country_of(address)
    return country is not None and (country not in _AREAS or bool(address.post_code))


def in_eu(country: str, day: date) -> bool:
    """Whether a country is in the VAT area of the Union for goods on a day."""
    return country in _EU or (country == "GB" and day <= _GB_LEFT) or country == "XI"


def counts_as_abroad(address: Address) -> bool:
    """Whether goods that go there leave the VAT area of the Union, whatever the country."""
    return area_of(address) in _ABROAD


def seller_countries(invoice: Invoice) -> list[str]:
    """The countries under whose VAT numbers the seller invoices, else that of its address.

    The number of a tax representative (BT-63) counts as well as the seller's own (BT-31).
    """
    representative = invoice.tax_representative
    numbers = (
        invoice.seller.vat_identifier,
        representative.vat_identifier if representative else None,
    )
    found = list(dict.fromkeys(filter(None, map(number_country, numbers))))
    if found or is_one_stop_shop(invoice.seller.vat_identifier):
        return found
    return [home] if (home := country_of(invoice.seller.address)) else []


def destinations(invoice: Invoice) -> Iterator[tuple[str, Address]]:
    """The addresses to which goods are said to go, with their paths."""
    if invoice.delivery and invoice.delivery.address and invoice.delivery.address.country:
        yield "delivery.address.country", invoice.delivery.address
    extension = invoice.extension
    if extension and extension.ultimate_ship_to and extension.ultimate_ship_to.address:
        yield "extension.ultimate_ship_to.address.country", extension.ultimate_ship_to.address
    for index, line in enumerate(invoice.lines):
        delivery = line.extension.delivery if line.extension else None
        if delivery and delivery.address and delivery.address.country:
            yield f"lines[{index}].extension.delivery.address.country", delivery.address


def supply_addresses(invoice: Invoice) -> list[Address]:
    """Where a supply takes place: where it is delivered, else the buyer's address."""
    return [address for _, address in destinations(invoice)] or [invoice.buyer.address]
