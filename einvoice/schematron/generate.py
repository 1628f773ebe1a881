"""Turns XPath expressions into Python expressions.

Every expression becomes one Python expression over the functions of `runtime` and `functions`. Its
shape says what Python value it gives, so that what is known to be a truth or a text is not wrapped
in a list and taken out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import count
from typing import Literal

import msgspec

from einvoice.errors import EInvoiceError
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

#: nodes and items are lists; a truth, a text and an exact number are one; an optional item may be
#: None; a single item is never None.
Shape = Literal["nodes", "items", "truth", "text", "exact", "optional", "single"]

XS = "{http://www.w3.org/2001/XMLSchema}"
_NAME_OF_LIST = ("nodes", "items")


class Uncompilable(EInvoiceError):
    """An expression that has no translation; the rule set has to be run by Saxon."""


class Code(msgspec.Struct, frozen=True):
    """A Python expression and what it gives."""

    text: str
    shape: Shape


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression sees: the context item, its position, and variables."""

    context: str | None  #: Python name of the context node; None in a function
    single_context: bool = True  #: the context is a node; false for an atomic item
    position: str | None = None
    size: str | None = None
    variables: Mapping[str, Code] = {}
    current: str | None = None  #: of the rule, for current()

    def bind(self, name: str, code: Code) -> Scope:
        """The scope with one more variable."""
        return msgspec.structs.replace(self, variables={**self.variables, name: code})

    def at(self, context: str, position: str | None = None, size: str | None = None) -> Scope:
        """The scope with another context item."""
        return msgspec.structs.replace(self, context=context, position=position, size=size)


#: Function -> (Python function, shape of the result); each argument is an optional item.
_PLAIN: dict[str, tuple[str, Shape]] = {
    "normalize-space": ("f.normalize_space", "text"),
    "substring-before": ("f.substring_before", "text"),
    "substring-after": ("f.substring_after", "text"),
    "substring": ("f.substring", "text"),
    "translate": ("f.translate", "text"),
    "matches": ("f.matches", "truth"),
    "replace": ("f.replace", "text"),
    "concat": ("f.concat", "text"),
    "abs": ("f.absolute", "optional"),
    "round": ("r.rounded", "optional"),
    "number": ("f.number", "single"),
    f"{XS}decimal": ("r.to_decimal", "optional"),
    f"{XS}integer": ("r.to_integer", "optional"),
    f"{XS}date": ("r.to_date", "optional"),
    f"{XS}boolean": ("r.to_boolean", "optional"),
    f"{XS}double": ("f.number", "optional"),
}
#: Functions of a whole sequence.
_OF_SEQUENCE: dict[str, tuple[str, Shape]] = {
    "sum": ("r.total", "single"),
    "distinct-values": ("f.distinct_values", "items"),
    "avg": ("f.average", "optional"),
    "data": ("r.atoms", "items"),
}
_OF_NODE = {"local-name": "f.local_name", "namespace-uri": "f.namespace_uri", "name": "f.name"}
_WITH_CONTEXT = frozenset(("normalize-space", "string-length", "number", "string"))

