"""Reads SVRL, the report that a compiled Schematron writes."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from lxml import etree

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_TEXT = f"{_SVRL}text"


class Kind(StrEnum):
    """Why a rule fired."""

    ASSERT = "assert"  #: what must hold does not
    REPORT = "report"  #: what is worth reporting holds
    ABORT = "abort"  #: the rule could not be evaluated on the values of this document


_KINDS = {f"{_SVRL}failed-assert": Kind.ASSERT, f"{_SVRL}successful-report": Kind.REPORT}


class Fired(msgspec.Struct, frozen=True):
    """One rule that fired at one place."""

    rule: str | None  #: None for the few checks to which the publisher gave no id
    flag: str | None
    text: str
    location: str  #: as the stylesheet writes it
    kind: Kind = Kind.ASSERT


def parse(svrl: bytes) -> tuple[Fired, ...]:
    """List the failed asserts and successful reports, in the report's order."""
    return tuple(fired_in(read(svrl)))


def read(svrl: bytes) -> etree._Element:
    """Parse a report that our own stylesheet run has written."""
    return etree.fromstring(svrl, etree.XMLParser(huge_tree=True, resolve_entities=False))


def fired_in(report: etree._Element) -> list[Fired]:
    """List the failed asserts and successful reports of a parsed report."""
    return [_fired(element) for element in report.iterchildren(*_KINDS)]


def _fired(element: etree._Element) -> Fired:
    text = element.find(_TEXT)
    return Fired(
        rule=element.get("id") or None,
        flag=element.get("flag") or element.get("role") or None,
        text="" if text is None else "".join(str(part) for part in text.itertext()),
        location=element.get("location") or "",
        kind=_KINDS[str(element.tag)],
    )
