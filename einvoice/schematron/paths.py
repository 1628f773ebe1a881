"""Paths, steps, filters and unions as Python expressions."""

from __future__ import annotations

import msgspec

from einvoice.schematron import joins
from einvoice.schematron.dependence import ROOT, depends, mentions
from einvoice.schematron.generate import Generator
from einvoice.schematron.predicates import filtered, may_count
from einvoice.schematron.shapes import (
    Code,
    Scope,
    Uncompilable,
    as_sequence,
    as_strict,
    clark,
    looped,
    many,
    maybe,
    name_condition,
    one,
)
from einvoice.schematron.xpath.syntax import (
    Binary,
    Expression,
    Filter,
    KindTest,
    NameTest,
    Root,
    Sequence,
    Slash,
    Step,
)

_NODE = KindTest("node")
_EVERYWHERE = Step("descendant-or-self", _NODE)
_KINDS = {"text": "TEXT", "comment": "COMMENT", "processing-instruction": "INSTRUCTION"}
_BACKWARDS = frozenset(("ancestor", "ancestor-or-self", "preceding", "preceding-sibling"))
_FLAT_AXES = frozenset(("child", "attribute", "self", "parent"))


def root(g: Generator, expression: Root, scope: Scope) -> Code:
    """`/`."""
    if not scope.rooted:
        return many("r.fail('there is no context item in a function')", "node")
    return one("t.document", "node")


def step(g: Generator, expression: Step, scope: Scope) -> Code:
    """A step from the context item."""
    if scope.context is None:
        return many("r.fail('there is no context item in a function')", "node")
    if scope.item == "node":
        return from_node(g, scope.context, expression, scope, inner=scope.inner)
    return from_node(g, f"s.expect_node({scope.context})", expression, scope)


def from_node(g: Generator, node: str, each: Step, scope: Scope, *, inner: bool = False) -> Code:
    """A step from one node."""
    single = _single(g, node, each, inner)
    if single is not None and not each.predicates:
        return single
    source = as_sequence(single) if single is not None else axis_source(g, node, each)
    backwards = each.axis in _BACKWARDS and any(map(may_count, each.predicates))
    if backwards:  # places are counted from the node
        source = f"{source}[::-1]"
    variable = g.fresh()
    code = Code(
        text=source,
        item="node",
        count="many",
        loop=(f"for {variable} in {source}",),
        variable=variable,
        flat=each.axis in _FLAT_AXES,
        exists=f"{node}.kids" if source == f"{node}.children" else "",
    )
    code = filtered(g, code, each.predicates, scope)
    return msgspec.structs.replace(code, ordered=False) if backwards else code


def _single(g: Generator, node: str, each: Step, inner: bool) -> Code | None:
    """A step that leads to one node at most."""
    test = each.test
    name = clark(test) if isinstance(test, NameTest) else None
    if each.axis == "attribute" and name is not None:
        return maybe(f"{node}.attributes.get({g.element_name(name)})", "node")
    if each.axis == "parent" and test == _NODE:
        return Code(text=f"{node}.parent", item="node", count="one", nowhere=not inner)
    if each.axis == "self" and node.isidentifier():
        condition = node_condition(g, node, each)
        if not condition:
            return one(node, "node")
        return maybe(f"({node} if {condition} else None)", "node")
    return None


def axis_source(g: Generator, node: str, each: Step) -> str:
    """The nodes along an axis that pass the node test, as a sequence or iterator."""
    axis, test = each.axis, each.test
    name = clark(test) if isinstance(test, NameTest) else None
    if name is not None:
        named = g.element_name(name)
        if axis == "child":
            return f"{node}.kids.get({named}, E)"
        if axis == "descendant":
            return f"t.below({node}, {named})"
        if axis == "ancestor":
            return f"s.ancestors_named({node}, {named})"
        if axis == "preceding":
            return f"t.before({node}, {named})"
    if isinstance(test, KindTest) and axis in ("child", "descendant", "descendant-or-self"):
        return _of_kind(node, axis, test.kind)
    walk = _WALKS.get(axis)
    if walk is None:
        raise Uncompilable(f"the axis {axis} has no translation for this node test")
    source = walk.format(node=node)
    variable = g.fresh()
    condition = node_condition(g, variable, each)
    return f"[{variable} for {variable} in {source} if {condition}]" if condition else source


_WALKS = {
    "child": "{node}.children",
    "attribute": "{node}.attributes.values()",
    "self": "({node},)",
    "parent": "r.listed(s.real({node}.parent))",
    "descendant": "s.elements_inside({node})",
    "descendant-or-self": "({node}, *s.elements_inside({node}))",
    "ancestor": "s.ancestors({node})",
    "ancestor-or-self": "s.ancestors({node}, self_too=True)",
    "preceding": "t.preceding({node})",
    "following": "t.following({node})",
    "preceding-sibling": "s.siblings({node}, before=True)",
    "following-sibling": "s.siblings({node}, before=False)",
}


