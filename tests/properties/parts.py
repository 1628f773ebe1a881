"""Strategies that several groups share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import strategies as st
from msgspec import Struct

from einvoice.model import Identifier, Period
from tests.properties.texts import TEXTS

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31))
VAT_IDENTIFIERS = st.builds(
    "{}{}".format,
    st.sampled_from(["FR", "DE", "EL", "XI", "CH"]),
    st.text("0123456789ABCXYZ+*", min_size=1, max_size=12),
)


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    """A value or none, each as often as the other."""
    return st.booleans().flatmap(lambda there: values if there else st.none())


def several(values: st.SearchStrategy, least: int = 0, most: int = 2) -> st.SearchStrategy[tuple]:
    """A group that repeats."""
    return st.lists(values, min_size=least, max_size=most).map(tuple)


@st.composite
def some(draw, kind: Callable[..., Struct], **terms: st.SearchStrategy) -> Struct:
    """A group of which at least one term is there."""
    certain = draw(st.sampled_from(sorted(terms)))
    return kind(
        **{name: draw(term if name == certain else maybe(term)) for name, term in terms.items()}
    )


def identifiers(
    schemes: st.SearchStrategy[str], *, plain: bool = True
) -> st.SearchStrategy[Identifier]:
    """Identifiers with a scheme, and without one unless the term demands it."""
    return st.builds(Identifier, value=TEXTS, scheme=maybe(schemes) if plain else schemes)


@st.composite
def periods(draw) -> Period:
    """A period whose end is not before its start."""
    start, end = sorted((draw(DAYS), draw(DAYS)))
    return draw(
        st.sampled_from([Period(start=start, end=end), Period(start=start), Period(end=end)])
    )