_Maker = Callable[["Generator", Call, Scope], Code]


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
        if code.shape in _NAME_OF_LIST:
            return code.text
        return f"r.listed({code.text})" if code.shape == "optional" else f"[{code.text}]"

    def truth(self, expression: Expression, scope: Scope) -> str:
        """As its effective boolean value."""
        if (codes := _code_list(expression)) is not None:
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
        if code.shape in _NAME_OF_LIST:
            return f"r.one({code.text})"
        return f"r.one([{code.text}])" if code.shape == "single" else code.text

    def make(self, expression: Expression, scope: Scope) -> Code:
        """In the form that comes by itself."""
        maker = _MAKERS.get(type(expression))
        if maker is None:
            raise Uncompilable(f"{type(expression).__name__} has no translation")
        return maker(self, expression, scope)

    def condition(self, node: str, test: NameTest | KindTest) -> str:
        """The name test of a pattern's step; empty if any name will do."""
        return _name_condition(node, test) if isinstance(test, NameTest) else ""

    def pattern_predicate(self, test: Expression, scope: Scope) -> str:
        """A predicate of a pattern's step: a truth about the node, or its place among siblings."""
        if isinstance(test, Number) and isinstance(test.value, int):
            node = scope.context
            return f"{node}.parent.named({node}.name)[{test.value - 1}:{test.value}] == [{node}]"
        if _counts(test):
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
            return Code(self._step_from(f"r.node({self._here(scope)})", expression, scope), "nodes")
        return Code(self._step_from(self._here(scope), expression, scope), "nodes")

    def _step_from(self, node: str, step: Step, scope: Scope) -> str:
        text = self._axis(node, step)
        for predicate in step.predicates:
            text = self._predicate(text, predicate, scope)
        return text

    def _axis(self, node: str, step: Step) -> str:
        axis, test = step.axis, step.test
        exact = isinstance(test, NameTest) and None not in (test.namespace, test.local)
        name = repr(_clark(test)) if isinstance(test, NameTest) and exact else ""
        if axis == "child" and exact:
            return f"{node}.named({name})"
        if axis == "attribute" and exact:
            return f"{node}.attribute({name})"
        return self._selected(_WALKS[axis].format(node=node), test)

    def _selected(self, nodes: str, test: NameTest | KindTest) -> str:
        """The nodes of a list that a node test keeps."""
        if isinstance(test, KindTest):
            if test.kind == "node":
                return nodes
            if test.kind == "text":
                return f"r.texts_below({nodes})"
            if test.kind in ("element", "attribute"):
                return nodes
            raise Uncompilable(f"{test.kind}() has no translation")
        condition = _name_condition("n", test)
        return f"[n for n in {nodes} if {condition}]" if condition else nodes

    def _slash(self, expression: Slash, scope: Scope) -> Code:
        if found := self._anywhere(expression, scope):
            return found
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
                text = f"r.distinct({text})"
            return Code(text, "nodes")
        right = self.make(expression.right, inner)
        if right.shape in _NAME_OF_LIST:
            text = f"[m for {node} in {left} for m in {right.text}]"
            return Code(f"r.distinct({text})" if right.shape == "nodes" else text, right.shape)
        if right.shape == "optional":
            return Code(f"[m for {node} in {left} for m in r.listed({right.text})]", "items")
        return Code(f"[{right.text} for {node} in {left}]", "items")

    def _anywhere(self, expression: Slash, scope: Scope) -> Code | None:
        """`//name`: by the tree's index from the document, else a walk below."""
        left, step = expression.left, expression.right
        if not (isinstance(left, Slash) and isinstance(step, Step) and step.axis == "child"):
            return None
        if left.right != Step("descendant-or-self", KindTest("node")):
            return None
        if any(_counts(predicate) for predicate in step.predicates):
            return None
        text = self._below(left.left, step.test, scope)
        for predicate in step.predicates:
            text = self._predicate(text, predicate, scope)
        return Code(text, "nodes")

    def _below(self, top: Expression, test: NameTest | KindTest, scope: Scope) -> str:
        """The nodes anywhere below those of an expression."""
        name = None
        if isinstance(test, NameTest) and None not in (test.namespace, test.local):
            name = repr(_clark(test))
        if isinstance(top, Root):
            return f"t.named({name})" if name else self._selected("t.nodes", test)
        tops = self.items(top, scope)
        if name and tops == f"[{scope.context}]":
            return f"t.below({scope.context}, {name})"
        node = self.name("n")
        below = f"t.below({node}, {name})" if name else ""
        walk = below or self._selected(f"{node}.descendants()", test)
        return f"r.distinct([m for {node} in {tops} for m in {walk}])"

    def _filter(self, expression: Filter, scope: Scope) -> Code:
        base = self.make(expression.base, scope)
        text = self.items(expression.base, scope)
        for predicate in expression.predicates:
            text = self._predicate(text, predicate, scope, base.shape == "nodes")
        return Code(text, "nodes" if base.shape == "nodes" else "items")

    def _predicate(self, items: str, test: Expression, scope: Scope, nodes: bool = True) -> str:
        if isinstance(test, Number) and isinstance(test.value, int):
            return f"r.at({items}, {test.value})"
        node = self.name("p")
        if not _counts(test):
            inner = msgspec.structs.replace(scope.at(node), single_context=nodes)
            code = self.make(test, inner)
            if code.shape in ("truth", "nodes", "text"):
                return f"[{node} for {node} in {items} if {code.text}]"
        position, size = self.name("i"), self.name("s")
        inner = msgspec.structs.replace(scope.at(node, position, size), single_context=nodes)
        return f"r.chosen({items}, lambda {node}, {position}, {size}: {self.items(test, inner)})"

    # Operators.

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
            return Code(f"r.combined({sign!r}, {lists})", "nodes")
        if sign in ("is", "<<", ">>"):
            lists = f"{self.items(left, scope)}, {self.items(right, scope)}"
            return Code(f"r.node_compare({sign!r}, {lists})", "optional")
        raise Uncompilable(f"the operator {sign} has no translation")

    def _general(self, sign: str, left: Expression, right: Expression, scope: Scope) -> Code:
        if sign == "=" and (known := _texts_of(right)) is not None:
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
            function = _PLAIN.get(expression.type)
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

    # Functions.

    def _call(self, expression: Call, scope: Scope) -> Code:
        name, arguments = expression.name, expression.arguments
        if name in _WITH_CONTEXT and not arguments:
            arguments = (ContextItem(),)
        if name in self._functions:
            return self._own(name, arguments, scope)
        if name in _PLAIN:
            function, shape = _PLAIN[name]
            values = ", ".join(self.item(each, scope) for each in arguments)
            return Code(f"{function}({values})", shape)
        if name in _OF_SEQUENCE:
            function, shape = _OF_SEQUENCE[name]
            return Code(f"{function}({self.items(arguments[0], scope)})", shape)
        if name in _OF_NODE:
            node = self.items(arguments[0] if arguments else ContextItem(), scope)
            return Code(f"{_OF_NODE[name]}({node})", "text")
        maker = _CALLS.get(name)
        if maker is None:
            raise Uncompilable(f"the function {name}() has no translation")
        return maker(self, Call(name, arguments), scope)

    def _own(self, name: str, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        code = self._functions[name]
        values = ", ".join(["t", *(self.items(each, scope) for each in arguments)])
        return Code(f"{code.text}({values})", code.shape)


def _clark(test: NameTest) -> str:
    return f"{{{test.namespace}}}{test.local}" if test.namespace else str(test.local)


def _name_condition(node: str, test: NameTest) -> str:
    if test.namespace is None and test.local is None:
        return ""
    if test.local is None:
        return f"{node}.name.startswith({'{' + str(test.namespace) + '}'!r})"
    if test.namespace is None:
        return f"{node}.name.rpartition('}}')[2] == {test.local!r}"
    return f"{node}.name == {_clark(test)!r}"


#: Axis -> the nodes along it.
_WALKS = {
    "child": "{node}.children",
    "attribute": "{node}.all_attributes()",
    "self": "[{node}]",
    "parent": "[n for n in ({node}.parent,) if n is not None]",
    "descendant": "{node}.descendants()",
    "descendant-or-self": "[{node}, *{node}.descendants()]",
    "ancestor": "{node}.ancestors()",
    "ancestor-or-self": "[{node}, *{node}.ancestors()]",
    "preceding": "r.preceding(t, {node})",
    "following": "r.following(t, {node})",
    "preceding-sibling": "r.siblings({node}, True)",
    "following-sibling": "r.siblings({node}, False)",
}


def _counts(test: Expression) -> bool:
    """Whether a predicate asks for position() or last() of its own context."""
    if isinstance(test, Call):
        return test.name in ("position", "last") or any(_counts(a) for a in test.arguments)
    if isinstance(test, Binary):
        return _counts(test.left) or _counts(test.right)
    if isinstance(test, Sequence):
        return any(_counts(item) for item in test.items)
    return isinstance(test, Negative) and _counts(test.operand)


def _code_list(expression: Expression) -> tuple[str, str, Expression] | None:
    """`document('db.xml')/codedb/cl[@id=4]/enumeration[@value=$x]`: is $x in code list 4?

    Factur-X asks so hundreds of times; a set answers at once.
    """
    match expression:
        case Slash(
            Slash(
                Slash(Call("document", (Text(file),)), Step("child", NameTest("", "codedb"), ())),
                Step("child", NameTest("", "cl"), (Binary("=", identifier, Number(number)),)),
            ),
            Step("child", NameTest("", "enumeration"), (Binary("=", value, wanted),)),
        ) if identifier == _attribute("id") and value == _attribute("value"):
            return (file, str(number), wanted) if isinstance(wanted, Variable) else None
    return None


def _attribute(name: str) -> Step:
    return Step("attribute", NameTest("", name))


def _texts_of(expression: Expression) -> list[str] | None:
    """The texts of a literal or of a sequence of literals."""
    if isinstance(expression, Text):
        return [expression.value]
    if isinstance(expression, Sequence) and expression.items:
        if all(isinstance(item, Text) for item in expression.items):
            return [item.value for item in expression.items if isinstance(item, Text)]
        if len(expression.items) == 1:
            return _texts_of(expression.items[0])
    return None


def _simple(template: str, shape: Shape, form: str = "items") -> _Maker:
    def make(generator: Generator, call: Call, scope: Scope) -> Code:
        values = [getattr(generator, form)(each, scope) for each in call.arguments]
        return Code(template.format(*values), shape)

    return make


def _current(generator: Generator, call: Call, scope: Scope) -> Code:
    if scope.current is None:
        raise Uncompilable("current() outside a rule")
    return Code(f"[{scope.current}]", "nodes")


def _position(generator: Generator, call: Call, scope: Scope) -> Code:
    found = scope.position if call.name == "position" else scope.size
    if found is None:
        raise Uncompilable(f"{call.name}() outside a predicate")
    return Code(found, "exact")


def _string(generator: Generator, call: Call, scope: Scope) -> Code:
    return Code(f"r.string({generator.item(call.arguments[0], scope)})", "text")


def _exists(generator: Generator, call: Call, scope: Scope) -> Code:
    code = generator.make(call.arguments[0], scope)
    word = "" if call.name == "exists" else "not "
    if code.shape in _NAME_OF_LIST:
        return Code(f"({word}bool({code.text}))" if not word else f"(not {code.text})", "truth")
    if code.shape == "optional":
        return Code(f"({code.text} is {'not ' if not word else ''}None)", "truth")
    return Code(str(not word), "truth")


def _tokenize(generator: Generator, call: Call, scope: Scope) -> Code:
    values = [generator.item(each, scope) for each in call.arguments]
    return Code(f"f.tokenize({', '.join(values)})", "items")


def _join(generator: Generator, call: Call, scope: Scope) -> Code:
    separator = generator.item(call.arguments[1], scope) if len(call.arguments) > 1 else "''"
    return Code(f"f.string_join({generator.items(call.arguments[0], scope)}, {separator})", "text")


def _document(generator: Generator, call: Call, scope: Scope) -> Code:
    if not isinstance(call.arguments[0], Text):
        raise Uncompilable("document() of a name that is not a literal")
    return Code(f"[read_document({call.arguments[0].value!r})]", "nodes")


_CALLS: dict[str, _Maker] = {
    "not": _simple("(not {0})", "truth", "truth"),
    "boolean": _simple("{0}", "truth", "truth"),
    "true": _simple("True", "truth"),
    "false": _simple("False", "truth"),
    "count": _simple("len({0})", "exact"),
    "string-length": _simple("len(f.text_of({0}))", "exact", "item"),
    "upper-case": _simple("f.text_of({0}).upper()", "text", "item"),
    "lower-case": _simple("f.text_of({0}).lower()", "text", "item"),
    "contains": _simple("(f.text_of({1}) in f.text_of({0}))", "truth", "item"),
    "starts-with": _simple("f.text_of({0}).startswith(f.text_of({1}))", "truth", "item"),
    "ends-with": _simple("f.text_of({0}).endswith(f.text_of({1}))", "truth", "item"),
    "max": _simple("f.extreme({0}, True)", "optional"),
    "min": _simple("f.extreme({0}, False)", "optional"),
    "exists": _exists,
    "empty": _exists,
    "string": _string,
    "tokenize": _tokenize,
    "string-join": _join,
    "current": _current,
    "position": _position,
    "last": _position,
    "document": _document,
    f"{XS}string": _string,
}

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
