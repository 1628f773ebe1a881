"""The structs of the model by their dotted names: types, values, and how one is built."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, Union

import msgspec


class Plan(msgspec.Struct, frozen=True):
    """How a struct is built from the flat values of a frame."""

    struct: type[msgspec.Struct]
    scalars: tuple[tuple[str, str], ...]  #: attribute, key
    groups: tuple[tuple[str, Plan], ...]
    repeated: tuple[tuple[str, str, type[msgspec.Struct]], ...]  #: attribute, key, type of one
    required: tuple[str, ...]  #: attributes without which the struct says nothing


def type_at(struct: type[msgspec.Struct], name: str) -> tuple[Any, bool]:
    """The type of a dotted attribute and whether it is a tuple.

    Raises:
        ValueError: there is no such attribute.
    """
    kind: Any = struct
    many = False
    for part in name.split("."):
        hints = _hints(kind)
        if part not in hints:
            raise ValueError(f"{kind.__name__} has no {part!r} (in {name!r})")
        kind, many = _bare(hints[part])
    return kind, many


@cache
def _hints(struct: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(struct)


def _bare(hint: Any) -> tuple[Any, bool]:
    """`tuple[X, ...]` and `X | None` without their wrapping."""
    origin = typing.get_origin(hint)
    if origin is tuple:
        return typing.get_args(hint)[0], True
    if origin in (Union, types.UnionType):
        return next(a for a in typing.get_args(hint) if a is not type(None)), False
    return hint, False


@cache
def plan_of(struct: type[Any], prefix: str = "") -> Plan:
    """How to build a struct from the flat keys below a prefix."""
    scalars, groups, repeated = [], [], []
    for name in struct.__struct_fields__:
        kind, many = type_at(struct, name)
        if many:
            repeated.append((name, prefix + name, kind))
        elif issubclass(kind, msgspec.Struct):
            groups.append((name, plan_of(kind, f"{prefix}{name}.")))
        else:
            scalars.append((name, prefix + name))
    required = tuple(f.name for f in msgspec.structs.fields(struct) if f.required)
    return Plan(struct, tuple(scalars), tuple(groups), tuple(repeated), required)


def getter(key: str) -> Callable[[Any], Any]:
    """A function that follows a dotted attribute and gives None where a group is absent."""
    names = key.split(".")
    last = names.pop()

    def get(value: Any) -> Any:
        for name in names:
            value = getattr(value, name)
            if value is None:
                return None
        return getattr(value, last)

    return get
