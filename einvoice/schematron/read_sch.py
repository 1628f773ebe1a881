"""Reads ISO Schematron source (ISO/IEC 19757-3, query bindings xslt2 and xslt3).

All that is not understood is an error with file and line. Ignored are only titles and paragraphs,
the properties of checks, and links to further reading (`see`, `icon`, `fpi`).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from einvoice.schematron.instructions import read_function, read_key
from einvoice.schematron.ir import Function, Key, Let, RulePattern, RuleSetForm
from einvoice.schematron.reading import (
    BUILT_IN,
    XSL,
    Reader,
    RuleSetError,
    UnknownConstruct,
    elements,
    label,
)
from einvoice.schematron.sch_abstract import resolve
from einvoice.schematron.sch_files import SCH, load_schema
from einvoice.schematron.sch_rules import LINKS, PROSE, RENAMED, RuleReader, read_let, with_names
from einvoice.schematron.scope import check_references

__all__ = ["RuleSetError", "UnknownConstruct", "read_sch"]

_BINDINGS = frozenset(("xslt2", "xslt3", "xpath2", "xpath3"))
_ALL, _DEFAULT = "#ALL", "#DEFAULT"


class _Phase(NamedTuple):
    """What a phase chooses; no patterns means all of them."""

    name: str | None
    patterns: frozenset[str] | None
    lets: tuple[Let, ...]


def read_sch(path: Path, *, phase: str = _DEFAULT) -> RuleSetForm:
    """Read a Schematron schema.

    Args:
        path: the source; what it includes must lie in its folder or below.
        phase: name of a phase, `#ALL`, or `#DEFAULT` for what the schema itself says.

    Raises:
        RuleSetError: a construct in it is wrong or not understood.
        InputNotReadable: the file cannot be opened.
    """
    reader = Reader(path, closed=True)
    schema = load_schema(reader)
    form = _Schema(reader, schema).read(phase)
    check_references(form)
    return form


class _Schema:
    def __init__(self, reader: Reader, schema: etree._Element) -> None:
        self._reader = reader
        self._schema = schema
        self._rules = RuleReader(reader)

    def read(self, phase: str) -> RuleSetForm:
        """The rule set in one of its phases."""
        reader = self._reader
        default_phase = self._prepare()
        resolve(reader, self._schema)
        self._rules.take_diagnostics(self._named("diagnostics"))
        chosen = self._phase(phase, default_phase)
        lets = [read_let(reader, each) for each in self._named("let")]
        patterns, own = self._patterns(chosen, {let.name for let in lets})
        return RuleSetForm(
            title=self._title(),
            lets=_no_doubles(reader, (*lets, *chosen.lets, *own)),
            functions=self._functions(),
            patterns=patterns,
            origin=str(reader.path),
            keys=self._keys(),
            namespaces=reader.namespaces,
            phase=chosen.name,
            includes=tuple(dict.fromkeys(reader.files[1:])),
            sha256=reader.sha256,
        )

    def _named(self, name: str, namespace: str = SCH) -> list[etree._Element]:
        return list(self._schema.iterchildren(f"{namespace}{name}"))

    def _prepare(self) -> str:
        """Take the namespaces and refuse what is not known at the top; the default phase."""
        reader, schema = self._reader, self._schema
        known = "id schemaVersion defaultPhase queryBinding"
        given = reader.attributes(schema, optional=f"{known} {LINKS}")
        binding = given.get("queryBinding", "xslt")
        if binding.lower() not in _BINDINGS:
            reader.fail(schema, f"the query binding {binding!r} is not known, xslt2 is")
        for each in self._named("ns"):
            pair = reader.attributes(each, "prefix uri")
            reader.declare(each, {pair["prefix"]: pair["uri"]})
        for prefix, uri in BUILT_IN.items():
            reader.namespaces.setdefault(prefix, uri)
        parts = ("ns", "let", "phase", "pattern", "diagnostics", "properties", "title", "p")
        allowed = {f"{SCH}{name}" for name in parts} | {f"{XSL}function", f"{XSL}key"}
        for element in elements(schema):
            if element.tag not in allowed:
                reader.refuse(element, "at the top of a schema")
        return given.get("defaultPhase", _ALL)

    def _title(self) -> str:
        titles = ["".join(str(t) for t in each.itertext()) for each in self._named("title")]
        return " ".join(" ".join(titles).split()) or self._schema.get("id") or ""

    def _functions(self) -> tuple[Function, ...]:
        return tuple(read_function(self._reader, each) for each in self._named("function", XSL))

    def _keys(self) -> tuple[Key, ...]:
        return tuple(read_key(self._reader, each) for each in self._named("key", XSL))

    def _phase(self, wanted: str, default: str) -> _Phase:
        phases = {each.get("id"): self._read_phase(each) for each in self._named("phase")}
        name = default if wanted == _DEFAULT else wanted
        if name == _ALL:
            return _Phase(None, None, ())
        if name not in phases:
            known = ", ".join([_ALL, *map(str, phases)])
            self._reader.fail(self._schema, f"there is no phase {name!r}; known: {known}")
        return phases[name]

    def _read_phase(self, element: etree._Element) -> _Phase:
        reader = self._reader
        given = reader.attributes(element, "id", LINKS)
        active: set[str] = set()
        lets: list[Let] = []
        known = {each.get("id") for each in self._named("pattern")}
        for child in elements(element):
            if child.tag == f"{SCH}active":
                name = reader.attributes(child, "pattern")["pattern"]
                if name not in known:
                    reader.fail(child, f"there is no pattern {name!r}")
                active.add(name)
            elif child.tag == f"{SCH}let":
                lets.append(read_let(reader, child))
            elif child.tag not in PROSE:
                reader.refuse(child, f"in {label(element)}")
        return _Phase(given["id"], frozenset(active), tuple(lets))

    def _patterns(
        self, phase: _Phase, taken: set[str]
    ) -> tuple[tuple[RulePattern, ...], tuple[Let, ...]]:
        """The patterns of a phase, and their lets under names that no other pattern has."""
        found: list[RulePattern] = []
        lets: list[Let] = []
        active = [
            each
            for each in self._named("pattern")
            if phase.patterns is None or each.get("id") in phase.patterns
        ]
        names = Counter(
            name
            for each in active
            for name in {str(let.get("name")) for let in each.iterchildren(f"{SCH}let")}
        )
        taken = taken | {let.name for let in phase.lets}
        for number, each in enumerate(active, 1):
            pattern, own = self._rules.pattern(each)
            changed = {
                let.name: f"{let.name}{RENAMED}{number}"
                for let in own
                if names[let.name] > 1 or let.name in taken
            }
            found.append(with_names(pattern, changed))
            lets += with_names(_no_doubles(self._reader, own), changed)
        return tuple(found), tuple(lets)


def _no_doubles(reader: Reader, lets: tuple[Let, ...]) -> tuple[Let, ...]:
    """The lets, once no two of one place have the same name."""
    seen: set[str] = set()
    for let in lets:
        if let.name in seen:
            reason = f"<let {let.name}>: there are two of this name"
            raise RuleSetError(let.file or str(reader.path), let.line, reason)
        seen.add(let.name)
    return lets
