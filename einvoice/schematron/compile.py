"""Compiles a rule set in the intermediate form: to the source of a Python module, and a table.

Each check becomes a function over all nodes of its rule, each predicate of a context one over a
node. What a document does not call for is not run: see `dispatch` and `guards`.
"""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec

from einvoice.schematron.contexts import alternative
from einvoice.schematron.definitions import Definitions
from einvoice.schematron.evaluate import CompiledRuleSet, Program
from einvoice.schematron.guards import Guards, fails_without, passes_without
from einvoice.schematron.ir import Check, Rule, RuleSetForm
from einvoice.schematron.load import Flat
from einvoice.schematron.references import documents_of
from einvoice.schematron.repeated import shared
from einvoice.schematron.shapes import Scope, Uncompilable
from einvoice.schematron.table import CheckEntry, RuleEntry, Table
from einvoice.schematron.xpath.syntax import Expression

__all__ = ["CompiledRuleSet", "compile_program", "compile_ruleset"]


def compile_ruleset(form: RuleSetForm) -> CompiledRuleSet:
    """Compile a rule set as a whole.

    Raises:
        Uncompilable: a construct in it has no translation; it names the construct and its place.
    """
    return CompiledRuleSet(compile_program(form))


def compile_program(form: RuleSetForm) -> Program:
    """Compile a rule set to what can be kept in a file.

    Raises:
        Uncompilable: a construct in it has no translation.
    """
    if form.compatible:
        raise Uncompilable(f"{form.origin}: rules of XPath 1.0 have no translation")
    source = Source(form)
    table = source.table()
    module = Flat().visit(ast.parse(source.text()))
    return Program(code=compile(module, f"<rules {form.title}>", "exec"), table=table)


class Source:
    """The Python text of a rule set, and its table, made rule by rule."""

    def __init__(self, form: RuleSetForm) -> None:
        self._form = form
        self._definitions = Definitions(form)
        self._generator = self._definitions.generator
        self._rules: list[RuleEntry] = []
        self._checks: list[CheckEntry] = []

    def text(self) -> str:
        """The module; to be asked for after the table."""
        return "\n".join([*self._generator.constants(), *self._generator.lines, ""])

    def table(self) -> Table:
        """The rules and checks."""
        form = self._form
        scope = self._definitions.make()
        for number, pattern in enumerate(form.patterns):
            for rule in pattern.rules:
                self._rule(number, rule, scope)
        return Table(
            rules=tuple(self._rules),
            checks=tuple(self._checks),
            attributes=tuple(pattern.attributes for pattern in form.patterns),
            folder=str(Path(form.origin).parent),
            files=documents_of(form),
        )

    def _rule(self, pattern: int, rule: Rule, outer: Scope) -> None:
        place = self._definitions.place
        with place("context", rule.line, rule.file):
            contexts = tuple(alternative(each, self._generator, outer) for each in rule.context)
        inner = all(each.steps for each in rule.context)  # the context is never the document
        scope = msgspec.structs.replace(outer, context="c", current="c", inner=inner)
        for let in rule.lets:
            with place(f"variable ${let.name}", let.line or rule.line, let.file or rule.file):
                scope = self._definitions.rule_let(let, scope)
        tests, lets = shared([check.test for check in rule.checks])
        for let in lets:
            scope = self._definitions.rule_let(let, scope)
        first = len(self._checks)
        for check, test in zip(rule.checks, tests, strict=True):
            with place(f"check {check.id or len(self._checks)}", check.line, check.file):
                self._check(check, test, rule, scope)
        count = len(self._checks) - first
        self._rules.append(RuleEntry(pattern, contexts, rule.ends, first, count))

    def _check(self, check: Check, shortened: Expression, rule: Rule, scope: Scope) -> None:
        number = len(self._checks)
        test = self._generator.truth(shortened, scope)
        message = None
        if all(isinstance(part, str) for part in check.message):
            message = "".join(str(part) for part in check.message)
        else:
            self._message(number, check, scope)
        self._generator.lines += [
            f"def c{number}(nodes, t):",
            "    for c in nodes:",
            "        try:",
            f"            if {'' if check.report else 'not '}({test}): t.fire({number}, c)",
            "        except ERRORS as e:",
            f"            t.abort({number}, c, e)",
        ]
        flag = check.flag or check.role or rule.flag or rule.role
        self._checks.append(CheckEntry(check.id, flag, check.report, message, _guards(check)))

    def _message(self, number: int, check: Check, scope: Scope) -> None:
        parts = [
            repr(part)
            if isinstance(part, str)
            else f"f.shown({self._generator.items(part, scope)})"
            for part in check.message
        ]
        self._generator.lines += [f"def g{number}(c, t):", f"    return {' + '.join(parts)}"]


def _guards(check: Check) -> Guards | None:
    return fails_without(check.test) if check.report else passes_without(check.test)
