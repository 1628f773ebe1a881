"""Comparisons, arithmetic and logic as Python expressions."""

from __future__ import annotations

from einvoice.schematron.dependence import is_safe
from einvoice.schematron.generate import Generator, as_value, is_number
from einvoice.schematron.operators import COMPARE, MIRRORED, VALUE
from einvoice.schematron.paths import combined
from einvoice.schematron.shapes import (
    STRINGS,
    Code,
    Item,
    Scope,
    Uncompilable,
    as_sequence,
    clark,
    looped,
    many,
    maybe,
    one,
    truth,
)
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    ContextItem,
    Expression,
    NameTest,
    Negative,
    Sequence,
    Slash,
    Step,
    Text,
)

_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TOLERANT = {"and": "both", "or": "either"}
_ARITHMETIC = ("+", "-", "*", "div", "idiv", "mod")
_EXACT = frozenset(("integer", "decimal"))
#: Functions for two optional exact numbers.
_OF_EXACT = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "div": "over",
    "=": "equal",
    "!=": "unequal",
    "<": "less",
    "<=": "less_or_equal",
}


def binary(g: Generator, expression: Binary, scope: Scope) -> Code:
    """An operator with two operands."""
    sign, left, right = expression.operator, expression.left, expression.right
    if sign == "and" and (found := _in_list(g, left, right, scope)) is not None:
        return found
    if sign in ("and", "or"):
        a, b = g.truth(left, scope), g.truth(right, scope)
        if is_safe(left, scope.safe):
            return truth(f"({a} {sign} {b})", strict=False)
        return truth(f"o.{_TOLERANT[sign]}(lambda: {a}, lambda: {b})")
    if sign in COMPARE:
        return _general(g, sign, left, right, scope)
    if sign in VALUE:
        return _value(g, sign, left, right, scope)
    if sign in _ARITHMETIC:
        return _arithmetic(g, sign, left, right, scope)
    if sign == "to":
        return many(f"t.integers({g.value(left, scope)}, {g.value(right, scope)})", "integer")
    if sign in ("|", "intersect", "except"):
        return combined(g, sign, left, right, scope)
    if sign in ("is", "<<", ">>"):
        a, b = (f"r.only({as_sequence(g.make(each, scope))})" for each in (left, right))
        return maybe(f"s.compare({sign!r}, {a}, {b})", "truth")
    raise Uncompilable(f"the operator {sign} has no translation")


def _in_list(g: Generator, left: Expression, right: Expression, scope: Scope) -> Code | None:
    """`not(contains(x, ' ')) and contains(' a b ', concat(' ', x, ' '))`: is x in the list?"""
    match _bare(left), _bare(right):
        case (
            Call("not", (Call("contains", (text, Text(" "))),)),
            Call("contains", (Text(words), Call("concat", (Text(" "), same, Text(" "))))),
        ) if text == same and isinstance(text, Call) and text.name == "normalize-space":
            known = g.constant(f"frozenset({sorted(set(words.split(' ')[1:-1]))!r})")
            return truth(f"({g.text(text, scope)} in {known})")
    return None


def _bare(expression: Expression) -> Expression:
    """Without parentheses around it."""
    while isinstance(expression, Sequence) and len(expression.items) == 1:
        expression = expression.items[0]
    return expression


def _general(g: Generator, sign: str, left: Expression, right: Expression, scope: Scope) -> Code:
    if (found := _with_literals(g, sign, left, right, scope)) is not None:
        return found
    if sign == "=" and (found := _with_preceding(g, left, right, scope)) is not None:
        return found
    a, b = g.make(left, scope), g.make(right, scope)
    if _is_text(a) and _is_text(b):
        return _of_texts(g, sign, (left, a), (right, b), scope)
    if is_number(a) and is_number(b) and "many" not in (a.count, b.count):
        return _of_numbers(sign, a, b)
    if is_number(a) and is_number(b) and (found := _of_many_numbers(g, sign, a, b)) is not None:
        return found
    for here, code, other in ((sign, a, b), (MIRRORED[sign], b, a)):
        if code.item == "node" and is_number(other) and other.count != "many":
            return truth(f"o.nodes_against_number({here!r}, {as_sequence(code)}, {other.text})")
        if code.item == "node" and other.item == "truth" and other.count == "one" and sign == "=":
            wanted = other.text if other.strict else f"bool({other.text})"
            return truth(f"o.any_boolean({as_sequence(code)}, {wanted})")
    return truth(f"o.general({sign!r}, {g.as_items(a)}, {g.as_items(b)})")


