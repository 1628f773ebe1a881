"""A document that was read: the invoice, where its values stand, and what no term took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, cast

from lxml import etree

from einvoice.bindings.reader import BLANK, Frame, Leftover, Read, Value
from einvoice.findings import Loss, LossKind
from einvoice.model import Invoice
from einvoice.xml.place import Place, Places

if TYPE_CHECKING:
    from einvoice.formats.opening import Opened

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_PART = re.compile(r"([^\[\].]+(?:\.[^\[\].]+)*)(?:\[(\d+)\]\.?)?")  # names, then an index

#: Says the version of the syntax, not of the invoice.
_TECHNICAL = {"{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}UBLVersionID"}


class Document:
    """A document and the invoice in it.

    Attributes:
        invoice: the canonical model.
        opened: format, bytes and tree that it was read from.
    """

    def __init__(self, opened: Opened, invoice: Invoice, read: Read | None = None) -> None:
        self.opened = opened
        self.invoice = invoice
        self._read = read
        self._places = Places()

    @property
    def format(self) -> str:
        """Name of the format, such as `ubl-invoice`."""
        return self.opened.format

    @property
    def path(self) -> str:
        """Where it came from; `-` for bytes."""
        return self.opened.path

    def place(self, path: str) -> Place | None:
        """Where a value of the model stands in the source, None if nowhere.

        The path is that of the model, for instance `seller.name` or `lines[3].price.net`; of a
        group that is no value itself, the place of the whole repeated element is given.
        """
        if self._read is None:
            return None
        frame = self._read.frame
        key = ""
        for name, index in _PART.findall(path):
            key = name
            if index:
                frames = frame.repeated.get(name, [])
                if int(index) >= len(frames):
                    return None
                frame, key = frames[int(index)], ""
        value = _value_at(frame, key)
        return None if value is None else self._places.of(value[1], value[2])

    def values(self) -> Iterator[tuple[str, Place]]:
        """Every value that was read, by its path in the model, and where it stands."""
        if self._read is not None:
            yield from self._values(self._read.frame, "")

    def _values(self, frame: Frame, prefix: str) -> Iterator[tuple[str, Place]]:
        for key, (_, element, attribute) in frame.values.items():
            yield prefix + key, self._places.of(element, attribute)
        for key, frames in frame.repeated.items():
            for number, inner in enumerate(frames):
                yield from self._values(inner, f"{prefix}{key}[{number}].")

    @cached_property
    def repeats(self) -> tuple[tuple[Place, Place], ...]:
        """Where the source says a value once more, and where it stands first."""
        if self._read is None:
            return ()
        return tuple(
            (self._places.of(*again[1:]), self._places.of(*first[1:]))
            for again, first in self._read.repeats
        )

    @cached_property
    def tells(self) -> frozenset[str]:
        """Where the source only tells which term another value is of, as XPath."""
        tells = self._read.tells if self._read else ()
        return frozenset(self._places.of(*value[1:]).xpath for value in tells)

    @cached_property
    def leftovers(self) -> tuple[Loss, ...]:
        """All content of the source that no term of the model took, leaf by leaf."""
        if self._read is None:
            return ()
        return tuple(loss for left in self._read.leftovers for loss in self._losses(left))

    @cached_property
    def derived(self) -> tuple[Loss, ...]:
        """All values of the model that the source only implies."""
        if self._read is None:
            return ()
        return tuple(
            self._loss(d.element, None, str(d.value), d.reason, LossKind.FILLED)
            for d in self._read.derived
        )

    def _losses(self, left: Leftover) -> Iterator[Loss]:
        if not left.whole:
            value = left.element.get(left.attribute) if left.attribute else left.element.text
            yield self._loss(left.element, left.attribute, value or "", left.reason, left.kind)
            return
        for element in left.element.iter(etree.Element):
            if element.tag in _TECHNICAL:
                continue
            text = element.text or ""
            if text.strip(BLANK):
                yield self._loss(element, None, text, left.reason, left.kind)
            if left.kind is LossKind.DROPPED:
                yield from self._attribute_losses(element, left.reason)

    def _attribute_losses(self, element: etree._Element, reason: str) -> Iterator[Loss]:
        for name, value in cast("list[tuple[str, str]]", element.items()):
            if not name.startswith(_XSI):
                yield self._loss(element, name, value, reason)

    def _loss(
        self,
        element: etree._Element,
        attribute: str | None,
        value: str,
        reason: str,
        kind: LossKind = LossKind.DROPPED,
    ) -> Loss:
        place = self._places.of(element, attribute)
        return Loss(path=place.xpath, line=place.line, value=value, reason=reason, kind=kind)


def _value_at(frame: Frame, key: str) -> Value | None:
    """The value at a path of a frame; of a group, the first value below it."""
    if not key:
        return (None, frame.element, None)
    if key in frame.values:
        return frame.values[key]
    if key in frame.repeated and frame.repeated[key]:
        return (None, frame.repeated[key][0].element, None)
    below = (value for name, value in frame.values.items() if name.startswith(f"{key}."))
    return next(below, None)
