"""6.6.2.3.2 and 6.6.2.3.3: the descriptions of properties that XMP does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.xmp_schemas import EXTENSION, predefined_structures
from einvoice.pdf.pdfa.xmp_tree import Node
from einvoice.pdf.pdfa.xmp_types import Fields, Types

SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
TYPE = "http://www.aiim.org/pdfa/ns/type#"
FIELD = "http://www.aiim.org/pdfa/ns/field#"


class Part(msgspec.Struct, frozen=True):
    """A field of a description: its name, the test that fails without it, and what it must be."""

    name: str
    test: int  #: of clause 6.6.2.3.3
    kind: str = "simple"
    required: bool = True
    allowed: tuple[str, ...] = ()  #: texts; empty for any


class Description(msgspec.Struct, frozen=True):
    """A kind of description: what it describes, its namespace, prefix and fields."""

    title: str
    namespace: str
    prefix: str
    parts: tuple[Part, ...]


SCHEMA_DESCRIPTION = Description(
    "schema",
    SCHEMA,
    "pdfaSchema",
    (
        Part("schema", 2),
        Part("namespaceURI", 3),
        Part("prefix", 4),
        Part("property", 5, "seq", required=False),
        Part("valueType", 6, "seq", required=False),
    ),
)
PROPERTY_DESCRIPTION = Description(
    "property",
    PROPERTY,
    "pdfaProperty",
    (
        Part("name", 7),
        Part("valueType", 8),
        Part("category", 9, allowed=("external", "internal")),
        Part("description", 10),
    ),
)
TYPE_DESCRIPTION = Description(
    "value type",
    TYPE,
    "pdfaType",
    (
        Part("type", 11),
        Part("namespaceURI", 12),
        Part("prefix", 13),
        Part("description", 14),
        Part("field", 15, "seq", required=False),
    ),
)
FIELD_DESCRIPTION = Description(
    "field",
    FIELD,
    "pdfaField",
    (Part("name", 16), Part("valueType", 17), Part("description", 18)),
)


class Extensions(msgspec.Struct, frozen=True):
    """The properties and structures that a packet describes, and what is wrong with that."""

    properties: dict[tuple[str, str], str] = {}
    types: Types = Types({})
    faults: tuple[Fault, ...] = ()


def read_extensions(
    properties: tuple[Node, ...], known: Mapping[str, Fields] | None = None
) -> Extensions:
    """Read the extension schemas; a property without a name or known type is left out.

    `known` are the structures that the packet may use besides its own: those of XMP unless given.
    """
    faults: list[Fault] = []
    structures = dict(predefined_structures() if known is None else known)
    types = Types(structures)
    schemas = [item for container in _containers(properties, faults) for item in container.children]
    for schema in schemas:
        faults.extend(_faults(schema, SCHEMA_DESCRIPTION))
        structures.update(_structures(schema))
    found: dict[tuple[str, str], str] = {}
    for schema in schemas:
        faults.extend(_faults_below(schema, types))
        found.update(_properties(schema, types))
    return Extensions(found, types, tuple(faults))


def _containers(properties: tuple[Node, ...], faults: list[Fault]) -> Iterator[Node]:
    for node in properties:
        if (node.namespace, node.name) != (EXTENSION, "schemas"):
            continue
        if node.kind != "bag" or node.prefix != "pdfaExtension":
            faults.append(
                Fault(
                    "6.6.2.3.3-1",
                    f"the extension schemas stand in {node.prefix}:schemas as {node.kind}, "
                    "expected a bag pdfaExtension:schemas",
                )
            )
        yield node


def _faults(node: Node, description: Description) -> Iterator[Fault]:
    """What is wrong with the fields of one description."""
    for part in description.parts:
        if problem := _problem(node.field(description.namespace, part.name), part, description):
            where = f"the description of a {description.title} in the XMP extension schemas"
            yield Fault(
                f"6.6.2.3.3-{part.test}", f"{where} {problem} {description.prefix}:{part.name}"
            )
    names = {(description.namespace, part.name) for part in description.parts}
    for row in node.children:
        if (row.namespace, row.name) not in names:
            yield Fault(
                "6.6.2.3.2-1",
                f"the description of a {description.title} in the XMP extension schemas "
                f"has the field {row.name}, which does not belong there",
            )


def _problem(found: Node | None, part: Part, description: Description) -> str | None:
    if found is None:
        return "has no" if part.required else None
    if found.prefix != description.prefix:
        return f"has the prefix {found.prefix}, expected"
    if found.kind != part.kind:
        return f"has a {found.kind} value, expected {part.kind}, in"
    if part.allowed and found.text not in part.allowed:
        return f"has {found.text!r}, expected {' or '.join(part.allowed)}, in"
    return None


def _faults_below(schema: Node, types: Types) -> Iterator[Fault]:
    """What is wrong with the properties and types of a schema."""
    for row in _items(schema, SCHEMA, "property"):
        yield from _faults(row, PROPERTY_DESCRIPTION)
        yield from _unknown_type(row, PROPERTY, "6.6.2.3.3-8", types)
    for kind in _items(schema, SCHEMA, "valueType"):
        yield from _faults(kind, TYPE_DESCRIPTION)
        for row in _items(kind, TYPE, "field"):
            yield from _faults(row, FIELD_DESCRIPTION)
            yield from _unknown_type(row, FIELD, "6.6.2.3.3-17", types)


def _unknown_type(row: Node, namespace: str, rule: str, types: Types) -> Iterator[Fault]:
    name = _text(row, namespace, "valueType")
    if name and not types.known(name):
        yield Fault(
            rule,
            f"the XMP extension schemas give {_text(row, namespace, 'name')} "
            f"the value type {name!r}, which is neither of XMP nor described",
        )


def _structures(schema: Node) -> dict[str, Fields]:
    """The value types of a schema; one without fields is a structure that has none."""
    found: dict[str, Fields] = {}
    for kind in _items(schema, SCHEMA, "valueType"):
        name, namespace = _text(kind, TYPE, "type"), _text(kind, TYPE, "namespaceURI")
        if name:
            found[name.lower()] = {
                (namespace, _text(row, FIELD, "name")): _text(row, FIELD, "valueType")
                for row in _items(kind, TYPE, "field")
            }
    return found


def _properties(schema: Node, types: Types) -> dict[tuple[str, str], str]:
    """The properties of a schema whose type is known."""
    namespace = _text(schema, SCHEMA, "namespaceURI")
    rows = [
        (_text(row, PROPERTY, "name"), _text(row, PROPERTY, "valueType"))
        for row in _items(schema, SCHEMA, "property")
    ]
    return {(namespace, name): kind for name, kind in rows if name and kind and types.known(kind)}


def _items(node: Node, namespace: str, name: str) -> tuple[Node, ...]:
    found = node.field(namespace, name)
    return found.children if found else ()


def _text(node: Node, namespace: str, name: str) -> str:
    found = node.field(namespace, name)
    return found.text.strip() if found else ""
