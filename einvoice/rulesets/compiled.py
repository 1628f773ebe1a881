"""Official rule sets by the compiled evaluator: from the cache, each loaded once in a process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from einvoice.errors import EInvoiceError
from einvoice.schematron.cache import compiled
from einvoice.schematron.evaluate import CompiledRuleSet
from einvoice.schematron.read_xslt import read_xslt
from einvoice.schematron.svrl import Fired, Kind
from einvoice.schematron.tree import Tree

__all__ = ["EnginesDiffer", "Tree", "refuse_difference", "run"]


class EnginesDiffer(EInvoiceError):
    """The two evaluators of a rule set found different things: a fault of ours."""


def run(stylesheet: Path, tree: Tree) -> tuple[Fired, ...]:
    """What a rule set finds in a document."""
    return _compiled(stylesheet).run(tree)


@cache
def _compiled(stylesheet: Path) -> CompiledRuleSet:
    return compiled(stylesheet, read_xslt)


def refuse_difference(stylesheet: Path, ours: Iterable[Fired], saxons: Iterable[Fired]) -> None:
    """Compare what both found; a value that stops one of them makes the two incomparable.

    Raises:
        EnginesDiffer: they are not the same.
    """
    if any(fired.kind is Kind.ABORT for fired in (*ours, *saxons)):
        return
    found, expected = (Counter((f.rule, f.kind) for f in each) for each in (ours, saxons))
    if found != expected:
        rules = sorted({str(rule) for rule, _ in (found - expected) + (expected - found)})
        raise EnginesDiffer(f"{stylesheet.name}: the engines differ on {', '.join(rules)}")
