"""Due dates as payment terms (BT-20) tell them in French, German and English.

A text is read only where it is plain. What speaks of discounts, of late payment, of receipt or of
working days gives no day that could be compared with BT-9.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import msgspec

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "januar", "january", "jan"),
            ("février", "fevrier", "februar", "february", "feb"),
            ("mars", "märz", "maerz", "march", "mar"),
            ("avril", "april", "apr"),
            ("mai", "may"),
            ("juin", "juni", "june", "jun"),
            ("juillet", "juli", "july", "jul"),
            ("août", "aout", "august", "aug"),
            ("septembre", "september", "sept", "sep"),
            ("octobre", "oktober", "october", "oct", "okt"),
            ("novembre", "november", "nov"),
            ("décembre", "decembre", "dezember", "december", "dec", "dez"),
        ),
        1,
    )
    for name in names
}

_ISO_DATE = re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b")
_DOTTED_DATE = re.compile(r"\b(?P<d>\d{1,2})[.](?P<m>\d{1,2})[.](?P<y>\d{4})\b")
_SLASHED_DATE = re.compile(r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})\b")
_WORDED_DATE = re.compile(
    r"\b(?P<d>\d{1,2})(?:\.|er|st|nd|rd|th)?\s+(?P<w>[a-zäéèû]+)\.?\s+(?P<y>\d{4})\b"
)
_DATES = (_ISO_DATE, _DOTTED_DATE, _SLASHED_DATE, _WORDED_DATE)

#: What stands before a date until which one pays.
_UNTIL = re.compile(
    r"(?:\bbis(?: zum| spätestens)?|fällig(?:keit)?(?: am| zum)?:?|zahlbar (?:am|zum|bis)"
    r"|spätestens(?: am| zum| bis)?|\bdue(?: date)?(?: on| by)?:?|\bby|\bbefore|\buntil"
    r"|payable (?:on|by|le)|au plus tard le|avant le|jusqu'au|éché(?:ance|ant)(?: le| au| du)?\s*:?"
    r"|à régler le|date limite(?: de paiement)?\s*:?)\s*(?:le |au |the |dem )?$"
)
_DAYS = re.compile(r"(?<![\d.,/])(\d{1,3})\s*(?:jours?|jrs?|j\b|tagen?|tage|tg\.?|days?)(?!\w)")
_NET_DAYS = re.compile(r"\bnett?o? (\d{1,3})\.?\s*$")
_MONTH_END = re.compile(
    r"fin de mois|fdm|end of (?:the )?month|\beom\b|monatsende|ende des monats|month[- ]end"
)
_NTH = re.compile(r"\ble (\d{1,2})\b")

#: There is no discount: that is no discount.
_NO_DISCOUNT = re.compile(
    r"(?:\bsans|pas d['’]|\baucun|\bni|\bno|\bwithout|\bkein|\bohne)"
    r"\s*(?:cash |early payment )?(?:escompte|discount|skonto)\w*"
)
_DISCOUNT = re.compile(
    r"skonto|discount|escompte|%|prozent|percent|pour ?cent|rabat|remise|nachlass|nachlaß"
)
_NET = re.compile(r"\bnett?o?s?\b|ohne (?:jeden )?abzug|sans déduction|without deduction")
#: Days that begin on a day that we do not know, that are not counted so, or not for paying.
_OTHER_DAYS = re.compile(
    r"verzug|verspät|mahn|retard|pénalit|penalt|intérêt|interest|zinsen|overdue|late\b"
    r"|recei|réception|erhalt|eingang|zugang|livraison|deliver|lieferung|leistung|prestation"
    r"|ouvr|werktag|bankarbeit|arbeitstag|working|business|banking"
    r"|réclam|contest|claim|complain|objection|einwend|widerspr|reklam|beanstand|retour|return|garant"
    r"|monatlich|monatl\.|mensuel|monthly|rate[n]?\b|acompte|instal|anzahl|prepaid|décade|decade"
)
_PAYING = re.compile(
    r"zahl|überweis|fällig|\bpay|paid|paiement|payable|règle|régle|régl|virement|\bdue\b|échéan|\bnet|terms"
    r"|ohne abzug"
)
#: A text as short as this that names days speaks of paying.
_SHORT = 40


class NamedTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A due date as a text names it: a day, or a number of days from the issue date (BT-2)."""

    text: str
    day: date | None = None
    days: int | None = None
    month_end: bool = False  #: the end of the month is counted in
    nth: int = 0  #: so many days of the next month after it

    def days_meant(self, issued: date) -> tuple[date, ...]:
        """The due dates that it can mean."""
        if self.day:
            return (self.day,)
        assert self.days is not None
        plain = later(issued, self.days)
        months = (add_months(issued, self.days // 30),) if self.days % 30 == 0 else ()
        if not self.month_end:
            return (plain, *months)
        ends = [end_of_month(day) for day in (plain, *months)]
        ends.append(later(end_of_month(issued), self.days))
        ends.append(end_of_month(ends[-1]))
        return tuple(later(day, self.nth) for day in ends)


def later(day: date, days: int) -> date:
    """A day some days later, at most the last one that a date can be."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def end_of_month(day: date) -> date:
    """The last day of a month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day some months later, the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def named_terms(text: str) -> tuple[NamedTerm, ...]:
    """The due dates that a text names; none where it could be about anything else."""
    lower = _NO_DISCOUNT.sub("ohne abzug", _without_marks(text.casefold()))
    discounted = _DISCOUNT.search(lower) is not None
    found: list[NamedTerm] = []
    for clause in _clauses(lower):
        if _DISCOUNT.search(clause) or (discounted and not _NET.search(clause)):
            continue
        if _OTHER_DAYS.search(clause):
            continue
        found.extend(_dates(clause))
        if _PAYING.search(lower) or len(lower) <= _SHORT:
            found.extend(_days(clause))
    return tuple(found)


def _without_marks(text: str) -> str:
    """The text without the lines of XRechnung that hold discounts and penalties as data."""
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).strip()


def _clauses(text: str) -> list[str]:
    return re.split(r"[\n;]|,(?!\d)|(?<!\d)\.\s", text)


def _dates(clause: str) -> Iterator[NamedTerm]:
    for pattern in _DATES:
        for match in pattern.finditer(clause):
            before = clause[: match.start()].rstrip(" ") + " "
            alone = len(clause.strip()) <= _SHORT and not before.strip()
            if alone or _UNTIL.search(before):
                yield from _named_days(match)


def _named_days(match: re.Match[str]) -> Iterator[NamedTerm]:
    parts = match.groupdict()
    readings = [parts]
    if match.re is _SLASHED_DATE:
        readings.append({**parts, "d": parts["m"], "m": parts["d"]})
    for day in dict.fromkeys(map(_day, readings)):
        if day:
            yield NamedTerm(text=match[0], day=day)


def _day(parts: dict[str, str]) -> date | None:
    month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["w"], 0)
    try:
        return date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return None


def _days(clause: str) -> Iterator[NamedTerm]:
    month_end = _MONTH_END.search(clause) is not None
    nth = _NTH.search(clause) if month_end else None
    for match in (*_DAYS.finditer(clause), *_NET_DAYS.finditer(clause)):
        yield NamedTerm(
            text=match[0],
            days=int(match[1]),
            month_end=month_end,
            nth=int(nth[1]) if nth else 0,
        )
