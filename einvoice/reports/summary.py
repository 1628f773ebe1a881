"""Counts over many documents, kept while the reports stream by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from einvoice.findings import LossKind, Report, Severity, Status, Subject, Verdict
from einvoice.reports.grouping import STOPPED, layer_title, plain_message
from einvoice.reports.tallies import Tallies, cropped
from einvoice.reports.wire import ConversionLine

#: How many rules, or layers that did not run, a summary names.
SHOWN = 10

#: How many suppliers, and profiles, are counted each; the others are counted together.
MOST_SUPPLIERS = 10_000
MOST_PROFILES = 200

#: What may become of a document, in the order in which people look for it.
OUTCOMES = (*(verdict.value for verdict in Verdict), "error")


#: The subject of a report that has none.
NOBODY = Subject()


class Summary:
    """How many documents had which verdict, and which rules they broke most.

    Attributes:
        texts: the first message of each rule.
        suppliers: the outcomes by seller; its identifier is the key, or else its name.
        profiles: the outcomes by profile.
    """

    def __init__(self) -> None:
        self.documents = 0
        self.verdicts: Counter[Verdict] = Counter()
        self.errors = 0
        self.crashed = 0
        self.rules: Counter[tuple[str, Severity]] = Counter()
        self.missing: Counter[str] = Counter()
        self.texts: dict[str, str] = {}
        self.suppliers = Tallies(MOST_SUPPLIERS)
        self.profiles = Tallies(MOST_PROFILES)

    def counting(self, reports: Iterable[Report]) -> Iterator[Report]:
        """Hand on the reports and count each."""
        for report in reports:
            self.add(report)
            yield report

    def add(self, report: Report) -> None:
        """Count one report; a rule counts once per document."""
        self.documents += 1
        self._tally(report)
        if report.error is not None:
            self.errors += 1
            return
        self.verdicts[report.verdict] += 1
        stopped = [layer for layer in report.layers if layer.status in STOPPED]
        self.crashed += any(layer.status is Status.CRASHED for layer in stopped)
        if report.verdict is Verdict.UNDECIDED:
            self.missing.update({layer_title(layer) for layer in stopped})
        self.rules.update({(finding.rule, finding.severity) for finding in report.findings})
        for finding in report.findings:
            if finding.rule not in self.texts:
                self.texts[finding.rule] = cropped(plain_message(finding))

    def _tally(self, report: Report) -> None:
        outcome = outcome_of(report)
        weighed = (f for f in report.findings if f.severity is Severity.FATAL and not f.waived)
        fatal = tuple(dict.fromkeys(finding.rule for finding in weighed))
        about = report.subject or NOBODY
        self.suppliers.add(
            supplier_key(about), outcome, fatal, name=about.seller, identifier=about.seller_id
        )
        self.profiles.add(report.profile or "", outcome, fatal, name=report.profile)

    @property
    def outcomes(self) -> dict[str, int]:
        """The number of documents by what became of them; every outcome is there."""
        counts = {verdict.value: self.verdicts[verdict] for verdict in Verdict}
        return {**counts, "error": self.errors}

    @property
    def exit_code(self) -> int:
        """4 if an input could not be opened, else 1 if one is invalid, else 3 if undecided."""
        if self.errors:
            return 4
        if self.verdicts[Verdict.INVALID]:
            return 1
        return 3 if self.verdicts[Verdict.UNDECIDED] else 0

    def frequent_rules(self, shown: int = SHOWN) -> list[tuple[str, Severity, int]]:
        """The rules broken by most documents, fatal ones first, with the number of documents."""
        order = list(Severity)
        ranked = sorted(
            self.rules.items(), key=lambda item: (order.index(item[0][1]), -item[1], item[0][0])
        )
        return [(rule, severity, count) for (rule, severity), count in ranked[:shown]]

    def missing_layers(self, shown: int = SHOWN) -> list[tuple[str, int]]:
        """What did not run, in undecided documents only, with the number of documents."""
        return sorted(self.missing.items(), key=lambda item: (-item[1], item[0]))[:shown]

    def as_dict(self) -> dict[str, Any]:
        """The summary as it stands at the end of a JSON report."""
        return {
            "documents": self.documents,
            **{verdict.value: self.verdicts[verdict] for verdict in Verdict},
            "errors": self.errors,
            "crashed": self.crashed,
            "rules": [
                {"rule": rule, "severity": severity, "documents": count}
                for rule, severity, count in self.frequent_rules()
            ],
            "not_run": [
                {"layer": title, "documents": count} for title, count in self.missing_layers()
            ],
        }


def supplier_key(about: Subject) -> str:
    """What tells suppliers apart: the identifier, else the name; empty if there is neither."""
    identifier = "".join((about.seller_id or "").split()).upper()
    return cropped(identifier or " ".join((about.seller or "").split()))


def outcome_of(report: Report) -> str:
    """The verdict, or `error` of what could not be opened."""
    return report.verdict.value if report.error is None else "error"


class ConversionSummary:
    """How many documents were converted, and what became of the others."""

    def __init__(self) -> None:
        self.documents = 0
        self.outcomes: Counter[str] = Counter()
        self.verdicts: Counter[Verdict] = Counter()
        self.losses: Counter[LossKind] = Counter()
        self.with_losses = 0
        self.exit_codes: set[int] = set()

    def counting(self, lines: Iterable[ConversionLine]) -> Iterator[ConversionLine]:
        """Hand on the lines and count each."""
        for line in lines:
            self.add(line)
            yield line

    def add(self, line: ConversionLine) -> None:
        """Count one conversion."""
        self.documents += 1
        self.outcomes[line.outcome] += 1
        self.exit_codes.add(line.exit_code)
        if line.verdict is not None:
            self.verdicts[line.verdict] += 1
        self.losses.update(loss.kind for loss in line.losses)
        self.with_losses += bool(line.losses)

    @property
    def exit_code(self) -> int:
        """The gravest of all documents: 2 before 4 before 1 before 3 before 0."""
        return next((code for code in (2, 4, 1, 3) if code in self.exit_codes), 0)

    def as_dict(self) -> dict[str, Any]:
        """The summary as it stands at the end of a JSON report."""
        return {
            "documents": self.documents,
            "outcomes": dict(self.outcomes),
            "verdicts": {verdict.value: self.verdicts[verdict] for verdict in Verdict},
            "with_losses": self.with_losses,
            "losses": {kind.value: self.losses[kind] for kind in LossKind},
        }
