"""Checks of identifiers: the key of each, and in `identity` what several say of one party."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from einvoice.checks import identity
from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.keys import key_fault, scheme_name, stdnum_fault, vat_fault, vat_prefix
from einvoice.checks.parties import Place, parties_of, seller_of
from einvoice.findings import Severity
from einvoice.model import Invoice

#: Schemes whose key has a check of its own.
_SIREN = frozenset(("0002", "0231"))
_SIRET = frozenset(("0009",))

#: A Leitweg-ID as in BT-10: eight digits or more before the first hyphen, or the 99n of the
#: federation, so that an order number of that shape is not taken for one.
_LEITWEG = re.compile(r"(?:(?:0[1-9]|1[0-6])\d{6,10}|99\d(?:\d{5})?)-(?:[0-9A-Z]{1,30}-)?\d{2}")
_TAX_NUMBER = re.compile(r"[\d /-]+")

_KEYS_OF_ITEMS = ("0160", "0088")


def _vat_numbers(sight: Sight) -> Iterator[Observation]:
    """BT-31, BT-48 and BT-63 have the form and the check digits of their country."""
    for party in parties_of(sight.invoice):
        fault = vat_fault(party.vat.value) if party.vat else None
        if party.vat and fault:
            kind = f"VAT number of {vat_prefix(party.vat.value)}"
            yield _no_key(party.vat, kind, fault)


def _registered(schemes: Callable[[str], bool]) -> Callable[[Sight], Iterator[Observation]]:
    """A check of the keys of identifiers of some schemes."""

    def run(sight: Sight) -> Iterator[Observation]:
        for place in _identifiers(sight.invoice):
            fault = key_fault(place.scheme, place.value) if place.scheme else None
            if place.scheme and fault and schemes(place.scheme):
                yield _no_key(place, scheme_name(place.scheme), fault)

    return run


def _identifiers(invoice: Invoice) -> Iterator[Place]:
    for party in parties_of(invoice):
        yield from party.registered()
    location = invoice.delivery.location if invoice.delivery else None
    if location:
        yield Place("BT-71", "delivery.location.value", location.value, location.scheme)


def _addresses(sight: Sight) -> Iterator[Observation]:
    """BT-34 and BT-49 have the form and the key of their scheme."""
    for party in parties_of(sight.invoice):
        place = party.address
        fault = key_fault(place.scheme, place.value) if place and place.scheme else None
        if place and place.scheme and fault:
            yield _no_key(place, scheme_name(place.scheme), fault)


def _items(sight: Sight) -> Iterator[Observation]:
    """BT-157 of the schemes 0160 and 0088 has the check digit of a GTIN; one finding a number."""
    paths: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, line in enumerate(sight.invoice.lines):
        found = line.item.standard_identifier
        if found and found.scheme in _KEYS_OF_ITEMS:
            path = f"lines[{number}].item.standard_identifier.value"
            paths[found.value, found.scheme].append(path)
    for (value, scheme), places in paths.items():
        fault = key_fault("0160", value)
        if fault:
            yield _no_key(Place("BT-157", places[0], value, scheme), "GTIN", fault, places)


def _tax_number(sight: Sight) -> Iterator[Observation]:
    """BT-32 of a German seller is a Steuernummer, and no VAT number stands there."""
    value = sight.invoice.seller.tax_registration or ""
    place = Place("BT-32", "seller.tax_registration", value)
    prefix = vat_prefix(value)
    if prefix and any(character.isdigit() for character in value) and not vat_fault(value):
        yield Observation(
            message=f"BT-32 is {value}, which is a VAT number of {prefix}: that is BT-31",
            paths=(place.path,),
            evidence=(("BT-32", value),),
        )
    elif seller_of(sight.invoice).country == "DE" and _TAX_NUMBER.fullmatch(value):
        fault = stdnum_fault("de.stnr", value)
        if fault:
            yield _no_key(place, "German tax number", fault)


def _leitweg(sight: Sight) -> Iterator[Observation]:
    """BT-10 that looks like a Leitweg-ID has its check digits."""
    value = (sight.invoice.buyer_reference or "").strip()
    if sight.invoice.buyer.address.country == "DE" and _LEITWEG.fullmatch(value.upper()):
        fault = key_fault("0204", value)
        if fault:
            yield _no_key(Place("BT-10", "buyer_reference", value), "Leitweg-ID", fault)


def _no_key(place: Place, kind: str, fault: str, paths: list[str] | None = None) -> Observation:
    evidence = [(place.term, place.value)]
    if place.scheme:
        evidence.append((f"{place.term}-1", place.scheme))
    return Observation(
        message=f"{place.term} is {place.value}, which is no {kind}: {fault}",
        paths=tuple(paths or (place.path,)),
        evidence=tuple(evidence),
    )


CHECKS: tuple[Check, ...] = (
    Check(
        id="ID-01",
        title="VAT numbers (BT-31, BT-48, BT-63) have the form and check digits of their country",
        severity=Severity.WARNING,
        run=_vat_numbers,
        reason_code="NON_CONFORME",
    ),
    Check(
        id="ID-02",
        title="A SIREN (schemes 0002, 0231) has its check digit",
        severity=Severity.WARNING,
        run=_registered(lambda scheme: scheme in _SIREN),
        reason_code="SIRET_ERR",
    ),
    Check(
        id="ID-03",
        title="A SIRET (scheme 0009) has its check digit",
        severity=Severity.WARNING,
        run=_registered(lambda scheme: scheme in _SIRET),
        reason_code="SIRET_ERR",
    ),
    Check(
        id="ID-04",
        title="Identifiers of parties and places have the form and key of their scheme",
        severity=Severity.WARNING,
        run=_registered(lambda scheme: scheme not in _SIREN | _SIRET),
        reason_code="NON_CONFORME",
    ),
    Check(
        id="ID-05",
        title="Electronic addresses (BT-34, BT-49) have the form and key of their scheme",
        severity=Severity.WARNING,
        run=_addresses,
        reason_code="ADR_ERR",
    ),
    Check(
        id="ID-06",
        title="A standard identifier of an item (BT-157) has the check digit of a GTIN",
        severity=Severity.WARNING,
        run=_items,
        reason_code="ART_ERR",
    ),
    Check(
        id="ID-07",
        title="The tax number of a German seller (BT-32) has the form of one",
        severity=Severity.INFORMATION,
        run=_tax_number,
    ),
    Check(
        id="ID-08",
        title="A buyer reference (BT-10) that is a Leitweg-ID has its check digits",
        severity=Severity.WARNING,
        run=_leitweg,
        reason_code="CODE_ROUTAGE_ERR",
    ),
    *identity.CHECKS,
)
