"""Equality joins: `nodes[path = value]` by an index, where the value changes with the context.

Rules ask for the lines with a certain id, once for each line. Without an index their cost would
grow with the square of the number of lines.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from einvoice.schematron.dependence import CURRENT, FOCUS, ROOT, counts, depends, is_safe
from einvoice.schematron.generate import Generator
from einvoice.schematron.shapes import STRINGS, XS, Code, Scope, as_sequence, many
from einvoice.schematron.xpath.syntax import (
    Binary,
    Call,
    ContextItem,
    Expression,
    Filter,
    KindTest,
    Number,
    Sequence,
    Slash,
    Step,
    Variable,
)

_EXACT = frozenset(("integer", "decimal"))

_PARENT = Step("parent", KindTest("node"))


class _Join(msgspec.Struct, frozen=True):
    """A condition that a node has to meet: the texts of `path` have one in common with `value`."""

    path: Expression  #: from the node
    value: Expression
    whole: bool = False  #: the condition is all of the conjunct it was found in
    exact: bool = False  #: both are exact numbers instead


class Joined(msgspec.Struct, frozen=True):
    """The nodes that an index gives, and the predicates that they have yet to pass."""

    nodes: Code
    rest: tuple[Expression, ...]


def of_step(g: Generator, expression: Slash, scope: Scope) -> Joined | None:
    """`left/name[path = value]`."""
    right = expression.right
    if not isinstance(right, Step) or right.axis != "child" or not right.predicates:
        return None
    if any(isinstance(test, Number) or counts(test) for test in right.predicates):
        return None
    before, after = _parted(g, right.predicates, scope)
    base = Slash(expression.left, Step(right.axis, right.test, before))
    return _joined(g, base, after, scope)


def _parted(
    g: Generator, tests: tuple[Expression, ...], scope: Scope
) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """The conditions up to the first that depends on more than the node, and the others."""
    parts = tuple(part for test in tests for part in conjuncts(test))
    count = 0
    while count < len(parts) and g.is_known_inside(parts[count], scope):
        count += 1
    return parts[:count], parts[count:]


def of_filter(g: Generator, expression: Filter, scope: Scope) -> Joined | None:
    """`(base)[path = value]`."""
    return _joined(g, expression.base, expression.predicates, scope)


def _joined(
    g: Generator, base: Expression, tests: tuple[Expression, ...], scope: Scope
) -> Joined | None:
    if not tests or any(isinstance(test, Number) or counts(test) for test in tests):
        return None
    found, rest = _find(g, tests[0], scope)
    if found is None:
        return None
    value = g.make(found.value, scope)
    index = _index(g, base, found, scope) if _has_type(value, found) else None
    if index is None:
        return None
    picked = msgspec.structs.replace(many(_picked(g, index, value), "node"), flat=False)
    return Joined(picked, (*rest, *tests[1:]))


def _has_type(value: Code, join: _Join) -> bool:
    if join.exact:
        return value.item in _EXACT and value.count == "one"
    return value.item == "node" or value.item in STRINGS


def _picked(g: Generator, index: str, value: Code) -> str:
    """What an index has for a value."""
    if value.item in _EXACT:
        return f"{index}.get({value.text}, E)"
    if value.count == "many" or value.nowhere:
        return f"s.picked({index}, {g.texts(value)})"
    if value.count == "maybe":
        text = f"f.optional_node_text(r.listed({value.text}))"
        return f"{index}.get({text if value.item == 'node' else value.text}, E)"
    return f"{index}.get({value.text}{'.text' if value.item == 'node' else ''}, E)"


def _find(
    g: Generator, test: Expression, scope: Scope
) -> tuple[_Join | None, tuple[Expression, ...]]:
    """A join in a predicate, if what comes before it cannot fail; and what else is to be tested."""
    strings = frozenset(
        name
        for name, code in scope.variables.items()
        if code.item == "node" or code.item in STRINGS
    )
    parts = tuple(conjuncts(test))
    for number, part in enumerate(parts):
        if (found := _join(g, part, scope, strings)) is not None:
            return found, (*parts[:number], *parts[number + found.whole :])
        if not is_safe(part, strings):
            break
    return None, ()


def _join(g: Generator, part: Expression, scope: Scope, strings: frozenset[str]) -> _Join | None:
    match part:
        case Binary("=", left, right):
            for path, value in ((left, right), (right, left)):
                if _varies(g, value, scope):
                    if _is_path(path):
                        return _Join(path, value, whole=True)
                    if _is_decimal_path(path):
                        return _Join(path, value, whole=True, exact=True)
        case Step("child", test, (inner, *_)) if is_safe(part, strings):
            for each in conjuncts(inner):
                found = _join(g, each, scope, strings)
                if found is not None and not found.exact:
                    return _Join(Slash(Step("child", test), found.path), found.value)
    return None


def _is_decimal_path(expression: Expression) -> bool:
    """`path/xs:decimal(path)` or `xs:decimal(path)`."""
    match expression:
        case Slash(left, right):
            return _is_path(left) and _is_decimal_path(right)
        case Call(name, (inner,)):
            return name == f"{XS}decimal" and _is_path(inner)
    return False


def conjuncts(test: Expression) -> Iterator[Expression]:
    """The parts of `a and b and c`."""
    match test:
        case Binary("and", left, right):
            yield from conjuncts(left)
            yield from conjuncts(right)
        case Sequence((single,)):
            yield from conjuncts(single)
        case _:
            yield test


def _is_path(expression: Expression) -> bool:
    """A path downwards from the node in question that needs nothing else."""
    match expression:
        case ContextItem():
            return True
        case Sequence((single,)):
            return _is_path(single)
        case Step(axis, _, predicates):
            return axis in ("child", "attribute") and not predicates
        case Slash(left, right):
            return _is_path(left) and isinstance(right, Step) and _is_path(right)
    return False


def _varies(g: Generator, value: Expression, scope: Scope) -> bool:
    """Whether a value does not come from the node in question, but is not the same all over."""
    needed = depends(value)
    if FOCUS in needed or not needed or not isinstance(value, Variable | Slash | Step | Call):
        return False
    return not all(name == ROOT or g.is_known(name, scope) for name in needed)


def _index(g: Generator, base: Expression, join: _Join, scope: Scope) -> str | None:
    """A Python expression for the index: text -> nodes of the base."""
    if g.is_fixed(base, scope):
        return _index_function(g, base, join, scope, None)
    if scope.context is None or scope.item != "node":
        return None
    split = _anchored(base)
    if split is None:
        return None
    up, rest = split
    anchor = scope.context + ".parent" * up
    return _index_function(g, rest, join, scope, anchor)


def _index_function(
    g: Generator, base: Expression, join: _Join, scope: Scope, anchor: str | None
) -> str | None:
    """A function that makes the index once per document, or once per node that it starts from."""
    call = "(t)" if anchor is None else f"(t, {anchor})"
    sources = depends(base) | depends(join.path)
    texts = (scope.variables[s[1:]].text for s in sources if s[1:] in scope.variables)
    same = (base, join.path, join.exact, anchor is None, scope.rooted, *sorted(texts))
    if CURRENT not in sources and same in g.indexes:
        return g.indexes[same] + call
    name, node = g.fresh("X"), g.fresh()
    key = repr(name) if anchor is None else f"({name!r}, a)"
    memory = g.memory(base, scope) if anchor is None else "t.memory"
    start = scope.at("t.document" if anchor is None else "a", "node")
    nodes = g.make(base, start)
    values = g.make(join.path, scope.at(node, "node"))
    if nodes.item != "node" or values.item != ("decimal" if join.exact else "node"):
        return None
    found = as_sequence(values) if join.exact else g.texts(values)
    g.lines += [
        f"def {name}(t{'' if anchor is None else ', a'}):",
        f"    k = {key}",
        f"    m = {memory}",
        "    if k in m: return m[k]",
        f"    v = m[k] = s.index({g.as_nodes(nodes)}, lambda {node}: {found})",
        "    return v",
    ]
    g.indexes[same] = name
    return name + call


def _anchored(base: Expression) -> tuple[int, Expression] | None:
    """How many parents up a path begins, and the rest of it from there."""
    match base:
        case Sequence((single,)):
            return _anchored(single)
        case Binary("|", left, right):
            first, second = _anchored(left), _anchored(right)
            if first is None or second is None or first[0] != second[0]:
                return None
            return first[0], Binary("|", first[1], second[1])
        case Slash():
            return _below_parents(base)
    return None


def _below_parents(path: Slash) -> tuple[int, Expression] | None:
    parts = list(_parts(path))
    up = 0
    while up < len(parts) and parts[up] == _PARENT:
        up += 1
    rest = parts[up:]
    if not up or not rest or not all(_is_own(part) for part in rest):
        return None
    result = rest[0]
    for part in rest[1:]:
        result = Slash(result, part)
    return up, result


def _is_own(part: Expression) -> bool:
    """A step downwards whose predicates need nothing but the node."""
    return isinstance(part, Step) and part.axis == "child" and depends(part) <= {FOCUS}


def _parts(path: Expression) -> Iterator[Expression]:
    if isinstance(path, Slash):
        yield from _parts(path.left)
        yield from _parts(path.right)
    else:
        yield path
