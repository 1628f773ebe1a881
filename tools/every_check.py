"""Find for every fatal check of the published rule sets a document that breaks it.

The documents are those of the public corpora, the samples, and what `tests/schematron/breaking.py`
makes of them. Each has to break the check in both evaluators. Prints the table and the list of
checks that no document breaks, with the reason.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TESTS = ROOT / "tests"
sys.path[:0] = [str(ROOT), str(TESTS / "schematron"), str(TESTS / "rulesets")]

from breaking import Variations  # noqa: E402
from rule_cases import edited  # noqa: E402

from einvoice.findings import Severity  # noqa: E402
from einvoice.rulesets import evaluators  # noqa: E402
from einvoice.rulesets.catalogue import (  # noqa: E402
    RULESETS,
    RuleSet,
    Stylesheet,
    parts_of,
    severity_of,
)
from einvoice.schematron import saxon  # noqa: E402
from einvoice.schematron.ir import Check, Rule  # noqa: E402
from einvoice.schematron.svrl import Fired, Kind  # noqa: E402
from einvoice.schematron.tree import Tree  # noqa: E402
from einvoice.schematron.write_xslt import write_xslt  # noqa: E402

BASES = {"ubl": ("fr-b2b-services", "attachments"), "cii": ("facturx-minimum", "fr-advance")}
TRIES = 60
_REGISTRATIONS = "".join(
    f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="{scheme}">1</ram:ID><ram:ID>2</ram:ID>'
    "</ram:SpecifiedTaxRegistration>"
    for scheme in ("FC", "VA") * 3
)
_TOTALS = "".join(
    f'<ram:TaxTotalAmount currencyID="{currency}">1</ram:TaxTotalAmount>'
    for currency in ("ZZ", "EUR") * 2
)
_LINE = "//ram:IncludedSupplyChainTradeLineItem"
#: What trying does not find: several of one kind at once, in places that agree with each other.
CRAFTED = [
    ["set", "//ram:BilledQuantity/@unitCodeListID", "x"],
    ["append", "//ram:SellerTradeParty", _REGISTRATIONS],
    [
        "append",
        "//ram:ApplicableHeaderTradeSettlement",
        "<ram:TaxCurrencyCode>ZZ</ram:TaxCurrencyCode>",
    ],
    ["append", "//ram:SpecifiedTradeSettlementHeaderMonetarySummation", _TOTALS],
    ["append", "//ram:SpecifiedTradeSettlementLineMonetarySummation", _TOTALS],
    [
        "append",
        f"{_LINE}/ram:SpecifiedLineTradeAgreement",
        f"<ram:ItemSellerTradeParty>{_REGISTRATIONS}</ram:ItemSellerTradeParty>",
    ],
    [
        "append",
        f"{_LINE}/ram:SpecifiedTradeProduct",
        f"<ram:ManufacturerTradeParty>{_REGISTRATIONS}</ram:ManufacturerTradeParty>",
    ],
]
#: Why no document breaks a check whose test says so less plainly than `true()`.
REASONS = {
    "BR-DEC-13": "a path in the test begins at cbc:TaxAmount and never selects anything",
    "BR-DEC-15": "a path in the test begins at cbc:TaxAmount and never selects anything",
    "CII-SR-464": "the two sides of its `or` say the opposite of each other",
    "FX-SCH-A-000349": "the two sides of its `or` say the opposite of each other",
    "BR-AF-08": "`../ram:RateApplicablePercent` begins at the tax itself: there is no such element",
    "BR-AG-08": "`../ram:RateApplicablePercent` begins at the tax itself: there is no such element",
    "FX-SCH-A-000231": "`../ram:RateApplicablePercent` begins at the tax itself, as in BR-AF-08",
    "FX-SCH-A-000232": "`../ram:RateApplicablePercent` begins at the tax itself, as in BR-AG-08",
    **dict.fromkeys(
        ("CII-DT-010", "CII-DT-011", "CII-DT-012"),
        "the rule of //ram:TypeCode stands before it in its pattern and takes its nodes",
    ),
    **dict.fromkeys(
        (
            *("FX-SCH-A-000037", "FX-SCH-A-000413", "FX-SCH-A-001053"),
            *("FX-SCH-A-001055", "FX-SCH-A-001167", "FX-SCH-A-001169"),
        ),
        "the rule of the element above does not let the pattern go on below it",
    ),
    "BR-EXT-CL-07": "it excepts an element that its context never is",
}


HIDDEN = "an earlier rule of its pattern has the same context and takes its nodes"


class Search:
    """The checks of one rule set, and which of them are broken."""

    def __init__(self, ruleset: RuleSet) -> None:
        (part,) = parts_of(ruleset)
        form = evaluators.form_of(part)
        self.ruleset = ruleset
        self._rules = evaluators.compiled_rules(part)
        self._stylesheet = write_xslt(form)
        self.open: dict[str, list[tuple[Rule, Check]]] = {}
        self.hidden: set[str] = set()  #: behind a rule that takes all their nodes
        for pattern in form.patterns:
            contexts: set[object] = set()
            for rule in pattern.rules:
                if set(rule.context) <= contexts:
                    self.hidden |= {_name(check) for check in rule.checks}
                contexts |= set(rule.context)
                for check in rule.checks:
                    if severity_of(check.flag or check.role) is Severity.FATAL:
                        self.open.setdefault(_name(check), []).append((rule, check))
        self.all = len(self.open)

    def try_on(self, root: etree._Element) -> None:
        """See which checks a document breaks, in both evaluators."""
        broken = {_fired_name(f) for f in self._rules.run(Tree(root)) if f.kind is not Kind.ABORT}
        if not broken & self.open.keys():
            return
        found = saxon.run(self._stylesheet, etree.tostring(root))
        for name in broken & {_fired_name(f) for f in found if f.kind is not Kind.ABORT}:
            self.open.pop(name, None)

    def make(self) -> None:
        """Make documents for what is still open."""
        if self.ruleset.syntax == "cii":
            self.try_on(etree.fromstring(edited(etree.tostring(_sample("fr-advance")), CRAFTED)))
        bases = [_sample(case) for case in BASES[self.ruleset.syntax]]
        for name, places in list(self.open.items()):
            for rule, check in places:
                for base in bases:
                    for root in Variations(base, rule, check).documents(TRIES):
                        if name not in self.open:
                            break
                        self.try_on(root)


def _name(check: Check) -> str:
    return check.id or " ".join("".join(p for p in check.message if isinstance(p, str)).split())


def _fired_name(fired: Fired) -> str:
    return fired.rule or " ".join(fired.text.split())


def _sample(case: str) -> etree._Element:
    return etree.parse(str(ROOT / "samples" / case / "invoice.xml")).getroot()


def documents() -> Iterator[etree._Element]:
    """The samples and the public documents, the unit tests in them each by itself."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    folders = (ROOT / "samples", SHARED / "corpus", SHARED / "corpus-mutants")
    for path in sorted(path for folder in folders for path in folder.rglob("*.xml")):
        try:
            root = etree.parse(str(path), parser).getroot()
        except etree.XMLSyntaxError:
            continue
        if not str(root.tag).endswith("}testSet"):
            yield root
            continue
        for test in root:
            for body in test:
                if isinstance(body.tag, str):
                    yield etree.fromstring(etree.tostring(body))


def main() -> int:
    """Search, and print what was found."""
    searches = [Search(each) for each in RULESETS if isinstance(each.source, Stylesheet)]
    for root in documents():
        for search in searches:
            if root.tag in search.ruleset.roots:
                search.try_on(root)
    print("rule set: fatal checks, broken by public documents, by documents made here, by none")
    unbroken: dict[str, tuple[str, list[str]]] = {}
    for search in searches:
        public = search.all - len(search.open)
        search.make()
        left = len(search.open)
        made = search.all - public - left
        print(f"{search.ruleset.name}: {search.all} {public} {made} {left}", flush=True)
        for name, places in search.open.items():
            reason = HIDDEN if name in search.hidden else _reason(name, places[0][1])
            unbroken.setdefault(name[:60], (reason, []))[1].append(search.ruleset.name)
    print("broken by no document:")
    for name, (reason, names) in sorted(unbroken.items()):
        print(f"{name}: {reason} ({', '.join(names)})")
    return 0


def _reason(name: str, check: Check) -> str:
    if "".join(check.written.split()) == "true()" and not check.report:
        return "its test is true()"
    return REASONS.get(name, "none was found")


if __name__ == "__main__":
    sys.exit(main())
