"""The three generations of hybrid invoice: file names, XMP namespaces, levels and versions.

ZUGFeRD 1.0 (2014), ZUGFeRD 2.0 (2019) and Factur-X 1 = ZUGFeRD 2.1 and later (2020). A file is
judged by the generation that it belongs to.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

#: What is asked of an output: PDF/A-3 at the best level, at level b, or only where it can be had.
PdfA = Literal["3a", "3b", "best-effort"]

CII = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
ZUGFERD_1_ROOTS = (
    "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument",
    "{urn:un:unece:uncefact:data:standard:CBFBUY:5}Invoice",  # release candidate of 2013
)
UBL_ROOTS = (
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
)
INVOICE_ROOTS = (CII, *ZUGFERD_1_ROOTS, *UBL_ROOTS)

#: Levels without lines or details, for which only the relationship Data is taken.
LOW_LEVELS = ("MINIMUM", "BASIC WL")

#: AFRelationship of the invoice. ISO 19005-3 knows Supplement and Unspecified too, not for this.
RELATIONSHIPS = ("Data", "Source", "Alternative")


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """What one generation of the specification lays down about the container."""

    title: str
    names: tuple[str, ...]  #: of the embedded file; case counts
    namespace: str  #: of the four XMP properties
    prefix: str
    levels: tuple[str, ...]  #: ConformanceLevel
    versions: tuple[str, ...]  #: Version, as found in files that readers accept


FACTUR_X = Generation(
    title="Factur-X",
    names=("factur-x.xml", "xrechnung.xml"),
    namespace="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    prefix="fx",
    levels=("MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED", "XRECHNUNG"),
    versions=("1.0", "1p0", "1.2", "2.0", "2.1", "2.2", "2.3", "3.0", "2p0", "3p0"),
)
ZUGFERD_2 = Generation(
    title="ZUGFeRD 2.0",
    names=("zugferd-invoice.xml",),
    namespace="urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#",
    prefix="zf",
    levels=("MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"),
    versions=("1.0", "2.0", "2p0"),
)
ZUGFERD_1 = Generation(
    title="ZUGFeRD 1.0",
    names=("ZUGFeRD-invoice.xml",),
    namespace="urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#",
    prefix="zf",
    levels=("BASIC", "COMFORT", "EXTENDED"),
    versions=("1.0", "1p0"),
)

#: In the order of preference when a PDF holds several invoices.
GENERATIONS = (FACTUR_X, ZUGFERD_2, ZUGFERD_1)

ALLOWED_NAMES = tuple(name for generation in GENERATIONS for name in generation.names)

#: BT-24, tried in this order, and the levels that say the same.
LEVELS_BY_GUIDELINE = (
    (r"urn:(factur-x\.eu|zugferd\.de):[12]p0:minimum$", ("MINIMUM",)),
    (r"urn:(factur-x\.eu|zugferd\.de):[12]p0:basicwl$", ("BASIC WL",)),
    (r"[#:](factur-x\.eu|zugferd\.de):[12]p0:basic$", ("BASIC",)),
    (r"[#:](factur-x\.eu|zugferd\.de):[12]p0:en16931$", ("EN 16931",)),
    (r"[#:](factur-x\.eu|zugferd\.de):[12]p0:extended$", ("EXTENDED",)),
    (r"extended-ctc-fr$", ("EXTENDED",)),
    (r"#conformant#urn:xeinkauf\.de:kosit:extension:", ("XRECHNUNG", "EXTENDED")),
    (r"#compliant#urn:(xoev-de|xeinkauf\.de):kosit:", ("XRECHNUNG", "EN 16931")),
    (r"^urn:ferd:.*:basic$", ("BASIC",)),
    (r"^urn:ferd:.*:comfort$", ("COMFORT",)),
    (r"^urn:ferd:.*:extended$", ("EXTENDED",)),
    (r"^urn:cen\.eu:en16931:2017#conformant#", ("EXTENDED",)),
    (r"^urn:cen\.eu:en16931:2017($|#compliant#)", ("EN 16931",)),
)


def levels_of(guideline: str) -> tuple[str, ...]:
    """Conformance levels that agree with BT-24, best first; none if BT-24 is not known."""
    for pattern, levels in LEVELS_BY_GUIDELINE:
        if re.search(pattern, guideline.strip(), re.IGNORECASE):
            return levels
    return ()


def generation_of(name: str, root: str | None) -> Generation:
    """The generation that an embedded invoice belongs to, by its root element, else its name."""
    if root in ZUGFERD_1_ROOTS:
        return ZUGFERD_1
    if root is None and name == ZUGFERD_1.names[0]:
        return ZUGFERD_1
    return ZUGFERD_2 if name.lower() == ZUGFERD_2.names[0] else FACTUR_X
