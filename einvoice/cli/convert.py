"""`einvoice convert`: invoices in another format, and what was lost on the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

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
from einvoice.cli.converting import asked_conversion, conversion_options
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
from einvoice.formats import FORMATS, format_named
from einvoice.formats.opening import is_pdf
from einvoice.formats.targets import TARGETS
from einvoice.reports import CONVERSION_REPORTS, ReportFormat, report_format
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
@conversion_options
@format_option(CONVERSION_REPORTS)
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
    paths: tuple[str, ...], *, to: str, pdf: str | None, **others: Any
) -> ConversionOptions:
    return asked_conversion(to=to, pdf=_page(pdf, to, paths), **others)


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
