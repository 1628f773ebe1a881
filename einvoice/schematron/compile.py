"""Compiles a rule set in the intermediate form to Python functions.

One function per rule evaluates its checks on a node; one per context says whether it matches. The
source of all of them is one module, compiled once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import msgspec
from lxml import etree

from einvoice.schematron import functions, nodes, runtime
from einvoice.schematron.generate import Generator
from einvoice.schematron.ir import Check, Function, Let, Rule, RuleSetForm
from einvoice.schematron.runtime import Lazy, Unevaluable
from einvoice.schematron.shapes import Code, Scope, Shape, name_condition
from einvoice.schematron.tree import Node, Tree
from einvoice.schematron.xpath.syntax import Expression, NameTest, Pattern, Step

#: (number of the check, node, cause or None) for each check that fired or could not be evaluated.
Fire = Callable[[int, Node, "Unevaluable | None"], None]

_PARAMETERS: dict[str, tuple[str, Shape]] = {
    "xs:string?": ("r.as_text({})", "optional"),
    "xs:string": ("r.as_text({})", "optional"),
    "element()?": ("{}", "nodes"),
    "element()*": ("{}", "nodes"),
    "node()*": ("{}", "nodes"),
    "item()*": ("{}", "items"),
}


class CompiledRule(msgspec.Struct, frozen=True):
    """A rule ready to run."""

    names: tuple[str | None, ...]  #: of the nodes that its alternatives match; None for any
    attribute: bool
    match: Callable[[Node, Tree], bool]
    run: Callable[[Node, Tree, Fire], None]
    ends: bool


class CompiledPattern(msgspec.Struct, frozen=True):
    """The rules of a pattern, first match first."""

    rules: tuple[CompiledRule, ...]
    names: frozenset[str | None]  #: of the nodes that a rule may match; None for any
    attributes: bool  #: attributes are walked and a rule may match one
    by_name: dict[str, tuple[CompiledRule, ...]]  #: filled as names are met


class CompiledRuleSet(msgspec.Struct, frozen=True):
    """A rule set ready to run."""

    patterns: tuple[CompiledPattern, ...]
    checks: tuple[Check, ...]
    messages: tuple[Callable[[Node, Tree], str], ...]


def compile_form(form: RuleSetForm) -> CompiledRuleSet:
    """Compile a rule set as a whole.

    Raises:
        Uncompilable: a construct in it has no translation.
    """
    source = _Source(form)
    code = compile(source.text(), f"<rules {form.title}>", "exec")
    return _loaded(form, source, code)


def _loaded(form: RuleSetForm, source: _Source, code: CodeType) -> CompiledRuleSet:
    documents = _Documents(Path(form.origin).parent)
    scope: dict[str, Any] = {
        **source.constants,
        "r": runtime,
        "f": functions,
        "s": nodes,
        "Lazy": Lazy,
        "Unevaluable": Unevaluable,
        "read_document": documents,
        "codes": documents.codes,
    }
    exec(code, scope)  # noqa: S102 - our own text, made from a parsed rule set
    patterns = []
    number = 0
    for pattern in form.patterns:
        rules = []
        for rule in pattern.rules:
            rules.append(_compiled_rule(rule, number, scope))
            number += 1
        names = frozenset(name for each in rules for name in each.names)
        attributes = pattern.attributes and any(each.attribute for each in rules)
        patterns.append(CompiledPattern(tuple(rules), names, attributes, {}))
    checks = tuple(c for p in form.patterns for rule in p.rules for c in rule.checks)
    messages = tuple(scope[f"message{n}"] for n in range(len(checks)))
    return CompiledRuleSet(tuple(patterns), checks, messages)


def _compiled_rule(rule: Rule, number: int, scope: dict[str, Any]) -> CompiledRule:
    last = [pattern.steps[-1] if pattern.steps else None for pattern in rule.context]
    return CompiledRule(
        names=tuple(_exact_name(step) for step in last),
        attribute=any(step is not None and step.axis == "attribute" for step in last),
        match=scope[f"match{number}"],
        run=scope[f"rule{number}"],
        ends=rule.ends,
    )


def _exact_name(step: Step | None) -> str | None:
    if step is None:
        return ""  # the document
    test = step.test
    if not isinstance(test, NameTest) or test.local is None or test.namespace is None:
        return None
    return f"{{{test.namespace}}}{test.local}" if test.namespace else test.local


class _Documents:
    """document(): files beside the rule set, read once; nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Node] = {}
        self._codes: dict[tuple[str, str], frozenset[str]] = {}

    def __call__(self, name: str) -> Node:
        """The document node of a file."""
        if name not in self._read:
            path = (self._folder / name).resolve()
            if path.parent != self._folder.resolve():
                raise Unevaluable(f"{name!r} lies outside the folder of the rule set")
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            self._read[name] = Tree(etree.parse(str(path), parser).getroot()).document
        return self._read[name]

    def codes(self, name: str, number: str) -> frozenset[str]:
        """The values of one list of a code database."""
        found = self._codes.get((name, number))
        if found is None:
            root = self(name).children[0]
            lists = [c for c in root.children if [a.text for a in c.attribute("id")] == [number]]
            values = (v for c in lists for e in c.children for v in e.attribute("value"))
            found = self._codes[name, number] = frozenset(value.text for value in values)
        return found


