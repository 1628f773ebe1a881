"""From an XML tree to the model, by one walk over the elements.

Each element is looked up in the table's tree. What the tree does not know is left over; so is a
value that is not of its kind, or one too many. Nothing is dropped without a trace.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec
from lxml import etree

from einvoice.bindings.path import Predicate
from einvoice.bindings.plan import Plan, plan_of
from einvoice.bindings.tree import Compiled, Leaf, Node
from einvoice.findings import LossKind

_BOOLEAN = {"0": "false", "1": "true"}
BLANK = " \t\r\n"  #: what XML takes for white space; a no-break space is content
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


class Leftover(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the source that no term took: an element with all below it, or a value."""

    element: etree._Element
    attribute: str | None = None
    reason: str
    kind: LossKind = LossKind.DROPPED
    whole: bool = False  #: the element with its attributes and all below it


class Derived(msgspec.Struct, frozen=True):
    """A value that is implied by the source and not written there."""

    element: etree._Element
    key: str
    value: Any
    reason: str


#: A value and where it stands: the element, and the attribute if it is one.
Value = tuple[Any, etree._Element, str | None]


class Frame:
    """What was read of one repeated element, or of the whole document, by path in the model."""

    __slots__ = ("element", "fallbacks", "node", "repeated", "values")

    def __init__(self, element: etree._Element, node: Node) -> None:
        self.element = element
        self.node = node
        self.values: dict[str, Value] = {}
        self.repeated: dict[str, list[Frame]] = {}
        self.fallbacks: list[tuple[str, Value]] = []

    def get(self, key: str) -> Any:
        """The value at a path, None where absent."""
        found = self.values.get(key)
        return None if found is None else found[0]

    def take(self, key: str) -> list[Frame]:
        """The parts that a quirk gathered; they are its own now."""
        return self.repeated.pop(key, [])


