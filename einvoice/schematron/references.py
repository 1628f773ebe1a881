"""What expressions refer to: variables, functions, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from einvoice.schematron.ir import RuleSetForm
from einvoice.schematron.xpath.syntax import Call, For, Quantified, Text, Variable

_READS = frozenset(("document", "doc", "doc-available"))
#: Functions that reach outside the document and the rule set's own XML files.
_REFUSED = frozenset(
    (
        "available-environment-variables",
        "collection",
        "environment-variable",
        "evaluate",
        "json-doc",
        "load-xquery-module",
        "transform",
        "unparsed-text",
        "unparsed-text-available",
        "unparsed-text-lines",
        "uri-collection",
    )
)

_Tree = TypeVar("_Tree")


def free_variables(tree: object) -> frozenset[str]:
    """The variables that an expression or match pattern takes from outside."""
    if isinstance(tree, Variable):
        return frozenset((tree.name,))
    if isinstance(tree, For):
        return free_variables(tree.items) | (free_variables(tree.body) - {tree.variable})
    if isinstance(tree, Quantified):
        return free_variables(tree.items) | (free_variables(tree.test) - {tree.variable})
    found: set[str] = set()
    for part in _parts(tree):
        found |= free_variables(part)
    return frozenset(found)


def renamed(tree: _Tree, names: Mapping[str, str]) -> _Tree:
    """The tree with its free variables under other names, which no variable in it may have."""
    if not names or not isinstance(tree, msgspec.Struct | tuple):
        return tree
    if isinstance(tree, tuple):
        return tuple(renamed(part, names) for part in tree)  # type: ignore[return-value]
    if isinstance(tree, Variable):
        return Variable(names.get(tree.name, tree.name))  # type: ignore[return-value]
    inner = names
    if isinstance(tree, For | Quantified):
        inner = {old: new for old, new in names.items() if old != tree.variable}
    fields = {field: getattr(tree, field) for field in tree.__struct_fields__}
    bound = {"items": names} if isinstance(tree, For | Quantified) else {}
    changed = {name: renamed(part, bound.get(name, inner)) for name, part in fields.items()}
    return type(tree)(**changed)


def calls_in(tree: object) -> Iterator[Call]:
    """All function calls in a syntax tree."""
    if isinstance(tree, Call):
        yield tree
    for part in _parts(tree):
        yield from calls_in(part)


def _parts(tree: object) -> Iterable[object]:
    if isinstance(tree, tuple):
        return tree
    if isinstance(tree, msgspec.Struct):
        return [getattr(tree, field) for field in tree.__struct_fields__]
    return ()


def documents_of(form: RuleSetForm) -> tuple[str, ...]:
    """The names of the files beside its source that a rule set reads."""
    names = {
        str(call.arguments[0].value)
        for call in calls_in((form.lets, form.functions, form.keys, form.patterns))
        if call.name in _READS and call.arguments and isinstance(call.arguments[0], Text)
    }
    return tuple(sorted(names))


def reads_outside(call: Call, folder: Path) -> str | None:
    """Why a call may read what is not in the folder of its rule set; None if it does not.

    The name of a file must be written as a string, or it would be known only at run time.
    """
    if call.name in _REFUSED:
        return f"{call.name}() may read what is not part of the rule set"
    if call.name not in _READS:
        return None
    name = call.arguments[0] if len(call.arguments) == 1 else None
    if not isinstance(name, Text):
        return f"{call.name}() needs the name of a file, written as one string"
    if name.value in ("", ".", "..") or Path(name.value).name != name.value:
        return f"{call.name}({name.value!r}) reads outside the folder of the rule set"
    if not (folder / name.value).is_file():
        return f"{call.name}({name.value!r}): there is no such file in the rule set"
    return None
