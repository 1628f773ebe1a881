"""From what a document says about itself to the schemas and rule sets that judge it.

The table of profiles decides; the French rules are added where they belong, and what cannot be
judged is said in plain words.
"""

from __future__ import annotations

from datetime import date

import msgspec

from einvoice.errors import UsageError
from einvoice.findings import Severity
from einvoice.rulesets import france
from einvoice.rulesets.catalogue import RuleSet, Syntax, ruleset_named
from einvoice.rulesets.foreign import UNKNOWN, foreign_profile
from einvoice.rulesets.profiles import (
    EN,
    EN_RULES,
    FACTURX_EN,
    FRENCH_PROFILE,
    FULL_SCHEMAS,
    PROFILES,
    SYNTAXES,
    DocumentSyntax,
    Profile,
)
from einvoice.rulesets.versions import chosen, of_profile

_OUTSIDE_FRANCE = "facturx-minimum"  #: the French rules are not made for this level


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says about itself, as far as the choice of rules depends on it."""

    syntax: DocumentSyntax
    in_pdf: bool = False
    customization_id: str | None = None  #: BT-24
    business_process: str | None = None  #: BT-23
    notes: tuple[tuple[str | None, str], ...] = ()  #: BT-21 and BT-22
    issue_date: date | None = None  #: BT-2
    seller_country: str | None = None  #: BT-40
    buyer_country: str | None = None  #: BT-55


class PlannedRuleSet(msgspec.Struct, frozen=True):
    """A rule set to run, and whether the verdict depends on it."""

    ruleset: RuleSet
    decides: bool = True  #: if not, its findings are lowered to warnings
    levels: dict[str, Severity] = {}  #: severities of single rules that the profile changes


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a document is to be judged.

    Where a profile is not served its rules are not ours: a fatal finding of a rule set makes the
    document invalid if it is `compliant` and undecided if not, and no document is valid.
    """

    profile: str
    schemas: tuple[str, ...]  #: the first gates the rule sets
    rulesets: tuple[PlannedRuleSet, ...] = ()
    notes: tuple[str, ...] = ()  #: in plain words: why, and what is not judged
    served: bool = True
    compliant: bool = False  #: BT-24 promises to obey all rules of EN 16931


def plan(
    facts: DocumentFacts,
    *,
    profile: str | None = None,
    country: str | None = None,
    as_of: date | None = None,
) -> Plan:
    """Decide how a document is judged.

    Args:
        facts: what the document says about itself.
        profile: judge it as this profile of `PROFILES`, whatever BT-24 says.
        country: the user's word that the rules of a country apply; `fr` is the one we have.
        as_of: the day whose versions of the rule sets judge it, in the mode of that day; by default
            the versions of its own day (BT-2) in the mode of today.

    Raises:
        UsageError: no profile or country of that name.
    """
    if country is not None and country.lower() != "fr":
        raise UsageError("country", country, ("fr",))
    if facts.syntax == "zugferd1":
        return _legacy(facts)
    base = _by_choice(facts, profile) if profile else _by_identifier(facts)
    dated = _of_day(_with_france(base, facts, country), as_of or facts.issue_date)
    return dated if as_of is None else _in_french_mode(dated, as_of)


def _of_day(base: Plan, day: date | None) -> Plan:
    """The plan with the versions that are valid on a day."""
    rulesets = tuple(
        msgspec.structs.replace(each, ruleset=chosen(each.ruleset.name, day))
        for each in base.rulesets
    )
    return msgspec.structs.replace(base, rulesets=rulesets)


def _named(name: str) -> Profile:
    known = {profile.name: profile for profile in PROFILES}
    try:
        return known[name]
    except KeyError:
        raise UsageError("profile", name, known) from None


def _legacy(facts: DocumentFacts) -> Plan:
    return Plan(
        profile="zugferd-1.0",
        schemas=(FULL_SCHEMAS[facts.syntax],),
        notes=("ZUGFeRD 1.0 is checked against its schema only: it is no EN 16931 invoice",),
        served=False,
    )


def _by_choice(facts: DocumentFacts, name: str) -> Plan:
    """The plan for the profile that the user names."""
    base = _by_profile(facts, _named(name))
    note = f"judged as {name} by your choice; BT-24 is {facts.customization_id or 'absent'}"
    return msgspec.structs.replace(base, notes=(note, *base.notes))


def _by_identifier(facts: DocumentFacts) -> Plan:
    """The plan for what BT-24 claims."""
    claimed = (facts.customization_id or "").strip()
    if claimed == EN and facts.in_pdf and facts.syntax == "cii":
        return _by_profile(facts, _named(FACTURX_EN))
    for profile in PROFILES:
        if claimed in profile.ids:
            return _by_profile(facts, profile)
        if claimed in profile.older:
            return _older(facts, profile, claimed)
    if added := of_profile(claimed, SYNTAXES[facts.syntax]):
        return _by_pack(facts, claimed, added)
    return _unserved(facts, claimed)


def _by_profile(facts: DocumentFacts, profile: Profile) -> Plan:
    syntax = SYNTAXES[facts.syntax]
    if syntax is None or syntax not in profile.rulesets:
        return _other_syntax(facts, profile)
    levels = profile.levels.get(facts.syntax, {})
    return Plan(
        profile=profile.name,
        schemas=(FULL_SCHEMAS[facts.syntax], *((profile.schema,) if profile.schema else ())),
        rulesets=tuple(
            PlannedRuleSet(ruleset_named(name), levels=levels) for name in profile.rulesets[syntax]
        ),
    )


