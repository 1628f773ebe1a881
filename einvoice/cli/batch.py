"""`einvoice batch`: a run over folders, archives and buckets that can be stopped and goes on."""

from __future__ import annotations

from functools import partial
from itertools import islice

import click
import msgspec

from einvoice.batch.config import load_config
from einvoice.batch.manifest import NAME, Manifest
from einvoice.batch.parquet import check_parquet, write_results
from einvoice.batch.run import Batch, Doing, obstacles, run, summarized
from einvoice.batch.sources import Source
from einvoice.cli.inputs import sources_of
from einvoice.cli.outputs import print_lines, writing
from einvoice.cli.tally import Tally, followed
from einvoice.reports.conversions import conversion_summary
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.text import summary_lines
from einvoice.reports.words import Words

#: Documents that could not be done are named on the terminal up to so many.
_TOLD = 10


@click.command("batch")
@click.argument("config", metavar="CONFIG")
@click.option("--resume", is_flag=True, help="Go on with a run; it is an error if there is none.")
@click.option("--anew", is_flag=True, help="Do every document again, whatever was done before.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Number of processes.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="How long one document may take.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Let a cluster of Dask do it: the address of its scheduler, or `local` to start one.",
)
@click.option("-q", "--quiet", is_flag=True, help="Show no progress and no summary.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    config: str,
    resume: bool,
    anew: bool,
    workers: int | None,
    time_limit: float | None,
    cluster: str | None,
    quiet: bool,
) -> None:
    """Validate or convert what CONFIG names, and keep a record of every document.

    CONFIG is a TOML file; see docs/batch.md. What was done before and has not changed is not done
    again, so a run that was stopped, however that happened, goes on when it is started again.
    With --cluster the results are written to results.parquet too; see docs/cluster.md.
    """
    batch = load_config(config)
    given = {"workers": workers, "time_limit": time_limit}
    batch = msgspec.structs.replace(batch, **{k: v for k, v in given.items() if v is not None})
    _check_start(batch, resume=resume, anew=anew)
    sources = list(sources_of(batch.inputs, skip=_outputs_of(batch)))
    with writing(str(batch.output)):
        batch.output.mkdir(parents=True, exist_ok=True)
    with Manifest(batch.output, anew=anew) as manifest:
        tally = _run(batch, sources, manifest, quiet, _doing(batch, cluster))
        with writing(str(batch.output)):
            summary = summarized(batch, manifest)
            if cluster is not None:
                write_results(batch.output, manifest.of_this_run(), converted=batch.converts)
            told = list(islice(obstacles(batch, manifest), _TOLD + 1))
    if not quiet:
        _tell(batch, summary, tally, told)
    ctx.exit(summary.exit_code)


def _tell(
    batch: Batch, summary: Summary | ConversionSummary, tally: Tally, told: list[str]
) -> None:
    print_lines(
        summary_lines(summary, tally.seconds, Words(batch.lang))
        if isinstance(summary, Summary)
        else conversion_summary(summary, tally.seconds)
    )
    if tally.unchanged:
        click.echo(f"{tally.unchanged:,} of them were done before and have not changed")
    for line in told[:_TOLD]:
        click.echo(line, err=True)
    if told[_TOLD:]:
        click.echo("... and others, which the reports name", err=True)
    for form in batch.reports:
        click.echo(batch.output / f"report.{form.extension}")


def _outputs_of(batch: Batch) -> tuple[str, ...]:
    """Where the run writes: what is there is no input."""
    return (str(batch.output), *([] if batch.remote is None else [batch.remote]))


def _check_start(batch: Batch, *, resume: bool, anew: bool) -> None:
    if resume and anew:
        raise click.UsageError("say either --resume or --anew")
    if resume and not (batch.output / NAME).exists():
        raise click.UsageError(f"there is no run to go on with in {batch.output}")


def _doing(batch: Batch, address: str | None) -> Doing | None:
    """Who does the documents: a cluster, if one is named."""
    if address is None:
        return None
    check_parquet()
    from einvoice.batch import cluster

    return partial(
        cluster.run,
        options=batch.options,
        address=address,
        workers=batch.workers,
        limit=batch.time_limit,
    )


def _run(
    batch: Batch, sources: list[Source], manifest: Manifest, quiet: bool, doing: Doing | None
) -> Tally:
    """Do the documents, with progress."""
    tally = Tally(len(sources))
    try:
        for _ in followed(run(batch, sources, manifest, doing=doing), tally, quiet=quiet):
            pass
    except KeyboardInterrupt:
        click.echo(
            f"interrupted: {tally.done} of {tally.total} documents are on record; start it again "
            "to go on",
            err=True,
        )
        raise
    return tally