class Reading:
    """One reading of one document."""

    __slots__ = ("compiled", "currency", "derived", "leftovers", "repeats", "tells")

    def __init__(self, compiled: Compiled, currency: str | None) -> None:
        self.compiled = compiled
        self.currency = currency
        self.leftovers: list[Leftover] = []
        self.derived: list[Derived] = []
        self.repeats: list[tuple[Value, Value]] = []  #: said once more, and where it stands first
        self.tells: list[Value] = []  #: what only tells which term another value is of

    def derive(self, frame: Frame, key: str, value: Any, beside: Value, reason: str) -> None:
        """Give a term a value that the source only implies; `beside` is where it does."""
        frame.values[key] = (value, *beside[1:])
        self.derived.append(Derived(beside[1], key, value, reason))

    def leave(self, element: etree._Element, reason: str) -> None:
        """Note an element that no term takes, with all below it."""
        self.leftovers.append(Leftover(element=element, reason=reason, whole=True))

    def move(self, element: etree._Element, reason: str) -> None:
        """Note a part of the source that terms with another place take."""
        moved = Leftover(element=element, reason=reason, kind=LossKind.MOVED, whole=True)
        self.leftovers.append(moved)

    def leave_value(self, value: Value, reason: str) -> None:
        """Note a value that was read but has no place."""
        self._leave_text(value[1], reason, value[2])

    def _leave_text(
        self, element: etree._Element, reason: str, attribute: str | None = None
    ) -> None:
        self.leftovers.append(Leftover(element=element, attribute=attribute, reason=reason))

    def offer(self, frame: Frame, key: str, value: Value) -> None:
        """Give a value to a term; if it has another one already, this one is left over."""
        held = frame.values.setdefault(key, value)
        if held is value:
            return
        if held[0] != value[0]:
            self.leave_value(value, "a second value for a term that has one")
        else:
            self.repeats.append((value, held))

    def walk(self, node: Node, element: etree._Element, frame: Frame) -> None:
        """Read an element and all below it into a frame."""
        self._text(node, element, frame)
        if element.keys():
            self._attributes(node, element, frame)
        edges = node.edges
        seen: set[int] = set()
        for child in element:
            for target in edges.get(child.tag, ()):
                if not target.tests or all(_holds(test, child) for test in target.tests):
                    self._child(target, child, frame, seen)
                    break
            else:
                self.leave(child, "no term of EN 16931 is bound to it")

    def _child(self, node: Node, child: etree._Element, frame: Frame, seen: set[int]) -> None:
        if node.repeat is not None:
            inner = Frame(child, node)
            self.walk(node, child, inner)
            self.finish(inner, node)
            if inner.values or inner.repeated:
                frame.repeated.setdefault(node.repeat, []).append(inner)
        elif id(node) in seen and node.nodes:
            self.leave(child, "EN 16931 knows only one of it")
        else:
            seen.add(id(node))
            self.walk(node, child, frame)

    def _text(self, node: Node, element: etree._Element, frame: Frame) -> None:
        text = element.text
        if not text or not text.strip(BLANK):
            return
        if node.constant is not None and _lexical(text, node.constant) == node.constant:
            return
        if node.leaf is not None:
            self._value(node.leaf, text, element, None, frame)
        elif node.constant is None:
            self._leave_text(element, "text where only elements are expected")
        else:
            self._leave_text(element, f"the target writes {node.constant!r} here")

    def _attributes(self, node: Node, element: etree._Element, frame: Frame) -> None:
        for name, text in cast("list[tuple[str, str]]", element.items()):
            leaf = node.attributes.get(name)
            if leaf is not None:
                self._value(leaf, text, element, name, frame)
            elif not self._known(node, name, text):
                self._leave_text(element, "no term of EN 16931 is bound to it", name)

    def _known(self, node: Node, name: str, text: str) -> bool:
        """Whether an attribute says nothing that the model does not hold anyway."""
        if node.constants.get(name) == text or name.startswith(_XSI):
            return True
        leaf = node.leaf
        return name == "currencyID" and leaf is not None and leaf.codec.currency and (
            text == self.currency
        )  # fmt: skip

    def _value(
        self, leaf: Leaf, text: str, element: etree._Element, attribute: str | None, frame: Frame
    ) -> None:
        codec = leaf.codec
        try:
            value = (codec.load(text), element, attribute)
        except ValueError as error:
            self._leave_text(element, str(error), attribute)
            return
        if codec.part_of is not None and (reason := codec.part_of(text)):
            self.leftovers.append(
                Leftover(
                    element=element,
                    attribute=attribute,
                    reason=reason,
                    kind=LossKind.APPROXIMATED,
                )
            )
        if leaf.role != "main":
            frame.fallbacks.append((leaf.key, value))
        else:
            self.offer(frame, leaf.key, value)

    def build(self, plan: Plan, frame: Frame) -> Any:
        """Make the struct of a frame; None if nothing of it was read."""
        found: dict[str, Any] = {}
        values = frame.values
        for name, key in plan.scalars:
            if key in values:
                found[name] = values[key][0]
        for name, inner in plan.groups:
            group = self.build(inner, frame)
            if group is not None:
                found[name] = group
        for name, key, kind in plan.repeated:
            if frames := frame.repeated.get(key):
                one = plan_of(kind)
                built = [(inner, self.build(one, inner)) for inner in frames]
                frame.repeated[key] = [inner for inner, struct in built if struct is not None]
                found[name] = tuple(struct for _, struct in built if struct is not None)
        if not found:
            return None
        if plan.required and any(name not in found for name in plan.required):
            self._leave_incomplete(plan, frame)
            return None
        return plan.struct(**found)

    def _leave_incomplete(self, plan: Plan, frame: Frame) -> None:
        """An identifier with a scheme and no value, and the like."""
        for _, key in plan.scalars:
            if key in frame.values:
                self.leave_value(frame.values.pop(key), "it belongs to a value that is absent")

    def finish(self, frame: Frame, node: Node) -> None:
        """Give what stands at second paths to its terms, then let the quirks read."""
        for key, value in frame.fallbacks:
            self.offer(frame, key, value)
        for quirk, key in self.compiled.quirks.get(id(node), ()):
            quirk.read(frame, key, self)


def _holds(test: Predicate, element: etree._Element) -> bool:
    """Whether a predicate is true of an element; an absent value makes it false."""
    for tag in test.steps:
        child = next(element.iterchildren(tag), None)
        if child is None:
            return False
        element = child
    text = element.text if test.attribute is None else element.get(test.attribute)
    if text is None:
        return False
    return (_lexical(text, test.value) == test.value) == (test.kind == "=")


def _lexical(text: str, expected: str) -> str:
    """A text as it is to be compared: xs:boolean may also be written as 0 or 1."""
    stripped = text.strip()
    return _BOOLEAN.get(stripped, stripped) if expected in ("true", "false") else stripped


class Read(msgspec.Struct, frozen=True):
    """A model, where its values stand, and what was left over."""

    model: Any
    frame: Frame
    leftovers: tuple[Leftover, ...]
    derived: tuple[Derived, ...]
    repeats: tuple[tuple[Value, Value], ...]
    tells: tuple[Value, ...]


def read(compiled: Compiled, root: etree._Element) -> Read:
    """Read a document with a table."""
    currency = root.findtext(compiled.table.currency, None, dict(compiled.table.namespaces))
    reading = Reading(compiled, currency.strip() if currency else None)
    frame = Frame(root, compiled.root)
    reading.walk(compiled.root, root, frame)
    reading.finish(frame, compiled.root)
    model = reading.build(compiled.plan, frame) or compiled.plan.struct()
    return Read(
        model,
        frame,
        tuple(reading.leftovers),
        tuple(reading.derived),
        tuple(reading.repeats),
        tuple(reading.tells),
    )
