"""Values of an invoice as a reader of one language expects them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property

import babel
from babel import dates, numbers

from einvoice.errors import UsageError
from einvoice.model import Identifier, Period
from einvoice.pdf import labels

#: Locale of each language; dates and numbers follow the country where it is spoken most.
LOCALES = {"fr": "fr_FR", "de": "de_DE", "en": "en_GB"}

#: Digits beyond which a number is shown as it is written, instead of with groups.
MOST_DIGITS = 60

Table = Mapping[str, tuple[str, str, str]]


class Wording:
    """Labels, numbers, dates and code names in one language."""

    def __init__(self, language: str) -> None:
        if language not in labels.LANGUAGES:
            raise UsageError("language", language, labels.LANGUAGES)
        self.language = language
        self._column = labels.LANGUAGES.index(language)
        self._locale = babel.Locale.parse(LOCALES[language])

    def label(self, key: str) -> str:
        """The word for a term."""
        return labels.LABELS[key][self._column]

    def code(self, table: Table, code: str) -> str:
        """The name of a code, or the code itself if the table lacks it."""
        return table[code][self._column] if code in table else code

    def code_and_name(self, table: Table, code: str) -> str:
        """The code with its name behind it, where there is one."""
        return f"{code} – {table[code][self._column]}" if code in table else code

    def unit(self, code: str, value: Decimal | None) -> str:
        """The name of a unit of measure, as it stands behind this number."""
        one, _, more = self.code(labels.UNITS, code).partition("|")
        if not more or value is None or _is_odd(value):
            return one
        return one if self._locale.plural_form(abs(value)) == "one" else more

    def quantity(self, value: Decimal | None, unit: str | None) -> str:
        """A quantity with its unit; either may be absent."""
        number = "" if value is None else self.number(value)
        return f"{number} {self.unit(unit, value) if unit else ''}".strip()

    def number(self, value: Decimal) -> str:
        """A quantity or price with all its digits."""
        if _is_odd(value):
            return str(value)
        return numbers.format_decimal(value, locale=self._locale, decimal_quantization=False)

    def amount(self, value: Decimal) -> str:
        """An amount of money without its currency, with two digits or more."""
        if _is_odd(value):
            return str(value)
        return numbers.format_decimal(
            value, self._amount_pattern, locale=self._locale, decimal_quantization=False
        )

    @cached_property
    def _amount_pattern(self) -> numbers.NumberPattern:
        pattern = self._locale.decimal_formats[None]
        return numbers.parse_pattern(pattern.pattern.replace("0.###", "0.00"))

    def money(self, value: Decimal, currency: str | None) -> str:
        """An amount of money with its currency, digits as the currency has them or more."""
        if currency is None or len(currency) != 3 or _is_odd(value):
            return f"{self.amount(value)} {currency or ''}".strip()
        return numbers.format_currency(
            value, currency, locale=self._locale, decimal_quantization=False
        )

    def percent(self, value: Decimal) -> str:
        """A percentage: 20 is twenty percent."""
        if _is_odd(value):
            return f"{value} %"
        return numbers.format_percent(
            value.scaleb(-2), locale=self._locale, decimal_quantization=False
        )

    def day(self, value: date) -> str:
        """A calendar date with the name of the month, or as usual in the country."""
        return dates.format_date(value, "medium", locale=self._locale)

    def period(self, value: Period) -> str | None:
        """A period; either end may be open."""
        if value.start is not None and value.end is not None:
            return f"{self.day(value.start)} – {self.day(value.end)}"
        if value.start is not None:
            return f"{self.label('from')} {self.day(value.start)}"
        return f"{self.label('until')} {self.day(value.end)}" if value.end is not None else None

    def country(self, code: str) -> str:
        """The name of a country with its code."""
        name = self._locale.territories.get(code)
        return f"{name} ({code})" if name else code

    def dated(self, text: str | None, day: date | None) -> str:
        """A reference with its date in brackets."""
        inside = f"({self.day(day)})" if day is not None else None
        return " ".join(filter(None, (text, inside)))

    def identifier(self, value: Identifier) -> str:
        """An identifier and its scheme, by name where it has one."""
        schemes = [value.scheme and labels.SCHEMES.get(value.scheme, value.scheme)]
        inside = ", ".join(filter(None, [*schemes, value.scheme_version]))
        return f"{value.value} ({inside})" if inside else value.value


def _is_odd(value: Decimal) -> bool:
    """No number for grouping: not finite, or of a length that no invoice needs."""
    if not value.is_finite():
        return True
    exponent = value.as_tuple().exponent
    return abs(value.adjusted()) > MOST_DIGITS or abs(int(exponent)) > MOST_DIGITS
