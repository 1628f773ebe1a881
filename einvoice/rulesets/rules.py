"""Single rules: what the rule sets hold, for those who want to know more than a finding says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from einvoice.findings import Severity
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
from einvoice.schematron.ir import Check


class RuleFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A check of a rule set."""

    ruleset: RuleSet
    rule: str | None  #: None for the few checks to which the publisher gave no id
    severity: Severity
    report: bool  #: it fires if its test holds, not if it fails
    context: str  #: the nodes it is about, as written
    test: str  #: as written
    message: str  #: `…` stands for a value of the document
    terms: tuple[str, ...]


def rules_of(ruleset: RuleSet) -> Iterator[RuleFacts]:
    """The checks of a rule set, in its order; none of one that only Saxon can read.

    Raises:
        ArtefactError: a stylesheet is missing or not the one we know.
    """
    for part in parts_of(ruleset):
        form = evaluators.readable_form(part)
        for pattern in form.patterns if form else ():
            for rule in pattern.rules:
                for check in rule.checks:
                    yield _facts(ruleset, part, rule.written, check)


def rules_named(name: str, rulesets: Iterable[RuleSet]) -> list[RuleFacts]:
    """The checks with an id, in any of some rule sets; capitals make no difference.

    `BR-FR-05` is all checks of that French rule.
    """
    wanted = name.casefold()
    holders = (each for each in rulesets if any(_may_hold(p, wanted) for p in parts_of(each)))
    found = (rule for ruleset in holders for rule in rules_of(ruleset))
    return [each for each in found if each.rule and wanted in _names(each.rule)]


def prepare(ruleset: RuleSet) -> int | None:
    """Compile a rule set and keep it in the cache.

    Returns:
        The number of its checks; None if Saxon will run it.

    Raises:
        ArtefactError: a stylesheet is missing or not the one we know.
    """
    loaded = [evaluators.compiled_rules(part) for part in parts_of(ruleset)]
    if any(isinstance(rules, evaluators.NotCompiled) for rules in loaded):
        return None
    return sum(len(rules.checks) for rules in loaded if not isinstance(rules, Exception))


def _may_hold(part: Part, wanted: str) -> bool:
    """Whether an id, in small letters, may be among the rules; compiled ones need not be read."""
    rules = evaluators.compiled_rules(part)
    if isinstance(rules, evaluators.NotCompiled):
        return True
    return any(wanted in _names(rule) for rule in rules.checks if rule)


def _names(rule: str) -> tuple[str, ...]:
    """What a check may be called, in small letters: its id, and the French rule it belongs to."""
    return tuple(each.casefold() for each in (rule, base_rule(rule)) if each)


def _facts(ruleset: RuleSet, part: Part, context: str, check: Check) -> RuleFacts:
    whole = "".join(part if isinstance(part, str) else "…" for part in check.message)
    rule, message = split_message(check.id, whole)
    own = severity_of(check.flag or check.role)
    return RuleFacts(
        ruleset=ruleset,
        rule=rule,
        severity=own if part.severities is None else part.severities[check.id or ""],
        report=check.report,
        context=context,
        test=check.written,
        message=message,
        terms=terms_of(rule or "", message),
    )
