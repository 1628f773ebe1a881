"""Writes SVRL (ISO/IEC 19757-3, annex D) for what fired, whichever evaluator found it.

Patterns are listed as the rule set has them, and under each the rules that found something. What is
not known of a finding, because its rule set is not read or its id stands in several rules, is left
out; a check that could not be evaluated is a failed assertion with the cause as its text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from lxml import etree

from einvoice.schematron.ir import Check, Rule, RulePattern, RuleSetForm
from einvoice.schematron.location import Step, read
from einvoice.schematron.svrl import Fired, Kind

_URI = "http://purl.oclc.org/dsdl/svrl"
_SVRL = f"{{{_URI}}}"
_ELEMENTS = {Kind.ASSERT: "failed-assert", Kind.REPORT: "successful-report"}
_ABORTED = "cannot be evaluated: "
#: What XML 1.0 cannot hold, and so no message.
_NO_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), "\ufffd")


class _Origin(msgspec.Struct, frozen=True):
    """The check that a finding comes from, and its place in the rule set."""

    order: tuple[int, int, int]
    rule: Rule
    check: Check


class _Entry(msgspec.Struct, frozen=True):
    """A finding, ready to be written."""

    fired: Fired
    steps: tuple[Step, ...]
    origin: _Origin | None


def write_svrl(
    parts: Sequence[tuple[Iterable[Fired], RuleSetForm | None]], title: str = ""
) -> bytes:
    """Write a report.

    Args:
        parts: what a rule set found, and the rule set as read, for its patterns, contexts and
            tests; a composed one has several.
        title: of the rule set; else that of the first part.
    """
    forms = [form for _, form in parts if form is not None]
    report = etree.Element(f"{_SVRL}schematron-output", nsmap={"svrl": _URI})
    report.set("title", title or (forms[0].title if forms else ""))
    report.set("schemaVersion", "iso")
    if forms and forms[0].phase:
        report.set("phase", forms[0].phase)
    for prefix, uri in sorted({pair for form in forms for pair in form.namespaces.items()}):
        etree.SubElement(report, f"{_SVRL}ns-prefix-in-attribute-values", prefix=prefix, uri=uri)
    for fired, form in parts:
        for pattern, entries in _by_pattern(fired, form):
            _add_pattern(report, pattern, entries)
    return etree.tostring(report, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _by_pattern(
    fired: Iterable[Fired], form: RuleSetForm | None
) -> Iterator[tuple[RulePattern | None, list[_Entry]]]:
    """The findings of each pattern; those of no known one come last."""
    origins = _origins(form)
    groups: dict[int, list[_Entry]] = defaultdict(list)
    for each in fired:
        origin = _origin(each, origins)
        steps = read(each.location, form.namespaces if form else None) or ()
        groups[origin.order[0] if origin else -1].append(_Entry(each, steps, origin))
    for number, pattern in enumerate(form.patterns if form else ()):
        yield pattern, sorted(groups[number], key=_order)
    if form is None or groups[-1]:
        yield None, sorted(groups[-1], key=_order)


def _origins(form: RuleSetForm | None) -> dict[tuple[str, bool], list[_Origin]]:
    found: dict[tuple[str, bool], list[_Origin]] = defaultdict(list)
    for i, pattern in enumerate(form.patterns if form else ()):
        for j, rule in enumerate(pattern.rules):
            for k, check in enumerate(rule.checks):
                key = (check.id or _fixed_text(check), check.report)
                found[key].append(_Origin((i, j, k), rule, check))
    return found


def _fixed_text(check: Check) -> str:
    """What tells checks without an id apart: the text of the message."""
    return " ".join("".join(part for part in check.message if isinstance(part, str)).split())


def _origin(fired: Fired, known: dict[tuple[str, bool], list[_Origin]]) -> _Origin | None:
    """The check that a finding comes from; of several the first."""
    key = fired.rule or " ".join(fired.text.split())
    found = known.get((key, fired.kind is Kind.REPORT))
    if not found and fired.kind is Kind.ABORT:
        found = known.get((key, True))
    return found[0] if found else None


def _order(entry: _Entry) -> tuple[object, ...]:
    place = tuple((each.attribute, each.tag, each.position) for each in entry.steps)
    order = entry.origin.order if entry.origin else ()
    fired = entry.fired
    return (place, order, fired.rule or "", fired.kind.value, fired.text, fired.location)


def _add_pattern(
    report: etree._Element,
    pattern: RulePattern | None,
    entries: list[_Entry],
) -> None:
    named = {} if pattern is None else {"id": pattern.id, "name": pattern.name}
    _set(etree.SubElement(report, f"{_SVRL}active-pattern"), named)
    last: object = None
    for entry in entries:
        rule = entry.origin.rule if entry.origin else None
        now = (entry.steps or entry.fired.location, entry.origin and entry.origin.order[:2])
        if now != last:
            _add_rule(report, rule)
            last = now
        _add_finding(report, entry)


def _add_rule(report: etree._Element, rule: Rule | None) -> None:
    fired = etree.SubElement(report, f"{_SVRL}fired-rule")
    if rule is None:
        fired.set("context", "")
        return
    _set(fired, {"id": rule.id, "context": rule.written, "flag": rule.flag, "role": rule.role})


def _add_finding(report: etree._Element, entry: _Entry) -> None:
    fired, check = entry.fired, entry.origin.check if entry.origin else None
    aborted = fired.kind is Kind.ABORT
    kind = Kind.ASSERT if aborted else fired.kind
    element = etree.SubElement(report, f"{_SVRL}{_ELEMENTS[kind]}")
    _set(
        element,
        {
            "id": fired.rule,
            "location": "".join(map(_step, entry.steps)) or fired.location or "/",
            "test": check.written if check else "",
            "role": check.role if check else None,
            "flag": "fatal" if aborted else fired.flag,
        },
    )
    text = etree.SubElement(element, f"{_SVRL}text")
    words = " ".join(fired.text.split())
    text.text = ((_ABORTED if aborted else "") + words).translate(_NO_XML)


def _step(step: Step) -> str:
    """One step of a location, with the namespace in full."""
    uri, _, local = step.tag[1:].rpartition("}") if step.tag.startswith("{") else ("", "", step.tag)
    if step.attribute:
        return f"/@Q{{{uri}}}{local}" if uri else f"/@{local}"
    return f"/Q{{{uri}}}{local}[{step.position}]"


def _set(element: etree._Element, given: dict[str, str | None]) -> None:
    for name, value in given.items():
        if value is not None:
            element.set(name, value.translate(_NO_XML))
