"""Checks that all that a rule set uses is declared in it."""

from __future__ import annotations

from typing import NoReturn

from einvoice.schematron.ir import INSTRUCTIONS, Check, Function, Key, Let, Rule, RuleSetForm
from einvoice.schematron.reading import XSD, RuleSetError
from einvoice.schematron.references import calls_in, free_variables
from einvoice.schematron.xpath.syntax import Call, Text

#: What knows its line.
_Place = Let | Function | Key | Rule | Check


def check_references(form: RuleSetForm) -> None:
    """Hold what a rule set uses against what is declared.

    Raises:
        RuleSetError: a variable, function or key is not declared.
    """
    _References(form).check()


class _References:
    def __init__(self, form: RuleSetForm) -> None:
        self._form = form
        self._functions = {(each.name, len(each.parameters)) for each in form.functions}
        self._keys = {each.name for each in form.keys}

    def check(self) -> None:
        """All of the rule set."""
        form = self._form
        known = frozenset(let.name for let in form.lets)
        for let in form.lets:
            self._expect(let.value, known, let)
        for function in form.functions:
            self._function(function, known)
        for key in form.keys:
            self._expect((key.match, key.use), known, key)
        for pattern in form.patterns:
            for rule in pattern.rules:
                self._rule(rule, known)

    def _function(self, function: Function, known: frozenset[str]) -> None:
        inside = self._lets(function.lets, known | {name for name, _ in function.parameters})
        self._expect(function.result, inside, function)

    def _rule(self, rule: Rule, known: frozenset[str]) -> None:
        self._expect(rule.context, known, rule)
        inside = self._lets(rule.lets, known)
        for check in rule.checks:
            self._check(check, inside)

    def _check(self, check: Check, known: frozenset[str]) -> None:
        parts = (check.test, check.message, tuple(each.message for each in check.diagnostics))
        self._expect(parts, known, check)

    def _lets(self, lets: tuple[Let, ...], known: frozenset[str]) -> frozenset[str]:
        for let in lets:
            self._expect(let.value, known, let)
            known |= {let.name}
        return known

    def _expect(self, tree: object, known: frozenset[str], place: _Place) -> None:
        if missing := free_variables(tree) - known:
            self._fail(place, f"the variable ${min(missing)} is not declared")
        for call in calls_in(tree):
            if call != INSTRUCTIONS:
                self._call(call, place)

    def _call(self, call: Call, place: _Place) -> None:
        if call.name == "key":
            self._key(call, place)
        declared = call.name.startswith("{") and not call.name.startswith(f"{{{XSD}}}")
        if declared and (call.name, len(call.arguments)) not in self._functions:
            count = len(call.arguments)
            self._fail(place, f"the function {call.name} with {count} parameters is not declared")

    def _key(self, call: Call, place: _Place) -> None:
        name = call.arguments[0] if call.arguments else None
        if not isinstance(name, Text) or name.value not in self._keys:
            self._fail(place, "key() needs the name of a declared key, written as one string")

    def _fail(self, place: _Place, reason: str) -> NoReturn:
        file = None if isinstance(place, Function | Key) else place.file
        raise RuleSetError(file or self._form.origin, place.line, reason)
