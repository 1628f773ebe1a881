"""Runs one rule set on one document and says what fired as findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from lxml import etree

from einvoice.artefacts import locate
from einvoice.findings import Finding, LayerName, Severity, Status
from einvoice.rulesets.catalogue import (
    Composition,
    RuleSet,
    Stylesheet,
    composed,
    ruleset_named,
    severity_of,
    terms_of,
)
from einvoice.schematron import saxon
from einvoice.schematron.location import Locator
from einvoice.schematron.svrl import Fired, Kind
from einvoice.xml.names import prefixed

if TYPE_CHECKING:
    from einvoice.schematron.tree import Tree

#: What evaluates the rules: Saxon, our compiled Python, or both, which must agree.
Engine = Literal["saxon", "compiled", "both"]

_MAX_MESSAGE = 3000  #: characters; official messages quote values, and a value may be a whole file
ABORT_RULE = "RULESET-ABORT"  #: a value stopped the engine and no single rule can be named

#: How messages begin: `[BR-01]-`, `[CII-SR-022] - `, `[BR-FR-05/BT-22] : `, `BR-FR-05/BT-22 : `.
_LEADING_ID = re.compile(
    r"(?:\[(?P<id>[A-Z][A-Z0-9]*-[\w\-]+)(?:/[\w\-]+)?\]\s*(?:[-–:]\s*)?"
    r"|BR-FR-[\w\-]+/[\w\-]+\s*:\s*)"
)
#: Numbers that the Factur-X files give to their checks, in older editions even to the rules of
#: EN 16931, whose own id then stands in the message.
_SERIAL = "FX-SCH-"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule set ended on one document."""

    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str | None = None  #: why it was skipped, or the causes why rules could not be evaluated


class Session:
    """One document between its rule sets: each stylesheet runs once, each place is found once."""

    def __init__(self, xml: bytes, root: etree._Element, engine: Engine = "saxon") -> None:
        self.root = root
        self.locator = Locator(root)
        self._xml = xml
        self._engine = engine
        self._tree: Tree | None = None
        self._fired: dict[Stylesheet, tuple[Fired, ...]] = {}

    def fired(self, stylesheet: Stylesheet) -> tuple[Fired, ...]:
        """What fires when a stylesheet runs on this document."""
        if stylesheet not in self._fired:
            self._fired[stylesheet] = self._run(stylesheet)
        return self._fired[stylesheet]

    def _run(self, stylesheet: Stylesheet) -> tuple[Fired, ...]:
        for artefact in stylesheet.reads:
            locate(artefact)
        path = locate(stylesheet.file)
        if self._engine == "saxon":
            return self._by_saxon(path)
        from einvoice.rulesets import compiled

        self._tree = self._tree or compiled.Tree(self.root)
        fired = compiled.run(path, self._tree)
        if self._engine == "both":
            compiled.refuse_difference(path, fired, self._by_saxon(path))
        return fired

    def _by_saxon(self, path: Path) -> tuple[Fired, ...]:
        try:
            return saxon.run(path, self._xml)
        except saxon.RuleSetAborted as error:
            return (Fired(None, None, str(error), "", Kind.ABORT),)


def run(
    ruleset: RuleSet, xml: bytes, root: etree._Element, session: Session | None = None
) -> Outcome:
    """Run a rule set on a document.

    A rule set that is not there, or was written for another root element, is skipped: it would
    find nothing and pass every document.

    Args:
        ruleset: an entry of the catalogue.
        xml: the document; well-formed, without a DTD.
        root: its root element, as parsed from these bytes.
        session: what other rule sets have learnt about this very document.

    Raises:
        ArtefactError: a stylesheet is missing or not the one we know.
    """
    if ruleset.source is None:
        return Outcome(status=Status.SKIPPED, reason=ruleset.reason)
    if root.tag not in ruleset.roots:
        return Outcome(status=Status.SKIPPED, reason=_other_root(ruleset, root))
    session = session or Session(xml, root)
    findings, causes = [], []
    for fired, severity in _weighed(ruleset.source, session):
        findings.append(_finding(fired, severity, ruleset, session.locator))
        if fired.kind is Kind.ABORT:
            causes.append(fired.text)
    return Outcome(
        status=_status(findings),
        findings=tuple(dict.fromkeys(findings)),  # parts of a composed set may meet the same value
        reason="; ".join(dict.fromkeys(causes)) or None,
    )


