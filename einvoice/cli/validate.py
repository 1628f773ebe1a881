"""`einvoice validate`: the verdict on each document, and what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from einvoice.batch.validation import (
    ValidationOptions,
    check_ledger,
    payments_at,
    validate_all,
)
from einvoice.checks.policy import CheckPolicy, load_check_policy
from einvoice.cli.inputs import counted, is_single, sources_of
from einvoice.cli.options import (
    format_option,
    paths_argument,
    quiet_option,
    split_names,
    workers_option,
)
from einvoice.cli.outputs import report_output, spare_inputs
from einvoice.cli.progress import bar_is_wanted, tracked
from einvoice.errors import UsageError
from einvoice.findings import LayerName
from einvoice.reports import ReportFormat, report_format
from einvoice.reports.output import Output
from einvoice.reports.summary import Summary


@click.command("validate")
@paths_argument
@format_option
@click.option(
    "--layers",
    metavar="NAME,...",
    callback=split_names,
    help="Run only these layers: xml, xsd, schematron, ...",
)
@click.option(
    "--rulesets",
    metavar="NAME,...",
    callback=split_names,
    help="Run these rule sets, whatever the profile asks.",
)
@click.option("--profile", help="Judge by this profile, whatever the document says it follows.")
@click.option("--country", metavar="CODE", help="Judge by the rules of this country too: fr.")
@click.option(
    "--engine",
    type=click.Choice(["compiled", "saxon", "both"]),
    default="compiled",
    show_default=True,
    help="What evaluates the rules; both must agree.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge by the rule sets of this day, not by those of the invoice's own date.",
)
@click.option(
    "--checks",
    type=click.Choice(["off", "report", "fatal"]),
    default="off",
    show_default=True,
    help="Look for what the official rules let pass: VAT, sums, identifiers, bank, terms.",
)
@click.option(
    "--check-policy",
    metavar="FILE",
    help="Severities of checks and waived findings, as TOML; see the docs.",
)
@click.option(
    "--ledger",
    metavar="FILE|URL",
    help="Keep what was seen, and look for duplicates and changed accounts; implies --checks.",
)
@click.option(
    "--payments",
    metavar="FILE",
    help="What was paid for the invoices, as CSV, for checks of late payment; see the docs.",
)
@click.option("--svrl", metavar="DIR", help="Write the SVRL of each rule set into this folder.")
@workers_option
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file.")
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    format_name: str,
    as_of: datetime | None,
    check_policy: str | None,
    svrl: str | None,
    workers: int,
    output: str | None,
    quiet: bool,
    **asked: Any,
) -> None:
    """Say whether invoices are right, and what is wrong with them.

    PATH is a file, a folder with all below it, or - for the standard input.
    """
    _check_layers(asked["layers"])
    tables = tuple(filter(None, (asked["payments"],)))
    spare_inputs(output, (*paths, *tables))
    for table in tables:
        payments_at(table)  # a faulty one is refused before anything is judged
    day = as_of.date() if as_of else None
    policy = None if check_policy is None else _check_policy(check_policy, day)
    if asked["ledger"] is not None:
        check_ledger(asked["ledger"])
    options = ValidationOptions(as_of=day, check_policy=policy, **asked)
    form = report_format(format_name)
    with report_output(output, form, quiet=quiet, alone=is_single(paths)) as out:
        summary = _run(paths, options, workers, form, out, svrl)
    ctx.exit(summary.exit_code)


def _run(
    paths: tuple[str, ...],
    options: ValidationOptions,
    workers: int,
    form: ReportFormat,
    output: Output,
    svrl: str | None,
) -> Summary:
    sources, total = counted(sources_of(paths, skip=svrl or ()), bar_is_wanted(output))
    folder = None if svrl is None else Path(svrl)
    reports = validate_all(sources, options, workers=workers, svrl=folder)
    summary = Summary()
    form.write_reports(summary.counting(tracked(reports, total, output)), summary, output)
    return summary


def _check_policy(path: str, day: date | None) -> CheckPolicy:
    from einvoice.checks.run import CHECKS

    return load_check_policy(path, frozenset(check.id for check in CHECKS), day or date.today())


def _check_layers(layers: frozenset[str] | None) -> None:
    """Refuse an unknown layer before anything is read."""
    known = [layer.value for layer in LayerName]
    for name in sorted(layers or ()):
        if name not in known:
            raise UsageError("layer", name, known)
