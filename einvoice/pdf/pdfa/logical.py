"""6.7: logical structure, which level a demands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import Subject, as_dictionary, as_list, is_dictionary, text_of

#: Structure types of ISO 32000-1, 14.8.4.
_TYPES = (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 "
    "H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry "
    "Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form"
)
TYPES = frozenset(_TYPES.split())
LANGUAGE = re.compile(r"([A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)?")


def marked(subject: Subject) -> Iterator[Fault]:
    """The catalog says that the file is tagged."""
    if as_dictionary(subject.catalog.get("/MarkInfo")).get("/Marked") is not True:
        yield Fault("6.7.2.2-1", "MarkInfo of the catalog does not say Marked true", "a")


def structure_tree(subject: Subject) -> Iterator[Fault]:
    """The file has a structure tree."""
    if not is_dictionary(subject.catalog.get("/StructTreeRoot")):
        yield Fault("6.7.3.3-1", "the catalog has no StructTreeRoot", "a")


def roles(subject: Subject) -> Iterator[Fault]:
    """Every structure type is one of the standard ones or mapped to one."""
    mapping = _role_map(subject)
    for name in sorted(mapping.keys() & TYPES):
        if mapping[name] != name:
            yield Fault(
                "6.7.3.4-3", f"the role map turns the standard type {name} into another", "a"
            )
    for name in sorted(_used_types(subject)):
        target, circular = _standard(name, mapping)
        if circular:
            yield Fault("6.7.3.4-2", f"the role map leads from {name} back to it", "a")
        elif target not in TYPES:
            yield Fault(
                "6.7.3.4-1",
                f"the structure type {name} is no standard type and not mapped to one",
                "a",
            )


def _role_map(subject: Subject) -> dict[str, str]:
    tree = as_dictionary(subject.catalog.get("/StructTreeRoot"))
    return {key[1:]: text_of(name)[1:] for key, name in as_dictionary(tree.get("/RoleMap")).items()}


def _standard(name: str, mapping: dict[str, str]) -> tuple[str, bool]:
    """Where the role map leads from a type, and whether it goes round."""
    seen = set()
    while name not in TYPES and name in mapping:
        if name in seen:
            return name, True
        seen.add(name)
        name = mapping[name]
    return name, False


def _used_types(subject: Subject) -> set[str]:
    """The types of all structure elements."""
    stack = [subject.catalog.get("/StructTreeRoot")]
    seen: set[tuple[int, int]] = set()
    found: set[str] = set()
    while stack:
        item: Any = stack.pop()
        if not is_dictionary(item) or item.objgen in seen:
            continue
        if item.is_indirect:
            seen.add(item.objgen)
            stack.extend(as_list(item.get("/K")))
        if "/S" in item:
            found.add(text_of(item["/S"])[1:])
    return found


def languages(subject: Subject) -> Iterator[Fault]:
    """A language is given by its tag."""
    for row in subject.dictionaries:
        value = row.value.get("/Lang")
        if value is not None and not LANGUAGE.fullmatch(text_of(value)):
            yield Fault(
                "6.7.4-1", f"Lang in {row.holder} is no language tag, expected one like fr-FR", "a"
            )


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    marked,
    structure_tree,
    roles,
    languages,
)

UNCHECKED = {
    "6.7.4": "languages of marked content in content streams are not looked at",
    "6.7.5": "whether expansions and alternate texts are given where needed, no program can tell",
}
