"""`PROFILES`, the one table: specification identifiers (BT-24) and what judges them."""

from __future__ import annotations

from typing import Literal

import msgspec

from einvoice.findings import Severity
from einvoice.rulesets.catalogue import Syntax

DocumentSyntax = Literal["ubl-invoice", "ubl-creditnote", "cii", "zugferd1"]

EN = "urn:cen.eu:en16931:2017"

FACTURX_EN = "facturx-en16931"
FRENCH_PROFILE = "extended-ctc-fr"
_XRECHNUNG = f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PEPPOL = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc"

FULL_SCHEMAS: dict[DocumentSyntax, str] = {
    "ubl-invoice": "ubl-invoice-2.1",
    "ubl-creditnote": "ubl-creditnote-2.1",
    "cii": "cii-d22b",
    "zugferd1": "zugferd-1.0",
}
SYNTAXES: dict[DocumentSyntax, Syntax | None] = {
    "ubl-invoice": "ubl",
    "ubl-creditnote": "ubl",
    "cii": "cii",
    "zugferd1": None,
}
EN_RULES: dict[Syntax, tuple[str, ...]] = {
    "ubl": ("en16931-ubl",),
    "cii": ("en16931-cii",),
}


_XRECHNUNG_RULES: dict[Syntax, tuple[str, ...]] = {
    "ubl": (*EN_RULES["ubl"], "xrechnung-ubl"),
    "cii": (*EN_RULES["cii"], "xrechnung-cii"),
}


def _levels(*, fatal: str = "", warning: str = "", information: str = "") -> dict[str, Severity]:
    return {
        **dict.fromkeys(fatal.split(), Severity.FATAL),
        **dict.fromkeys(warning.split(), Severity.WARNING),
        **dict.fromkeys(information.split(), Severity.INFORMATION),
    }


#: KoSIT's validator changes the severity of rules of EN 16931, per profile and kind of document.
_CII_FATAL = "CII-SR-452 CII-SR-453 CII-SR-454"
_CIUS_LEVELS: dict[DocumentSyntax, dict[str, Severity]] = {
    "ubl-invoice": _levels(fatal="UBL-CR-646", warning="BR-CL-21 BR-CL-23"),
    "ubl-creditnote": _levels(warning="BR-CL-21 BR-CL-23"),
    "cii": _levels(fatal=_CII_FATAL, warning="BR-CL-21 BR-CL-23"),
}
_OPEN_LISTS = "BR-CL-10 BR-CL-11 BR-CL-21 BR-CL-24 BR-CL-25 BR-CL-26"
_EXTENSION_LEVELS: dict[DocumentSyntax, dict[str, Severity]] = {
    "ubl-invoice": _levels(
        warning="BR-CL-23", information=f"{_OPEN_LISTS} BR-CO-16 UBL-CR-470 UBL-CR-646"
    ),
    "cii": _levels(fatal=_CII_FATAL, warning="BR-CL-23", information=_OPEN_LISTS),
}
_CVD_LEVELS: dict[DocumentSyntax, dict[str, Severity]] = {
    "ubl-invoice": _levels(fatal="UBL-CR-646", warning="BR-CL-21 BR-CL-23", information="BR-CL-13"),
    "ubl-creditnote": _levels(
        fatal="UBL-CR-646", warning="BR-CL-21 BR-CL-23", information="BR-CL-13"
    ),
    "cii": _levels(fatal=_CII_FATAL, warning="BR-CL-21 BR-CL-23", information="BR-CL-13"),
}


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A specification that a document claims by BT-24, and the rule sets that judge it."""

    name: str
    ids: tuple[str, ...]
    rulesets: dict[Syntax, tuple[str, ...]]  #: a syntax in which it does not exist is absent
    schema: str | None = None  #: the profile's own schema, checked after the full one
    older: tuple[str, ...] = ()  #: identifiers of ZUGFeRD 2.0: recognised, but not judged by 1.09
    levels: dict[DocumentSyntax, dict[str, Severity]] = {}  #: severities that the publisher changes


PROFILES = (
    Profile(
        name="en16931",
        ids=(EN,),
        rulesets=EN_RULES,
    ),
    Profile(
        name=FACTURX_EN,
        ids=(),  # that of EN 16931, in a PDF
        rulesets={"cii": ("facturx-en16931",)},
        schema="facturx-en16931",
    ),
    Profile(
        name="facturx-minimum",
        ids=("urn:factur-x.eu:1p0:minimum",),
        older=("urn:zugferd.de:2p0:minimum",),
        rulesets={"cii": ("facturx-minimum",)},
        schema="facturx-minimum",
    ),
    Profile(
        name="facturx-basicwl",
        ids=("urn:factur-x.eu:1p0:basicwl",),
        older=("urn:zugferd.de:2p0:basicwl",),
        rulesets={"cii": ("facturx-basicwl",)},
        schema="facturx-basicwl",
    ),
    Profile(
        name="facturx-basic",
        ids=(f"{EN}#compliant#urn:factur-x.eu:1p0:basic",),
        older=(
            f"{EN}#compliant#urn:zugferd.de:2p0:basic",
            f"{EN}:compliant:factur-x.eu:1p0:basic",
        ),
        rulesets={"cii": ("facturx-basic",)},
        schema="facturx-basic",
    ),
    Profile(
        name="facturx-extended",
        ids=(f"{EN}#conformant#urn:factur-x.eu:1p0:extended",),
        older=(
            f"{EN}#conformant#urn:zugferd.de:2p0:extended",
            f"{EN}:compliant:factur-x.eu:1p0:extended",
            f"{EN}:conformant:factur-x.eu:1p0:extended",
        ),
        rulesets={"cii": ("facturx-extended",)},
        schema="facturx-extended",
    ),
    Profile(
        name=FRENCH_PROFILE,
        ids=(f"{EN}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",),
        rulesets={"ubl": ("extended-ctc-fr-ubl",), "cii": ("extended-ctc-fr-cii",)},
    ),
    Profile(
        name="xrechnung",
        ids=(_XRECHNUNG,),
        rulesets=_XRECHNUNG_RULES,
        levels=_CIUS_LEVELS,
    ),
    Profile(
        name="xrechnung-extension",
        ids=(f"{_XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",),
        rulesets=_XRECHNUNG_RULES,
        levels=_EXTENSION_LEVELS,
    ),
    Profile(
        name="xrechnung-cvd",
        ids=(f"{_XRECHNUNG}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9",),
        rulesets=_XRECHNUNG_RULES,
        levels=_CVD_LEVELS,
    ),
    Profile(
        name="peppol",
        ids=(f"{_PEPPOL}:billing:3.0",),
        rulesets={
            "ubl": (*EN_RULES["ubl"], "peppol-ubl"),
            "cii": (*EN_RULES["cii"], "peppol-cii"),
        },
    ),
    Profile(
        name="peppol-selfbilling",
        ids=(f"{_PEPPOL}:selfbilling:3.0",),
        rulesets={"ubl": (*EN_RULES["ubl"], "peppol-ubl-sb")},
    ),
)
