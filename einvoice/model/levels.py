"""Which terms each level of Factur-X holds; a level holds all that is below it.

Source: the schemas and rules of Factur-X 1.09, one of each level. MINIMUM and BASIC WL are no
invoices of EN 16931: they have no lines.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache


class Level(IntEnum):
    """The levels of Factur-X in their order."""

    MINIMUM = 1
    BASIC_WL = 2
    BASIC = 3
    EN16931 = 4
    EXTENDED = 5


#: The terms that a level adds to the one below it; EN 16931 adds all others of the standard.
_ADDED = {
    Level.MINIMUM: """
        BT-1 BT-2 BT-3 BT-5 BT-10 BT-13 BT-23 BT-24 BT-27 BT-30 BT-30-1 BT-31 BT-32 BT-40 BT-44
        BT-47 BT-47-1 BT-109 BT-110 BT-112 BT-115
        """,
    Level.BASIC_WL: """
        BT-6 BT-8 BT-9 BT-12 BT-16 BT-19 BT-20 BT-21 BT-22 BT-25 BT-26 BT-28 BT-29 BT-29-1
        BT-34 BT-34-1 BT-35 BT-36 BT-162 BT-37 BT-38 BT-39 BT-46 BT-46-1 BT-48 BT-49 BT-49-1 BT-50
        BT-51 BT-163 BT-52 BT-53 BT-54 BT-55 BT-59 BT-60 BT-60-1 BT-61 BT-61-1 BT-62 BT-63 BT-64
        BT-65 BT-164 BT-66 BT-67 BT-68 BT-69 BT-70 BT-71 BT-71-1 BT-72 BT-73 BT-74 BT-75 BT-76
        BT-165 BT-77 BT-78 BT-79 BT-80 BT-81 BT-83 BT-84 BT-89 BT-90 BT-91 BT-92 BT-93 BT-94 BT-95
        BT-96 BT-97 BT-98 BT-99 BT-100 BT-101 BT-102 BT-103 BT-104 BT-105 BT-106 BT-107 BT-108
        BT-111 BT-113 BT-116 BT-117 BT-118 BT-119 BT-120 BT-121
        """,
    Level.BASIC: """
        BT-126 BT-127 BT-129 BT-130 BT-131 BT-134 BT-135 BT-136 BT-139 BT-140 BT-141 BT-144
        BT-145 BT-146 BT-147 BT-148 BT-149 BT-150 BT-151 BT-152 BT-153 BT-157
        BT-157-1
        """,
}


def level_of(term: str) -> Level:
    """The lowest level that holds a term of EN 16931, by its number."""
    return _levels().get(term, Level.EN16931)


@cache
def _levels() -> dict[str, Level]:
    return {term: level for level, terms in _ADDED.items() for term in terms.split()}
