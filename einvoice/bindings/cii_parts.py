"""CII: rows and gathers that several groups share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.bindings.codecs import DATE_102, translated
from einvoice.bindings.quirks import Parts
from einvoice.bindings.table import Field, Gather, Group, Row, join
from einvoice.model import Identifier

DAY = "udt:DateTimeString[@format='102']"
VAT = "[ram:TypeCode:='VAT']"
ALLOWANCE = "ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']+"
CHARGE = "ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='true']+"
VAT_NUMBER = "ram:SpecifiedTaxRegistration[ram:ID/@schemeID='VA']/ram:ID"
DISCOUNT = "ram:AppliedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='false']"

#: UNTDID 2475 (CII) to UNTDID 2005 (the model and UBL): invoice date, delivery date, payment.
TAX_POINT_CODE = translated({"5": "3", "29": "35", "72": "432"})

IDENTIFIER: list[Row] = [Field("value", "."), Field("scheme", "@schemeID")]

ADDRESS: list[Row] = [
    Field("post_code", "ram:PostcodeCode"),
    Field("line_1", "ram:LineOne"),
    Field("line_2", "ram:LineTwo"),
    Field("line_3", "ram:LineThree"),
    Field("city", "ram:CityName"),
    Field("country", "ram:CountryID"),
    Field("subdivision", "ram:CountrySubDivisionName"),
]

CONTACT: list[Row] = [
    Field("point", "ram:PersonName"),
    Field("point", "ram:DepartmentName", role="fallback"),
    Field("telephone", "ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
    Field("email", "ram:EmailURIUniversalCommunication/ram:URIID"),
]

PERIOD: list[Row] = [
    Field("start", f"ram:StartDateTime/{DAY}", DATE_102),
    Field("end", f"ram:EndDateTime/{DAY}", DATE_102),
]


def identifier(name: str, path: str) -> Group:
    """An identifier and its scheme."""
    return Group(name, path, IDENTIFIER)


def formatted_date(name: str, path: str) -> Field:
    """The date of a referenced document."""
    day = "ram:FormattedIssueDateTime/qdt:DateTimeString[@format='102']"
    return Field(name, join(path, day), DATE_102)


def identifier_gathers(key: str, path: str, identifiers: Parts) -> list[Gather]:
    """ram:ID holds an identifier without a scheme, ram:GlobalID one with a scheme."""

    def plain(group: Any) -> Iterator[Identifier]:
        return (i for i in identifiers(group) if i.scheme is None)

    def with_scheme(group: Any) -> Iterator[Identifier]:
        return (i for i in identifiers(group) if i.scheme is not None)

    prefix = f"{path}/" if path else ""
    return [
        Gather(key, f"{prefix}ram:ID+", IDENTIFIER, Identifier, plain),
        Gather(key, f"{prefix}ram:GlobalID+", IDENTIFIER, Identifier, with_scheme),
    ]
