"""`einvoice watch`: a drop folder."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

import click
from click.core import ParameterSource

from einvoice.batch.filing import RESULTS
from einvoice.batch.wakeup import Stop
from einvoice.batch.watch import Drop, Filed, Watch
from einvoice.batch.work import Options
from einvoice.cli.converting import asked_conversion, conversion_options
from einvoice.cli.options import names_added
from einvoice.cli.outputs import writing
from einvoice.cli.validating import asked_validation, validation_options
from einvoice.errors import InputNotReadable
from einvoice.formats import FORMATS

#: Options of validation that are options of a conversion too.
_SHARED = frozenset({"profile"})
#: Exit codes of `--once`: a file went to `failed`; a file had to stay.
_SOME_FAILED, _SOME_LEFT = 1, 4


@click.command("watch")
@click.argument("folder", metavar="IN")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="The folder of done/ and failed/."
)
@click.option(
    "--to",
    type=click.Choice([known.name for known in FORMATS]),
    help="Convert to this format; without it, files are validated.",
)
@click.option("--once", is_flag=True, help="Do what is there, and end.")
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="A file is complete when it has not changed for so long.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one file may take.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Number of processes.",
)
@validation_options
@conversion_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    folder: str,
    output: str,
    once: bool,
    settle: float,
    time_limit: float,
    workers: int,
    **asked: Any,
) -> None:
    """Validate or convert each file that is dropped into IN, and move it to OUT.

    A file goes to OUT/done if it is valid, or was converted; what it was converted to is written
    beside it. Else it goes to OUT/failed: invalid, undecided, unreadable, refused, crashed. Its
    report, NAME.report.json, is beside it in any case. Folders below IN are kept. One line for
    each file is written to the standard output.

    Temporary files (hidden, ~, .tmp, .part, ...) and links stay. Ctrl-C and SIGTERM end it after
    the files at hand; however it ends, the next start goes on, and no file is lost or done twice.

    Exit codes: 0 ended as asked, with --once all done; 1 with --once, a file failed; 2 wrong use;
    4 a folder cannot be used, or with --once, a file had to stay.
    """
    drop = Drop(
        folder=os.path.normpath(folder),
        output=Path(output),
        options=_options(ctx, asked),
        settle=settle,
        time_limit=time_limit,
        workers=workers,
    )
    _check_folders(drop)
    with stopping() as stop, contextlib.ExitStack() as opened:
        with writing(output):
            watch = opened.enter_context(Watch(drop, stop, _complain))
        code = _told(watch.once() if once else watch.run())
        ctx.exit((_SOME_LEFT if watch.left else code) if once else 0)


def _options(ctx: click.Context, asked: dict[str, Any]) -> Options:
    """What is asked of each file; an option of the other kind of work is wrong use."""
    to = asked.pop("to")
    ours, others = names_added(validation_options), names_added(conversion_options)
    if to is not None:
        ours, others = others | _SHARED, ours - _SHARED
    for option in ctx.command.params:
        name = option.name or ""
        if name in others and ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            only = "a conversion: say --to" if to is None else "validation: leave out --to"
            raise click.UsageError(f"{option.opts[0]} is for {only}")
    mine = {name: asked[name] for name in ours}
    return asked_validation(**mine) if to is None else asked_conversion(to=to, **mine)


def _check_folders(drop: Drop) -> None:
    """Refuse a folder that is none, and one in which results are written."""
    try:
        os.listdir(drop.folder)
    except OSError as error:
        raise InputNotReadable(drop.folder, error.strerror or str(error)) from None
    inside = Path(os.path.realpath(drop.folder))
    for own in RESULTS:
        if inside.is_relative_to(os.path.realpath(drop.output / own)):
            raise click.UsageError(f"{drop.folder} is a folder of results of {drop.output}")


def _told(files: Iterable[Filed]) -> int:
    """Say of each file what became of it; the exit code."""
    code = 0
    for filed in files:
        now = datetime.now().isoformat(sep=" ", timespec="seconds")
        kept = filed.place.partition(os.sep)[2] == filed.relative
        where = "" if kept else f"  as {filed.place}"
        click.echo(f"{now}  {filed.verdict:<10} {filed.relative}{where}")
        code = code if filed.well else _SOME_FAILED
    return code


def _complain(text: str) -> None:
    click.echo(text, err=True)


@contextlib.contextmanager
def stopping() -> Iterator[Stop]:
    """What Ctrl-C and SIGTERM set; the second one ends the work at once."""
    stop = Stop()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {each: signal.signal(each, handle) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
