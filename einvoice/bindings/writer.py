"""From the model to XML text, by one walk over the table's tree.

The text is made directly: children in the order of the schema, two blanks a level, one element a
line, namespaces declared once at the root. Same model, same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from einvoice.bindings.tree import Compiled, Node

#: Gives the names of the children of an element in the order of the schema.
Order = Callable[[tuple[str, ...]], dict[str, int]]

#: What XML 1.0 cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE_ESCAPES = _TEXT_ESCAPES | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def write(compiled: Compiled, model: Any) -> bytes:
    """Write a model with a table whose nodes `arrange` has put in order.

    A character that XML cannot hold becomes U+FFFD.
    """
    root = compiled.root
    model = compiled.table.prepare(model)
    currency = model.currency if compiled.table.writes_currency else None
    _, inner = _children(root, model, currency, "\n  ")
    declared = "".join(
        f' xmlns:{prefix}="{uri}"' for prefix, uri in compiled.table.namespaces.items()
    )
    text = f"<{root.name}{declared}>{inner}\n</{root.name}>\n"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_ILLEGAL.sub(chr(0xFFFD), text)}'.encode()


def arrange(node: Node, order: Order, path: tuple[str, ...] = ()) -> None:
    """Put the children of all nodes in the order of the schema.

    Raises:
        KeyError: the table has an element that the schema does not allow there.
    """
    here = (*path, node.tag)
    known = order(here) if node.nodes else {}
    node.order = sorted(node.nodes, key=lambda child: known[child.tag])
    for child in node.nodes:
        if child.again:
            child.order = node.order
        else:
            arrange(child, order, here)
    node.fixed = _is_fixed(node)
    for child in node.nodes:
        child.needs = None if child.fixed or child.always else _needs(child)


def _needs(node: Node) -> str | None:
    """The attribute of the model that all below a node comes from, so that it may be passed by."""
    attributes = {key.partition(".")[0] if "." in key else "" for key in _origins(node)}
    return attributes.pop() or None if len(attributes) == 1 else None


def _origins(node: Node) -> Iterator[str]:
    """The paths in the model of all that a node writes."""
    if node.origin is not None:
        yield node.origin
        return
    leaves = [*node.attributes.values(), *([node.leaf] if node.leaf else [])]
    yield from (leaf.key for leaf in leaves)
    for child in node.nodes:
        if child.always:
            yield ""
        yield from _origins(child)


def _is_fixed(node: Node) -> bool:
    """Whether a node says the same in any document, or does so where a term is absent."""
    if node.attributes or node.repeat is not None or node.always:
        return False
    if node.constant is not None:
        return True
    return node.leaf is None and bool(node.nodes) and all(n.fixed for n in node.nodes)


def _children(node: Node, model: Any, currency: str | None, pad: str) -> tuple[bool, str]:
    """The text of the children, and whether one of them holds a value of the model."""
    real = False
    parts = []
    for child in node.order or ():
        if child.needs is not None and getattr(model, child.needs) is None:
            continue
        if child.repeat is not None:
            for item in child.items(model):
                has, text = _element(child, item, currency, pad)
                if has:
                    real = True
                    parts.append(text)
        else:
            has, text = _element(child, model, currency, pad)
            real = real or has
            if text:
                parts.append(text)
    return real, "".join(parts)


def _element(node: Node, model: Any, currency: str | None, pad: str) -> tuple[bool, str]:
    """The text of an element, and whether it holds a value of the model.

    What is fixed gives text without a value: it is kept only where its parent has a value.
    """
    value, attributes = _content(node, model, currency)
    real, inner = _children(node, model, currency, pad + "  ") if node.nodes else (False, "")
    real = real or value is not None or bool(attributes) or node.always
    if not real and not node.fixed:
        return False, ""
    real = real and not node.echo
    attributes += "".join(f' {name}="{text}"' for name, text in node.constants.items())
    inner = (value or node.constant or "") + inner
    if not inner:
        return real, f"{pad}<{node.name}{attributes}/>"
    end = pad if inner.endswith(">") else ""
    return real, f"{pad}<{node.name}{attributes}>{inner}{end}</{node.name}>"


def _content(node: Node, model: Any, currency: str | None) -> tuple[str | None, str]:
    """The escaped text of an element and its attributes, as far as the model has them."""
    text = None
    attributes = ""
    leaf = node.leaf
    if leaf is not None and leaf.role != "fallback" and (value := leaf.get(model)) is not None:
        text = leaf.codec.dump(value).translate(_TEXT_ESCAPES)
        if leaf.codec.currency and currency:
            attributes = f' currencyID="{currency.translate(_ATTRIBUTE_ESCAPES)}"'
    for name, bound in node.attributes.items():
        if bound.role != "fallback" and (value := bound.get(model)) is not None:
            attributes += f' {name}="{bound.codec.dump(value).translate(_ATTRIBUTE_ESCAPES)}"'
    return text, attributes
