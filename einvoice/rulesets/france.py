"""What is particular to the French rules (BR-FR, Flux 2): who claims them, their ids, their modes.

Sources: the notes of release 1.4.0 of FNFE-MPE, and the ids of its rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from einvoice.findings import Severity

#: From this day release 1.4.0 is used for sending.
RELEASE = date(2026, 9, 1)
#: Until the day before, a platform could receive by the release's variant of warnings; since then
#: every rule is fatal. The rules of several sellers (MV) and of two directions (BD) always were.
ALL_FATAL = date(2026, 10, 1)

RULESETS = "br-fr-"  #: how the names of their rule sets begin

#: Each case of the French list by the letters it exists with: B goods, S services, M both.
_CASES = {"1": "BSM", "2": "BSM", "3": "S", "4": "BSM", "5": "S", "6": "S", "7": "BS"}
_CASES |= {"8": "BSM", "9": "BSM"}
#: BT-23 of the French list (BR-FR-08).
PROCESSES = frozenset(letter + case for case, letters in _CASES.items() for letter in letters)
#: BT-21 of the note that tells a French platform how to treat the invoice.
NOTE = "BAR"

_BASE = re.compile(r"BR-FR-(?:(?:CO|DEC|MV|BD)-)?\d+")
_ALWAYS_FATAL = re.compile(r"BR-FR-(?:MV|BD)-")
#: Ids of the stylesheets that name another rule than the one they hold.
_MISNAMED = {
    "BR-FR-30_BT-21": "BR-FR-31",
    "BR-FR-08_BT-151-2": "BR-FR-15",
    "BR-FR-MV-BD_BT-3": "BR-FR-BD-13",
}


def base_rule(rule: str) -> str | None:
    """The rule of the French standard that a check belongs to; None for checks of others.

    One rule is made of a check per term, and the two syntaxes number them in different ways:
    `BR-FR-05_BT-22_PMT` and `BR-FR-05_BT-22-1` are both of BR-FR-05.
    """
    if named := _MISNAMED.get(rule):
        return named
    found = _BASE.match(rule)
    return found.group() if found else None


def warnings_of(rules: Iterable[str | None], day: date) -> dict[str, Severity]:
    """What the release's variant of warnings makes of its rules on a day: nothing once it is over.

    Args:
        rules: the ids of a French rule set.
        day: the day of sending or receiving.
    """
    if day >= ALL_FATAL:
        return {}
    lowered = (each for each in rules if each and not _ALWAYS_FATAL.match(each))
    return dict.fromkeys(lowered, Severity.WARNING)
