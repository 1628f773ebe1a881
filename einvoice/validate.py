"""Validation: the layers in order, container, XML, XSD, Schematron, and what each found."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, get_args

from einvoice.checked import AskedChecks, ChecksMode, checks_layer, name_in_ledger
from einvoice.checks.policy import CheckPolicy
from einvoice.errors import DocumentError, UnknownFormat, UsageError
from einvoice.findings import Finding, Layer, LayerName, Report, Severity, Status, Subject
from einvoice.formats import (
    Document,
    Opened,
    Source,
    load,
    name_of,
    open_data,
    read_opened,
)
from einvoice.formats.opening import JSON, UNKNOWN, is_pdf
from einvoice.model import Invoice
from einvoice.rulesets.plan import DocumentFacts, Plan, PlannedRuleSet, plan
from einvoice.rulesets.run import Engine, Session, adjusted, run, svrl_of
from einvoice.rulesets.versions import chosen, sha256_of
from einvoice.xml import xsd

if TYPE_CHECKING:
    from einvoice.checks.history import Ledger
    from einvoice.checks.payments import Payments

#: What a document goes through when nothing else is asked for. Checks never decide unless asked.
DEFAULT_LAYERS = (
    LayerName.PDFA,
    LayerName.CONTAINER,
    LayerName.XML,
    LayerName.XSD,
    LayerName.SCHEMATRON,
)

#: Takes the name of a rule set and its SVRL.
SvrlReceiver = Callable[[str, bytes], None]


def validate(
    source: Source | Document,
    *,
    layers: Collection[str] | None = None,
    rulesets: Collection[str] | None = None,
    profile: str | None = None,
    country: str | None = None,
    engine: Engine = "compiled",
    as_of: date | None = None,
    checks: ChecksMode = "off",
    check_policy: CheckPolicy | None = None,
    ledger: Ledger | None = None,
    payments: Payments | None = None,
    path: str | None = None,
    svrl: SvrlReceiver | None = None,
) -> Report:
    """Judge a document by the official rules of its profile.

    Args:
        source: a path, the bytes, an open binary file, or a document that was read already.
        layers: run only these (`xml`, `xsd`, `schematron`, ...); then it is never `valid`.
        rulesets: run these rule sets, whatever profile the document claims.
        profile: judge as this profile, whatever the document claims.
        country: `fr` makes the French rules decide.
        engine: `compiled` (rules as Python), `saxon`, or `both`, which agree or are `crashed`.
        as_of: the day whose rule sets judge it; by default that of the invoice (BT-2).
        checks: `report` what the official rules let pass, or let it be `fatal` for the verdict.
        check_policy: severities of checks, and findings that are waived.
        ledger: keeps the document, and tells checks what was seen before.
        payments: what was paid for invoices; like a ledger, it asks for a report of checks.
        path: the name of the document in the report, if not that of the source.
        svrl: is called with the name of each rule set that ran, and its SVRL.

    Raises:
        InputNotReadable, LedgerError: the source or the ledger cannot be opened or used.
        UsageError: a layer, rule set, profile or country of that name does not exist.
        ArtefactError: an official schema or stylesheet is missing or not the one we know.
    """
    asked = _Asked(layers, rulesets, profile, country, engine, as_of, svrl)
    return _judged(source, path, asked.checking(checks, check_policy, ledger, payments))


def _judged(source: Source | Document, path: str | None, asked: _Asked) -> Report:
    asked.name = name_in_ledger(source, path)
    if isinstance(source, Document):
        return _Judging(source.opened, asked, path).judge(source)
    name = path if path is not None else name_of(source)
    return _judged_bytes(load(source), name, asked)


def _judged_bytes(data: bytes, name: str, asked: _Asked) -> Report:
    try:
        opened = open_data(data, name)
    except DocumentError as error:
        is_one = is_pdf(data) or name.lower().endswith(".pdf")
        judged = _pdfa(data) if is_one and LayerName.PDFA in asked.layers else None
        return _unreadable(name, error, judged)
    return _Judging(opened, asked, name).judge()


class _Asked:
    """What the caller asked for, names checked."""

    def __init__(
        self,
        layers: Collection[str] | None,
        rulesets: Collection[str] | None,
        profile: str | None,
        country: str | None,
        engine: Engine,
        as_of: date | None,
        svrl: SvrlReceiver | None,
    ) -> None:
        if engine not in get_args(Engine):
            raise UsageError("engine", engine, get_args(Engine))
        self.engine: Engine = engine
        self.svrl = svrl
        self.layers = _layers_named(layers) if layers is not None else frozenset(DEFAULT_LAYERS)
        self.rulesets = None if rulesets is None else tuple(chosen(n).name for n in rulesets)
        self.as_of = as_of
        self.profile = profile
        self.country = country
        self.all = rulesets is None and self.layers >= set(DEFAULT_LAYERS)
        self.checks = AskedChecks()
        self.name = ""

    def checking(
        self,
        mode: ChecksMode,
        policy: CheckPolicy | None,
        ledger: Ledger | None,
        payments: Payments | None,
    ) -> _Asked:
        """Ask for checks, too."""
        asked = AskedChecks(
            mode=mode, policy=policy or CheckPolicy(), ledger=ledger, payments=payments
        )
        self.checks = asked.known(named=LayerName.CHECKS in self.layers)
        return self


def _subject(invoice: Invoice) -> Subject:
    seller = invoice.seller
    registered = (seller.legal_registration, *seller.identifiers)
    identifiers = (seller.vat_identifier, *(each.value for each in registered if each))
    return Subject(
        number=invoice.number,
        issued=invoice.issue_date,
        seller=seller.name,
        seller_id=next(filter(None, identifiers), None),
        currency=invoice.currency,
        total=invoice.totals.with_vat,
    )


def _layers_named(names: Collection[str]) -> frozenset[LayerName]:
    known = {layer.value: layer for layer in LayerName}
    for name in names:
        if name not in known:
            raise UsageError("layer", name, known)
    return frozenset(known[name] for name in names)


def _pdfa(data: bytes) -> tuple[Layer, tuple[Finding, ...]]:
    """The layer of PDF/A and what it found."""
    from einvoice.pdf.conformance import judge

    return judge(data)


def _unreadable(
    path: str,
    error: DocumentError,
    pdfa: tuple[Layer, tuple[Finding, ...]] | None = None,
) -> Report:
    """The report of a document without an invoice that we could read."""
    before = (pdfa[0],) if pdfa else ()
    found = pdfa[1] if pdfa else ()
    if isinstance(error, UnknownFormat):
        return Report(
            path=path,
            format=UNKNOWN,
            layers=(*before, Layer(name=LayerName.XML, status=Status.PASSED)),
            findings=found,
            notes=(str(error),),
            complete=False,
        )
    failed = Layer(name=LayerName(error.layer), status=Status.FAILED)
    return Report(
        path=path,
        format=UNKNOWN,
        layers=(*before, failed),
        findings=(*found, finding_of(error)),
    )


def finding_of(error: DocumentError) -> Finding:
    """The finding that an unreadable document is reported with."""
    return Finding(
        rule=error.rule,
        severity=Severity.FATAL,
        layer=LayerName(error.layer),
        message=str(error),
        line=error.line,
    )


class _Judging:
    """One document on its way through the layers."""

    def __init__(self, opened: Opened, asked: _Asked, path: str | None) -> None:
        self.opened = opened
        self.asked = asked
        self.path = path if path is not None else opened.path
        self.layers: list[Layer] = []
        self.findings: list[Finding] = []

    def judge(self, document: Document | None = None) -> Report:
        """Run the layers that were asked for and report."""
        if self.opened.format == JSON:
            return self._json(document)
        document = document or read_opened(self.opened)
        facts = self._facts(document.invoice)
        planned = plan(
            facts,
            profile=self.asked.profile,
            country=self.asked.country,
            as_of=self.asked.as_of,
        )
        if self.opened.container is not None:
            self._run_pdfa()
            self._run(LayerName.CONTAINER, partial(self._container, document.invoice))
        self._run(LayerName.XML, list)
        schema_holds = self._schemas(planned)
        self._schematron(planned, facts.issue_date, schema_holds)
        if self.asked.checks.mode != "off":
            self._checks(document)
        return Report(
            path=self.path,
            format=self.opened.format,
            profile=planned.profile,
            customization_id=facts.customization_id,
            subject=_subject(document.invoice),
            layers=tuple(self.layers),
            findings=tuple(self.findings),
            notes=planned.notes,
            complete=self.asked.all and planned.served,
        )

    def _json(self, document: Document | None) -> Report:
        """Canonical JSON can be well-formed or not; no official rules are made for it."""
        try:
            if document is None:
                read_opened(self.opened)
        except DocumentError as error:
            return _unreadable(self.path, error)
        reason = "no official rules judge canonical JSON: convert it to UBL or CII for a verdict"
        skipped = Layer(name=LayerName.SCHEMATRON, status=Status.SKIPPED, reason=reason)
        return Report(path=self.path, format=JSON, layers=(skipped,))

    def _facts(self, invoice: Invoice) -> DocumentFacts:
        return DocumentFacts(
            syntax=self.opened.syntax,  # type: ignore[arg-type]  # ROOTS has no other names
            in_pdf=self.opened.container is not None,
            customization_id=invoice.process.specification,
            business_process=invoice.process.business_process,
            notes=tuple((note.subject_code, note.text or "") for note in invoice.notes),
            issue_date=invoice.issue_date,
            seller_country=invoice.seller.address.country,
            buyer_country=invoice.buyer.address.country,
        )

    def _run(
        self,
        name: LayerName,
        step: Callable[[], list[Finding]],
        version: str | None = None,
    ) -> bool:
        """Run one layer that needs no rule set; true if it did not fail."""
        if name not in self.asked.layers:
            return True
        findings = step()
        failed = any(finding.severity is Severity.FATAL for finding in findings)
        status = Status.FAILED if failed else Status.PASSED
        self.layers.append(Layer(name=name, status=status, version=version))
        self.findings.extend(findings)
        return not failed

    def _checks(self, document: Document) -> None:
        """What the official rules let pass; it decides only where that was asked for."""
        layer, findings = checks_layer(
            document,
            self.asked.checks,
            today=self.asked.as_of or date.today(),
            name=self.asked.name,
            invalid=any(each.decides and each.status is Status.FAILED for each in self.layers),
        )
        self.layers.append(layer)
        self.findings.extend(findings)

    def _run_pdfa(self) -> None:
        if LayerName.PDFA not in self.asked.layers:
            return
        layer, findings = _pdfa(self.opened.data)
        self.layers.append(layer)
        self.findings.extend(findings)

    def _container(self, invoice: Invoice) -> list[Finding]:
        from einvoice.pdf.checks import check_container
        from einvoice.pdf.crosscheck import check_page

        container = self.opened.container
        assert container is not None
        found = check_container(container, invoice.process.specification)
        return [*found, *check_page(container, invoice)]

    def _schemas(self, planned: Plan) -> bool:
        """Check the full schema of the syntax, which gates the rules, then the profile's own."""
        holds = True
        for number, name in enumerate(planned.schemas):
            version = xsd.schema_named(name).version
            passed = self._run(LayerName.XSD, partial(self._xsd, name), version)
            if number == 0:
                holds = passed
                if not holds:
                    break
        return holds

    def _xsd(self, schema: str) -> list[Finding]:
        assert self.opened.root is not None
        return [
            Finding(
                rule="XSD",
                severity=Severity.FATAL,
                layer=LayerName.XSD,
                message=fault.message,
                version=xsd.schema_named(schema).version,
                location=fault.location,
                line=fault.line,
            )
            for fault in xsd.check(self.opened.root, schema)
        ]

    def _schematron(self, planned: Plan, issued: date | None, schema_holds: bool) -> None:
        if LayerName.SCHEMATRON not in self.asked.layers:
            return
        rulesets = planned.rulesets
        if self.asked.rulesets is not None:
            day = self.asked.as_of or issued
            rulesets = tuple(PlannedRuleSet(chosen(name, day)) for name in self.asked.rulesets)
        elif not planned.served:
            self._own_rules_missing(planned.profile)
        assert self.opened.root is not None
        session = Session(self.opened.xml, self.opened.root, self.asked.engine)
        for each in rulesets:
            decides = each.decides and (planned.served or planned.compliant)
            decides = decides or self.asked.rulesets is not None
            self._ruleset(each, session, decides, schema_holds)

    def _own_rules_missing(self, profile: str) -> None:
        """Say that what a profile demands beside EN 16931 was not looked at."""
        reason = f"the rules of profile {profile} are not here"
        skipped = Layer(name=LayerName.SCHEMATRON, status=Status.SKIPPED, reason=reason)
        self.layers.append(skipped)

    def _ruleset(
        self, planned: PlannedRuleSet, session: Session, decides: bool, schema_holds: bool
    ) -> None:
        ruleset = planned.ruleset
        status, reason = Status.SKIPPED, "the document does not hold to its schema"
        if schema_holds:
            try:
                outcome = run(ruleset, self.opened.xml, session.root, session)
                outcome = adjusted(outcome, levels=planned.levels, decides=planned.decides)
                status, reason = outcome.status, outcome.reason or ""
                self.findings.extend(outcome.findings)
            except Exception as error:  # a fault of ours must not become a verdict
                status, reason = Status.CRASHED, f"{type(error).__name__}: {error}"
        self.layers.append(
            Layer(
                name=LayerName.SCHEMATRON,
                status=status,
                ruleset=ruleset.name,
                version=ruleset.version,
                sha256=sha256_of(ruleset) if status is not Status.SKIPPED else None,
                decides=decides,
                reason=reason or None,
            )
        )
        if self.asked.svrl is not None and status in (Status.PASSED, Status.FAILED):
            self.asked.svrl(ruleset.name, svrl_of(ruleset, session))