def _of_kind(node: str, axis: str, kind: str) -> str:
    if kind == "element":
        return _WALKS[axis].format(node=node)
    if kind != "node" and kind not in _KINDS:
        raise Uncompilable(f"{kind}() has no translation on the axis {axis}")
    number = _KINDS.get(kind, "None")
    if axis == "child":
        return f"s.content({node}, {number})"
    extra = ", self_too=True" if axis == "descendant-or-self" else ""
    return f"s.inside({node}, {number}{extra})"


def node_condition(g: Generator, node: str, each: Step) -> str:
    """The node test as a Python condition, empty if any node passes."""
    test = each.test
    if isinstance(test, KindTest):
        if test.kind == "node":
            return ""
        kinds = {**_KINDS, "element": "ELEMENT", "attribute": "ATTRIBUTE"}
        if test.kind not in kinds:
            raise Uncompilable(f"{test.kind}() has no translation")
        return f"{node}.kind == {kinds[test.kind]}"
    kind = "ATTRIBUTE" if each.axis == "attribute" else "ELEMENT"
    sure = each.axis in (
        "attribute",
        "child",
        "descendant",
        "preceding",
        "following",
        "preceding-sibling",
        "following-sibling",
    )
    name = clark(test)
    condition = (
        f"{node}.name == {g.element_name(name)}"
        if name is not None
        else name_condition(f"{node}.name", test)
    )
    tests = [*([] if sure else [f"{node}.kind == {kind}"]), *([condition] if condition else [])]
    return " and ".join(tests)


def slash(g: Generator, expression: Slash, scope: Scope) -> Code:
    """`left/right`."""
    if mentions(expression.left, "document", "doc") and ROOT in depends(expression.right):
        raise Uncompilable("`/` inside another document has no translation")
    if (spread := _spread(expression)) is not None:
        return g.make(spread, scope)
    if (joined := joins.of_step(g, expression, scope)) is not None:
        return filtered(g, joined.nodes, joined.rest, scope)
    if (split := _split(g, expression, scope)) is not None:
        return split
    if (anywhere := _anywhere(g, expression, scope)) is not None:
        return anywhere
    left = g.make(expression.left, scope)
    if left.item not in ("node", "any"):
        return many("r.fail('a path begins at a value that is no node')", "node")
    if left.item == "any":
        left = many(f"s.expect_nodes({as_sequence(left)})", "node")
    right = expression.right
    sure = not (left.nowhere and isinstance(right, Step) and right.axis.endswith("self"))
    if left.count == "one" and sure and isinstance(right, Step):
        return from_node(g, left.text, right, scope)
    return _each(g, left, right, scope)


def _spread(expression: Slash) -> Expression | None:
    """`//(a|b)` is `//a|//b`."""
    left, right = expression.left, expression.right
    if not (isinstance(left, Slash) and left.right == _EVERYWHERE):
        return None
    match right:
        case Sequence((Binary("|", first, second),)):
            parts = (Slash(left, Sequence((first,))), Slash(left, Sequence((second,))))
            return Binary("|", *parts)
        case Sequence((Step() as only,)):
            return Slash(left, only)
    return None


def _split(g: Generator, expression: Slash, scope: Scope) -> Code | None:
    """A step from nodes that are the same all over the document, where a predicate is not.

    The step with the predicates before that one is evaluated once.
    """
    left, right = expression.left, expression.right
    if not isinstance(right, Step) or not right.predicates or not g.is_fixed(left, scope):
        return None
    if any(map(may_count, right.predicates)):
        return None
    tests = [part for test in right.predicates for part in joins.conjuncts(test)]
    fixed = [g.is_known_inside(test, scope) for test in tests]
    if all(fixed):
        return None
    count = fixed.index(False)
    base = Slash(left, Step(right.axis, right.test, tuple(tests[:count])))
    return filtered(g, g.make(base, scope), tuple(tests[count:]), scope)


def _each(g: Generator, left: Code, right: Expression, scope: Scope) -> Code:
    """The right side for each node of the left one."""
    loop, variable = g.as_loop(left)
    inner = scope.at(variable, "node")
    code = from_node(g, variable, right, inner) if isinstance(right, Step) else g.make(right, inner)
    if code.item != "node":
        if not (left.ordered and left.unique):
            loop = (f"for {variable} in {g.as_nodes(left)}",)
        return _values(g, loop, code)
    return _nodes(g, left, loop, code, right)