def _by_pack(facts: DocumentFacts, claimed: str, added: tuple[RuleSet, ...]) -> Plan:
    """The plan for an identifier that only a pack knows: its rules after those of EN 16931."""
    name = foreign_profile(claimed)
    return Plan(
        profile=added[0].name if name == UNKNOWN else name,
        schemas=(FULL_SCHEMAS[facts.syntax],),
        rulesets=(*_en_rules(SYNTAXES[facts.syntax]), *map(PlannedRuleSet, added)),
        notes=("judged by a rule pack that was added here",),
    )


def _other_syntax(facts: DocumentFacts, profile: Profile) -> Plan:
    known = " and ".join(name.upper() for name in profile.rulesets)
    syntax = SYNTAXES[facts.syntax]
    return Plan(
        profile=profile.name,
        schemas=(FULL_SCHEMAS[facts.syntax],),
        rulesets=_en_rules(syntax),
        notes=(f"profile {profile.name} exists only in {known}; the rules of EN 16931 run",),
        served=False,
    )


def _older(facts: DocumentFacts, profile: Profile, claimed: str) -> Plan:
    """An identifier of ZUGFeRD 2.0: its successor's rules run, but they are not its own."""
    same = _by_profile(facts, profile)
    note = f"BT-24 {claimed!r} is of ZUGFeRD 2.0; the rules of its successor, Factur-X 1.09, run"
    return msgspec.structs.replace(
        same,
        profile=profile.name.replace("facturx", "zugferd-2.0"),
        schemas=same.schemas[:1],
        notes=(note,) if same.rulesets else same.notes,
        served=False,
        compliant=_promises_compliance(claimed),
    )


def _unserved(facts: DocumentFacts, claimed: str) -> Plan:
    """A profile of others, an older one, or none: the rules of EN 16931 run."""
    name = foreign_profile(claimed)
    if not claimed:
        note = "no specification identifier (BT-24): it is not known which rules apply"
    elif name == UNKNOWN:
        note = f"BT-24 {claimed!r} is no profile that we know"
    else:
        note = f"profile {name} is known by name only: its own rules are not here"
    return Plan(
        profile=name,
        schemas=(FULL_SCHEMAS[facts.syntax],),
        rulesets=_en_rules(SYNTAXES[facts.syntax]),
        notes=(f"{note}; the rules of EN 16931 run",),
        served=False,
        compliant=_promises_compliance(claimed),
    )


def _en_rules(syntax: Syntax | None) -> tuple[PlannedRuleSet, ...]:
    names = EN_RULES[syntax] if syntax else ()
    return tuple(PlannedRuleSet(ruleset_named(each)) for each in names)


def _promises_compliance(claimed: str) -> bool:
    """Whether BT-24 says that all rules of EN 16931 are obeyed."""
    return claimed.startswith(f"{EN}#compliant#")


def _with_france(base: Plan, facts: DocumentFacts, country: str | None) -> Plan:
    """Add the French rules: deciding where France is claimed, as advice where it is likely."""
    syntax = SYNTAXES[facts.syntax]
    outside = any(planned.ruleset.name == _OUTSIDE_FRANCE for planned in base.rulesets)
    claim = _french_claim(base, facts, country)
    if syntax is None or outside or not (claim or _both_french(facts)):
        return base
    note = (
        f"the French rules decide: {claim}"
        if claim
        else "seller and buyer are French: a warning of the French rules says that a French "
        "platform would refuse this"
    )
    french = PlannedRuleSet(ruleset_named(f"{france.RULESETS}{syntax}"), decides=claim is not None)
    more = PlannedRuleSet(ruleset_named(f"fr-plus-{syntax}"), decides=False)
    return msgspec.structs.replace(
        base, rulesets=(*base.rulesets, french, more), notes=(*base.notes, note)
    )


def _in_french_mode(base: Plan, day: date) -> Plan:
    """The plan with the severities that the French rules had for who received it on a day.

    The mode is not one of the invoice's own day: what is sent today has to hold today.
    """
    from einvoice.rulesets.rules import rules_of

    if day >= france.ALL_FATAL or not any(map(_is_french, base.rulesets)):
        return base
    rulesets = tuple(
        msgspec.structs.replace(
            each, levels=france.warnings_of((r.rule for r in rules_of(each.ruleset)), day)
        )
        if _is_french(each)
        else each
        for each in base.rulesets
    )
    note = f"on {day} a breach of most French rules could be taken as a warning"
    return msgspec.structs.replace(base, rulesets=rulesets, notes=(*base.notes, note))


def _is_french(planned: PlannedRuleSet) -> bool:
    return planned.ruleset.name.startswith(france.RULESETS)


def _french_claim(base: Plan, facts: DocumentFacts, country: str | None) -> str | None:
    """In what way the document or the user claims France; None if they do not."""
    if country is not None:
        return "the country fr was asked for"
    if base.profile == FRENCH_PROFILE:
        return f"the profile is {base.profile}"
    if (process := (facts.business_process or "").strip()) in france.PROCESSES:
        return f"BT-23 {process} is of the French list"
    if any((code or "").strip() == france.NOTE for code, _ in facts.notes):
        return f"there is a note with the subject {france.NOTE}"
    return None


def _both_french(facts: DocumentFacts) -> bool:
    return facts.seller_country == facts.buyer_country == "FR"
