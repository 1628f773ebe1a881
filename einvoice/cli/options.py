"""Options and types of arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from einvoice.batch.pool import default_workers
from einvoice.reports import ReportFormat

Function = TypeVar("Function", bound=Callable[..., Any])


def split_names(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> frozenset[str] | None:
    """The names of a list with commas; callback of an option."""
    if value is None:
        return None
    names = frozenset(name.strip() for name in value.split(","))
    if "" in names:
        raise click.BadParameter(f"{value!r} has an empty name", ctx, param)
    return names


def stacked(*options: Callable[[Any], Any]) -> Callable[[Function], Function]:
    """A decorator that adds options, in this order."""

    def add(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def names_added(add: Callable[[Any], Any]) -> frozenset[str]:
    """The names of the options that a decorator adds."""

    def bare() -> None:
        pass

    return frozenset(option.name for option in add(bare).__click_params__ if option.name)


def paths_argument(function: Function) -> Function:
    """PATH...: files, folders and `-`."""
    return click.argument("paths", nargs=-1, required=True, metavar="PATH...")(function)


def format_option(forms: Iterable[ReportFormat]) -> Callable[[Function], Function]:
    """`--format`: how the report is written; the first form is the default."""
    names = [form.name for form in forms]
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How the report is written.",
    )


def workers_option(function: Function) -> Function:
    """`--workers`: how many processes."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=default_workers,
        metavar="N",
        help="Number of processes; by default one per core.",
    )(function)


def quiet_option(function: Function) -> Function:
    """`--quiet`: only what needs attention."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="Show only what needs attention; no summary."
    )(function)


def overwrite_option(function: Function) -> Function:
    """`--overwrite`: replace files that exist."""
    return click.option("--overwrite", is_flag=True, help="Replace outputs that exist.")(function)
