"""Lines of styled text: plain in a pipe, coloured and wrapped on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from einvoice.reports.output import Output

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Segment = tuple[str, str]  #: text, and its style as rich names it ("" for none)

#: A terminal narrower than this gets no hanging indent.
NARROW = 60


class TextLine(msgspec.Struct, frozen=True):
    """A line: what stands at its start, and a body that may be wrapped beneath itself."""

    head: tuple[Segment, ...]
    body: tuple[Segment, ...] = ()

    def __str__(self) -> str:
        return "".join(text for text, _ in self.head + self.body).rstrip()


def write_lines(lines: Iterable[TextLine], output: Output) -> None:
    """Write lines to the terminal of the output, or plain to its stream."""
    if output.console is None:
        output.write("".join(f"{one_line(str(line))}\n" for line in lines))
        return
    for line in lines:
        _print(line, output.console)


def one_line(text: str) -> str:
    """The text with control characters shown, so that no value can forge a line or a colour."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _shown(char) for char in text)


def _shown(char: str) -> str:
    return " " if char.isspace() else f"\\x{ord(char):02x}"


def _print(line: TextLine, console: Console) -> None:
    from rich.table import Table

    head, body = _assemble(line.head), _assemble(line.body)
    if not line.body or console.width < NARROW or head.cell_len > console.width // 2:
        head.append_text(body)
        console.print(head, overflow="fold")
        return
    grid = Table.grid()
    grid.add_column(no_wrap=True, width=head.cell_len)
    grid.add_column(overflow="fold")
    grid.add_row(head, body)
    console.print(grid)


def _assemble(segments: tuple[Segment, ...]) -> Text:
    from rich.text import Text

    return Text.assemble(*((one_line(text), style) for text, style in segments))
