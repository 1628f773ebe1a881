"""Values converted to sequence types, as parameters, results and variables of XSLT have them."""

from __future__ import annotations

from einvoice.schematron.generate import Generator
from einvoice.schematron.shapes import (
    NUMBERS,
    STRINGS,
    Code,
    Count,
    Item,
    Uncompilable,
    as_sequence,
)

#: Sequence type -> what a value of it is in Python.
TYPES: dict[str | None, tuple[Item, Count]] = {
    None: ("any", "many"),
    "item()*": ("any", "many"),
    "xs:string?": ("text", "maybe"),
    "xs:string": ("text", "one"),
    "xs:string*": ("text", "many"),
    "xs:boolean": ("truth", "one"),
    "xs:decimal": ("decimal", "one"),
    "xs:decimal?": ("decimal", "maybe"),
    "xs:integer": ("integer", "one"),
    "xs:integer?": ("integer", "maybe"),
    "xs:double": ("double", "one"),
    "element()": ("node", "many"),
    "element()?": ("node", "many"),
    "element()*": ("node", "many"),
    "node()*": ("node", "many"),
    "node()?": ("node", "many"),
    "node()": ("node", "many"),
}


def shape_of(kind: str | None) -> Code:
    """Code without text for a value of a sequence type."""
    normal = "".join(kind.split()) if kind else None
    if normal not in TYPES:
        raise Uncompilable(f"the sequence type {kind} has no translation")
    item, count = TYPES[normal]
    return Code(text="", item=item, count=count)


def converted(g: Generator, code: Code, kind: str | None) -> str:
    """A value, converted to a sequence type as XSLT does."""
    wanted = shape_of(kind)
    if wanted.item == "any":
        return g.as_items(code)
    if wanted.item == "node":
        return g.as_nodes(code) if code.item == "node" else f"s.expect_nodes({as_sequence(code)})"
    if wanted.item == "text":
        return _as_text(g, code, wanted.count)
    if code.item == wanted.item and code.count == "one":
        return code.text if code.strict else f"bool({code.text})"
    if wanted.item in NUMBERS or wanted.item == "truth":
        items = g.as_items(code)
        text = f"r.as_{wanted.item}({items})"
        return f"r.required({text})" if wanted.count == "one" else text
    raise Uncompilable(f"a conversion to {kind} has no translation")


def _as_text(g: Generator, code: Code, count: str) -> str:
    if count == "many":
        return g.texts(code) if is_text(code) else f"f.all_texts({g.as_items(code)})"
    if code.count == "one" and not code.nowhere and is_text(code):
        return f"{code.text}.text" if code.item == "node" else code.text
    if code.item in STRINGS and code.count == "maybe":
        text = code.text
    else:
        text = f"f.optional_text({as_sequence(code)})"
    return f"r.required({text})" if count == "one" else text


def is_text(code: Code) -> bool:
    """Whether code gives nodes or strings."""
    return code.item == "node" or code.item in STRINGS
