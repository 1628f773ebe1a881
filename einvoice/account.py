"""The account of a conversion: what became of each value of the source, one by one.

It goes through the source itself, leaf by leaf, and not through what was read of it: a value that
neither a term holds nor a loss names would be seen here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import cast

import msgspec
from lxml import etree

from einvoice.findings import Loss, LossKind
from einvoice.formats import Document
from einvoice.formats.compare import differences, term_at, text_of
from einvoice.formats.mapping import says_nothing
from einvoice.model import Invoice
from einvoice.xml.place import Places


class Fate(StrEnum):
    """What became of a value."""

    KEPT = "kept"
    MOVED = "moved"
    APPROXIMATED = "approximated"
    FILLED = "filled"
    DROPPED = "dropped"
    SYNTAX = "syntax"  #: says nothing of the invoice, only what the syntax wants
    UNEXPLAINED = "unexplained"  #: neither kept nor reported: a fault of ours


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One value and its fate."""

    fate: Fate
    value: str
    path: str | None = None  #: XPath in the source, or path in the model; None for a filled value
    line: int | None = None
    output: str | None = None  #: XPath in the output, or path in the model; None where it is gone
    term: str | None = None
    reason: str | None = None


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of an invoice in short: two are equal if and only if all values are."""

    terms: int
    sha256: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a source: its values in their order, then what the output has of its own."""

    source: Digest
    output: Digest
    entries: tuple[Entry, ...]

    @property
    def counts(self) -> dict[Fate, int]:
        """How many values had which fate."""
        found = Counter(entry.fate for entry in self.entries)
        return {fate: found[fate] for fate in Fate}

    @property
    def complete(self) -> bool:
        """Whether every value is explained."""
        return not self.counts[Fate.UNEXPLAINED]


def account_of(source: Document, output: Document, losses: Iterable[Loss]) -> Account:
    """Account for a conversion.

    Args:
        source: what was converted.
        output: what came of it, read again.
        losses: what the conversion reported.
    """
    by_path: dict[str, list[Loss]] = {}
    for loss in losses:
        by_path.setdefault(loss.path, []).append(loss)
    filled = [loss for found in by_path.values() for loss in found if loss.kind is LossKind.FILLED]
    entries = list(_entries(source, output, by_path))
    entries += [_filled(loss) for loss in filled]
    entries += _differing(source, output, {entry.path for entry in entries}, filled)
    return Account(
        source=digest_of(source.invoice),
        output=digest_of(output.invoice),
        entries=tuple(entries),
    )


def digest_of(invoice: Invoice) -> Digest:
    """The digest of the terms of an invoice."""
    return Digest(
        terms=sum(1 for _ in differences(Invoice(), invoice)),
        sha256=hashlib.sha256(msgspec.json.encode(invoice)).hexdigest(),
    )


def _entries(source: Document, output: Document, losses: dict[str, list[Loss]]) -> Iterator[Entry]:
    """The values of the source."""
    places = {path: place.xpath for path, place in output.values()}
    if source.opened.root is None:
        for found in differences(Invoice(), source.invoice):
            yield _entry(found.path, text_of(found.after), None, found.path, losses, places)
        return
    models = {place.xpath: path for path, place in source.values()}
    again = {place.xpath: first.xpath for place, first in source.repeats}
    for path, element, attribute, text in _leaves(source.opened.root):
        if path in models or path in losses:
            line = cast("int | None", element.sourceline)
            yield _entry(path, text, line, models.get(path), losses, places)
        elif path in again:
            reason = f"says once more what stands at {again[path]}"
            yield Entry(fate=Fate.KEPT, path=path, value=text, reason=reason)
        elif path in source.tells or says_nothing(source.opened.syntax, element, attribute, text):
            yield Entry(fate=Fate.SYNTAX, path=path, value=text)
        else:
            yield Entry(fate=Fate.UNEXPLAINED, path=path, value=text)


def _entry(
    path: str,
    value: str,
    line: int | None,
    model: str | None,
    losses: dict[str, list[Loss]],
    places: dict[str, str],
) -> Entry:
    """What became of a value that a term holds or a loss names."""
    loss = next((x for x in losses.get(path, ()) if x.kind is not LossKind.FILLED), None)
    term = term_at(model) if model else None
    output = places.get(model, model) if model else None
    if loss is None:
        return Entry(fate=Fate.KEPT, path=path, value=value, line=line, output=output, term=term)
    return Entry(
        fate=Fate(loss.kind.value),
        path=path,
        value=value,
        line=line,
        output=None if loss.kind is LossKind.DROPPED else output,
        term=loss.term or term,
        reason=loss.reason,
    )


def _filled(loss: Loss) -> Entry:
    return Entry(
        fate=Fate.FILLED,
        value=loss.value,
        output=loss.path,
        term=loss.term,
        reason=loss.reason,
    )


def _differing(
    source: Document, output: Document, known: set[str | None], filled: list[Loss]
) -> Iterator[Entry]:
    """Values of the output that are not the source's and were not reported as filled."""
    told = {loss.path for loss in filled}
    for difference in differences(source.invoice, output.invoice):
        before, after = source.place(difference.path), output.place(difference.path)
        names = {place.xpath for place in (before, after) if place} | {difference.path}
        if not names & known and not names & told:
            yield Entry(
                fate=Fate.UNEXPLAINED,
                value=text_of(difference.after),
                output=difference.path,
                term=term_at(difference.path),
            )


def _leaves(root: etree._Element) -> Iterator[tuple[str, etree._Element, str | None, str]]:
    """Each text and attribute: path, element, name of the attribute, value."""
    places = Places()
    for element in root.iter(etree.Element):
        if element.text and not element.text.isspace():
            yield places.xpath(element), element, None, element.text
        for name, value in cast("list[tuple[str, str]]", element.items()):
            yield places.of(element, name).xpath, element, name, value
