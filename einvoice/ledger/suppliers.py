"""The user's supplier master, from a CSV table: the ledger holds the latest one, whole."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import delete, insert

from einvoice.checks.account_numbers import compact, is_iban
from einvoice.checks.fingerprint import master_values
from einvoice.checks.history import Supplier
from einvoice.checks.keys import vat_fault
from einvoice.ledger.database import Database
from einvoice.ledger.tables import SUPPLIER, SUPPLIER_ACCOUNT, SUPPLIER_KEY
from einvoice.tablefile import Column, parse_yes_no, read_table, shown

_TERM = re.compile(r"(\d{1,3})(\s*(?:eom|fdm))?", re.I)


def read_suppliers(path: str | Path) -> tuple[Supplier, ...]:
    """Read a supplier master.

    Columns: `id` (the user's own), `name`, and what is known of `vat` (BT-31), `registration`
    (BT-30), `iban` (several with blanks between, written without blanks), `terms` (days, `45 eom`
    to the end of the month), `blocked` and `whole_series` (yes or no).

    Raises:
        InputNotReadable: the file cannot be opened.
        TableError: it is no such table, with all its faults and their lines.
    """
    seen: set[str] = set()

    def make(**row: object) -> Supplier:
        supplier = _supplier(**row)  # type: ignore[arg-type]  # each column is parsed
        if supplier.id in seen:
            raise ValueError(f"the id {shown(supplier.id)} is there twice")
        seen.add(supplier.id)
        return supplier

    return read_table(path, COLUMNS, make)


def _supplier(
    id: str,
    name: str,
    vat: str | None,
    registration: str | None,
    iban: tuple[str, ...] | None,
    terms: tuple[int, bool] | None,
    blocked: bool | None,
    whole_series: bool | None,
) -> Supplier:
    if not (vat or registration):
        raise ValueError("neither vat nor registration tells which seller it is")
    days, month_end = terms or (None, False)
    return Supplier(
        id=id,
        name=name,
        vat_number=vat or "",
        registration=registration or "",
        accounts=iban or (),
        days=days,
        month_end=month_end,
        blocked=blocked or False,
        whole_series=whole_series or False,
    )


def _parse_vat(text: str) -> str:
    if fault := vat_fault(text):
        raise ValueError(f"{shown(text)} is no VAT number: {fault}")
    return text


def _parse_ibans(text: str) -> tuple[str, ...]:
    """IBANs, each without blanks or in groups of four."""
    starts = re.sub(r"\s+(?=[A-Za-z]{2}\d{2})", "\n", text).split("\n")
    numbers = tuple(dict.fromkeys(map(compact, starts)))
    for number in numbers:
        if not is_iban(number):
            raise ValueError(f"{shown(number)} is no IBAN")
    return numbers


def _parse_terms(text: str) -> tuple[int, bool]:
    match = _TERM.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(text)} is no term such as 30 or 45 eom")
    return int(match[1]), match[2] is not None


COLUMNS = (
    Column("id"),
    Column("name"),
    Column("vat", _parse_vat, required=False),
    Column("registration", required=False),
    Column("iban", _parse_ibans, required=False),
    Column("terms", _parse_terms, required=False),
    Column("blocked", parse_yes_no, required=False),
    Column("whole_series", parse_yes_no, required=False),
)


def replace_suppliers(database: Database, suppliers: tuple[Supplier, ...]) -> None:
    """Put a supplier master in the place of the one before, all of it or nothing."""
    keys = [
        {"key": value, "supplier_id": s.id}
        for s in suppliers
        for value in master_values(s.vat_number, s.registration)
    ]
    accounts = [{"account": a, "supplier_id": s.id} for s in suppliers for a in s.accounts]
    rows = [
        {
            "id": s.id,
            "name": s.name,
            "vat_number": s.vat_number,
            "registration": s.registration,
            "days": s.days,
            "month_end": s.month_end,
            "blocked": s.blocked,
            "whole_series": s.whole_series,
        }
        for s in suppliers
    ]
    with database.writing() as connection:
        for table in (SUPPLIER_KEY, SUPPLIER_ACCOUNT, SUPPLIER):
            connection.execute(delete(table))
        connection.execute(insert(SUPPLIER), rows)
        for table, found in ((SUPPLIER_KEY, keys), (SUPPLIER_ACCOUNT, accounts)):
            if found:
                connection.execute(insert(table), found)
