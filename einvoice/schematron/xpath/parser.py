"""Parses XPath 2.0 expressions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NoReturn

from einvoice.schematron.xpath.lexer import Token, XPathError, tokens
from einvoice.schematron.xpath.syntax import (
    AXES,
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

FUNCTIONS = "http://www.w3.org/2005/xpath-functions"
_KINDS = frozenset(
    ("node", "text", "comment", "processing-instruction", "element", "attribute", "document-node")
)
_ANY_NODE = KindTest("node")
EVERYWHERE = Step("descendant-or-self", _ANY_NODE)
_TYPED = (("instance", "of"), ("treat", "as"), ("castable", "as"), ("cast", "as"))

#: Operators with two operands from the loosest to the tightest; types and signs come between.
_COMPARISONS = frozenset(
    ("=", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "le", "gt", "ge", "is", "<<", ">>")
)
_LEVELS = (
    frozenset(("or",)),
    frozenset(("and",)),
    _COMPARISONS,
    frozenset(("to",)),
    frozenset(("+", "-")),
    frozenset(("*", "div", "idiv", "mod")),
    frozenset(("|", "union")),
    frozenset(("intersect", "except")),
)


def parse_expression(
    text: str,
    namespaces: Mapping[str, str],
    default_namespace: str | None = None,
    line: int | None = None,
) -> Expression:
    """Parse an expression.

    Args:
        text: the expression.
        namespaces: prefix -> namespace.
        default_namespace: of element names without a prefix.
        line: where it stands, for messages.

    Raises:
        XPathError: it is no XPath 2.0, or uses a prefix that is not declared.
    """
    parser = _Parser(text, namespaces, default_namespace, line)
    expression = parser.expression()
    parser.expect_end()
    return expression


class _Parser:
    def __init__(
        self, text: str, namespaces: Mapping[str, str], default: str | None, line: int | None
    ) -> None:
        self._text = text
        self._namespaces = namespaces
        self._default = default
        self._line = line
        self._tokens = tokens(text, line)
        self._at = 0

    def fail(self, reason: str) -> NoReturn:
        """Raise at the current token."""
        raise XPathError(reason, self._text, self._now.position, self._line)

    def expect_end(self) -> None:
        """All of the text has been read."""
        if self._now.kind != "end":
            self.fail(f"unexpected {self._now.value!r}")

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _peek(self, ahead: int = 1) -> Token:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _is(self, value: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.value == value and token.kind in ("symbol", "name")

    def _take(self, value: str) -> bool:
        if self._is(value):
            self._at += 1
            return True
        return False

    def _expect(self, value: str) -> None:
        if not self._take(value):
            self.fail(f"expected {value!r}, found {self._now.value or 'the end'!r}")

    def expression(self) -> Expression:
        """`a, b, c`."""
        items = [self._single()]
        while self._take(","):
            items.append(self._single())
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _single(self) -> Expression:
        if self._is("if") and self._is("(", 1):
            return self._if()
        if self._is("$", 1) and self._now.value in ("for", "some", "every"):
            return self._binding(self._now.value)
        return self._level(0)

    def _if(self) -> Expression:
        self._at += 2
        test = self.expression()
        self._expect(")")
        self._expect("then")
        then = self._single()
        self._expect("else")
        return If(test, then, self._single())

    def _binding(self, kind: str) -> Expression:
        self._at += 1
        bound: list[tuple[str, Expression]] = []
        while True:
            self._expect("$")
            name = self._name()
            self._expect("in")
            bound.append((name, self._single()))
            if not self._take(","):
                break
        self._expect("return" if kind == "for" else "satisfies")
        result = self._single()
        for name, items in reversed(bound):
            if kind == "for":
                result = For(name, items, result)
            else:
                result = Quantified(kind == "every", name, items, result)
        return result

    def _level(self, level: int) -> Expression:
        """Operators of one level and all that bind tighter."""
        if level == len(_LEVELS):
            return self._typed()
        left = self._level(level + 1)
        while self._now.kind in ("symbol", "name") and self._now.value in _LEVELS[level]:
            operator = self._now.value
            self._at += 1
            left = Binary("|" if operator == "union" else operator, left, self._level(level + 1))
        return left

    def _typed(self) -> Expression:
        operand = self._signed()
        for operator, word in _TYPED:
            if self._is(operator) and self._is(word, 1):
                self._at += 2
                kind, occurrence = self._sequence_type()
                return Typed(operator, operand, kind, occurrence)
        return operand

    def _sequence_type(self) -> tuple[str, str]:
        name = self._name()
        kind = name
        if self._take("("):
            while not self._take(")"):
                self._at += 1
            kind = f"{name}()"
        elif ":" in name:
            kind = self._clark(name, None)
        occurrence = self._now.value if self._now.value in ("?", "*", "+") else ""
        self._at += bool(occurrence)
        return kind, occurrence

    def _signed(self) -> Expression:
        negative = False
        while self._now.kind == "symbol" and self._now.value in ("-", "+"):
            negative ^= self._now.value == "-"
            self._at += 1
        operand = self._path()
        return Negative(operand) if negative else operand

    def _path(self) -> Expression:
        if self._take("//"):
            return self._relative(Slash(Root(), EVERYWHERE))
        if self._take("/"):
            return self._relative(Root()) if self._begins_step() else Root()
        return self._relative(None)

    def _begins_step(self) -> bool:
        now = self._now
        return now.kind in ("name", "text", "number") or now.value in (
            "(",
            ".",
            "..",
            "@",
            "$",
            "*",
        )

    def _relative(self, left: Expression | None) -> Expression:
        step = self._step()
        left = step if left is None else Slash(left, step)
        while self._now.kind == "symbol" and self._now.value in ("/", "//"):
            if self._now.value == "//":
                left = Slash(left, EVERYWHERE)
            self._at += 1
            left = Slash(left, self._step())
        return left

    def _step(self) -> Expression:
        if self._take(".."):
            return Step("parent", _ANY_NODE, self._predicates())
        if self._take("@"):
            return self._axis_step("attribute")
        now = self._now
        if now.kind == "name" and self._is("::", 1):
            if now.value not in AXES:
                self.fail(f"unknown axis {now.value!r}")
            self._at += 2
            return self._axis_step(now.value)
        is_call = now.kind == "name" and self._is("(", 1) and now.value not in _KINDS
        if (now.kind == "name" and not is_call) or now.value == "*":
            return self._axis_step("child")
        base = self._primary()
        predicates = self._predicates()
        return Filter(base, predicates) if predicates else base

    def _axis_step(self, axis: str) -> Expression:
        test = self._node_test(axis)
        if isinstance(test, KindTest) and test.kind == "attribute" and axis == "child":
            axis = "attribute"
        return Step(axis, test, self._predicates())  # type: ignore[arg-type]  # one of AXES

    def _node_test(self, axis: str) -> NameTest | KindTest:
        if self._take("*"):
            return NameTest(None, None)
        name = self._name()
        if name in _KINDS and self._take("("):
            while not self._take(")"):
                if self._now.kind == "end":
                    self.fail("expected ')'")
                self._at += 1
            return KindTest(name)
        prefix, colon, local = name.rpartition(":")
        if not colon:
            return NameTest("" if axis == "attribute" else self._default or "", local)
        namespace = None if prefix == "*" else self._namespace(prefix)
        return NameTest(namespace, None if local == "*" else local)

    def _predicates(self) -> tuple[Expression, ...]:
        found = []
        while self._take("["):
            found.append(self.expression())
            self._expect("]")
        return tuple(found)

    def _primary(self) -> Expression:
        now = self._now
        if now.kind in ("text", "number"):
            self._at += 1
            return _literal(now)
        if self._take("$"):
            return Variable(self._name())
        if self._take("."):
            return ContextItem()
        if self._take("("):
            return self._parenthesised()
        if now.kind == "name":
            return self._call()
        return self.fail(f"unexpected {now.value or 'end'!r}")

    def _parenthesised(self) -> Expression:
        if self._take(")"):
            return Sequence(())
        inner = self.expression()
        self._expect(")")
        return inner if isinstance(inner, Sequence) else Sequence((inner,))

    def _call(self) -> Expression:
        name = self._clark(self._name(), FUNCTIONS)
        self._expect("(")
        arguments: list[Expression] = []
        while not self._take(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._single())
        return Call(name.removeprefix(f"{{{FUNCTIONS}}}"), tuple(arguments))

    def _name(self) -> str:
        if self._now.kind != "name":
            self.fail(f"expected a name, found {self._now.value or 'the end'!r}")
        self._at += 1
        return self._tokens[self._at - 1].value

    def _clark(self, name: str, default: str | None) -> str:
        prefix, colon, local = name.rpartition(":")
        namespace = self._namespace(prefix) if colon else default
        return f"{{{namespace}}}{local}" if namespace else local

    def _namespace(self, prefix: str) -> str:
        if prefix not in self._namespaces:
            self.fail(f"the prefix {prefix!r} is not declared")
        return self._namespaces[prefix]


def _literal(token: Token) -> Expression:
    if token.kind == "text":
        quote = token.value[0]
        return Text(token.value[1:-1].replace(quote * 2, quote))
    if "e" in token.value.lower():
        return Number(float(token.value))
    return Number(Decimal(token.value) if "." in token.value else int(token.value))
