"""Rows of cells, aligned in columns: numbers to the right, words to the left, text at the end."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from einvoice.reports.lines import TextLine


class Row(msgspec.Struct, frozen=True):
    """Cells that are aligned, and a text that may be long."""

    cells: tuple[str, ...]
    text: str = ""


def aligned(rows: Sequence[Row], indent: str) -> list[TextLine]:
    """One line per row; the first column to the left, the others to the right."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*(row.cells for row in rows), strict=True)]
    return [TextLine(((_head(row, widths, indent), ""),), ((row.text, ""),)) for row in rows]


def _head(row: Row, widths: list[int], indent: str) -> str:
    first = row.cells[0].ljust(widths[0])
    others = [cell.rjust(width) for cell, width in zip(row.cells[1:], widths[1:], strict=True)]
    return indent + "  ".join([first, *others]) + "  "
