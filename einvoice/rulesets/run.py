"""Runs one rule set on one document and says what fired as findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import msgspec
from lxml import etree

from einvoice.findings import Finding, LayerName, Severity, Status
from einvoice.rulesets import evaluators
from einvoice.rulesets.catalogue import (
    Part,
    RuleSet,
    parts_of,
    severity_of,
    split_message,
    terms_of,
)
from einvoice.rulesets.france import base_rule
from einvoice.schematron.location import Locator
from einvoice.schematron.svrl import Fired, Kind
from einvoice.xml.names import prefixed
from einvoice.xml.parse import parse_whole, splits_text

if TYPE_CHECKING:
    from einvoice.schematron.tree import Tree

#: What evaluates the rules: our compiled Python, Saxon, or both, which must agree.
Engine = Literal["compiled", "saxon", "both"]

_MAX_MESSAGE = 3000  #: characters; official messages quote values, and a value may be a whole file
ABORT_RULE = "RULESET-ABORT"  #: a value stopped the engine and no single rule can be named


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule set ended on one document."""

    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str | None = None  #: why it was skipped, or the causes why rules could not be evaluated


class Session:
    """One document between its rule sets: each part runs once, each place is found once."""

    def __init__(self, xml: bytes, root: etree._Element, engine: Engine = "compiled") -> None:
        self.root = root
        self.locator = Locator(root)
        self.fallbacks: dict[Part, str] = {}  #: what only Saxon could run, and why
        self._xml = xml
        self._engine = engine
        self._tree: Tree | None = None
        self._fired: dict[Part, tuple[Fired, ...]] = {}

    def fired(self, part: Part) -> tuple[Fired, ...]:
        """What fires when the rules of a part are evaluated on this document."""
        if part not in self._fired:
            self._fired[part] = self._evaluated(part)
        return self._fired[part]

    def _evaluated(self, part: Part) -> tuple[Fired, ...]:
        if self._engine == "saxon":
            return evaluators.by_saxon(part, self._xml)
        try:
            if self._engine == "both":
                return evaluators.by_both(part, self._document(), self._xml)
            return evaluators.by_compiled(part, self._document())
        except evaluators.NotCompiled as error:
            self.fallbacks[part] = str(error)
            return evaluators.by_saxon(part, self._xml)

    def _document(self) -> Tree:
        if self._tree is None:
            from einvoice.schematron.tree import Tree

            whole = parse_whole(self._xml) if splits_text(self._xml) else self.root
            self._tree = Tree(whole)
        return self._tree


def run(
    ruleset: RuleSet, xml: bytes, root: etree._Element, session: Session | None = None
) -> Outcome:
    """Run a rule set on a document.

    A rule set that was written for another root element is skipped: it would find nothing and pass
    every document.

    Args:
        ruleset: an entry of the catalogue.
        xml: the document; well-formed, without a DTD.
        root: its root element, as parsed from these bytes.
        session: what other rule sets have learnt about this very document.

    Raises:
        ArtefactError: a stylesheet is missing or not the one we know.
        EnginesDiffer: both evaluators ran and found different things.
    """
    if root.tag not in ruleset.roots:
        return Outcome(status=Status.SKIPPED, reason=_other_root(ruleset, root))
    session = session or Session(xml, root)
    findings, causes = [], []
    for part in parts_of(ruleset):
        for fired in session.fired(part):
            findings.append(_finding(fired, _severity(fired, part), ruleset, session.locator))
            if fired.kind is Kind.ABORT:
                causes.append(fired.text)
        if part in session.fallbacks:
            causes.append(session.fallbacks[part])
    return Outcome(
        status=_status(findings),
        findings=tuple(dict.fromkeys(findings)),  # parts of a composed set may meet the same value
        reason="; ".join(dict.fromkeys(causes)) or None,
    )


def svrl_of(ruleset: RuleSet, session: Session) -> bytes:
    """The SVRL of a rule set on a document: what fired, at the rule set's own severities.

    Raises:
        ArtefactError: a stylesheet is missing or not the one we know.
    """
    from einvoice.schematron.write_svrl import write_svrl

    parts = [(session.fired(p), evaluators.readable_form(p)) for p in parts_of(ruleset)]
    return write_svrl(parts, f"{ruleset.name} {ruleset.version}")


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


def _severity(fired: Fired, part: Part) -> Severity:
    """What a finding weighs: in a composed rule set, as much as its standard says.

    A rule that could not be evaluated is fatal: what it demands is not known to hold.
    """
    if fired.kind is Kind.ABORT:
        return Severity.FATAL
    if part.severities is None:
        return severity_of(fired.flag)
    return part.severities[fired.rule or ""]


def _finding(fired: Fired, severity: Severity, ruleset: RuleSet, locator: Locator) -> Finding:
    named, text = split_message(fired.rule, fired.text)
    text = text[:_MAX_MESSAGE]
    abort = fired.kind is Kind.ABORT
    rule = named or (ABORT_RULE if abort else unnamed(ruleset))
    place = locator.place(fired.location)
    return Finding(
        rule=rule,
        base_rule=base_rule(rule),
        severity=severity,
        layer=LayerName.SCHEMATRON,
        message=f"cannot be evaluated on this document: {text}" if abort else text,
        ruleset=ruleset.name,
        version=ruleset.version,
        location=place.xpath if place else None,
        line=place.line if place else None,
        terms=terms_of(rule, text),
    )


def unnamed(ruleset: RuleSet) -> str:
    """The id of findings of checks to which the publisher gave none.

    One id per rule set, such as `FACTURX-EN16931-UNNAMED`: the message tells such checks apart,
    and an id made from the message would change with every edition's wording.
    """
    return f"{ruleset.name.upper()}-UNNAMED"
