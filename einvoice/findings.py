"""What validation and conversion say about an invoice: findings, layers, verdict, losses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How much a finding weighs. Official `error` counts as fatal."""

    FATAL = "fatal"
    WARNING = "warning"
    INFORMATION = "information"


class LayerName(StrEnum):
    """The steps of validation, in the order in which they run."""

    PDFA = "pdfa"
    CONTAINER = "container"
    XML = "xml"
    XSD = "xsd"
    SCHEMATRON = "schematron"
    CHECKS = "checks"


class Status(StrEnum):
    """What became of a layer."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CRASHED = "crashed"


class Verdict(StrEnum):
    """The answer about a document: valid only if every layer that its profile demands passed."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong or worth knowing about an invoice."""

    rule: str  #: official id such as BR-CO-15, or an id of ours
    base_rule: str | None = None  #: of a French check such as BR-FR-05_BT-22: BR-FR-05
    severity: Severity
    layer: LayerName
    message: str
    ruleset: str | None = None
    version: str | None = None  #: of the rule set or schema
    location: str | None = None  #: XPath in the source, namespace prefixes as conventional
    line: int | None = None
    terms: tuple[str, ...] = ()  #: business terms and groups, such as BT-112
    evidence: tuple[tuple[str, str], ...] = ()  #: of a check: names and values that were compared
    reason_code: str | None = None  #: of a check: the reason of a life-cycle status (AFNOR)
    waived: str | None = None  #: of a check: why somebody accepted it; it decides nothing then


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One step of validation: what ran, in which version, and how it ended."""

    name: LayerName
    status: Status
    ruleset: str | None = None
    version: str | None = None
    sha256: str | None = None  #: of the source of the rule set
    decides: bool = True  #: false for a layer that only advises
    reason: str | None = None  #: why it was skipped or crashed
    not_run: dict[str, str] = {}  #: parts of it that did not run, by id, and what each lacks


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Which invoice a report is about, as the invoice says."""

    number: str | None = None  #: BT-1
    issued: date | None = None  #: BT-2
    seller: str | None = None  #: BT-27
    seller_id: str | None = None  #: BT-31, else BT-30, else the first BT-29
    currency: str | None = None  #: BT-5
    total: Decimal | None = None  #: BT-112, in the currency


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that validation says about one document."""

    path: str
    format: str  #: name in FORMATS, or `unknown`
    profile: str | None = None  #: name in PROFILES
    customization_id: str | None = None  #: BT-24 as found
    subject: Subject | None = None  #: None where no invoice could be read
    layers: tuple[Layer, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()  #: why the verdict is undecided, and the like
    complete: bool = True  #: false when the profile demands more than was asked for or exists
    error: str | None = None  #: why the input could not be opened or judged at all

    @property
    def verdict(self) -> Verdict:
        """Invalid if a deciding layer failed, valid if all ran and passed, else undecided."""
        statuses = {layer.status for layer in self.layers if layer.decides}
        if Status.FAILED in statuses:
            return Verdict.INVALID
        if self.complete and statuses == {Status.PASSED}:
            return Verdict.VALID
        return Verdict.UNDECIDED


class LossKind(StrEnum):
    """What became of a value that did not simply arrive."""

    DROPPED = "dropped"  #: in the source, not in the output
    MOVED = "moved"  #: in the output at a term with another meaning or place
    APPROXIMATED = "approximated"  #: in the output in another form
    FILLED = "filled"  #: in the output, not in the source: the target demands it


class Loss(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value that a conversion did not carry over as it was."""

    path: str  #: XPath in the source, in the output for a filled value; else path in the model
    value: str
    reason: str
    kind: LossKind = LossKind.DROPPED
    term: str | None = None
    line: int | None = None
    after: str | None = None  #: of an approximated value, what it is in the output


class Repaired(msgspec.Struct, frozen=True, kw_only=True):
    """One value that a repair changed, before anything was converted."""

    repair: str
    path: str  #: in the model
    before: str | None  #: None where there was no value
    after: str | None  #: None where there is none any more
    term: str | None = None
