"""`einvoice show`: an invoice in readable form."""

from __future__ import annotations

import sys

import click

from einvoice.batch.sources import STDIN
from einvoice.cli.filled import term_lines
from einvoice.cli.inputs import naming
from einvoice.cli.invoice_text import invoice_lines
from einvoice.cli.outputs import print_lines
from einvoice.model.filled import filled_terms


@click.command("show")
@click.argument("file", metavar="FILE")
@click.option("--terms", is_flag=True, help="List every filled business term with its number.")
@click.option("--places", is_flag=True, help="List where each term stands: XPath and line.")
def command(file: str, terms: bool, places: bool) -> None:
    """Show an invoice in readable form.

    FILE is an invoice in any format, or - for the standard input.
    """
    import einvoice

    source = sys.stdin.buffer.read() if file == STDIN else file
    with naming(file):
        document = einvoice.read(source)
    if terms or places:
        print_lines(term_lines(filled_terms(document.invoice), document.place if places else None))
    else:
        print_lines(invoice_lines(document.invoice, document.format))
