"""Findings put together for a reader: one entry per rule and message, the gravest first."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from einvoice.findings import Finding, Layer, Report, Severity, Status

#: Places shown of a rule that is broken many times in one document.
PLACES_SHOWN = 3

#: What a layer did that gave no answer.
STOPPED = (Status.SKIPPED, Status.CRASHED)

_GRAVITY = list(Severity)


class FindingGroup(msgspec.Struct, frozen=True):
    """All findings of one rule with the same message."""

    findings: tuple[Finding, ...]

    @property
    def rule(self) -> str:
        """The rule that was broken."""
        return self.findings[0].rule

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return self.findings[0].severity

    @property
    def message(self) -> str:
        """The message, without the rule id that official messages repeat at their start."""
        first = self.findings[0]
        waived = f" Waived: {first.waived}." if first.waived else ""
        return f"{plain_message(first)}{waived}"

    @property
    def other_terms(self) -> tuple[str, ...]:
        """The business terms that the message does not name itself."""
        named = set(re.findall(r"B[TG]-[0-9]+(?:-[0-9]+)?", self.message))
        return tuple(term for term in self.findings[0].terms if term not in named)

    @property
    def lines(self) -> str:
        """Such as `line 12` or `lines 12, 40, 55 and 497 more`; empty if no line is known."""
        lines = [finding.line for finding in self.findings if finding.line is not None]
        if not lines:
            return f"{len(self.findings):,} times" if len(self.findings) > 1 else ""
        shown = ", ".join(map(str, lines[:PLACES_SHOWN]))
        rest = len(self.findings) - len(lines[:PLACES_SHOWN])
        noun = "line" if len(lines) == 1 else "lines"
        return f"{noun} {shown}" + (f" and {rest:,} more" if rest else "")

    @property
    def locations(self) -> tuple[str, ...]:
        """The first places where the rule is broken."""
        places = dict.fromkeys(f.location for f in self.findings if f.location)
        return tuple(places)[:PLACES_SHOWN]


def group_findings(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Findings by severity, then in the order in which each rule was first broken."""
    groups: dict[tuple[Severity, str, str, str | None], list[Finding]] = {}
    for finding in findings:
        key = (finding.severity, finding.rule, finding.message, finding.waived)
        groups.setdefault(key, []).append(finding)
    found = [FindingGroup(tuple(group)) for group in groups.values()]
    return sorted(found, key=lambda group: _GRAVITY.index(group.severity))


def plain_message(finding: Finding) -> str:
    """The message on one line, without `[BR-CO-15]-` at its start."""
    message = " ".join(finding.message.split())
    prefix = f"[{finding.rule}]"
    return message.removeprefix(prefix).lstrip(" -–:") if message.startswith(prefix) else message


def evidence_line(finding: Finding) -> str:
    """What a check compared, such as `BT-31 = FR00; expected = FR61`; empty without evidence."""
    return "; ".join(f"{name} = {value}" for name, value in finding.evidence)


def stopped_layers(report: Report) -> list[tuple[str, list[str], str]]:
    """What did not run or not to the end: its fate, what it was, and why; by one reason each."""
    found: dict[tuple[str, str], list[str]] = {}
    for layer in report.layers:
        if layer.status in STOPPED:
            key = (layer.status.value, layer.reason or "no reason given")
            found.setdefault(key, []).append(layer_title(layer))
    return [(word, titles, reason) for (word, reason), titles in found.items()]


def parts_not_run(report: Report) -> dict[str, list[str]]:
    """The checks that did not run, by what they lack."""
    lacking: dict[str, list[str]] = {}
    for layer in report.layers:
        for part, lack in layer.not_run.items():
            lacking.setdefault(lack, []).append(part)
    return lacking


def layer_title(layer: Layer) -> str:
    """What ran, such as `en16931-ubl 1.3.16`."""
    title = layer.ruleset or layer.name.value
    if layer.version:
        title += f" {layer.version}"
    return title if layer.decides else f"{title} (advice)"
