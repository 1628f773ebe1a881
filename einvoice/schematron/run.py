"""One run of a rule set on a document: what the generated functions call `t`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from einvoice.schematron.runtime import Unevaluable, to_integer
from einvoice.schematron.table import Alternative
from einvoice.schematron.tree import Node, Tree, order_of

_ROUNDS = 20_000_000  #: iterations of `for`, `some`, `every` and of ranges
_ROUNDS_PER_ELEMENT = 1_000
_CALLS = 1_000_000  #: of functions that call themselves

Match = Callable[[Sequence[Node], "Run"], list[Node]]
_Items = TypeVar("_Items", bound=Sequence[Any])


class Run:
    """The document, what has been found out about it, and what has fired."""

    def __init__(self, tree: Tree, shared: dict[object, Any], read: Callable[[str], Node]) -> None:
        self.document = tree.document
        self.memory: dict[object, Any] = {}  #: values that are the same all over the document
        self.shared = shared  #: values that are the same for all documents
        self.read = read
        self.fired: list[tuple[int, Node, Exception | None]] = []
        self.below = tree.below
        self.before = tree.before
        self.attributes_named = tree.attributes_named
        self._tree = tree
        self._rounds = _ROUNDS + _ROUNDS_PER_ELEMENT * tree.size
        self._calls = _CALLS

    def fire(self, number: int, node: Node) -> None:
        """A check fires."""
        self.fired.append((number, node, None))

    def abort(self, number: int, node: Node, cause: Exception) -> None:
        """A check cannot be evaluated."""
        self.fired.append((number, node, cause.with_traceback(None)))

    def spend(self, items: _Items) -> _Items:
        """Count the rounds of a loop.

        Raises:
            Unevaluable: the rule set has run for too long.
        """
        self._rounds -= len(items)
        if self._rounds < 0:
            raise Unevaluable("the rules take too long on this document")
        return items

    def enter(self) -> None:
        """Count the call of a function that calls itself."""
        self._calls -= 1
        if self._calls < 0:
            raise Unevaluable("the rules take too long on this document")

    def integers(self, first: Any, last: Any) -> range:
        """`first to last`."""
        start, end = to_integer(first), to_integer(last)
        if start is None or end is None:
            return range(0)
        if end - start > _ROUNDS:
            raise Unevaluable(f"the range {start} to {end} is too long")
        return self.spend(range(start, end + 1))

    def matching(
        self, contexts: Sequence[Alternative], tests: Sequence[Match | None]
    ) -> list[Node]:
        """The elements that one of several contexts matches."""
        found: dict[int, Node] = {}
        for path, nodes in self._tree.paths.items():
            for context, test in zip(contexts, tests, strict=True):
                if context.fits(path.names):
                    held = nodes if test is None else test(nodes, self)
                    found.update((id(node), node) for node in held)
        return sorted(found.values(), key=order_of)

    def repeats(self, node: Node, name: str, texts: Iterable[str]) -> bool:
        """Whether an element of that name, before a node, has one of the texts."""
        index = self.memory.get(("preceding", name))
        if index is None:
            index = self.memory["preceding", name] = {}
            for each in self._tree.named(name):
                index.setdefault(each.text, []).append(each)
        return any(self._any_before(node, index.get(text, ())) for text in texts)

    def _any_before(self, node: Node, found: Sequence[Node]) -> bool:
        for each in found:
            if each.order >= node.order:
                return False
            if each.end < node.order:  # not one of its ancestors
                return True
        return False

    def preceding(self, node: Node) -> list[Node]:
        """All elements that end before a node begins."""
        return [n for n in self._tree.elements() if n.end < node.order]

    def following(self, node: Node) -> list[Node]:
        """All elements that begin after a node ends."""
        return [n for n in self._tree.elements() if n.order > node.end]


class Lazy:
    """A variable: evaluated at its first use, and never if there is none."""

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make: Callable[[], Any] | None = make
        self._value: Any = None

    def __call__(self) -> Any:
        """The value."""
        if self._make is not None:
            self._value = self._make()
            self._make = None
        return self._value
