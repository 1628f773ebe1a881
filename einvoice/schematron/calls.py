"""The function calls of XPath as Python expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from einvoice.schematron.shapes import LISTS, XS, Code, Scope, Shape, Uncompilable
from einvoice.schematron.xpath.syntax import Call, Text

if TYPE_CHECKING:
    from einvoice.schematron.generate import Generator

_Maker = Callable[["Generator", Call, Scope], Code]

#: Function -> (Python function, shape of the result); each argument is an optional item.
PLAIN: dict[str, tuple[str, Shape]] = {
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
OF_SEQUENCE: dict[str, tuple[str, Shape]] = {
    "sum": ("r.total", "single"),
    "distinct-values": ("f.distinct_values", "items"),
    "avg": ("f.average", "optional"),
    "data": ("r.atoms", "items"),
}
OF_NODE = {"local-name": "f.local_name", "namespace-uri": "f.namespace_uri", "name": "f.name"}
WITH_CONTEXT = frozenset(("normalize-space", "string-length", "number", "string"))


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
    if code.shape in LISTS:
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


CALLS: dict[str, _Maker] = {
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
