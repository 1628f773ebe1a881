"""Profiles as targets: what an invoice has to say, and which terms it may keep, to be one of them.

`TARGETS` is the one list. What a profile has no place for is left out, and the comparison of
source and output reports it; what it demands and the invoice lacks is found by its rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from einvoice.errors import UsageError
from einvoice.formats.defaults import Fill
from einvoice.model import Invoice
from einvoice.model.levels import Level, level_of
from einvoice.model.terms import BY_ID, term_of

_EN = "urn:cen.eu:en16931:2017"
_XRECHNUNG = f"{_EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PEPPOL = "urn:fdc:peppol.eu:2017:poacc"
_BOTH = ("ubl", "cii")
_FACTURX = ("cii", "facturx")
_ALL = ("ubl", "cii", "facturx")
_ANY = ("",)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A profile that an invoice can be written in."""

    name: str  #: as in `--profile`
    specification: str  #: BT-24
    formats: tuple[str, ...]  #: names of the formats in which it exists
    level: Level = Level.EN16931  #: the terms of EN 16931 that it holds
    process: str | None = None  #: BT-23 that it demands where the invoice has none of its kind
    processes: str = ""  #: how the BT-23 that it takes begin
    extensions: tuple[str, ...] = ()  #: how the paths of content of extensions that it holds begin


TARGETS = (
    Target(name="en16931", specification=_EN, formats=_ALL),
    Target(
        name="minimum",
        specification="urn:factur-x.eu:1p0:minimum",
        formats=_FACTURX,
        level=Level.MINIMUM,
    ),
    Target(
        name="basicwl",
        specification="urn:factur-x.eu:1p0:basicwl",
        formats=_FACTURX,
        level=Level.BASIC_WL,
    ),
    Target(
        name="basic",
        specification=f"{_EN}#compliant#urn:factur-x.eu:1p0:basic",
        formats=_FACTURX,
        level=Level.BASIC,
    ),
    Target(
        name="extended",
        specification=f"{_EN}#conformant#urn:factur-x.eu:1p0:extended",
        formats=_FACTURX,
        level=Level.EXTENDED,
        extensions=_ANY,
    ),
    Target(
        name="extended-ctc-fr",
        specification=f"{_EN}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
        formats=_BOTH,
        extensions=_ANY,
    ),
    Target(
        name="xrechnung",
        specification=_XRECHNUNG,
        formats=_ALL,
        process=f"{_PEPPOL}:billing:01:1.0",
    ),
    Target(
        name="xrechnung-extension",
        specification=f"{_XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",
        formats=_BOTH,
        process=f"{_PEPPOL}:billing:01:1.0",
        extensions=("extension.third_party_payments", "lines[].extension.sub_lines"),
    ),
    Target(
        name="peppol",
        specification=f"{_EN}#compliant#{_PEPPOL}:billing:3.0",
        formats=_BOTH,
        process=f"{_PEPPOL}:billing:01:1.0",
        processes="urn:",
    ),
    Target(
        name="peppol-selfbilling",
        specification=f"{_EN}#compliant#{_PEPPOL}:selfbilling:3.0",
        formats=("ubl",),
        process=f"{_PEPPOL}:selfbilling:01:1.0",
        processes=f"{_PEPPOL}:selfbilling",
    ),
)


def target_named(name: str, to: str) -> Target:
    """The profile of that name, as far as it exists in a format.

    Raises:
        UsageError: there is none in that format.
    """
    known = {target.name: target for target in TARGETS if to in target.formats}
    try:
        return known[name]
    except KeyError:
        raise UsageError(f"profile of {to}", name, known) from None


def fit(invoice: Invoice, target: Target) -> tuple[Invoice, tuple[Fill, ...]]:
    """The invoice as far as a profile holds it, saying that it is of this profile."""
    limited = _within(invoice, target, "") or Invoice()
    fills: list[Fill] = []
    process = limited.process
    changes = {"specification": target.specification}
    taken = (process.business_process or "").startswith(target.processes)
    if target.process is not None and not (process.business_process and taken):
        changes["business_process"] = target.process
    for name, value in changes.items():
        if (before := getattr(process, name)) != value:
            was = f"; it was {before!r}" if before else ""
            reason = f"the profile {target.name} demands it{was}"
            fills.append(Fill(path=f"process.{name}", value=value, reason=reason))
    return replace(limited, process=replace(process, **changes)), tuple(fills)


def without_extensions(invoice: Invoice) -> Invoice:
    """The invoice without the content of extensions."""
    return _within(invoice, TARGETS[0], "") or Invoice()


def missing_terms(invoice: Invoice, target: Target) -> Iterator[str]:
    """The terms that each invoice of a level must have, by cardinality, and this one lacks."""
    for term in BY_ID.values():
        if term.cardinality.startswith("1") and level_of(term.id) <= target.level:
            yield from _missing(invoice, term.path.split("."), term.id)


def _missing(group: Any, steps: list[str], number: str) -> Iterator[str]:
    """The number of a term once if a group that is there lacks it."""
    value = getattr(group, steps[0].removesuffix("[]"))
    if len(steps) == 1:
        if value is None or value == ():
            yield number
    elif isinstance(value, tuple):
        lacking = (n for item in value for n in _missing(item, steps[1:], number))
        yield from (n for n in [next(lacking, None)] if n)
    elif value is not None:
        yield from _missing(value, steps[1:], number)


def _within(value: Any, target: Target, path: str) -> Any:
    """A value without what a profile has no place for; None if nothing is left of it."""
    if isinstance(value, tuple):
        kept = (_within(item, target, f"{path}[]") for item in value)
        return tuple(item for item in kept if item is not None)
    if not isinstance(value, msgspec.Struct):
        return value if _holds(target, path) else None
    fields = {}
    for name in value.__struct_fields__:
        inner = getattr(value, name)
        if inner is not None and inner != ():
            kept = _within(inner, target, f"{path}.{name}" if path else name)
            if kept is not None and kept != ():
                fields[name] = kept
    return _rebuilt(type(value), fields)


def _rebuilt(kind: type[msgspec.Struct], fields: dict[str, Any]) -> Any:
    """A struct of what is left; None if that says nothing."""
    required = (f.name for f in msgspec.structs.fields(kind) if f.required)
    return kind(**fields) if fields and all(name in fields for name in required) else None


def _holds(target: Target, path: str) -> bool:
    """Whether a profile has a place for the term at a path of the model."""
    term = term_of(path)
    of_standard = term is not None and term.id in BY_ID and ".extension." not in path
    if of_standard or path.endswith(".scheme_version"):  # BT-158-2 has the path of its identifier
        return term is None or level_of(term.id) <= target.level
    return any(path.startswith(extension) for extension in target.extensions)
