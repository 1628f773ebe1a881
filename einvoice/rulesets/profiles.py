"""From what a document says about itself to the schemas and rule sets that judge it.

`PROFILES` is the one table: specification identifiers (BT-24) and the rule sets of each syntax.
`plan` adds the French rules where they belong and says in plain words what cannot be judged.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from einvoice.errors import UsageError
from einvoice.findings import Severity
from einvoice.rulesets.catalogue import RuleSet, Syntax, ruleset_named
from einvoice.rulesets.foreign import UNKNOWN, foreign_profile

DocumentSyntax = Literal["ubl-invoice", "ubl-creditnote", "cii", "zugferd1"]

EN = "urn:cen.eu:en16931:2017"

_FACTURX_EN = "facturx-en16931"
_FRENCH_PROFILE = "extended-ctc-fr"
_XRECHNUNG = f"{EN}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PEPPOL = f"{EN}#compliant#urn:fdc:peppol.eu:2017:poacc"

#: BT-23 of the French list (BR-FR-08): goods, services or both, and a digit for the case.
_FRENCH_PROCESSES = frozenset(
    [
        "B1",
        "S1",
        "M1",
        "B2",
        "S2",
        "M2",
        "S3",
        "B4",
        "S4",
        "M4",
        "S5",
        "S6",
        "B7",
        "S7",
        "B8",
        "S8",
        "M8",
        "B9",
        "S9",
        "M9",
    ]
)
_FRENCH_NOTE = "BAR"  #: BT-21 of the note that tells a French platform how to treat the invoice
_OUTSIDE_FRANCE = "facturx-minimum"  #: the French rules are not made for this level

_FULL_SCHEMAS: dict[DocumentSyntax, str] = {
    "ubl-invoice": "ubl-invoice-2.1",
    "ubl-creditnote": "ubl-creditnote-2.1",
    "cii": "cii-d22b",
    "zugferd1": "zugferd-1.0",
}
_SYNTAXES: dict[DocumentSyntax, Syntax | None] = {
    "ubl-invoice": "ubl",
    "ubl-creditnote": "ubl",
    "cii": "cii",
    "zugferd1": None,
}
_EN_RULES: dict[Syntax, tuple[str, ...]] = {
    "ubl": ("en16931-ubl",),
    "cii": ("en16931-cii",),
}


_XRECHNUNG_RULES: dict[Syntax, tuple[str, ...]] = {
    "ubl": (*_EN_RULES["ubl"], "xrechnung-ubl"),
    "cii": (*_EN_RULES["cii"], "xrechnung-cii"),
}


def _levels(*, fatal: str = "", warning: str = "", information: str = "") -> dict[str, Severity]:
    return {
        **dict.fromkeys(fatal.split(), Severity.FATAL),
        **dict.fromkeys(warning.split(), Severity.WARNING),
        **dict.fromkeys(information.split(), Severity.INFORMATION),
    }


#: KoSIT's validator changes the severity of rules of EN 16931, per profile and kind of document.
_CII_FATAL = "CII-SR-452 CII-SR-453 CII-SR-454"
_CIUS_LEVELS: dict[DocumentSyntax, dict[str, Severity]] = {
    "ubl-invoice": _levels(fatal="UBL-CR-646", warning="BR-CL-21 BR-CL-23"),
    "ubl-creditnote": _levels(warning="BR-CL-21 BR-CL-23"),
    "cii": _levels(fatal=_CII_FATAL, warning="BR-CL-21 BR-CL-23"),
}
_OPEN_LISTS = "BR-CL-10 BR-CL-11 BR-CL-21 BR-CL-24 BR-CL-25 BR-CL-26"
_EXTENSION_LEVELS: dict[DocumentSyntax, dict[str, Severity]] = {
    "ubl-invoice": _levels(
        warning="BR-CL-23", information=f"{_OPEN_LISTS} BR-CO-16 UBL-CR-470 UBL-CR-646"
    ),
    "cii": _levels(fatal=_CII_FATAL, warning="BR-CL-23", information=_OPEN_LISTS),
}
_CVD_LEVELS: dict[DocumentSyntax, dict[str, Severity]] = {
    "ubl-invoice": _levels(fatal="UBL-CR-646", warning="BR-CL-21 BR-CL-23", information="BR-CL-13"),
    "ubl-creditnote": _levels(
        fatal="UBL-CR-646", warning="BR-CL-21 BR-CL-23", information="BR-CL-13"
    ),
    "cii": _levels(fatal=_CII_FATAL, warning="BR-CL-21 BR-CL-23", information="BR-CL-13"),
}


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A specification that a document claims by BT-24, and the rule sets that judge it."""

    name: str
    ids: tuple[str, ...]
    rulesets: dict[Syntax, tuple[str, ...]]  #: a syntax in which it does not exist is absent
    schema: str | None = None  #: the profile's own schema, checked after the full one
    older: tuple[str, ...] = ()  #: identifiers of ZUGFeRD 2.0: recognised, but not judged by 1.09
    levels: dict[DocumentSyntax, dict[str, Severity]] = {}  #: severities that the publisher changes


class DocumentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says about itself, as far as the choice of rules depends on it."""

    syntax: DocumentSyntax
    in_pdf: bool = False
    customization_id: str | None = None  #: BT-24
    business_process: str | None = None  #: BT-23
    notes: tuple[tuple[str | None, str], ...] = ()  #: BT-21 and BT-22
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


PROFILES = (
    Profile(
        name="en16931",
        ids=(EN,),
        rulesets=_EN_RULES,
    ),
    Profile(
        name=_FACTURX_EN,
        ids=(),  # that of EN 16931, in a PDF
        rulesets={"cii": ("facturx-en16931",)},
        schema="facturx-en16931",
    ),
    Profile(
        name="facturx-minimum",
        ids=("urn:factur-x.eu:1p0:minimum",),
        older=("urn:zugferd.de:2p0:minimum",),
        rulesets={"cii": ("facturx-minimum",)},
        schema="facturx-minimum",
    ),
    Profile(
        name="facturx-basicwl",
        ids=("urn:factur-x.eu:1p0:basicwl",),
        older=("urn:zugferd.de:2p0:basicwl",),
        rulesets={"cii": ("facturx-basicwl",)},
        schema="facturx-basicwl",
    ),
    Profile(
        name="facturx-basic",
        ids=(f"{EN}#compliant#urn:factur-x.eu:1p0:basic",),
        older=(
            f"{EN}#compliant#urn:zugferd.de:2p0:basic",
            f"{EN}:compliant:factur-x.eu:1p0:basic",
        ),
        rulesets={"cii": ("facturx-basic",)},
        schema="facturx-basic",
    ),
    Profile(
        name="facturx-extended",
        ids=(f"{EN}#conformant#urn:factur-x.eu:1p0:extended",),
        older=(
            f"{EN}#conformant#urn:zugferd.de:2p0:extended",
            f"{EN}:compliant:factur-x.eu:1p0:extended",
            f"{EN}:conformant:factur-x.eu:1p0:extended",
        ),
        rulesets={"cii": ("facturx-extended",)},
        schema="facturx-extended",
    ),
    Profile(
        name=_FRENCH_PROFILE,
        ids=(f"{EN}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",),
        rulesets={"ubl": ("extended-ctc-fr-ubl",), "cii": ("extended-ctc-fr-cii",)},
    ),
    Profile(
        name="xrechnung",
        ids=(_XRECHNUNG,),
        rulesets=_XRECHNUNG_RULES,
        levels=_CIUS_LEVELS,
    ),
    Profile(
        name="xrechnung-extension",
        ids=(f"{_XRECHNUNG}#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0",),
        rulesets=_XRECHNUNG_RULES,
        levels=_EXTENSION_LEVELS,
    ),
    Profile(
        name="xrechnung-cvd",
        ids=(f"{_XRECHNUNG}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9",),
        rulesets=_XRECHNUNG_RULES,
        levels=_CVD_LEVELS,
    ),
    Profile(
        name="peppol",
        ids=(f"{_PEPPOL}:billing:3.0",),
        rulesets={
            "ubl": (*_EN_RULES["ubl"], "peppol-ubl"),
            "cii": (*_EN_RULES["cii"], "peppol-cii"),
        },
    ),
    Profile(
        name="peppol-selfbilling",
        ids=(f"{_PEPPOL}:selfbilling:3.0",),
        rulesets={"ubl": (*_EN_RULES["ubl"], "peppol-ubl-sb")},
    ),
)


def plan(facts: DocumentFacts, *, profile: str | None = None, country: str | None = None) -> Plan:
    """Decide how a document is judged.

    Args:
        facts: what the document says about itself.
        profile: judge it as this profile of `PROFILES`, whatever BT-24 says.
        country: the user's word that the rules of a country apply; `fr` is the one we have.

    Raises:
        UsageError: no profile or country of that name.
    """
    if country is not None and country.lower() != "fr":
        raise UsageError("country", country, ("fr",))
    if facts.syntax == "zugferd1":
        return _legacy(facts)
    base = _by_choice(facts, profile) if profile else _by_identifier(facts)
    return _with_france(base, facts, country)


def _named(name: str) -> Profile:
    known = {profile.name: profile for profile in PROFILES}
    try:
        return known[name]
    except KeyError:
        raise UsageError("profile", name, known) from None


def _legacy(facts: DocumentFacts) -> Plan:
    return Plan(
        profile="zugferd-1.0",
        schemas=(_FULL_SCHEMAS[facts.syntax],),
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
        return _by_profile(facts, _named(_FACTURX_EN))
    for profile in PROFILES:
        if claimed in profile.ids:
            return _by_profile(facts, profile)
        if claimed in profile.older:
            return _older(facts, profile, claimed)
    return _unserved(facts, claimed)


def _by_profile(facts: DocumentFacts, profile: Profile) -> Plan:
    syntax = _SYNTAXES[facts.syntax]
    if syntax is None or syntax not in profile.rulesets:
        return _other_syntax(facts, profile)
    levels = profile.levels.get(facts.syntax, {})
    return Plan(
        profile=profile.name,
        schemas=(_FULL_SCHEMAS[facts.syntax], *((profile.schema,) if profile.schema else ())),
        rulesets=tuple(
            PlannedRuleSet(ruleset_named(name), levels=levels) for name in profile.rulesets[syntax]
        ),
    )


def _other_syntax(facts: DocumentFacts, profile: Profile) -> Plan:
    known = " and ".join(name.upper() for name in profile.rulesets)
    syntax = _SYNTAXES[facts.syntax]
    return Plan(
        profile=profile.name,
        schemas=(_FULL_SCHEMAS[facts.syntax],),
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
        schemas=(_FULL_SCHEMAS[facts.syntax],),
        rulesets=_en_rules(_SYNTAXES[facts.syntax]),
        notes=(f"{note}; the rules of EN 16931 run",),
        served=False,
        compliant=_promises_compliance(claimed),
    )


def _en_rules(syntax: Syntax | None) -> tuple[PlannedRuleSet, ...]:
    names = _EN_RULES[syntax] if syntax else ()
    return tuple(PlannedRuleSet(ruleset_named(each)) for each in names)


def _promises_compliance(claimed: str) -> bool:
    """Whether BT-24 says that all rules of EN 16931 are obeyed."""
    return claimed.startswith(f"{EN}#compliant#")


def _with_france(base: Plan, facts: DocumentFacts, country: str | None) -> Plan:
    """Add the French rules: deciding where France is claimed, as advice where it is likely."""
    syntax = _SYNTAXES[facts.syntax]
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
    french = PlannedRuleSet(ruleset_named(f"br-fr-{syntax}"), decides=claim is not None)
    more = PlannedRuleSet(ruleset_named(f"fr-plus-{syntax}"), decides=False)
    return msgspec.structs.replace(
        base, rulesets=(*base.rulesets, french, more), notes=(*base.notes, note)
    )


def _french_claim(base: Plan, facts: DocumentFacts, country: str | None) -> str | None:
    """In what way the document or the user claims France; None if they do not."""
    if country is not None:
        return "the country fr was asked for"
    if base.profile == _FRENCH_PROFILE:
        return f"the profile is {base.profile}"
    if (process := (facts.business_process or "").strip()) in _FRENCH_PROCESSES:
        return f"BT-23 {process} is of the French list"
    if any((code or "").strip() == _FRENCH_NOTE for code, _ in facts.notes):
        return f"there is a note with the subject {_FRENCH_NOTE}"
    return None


def _both_french(facts: DocumentFacts) -> bool:
    return facts.seller_country == facts.buyer_country == "FR"
