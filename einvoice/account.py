"""The account of a conversion: what became of each value of the source, one by one.

It goes through the source itself, leaf by leaf, and not through what was read of it: a value that
neither a term holds nor a loss names would be seen here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from enum import StrEnum
from typing import cast

import msgspec
from lxml import etree

from einvoice.findings import Loss, LossKind, Repaired
from einvoice.formats import Document
from einvoice.formats.compare import Difference, differences, term_at, text_of
from einvoice.formats.mapping import BLANK, says_nothing
from einvoice.model import Invoice
from einvoice.xml.place import Places


class Fate(StrEnum):
    """What became of a value."""

    KEPT = "kept"
    MOVED = "moved"
    APPROXIMATED = "approximated"
    FILLED = "filled"
    DROPPED = "dropped"
    REPAIRED = "repaired"
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


def account_of(
    source: Document,
    output: Document,
    losses: Iterable[Loss],
    repaired: Iterable[Repaired] = (),
) -> Account:
    """Account for a conversion.

    Args:
        source: what was converted.
        output: what came of it, read again.
        losses: what the conversion reported.
        repaired: what repairs had changed before.
    """
    repairs = {change.path: change for change in repaired}
    known = tuple(losses)
    filled = [loss for loss in known if loss.kind is LossKind.FILLED]
    changes = tuple(differences(source.invoice, output.invoice))
    told = _Told(source, output, known, repairs, {change.path for change in changes})
    entries = [*told.entries(), *map(_filled, filled)]
    places = {entry.path for entry in entries} | {loss.path for loss in filled}
    entries += _differing(source, output, changes, places, repairs)
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


class _Told:
    """A source, what came of it, and what the conversion told of it."""

    def __init__(
        self,
        source: Document,
        output: Document,
        losses: Iterable[Loss],
        repairs: Mapping[str, Repaired],
        changed: Set[str],
    ) -> None:
        self.source = source
        self.repairs = repairs
        self.losses = {x.path: x for x in losses if x.kind is not LossKind.FILLED}
        self.places = {path: place.xpath for path, place in output.values()}
        self.changed = changed

    def entries(self) -> Iterator[Entry]:
        """The values of the source, in its order."""
        opened = self.source.opened
        if opened.root is None:
            for found in differences(Invoice(), self.source.invoice):
                yield self._entry(found.path, text_of(found.after), None, found.path)
            return
        models = {place.xpath: path for path, place in self.source.values()}
        again = {place.xpath: first.xpath for place, first in self.source.repeats}
        for path, element, attribute, text in _leaves(opened.root):
            if path in models or path in self.losses:
                line = cast("int | None", element.sourceline)
                yield self._entry(path, text, line, models.get(path))
            elif path in again:
                reason = f"says once more what stands at {again[path]}"
                yield Entry(fate=Fate.KEPT, path=path, value=text, reason=reason)
            elif path in self.source.tells or says_nothing(opened.syntax, element, attribute, text):
                yield Entry(fate=Fate.SYNTAX, path=path, value=text)
            else:
                yield Entry(fate=Fate.UNEXPLAINED, path=path, value=text)

    def _entry(self, path: str, value: str, line: int | None, model: str | None) -> Entry:
        """What became of a value that a term holds or a loss names."""
        loss = self.losses.get(path)
        fate = Fate.UNEXPLAINED if model in self.changed else Fate.KEPT
        if loss is not None:
            fate = Fate(loss.kind.value)
        reason = loss.reason if loss else None
        if loss is None and (change := self.repairs.get(model or "")) is not None:
            fate, reason = Fate.REPAIRED, _how(change)
        gone = fate is Fate.DROPPED or model is None
        return Entry(
            fate=fate,
            path=path,
            value=value,
            line=line,
            output=None if gone else self.places.get(model or "", model),
            term=(loss.term if loss else None) or (term_at(model) if model else None),
            reason=reason,
        )


def _filled(loss: Loss) -> Entry:
    return Entry(
        fate=Fate.FILLED,
        value=loss.value,
        output=loss.path,
        term=loss.term,
        reason=loss.reason,
    )


def _how(change: Repaired) -> str:
    after = "is gone" if change.after is None else f"reads {change.after!r} now"
    return f"repaired by {change.repair}: it {after}"


def _differing(
    source: Document,
    output: Document,
    changes: Iterable[Difference],
    told: Set[str | None],
    repairs: Mapping[str, Repaired],
) -> Iterator[Entry]:
    """Values of the output that are not the source's: those of repairs, and what nobody told."""
    for difference in changes:
        before, after = source.place(difference.path), output.place(difference.path)
        if {place.xpath for place in (before, after) if place} & told or difference.path in told:
            continue
        change = repairs.get(difference.path)
        yield Entry(
            fate=Fate.UNEXPLAINED if change is None else Fate.REPAIRED,
            value=text_of(difference.after),
            output=after.xpath if after else difference.path,
            term=term_at(difference.path),
            reason=None if change is None else f"repaired by {change.repair}",
        )


def _leaves(root: etree._Element) -> Iterator[tuple[str, etree._Element, str | None, str]]:
    """Each text and attribute: path, element, name of the attribute, value."""
    places = Places()
    for element in root.iter(etree.Element):
        if element.text and element.text.strip(BLANK):
            yield places.xpath(element), element, None, element.text
        for name, value in cast("list[tuple[str, str]]", element.items()):
            yield places.of(element, name).xpath, element, name, value
