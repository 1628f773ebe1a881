"""Cases of the rule sets written here: edits of a document after which a rule fires, or does not.

A file `cases/NAME.toml` belongs to the rule set of that name:

    base = "de-xrechnung/invoice.xml"   # below samples/ or cases/; a case may name another

    [[case]]
    rule = "BR-DE-15"
    breaks = [["delete", "//cbc:BuyerReference"]]
    passes = [["set", "//cbc:BuyerReference", "04011000-12345-34"]]   # else: the base as it is

The edits are `delete PATH`, `set PATH TEXT` (of an element or attribute), and `append`, `before` or
`after PATH XML`. A path that finds nothing is an error: the case would prove nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

CASES = Path(__file__).parent / "cases"
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"
NAMESPACES = {
    "inv": f"{_UBL}Invoice-2",
    "cn": f"{_UBL}CreditNote-2",
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "ext": f"{_UBL}CommonExtensionComponents-2",
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
    "qdt": f"{_CII}QualifiedDataType:100",
}
_ATTRIBUTE = re.compile(r"^(.*?)/?@([\w:]+)$")


class Case(NamedTuple):
    """A rule, a document that breaks it, and one that does not."""

    rule: str
    breaks: bytes
    passes: bytes

    def __str__(self) -> str:
        return self.rule


def cases(ruleset: str) -> Iterator[Case]:
    """The cases of a rule set."""
    data = tomllib.loads((CASES / f"{ruleset}.toml").read_text(encoding="utf-8"))
    for each in data["case"]:
        base = _base(each.get("base", data["base"]))
        yield Case(each["rule"], edited(base, each["breaks"]), edited(base, each.get("passes", [])))


@cache
def _base(name: str) -> bytes:
    own = CASES / name
    return (own if own.is_file() else SAMPLES / name).read_bytes()


def edited(document: bytes, edits: list[list[str]]) -> bytes:
    """A document after some edits."""
    root = etree.fromstring(document)
    for name, path, *rest in edits:
        _EDITS[name](root, path, *rest)
    return etree.tostring(root)


def _nodes(root: Any, path: str) -> list[Any]:
    found = root.xpath(path, namespaces=NAMESPACES)
    assert found, f"{path} finds nothing"
    return found


def _delete(root: Any, path: str) -> None:
    if attribute := _ATTRIBUTE.match(path):
        for element in _nodes(root, attribute[1]):
            element.attrib.pop(attribute[2])
        return
    for element in _nodes(root, path):
        element.getparent().remove(element)


def _set(root: Any, path: str, text: str) -> None:
    attribute = _ATTRIBUTE.match(path)
    for element in _nodes(root, attribute[1] if attribute else path):
        if attribute:
            element.set(attribute[2], text)
        else:
            element.text = text


def _append(root: Any, path: str, xml: str) -> None:
    for element in _nodes(root, path):
        element.extend(_parsed(xml))


def _before(root: Any, path: str, xml: str) -> None:
    for element in _nodes(root, path):
        for each in _parsed(xml):
            element.addprevious(each)


def _after(root: Any, path: str, xml: str) -> None:
    for element in _nodes(root, path):
        for each in reversed(_parsed(xml)):
            element.addnext(each)


def _parsed(xml: str) -> list[Any]:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return list(etree.fromstring(f"<all {declared}>{xml}</all>"))


_EDITS = {"delete": _delete, "set": _set, "append": _append, "before": _before, "after": _after}
