"""The documents of the HTML page as data: blocks of JSON, in which texts that return are numbers.

The script of the page (`assets/report.js`) reads them, in this order of fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from einvoice.amounts import format_decimal
from einvoice.findings import Layer, Report, Status, Subject
from einvoice.reports.grouping import (
    FindingGroup,
    evidence_line,
    group_findings,
    layer_title,
    parts_not_run,
    plain_message,
    stopped_layers,
)
from einvoice.reports.lines import one_line
from einvoice.reports.summary import NOBODY, outcome_of, supplier_key
from einvoice.reports.tallies import cropped

#: How many documents stand in one block.
_BLOCK = 100
#: Texts that get a number: how many, and how long at most. Others stand where they are used.
_MOST_TEXTS = 10_000
_LONGEST_TEXT = 1_000
#: What is shown of a name and of a message, in characters; the JSON report has them whole.
_NAME = 400
_MESSAGE = 2_000
#: How many groups of findings are shown of one document, and lines of a group.
_GROUPS = 200
_LINES = 3


def data_blocks(reports: Iterable[Report]) -> Iterator[bytes]:
    """Blocks of JSON that may stand in a script element, as the reports come."""
    texts = _Texts()
    rest = iter(reports)
    while rows := [_row(report, texts) for report in islice(rest, _BLOCK)]:
        yield script_json({"strings": texts.taken(), "documents": rows})


def script_json(value: object) -> bytes:
    """JSON that cannot end the script element in which it stands, nor begin a comment there."""
    return msgspec.json.encode(value).replace(b"<", b"\\u003c")


class _Texts:
    """The texts that have got a number so far."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._new: list[str] = []

    def __call__(self, text: str | None, most: int = _MESSAGE) -> int | str:
        """The number of a text, or the text itself."""
        shown = one_line(cropped(text or "", most))
        known = self._numbers.get(shown)
        if known is not None:
            return known
        if len(self._numbers) >= _MOST_TEXTS or len(shown) > _LONGEST_TEXT:
            return shown
        self._new.append(shown)
        return self._numbers.setdefault(shown, len(self._numbers))

    def taken(self) -> list[str]:
        """The texts that are new since the last time."""
        new, self._new = self._new, []
        return new


def _row(report: Report, texts: _Texts) -> tuple[object, ...]:
    about = report.subject or NOBODY
    groups = group_findings(report.findings)
    error = () if report.error is None else (report.error.removeprefix(f"{report.path}: "),)
    lacking = (f"{lack}: {', '.join(parts)}" for lack, parts in parts_not_run(report).items())
    return (
        texts(outcome_of(report)),
        _name(report.path),
        _name(about.number),
        about.issued.isoformat() if about.issued else "",
        _total(about),
        texts(about.seller, _NAME),
        texts(about.seller_id, _NAME),
        texts(supplier_key(about)),
        texts(report.format),
        texts(report.profile),
        [_group(group, texts) for group in groups[:_GROUPS]],
        max(len(groups) - _GROUPS, 0),
        [texts(note) for note in (*error, *report.notes)],
        [
            [texts(fate), texts(f"{', '.join(titles)}: {reason}")]
            for fate, titles, reason in stopped_layers(report)
        ],
        _layers(report.layers, Status.PASSED, texts),
        _layers(report.layers, Status.FAILED, texts),
        [texts(each) for each in lacking],
    )


def _group(group: FindingGroup, texts: _Texts) -> tuple[object, ...]:
    first = group.findings[0]
    lines = [finding.line for finding in group.findings if finding.line is not None]
    return (
        texts(group.severity.value),
        texts(group.rule, _NAME),
        texts(plain_message(first)),
        texts(" ".join(group.other_terms)),
        lines[:_LINES],
        len(group.findings),
        [_name(place) for place in group.locations],
        None if first.waived is None else texts(first.waived),
        texts(evidence_line(first)),
    )


def _layers(layers: Iterable[Layer], status: Status, texts: _Texts) -> list[int | str]:
    return [texts(layer_title(layer)) for layer in layers if layer.status is status]


def _name(text: str | None) -> str:
    """A text that hardly returns."""
    return one_line(cropped(text or "", _NAME))


def _total(about: Subject) -> str:
    if about.total is None:
        return ""
    return _name(f"{format_decimal(about.total)} {about.currency or ''}".strip())
