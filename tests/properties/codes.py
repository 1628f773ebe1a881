"""Codes that are in the code lists of EN 16931 in both syntaxes (validation artefacts 1.3.16)."""

from __future__ import annotations

from hypothesis import strategies as st


def one_of(codes: str) -> st.SearchStrategy[str]:
    """One of some codes."""
    return st.sampled_from(codes.split())


TYPES = one_of(
    "380 381 384 389 393 326 386 396 261 262 308 82 84 325 388 390 751 875 877"
)  # UNTDID 1001
CURRENCIES = ("EUR", "SEK", "JPY", "BHD", "XOF", "CHF")  # ISO 4217
TAX_POINTS = one_of("3 35 432")  # UNTDID 2005
COUNTRIES = one_of("FR DE GR XI 1A US CH IT")  # ISO 3166-1 and additions
SUBJECTS = one_of("AAI PMT PMD AAB REG TXD GS7 ZZZ")  # UNTDID 4451
ICD = one_of("0002 0009 0060 0088 0160 0204 0208 0225 0240")  # ISO 6523
EAS = one_of("0002 0088 0204 0225 9930 9957 EM AN")
OBJECTS = one_of("AAB ABZ AEP VV ZZZ ON")  # UNTDID 1153
CLASSES = one_of("EN HS STI SRV TST TSR IB ZZZ")  # UNTDID 7143
MEANS = one_of("1 10 20 30 31 42 48 49 54 57 58 59 97 ZZZ")  # UNTDID 4461
ALLOWANCES = one_of("41 42 60 66 95 100 102 104")  # UNTDID 5189
CHARGES = one_of("AA ABL FC DL ZZZ CG")  # UNTDID 7161
UNITS = one_of("C62 KGM HUR LTR MTK KWH XPP XBX DAY")  # UN/ECE Recommendation 20 and 21
MIME = one_of(
    "application/pdf image/png image/jpeg text/csv application/vnd.oasis.opendocument.spreadsheet "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)  # BR-CL-24
#: VAT category (UNTDID 5305) that demands an exemption reason -> codes for it (VATEX).
EXEMPTIONS = {
    "E": one_of("VATEX-EU-132 VATEX-EU-79-C VATEX-FR-FRANCHISE VATEX-EU-D VATEX-EU-143-1FA"),
    "AE": one_of("VATEX-EU-AE"),
    "G": one_of("VATEX-EU-G"),
    "K": one_of("VATEX-EU-IC"),
    "O": one_of("VATEX-EU-O"),
}
