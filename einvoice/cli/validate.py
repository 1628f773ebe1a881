"""`einvoice validate`: the verdict on each document, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from einvoice.batch.validation import ValidationOptions, validate_all
from einvoice.cli.inputs import counted, is_single, sources_of
from einvoice.cli.options import (
    format_option,
    paths_argument,
    quiet_option,
    workers_option,
)
from einvoice.cli.outputs import report_output, spare_inputs
from einvoice.cli.progress import bar_is_wanted, tracked
from einvoice.cli.validating import asked_validation, validation_options
from einvoice.reports import REPORTS, ReportFormat, report_format
from einvoice.reports.output import Output
from einvoice.reports.summary import Summary
from einvoice.reports.words import LANGUAGES


@click.command("validate")
@paths_argument
@format_option(REPORTS)
@validation_options
@click.option("--svrl", metavar="DIR", help="Write the SVRL of each rule set into this folder.")
@workers_option
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file.")
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    help="Language of headings, in text, csv, xlsx and html.",
)
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    format_name: str,
    svrl: str | None,
    workers: int,
    output: str | None,
    language: str,
    quiet: bool,
    **asked: Any,
) -> None:
    """Say whether invoices are right, and what is wrong with them.

    PATH is a file, a folder with all below it, or - for the standard input.
    """
    tables = tuple(filter(None, (asked["payments"],)))
    spare_inputs(output, (*paths, *tables))
    options = asked_validation(**asked)
    form = report_format(format_name)
    alone = is_single(paths)
    with report_output(output, form, quiet=quiet, alone=alone, language=language) as out:
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
