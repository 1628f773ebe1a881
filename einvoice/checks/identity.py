"""Checks of what several identifiers say of one party, and whether seller and buyer are two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from einvoice.checks.check import Check, Observation, Sight
from einvoice.checks.keys import vat_prefix
from einvoice.checks.parties import PartyView, Place, buyer_of, parties_of, seller_of
from einvoice.findings import Severity
from einvoice.model import Invoice

#: Prefixes of VAT numbers by country of an address, where they are not its code.
_PREFIXES = {
    "AX": ("FI",),
    "GB": ("GB", "XI"),
    "GR": ("EL",),
    "IM": ("GB",),
    "LI": ("CH",),
    "MC": ("FR",),
    **dict.fromkeys(("GP", "MQ", "GF", "RE", "YT", "BL", "MF"), ("FR",)),
}

#: Electronic addresses of France: how many characters are before the SIREN.
_SIREN_STARTS = {"0002": 0, "0009": 0, "0225": 0, "9957": 4}

#: BT-22 with subject code TXD of a member of a French VAT group (assujetti unique).
_VAT_GROUP = "MEMBRE_ASSUJETTI_UNIQUE"


def _prefix(sight: Sight) -> Iterator[Observation]:
    """The prefix of a VAT number is that of the country of its owner.

    A firm may be registered for VAT elsewhere, so this is worth knowing, not wrong.
    """
    for party in parties_of(sight.invoice):
        prefix = vat_prefix(party.vat.value) if party.vat else None
        if not (party.vat and prefix and party.country):
            continue
        expected = _PREFIXES.get(party.country, (party.country,))
        if prefix not in expected and not (party.role == "seller" and _has_agent(sight.invoice)):
            yield Observation(
                message=f"{party.vat.term} of the {party.role} is {party.vat.value}, "
                f"but its address is in {party.country}, expected the prefix "
                f"{' or '.join(expected)}",
                paths=(party.vat.path,),
                evidence=((party.vat.term, party.vat.value), ("country", party.country)),
            )


def _has_agent(invoice: Invoice) -> bool:
    return invoice.tax_representative is not None


def _siret(sight: Sight) -> Iterator[Observation]:
    """A SIRET begins with the SIREN of the same party."""
    for party in parties_of(sight.invoice):
        siren = next(party.sirens(), None)
        for siret in party.sirets():
            if siren and _is_siren(siren) and _compact(siret)[:9] != _compact(siren):
                yield _differs(party, siret, siren, "begin with the SIREN")


def _vat_siren(sight: Sight) -> Iterator[Observation]:
    """A French VAT number ends with the SIREN of its owner.

    A member of a VAT group has the number of the group. A buyer does not say whether it is one.
    """
    for party in (seller_of(sight.invoice), buyer_of(sight.invoice)):
        siren = _siren_of(party)
        number = _compact(party.vat) if party.vat else ""
        in_france = number.startswith("FR") and len(number) == 13 and number[4:7] != "000"
        if not (party.vat and siren and in_france) or number[4:] == siren.value:
            continue
        if party.role == "seller" and _in_vat_group(sight.invoice):
            continue
        weight = Severity.INFORMATION if party.role == "buyer" else None
        yield _differs(party, party.vat, siren, "end with the SIREN", weight)


def _in_vat_group(invoice: Invoice) -> bool:
    noted = any(_VAT_GROUP in (note.text or "") for note in invoice.notes)
    return noted or any(place.scheme == "0231" for place in seller_of(invoice).registered())


def _address_siren(sight: Sight) -> Iterator[Observation]:
    """A French electronic address is that of the SIREN of the same party."""
    for party in (seller_of(sight.invoice), buyer_of(sight.invoice)):
        siren = _siren_of(party)
        place = party.address
        start = _SIREN_STARTS.get(place.scheme or "") if place else None
        if not (siren and place) or start is None:
            continue
        number = _compact(place)
        if place.scheme == "9957" and number[4:7] == "000":
            continue
        if number[start : start + 9] != siren.value:
            yield _differs(party, place, siren, "hold the SIREN")


def _address_siret(sight: Sight) -> Iterator[Observation]:
    """The SIRET in a French electronic address begins with the SIREN before it."""
    for party in (seller_of(sight.invoice), buyer_of(sight.invoice)):
        place = party.address
        match = re.match(r"(\d{9})_(\d{14})(?!\d)", _compact(place)) if place else None
        if place and match and place.scheme == "0225" and not match[2].startswith(match[1]):
            yield Observation(
                message=f"{place.term} is {place.value}, whose SIRET {match[2]} "
                f"does not begin with its SIREN {match[1]}",
                paths=(place.path,),
                evidence=((place.term, place.value),),
            )


def _same_party(sight: Sight) -> Iterator[Observation]:
    """Seller and buyer are two.

    A firm that moves its own goods to another state is both, with the VAT numbers of two states.
    """
    seller, buyer = seller_of(sight.invoice), buyer_of(sight.invoice)
    if seller.vat and buyer.vat and _compact(seller.vat)[:2] != _compact(buyer.vat)[:2]:
        return
    for first, second in _same_kind(seller, buyer):
        if _compact(first) == _compact(second):
            yield Observation(
                message=f"{first.term} of the seller and {second.term} of the buyer are both "
                f"{first.value}, expected two parties",
                paths=(second.path, first.path),
                evidence=((first.term, first.value), (second.term, second.value)),
            )
            return


def _same_kind(seller: PartyView, buyer: PartyView) -> Iterator[tuple[Place, Place]]:
    if seller.vat and buyer.vat:
        yield seller.vat, buyer.vat
    for first in seller.registered():
        for second in buyer.registered():
            if first.scheme == second.scheme and first.scheme is not None:
                yield first, second
    if seller.legal and buyer.legal and not (seller.legal.scheme or buyer.legal.scheme):
        same_country = seller.country == buyer.country
        names = (seller.name or "").casefold(), (buyer.name or "").casefold()
        if same_country and names[0] == names[1]:
            yield seller.legal, buyer.legal


def _siren_of(party: PartyView) -> Place | None:
    """The SIREN of a party, else that in its SIRET; None if what is given cannot be one."""
    for place in (*party.sirens(), *party.sirets()):
        digits = _compact(place)[:9]
        if len(digits) == 9 and digits.isdecimal():
            return Place(place.term, place.path, digits, place.scheme)
    return None


def _is_siren(place: Place) -> bool:
    return bool(re.fullmatch(r"\d{9}", _compact(place)))


def _compact(place: Place) -> str:
    return re.sub(r"[\s.-]", "", place.value).upper()


def _differs(
    party: PartyView, found: Place, siren: Place, expected: str, weight: Severity | None = None
) -> Observation:
    return Observation(
        message=f"{found.term} of the {party.role} is {found.value}, "
        f"but should {expected} of {siren.term}, {siren.value}",
        paths=(found.path, siren.path),
        evidence=((found.term, found.value), (siren.term, siren.value)),
        severity=weight,
    )


CHECKS: tuple[Check, ...] = (
    Check(
        id="ID-09",
        title="The prefix of a VAT number is that of the country of its owner",
        severity=Severity.INFORMATION,
        run=_prefix,
    ),
    Check(
        id="ID-10",
        title="A SIRET begins with the SIREN of the same party",
        severity=Severity.WARNING,
        run=_siret,
        reason_code="SIRET_ERR",
    ),
    Check(
        id="ID-11",
        title="A French VAT number (BT-31, BT-48) ends with the SIREN of its owner",
        severity=Severity.WARNING,
        run=_vat_siren,
        reason_code="SIRET_ERR",
    ),
    Check(
        id="ID-12",
        title="A French electronic address holds the SIREN of its owner",
        severity=Severity.WARNING,
        run=_address_siren,
        reason_code="ADR_ERR",
    ),
    Check(
        id="ID-13",
        title="The SIRET in a French electronic address begins with the SIREN before it",
        severity=Severity.WARNING,
        run=_address_siret,
        reason_code="ADR_ERR",
    ),
    Check(
        id="ID-14",
        title="Seller and buyer are two parties",
        severity=Severity.WARNING,
        run=_same_party,
        reason_code="DEST_ERR",
    ),
)
