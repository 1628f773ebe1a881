"""`einvoice show`: an invoice in readable form."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from einvoice.batch.sources import STDIN
from einvoice.cli.filled import filled_terms, term_lines
from einvoice.cli.inputs import naming
from einvoice.cli.invoice_text import invoice_lines
from einvoice.cli.outputs import terminal
from einvoice.reports.lines import TextLine, write_lines
from einvoice.reports.output import Output


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
        _write(term_lines(filled_terms(document.invoice), document.place if places else None))
    else:
        _write(invoice_lines(document.invoice, document.format))


def _write(lines: Iterable[TextLine]) -> None:
    stream = sys.stdout.buffer
    write_lines(lines, Output(stream=stream, console=terminal()))
