"""`einvoice extract`: the invoice inside a PDF, and its other attachments."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einvoice.batch.files import same_file, write_file
from einvoice.batch.sources import STDIN
from einvoice.cli.inputs import naming, read_input
from einvoice.cli.options import overwrite_option
from einvoice.cli.outputs import writing
from einvoice.reports.lines import one_line

if TYPE_CHECKING:
    from einvoice.pdf.container import PdfContainer

#: What an attachment without a usable name is called.
NAMELESS = "attachment"


@click.command("extract")
@click.argument("pdf", metavar="PDF")
@click.option("-o", "--output", metavar="FILE", help="Where the XML goes; by default to stdout.")
@click.option("--all", "folder", metavar="DIR", help="Write all attachments to a folder.")
@overwrite_option
def command(pdf: str, output: str | None, folder: str | None, overwrite: bool) -> None:
    """Take the invoice XML out of a PDF, or all attachments with --all.

    PDF is a file or - for the standard input.
    """
    from einvoice.pdf.container import open_pdf

    with naming(pdf):
        container = open_pdf(read_input(pdf))
        if folder is not None:
            _write_all(container, folder, overwrite)
    if output is not None and output != STDIN:
        _write(output, container.xml, overwrite, source=pdf)
    elif folder is None or output == STDIN:
        sys.stdout.buffer.write(container.xml)


def _write_all(container: PdfContainer, folder: str, overwrite: bool) -> None:
    taken: set[str] = set()
    for attachment in container.attachments:
        name = _free_name(attachment.name, taken)
        _write(os.path.join(folder, name), attachment.read(), overwrite)


def _write(path: str, data: bytes, overwrite: bool, source: str | None = None) -> None:
    if same_file(source, path):
        raise click.UsageError(f"{path} is the source itself; choose another output")
    if os.path.lexists(path) and not overwrite and not _is_special(path):
        raise click.UsageError(f"{path} exists; use --overwrite to replace it")
    with writing(path):
        write_file(Path(path), data)
    click.echo(f"{path}: {len(data):,} bytes", err=True)


def _is_special(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _free_name(name: str, taken: set[str]) -> str:
    """A file name that stays in its folder and is not taken yet, whatever the PDF says."""
    plain = one_line(name.replace("\\", "/").rsplit("/", 1)[-1]).replace("\\", "_").strip(" .")
    stem, suffix = os.path.splitext(plain or NAMELESS)
    stem = stem.encode()[:200].decode(errors="ignore")
    free, number = stem + suffix, 2
    while free.casefold() in taken:
        free, number = f"{stem}-{number}{suffix}", number + 1
    taken.add(free.casefold())
    return free
