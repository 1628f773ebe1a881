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
from einvoice.rulesets.catalogue import BY_NAME, RULESETS, RuleSet, Schema, Stylesheet

if TYPE_CHECKING:
    from einvoice.rulesets.rules import RuleFacts

_INDENT = "    "


@click.group("rules")
def command() -> None:
    """Show the rule sets and their rules, and get them ready to run."""


@command.command("list")
def list_() -> None:
    """List the rule sets: name, version, syntax, who publishes them, where they come from."""
    rows = [
        Row((each.name,), f"{each.version}; {each.publisher} ({_origin(each)})")
        for each in RULESETS
    ]
    print_lines(aligned(rows, ""))


@command.command("show")
@click.argument("name", metavar="NAME")
def show(name: str) -> None:
    """Show a rule set, or a rule in all rule sets that have it.

    NAME is a rule set such as en16931-ubl, or a rule such as BR-CO-15.
    """
    from einvoice.rulesets.rules import rules_named

    if name in BY_NAME:
        print_lines(_ruleset_lines(BY_NAME[name]))
        return
    found = rules_named(name, RULESETS)
    if not found:
        raise UsageError("rule or rule set", name, [*BY_NAME, "or the id of a rule"])
    print_lines(line for rule in found for line in _rule_lines(rule))


@command.command("warm")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def warm(names: tuple[str, ...]) -> None:
    """Compile the rule sets into the cache folder, so that no later run has to.

    Without NAME all of them are compiled.
    """
    from einvoice.rulesets.catalogue import ruleset_named
    from einvoice.rulesets.rules import prepare
    from einvoice.schematron.cache import FOLDER

    chosen = [ruleset_named(name) for name in names] or list(RULESETS)
    folder = writable_folder(FOLDER)
    for each in chosen:
        count = prepare(each)
        state = "run by Saxon, nothing to compile" if count is None else f"{count} checks compiled"
        click.echo(f"{each.name} {each.version}: {state}")
    click.echo(f"kept in {folder}")


def _origin(ruleset: RuleSet) -> str:
    match ruleset.source:
        case Stylesheet(file):
            return f"in {file.package}"
        case Schema(file):
            return f"written here, {file}"
        case composition:
            return f"composed, {composition.data}"


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
        ("rules", shown),
    )
    rows = [Row((rule.rule or "(no id)", rule.severity.value), rule.message) for rule in rules]
    yield from aligned(rows, _INDENT)


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
