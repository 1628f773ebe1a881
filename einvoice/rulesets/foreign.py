"""Names of profiles that we recognise and do not serve."""

from __future__ import annotations

import re

UNKNOWN = "unknown"  #: profile of a document without BT-24, or with one that we have never seen

#: Profiles of others that we can name: a sign in BT-24, and the name.
_FOREIGN = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"urn:xoev-de:kosit:(?:standard|extension):xrechnung_(\d+\.\d+)", "xrechnung-{}"),
        (r"urn:xeinkauf\.de:kosit:xrechnung_(\d+\.\d+)", "xrechnung-{}"),
        (r"urn:fdc:nen\.nl:nlcius", "nlcius"),
        (r"urn:fdc:nen\.nl:gaccount", "nlcius-gaccount"),
        (r"urn:efactura\.mfinante\.ro:CIUS-RO", "cius-ro"),
        (r"urn:mfin\.gov\.hr:cius-2025", "cius-hr"),
        (r"urn:feap\.gov\.pt:CIUS-PT", "cius-pt"),
        (r"urn:UBL\.BE:", "ubl-be"),
        (r"urn:mfin\.gov\.rs:srbdt", "srbdt"),
        (r"urn:www\.agid\.gov\.it:trns:fattura", "agid"),
        (r"urn:fdc:anskaffelser\.no:", "ehf"),
        (r"poacc:(?:self)?billing:international:(\w+)", "peppol-{}"),
        (r"urn:peppol:pint:", "pint"),
        (r"urn:fdc:peppol:jp:billing", "peppol-jp"),
        (r"OIOUBL|urn:fdc:oioubl\.dk:", "oioubl"),
        (r"^TR1\.2", "ubl-tr"),
        (r"urn:www\.simplerinvoicing\.org:", "si-ubl"),
        (r"urn:ferd:CrossIndustryDocument:", "zugferd-1.0"),
        (r"urn:order-x\.eu:", "order-x"),
    )
)


def foreign_profile(claimed: str) -> str:
    """The name of a profile that we do not serve; the last specification in BT-24 names it."""
    found: list[tuple[int, str]] = []
    for pattern, name in _FOREIGN:
        if match := pattern.search(claimed):
            found.append((match.start(), name.format(*match.groups())))
    return max(found)[1] if found else UNKNOWN
