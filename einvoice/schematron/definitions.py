"""Variables, functions and keys of a rule set as Python functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from einvoice.schematron.contexts import alternative
from einvoice.schematron.conversions import converted, shape_of
from einvoice.schematron.dependence import is_safe
from einvoice.schematron.expressions import MAKERS
from einvoice.schematron.generate import Generator, Own
from einvoice.schematron.ir import INSTRUCTIONS, Function, Key, Let, RuleSetForm
from einvoice.schematron.references import calls_in
from einvoice.schematron.shapes import Code, Scope, Uncompilable, clark
from einvoice.schematron.xpath.syntax import (
    ContextItem,
    Expression,
    NameTest,
    Number,
    Sequence,
    Step,
    Text,
)


class Definitions:
    """What rules and checks refer to."""

    def __init__(self, form: RuleSetForm) -> None:
        self.generator = Generator(MAKERS)
        self._form = form
        self._scope = Scope(context="t.document")

    def make(self) -> Scope:
        """Define all of it, and give the scope that rules begin with."""
        for function in self._form.functions:  # they may call those behind them
            kinds = tuple(kind for _, kind in function.parameters)
            own = Own(self.generator.fresh("F"), kinds, shape_of(function.type))
            self.generator.functions[function.name] = own
        for let in self._form.lets:
            with self.place(f"variable ${let.name}", let.line, let.file):
                self._scope = self._global_let(let, self._scope)
        recursive = _recursive(self._form.functions)
        for function in self._form.functions:
            with self.place(f"function {function.name}", function.line, function.file):
                self._function(function, bounded=function.name in recursive)
        for key in self._form.keys:
            with self.place(f"key {key.name}", key.line):
                self._key(key)
        return self._scope

    @contextmanager
    def place(self, what: str, line: int | None, file: str | None = None) -> Iterator[None]:
        """Say in an `Uncompilable` where the construct stands."""
        try:
            yield
        except Uncompilable as error:
            where = file or self._form.origin
            where = f"{where}, line {line}" if line else where
            raise Uncompilable(f"{where}: {what}: {error}") from None

    # Variables.

    def _global_let(self, let: Let, scope: Scope) -> Scope:
        """A variable of the whole rule set: evaluated once per document."""
        _refuse_instructions(let.value)
        if _is_literal(let):
            return scope.bind_literal(let.name, let.value)
        code = self.generator.once(self._typed(let, scope), self.generator.fresh("G"))
        safe = _is_safe(let, scope)
        return _fixed(scope.bind(let.name, code, safe=safe), let.name)

    def rule_let(self, let: Let, scope: Scope) -> Scope:
        """A variable of a rule: evaluated once per node, when it is first used."""
        _refuse_instructions(let.value)
        if _is_literal(let):
            return scope.bind_literal(let.name, let.value)
        code, safe = self._typed(let, scope), _is_safe(let, scope)
        if let.type is None and self.generator.is_fixed(let.value, scope):
            return _fixed(scope.bind(let.name, code, safe=safe), let.name)
        if let.type is None and _is_cheap(let.value):
            inline = msgspec.structs.replace(code, loop=(), variable="")
            return scope.bind(let.name, inline, safe=safe)
        name = self.generator.fresh("L")
        value = self._settled(code)
        self.generator.lines += [
            f"def {name}(c, t):",
            "    m = t.memory",
            f"    k = ({name!r}, c)",
            "    if k in m: return m[k]",
            f"    v = m[k] = {value.text}",
            "    return v",
        ]
        kept = msgspec.structs.replace(value, text=f"{name}(c, t)")
        return scope.bind(let.name, kept, safe=safe)

    def _local_let(self, let: Let, scope: Scope, lines: list[str]) -> Scope:
        """A variable of a function: evaluated when it is first used."""
        _refuse_instructions(let.value)
        if _is_literal(let):
            return scope.bind_literal(let.name, let.value)
        value = self._settled(self._typed(let, scope))
        name = self.generator.fresh("l")
        lines.append(f"    {name} = Lazy(lambda: {value.text})")
        kept = msgspec.structs.replace(value, text=f"{name}()")
        return scope.bind(let.name, kept, safe=_is_safe(let, scope))

    def _typed(self, let: Let, scope: Scope) -> Code:
        """The value of a variable, converted to its type if it has one."""
        code = self.generator.make(let.value, scope)
        if let.type is None:
            return code
        text = converted(self.generator, code, let.type)
        return msgspec.structs.replace(shape_of(let.type), text=text)

    def _settled(self, code: Code) -> Code:
        """Code whose value can be kept: nodes in order, a bool, no node that does not exist."""
        text = code.text
        if code.item == "node" and code.count == "many":
            text = self.generator.as_nodes(code)
        elif code.nowhere:
            text = f"s.real({text})"
        elif not code.strict:
            text = f"bool({text})"
        count = "maybe" if code.nowhere else code.count
        return Code(text=text, item=code.item, count=count, flat=code.flat)

    # Functions and keys.

    def _function(self, function: Function, *, bounded: bool) -> None:
        _refuse_instructions(function.result)
        own = self.generator.functions[function.name]
        scope = msgspec.structs.replace(self._scope, context=None, rooted=False)
        names = [self.generator.fresh("a") for _ in own.parameters]
        for argument, (parameter, kind) in zip(names, function.parameters, strict=True):
            code = msgspec.structs.replace(shape_of(kind), text=argument)
            scope = scope.bind(parameter, code, safe=True)
        lines = [f"def {own.name}({', '.join(['t', *names])}):"]
        if bounded:
            lines.append("    t.enter()")
        for let in function.lets:
            scope = self._local_let(let, scope, lines)
        code = self.generator.make(function.result, scope)
        lines.append(f"    return {converted(self.generator, code, function.type)}")
        self.generator.lines += lines

    def _key(self, key: Key) -> None:
        """A function that gives the index of a key: text -> elements."""
        generator = self.generator
        name, node = generator.fresh("Y"), generator.fresh()
        values = generator.items(key.use, self._scope.at(node, "node"))
        contexts = tuple(alternative(each, generator, self._scope) for each in key.match)
        if any(not each.steps or each.steps[-1].attribute for each in contexts):
            raise Uncompilable("a key of other nodes than elements has no translation")
        known = generator.constant(f"contexts({msgspec.msgpack.encode(contexts)!r})")
        tests = ", ".join(str(each.function) for each in contexts)
        generator.lines += [
            f"def {name}(t):",
            "    m = t.memory",
            f"    if {name!r} in m: return m[{name!r}]",
            f"    v = m[{name!r}] = s.index(t.matching({known}, ({tests},)), "
            f"lambda {node}: [r.string(x) for x in {values}])",
            "    return v",
        ]
        generator.keys[key.name] = name


def _is_literal(let: Let) -> bool:
    """Whether a variable is a literal, of no type that would change it."""
    return let.type is None and isinstance(let.value, Text | Number)


def _is_safe(let: Let, scope: Scope) -> bool:
    return let.type is None and is_safe(let.value, scope.safe)


def _fixed(scope: Scope, name: str) -> Scope:
    return msgspec.structs.replace(scope, fixed=scope.fixed | {name})


def _is_cheap(value: Expression) -> bool:
    """Whether a variable costs no more than to remember its value."""
    match value:
        case Step("child" | "attribute", NameTest() as test, ()):
            return clark(test) is not None
        case Sequence((single,)):
            return _is_cheap(single)
    return isinstance(value, ContextItem)


def _refuse_instructions(value: Expression) -> None:
    if any(call == INSTRUCTIONS for call in calls_in(value)):
        raise Uncompilable("instructions of XSLT that are no expression have no translation")


def _recursive(functions: tuple[Function, ...]) -> set[str]:
    """The functions that call themselves, directly or through others."""
    calls = {
        each.name: {call.name for call in calls_in((each.result, each.lets))} for each in functions
    }
    reached = {name: names & calls.keys() for name, names in calls.items()}
    for through in calls:
        for names in reached.values():
            if through in names:
                names |= reached[through]
    return {name for name, names in reached.items() if name in names}
