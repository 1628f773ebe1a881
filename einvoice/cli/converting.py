"""The options that say how an invoice is written, for every command that converts."""

from __future__ import annotations

from typing import Any, get_args

import click

from einvoice.batch.conversion import ConversionOptions
from einvoice.cli.options import stacked
from einvoice.formats import PdfA
from einvoice.formats.targets import target_named
from einvoice.losspolicy import OnLoss, Policy, load_policy
from einvoice.repairs import REPAIRS
from einvoice.reports.accounts import FORMS

#: `--lang` to `--account`: what `asked_conversion` takes.
conversion_options = stacked(
    click.option(
        "--lang",
        "language",
        default="fr",
        show_default=True,
        help="Language of a page that is drawn.",
    ),
    click.option(
        "--pdfa",
        default="3a",
        show_default=True,
        type=click.Choice(get_args(PdfA)),
        help="Level of the facturx; best-effort takes a page that is no PDF/A.",
    ),
    click.option(
        "--template",
        metavar="DIR|FILE",
        help="Draw the page of a facturx with this Typst template; see `einvoice template`.",
    ),
    click.option(
        "--repair",
        "repairs",
        multiple=True,
        type=click.Choice([each.name for each in REPAIRS]),
        help="Mend this before converting, and list each change; may be given several times.",
    ),
    click.option(
        "--on-loss",
        default="report",
        show_default=True,
        type=click.Choice(get_args(OnLoss)),
        help="Refuse outputs that lack a value, or a term of EN 16931 (fatal).",
    ),
    click.option(
        "--accept-losses",
        metavar="FILE",
        help="Losses to accept all the same, as TOML; see the docs.",
    ),
    click.option(
        "--account",
        type=click.Choice(list(FORMS)),
        help="Write beside each output what became of every value of its source.",
    ),
)


def asked_conversion(
    *,
    to: str,
    profile: str | None,
    template: str | None,
    accept_losses: str | None,
    pdf: bytes | None = None,
    **others: Any,
) -> ConversionOptions:
    """What is asked of each conversion; others go by the names that they have there.

    Raises:
        UsageError: there is no such profile, or it is not written in this format.
        EInvoiceError: the policy or the template cannot be used.
    """
    if profile is not None:
        target_named(profile, to)
    return ConversionOptions(
        to=to,
        profile=profile,
        pdf=pdf,
        template=_template(template, to, pdf),
        policy=Policy() if accept_losses is None else load_policy(accept_losses),
        **others,
    )


def _template(template: str | None, to: str, pdf: bytes | None) -> str | None:
    """The template that was named, once it is known that it can be read."""
    if template is None:
        return None
    if to != "facturx" or pdf is not None:
        raise click.UsageError("--template draws the page of a Factur-X that has no --pdf")
    from einvoice.pdf.template import load_template

    load_template(template)
    return template