def adjusted(outcome: Outcome, *, levels: Mapping[str, Severity], decides: bool) -> Outcome:
    """The outcome at the severities that a plan asks for.

    Args:
        outcome: what a rule set found, at its own severities.
        levels: severities of single rules that the profile changes.
        decides: if not, what is fatal becomes a warning.
    """
    if outcome.status not in (Status.PASSED, Status.FAILED):
        return outcome
    findings = tuple(_releveled(finding, levels, decides) for finding in outcome.findings)
    return msgspec.structs.replace(outcome, status=_status(findings), findings=findings)


def _releveled(finding: Finding, levels: Mapping[str, Severity], decides: bool) -> Finding:
    severity = levels.get(finding.rule, finding.severity)
    if severity is Severity.FATAL and not decides:
        severity = Severity.WARNING
    return msgspec.structs.replace(finding, severity=severity)


def _status(findings: Iterable[Finding]) -> Status:
    fatal = any(finding.severity is Severity.FATAL for finding in findings)
    return Status.FAILED if fatal else Status.PASSED


def _other_root(ruleset: RuleSet, root: etree._Element) -> str:
    known = " or ".join(prefixed(tag) for tag in ruleset.roots)
    return f"{ruleset.name} is written for {known}, the document is {prefixed(str(root.tag), root)}"


def _weighed(
    source: Stylesheet | Composition, session: Session
) -> Iterator[tuple[Fired, Severity]]:
    """What fired, each with its severity.

    A composed rule set takes only the rules of its standard, at the standard's severity. A rule
    that could not be evaluated is fatal: what it demands is not known to hold.
    """
    if isinstance(source, Stylesheet):
        for fired in session.fired(source):
            abort = fired.kind is Kind.ABORT
            yield fired, Severity.FATAL if abort else severity_of(fired.flag)
        return
    standard = composed(source)
    for part in standard.rules:
        severities = standard.severities(part)
        stylesheet = ruleset_named(part).source
        assert isinstance(stylesheet, Stylesheet)
        for fired in session.fired(stylesheet):
            if fired.kind is Kind.ABORT:
                yield fired, Severity.FATAL
            elif fired.rule in severities:
                yield fired, severities[fired.rule]


def _finding(fired: Fired, severity: Severity, ruleset: RuleSet, locator: Locator) -> Finding:
    whole = " ".join(fired.text.split())
    lead = _LEADING_ID.match(whole)
    text = (whole[lead.end() :] if lead else whole)[:_MAX_MESSAGE]
    abort = fired.kind is Kind.ABORT
    rule = _rule(fired, lead) or (ABORT_RULE if abort else unnamed(ruleset))
    place = locator.place(fired.location)
    return Finding(
        rule=rule,
        severity=severity,
        layer=LayerName.SCHEMATRON,
        message=f"cannot be evaluated on this document: {text}" if abort else text,
        ruleset=ruleset.name,
        version=ruleset.version,
        location=place.xpath if place else None,
        line=place.line if place else None,
        terms=terms_of(rule, text),
    )


def _rule(fired: Fired, lead: re.Match[str] | None) -> str | None:
    """The id of the check, or the one its message begins with if it has none but a number."""
    if fired.rule and not fired.rule.startswith(_SERIAL):
        return fired.rule
    return (lead["id"] if lead else None) or fired.rule


def unnamed(ruleset: RuleSet) -> str:
    """The id of findings of checks to which the publisher gave none.

    One id per rule set, such as `FACTURX-EN16931-UNNAMED`: the message tells such checks apart,
    and an id made from the message would change with every edition's wording.
    """
    return f"{ruleset.name.upper()}-UNNAMED"
