"""UBL: rows that several groups share."""

from __future__ import annotations

from einvoice.bindings.codecs import ISO_DATE
from einvoice.bindings.table import Field, Group, Row

VAT = "[cac:TaxScheme/cbc:ID:='VAT']"
VAT_NUMBER = "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID"

IDENTIFIER: list[Row] = [Field("value", "."), Field("scheme", "@schemeID")]

ADDRESS: list[Row] = [
    Field("line_1", "cbc:StreetName"),
    Field("line_2", "cbc:AdditionalStreetName"),
    Field("line_3", "cac:AddressLine/cbc:Line"),
    Field("city", "cbc:CityName"),
    Field("post_code", "cbc:PostalZone"),
    Field("subdivision", "cbc:CountrySubentity"),
    Field("country", "cac:Country/cbc:IdentificationCode"),
]

CONTACT: list[Row] = [
    Field("point", "cbc:Name"),
    Field("telephone", "cbc:Telephone"),
    Field("email", "cbc:ElectronicMail"),
]

PERIOD: list[Row] = [
    Field("start", "cbc:StartDate", ISO_DATE),
    Field("end", "cbc:EndDate", ISO_DATE),
]


def identifier(name: str, path: str) -> Group:
    """An identifier and its scheme."""
    return Group(name, path, IDENTIFIER)