def _values(g: Generator, loop: tuple[str, ...], code: Code) -> Code:
    if code.count == "one":
        return many(f"[{as_strict(code).text} {' '.join(loop)}]", code.item)
    inner, variable = g.as_loop(code)
    return many(f"[{variable} {' '.join((*loop, *inner))}]", code.item)


def _nodes(g: Generator, left: Code, loop: tuple[str, ...], code: Code, right: Expression) -> Code:
    inner, variable = _inner_loop(g, code)
    loop = (*loop, *inner)
    down = isinstance(right, Step) and right.axis in ("child", "attribute", "self")
    single = left.count != "many"
    ordered = left.ordered and code.ordered and (single or (down and left.flat))
    return Code(
        text=looped(loop, variable),
        item="node",
        count="many",
        loop=loop,
        variable=variable,
        ordered=ordered,
        unique=left.unique and code.unique and (single or down),
        flat=code.flat and (single or (down and left.flat)),
    )


def _inner_loop(g: Generator, code: Code) -> tuple[tuple[str, ...], str]:
    """Clauses for a node or nodes inside a loop."""
    if code.count == "one" and code.text.isidentifier():
        return (), code.text
    if code.loop:
        return code.loop, code.variable
    variable = g.fresh()
    if code.nowhere:
        return (f"for {variable} in ({code.text},)", f"if {variable} is not NOWHERE"), variable
    if code.count == "maybe":
        return (f"for {variable} in ({code.text},)", f"if {variable} is not None"), variable
    return (f"for {variable} in {as_sequence(code)}",), variable


def _anywhere(g: Generator, expression: Slash, scope: Scope) -> Code | None:
    """`top//step`: the descendants at once, unless a predicate counts among siblings."""
    left, right = expression.left, expression.right
    if not (isinstance(left, Slash) and left.right == _EVERYWHERE and isinstance(right, Step)):
        return None
    if right.axis not in ("child", "attribute") or any(map(may_count, right.predicates)):
        return None
    top = g.make(left.left, scope)
    if top.item != "node":
        return None
    if right.axis == "child":
        below = Step("descendant", right.test, right.predicates)
        if top.count == "one" and not top.nowhere:
            return from_node(g, top.text, below, scope)
        return _each(g, top, below, scope)
    return _attributes_inside(g, top, right, scope)


def _attributes_inside(g: Generator, top: Code, right: Step, scope: Scope) -> Code:
    """`top//@name`."""
    if top.text == "t.document" and isinstance(right.test, NameTest) and not right.predicates:
        name = clark(right.test)
        if name is not None:
            return many(f"t.attributes_named({g.element_name(name)})", "node")
    inside = _each(g, top, Step("descendant-or-self", KindTest("element")), scope)
    return _each(g, inside, right, scope)


def filter_(g: Generator, expression: Filter, scope: Scope) -> Code:
    """`(base)[predicate]`."""
    if (joined := joins.of_filter(g, expression, scope)) is not None:
        return filtered(g, joined.nodes, joined.rest, scope)
    base = g.make(expression.base, scope)
    if base.item == "node":
        base = msgspec.structs.replace(
            many(g.as_nodes(base), "node"),
            loop=base.loop if base.ordered and base.unique else (),
            variable=base.variable,
            flat=base.flat,
        )
    return filtered(g, base, expression.predicates, scope)


def combined(g: Generator, sign: str, left: Expression, right: Expression, scope: Scope) -> Code:
    """Union, intersection, difference."""
    a, b = g.make(left, scope), g.make(right, scope)
    if a.item != "node" or b.item != "node":
        raise Uncompilable(f"the operator {sign} on what may be no nodes has no translation")
    first, second = as_sequence(a), as_sequence(b)
    if sign == "|":
        if _apart(left, right):
            text = f"(*{first}, *{second})"
            return Code(
                text=text,
                item="node",
                count="many",
                ordered=False,
                unique=a.unique and b.unique,
                flat=a.flat and b.flat and _flat_apart(left, right),
            )
        return Code(text=f"s.united({first}, {second})", item="node", count="many", flat=False)
    function = "common" if sign == "intersect" else "without"
    return Code(text=f"s.{function}({first}, {second})", item="node", count="many", flat=False)


def _apart(left: Expression, right: Expression) -> bool:
    """Whether no node can be in both: elements of different names."""
    names = [_last_name(each) for each in (left, right)]
    return None not in names and names[0] != names[1]


def _flat_apart(left: Expression, right: Expression) -> bool:
    return isinstance(left, Step) and isinstance(right, Step)


def _last_name(expression: Expression) -> tuple[str, str] | None:
    if isinstance(expression, Slash):
        return _last_name(expression.right)
    if isinstance(expression, Step) and expression.axis in ("child", "attribute"):
        name = clark(expression.test) if isinstance(expression.test, NameTest) else None
        return (expression.axis, name) if name is not None else None
    return None