class _Source:
    """The Python text of a rule set."""

    def __init__(self, form: RuleSetForm) -> None:
        self.constants: dict[str, object] = {}
        self._form = form
        self._own: dict[str, Code] = {}
        self._generator = Generator(self._own, self.constants)
        self._globals = self._global_scope()
        self._checks = 0

    def text(self) -> str:
        """All of it."""
        lines = [line for function in self._form.functions for line in self._function(function)]
        rules = [rule for pattern in self._form.patterns for rule in pattern.rules]
        for number, rule in enumerate(rules):
            lines += self._match(number, rule)
            lines += self._rule(number, rule)
        return "\n".join(lines)

    def _global_scope(self) -> Scope:
        """Global lets see the document; they are few, and made anew where they are used."""
        scope = Scope(context="t.document")
        for let in self._form.lets:
            scope = scope.bind(let.name, self._generator.make(let.value, scope))
        return scope

    def _function(self, function: Function) -> Iterator[str]:
        name = f"own{len(self._own)}"
        scope = Scope(context=None, variables=self._globals.variables)
        names = [f"a{n}" for n in range(len(function.parameters))]
        lines = [f"def {name}({', '.join(['t', *names])}):"]
        for argument, (parameter, kind) in zip(names, function.parameters, strict=True):
            convert, shape = _PARAMETERS.get(kind, ("{}", "items"))
            lines.append(f"    {argument} = {convert.format(argument)}")
            scope = scope.bind(parameter, Code(argument, shape))
        for let in function.lets:
            scope = self._let(let, scope, lines, "    ")
        if function.type == "xs:boolean":
            result = Code(self._generator.truth(function.result, scope), "truth")
        else:
            result = Code(self._generator.items(function.result, scope), "items")
        lines.append(f"    return {result.text}")
        self._own[function.name] = Code(name, result.shape)
        yield from lines

    def _let(self, let: Let, scope: Scope, lines: list[str], indent: str) -> Scope:
        code = self._generator.make(let.value, scope)
        name = self._generator.name("l")
        lines.append(f"{indent}{name} = Lazy(lambda: {code.text})")
        return scope.bind(let.name, Code(f"{name}()", code.shape))

    def _rule(self, number: int, rule: Rule) -> Iterator[str]:
        scope = Scope(context="c", current="c", variables=self._globals.variables)
        lets: list[str] = []
        for let in rule.lets:
            scope = self._let(let, scope, lets, "    ")
        body: list[str] = []
        for check in rule.checks:
            yield from self._message(check, rule, scope, lets)
            body += self._check(check, scope)
            self._checks += 1
        yield f"def rule{number}(c, t, fire):"
        yield from lets
        yield from body or ["    pass"]

    def _check(self, check: Check, scope: Scope) -> Iterator[str]:
        test = self._generator.truth(check.test, scope)
        yield "    try:"
        yield f"        if {'' if check.report else 'not '}({test}): fire({self._checks}, c, None)"
        yield "    except Unevaluable as e:"
        yield f"        fire({self._checks}, c, e)"

    def _message(self, check: Check, rule: Rule, scope: Scope, lets: list[str]) -> Iterator[str]:
        parts = []
        for part in check.message:
            if isinstance(part, str):
                parts.append(repr(part))
            else:
                parts.append(f"r.shown({self._generator.items(part, scope)})")
        yield f"def message{self._checks}(c, t):"
        if any(not isinstance(part, str) for part in check.message):
            yield from lets
        yield f"    return {' + '.join(parts) or repr('')}"

    def _match(self, number: int, rule: Rule) -> Iterator[str]:
        yield f"def match{number}(c, t):"
        yield "    try:"
        tests = " or ".join(f"({self._pattern(pattern)})" for pattern in rule.context)
        yield f"        return {tests}"
        yield "    except Unevaluable:"
        yield "        return False"

    def _pattern(self, pattern: Pattern) -> str:
        """Whether the node `c` matches, tested from the last step upwards."""
        if not pattern.steps:
            return "not c.name"
        tests = [self._step(pattern.steps[-1], "c")]
        node = "c"
        for index in range(len(pattern.steps) - 1, 0, -1):
            if pattern.gaps[index]:
                rest = msgspec.structs.replace(
                    pattern, steps=pattern.steps[:index], gaps=pattern.gaps[:index]
                )
                inner = self._pattern(rest).replace("c.", "a.").replace("(c,", "(a,")
                tests.append(f"any({inner} for a in {node}.ancestors())")
                return " and ".join(tests)
            node = f"{node}.parent"
            tests.append(f"{node} is not None and {self._step(pattern.steps[index - 1], node)}")
        if pattern.rooted:
            tests.append(f"{node}.parent is t.document")
        return " and ".join(tests)

    def _step(self, step: Step, node: str) -> str:
        tests = []
        if step.axis == "attribute":
            tests.append(f"not {node}.is_element")
        elif step.axis == "child":
            tests.append(f"{node}.is_element")
        if isinstance(step.test, NameTest) and (name := name_condition(node, step.test)):
            tests.append(name)
        scope = Scope(context=node, current=node, variables=self._globals.variables)
        tests += [self._predicate(predicate, scope) for predicate in step.predicates]
        return " and ".join(tests) or "True"

    def _predicate(self, test: Expression, scope: Scope) -> str:
        return self._generator.pattern_predicate(test, scope)
