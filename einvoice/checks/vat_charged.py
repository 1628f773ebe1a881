"""Whether the rate of VAT exists: in the country, on the tax day, in the territory."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from einvoice.checks.check import Observation, Sight
from einvoice.checks.vat_dates import TaxDays, tax_days
from einvoice.checks.vat_places import (
    AREA_NAMES,
    NO_VAT_AREAS,
    area_of,
    country_of,
    in_eu,
    is_one_stop_shop,
    seller_countries,
    supply_addresses,
    tells_area,
)
from einvoice.checks.vat_rates import (
    VatRate,
    percent,
    percents,
    rates_of,
    rates_on,
    vat_rates,
)
from einvoice.findings import Severity
from einvoice.model import Address, Invoice

#: UNTDID 5305: standard or reduced rate, and the same in the Italian split payment.
_CHARGED = frozenset(("S", "B"))
#: Territories with rates of their own, where those of the rest of the country do not apply.
_OWN_RATES = frozenset(("FR-DOM", "PT-20", "PT-30"))


class Charged(msgspec.Struct, frozen=True, kw_only=True):
    """A rate that is charged, and the table's rows of that rate in the countries of the seller."""

    path: str
    rate: Decimal
    countries: tuple[str, ...]
    days: TaxDays
    known: tuple[VatRate, ...]

    @property
    def in_force(self) -> tuple[VatRate, ...]:
        """Those rows that hold on one of the tax days."""
        return tuple(row for row in self.known if _holds(row, self.days))

    @property
    def evidence(self) -> tuple[tuple[str, str], ...]:
        """What was looked up."""
        return (
            ("BT-119", percent(self.rate)),
            ("country", ", ".join(self.countries)),
            (f"tax day ({self.days.source})", str(self.days.days[0])),
            ("rates", percents(self.expected)),
        )

    @property
    def expected(self) -> list[Decimal]:
        """The rates of the first country on the first day."""
        return rates_on(self.countries[0], self.days.days[0])

    def says(self, what: str) -> str:
        """A message about the rate, with what was expected."""
        return (
            f"BT-119 is {percent(self.rate)} %, {what}; on {self.days.days[0]} "
            f"({self.days.source}) {self.countries[0]} has {percents(self.expected)}."
        )


def charged(invoice: Invoice) -> Iterator[Charged]:
    """The rates above zero that can be judged: known country, and no day before the table."""
    countries = tuple(seller_countries(invoice)) or _customer_countries(invoice)
    if not countries or not all(map(rates_of, countries)):
        return
    for index, row in enumerate(invoice.vat_breakdown):
        days = tax_days(invoice, row)
        if row.category not in _CHARGED or not row.rate or days is None:
            continue
        if min(days.days) < vat_rates().known_since:
            continue
        yield Charged(
            path=f"vat_breakdown[{index}].rate",
            rate=row.rate,
            countries=countries,
            days=days,
            known=_rows(countries, row.rate),
        )


def rate_exists(sight: Sight) -> Iterator[Observation]:
    """A rate (BT-119) exists or existed in the country of the seller's VAT number."""
    for item in charged(sight.invoice):
        if item.known or _is_of_customer(sight.invoice, item):
            continue
        home, away = _countries_with(sight.invoice, item)
        what = f"no rate of {' or '.join(item.countries)}, whose VAT number the seller has"
        severity = Severity.FATAL
        if home:
            what, severity = f"{what}, but one of {home}, where it is", Severity.INFORMATION
        elif away:
            what, severity = f"{what}, but one of {away}, where the buyer is", Severity.WARNING
        yield Observation(
            message=item.says(what),
            paths=(item.path, "seller.vat_identifier"),
            evidence=item.evidence,
            severity=severity,
        )


def rate_in_force(sight: Sight) -> Iterator[Observation]:
    """A rate (BT-119) that the country knows is in force on the tax day."""
    for item in charged(sight.invoice):
        if not item.known or item.in_force or _is_of_customer(sight.invoice, item):
            continue
        spans = dict.fromkeys(f"{row.country} {row.span}" for row in item.known)
        yield Observation(
            message=item.says(f"a rate of {', '.join(spans)}"),
            paths=(item.path, *_place_of_day(item.days)),
            evidence=item.evidence,
        )


