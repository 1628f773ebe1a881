"""Turns XPath expressions into Python expressions.

Every expression becomes one Python expression over the functions of `runtime` and `functions`. Its
shape says what Python value it gives, so that what is known to be a truth or a text is not wrapped
in a list and taken out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import count

import msgspec

from einvoice.schematron.calls import CALLS, OF_NODE, OF_SEQUENCE, PLAIN, WITH_CONTEXT
from einvoice.schematron.shapes import (
    LISTS,
    WALKS,
    XS,
    Code,
    Scope,
    Shape,
    Uncompilable,
    clark,
    code_list,
    counts,
    name_condition,
    texts_of,
)
from einvoice.schematron.xpath.parser import EVERYWHERE
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    ContextItem,
    Expression,
    Filter,
    For,
    If,
    KindTest,
    NameTest,
    Negative,
    Number,
    Quantified,
    Root,
    Sequence,
    Slash,
    Step,
    Text,
    Typed,
    Variable,
)


class Generator:
    """Makes Python of expressions; constants that it needs are collected beside."""

    def __init__(self, functions: Mapping[str, Code], constants: dict[str, object]) -> None:
        self._functions = functions  #: of the rule set: Clark name -> Python name, shape of result
        self._constants = constants
        self._numbers = count()

    def name(self, prefix: str = "x") -> str:
        """A Python name that is not in use."""
        return f"{prefix}{next(self._numbers)}"

    def constant(self, value: object) -> str:
        """A Python name for a constant."""
        for name, held in self._constants.items():
            if type(held) is type(value) and held == value:
                return name
        name = f"K{len(self._constants)}"
        self._constants[name] = value
        return name

    # What an expression gives, in the form that is wanted.

    def items(self, expression: Expression, scope: Scope) -> str:
        """As a list."""
        code = self.make(expression, scope)
        if code.shape in LISTS:
            return code.text
        return f"r.listed({code.text})" if code.shape == "optional" else f"[{code.text}]"

    def truth(self, expression: Expression, scope: Scope) -> str:
        """As its effective boolean value."""
        if (codes := code_list(expression)) is not None:
            file, number, value = codes
            texts = f"r.texts({self.items(value, scope)})"
            return f"any(m in codes({file!r}, {number!r}) for m in {texts})"
        code = self.make(expression, scope)
        if code.shape == "truth":
            return code.text
        if code.shape == "nodes" or code.shape == "text":
            return f"bool({code.text})"
        if code.shape == "items":
            return f"r.truth({code.text})"
        if code.shape == "single":
            return f"r.truth([{code.text}])"
        return f"r.truth_of({code.text})"

    def item(self, expression: Expression, scope: Scope) -> str:
        """As an optional atomic item."""
        code = self.make(expression, scope)
        if code.shape in LISTS:
            return f"r.one({code.text})"
        return f"r.one([{code.text}])" if code.shape == "single" else code.text

    def make(self, expression: Expression, scope: Scope) -> Code:
        """In the form that comes by itself."""
        maker = _MAKERS.get(type(expression))
        if maker is None:
            raise Uncompilable(f"{type(expression).__name__} has no translation")
        return maker(self, expression, scope)

    def pattern_predicate(self, test: Expression, scope: Scope) -> str:
        """A predicate of a pattern's step: a truth about the node, or its place among siblings."""
        if isinstance(test, Number) and isinstance(test.value, int):
            node = scope.context
            return f"{node}.parent.named({node}.name)[{test.value - 1}:{test.value}] == [{node}]"
        if counts(test):
            raise Uncompilable("position() in a pattern has no translation")
        return self.truth(test, scope)

    # Literals, variables, sequences.

    def _text(self, expression: Text, scope: Scope) -> Code:
        return Code(repr(expression.value), "text")

    def _number(self, expression: Number, scope: Scope) -> Code:
        value = expression.value
        if isinstance(value, Decimal):
            return Code(self.constant(value), "exact")
        return Code(repr(value), "exact" if isinstance(value, int) else "single")

    def _variable(self, expression: Variable, scope: Scope) -> Code:
        if expression.name not in scope.variables:
            raise Uncompilable(f"the variable ${expression.name} is not declared")
        return scope.variables[expression.name]

    def _context(self, expression: ContextItem, scope: Scope) -> Code:
        context = self._here(scope)
        return Code(f"[{context}]", "nodes") if scope.single_context else Code(context, "single")

    def _here(self, scope: Scope) -> str:
        if scope.context is None:
            raise Uncompilable("there is no context item in a function")
        return scope.context

    def _root(self, expression: Root, scope: Scope) -> Code:
        return Code("[t.document]", "nodes")

    def _sequence(self, expression: Sequence, scope: Scope) -> Code:
        if len(expression.items) == 1:
            return self.make(expression.items[0], scope)
        parts = [self.make(each, scope) for each in expression.items]
        if all(part.shape in ("text", "truth", "exact", "single") for part in parts):
            return Code(f"[{', '.join(part.text for part in parts)}]", "items")
        shape: Shape = "nodes" if all(part.shape == "nodes" for part in parts) else "items"
        lists = [f"*{self.items(each, scope)}" for each in expression.items]
        return Code(f"[{', '.join(lists)}]", shape)

    # Paths.

    def _step(self, expression: Step, scope: Scope) -> Code:
        if not scope.single_context:
            return Code(self._step_from(f"s.node({self._here(scope)})", expression, scope), "nodes")
        return Code(self._step_from(self._here(scope), expression, scope), "nodes")

    def _step_from(self, node: str, step: Step, scope: Scope) -> str:
        text = self._axis(node, step)
        for predicate in step.predicates:
            text = self._predicate(text, predicate, scope)
        return text

    def _axis(self, node: str, step: Step) -> str:
        axis, test = step.axis, step.test
        exact = isinstance(test, NameTest) and None not in (test.namespace, test.local)
        name = repr(clark(test)) if isinstance(test, NameTest) and exact else ""
        if axis == "child" and exact:
            return f"{node}.named({name})"
        if axis == "attribute" and exact:
            return f"{node}.attribute({name})"
        return self._selected(WALKS[axis].format(node=node), test)

    def _selected(self, nodes: str, test: NameTest | KindTest) -> str:
        """The nodes of a list that a node test keeps."""
        if isinstance(test, KindTest):
            if test.kind == "node":
                return nodes
            if test.kind == "text":
                return f"s.texts_below({nodes})"
            if test.kind in ("element", "attribute"):
                return nodes
            raise Uncompilable(f"{test.kind}() has no translation")
        condition = name_condition("n", test)
        return f"[n for n in {nodes} if {condition}]" if condition else nodes

    def _slash(self, expression: Slash, scope: Scope) -> Code:
        if found := self._anywhere(expression, scope):
            return found
        if expression == Slash(Root(), EVERYWHERE):
            return Code("[t.document, *t.nodes]", "nodes")
        left = self.items(expression.left, scope)
        node = self.name("n")
        inner = msgspec.structs.replace(scope.at(node), single_context=True)
        if isinstance(expression.right, Step):
            step = expression.right
            below = self._step_from(node, step, inner)
            if left == f"[{scope.context}]":
                return Code(self._step_from(self._here(scope), step, scope), "nodes")
            text = f"[m for {node} in {left} for m in {below}]"
            if step.axis not in ("child", "attribute", "self"):
                text = f"s.distinct({text})"
            return Code(text, "nodes")
        right = self.make(expression.right, inner)
        if right.shape in LISTS:
            text = f"[m for {node} in {left} for m in {right.text}]"
            return Code(f"s.distinct({text})" if right.shape == "nodes" else text, right.shape)
        if right.shape == "optional":
            return Code(f"[m for {node} in {left} for m in r.listed({right.text})]", "items")
        return Code(f"[{right.text} for {node} in {left}]", "items")

    def _anywhere(self, expression: Slash, scope: Scope) -> Code | None:
        """`//name`: by the tree's index from the document, else a walk below."""
        left, step = expression.left, expression.right
        if not (isinstance(left, Slash) and isinstance(step, Step) and step.axis == "child"):
            return None
        if left.right != EVERYWHERE:
            return None
        if any(counts(predicate) for predicate in step.predicates):
            return None
        text = self._below(left.left, step.test, scope)
        for predicate in step.predicates:
            text = self._predicate(text, predicate, scope)
        return Code(text, "nodes")

    def _below(self, top: Expression, test: NameTest | KindTest, scope: Scope) -> str:
        """The nodes anywhere below those of an expression."""
        name = None
        if isinstance(test, NameTest) and None not in (test.namespace, test.local):
            name = repr(clark(test))
        if isinstance(top, Root):
            return f"t.named({name})" if name else self._selected("t.nodes", test)
        tops = self.items(top, scope)
        if name and tops == f"[{scope.context}]":
            return f"t.below({scope.context}, {name})"
        node = self.name("n")
        walk = f"t.below({node}, {name})"
        if not name:
            walk = self._selected(f"t.nodes[{node}.order : {node}.end]", test)
        return f"s.distinct([m for {node} in {tops} for m in {walk}])"

    def _filter(self, expression: Filter, scope: Scope) -> Code:
        base = self.make(expression.base, scope)
        text = self.items(expression.base, scope)
        for predicate in expression.predicates:
            text = self._predicate(text, predicate, scope, base.shape == "nodes")
        return Code(text, "nodes" if base.shape == "nodes" else "items")

    def _predicate(self, items: str, test: Expression, scope: Scope, nodes: bool = True) -> str:
        if isinstance(test, Number) and isinstance(test.value, int):
            return f"s.at({items}, {test.value})"
        node = self.name("p")
        if not counts(test):
            inner = msgspec.structs.replace(scope.at(node), single_context=nodes)
            code = self.make(test, inner)
            if code.shape in ("truth", "nodes", "text"):
                return f"[{node} for {node} in {items} if {code.text}]"
        position, size = self.name("i"), self.name("s")
        inner = msgspec.structs.replace(scope.at(node, position, size), single_context=nodes)
        return f"s.chosen({items}, lambda {node}, {position}, {size}: {self.items(test, inner)})"

    def _binary(self, expression: Binary, scope: Scope) -> Code:
        sign, left, right = expression.operator, expression.left, expression.right
        if sign in ("and", "or"):
            return Code(f"({self.truth(left, scope)} {sign} {self.truth(right, scope)})", "truth")
        if sign in ("=", "!=", "<", "<=", ">", ">="):
            return self._general(sign, left, right, scope)
        if sign in ("eq", "ne", "lt", "le", "gt", "ge"):
            values = f"{self.item(left, scope)}, {self.item(right, scope)}"
            return Code(f"r.value_compare({sign!r}, {values})", "optional")
        if sign in ("+", "-", "*", "div", "idiv", "mod"):
            values = f"{self.item(left, scope)}, {self.item(right, scope)}"
            return Code(f"r.arithmetic({sign!r}, {values})", "optional")
        if sign == "to":
            return Code(f"f.integers({self.item(left, scope)}, {self.item(right, scope)})", "items")
        if sign in ("|", "intersect", "except"):
            lists = f"{self.items(left, scope)}, {self.items(right, scope)}"
            return Code(f"s.combined({sign!r}, {lists})", "nodes")
        if sign in ("is", "<<", ">>"):
            lists = f"{self.items(left, scope)}, {self.items(right, scope)}"
            return Code(f"s.node_compare({sign!r}, {lists})", "optional")
        raise Uncompilable(f"the operator {sign} has no translation")

    def _general(self, sign: str, left: Expression, right: Expression, scope: Scope) -> Code:
        if sign == "=" and (known := texts_of(right)) is not None:
            code = self.make(left, scope)
            names = self.constant(frozenset(known))
            if code.shape == "text":
                return Code(f"({code.text} in {names})", "truth")
            if code.shape == "nodes":
                return Code(f"any(m.text in {names} for m in {code.text})", "truth")
        lists = f"{self.items(left, scope)}, {self.items(right, scope)}"
        return Code(f"r.general({sign!r}, {lists})", "truth")

    def _negative(self, expression: Negative, scope: Scope) -> Code:
        return Code(f"r.negative({self.item(expression.operand, scope)})", "optional")

    def _if(self, expression: If, scope: Scope) -> Code:
        then, otherwise = (
            self.make(each, scope) for each in (expression.then, expression.otherwise)
        )
        test = self.truth(expression.test, scope)
        if then.shape == otherwise.shape:
            return Code(f"({then.text} if {test} else {otherwise.text})", then.shape)
        lists = [self.items(each, scope) for each in (expression.then, expression.otherwise)]
        return Code(f"({lists[0]} if {test} else {lists[1]})", "items")

    def _for(self, expression: For, scope: Scope) -> Code:
        name = self.name("v")
        items = self.make(expression.items, scope)
        code = Code(f"[{name}]", "nodes") if items.shape == "nodes" else Code(name, "single")
        body = self.items(expression.body, scope.bind(expression.variable, code))
        source = self.items(expression.items, scope)
        return Code(f"[m for {name} in {source} for m in {body}]", "items")

    def _quantified(self, expression: Quantified, scope: Scope) -> Code:
        name = self.name("v")
        items = self.make(expression.items, scope)
        code = Code(f"[{name}]", "nodes") if items.shape == "nodes" else Code(name, "single")
        test = self.truth(expression.test, scope.bind(expression.variable, code))
        word = "all" if expression.every else "any"
        return Code(f"{word}({test} for {name} in {self.items(expression.items, scope)})", "truth")

    def _typed(self, expression: Typed, scope: Scope) -> Code:
        if expression.operator in ("cast", "castable"):
            function = PLAIN.get(expression.type)
            if expression.type == f"{XS}string":
                function = ("r.string", "text")
            if function is not None:
                value = self.item(expression.operand, scope)
                if expression.operator == "cast":
                    return Code(
                        f"r.cast({function[0]}, {value}, {bool(expression.occurrence)})", "optional"
                    )
                return Code(
                    f"r.castable(lambda: r.cast({function[0]}, {value}, "
                    f"{bool(expression.occurrence)}))",
                    "truth",
                )
        raise Uncompilable(f"{expression.operator} {expression.type} has no translation")

    def _call(self, expression: Call, scope: Scope) -> Code:
        name, arguments = expression.name, expression.arguments
        if name in WITH_CONTEXT and not arguments:
            arguments = (ContextItem(),)
        if name in self._functions:
            return self._own(name, arguments, scope)
        if name in PLAIN:
            function, shape = PLAIN[name]
            values = ", ".join(self.item(each, scope) for each in arguments)
            return Code(f"{function}({values})", shape)
        if name in OF_SEQUENCE:
            function, shape = OF_SEQUENCE[name]
            return Code(f"{function}({self.items(arguments[0], scope)})", shape)
        if name in OF_NODE:
            node = self.items(arguments[0] if arguments else ContextItem(), scope)
            return Code(f"{OF_NODE[name]}({node})", "text")
        maker = CALLS.get(name)
        if maker is None:
            raise Uncompilable(f"the function {name}() has no translation")
        return maker(self, Call(name, arguments), scope)

    def _own(self, name: str, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        code = self._functions[name]
        values = ", ".join(["t", *(self.items(each, scope) for each in arguments)])
        return Code(f"{code.text}({values})", code.shape)


_MAKERS: dict[type, Callable[..., Code]] = {
    Text: Generator._text,
    Number: Generator._number,
    Variable: Generator._variable,
    ContextItem: Generator._context,
    Root: Generator._root,
    Sequence: Generator._sequence,
    Step: Generator._step,
    Slash: Generator._slash,
    Filter: Generator._filter,
    Binary: Generator._binary,
    Negative: Generator._negative,
    If: Generator._if,
    For: Generator._for,
    Quantified: Generator._quantified,
    Typed: Generator._typed,
    Call: Generator._call,
}
