"""How numbers, dates and identifiers are written on a page: patterns that find them in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

#: What stands between groups of three digits, and between a whole number and its fraction.
GROUPING = r"[\s.,'’]?"
POINT = r"\s?[.,]\s?"

#: How the names of the months begin in French, German and English.
MONTHS = (
    "jan|jän",
    "feb|fév|fev",
    "mar|mär|mrz|maer",
    "apr|avr",
    "mai|may",
    "jun|juin",
    "jul|juil",
    "aug|aoû|aou",
    "sep",
    "oct|okt",
    "nov",
    "dec|déc|dez",
)

AMOUNT = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+|\d+)[.,]\d{2}(?!\d)(?![.,]\d)"
)
DATE = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4}|\d\d))(?!\d)"
)
#: Starts of VAT identifiers, by the prefixes of member states, and of account numbers.
VAT = re.compile(
    r"(?<![A-Z0-9])(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO"
    r"|SE|SI|SK)(?=[ .]?[A-Z0-9])"
)
IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d\d(?= ?[A-Z0-9])")

#: Most characters of an identifier with its blanks.
MOST_SIGNS = 48


def amount_pattern(amount: Decimal) -> re.Pattern[str]:
    """Finds an amount with any grouping, decimal point or comma, with or without `.00`."""
    whole, _, fraction = f"{abs(amount):f}".partition(".")
    head = len(whole) % 3
    groups = [whole[:head]] if head else []
    groups += [whole[place : place + 3] for place in range(head, len(whole), 3)]
    fraction = fraction.rstrip("0")
    decimals = f"{POINT}{fraction}0*" if fraction else f"(?:{POINT}0+)?"
    return re.compile(
        rf"(?<!\d)(?<!\d[.,'’]){GROUPING.join(groups)}{decimals}(?!\d)(?![.,'’]\d)(?!\s\d{{3}}[.,]\d\d)"
    )


def date_pattern(day: date) -> re.Pattern[str]:
    """Finds a date in figures in any usual order, or with the name of its month."""
    year = f"(?:{day.year}|{day.year % 100:02d})"
    d, m, name = f"0?{day.day}", f"0?{day.month}", f"(?:{MONTHS[day.month - 1]})\\w*\\.?"
    step = r"\s?[./-]\s?"
    ways = (
        rf"{day.year}{step}{m}{step}{d}",
        rf"{d}{step}{m}{step}{year}",
        rf"{m}{step}{d}{step}{year}",
        f"{day:%Y%m%d}",
        f"{day:%d%m%Y}",
        rf"{d}\s?(?:\.|er|st|nd|rd|th)?[\s-]*{name}[\s,-]*{year}",
        rf"{name}[\s-]*{d}(?:st|nd|rd|th)?[\s,-]*{year}",
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(ways)})(?!\d)", re.IGNORECASE)


def text_pattern(value: str) -> re.Pattern[str]:
    """Finds a number such as that of an invoice, wherever the line was broken in it."""
    signs = [re.escape(sign) for sign in value if not sign.isspace()]
    before = r"(?<!\d)" if value[:1].isdigit() else ""
    after = r"(?!\d)" if value[-1:].isdigit() else ""
    return re.compile(before + r"\s*".join(signs) + after, re.IGNORECASE)


def squeezed(text: str) -> str:
    """Letters and digits only, as capitals: how identifiers are compared."""
    return "".join(sign for sign in text if sign.isalnum()).upper()


def amounts_in(text: str) -> Iterator[Decimal]:
    """Amounts with two decimals."""
    for found in AMOUNT.findall(text):
        digits = "".join(sign for sign in found if sign.isdigit())
        yield Decimal(digits).scaleb(-2)


def dates_in(text: str) -> Iterator[date]:
    """Dates in figures, the day before the month."""
    for found in DATE.finditer(text):
        year, month, day = (
            found.group("y", "m", "d") if found["y"] else found.group("year", "month", "day")
        )
        full = int(year) + (2000 if len(year) == 2 else 0)
        try:
            yield date(full, int(month), int(day))
        except ValueError:
            continue


def vat_identifiers_in(text: str) -> Iterator[str]:
    """Identifiers that a member state could have given, by their check digits."""
    from stdnum.eu import vat

    for start in VAT.finditer(text):
        here = text[start.start() : start.start() + MOST_SIGNS + 1]
        if not _valid_part(here, _is_iban):
            yield from _valid_part(here, vat.is_valid)


def ibans_in(text: str) -> Iterator[str]:
    """Account numbers with right check digits."""
    for start in IBAN.finditer(text):
        yield from _valid_part(text[start.start() : start.start() + MOST_SIGNS + 1], _is_iban)


def _is_iban(number: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(number))


def _valid_part(text: str, is_valid: Callable[[str], bool]) -> list[str]:
    """The longest valid beginning of a text that ends with a word, as one word."""
    for end in range(min(len(text), MOST_SIGNS), 0, -1):
        if text[end - 1].isalnum() and not text[end : end + 1].isalnum():
            number = squeezed(text[:end])
            if is_valid(number):
                return [number]
    return []
