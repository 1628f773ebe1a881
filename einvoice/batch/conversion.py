"""Conversion of many documents: the task of one, which writes its own output."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from einvoice.batch import pool
from einvoice.batch.content import openable
from einvoice.batch.files import same_file
from einvoice.batch.outputs import digest_of, output_exists, write_output
from einvoice.batch.sources import Source, shown
from einvoice.errors import (
    ConversionRefused,
    DocumentError,
    EInvoiceError,
    InputNotReadable,
    LossRefused,
    OutputInvalid,
    OutputNotWritable,
    UsageError,
)
from einvoice.formats import PdfA
from einvoice.losspolicy import OnLoss, Policy
from einvoice.reports.wire import ConversionLine

if TYPE_CHECKING:
    from einvoice.convert import Conversion

UNREADABLE = "unreadable"
#: Outcomes that an exception of the conversion stands for, the first that fits.
OUTCOMES: tuple[tuple[type[EInvoiceError], str], ...] = (
    (ConversionRefused, "refused"),
    (LossRefused, "lossy"),
    (OutputInvalid, "output-invalid"),
    (DocumentError, "malformed"),
    (InputNotReadable, UNREADABLE),
    (EInvoiceError, "failed"),
)
CONVERTED, CRASHED, EXISTS, UNWRITTEN = "converted", "crashed", "exists", "unwritten"

#: A document that may be right, in a format that is not read.
UNSUPPORTED = "unsupported"
UNDECIDED = 3


class ConversionOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What `einvoice.convert` is asked, the same for every document."""

    to: str
    profile: str | None = None
    repairs: tuple[str, ...] = ()
    pdf: bytes | None = None
    language: str = "fr"
    template: str | None = None
    pdfa: PdfA = "3a"
    on_loss: OnLoss = "report"
    policy: Policy = Policy()
    account: str | None = None  #: form of the account that is written beside each output
    overwrite: bool = False


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A source and the file that its output becomes."""

    source: Source
    output: str


def convert_all(
    jobs: Iterable[Job], options: ConversionOptions, *, workers: int
) -> Iterator[ConversionLine]:
    """One line per job, in the order of the jobs; outputs are written on the way."""
    task = partial(_line_of, options=options)
    return pool.run(task, jobs, on_crash=_crashed, workers=workers)


def _line_of(job: Job, options: ConversionOptions) -> ConversionLine:
    return convert_to_file(job, options)[0]


def convert_to_file(job: Job, options: ConversionOptions) -> tuple[ConversionLine, str | None]:
    """Convert one source and write its output, unless that would destroy something.

    Returns:
        What is to be said of it, and the digest of what was written.
    """
    try:
        obstacle = _obstacle(job, options)
        if obstacle is not None:
            return failed_line(job.source, EXISTS, 2, obstacle), None
        line, outputs = outputs_of(job, options)
        for place, data in outputs:
            write_output(place, data)
    except OutputNotWritable as error:
        return failed_line(job.source, UNWRITTEN, error.exit_code, str(error)), None
    return line, digest_of(outputs[0][1]) if outputs else None


def outputs_of(
    job: Job, options: ConversionOptions
) -> tuple[ConversionLine, list[tuple[str, bytes]]]:
    """Convert one source: what is to be said of it, and the files to write, by their paths."""
    line, conversion = convert_source(job.source, options)
    if conversion is None:
        return line, []
    outputs = [(job.output, conversion.data), *_account(job, options, conversion)]
    return msgspec.structs.replace(line, output=shown(job.output)), outputs


def _account(
    job: Job, options: ConversionOptions, conversion: Conversion
) -> Iterator[tuple[str, bytes]]:
    """The account of a conversion and the file that it becomes, if one was asked for."""
    if options.account is None or conversion.account is None:
        return
    from einvoice.reports import accounts

    path = f"{job.output}.account{accounts.EXTENSIONS[options.account]}"
    title = f"{shown(job.source.path)} as {conversion.format}"
    yield path, accounts.FORMS[options.account](conversion.account, title)


def convert_source(
    source: Source, options: ConversionOptions
) -> tuple[ConversionLine, Conversion | None]:
    """Convert one source: what is to be said of it, and the output if there is one."""
    if source.error is not None:
        return failed_line(source, UNREADABLE, InputNotReadable.exit_code, source.error), None
    from einvoice.convert import convert

    try:
        conversion = convert(
            openable(source),
            options.to,
            profile=options.profile,
            repairs=options.repairs,
            pdf=options.pdf,
            language=options.language,
            template=options.template,
            pdfa=options.pdfa,
            on_loss=options.on_loss,
            policy=options.policy,
            account=options.account is not None,
        )
    except UsageError:
        raise
    except EInvoiceError as error:
        return failed_line(source, _outcome(error), error.exit_code, str(error)), None
    return _converted(source, conversion), conversion


def _outcome(error: EInvoiceError) -> str:
    if isinstance(error, DocumentError) and error.exit_code == UNDECIDED:
        return UNSUPPORTED
    return next(name for kind, name in OUTCOMES if isinstance(error, kind))


def _converted(source: Source, conversion: Conversion) -> ConversionLine:
    report = conversion.report
    return ConversionLine(
        path=source.path,
        format=conversion.format,
        outcome=CONVERTED,
        verdict=None if report is None else report.verdict,
        losses=conversion.losses,
        repaired=conversion.repaired,
        findings=() if report is None else report.findings,
        notes=conversion.notes,
    )


def _obstacle(job: Job, options: ConversionOptions) -> str | None:
    if job.source.file == job.output:
        return f"{job.output}: is the source itself; choose another output"
    if not output_exists(job.output):
        return None
    if same_file(job.source.file, job.output):
        return f"{job.output}: is the source itself; choose another output"
    if os.path.isdir(job.output):
        return f"{job.output}: is a folder; name another output"
    return None if options.overwrite else f"{job.output}: exists; use --overwrite to replace it"


def failed_line(source: Source, outcome: str, exit_code: int, error: str) -> ConversionLine:
    """What is said of a source that was not converted."""
    return ConversionLine(
        path=source.path, outcome=outcome, exit_code=exit_code, error=shown(error)
    )


def crashed_line(source: Source, reason: str) -> ConversionLine:
    """What is said of a source on which we failed."""
    return failed_line(source, CRASHED, EInvoiceError.exit_code, reason)


def _crashed(job: Job, reason: str) -> ConversionLine:
    return crashed_line(job.source, reason)
