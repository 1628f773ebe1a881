"""Runs a compiled rule set on the tree of a document."""

from __future__ import annotations

from collections.abc import Callable
from decimal import localcontext
from types import CodeType
from typing import Any

import msgspec

from einvoice.schematron.dispatch import Dispatch
from einvoice.schematron.files import Files
from einvoice.schematron.load import namespace
from einvoice.schematron.operators import WIDE
from einvoice.schematron.run import Run
from einvoice.schematron.runtime import ERRORS
from einvoice.schematron.svrl import Fired, Kind
from einvoice.schematron.table import Table
from einvoice.schematron.tree import Node, Tree, collector_paused


class Program(msgspec.Struct, frozen=True):
    """A compiled rule set as it can be kept: the code of its functions, and its table."""

    code: CodeType
    table: Table


class CompiledRuleSet:
    """A rule set ready to run, on as many documents as one likes. All of its checks compiled."""

    def __init__(self, program: Program) -> None:
        self._table = program.table
        self._functions = namespace(program.code)
        self._dispatch = Dispatch(program.table, self._functions)
        self._files = Files(program.table.folder, program.table.files)
        self._shared: dict[object, Any] = {}

    @property
    def checks(self) -> tuple[str | None, ...]:
        """The ids of all checks."""
        return tuple(check.rule for check in self._table.checks)

    def run(self, tree: Tree) -> tuple[Fired, ...]:
        """List what fires, pattern by pattern, in document order.

        A check that cannot be evaluated on a value fires as `ABORT`; all others are evaluated.
        """
        run = Run(tree, self._shared, self._files.read)
        with localcontext(WIDE), collector_paused():
            self._dispatch.run(tree, run)
            rules = self._dispatch.pattern_of
            fired = sorted(run.fired, key=lambda each: (rules[each[0]], each[1].order, each[0]))
            return tuple(self._fired(number, node, cause, run) for number, node, cause in fired)

    def _fired(self, number: int, node: Node, cause: Exception | None, run: Run) -> Fired:
        check = self._table.checks[number]
        text = check.message
        if cause is None and text is None:
            make: Callable[[Node, Run], str] = self._functions[f"g{number}"]
            try:
                text = make(node, run)
            except ERRORS as error:
                cause = error
        if cause is not None:
            return Fired(check.rule, check.flag, str(cause), node.location(), Kind.ABORT)
        kind = Kind.REPORT if check.report else Kind.ASSERT
        return Fired(check.rule, check.flag, text or "", node.location(), kind)
