"""The names that the functions of a compiled rule set see."""

from __future__ import annotations

import ast
from decimal import Decimal
from sys import intern
from types import CodeType
from typing import Any

import msgspec

from einvoice.schematron import functions, nodes, operators, runtime, tree
from einvoice.schematron.run import Lazy
from einvoice.schematron.runtime import ERRORS
from einvoice.schematron.table import Alternative

#: The modules whose functions are called, by the name that generated text has for each.
_MODULES = {"r": runtime, "o": operators, "f": functions, "s": nodes}
_NAMES: dict[str, Any] = {
    "E": (),
    "BLANKS": runtime.BLANKS,
    "ERRORS": ERRORS,
    "Lazy": Lazy,
    "Decimal": Decimal,
    "intern": intern,
    "NOWHERE": tree.NOWHERE,
    "ELEMENT": tree.ELEMENT,
    "ATTRIBUTE": tree.ATTRIBUTE,
    "TEXT": tree.TEXT,
    "COMMENT": tree.COMMENT,
    "INSTRUCTION": tree.INSTRUCTION,
}


_NAMES.update(
    (f"{short}_{name}", value)
    for short, module in _MODULES.items()
    for name, value in vars(module).items()
    if not name.startswith("_")
)


class Flat(ast.NodeTransformer):
    """Makes `f.name` the global name `f_name`, which is found faster."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # noqa: N802 - named by `ast`
        """One attribute access."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in _MODULES:
            return ast.copy_location(ast.Name(f"{node.value.id}_{node.attr}", node.ctx), node)
        return node


def _contexts(packed: bytes) -> tuple[Alternative, ...]:
    return msgspec.msgpack.decode(packed, type=tuple[Alternative, ...])


def namespace(code: CodeType) -> dict[str, Any]:
    """Execute the definitions of a rule set and give its functions."""
    names = {**_NAMES, "contexts": _contexts}
    exec(code, names)  # noqa: S102 - our own text, made from a parsed rule set
    return names
