"""Makes a rule set of some checks of another one, at other severities where a profile asks so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from einvoice.errors import UsageError
from einvoice.schematron.ir import Check, Rule, RulePattern, RuleSetForm


def select_checks(
    form: RuleSetForm,
    include: Sequence[str] = ("*",),
    exclude: Sequence[str] = (),
    flags: Mapping[str, str] | None = None,
) -> RuleSetForm:
    """Take the checks whose ids match a pattern such as `BR-*`.

    Which rule a node belongs to does not change: a rule that keeps no check still takes its nodes
    away from the rules behind it.

    Args:
        form: the rule set.
        include: patterns of ids to take; a check without an id is taken by `*` alone.
        exclude: patterns of ids to leave out all the same.
        flags: severities by pattern of ids; the first pattern that matches counts.

    Raises:
        UsageError: a pattern of `include` matches no check.
    """
    ids = {check.id or "" for p in form.patterns for rule in p.rules for check in rule.checks}
    for pattern in include:
        if not any(fnmatchcase(each, pattern) for each in ids):
            raise UsageError("check", pattern, sorted(ids - {""}))
    chosen = (_pattern(each, include, exclude, flags or {}) for each in form.patterns)
    return msgspec.structs.replace(form, patterns=tuple(each for each in chosen if each.rules))


def _pattern(
    pattern: RulePattern, include: Sequence[str], exclude: Sequence[str], flags: Mapping[str, str]
) -> RulePattern:
    """The pattern up to its last rule that has a check left: what is behind it says nothing."""
    rules = [_rule(each, include, exclude, flags) for each in pattern.rules]
    while rules and not rules[-1].checks and not rules[-1].ends:
        rules.pop()
    if not any(rule.checks for rule in rules):
        rules = []
    return msgspec.structs.replace(pattern, rules=tuple(rules))


def _rule(
    rule: Rule, include: Sequence[str], exclude: Sequence[str], flags: Mapping[str, str]
) -> Rule:
    taken = [
        _flagged(check, flags)
        for check in rule.checks
        if _matches(check, include) and not _matches(check, exclude)
    ]
    return msgspec.structs.replace(rule, checks=tuple(taken))


def _flagged(check: Check, flags: Mapping[str, str]) -> Check:
    for pattern, flag in flags.items():
        if _matches(check, (pattern,)):
            return msgspec.structs.replace(check, flag=flag)
    return check


def _matches(check: Check, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(check.id or "", pattern) for pattern in patterns)
