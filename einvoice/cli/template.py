"""`einvoice template`: a page template to start from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from einvoice.batch.files import write_file
from einvoice.cli.options import overwrite_option
from einvoice.cli.outputs import writing
from einvoice.pdf.template import built_in


@click.command("template")
@click.option("-o", "--output", required=True, metavar="DIR", help="The folder to write.")
@overwrite_option
def command(output: str, overwrite: bool) -> None:
    """Write the template of the drawn page to a folder, to be changed.

    It is used with `einvoice convert --to facturx --template DIR`. style.typ holds logo, colours
    and fonts, main.typ the page. Either may be deleted again: what a template lacks is taken from
    the built-in one. docs/template.md says what a page can show.
    """
    files = {Path(output, name): data for name, data in built_in().files.items()}
    there = [path for path in files if os.path.lexists(path)]
    if there and not overwrite:
        raise click.UsageError(f"{there[0]}: exists; use --overwrite to replace it")
    with writing(output):
        os.makedirs(output, exist_ok=True)
        for path, data in files.items():
            write_file(path, data)
    for path in files:
        click.echo(str(path))