def rate_of_territory(sight: Sight) -> Iterator[Observation]:
    """A rate of a territory is charged there, and a territory with rates of its own charges them.

    Silent where seller and place of supply are in different territories, or a post code is absent.
    """
    addresses = [sight.invoice.seller.address, *supply_addresses(sight.invoice)]
    if not all(map(tells_area, addresses)):
        return
    for item in charged(sight.invoice):
        what = _only_elsewhere(item, addresses) or _not_there(item, addresses)
        home, _ = _countries_with(sight.invoice, item)
        if what and home not in (None, *item.countries):
            what = f"{what}, or the VAT number of {home}, which has it too"
        if what:
            yield Observation(
                message=f"BT-119 is {percent(item.rate)} %, {what}.",
                paths=(item.path, "seller.address.post_code"),
                evidence=(
                    *item.evidence[:3],
                    ("post codes", ", ".join(a.post_code or "-" for a in addresses)),
                ),
                severity=None if home in (None, *item.countries) else Severity.INFORMATION,
            )


def _only_elsewhere(item: Charged, addresses: list[Address]) -> str | None:
    """What is wrong with a rate that only some territory has, where nobody is there."""
    areas = {row.area for row in item.in_force}
    named = [AREA_NAMES[area] for area in sorted(filter(None, areas))]
    unknown = "GR-ISL" in areas  # the table does not say which post codes these islands have
    if None in areas or not areas or unknown or areas & set(map(area_of, addresses)):
        return None
    expected = percents(item.expected)
    return f"a rate of {' or '.join(named)}, where no party is; expected {expected}"


def _not_there(item: Charged, addresses: list[Address]) -> str | None:
    """What is wrong with a rate in a territory that does not have it, where all are there."""
    area = area_of(addresses[0])
    if area is None or {area} != set(map(area_of, addresses)):
        return None
    country = country_of(addresses[0]) or ""
    if country not in item.countries:
        return None
    if area in NO_VAT_AREAS:
        return f"but in {AREA_NAMES[area]}, where all parties are, VAT of {country} is not due"
    if area not in _OWN_RATES or area in {row.area for row in item.in_force}:
        return None
    expected = percents(rates_on(country, item.days.days[0], area))
    return f"but in {AREA_NAMES[area]}, where all parties are, rates are {expected}"


def _holds(row: VatRate, days: TaxDays) -> bool:
    if days.earlier and (row.start is None or row.start <= max(days.days)):
        return True
    return any(row.holds_on(day) for day in days.days)


def _rows(countries: tuple[str, ...], rate: Decimal) -> tuple[VatRate, ...]:
    return tuple(row for country in countries for row in rates_of(country) if row.rate == rate)


def _customer_countries(invoice: Invoice) -> tuple[str, ...]:
    """The countries of a customer, whose rates a one-stop shop charges."""
    found = (country_of(address) for address in supply_addresses(invoice))
    return tuple(dict.fromkeys(filter(None, found)))


def _is_of_customer(invoice: Invoice, item: Charged) -> bool:
    """Whether it is the rate of a customer who is no firm, as of distance sales."""
    first = item.days.days[0]
    shop = is_one_stop_shop(invoice.seller.vat_identifier)
    firm = invoice.buyer.vat_identifier or invoice.buyer.legal_registration
    if firm or not (shop or in_eu(item.countries[0], first)):
        return False
    countries = tuple(c for c in _customer_countries(invoice) if in_eu(c, first))
    return any(_holds(row, item.days) for row in _rows(countries, item.rate))


def _countries_with(invoice: Invoice, item: Charged) -> tuple[str | None, str | None]:
    """The countries of the seller's address and of the customer, if they have the rate."""
    home = country_of(invoice.seller.address)
    away = _customer_countries(invoice)
    having = [c for c in (home, *away) if c and _in_force_in(c, item)]
    return (
        home if home in having else None,
        next((country for country in away if country in having), None),
    )


def _in_force_in(country: str, item: Charged) -> bool:
    return any(_holds(row, item.days) for row in _rows((country,), item.rate))


def _place_of_day(days: TaxDays) -> tuple[str, ...]:
    paths = {
        "BT-7": "tax_point_date",
        "BT-72": "delivery.actual_date",
        "BT-2": "issue_date",
    }
    return (paths[days.source],) if days.source in paths else ()
