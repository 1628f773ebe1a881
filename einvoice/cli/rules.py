"""`einvoice rules`: which rule sets there are, what a rule demands, and getting them ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from einvoice.cli.columns import Row, aligned
from einvoice.cli.outputs import print_lines
from einvoice.errors import UsageError
from einvoice.kept import writable_folder
from einvoice.reports.lines import TextLine
from einvoice.rulesets.catalogue import Composition, PackFile, RuleSet, Schema, Stylesheet
from einvoice.rulesets.versions import all_rulesets, chosen, sha256_of

if TYPE_CHECKING:
    from einvoice.rulesets.rules import RuleFacts

_INDENT = "    "
PDFA = "pdfa-3"


@click.group("rules")
def command() -> None:
    """Show the rule sets and their rules, and get them ready to run."""


@command.command("list")
def list_() -> None:
    """List the rule sets: name, version, syntax, who publishes them, where they come from."""
    rows = [
        Row((each.name,), f"{each.version}; {each.publisher} ({_origin(each)})")
        for each in all_rulesets()
    ]
    print_lines(aligned(rows, ""))


@command.command("show")
@click.argument("name", metavar="NAME")
def show(name: str) -> None:
    """Show a rule set, or a rule in all rule sets that have it.

    NAME is a rule set such as en16931-ubl, or a rule such as BR-CO-15; pdfa-3 shows which clauses
    of PDF/A-3 are not checked.
    """
    from einvoice.rulesets.rules import rules_named

    if name == PDFA:
        print_lines(_pdfa_lines())
        return
    known = all_rulesets()
    if named := [each for each in known if each.name == name]:
        print_lines(line for each in named for line in _ruleset_lines(each))
        return
    found = rules_named(name, known)
    if not found:
        names = dict.fromkeys(each.name for each in known)
        raise UsageError("rule or rule set", name, [*names, "or the id of a rule"])
    print_lines(line for rule in found for line in _rule_lines(rule))


@command.command("warm")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def warm(names: tuple[str, ...]) -> None:
    """Compile the rule sets into the cache folder, so that no later run has to.

    Without NAME all of them are compiled.
    """
    from einvoice.rulesets.rules import prepare
    from einvoice.schematron.cache import FOLDER

    wanted = [chosen(name) for name in names] or all_rulesets()
    folder = writable_folder(FOLDER)
    for each in wanted:
        count = prepare(each)
        state = "run by Saxon, nothing to compile" if count is None else f"{count} checks compiled"
        click.echo(f"{each.name} {each.version}: {state}")
    click.echo(f"kept in {folder}")


@command.command("add")
@click.argument("pack", metavar="PACK")
@click.option("--sha256", metavar="HASH", help="The hash of the zip; required for a URL.")
def add(pack: str, sha256: str | None) -> None:
    """Add a publisher's rule sets: a zip, a folder, or an https URL of a zip.

    A pack has a manifest, einvoice-pack.json, or is a release of the EN 16931 artefacts, of
    XRechnung or of Peppol BIS. It is taken whole or not at all.
    """
    from einvoice.rulesets import packs

    for each in packs.add(pack, pinned=sha256):
        since = f", valid from {each.valid_from}" if each.valid_from else ""
        click.echo(f"added {each.name} {each.version}{since}")


@command.command("verify")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check every rule set against its hash, those of packs too."""
    from einvoice.errors import ArtefactError
    from einvoice.rulesets.catalogue import parts_of
    from einvoice.rulesets.evaluators import path_of

    failed = False
    for each in all_rulesets():
        try:
            for part in parts_of(each):
                path_of(part.source)
            state = f"ok {sha256_of(each)}"
        except ArtefactError as error:
            failed, state = True, f"FAILED {error}"
        click.echo(f"{each.name} {each.version}: {state}")
    ctx.exit(ArtefactError.exit_code if failed else 0)


def _origin(ruleset: RuleSet) -> str:
    match ruleset.source:
        case Stylesheet(file):
            return f"in {file.package}"
        case Schema(file):
            return f"written here, {file}"
        case PackFile(path):
            return f"added, {path}"
        case Composition(data):
            return f"composed, {data}"


def _ruleset_lines(ruleset: RuleSet) -> Iterator[TextLine]:
    from einvoice.rulesets.rules import rules_of

    rules = list(rules_of(ruleset))
    counts = Counter(rule.severity.value for rule in rules)
    shown = ", ".join(f"{number} {severity}" for severity, number in counts.items())
    yield TextLine(((f"{ruleset.name} {ruleset.version}", "bold"),))
    yield from _fields(
        ("published by", ruleset.publisher),
        ("licence", ruleset.licence),
        ("syntax", ruleset.syntax),
        ("source", _origin(ruleset)),
        ("sha256", sha256_of(ruleset)),
        ("valid from", str(ruleset.valid_from) if ruleset.valid_from else None),
        ("rules", shown),
    )
    rows = [Row((rule.rule or "(no id)", rule.severity.value), rule.message) for rule in rules]
    yield from aligned(rows, _INDENT)


def _pdfa_lines() -> Iterator[TextLine]:
    """What the check of PDF/A-3 leaves out; it is code and no rule set."""
    from einvoice.pdf.conformance import VERSION, unchecked

    yield TextLine(((f"{PDFA}  {VERSION}", "bold"),))
    yield TextLine(((f"{_INDENT}level b decides; what a file claims beyond it warns", ""),))
    yield TextLine(((f"{_INDENT}clauses that are not checked:", ""),))
    rows = [Row((clause,), why) for clause, why in sorted(unchecked().items())]
    yield from aligned(rows, _INDENT * 2)


def _rule_lines(rule: RuleFacts) -> Iterator[TextLine]:
    head = f"{rule.rule}  {rule.severity.value}"
    yield TextLine(((head, "bold"), (f"  {rule.ruleset.name} {rule.ruleset.version}", "")))
    yield from _fields(
        ("", rule.message),
        ("terms", " ".join(rule.terms)),
        ("about", rule.context),
        ("fires if" if rule.report else "demands", rule.test),
    )


def _fields(*fields: tuple[str, str | None]) -> Iterator[TextLine]:
    for name, value in fields:
        if value:
            text = " ".join(value.split())
            yield TextLine(((_INDENT, ""), (f"{name}: " if name else "", "dim"), (text, "")))
