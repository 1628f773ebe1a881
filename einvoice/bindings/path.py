"""The path language of the mapping tables: steps, an attribute at the end, equality predicates.

    cac:Delivery/cbc:ActualDeliveryDate       steps
    cbc:InvoicedQuantity/@unitCode            an attribute, only at the end
    cac:InvoiceLine+                          a step that is made anew for each value
    cac:X[cbc:ChargeIndicator='false']        read: only where equal; written: as content
    cac:X[cac:TaxScheme/cbc:ID!='VAT']        read: only where different; not written
    cac:X[cac:TaxScheme/cbc:ID:='VAT']        read: always; written as content
    .                                         the element itself

A term that is bound to the element of a condition is absent where that has the condition's value.
The language never grows beyond that: what it cannot say is a quirk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

_PREDICATE = re.compile(r"([^=!:]+(?::[^=!:]+)*?)(!=|:=|=)'([^']*)'")
_SPLIT = re.compile(r"/(?![^\[]*\])")


class Predicate(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on an element: the text at a relative path, or an attribute there."""

    steps: tuple[str, ...]  #: Clark names, relative to the element
    attribute: str | None
    kind: Literal["=", "!=", ":="]
    value: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a path."""

    tag: str  #: Clark name
    predicates: tuple[Predicate, ...] = ()
    repeats: bool = False


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """Steps from an element down to a value."""

    steps: tuple[Step, ...] = ()
    attribute: str | None = None


def parse_path(text: str, namespaces: Mapping[str, str]) -> Path:
    """Read a path of a mapping table.

    Raises:
        ValueError: the text is no path of this language.
    """
    if text in ("", "."):
        return Path()
    parts = _SPLIT.split(text)
    attribute = parts.pop().removeprefix("@") if parts[-1].startswith("@") else None
    return Path(steps=tuple(_step(part, namespaces) for part in parts), attribute=attribute)


def _step(text: str, namespaces: Mapping[str, str]) -> Step:
    name, *conditions = text.rstrip("+").replace("]", "").split("[")
    return Step(
        tag=_clark(name, namespaces),
        predicates=tuple(_predicate(condition, namespaces) for condition in conditions),
        repeats=text.endswith("+"),
    )


def _predicate(text: str, namespaces: Mapping[str, str]) -> Predicate:
    match = _PREDICATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no predicate of a mapping path")
    path, kind, value = match.groups()
    inner = parse_path(path, namespaces)
    return Predicate(
        steps=tuple(step.tag for step in inner.steps),
        attribute=inner.attribute,
        kind=kind,  # type: ignore[arg-type]  # the regular expression allows only these
        value=value,
    )


def _clark(name: str, namespaces: Mapping[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in namespaces or not local.isidentifier():
        raise ValueError(f"{name!r} is no step of a mapping path")
    return f"{{{namespaces[prefix]}}}{local}"
