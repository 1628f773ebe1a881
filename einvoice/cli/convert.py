"""`einvoice convert`: invoices in another format, and what was lost on the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import click

from einvoice.batch.conversion import (
    ConversionOptions,
    Job,
    convert_all,
    convert_source,
)
from einvoice.batch.remote import check_remote, is_url
from einvoice.batch.sources import STDIN, Source
from einvoice.batch.targets import Targets
from einvoice.cli.inputs import counted, is_single, read_input, sources_of
from einvoice.cli.options import (
    format_option,
    overwrite_option,
    paths_argument,
    quiet_option,
    workers_option,
)
from einvoice.cli.outputs import report_output, spare_inputs, writing
from einvoice.cli.progress import bar_is_wanted, tracked
from einvoice.formats import FORMATS, PdfA, format_named
from einvoice.formats.opening import is_pdf
from einvoice.formats.targets import TARGETS, target_named
from einvoice.losspolicy import OnLoss, Policy, load_policy
from einvoice.repairs import REPAIRS
from einvoice.reports import ReportFormat, report_format
from einvoice.reports.accounts import FORMS
from einvoice.reports.output import Output
from einvoice.reports.summary import ConversionSummary
from einvoice.reports.wire import ConversionLine


@click.command("convert")
@paths_argument
@click.option(
    "--to",
    required=True,
    type=click.Choice([known.name for known in FORMATS]),
    help="The format to write.",
)
@click.option(
    "--profile",
    type=click.Choice([target.name for target in TARGETS]),
    help="Write it as this profile: what it has no place for is left out and named.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="A file for one document, a folder for several, a URL, - for the standard output.",
)
@overwrite_option
@click.option("--pdf", metavar="FILE", help="The visible page for facturx; else one is drawn.")
@click.option(
    "--lang", "language", default="fr", show_default=True, help="Language of a page that is drawn."
)
@click.option(
    "--pdfa",
    default="3a",
    show_default=True,
    type=click.Choice(get_args(PdfA)),
    help="Level of the facturx; best-effort takes a page that is no PDF/A.",
)
@click.option(
    "--template",
    metavar="DIR|FILE",
    help="Draw the page of a facturx with this Typst template; see `einvoice template`.",
)
@click.option(
    "--repair",
    "repairs",
    multiple=True,
    type=click.Choice([each.name for each in REPAIRS]),
    help="Mend this before converting, and list each change; may be given several times.",
)
@click.option(
    "--on-loss",
    default="report",
    show_default=True,
    type=click.Choice(get_args(OnLoss)),
    help="Refuse outputs that lack a value, or a term of EN 16931 (fatal).",
)
@click.option(
    "--accept-losses", metavar="FILE", help="Losses to accept all the same, as TOML; see the docs."
)
@click.option(
    "--account",
    type=click.Choice(list(FORMS)),
    help="Write beside each output what became of every value of its source.",
)
@format_option
@workers_option
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    output: str,
    format_name: str,
    workers: int,
    quiet: bool,
    **asked: Any,
) -> None:
    """Write invoices in another format, and say what was lost on the way.

    PATH is a file, a folder with all below it, or - for the standard input. From folders, the
    tree is kept below OUT.
    """
    options = _options(paths, **asked)
    form = report_format(format_name)
    if output == STDIN:
        summary = _to_stdout(paths, options, form, quiet)
    else:
        _check_output(output, paths)
        summary = _to_files(paths, options, form, output, workers, quiet)
    ctx.exit(summary.exit_code)


def _options(
    paths: tuple[str, ...],
    *,
    to: str,
    profile: str | None,
    pdf: str | None,
    template: str | None,
    accept_losses: str | None,
    **others: Any,
) -> ConversionOptions:
    """What is asked of each conversion; others go by the names that they have there."""
    if profile is not None:
        target_named(profile, to)
    return ConversionOptions(
        to=to,
        profile=profile,
        pdf=_page(pdf, to, paths),
        template=_template(template, to, pdf),
        policy=Policy() if accept_losses is None else load_policy(accept_losses),
        **others,
    )


def _page(pdf: str | None, to: str, paths: tuple[str, ...]) -> bytes | None:
    """The visible page that was named; it can be that of one invoice only."""
    if pdf is None:
        return None
    if to != "facturx":
        raise click.UsageError("--pdf is the page of a Factur-X; use it with --to facturx")
    if not is_single(paths):
        raise click.UsageError("--pdf is the page of one invoice; name one PATH only")
    page = read_input(pdf)
    if not is_pdf(page):
        raise click.UsageError(f"{pdf} is not a PDF; --pdf is the visible page of the invoice")
    return page


def _template(template: str | None, to: str, pdf: str | None) -> str | None:
    """The template that was named, once it is known that it can be read."""
    if template is None:
        return None
    if to != "facturx" or pdf is not None:
        raise click.UsageError("--template draws the page of a Factur-X that has no --pdf")
    from einvoice.pdf.template import load_template

    load_template(template)
    return template


def _to_stdout(
    paths: tuple[str, ...], options: ConversionOptions, form: ReportFormat, quiet: bool
) -> ConversionSummary:
    """One document to the standard output; the report goes to the standard error."""
    if not is_single(paths):
        raise click.UsageError("-o - takes one document; name a folder for several")
    if options.account is not None:
        raise click.UsageError("--account is written beside the output; name a file with -o")
    line, conversion = convert_source(next(sources_of(paths)), options)
    with report_output(None, form, quiet=quiet, alone=True, err=True) as out:
        summary = _report([line], form, out)
    if conversion is not None:
        stream = sys.stdout.buffer
        stream.write(conversion.data)
        stream.flush()
    return summary


def _to_files(
    paths: tuple[str, ...],
    options: ConversionOptions,
    form: ReportFormat,
    output: str,
    workers: int,
    quiet: bool,
) -> ConversionSummary:
    alone = is_single(paths)
    with report_output(None, form, quiet=quiet, alone=alone) as out:
        sources, total = counted(sources_of(paths, skip=output), bar_is_wanted(out))
        suffix = format_named(options.to).extension
        jobs = _jobs(sources, output, suffix, to_file=alone and not _folder(output))
        lines = convert_all(jobs, options, workers=workers)
        return _report(tracked(lines, total, out), form, out)


def _jobs(sources: Iterable[Source], output: str, suffix: str, *, to_file: bool) -> Iterator[Job]:
    targets = Targets(output, suffix)
    for source in sources:
        yield Job(source=source, output=output if to_file else targets.path_for(source))


def _folder(output: str) -> bool:
    return os.path.isdir(output) or output.endswith(("/", os.sep))


def _report(
    lines: Iterable[ConversionLine], form: ReportFormat, output: Output
) -> ConversionSummary:
    write = form.write_conversions
    if write is None:
        raise click.UsageError(f"--format {form.name} has no form for conversions")
    summary = ConversionSummary()
    write(summary.counting(lines), summary, output)
    return summary


def _check_output(output: str, paths: tuple[str, ...]) -> None:
    """Refuse a folder that is an input too, and one that cannot be made."""
    if is_url(output):
        check_remote(output)
        return
    spare_inputs(output, paths)
    if is_single(paths) and not _folder(output):
        return
    with writing(output):
        os.makedirs(output, exist_ok=True)
