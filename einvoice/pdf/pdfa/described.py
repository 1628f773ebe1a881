"""Marked content that the logical structure describes with ActualText."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einvoice.pdf.pdfa.drawing import identity
from einvoice.pdf.pdfa.subject import Subject, as_list, is_dictionary

MAX_ELEMENTS = 500_000


def actual_texts(subject: Subject) -> frozenset[tuple[object, int]]:
    """Page and MCID of the marked content that a structure element with ActualText holds."""
    return frozenset(_described(subject))


def _described(subject: Subject) -> Iterator[tuple[object, int]]:
    root = subject.catalog.get("/StructTreeRoot")
    stack: list[tuple[Any, object, bool]] = [(root, None, False)]
    seen: set[object] = set()
    while stack and len(seen) < MAX_ELEMENTS:
        node, page, described = stack.pop()
        if isinstance(node, int):
            if described:
                yield page, node
            continue
        if not is_dictionary(node):
            continue
        if node.is_indirect:
            if node.objgen in seen:
                continue
            seen.add(node.objgen)
        if (own := node.get("/Pg")) is not None:
            page = identity(own)
        if isinstance(number := node.get("/MCID"), int):
            stack.append((number, page, described))
        described = described or node.get("/ActualText") is not None
        stack.extend((kid, page, described) for kid in as_list(node.get("/K")))
