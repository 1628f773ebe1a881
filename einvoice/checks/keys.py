"""Keys of identifiers: whether a number can be one of its scheme.

A key tells a slip of the pen, never whether the number was given to anybody.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Protocol, cast

#: Modules of python-stdnum by scheme: ISO 6523 (ICD) or EAS, a scheme is the same in both.
_MODULES = {
    "0002": "fr.siren",
    "0007": "se.orgnr",
    "0009": "fr.siret",
    "0151": "au.abn",
    "0183": "ch.uid",
    "0184": "dk.cvr",
    "0191": "ee.registrikood",
    "0192": "no.orgnr",
    "0195": "sg.uen",
    "0196": "is_.kennitala",
    "0198": "dk.cvr",
    "0204": "de.leitweg",
    "0208": "be.vat",
    "0209": "ean",
    "0210": "it.codicefiscale",
    "0211": "it.iva",
    "0212": "fi.ytunnus",
    "0213": "fi.alv",
    "0218": "lv.pvn",
    "0223": "eu.vat",
    "0231": "fr.siren",
    "9910": "hu.anum",
    "9914": "at.uid",
    "9920": "es.nif",
    "9922": "ad.nrt",
    "9923": "al.nipt",
    "9925": "be.vat",
    "9926": "bg.vat",
    "9927": "ch.vat",
    "9928": "cy.vat",
    "9929": "cz.dic",
    "9930": "de.vat",
    "9931": "ee.kmkr",
    "9932": "gb.vat",
    "9933": "gr.vat",
    "9934": "hr.oib",
    "9935": "ie.vat",
    "9937": "lt.pvm",
    "9938": "lu.tva",
    "9939": "lv.pvn",
    "9940": "mc.tva",
    "9941": "me.pib",
    "9942": "mk.edb",
    "9943": "mt.vat",
    "9944": "nl.btw",
    "9945": "pl.nip",
    "9946": "pt.nif",
    "9947": "ro.cf",
    "9948": "rs.pib",
    "9949": "si.ddv",
    "9950": "sk.dph",
    "9951": "sm.coe",
    "9952": "tr.vkn",
    "9957": "fr.tva",
}

#: Schemes whose numbers have a form but no key.
_FORMS = {
    "0060": r"\d{9}",
    "0096": r"\d{10}",
    "0106": r"\d{8}",
    "0190": r"\d{20}",
    "0200": r"\d{7}|\d{9}",
    "0201": r"[0-9A-Z]{6}",
    "0205": r"[0-9A-Z]{7}",
    "0217": r"\d{12}",
    "0238": r"[0-9A-Z]{4}",
}

#: What the scheme is called in a message.
_NAMES = {
    "0002": "SIREN",
    "0009": "SIRET",
    "0060": "DUNS number",
    "0088": "GLN",
    "0160": "GTIN",
    "0199": "LEI",
    "0204": "Leitweg-ID",
    "0225": "French electronic address",
    "0231": "SIREN",
    "9957": "French VAT number",
    "EM": "e-mail address",
}

_EU_PREFIXES = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
#: Modules of VAT numbers by prefix; `eu.vat` wants the prefix, the others do not.
_VAT_MODULES = {
    **dict.fromkeys(_EU_PREFIXES, "eu.vat"),
    "CH": "ch.vat",
    "GB": "gb.vat",
    "NO": "no.mva",
    "RS": "rs.pib",
    "XI": "gb.vat",
}

_BLANKS = re.compile(r"\s")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_FRENCH_ADDRESS = re.compile(r"(\d{9})(?:_(.+))?")
_OVT = re.compile(r"0037(\d{8})[0-9A-Z]{0,5}")
_CZECH = re.compile(r"\d{8}")


class _Module(Protocol):
    """A module of python-stdnum."""

    def validate(self, number: str) -> str:
        """The number in its shortest form."""


@cache
def _module(name: str) -> _Module:
    from importlib import import_module

    return cast(_Module, import_module(f"stdnum.{name}"))


def stdnum_fault(module: str, value: str) -> str | None:
    """What a module of python-stdnum says against a number, None if nothing."""
    from stdnum import exceptions

    reasons = {
        exceptions.InvalidLength: "its length is wrong",
        exceptions.InvalidChecksum: "its check digits do not fit",
        exceptions.InvalidComponent: "a part of it cannot be",
    }
    try:
        _module(module).validate(value)
    except exceptions.ValidationError as error:
        return reasons.get(type(error), "its form is wrong")
    return None


def scheme_name(scheme: str) -> str:
    """What a scheme is called in a sentence."""
    return _NAMES.get(scheme, f"number of scheme {scheme}")


def key_fault(scheme: str, value: str) -> str | None:
    """What is wrong with an identifier; None if nothing, or if its scheme has no key."""
    number = _BLANKS.sub("", value)
    if scheme in _MODULES:
        return stdnum_fault(_MODULES[scheme], number)
    if scheme in _FORMS:
        return None if re.fullmatch(_FORMS[scheme], number.upper()) else "its form is wrong"
    own = _OWN.get(scheme)
    return own(number) if own else None


def _gln_fault(number: str) -> str | None:
    return stdnum_fault("ean", number) if len(number) == 13 else "a GLN has 13 digits"


def _gtin_fault(number: str) -> str | None:
    return stdnum_fault("ean", number)


def _lei_fault(number: str) -> str | None:
    return stdnum_fault("lei", number) if len(number) == 20 else "an LEI has 20 characters"


def _email_fault(number: str) -> str | None:
    return None if _EMAIL.fullmatch(number) else "its form is wrong"


def _french_address_fault(number: str) -> str | None:
    """SIREN, SIREN_SIRET, SIREN_SIRET_ROUTING or SIREN_SUFFIX (AFNOR XP Z12-013)."""
    match = _FRENCH_ADDRESS.fullmatch(number)
    if match is None:
        return "it does not begin with a SIREN of nine digits"
    return stdnum_fault("fr.siren", match[1])


def _finnish_fault(number: str) -> str | None:
    """A Y-tunnus, or an OVT code, which holds one."""
    match = _OVT.fullmatch(number.upper().replace("-", ""))
    return stdnum_fault("fi.ytunnus", match[1] if match else number)


def _czech_fault(number: str) -> str | None:
    return stdnum_fault("cz.dic", number) if _CZECH.fullmatch(number) else "it has 8 digits"


def _japanese_fault(number: str) -> str | None:
    return stdnum_fault("jp.cn", number.upper().removeprefix("T"))


_OWN = {
    "0037": _finnish_fault,
    "0088": _gln_fault,
    "0154": _czech_fault,
    "0160": _gtin_fault,
    "0188": _japanese_fault,
    "0216": _finnish_fault,
    "0199": _lei_fault,
    "0221": _japanese_fault,
    "0225": _french_address_fault,
    "EM": _email_fault,
}


def vat_prefix(value: str) -> str | None:
    """The prefix of a VAT number whose key is known, `EL` for Greece; None for any other text."""
    prefix = value.strip()[:2].upper()
    return ("EL" if prefix == "GR" else prefix) if prefix in _VAT_MODULES else None


def vat_fault(value: str) -> str | None:
    """What is wrong with a VAT number; None if nothing, or if its prefix is of no known country."""
    prefix = vat_prefix(value)
    if prefix is None:
        return None
    number = _BLANKS.sub("", value).upper()
    if prefix == "CH":
        return stdnum_fault("ch.uid", re.sub(r"(?:MWST|TVA|IVA|VAT|TPV)$", "", number))
    if prefix == "NO":
        return stdnum_fault("no.orgnr", number[2:].removesuffix("MVA"))
    rest = prefix + number[2:] if _VAT_MODULES[prefix] == "eu.vat" else number[2:]
    return stdnum_fault(_VAT_MODULES[prefix], rest)


_FRENCH_VAT = re.compile(r"FR[0-9A-Z]{2}([0-9]{9})")
_SIRET = re.compile(r"([0-9]{9})[0-9]{5}")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)  # a table names the same sellers again and again
def seller_key(identifier: str) -> str:
    """What identifies a party, however it is written: `FR 83 404 833 048` gives `404833048`.

    Blanks and punctuation do not count. A French VAT number and a SIRET stand for their SIREN,
    where that has its check digit.
    """
    plain = _NOT_ALPHANUMERIC.sub("", identifier).upper()
    match = _FRENCH_VAT.fullmatch(plain) or _SIRET.fullmatch(plain)
    return match[1] if match and stdnum_fault("fr.siren", match[1]) is None else plain
