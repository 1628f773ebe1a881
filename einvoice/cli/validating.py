"""The options that say how a document is judged, for every command that judges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from einvoice.batch.validation import ValidationOptions, check_ledger, payments_at
from einvoice.checks.policy import CheckPolicy, load_check_policy
from einvoice.cli.options import split_names, stacked
from einvoice.errors import UsageError
from einvoice.findings import LayerName

#: `--layers` to `--payments`: what `asked_validation` takes.
validation_options = stacked(
    click.option(
        "--layers",
        metavar="NAME,...",
        callback=split_names,
        help="Run only these layers: xml, xsd, schematron, ...",
    ),
    click.option(
        "--rulesets",
        metavar="NAME,...",
        callback=split_names,
        help="Run these rule sets, whatever the profile asks.",
    ),
    click.option("--profile", help="Judge by this profile, whatever the document says it follows."),
    click.option("--country", metavar="CODE", help="Judge by the rules of this country too: fr."),
    click.option(
        "--engine",
        type=click.Choice(["compiled", "saxon", "both"]),
        default="compiled",
        show_default=True,
        help="What evaluates the rules; both must agree.",
    ),
    click.option(
        "--as-of",
        metavar="DATE",
        type=click.DateTime(["%Y-%m-%d"]),
        help="Judge by the rule sets of this day, not by those of the invoice's own date.",
    ),
    click.option(
        "--checks",
        type=click.Choice(["off", "report", "fatal"]),
        default="off",
        show_default=True,
        help="Look for what the official rules let pass: VAT, sums, identifiers, bank, terms.",
    ),
    click.option(
        "--check-policy",
        metavar="FILE",
        help="Severities of checks and waived findings, as TOML; see the docs.",
    ),
    click.option(
        "--ledger",
        metavar="FILE|URL",
        help="Keep what was seen, and look for duplicates and changed accounts; implies --checks.",
    ),
    click.option(
        "--payments",
        metavar="FILE",
        help="What was paid for the invoices, as CSV, for checks of late payment; see the docs.",
    ),
)


def asked_validation(
    *,
    layers: frozenset[str] | None,
    as_of: datetime | None,
    check_policy: str | None,
    ledger: str | None,
    payments: str | None,
    **others: Any,
) -> ValidationOptions:
    """What is asked of each validation; what is named is looked at before anything is judged.

    Raises:
        UsageError: a layer does not exist.
        EInvoiceError: the policy, the payments or the ledger cannot be used.
    """
    _check_layers(layers)
    if payments is not None:
        payments_at(payments)
    day = as_of.date() if as_of else None
    policy = None if check_policy is None else _check_policy(check_policy, day)
    if ledger is not None:
        check_ledger(ledger)
    return ValidationOptions(
        layers=layers,
        as_of=day,
        check_policy=policy,
        ledger=ledger,
        payments=payments,
        **others,
    )


def _check_policy(path: str, day: date | None) -> CheckPolicy:
    from einvoice.checks.run import CHECKS

    return load_check_policy(path, frozenset(check.id for check in CHECKS), day or date.today())


def _check_layers(layers: frozenset[str] | None) -> None:
    known = [layer.value for layer in LayerName]
    for name in sorted(layers or ()):
        if name not in known:
            raise UsageError("layer", name, known)
