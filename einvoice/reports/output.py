"""Where a report goes: a stream of bytes, and a terminal if there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import msgspec

if TYPE_CHECKING:
    from rich.console import Console


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """The receiving end of a report.

    Attributes:
        stream: takes the bytes; always UTF-8.
        console: the terminal behind the stream; None in a pipe or a file.
        quiet: show only what needs attention.
        alone: there is one document only, so it may be told in full.
        language: of headings in reports for people.
    """

    stream: BinaryIO
    console: Console | None = None
    quiet: bool = False
    alone: bool = False
    language: str = "en"

    def write(self, text: str) -> None:
        """Write text and hand it on at once, so that a reader of the pipe can follow."""
        self.stream.write(text.encode("utf-8", "replace"))
        self.stream.flush()
