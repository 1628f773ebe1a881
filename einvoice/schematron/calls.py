"""The function calls of XPath as Python expressions."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from einvoice.schematron.conversions import converted, is_text
from einvoice.schematron.dependence import IMPLICIT
from einvoice.schematron.generate import Generator, Own
from einvoice.schematron.regex import compiled
from einvoice.schematron.runtime import Unevaluable
from einvoice.schematron.shapes import (
    NUMBERS,
    STRINGS,
    XS,
    Code,
    Item,
    Scope,
    Uncompilable,
    as_sequence,
    many,
    maybe,
    one,
    truth,
)
from einvoice.schematron.xpath.syntax import Call, ContextItem, Expression, Text

_Maker = Callable[[Generator, "tuple[Expression, ...]", Scope], Code]


def call(g: Generator, expression: Call, scope: Scope) -> Code:
    """A function call."""
    name, arguments = expression.name, expression.arguments
    if name in g.functions:
        return _own(g, g.functions[name], arguments, scope)
    if name in IMPLICIT and not arguments:
        arguments = (ContextItem(),)
    entry = _CALLS.get(name)
    if entry is None:
        raise Uncompilable(f"the function {name}() has no translation")
    counts, maker = entry
    if len(arguments) not in counts:
        raise Uncompilable(f"{name}() with {len(arguments)} arguments has no translation")
    return maker(g, arguments, scope)


# Functions of the rule set's own.


def _own(g: Generator, own: Own, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    if len(arguments) != len(own.parameters):
        raise Uncompilable(f"a function is called with {len(arguments)} arguments")
    values = [
        converted(g, g.make(each, scope), kind)
        for each, kind in zip(arguments, own.parameters, strict=True)
    ]
    text = f"{own.name}({', '.join(['t', *values])})"
    return msgspec.structs.replace(own.result, text=text, strict=True)


# Functions of XPath.


def _of_texts(function: str, item: Item) -> _Maker:
    """A function of strings only."""

    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        return one(f"{function}({', '.join(g.text(each, scope) for each in arguments)})", item)

    return make


def _template(template: str, item: Item) -> _Maker:
    """An expression of strings only."""

    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        return one(template.format(*(g.text(each, scope) for each in arguments)), item)

    return make


def _of_pattern(function: str, item: Item, count: str = "one") -> _Maker:
    """A function whose second argument is a regular expression."""

    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        pattern = g.resolved(arguments[1], scope)
        if isinstance(pattern, Text):
            try:
                compiled(pattern.value)
            except Unevaluable as error:
                raise Uncompilable(str(error)) from None
        texts = ", ".join(g.text(each, scope) for each in arguments)
        return Code(text=f"{function}({texts})", item=item, count=count)  # type: ignore[arg-type]

    return make


def _codepoints(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    return many(f"[*map(ord, {g.text(arguments[0], scope)})]", "integer")


def _not(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    return truth(f"(not {g.truth(arguments[0], scope)})")


def _boolean(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    return truth(g.boolean(arguments[0], scope))


def _constant(text: str) -> _Maker:
    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        return truth(text)

    return make


def _count(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    code = g.make(arguments[0], scope)
    if code.item == "node" and not code.unique:
        return one(f"len({g.as_nodes(code)})", "integer")
    return one(f"len({as_sequence(code)})", "integer")


def _exists(word: str) -> _Maker:
    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        code = g.make(arguments[0], scope)
        if code.count == "many":
            return truth(f"({word}{code.exists or code.text})", strict=bool(word))
        if code.count == "maybe":
            return truth(f"({code.text} is {'' if word else 'not '}None)")
        if code.nowhere:
            return truth(f"({code.text} is {'' if word else 'not '}NOWHERE)")
        return truth("False" if word else "True")

    return make


def _string(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    code = g.make(arguments[0], scope)
    if is_text(code):
        return one(g.text(arguments[0], scope), "text")
    return one(f"r.string({g.as_atom(code).text})", "text")


def _normalize_space(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    text = g.text(arguments[0], scope)
    code = one(f"f.normalize_space({text})", "text")
    return msgspec.structs.replace(code, exists=f"{text}.strip(BLANKS)")


def _text_constructor(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    """xs:string(): nothing stays nothing."""
    code = g.atom(arguments[0], scope)
    if code.count == "one":
        return one(code.text if code.item in STRINGS else f"r.string({code.text})", "text")
    if code.item in STRINGS:
        return maybe(code.text, "text")
    return maybe(f"r.string_or_none({code.text})", "text")


def _decimal(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    whole = g.make(arguments[0], scope)
    if whole.item == "node" and whole.count == "many":
        return maybe(f"f.node_decimal({whole.text})", "decimal")
    code = g.as_atom(whole)
    if code.count == "one":
        if code.item == "decimal":
            return code
        if code.item == "integer":
            return one(f"Decimal({code.text})", "decimal")
        if code.item in STRINGS:
            return one(f"r.decimal_of({code.text})", "decimal")
        return one(f"r.to_decimal({code.text})", "decimal")
    return maybe(f"r.to_decimal({code.text})", "decimal")


def _cast(function: str, item: Item) -> _Maker:
    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        code = g.atom(arguments[0], scope)
        text = f"{function}({code.text})"
        return one(text, item) if code.count == "one" else maybe(text, item)

    return make


def _number(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    return one(f"f.number({g.items(arguments[0], scope)})", "double")


def _rounding(function: str) -> _Maker:
    """A function of a number that gives one of the same type."""

    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        code = g.atom(arguments[0], scope)
        if code.item == "untyped":
            text = f"r.to_optional_double({code.text})"
            text = f"r.double_of({code.text})" if code.count == "one" else text
            return Code(text=f"{function}({text})", item="double", count=code.count)
        item: Item = code.item if code.item in NUMBERS else "number"
        return Code(text=f"{function}({code.text})", item=item, count=code.count)

    return make


def _sum(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    code = g.make(arguments[0], scope)
    if code.item == "node":
        return one(f"o.total_of_nodes({g.as_nodes(code)})", "number")
    if code.item == "decimal" and code.count == "many":
        return one(f"sum({code.text})", "decimal")
    if code.item == "integer" and code.count == "many":
        return one(f"sum({code.text})", "integer")
    return one(f"o.total({g.as_items(code)})", "number")


def _of_items(function: str, item: Item, count: str) -> _Maker:
    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        text = f"{function.format(g.items(arguments[0], scope))}"
        return Code(text=text, item=item, count=count)  # type: ignore[arg-type]  # as written below

    return make


def _distinct_values(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    code = g.make(arguments[0], scope)
    if is_text(code):
        item: Item = "text" if code.item == "text" else "untyped"
        return many(f"f.distinct_texts({g.texts(_in_order(g, code))})", item)
    return many(f"f.distinct_values({g.as_items(code)})", code.item)


def _in_order(g: Generator, code: Code) -> Code:
    if code.item == "node" and not (code.ordered and code.unique):
        return many(g.as_nodes(code), "node")
    return many(as_sequence(code), code.item) if not code.loop else code


def _data(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    code = g.make(arguments[0], scope)
    return many(g.texts(_in_order(g, code)), "untyped") if code.item == "node" else code


def _of_node(function: str) -> _Maker:
    def make(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
        code = g.make(arguments[0], scope)
        if code.item != "node":
            return one(f"{function}(s.expect_node(r.only({as_sequence(code)})))", "text")
        node = code.text if code.count == "one" else f"r.only({as_sequence(code)})"
        return one(f"{function}({node})", "text")

    return make


def _tokenize(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    if len(arguments) == 1:
        return many(f"f.words({g.text(arguments[0], scope)})", "text")
    return _of_pattern("f.tokenize", "text", "many")(g, arguments, scope)


def _string_join(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    code = g.make(arguments[0], scope)
    separator = g.text(arguments[1], scope) if len(arguments) > 1 else "''"
    if is_text(code):
        return one(f"{separator}.join({g.texts(_in_order(g, code))})", "text")
    return one(f"f.string_join({g.as_items(code)}, {separator})", "text")


def _concat(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    parts = []
    for each in arguments:
        code = g.atom(each, scope)
        if code.item in STRINGS and code.count == "one":
            parts.append(code.text)
        else:
            parts.append(f"r.string({code.text})")
    return one(f"({' + '.join(parts)})", "text")


def _contains(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    whole, part = (g.resolved(each, scope) for each in arguments)
    match whole, part:
        case Text(words), Call("concat", (Text(" "), middle, Text(" "))):
            known = g.constant(f"frozenset({sorted(set(words.split(' ')[1:-1]))!r})")
            text = g.constant(repr(words))
            return truth(f"f.listed_in({_concat(g, (middle,), scope).text}, {known}, {text})")
    return truth(f"({g.text(part, scope)} in {g.text(whole, scope)})")


def _substring(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    text, *places = arguments
    values = [g.value(each, scope) for each in places]
    return one(f"f.substring({', '.join([g.text(text, scope), *values])})", "text")


def _subsequence(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    items, *places = arguments
    code = g.make(items, scope)
    values = [g.value(each, scope) for each in places]
    source = g.as_nodes(code) if code.item == "node" else as_sequence(code)
    return many(f"f.subsequence({', '.join([source, *values])})", code.item)


def _index_of(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    items, wanted = arguments
    return many(f"f.index_of({g.items(items, scope)}, {g.value(wanted, scope)})", "integer")


def _current(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    if scope.current is None:
        raise Uncompilable("current() outside a rule")
    return one(scope.current, "node")


def _position(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    if scope.position is None:
        raise Uncompilable("position() outside a predicate has no translation")
    return one(scope.position, "integer")


def _last(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    if scope.size is None:
        raise Uncompilable("last() outside a predicate has no translation")
    return one(scope.size, "integer")


def _document(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    name = g.resolved(arguments[0], scope)
    if not isinstance(name, Text):
        raise Uncompilable("document() of a name that is not a literal")
    return one(f"t.read({name.value!r})", "node")


def _key(g: Generator, arguments: tuple[Expression, ...], scope: Scope) -> Code:
    name, value = arguments
    if not isinstance(name, Text) or name.value not in g.keys:
        raise Uncompilable("key() needs the name of a declared key")
    texts = f"[r.string(x) for x in {g.items(value, scope)}]"
    found = f"s.picked({g.keys[name.value]}(t), {texts})"
    return msgspec.structs.replace(many(found, "node"), flat=False)


_CALLS: dict[str, tuple[tuple[int, ...], _Maker]] = {
    "not": ((1,), _not),
    "boolean": ((1,), _boolean),
    "true": ((0,), _constant("True")),
    "false": ((0,), _constant("False")),
    "count": ((1,), _count),
    "exists": ((1,), _exists("")),
    "empty": ((1,), _exists("not ")),
    "string": ((1,), _string),
    f"{XS}string": ((1,), _text_constructor),
    f"{XS}decimal": ((1,), _decimal),
    f"{XS}integer": ((1,), _cast("r.to_integer", "integer")),
    f"{XS}double": ((1,), _cast("r.to_optional_double", "double")),
    f"{XS}boolean": ((1,), _cast("r.to_boolean", "truth")),
    f"{XS}date": ((1,), _cast("r.to_date", "date")),
    "number": ((1,), _number),
    "normalize-space": ((1,), _normalize_space),
    "string-length": ((1,), _of_texts("len", "integer")),
    "upper-case": ((1,), _template("{0}.upper()", "text")),
    "lower-case": ((1,), _template("{0}.lower()", "text")),
    "substring": ((2, 3), _substring),
    "substring-before": ((2,), _of_texts("f.substring_before", "text")),
    "substring-after": ((2,), _of_texts("f.substring_after", "text")),
    "translate": ((3,), _of_texts("f.translate", "text")),
    "starts-with": ((2,), _of_texts("f.starts_with", "truth")),
    "ends-with": ((2,), _of_texts("f.ends_with", "truth")),
    "contains": ((2,), _contains),
    "matches": ((2, 3), _of_pattern("f.matches", "truth")),
    "replace": ((3, 4), _of_pattern("f.replace", "text")),
    "tokenize": ((1, 2, 3), _tokenize),
    "concat": (tuple(range(2, 100)), _concat),
    "string-join": ((1, 2), _string_join),
    "string-to-codepoints": ((1,), _codepoints),
    "codepoints-to-string": ((1,), _of_items("f.codepoints_to_string({})", "text", "one")),
    "distinct-values": ((1,), _distinct_values),
    "data": ((1,), _data),
    "sum": ((1,), _sum),
    "avg": ((1,), _of_items("o.average({})", "number", "maybe")),
    "max": ((1,), _of_items("o.extreme({}, True)", "any", "maybe")),
    "min": ((1,), _of_items("o.extreme({}, False)", "any", "maybe")),
    "abs": ((1,), _rounding("o.absolute")),
    "round": ((1,), _rounding("o.rounded")),
    "floor": ((1,), _rounding("f.floor")),
    "ceiling": ((1,), _rounding("f.ceiling")),
    "name": ((1,), _of_node("f.name")),
    "local-name": ((1,), _of_node("f.local_name")),
    "namespace-uri": ((1,), _of_node("f.namespace_uri")),
    "subsequence": ((2, 3), _subsequence),
    "index-of": ((2,), _index_of),
    "current": ((0,), _current),
    "position": ((0,), _position),
    "last": ((0,), _last),
    "document": ((1,), _document),
    "doc": ((1,), _document),
    "key": ((2,), _key),
}
