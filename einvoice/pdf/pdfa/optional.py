"""6.9 to 6.11: optional content, other presentations, requirements on the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import (
    MAX_DEPTH,
    Subject,
    as_dictionary,
    as_list,
    is_array,
    is_dictionary,
    text_of,
)


def configurations(subject: Subject) -> list[Any]:
    """The default configuration of the optional content and the others."""
    properties = as_dictionary(subject.catalog.get("/OCProperties"))
    rows = [properties.get("/D"), *as_list(properties.get("/Configs"))]
    return [row for row in rows if is_dictionary(row)]


def names(subject: Subject) -> Iterator[Fault]:
    """Every configuration has a name of its own."""
    seen: set[str] = set()
    for row in subject.once(configurations):
        name = text_of(row.get("/Name", ""))
        if not name:
            yield Fault("6.9-1", "a configuration of the optional content has no Name")
        elif name in seen:
            yield Fault("6.9-2", "two configurations of the optional content have the same Name")
        seen.add(name)


def order(subject: Subject) -> Iterator[Fault]:
    """A list of groups for the user names all groups."""
    properties = as_dictionary(subject.catalog.get("/OCProperties"))
    groups = {item.objgen for item in as_list(properties.get("/OCGs")) if is_dictionary(item)}
    for row in subject.once(configurations):
        if "/Order" not in row:
            continue
        missing = groups - _groups_in(row["/Order"])
        if missing:
            yield Fault(
                "6.9-3",
                f"Order of the optional content leaves out {len(missing)} of {len(groups)} groups",
            )


def _groups_in(value: Any) -> set[tuple[int, int]]:
    """The groups in nested arrays."""
    found: set[tuple[int, int]] = set()
    stack = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if is_array(item) and depth < MAX_DEPTH:
            stack.extend((child, depth + 1) for child in item)
        elif is_dictionary(item):
            found.add(item.objgen)
    return found


def automatic_states(subject: Subject) -> Iterator[Fault]:
    """No group is switched by an event."""
    for row in subject.once(configurations):
        if "/AS" in row:
            yield Fault("6.9-4", "a configuration of the optional content has the key AS")


def presentations(subject: Subject) -> Iterator[Fault]:
    """Pages are shown as they are."""
    if "/AlternatePresentations" in as_dictionary(subject.catalog.get("/Names")):
        yield Fault("6.10-1", "the name dictionary has AlternatePresentations")
    for number, page in enumerate(subject.pages, 1):
        if "/PresSteps" in page:
            yield Fault("6.10-2", f"page {number} has PresSteps")


def requirements(subject: Subject) -> Iterator[Fault]:
    """The file demands nothing of the reader."""
    if "/Requirements" in subject.catalog:
        yield Fault("6.11-1", "the catalog has Requirements")


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    names,
    order,
    automatic_states,
    presentations,
    requirements,
)

UNCHECKED: dict[str, str] = {}