def _is_text(code: Code) -> bool:
    return code.item == "node" or code.item in STRINGS


def literal_texts(expression: Expression) -> list[str] | None:
    """The texts of a literal or of a sequence of literals."""
    match expression:
        case Text(value):
            return [value]
        case Sequence(items) if items:
            found = [literal_texts(item) for item in items]
            if all(each is not None for each in found):
                return [text for each in found if each is not None for text in each]
    return None


def _with_literals(
    g: Generator, sign: str, left: Expression, right: Expression, scope: Scope
) -> Code | None:
    """`nodes = ('a', 'b')` and `nodes != 'a'`."""
    for path, literals in ((left, right), (right, left)):
        literals = g.resolved(literals, scope)
        texts = literal_texts(literals)
        if texts is None or sign not in ("=", "!=") or (sign == "!=" and len(texts) > 1):
            continue
        code = g.make(path, scope)
        if not _is_text(code):
            return None
        if texts == [""] and code.exists and code.item == "text":
            return truth(f"({'not ' if sign == '=' else ''}{code.exists})", strict=sign == "=")
        if len(texts) == 1:
            test = f"{_PYTHON[sign]} {texts[0]!r}"
        else:
            test = f"in {g.constant(f'frozenset({sorted(set(texts))!r})')}"
        return _any_text(g, code, test)
    return None


def _any_text(g: Generator, code: Code, test: str) -> Code:
    """Whether any text of nodes or strings passes a test."""
    if code.count == "one" and not code.nowhere:
        text = f"{code.text}.text" if code.item == "node" else code.text
        return truth(f"({text} {test})")
    loop, variable = g.as_loop(code)
    text = f"{variable}.text" if code.item == "node" else variable
    clauses = (*loop, f"if {text} {test}")
    return truth(looped(clauses, variable, "1"), strict=False)


def _of_texts(
    g: Generator,
    sign: str,
    first: tuple[Expression, Code],
    second: tuple[Expression, Code],
    scope: Scope,
) -> Code:
    (left, a), (right, b) = first, second
    if sign == "=":
        for other, code, fixed in ((a, b, right), (b, a, left)):
            if g.is_fixed(fixed, scope) and code.count == "many":
                return _any_text(g, other, f"in {_text_set(g, fixed, code, scope)}")
        for other, code in ((a, b), (b, a)):
            if code.count == "one" and not code.nowhere and other.count == "many":
                single = f"{code.text}.text" if code.item == "node" else code.text
                return truth(f"({single} in {g.texts(other)})")
        if a.count == b.count == "one" and not (a.nowhere or b.nowhere):
            x, y = (f"{c.text}.text" if c.item == "node" else c.text for c in (a, b))
            return truth(f"({x} == {y})")
        return truth(f"o.share_text({g.texts(a)}, {g.texts(b)})")
    if sign == "!=":
        return truth(f"o.differ_somewhere({g.texts(a)}, {g.texts(b)})")
    return truth(f"o.general({sign!r}, {g.as_items(a)}, {g.as_items(b)})")


def _text_set(g: Generator, fixed: Expression, code: Code, scope: Scope) -> str:
    """The texts of what is the same all over a document, as a set made once."""
    texts = many(f"frozenset({g.texts(code)})", "text")
    return g.once(texts, g.fresh("S"), g.memory(fixed, scope)).text


