"""Where a command writes: the standard output, a terminal, or a file."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from einvoice.batch.files import reason_of, same_file, whole_file
from einvoice.batch.sources import STDIN
from einvoice.errors import OutputNotWritable
from einvoice.reports import ReportFormat
from einvoice.reports.lines import TextLine, write_lines
from einvoice.reports.output import Output
from einvoice.reports.words import LANGUAGES

if TYPE_CHECKING:
    from rich.console import Console


def terminal() -> Console | None:
    """The terminal behind the standard output, if there is one."""
    if not is_terminal():
        return None
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def is_terminal() -> bool:
    """Whether the standard output is one."""
    return sys.stdout.isatty()


def print_lines(lines: Iterable[TextLine]) -> None:
    """Write lines to the standard output, in colour if it is a terminal."""
    write_lines(lines, Output(stream=sys.stdout.buffer, console=terminal()))


@contextlib.contextmanager
def report_output(
    path: str | None,
    form: ReportFormat,
    *,
    quiet: bool,
    alone: bool,
    err: bool = False,
    language: str = LANGUAGES[0],
) -> Iterator[Output]:
    """The receiving end of a report.

    Args:
        path: the file to write; None or `-` for the standard output.
        form: how the report is written.
        quiet: show only what needs attention.
        alone: there is one document only.
        err: the standard output is taken; use the standard error instead.
        language: of headings in reports for people.

    Raises:
        click.UsageError: a file to open would be written to a terminal.
    """
    told: dict[str, Any] = {"quiet": quiet, "alone": alone, "language": language}
    if path is None or path == STDIN:
        if form.for_files and not err and is_terminal():
            raise click.UsageError(
                f"--format {form.name} is a file to open; say which with -o FILE"
            )
        console = terminal() if form.for_people and not err else None
        stream = (sys.stderr if err else sys.stdout).buffer
        yield Output(stream=stream, console=console, **told)
        return
    with writing(path), whole_file(Path(path)) as file:
        yield Output(stream=file, **told)


@contextlib.contextmanager
def writing(path: str) -> Iterator[None]:
    """An operating system error inside is about this output.

    Raises:
        OutputNotWritable: there was one.
    """
    try:
        yield
    except OSError as error:
        raise OutputNotWritable(path, reason_of(error)) from None


def spare_inputs(output: str | None, paths: tuple[str, ...]) -> None:
    """Refuse an output that is one of the inputs.

    Raises:
        click.UsageError: it is.
    """
    if output is None or output == STDIN:
        return
    if any(same_file(path, output) for path in paths):
        raise click.UsageError(f"{output} is an input too; choose another output")
