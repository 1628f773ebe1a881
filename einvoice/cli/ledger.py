"""`einvoice ledger`: what has been seen, and the supplier master."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from einvoice.batch.files import whole_file
from einvoice.batch.sources import STDIN
from einvoice.cli.columns import Row, aligned
from einvoice.cli.inputs import sources_of
from einvoice.cli.options import Function, paths_argument, workers_option
from einvoice.cli.outputs import print_lines, writing
from einvoice.reports.lines import TextLine

if TYPE_CHECKING:
    from einvoice.ledger.upkeep import SeenDocument, SellerFacts

_INDENT = "    "


def _place_option(function: Function) -> Function:
    return click.option(
        "--ledger",
        "place",
        required=True,
        metavar="FILE|URL",
        help="A file of SQLite, or postgresql://USER@HOST/NAME; made if it is not there.",
    )(function)


@click.group("ledger")
def command() -> None:
    """Keep what was seen, and the supplier master, for checks that remember."""


@command.command("import")
@paths_argument
@_place_option
@workers_option
@click.pass_context
def import_(ctx: click.Context, paths: tuple[str, ...], place: str, workers: int) -> None:
    """Keep invoices that were accepted before, without judging them.

    PATH is a file, a folder with all below it, or - for the standard input. What is kept already
    stays as it is. `einvoice validate --ledger` keeps what it judges, too.
    """
    from einvoice.batch.ledger_import import import_all
    from einvoice.ledger import Ledger

    documents = new = faults = 0
    with Ledger(place) as ledger:
        for done in import_all(sources_of(paths), ledger, workers=workers):
            documents += done.documents
            new += done.new
            faults += len(done.faults)
            for fault in done.faults:
                click.echo(f"error: {fault}", err=True)
    known = documents - new - faults
    click.echo(f"{documents} documents: {new} new, {known} known already, {faults} not read")
    ctx.exit(1 if faults else 0)


@command.command("suppliers")
@click.argument("file", metavar="FILE")
@_place_option
def suppliers(file: str, place: str) -> None:
    """Take the supplier master from a CSV table, in the place of the one before.

    Columns: id, name, and what there is of vat, registration, iban, terms, blocked, whole_series.
    The table is taken whole or not at all.
    """
    from einvoice.ledger import Ledger
    from einvoice.ledger.suppliers import read_suppliers, replace_suppliers

    found = read_suppliers(file)
    with Ledger(place) as ledger:
        replace_suppliers(ledger.database, found)
    click.echo(f"suppliers: {len(found)}")


@command.command("show")
@click.argument("seller", metavar="[SELLER]", required=False)
@_place_option
def show(seller: str | None, place: str) -> None:
    """Show how much a ledger holds, or what it knows of a SELLER.

    SELLER is a VAT number, a registration or another identifier, or a part of the name.
    """
    from einvoice.ledger import Ledger
    from einvoice.ledger.upkeep import counts, sellers_named

    with Ledger(place) as ledger:
        if seller is None:
            held = msgspec.structs.asdict(counts(ledger.database))
            rows = [Row((name.replace("_", " "),), str(n or 0)) for name, n in held.items()]
            print_lines(aligned(rows, ""))
            return
        found = sellers_named(ledger.database, seller)
    if not found:
        raise click.UsageError(f"the ledger knows no seller {seller!r}")
    print_lines(line for facts in found for line in _seller_lines(facts))


def _seller_lines(facts: SellerFacts) -> Iterator[TextLine]:
    yield TextLine(((facts.name or "(no name)", "bold"),))
    for key in facts.keys:
        yield _field("identifier", key)
    for account, first in facts.accounts:
        yield _field("account", f"{account} since {first}")
    treatments = ", ".join(f"{category} {rate}".strip() for category, rate in facts.treatments)
    yield _field("VAT", treatments or "none")
    yield _field("documents", str(facts.documents))
    rows = [Row((each.print.number, str(each.print.issued)), _told(each)) for each in facts.latest]
    yield from aligned(rows, _INDENT * 2)


def _field(name: str, text: str) -> TextLine:
    return TextLine(((f"{_INDENT}{name}: ", "dim"), (text, "")))


def _told(document: SeenDocument) -> str:
    mine = document.print
    kind = "credit note, " if mine.credit else ""
    refused = ", invalid" if document.invalid else ""
    return f"{kind}{mine.gross} {mine.currency}{refused}, seen {document.seen}: {document.name}"


@command.command("forget")
@_place_option
@click.option("--seller", metavar="ID", help="Forget this seller, all of it: an identifier.")
@click.option(
    "--seen-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Forget documents that were seen before this day.",
)
@click.option("--yes", is_flag=True, help="Do it; without this, only say what would be forgotten.")
def forget(place: str, seller: str | None, seen_before: datetime | None, yes: bool) -> None:
    """Forget a seller, or what is older than it may be kept."""
    if (seller is None) == (seen_before is None):
        raise click.UsageError("say either --seller or --seen-before")
    from einvoice.ledger import Ledger, upkeep

    with Ledger(place) as ledger:
        if seen_before is not None:
            day = seen_before.date()
            forgets = upkeep.forget_before if yes else upkeep.seen_before
            count = forgets(ledger.database, day)
            what = f"documents seen before {day}"
        else:
            assert seller is not None
            facts = _one_seller(upkeep.sellers_named(ledger.database, seller), seller)
            count = facts.documents
            if yes:
                upkeep.forget_seller(ledger.database, facts.id)
            what = f"documents of {facts.name}"
    click.echo(f"{count} {what} {'are forgotten' if yes else 'would be forgotten; add --yes'}")


def _one_seller(found: list[SellerFacts], named: str) -> SellerFacts:
    if len(found) == 1:
        return found[0]
    names = ", ".join(facts.name for facts in found)
    raise click.UsageError(
        f"{named!r} is {'no seller' if not found else f'several sellers: {names}'}; "
        "give an identifier of one"
    )


@command.command("export")
@_place_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="A table, or JSON Lines.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file.")
def export(place: str, form: str, output: str | None) -> None:
    """Write what a ledger has of every document, in the order of sight."""
    from einvoice.ledger import Ledger
    from einvoice.ledger.export import as_csv, as_jsonl
    from einvoice.ledger.upkeep import documents

    with Ledger(place) as ledger:
        found = documents(ledger.database)
        write = {"csv": as_csv, "jsonl": as_jsonl}[form]
        parts = write(found)
        if output is None or output == STDIN:
            sys.stdout.buffer.writelines(parts)
            return
        with writing(output), whole_file(Path(output)) as file:
            file.writelines(parts)