def _with_preceding(g: Generator, left: Expression, right: Expression, scope: Scope) -> Code | None:
    """`. = preceding::name`: whether an earlier element of that name has the same text."""
    if scope.context is None or scope.item != "node":
        return None
    for path, value in ((left, right), (right, left)):
        name = _preceding_name(path)
        if name is None:
            continue
        code = g.make(value, scope)
        if not _is_text(code):
            return None
        texts = (
            g.texts(code) if code.count == "many" else g.texts(many(as_sequence(code), code.item))
        )
        return truth(f"t.repeats({scope.context}, {g.element_name(name)}, {texts})")
    return None


def _preceding_name(path: Expression) -> str | None:
    match path:
        case Step("preceding", NameTest() as test, ()):
            return clark(test)
        case Slash(left, ContextItem()):
            return _preceding_name(left)
    return None


def _of_numbers(sign: str, a: Code, b: Code) -> Code:
    """A comparison of two optional numbers."""
    exact = a.item in _EXACT and b.item in _EXACT
    same = exact or a.item == b.item == "double"
    if same and a.count == b.count == "one":
        return truth(f"({a.text} {_PYTHON[sign]} {b.text})")
    if not exact:
        return truth(f"o.numbers({sign!r}, {a.text}, {b.text})")
    if sign in (">", ">="):
        sign, a, b = MIRRORED[sign], b, a
    return truth(f"o.{_OF_EXACT[sign]}({a.text}, {b.text})")


def _of_many_numbers(g: Generator, sign: str, a: Code, b: Code) -> Code | None:
    """A comparison of several exact numbers with one."""
    for here, several, single in ((sign, a, b), (MIRRORED[sign], b, a)):
        exact = several.item in _EXACT and single.item in _EXACT
        if not exact or several.count != "many" or single.count != "one":
            continue
        if sign == "=":
            return truth(f"({single.text} in {several.text})")
        number, each = g.fresh(), g.fresh()
        loops = f"for {number} in ({single.text},) for {each} in {as_sequence(several)}"
        return truth(f"[1 {loops} if {each} {_PYTHON[here]} {number}]", strict=False)
    return None


def _value(g: Generator, sign: str, left: Expression, right: Expression, scope: Scope) -> Code:
    a, b = g.atom(left, scope), g.atom(right, scope)
    text_or_exact = (a.item in STRINGS and b.item in STRINGS) or (
        a.item in _EXACT and b.item in _EXACT
    )
    if text_or_exact and a.count == b.count == "one":
        return truth(f"({a.text} {_PYTHON[VALUE[sign]]} {b.text})")
    return maybe(f"o.compare_values({sign!r}, {as_value(a)}, {as_value(b)})", "truth")


def _arithmetic(g: Generator, sign: str, left: Expression, right: Expression, scope: Scope) -> Code:
    a, b = g.atom(left, scope), g.atom(right, scope)
    item = _result(sign, a.item, b.item)
    exact = a.item in _EXACT and b.item in _EXACT
    if exact and a.count == b.count == "one":
        if sign in ("+", "-", "*"):
            return one(f"({a.text} {sign} {b.text})", item)
        if sign == "div":
            return one(f"o.divided(f.exact({a.text}), f.exact({b.text}))", item)
    if exact and sign in _OF_EXACT:
        return maybe(f"o.{_OF_EXACT[sign]}({a.text}, {b.text})", item)
    text = f"o.arithmetic({sign!r}, {as_value(a)}, {as_value(b)})"
    return one(text, item) if a.count == b.count == "one" else maybe(text, item)


def _result(sign: str, a: Item, b: Item) -> Item:
    if sign == "idiv":
        return "integer"
    if a in _EXACT and b in _EXACT:
        whole = a == b == "integer" and sign != "div"
        return "integer" if whole else "decimal"
    if "double" in (a, b) or "untyped" in (a, b):
        return "double"
    return "number"


def negative(g: Generator, expression: Negative, scope: Scope) -> Code:
    """`-operand`."""
    code = g.atom(expression.operand, scope)
    item: Item = code.item if is_number(code) else "double" if code.item == "untyped" else "number"
    if item in _EXACT and code.count == "one":
        return one(f"(-{code.text})", item)
    text = f"o.negative({as_value(code)})"
    return one(text, item) if code.count == "one" else maybe(text, item)
