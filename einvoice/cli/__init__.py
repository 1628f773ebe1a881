"""The command line: one module per command, imported when it is called."""

from __future__ import annotations

import importlib

import click

from einvoice import __version__
from einvoice.errors import EInvoiceError

#: Every command and its line in the help; the module of that name holds it as `command`.
COMMANDS: dict[str, str] = {
    "validate": "Say whether invoices are right, and what is wrong with them.",
    "convert": "Write invoices in another format.",
    "batch": "Validate or convert very many, and go on where a run was stopped.",
    "watch": "Validate or convert what is dropped into a folder.",
    "template": "Write a page template for Factur-X, to be changed.",
    "extract": "Take the invoice out of a PDF.",
    "show": "Show an invoice in readable form.",
    "ledger": "Keep what was seen, and the supplier master.",
    "rules": "Show the rule sets and their rules, and get them ready to run.",
}

#: As the shell counts a process that Ctrl-C ended.
INTERRUPTED = 130


class Commands(click.Group):
    """The commands by name, and the way from an error of ours to an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"einvoice.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; an error of ours is one line, not a traceback."""
        try:
            return super().invoke(ctx)
        except EInvoiceError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="einvoice", message="%(prog)s %(version)s")
def main() -> None:
    """Read, validate and convert European e-invoices: UBL, CII, Factur-X / ZUGFeRD.

    Exit codes: 0 all valid or converted, 1 something is invalid, 2 wrong use, 3 nothing is
    invalid but something undecided, 4 an input could not be opened.
    """
