"""The upper part of the HTML page, which needs no script: counts, rules, suppliers, profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TypeVar

from einvoice.findings import Severity
from einvoice.reports.lines import one_line
from einvoice.reports.summary import OUTCOMES, Summary
from einvoice.reports.tallies import Tallies, Tally
from einvoice.reports.words import Words

T = TypeVar("T")

#: Rows of a table that are open, and those that are folded away behind them.
_OPEN = 8
_MOST = 200
#: What of a name stands in a table, in characters.
_NAME = 120


def summary_sections(summary: Summary, words: Words) -> Iterator[str]:
    """The sections, from what matters most."""
    yield _verdicts(summary.outcomes, words)
    if not summary.documents:
        return
    yield f"<div class=pair>{_rules(summary, words)}<div>{_profiles(summary, words)}"
    yield f"{_missing(summary, words)}</div></div>"
    yield _suppliers(summary.suppliers, words)


def _card(title: str, body: str) -> str:
    return f"<section class=card><h2>{escape(title)}</h2>\n{body}</section>\n"


# Verdicts


def _verdicts(outcomes: Mapping[str, int], words: Words) -> str:
    total = sum(outcomes.values())
    if not total:
        return _card(words["verdicts"], f"<p>{escape(words['no_documents'])}</p>")
    tiles = "".join(_tile(outcome, outcomes[outcome], total, words) for outcome in OUTCOMES)
    label = ", ".join(f"{words.number(n)} {words[outcome]}" for outcome, n in outcomes.items())
    return _card(
        words["verdicts"],
        f"<div class=tiles>{tiles}</div>{stacked_bar(outcomes, total, label)}",
    )


def _tile(outcome: str, count: int, total: int, words: Words) -> str:
    share = f"{words.decimal(100 * count / total)} % {words['of_all']}"
    return (
        f'<button class="tile {outcome}" data-verdict={outcome} disabled>'
        f"<b>{words.number(count)}</b><span>{escape(words[outcome])}</span> "
        f"<small>{escape(share)}</small></button>\n"
    )


def stacked_bar(counts: Mapping[str, int], whole: int, label: str = "") -> str:
    """Counts by class as parts of a bar as long as `whole`; without a label it is decoration."""
    parts, start = [], 0.0
    for name, count in counts.items():
        width = 100 * count / whole if whole else 0
        if count:
            parts.append(f'<rect class={name} x="{start:.2f}" width="{width:.2f}" height="10"/>')
        start += width
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return (
        f'<svg class=bar viewBox="0 0 100 10" preserveAspectRatio="none" {said}>'
        f"{''.join(parts)}</svg>"
    )


# Tables


def _table(head: str, rows: Sequence[T], row: Callable[[T], str], words: Words) -> str:
    """A table whose later rows are folded away, and beyond `_MOST` only counted."""
    shown, folded, left = rows[:_OPEN], rows[_OPEN:_MOST], len(rows[_MOST:])
    text = f"<table>{head}<tbody>{''.join(map(row, shown))}</tbody></table>\n"
    if folded:
        title = words["more_rows"].format(words.number(len(folded)))
        below = f"<table>{head}<tbody>{''.join(map(row, folded))}</tbody></table>"
        text += f"<details><summary>{escape(title)}</summary>{below}</details>\n"
    if left:
        text += f"<p class=soft>{escape(words['beyond'].format(words.number(left)))}</p>\n"
    return text


def _head(cells: Iterable[tuple[str, str]]) -> str:
    """Titles, each with the classes of its column."""
    titles = "".join(f'<th scope=col class="{style}">{escape(t)}</th>' for style, t in cells)
    return f"<thead><tr>{titles}</tr></thead>"


def _rules(summary: Summary, words: Words) -> str:
    rules = summary.frequent_rules(len(summary.rules))
    if not rules:
        return _card(words["rules_broken"], f"<p>{escape(words['nothing_broken'])}</p>")
    most = {severity: count for _, severity, count in reversed(rules)}
    titles = (("", words["rule"]), ("c-bar", ""), ("num c-num", words["documents"]))

    def row(rule: tuple[str, Severity, int]) -> str:
        name, severity, count = rule
        text = one_line(summary.texts.get(name, ""))
        return (
            f"<tr class=told><td>{_link('rule', name, name, code=True)}"
            f"<span class='chip {severity}'>{escape(words[severity])}</span>"
            f"<td class=c-bar>{stacked_bar({severity: count}, most[severity])}"
            f"<td class=num>{words.number(count)}</tr>"
            f"<tr><td colspan=3 class=text><bdi>{escape(text)}</bdi></td></tr>\n"
        )

    return _card(words["rules_broken"], _table(_head(titles), rules, row, words))


def _profiles(summary: Summary, words: Words) -> str:
    titles = (("c-wide", words["profile"]), ("", ""), ("num c-num", words["documents"]))

    def row(tally: Tally) -> str:
        name = tally.name or words["no_profile"]
        counts = {outcome: tally.outcomes[outcome] for outcome in OUTCOMES}
        return (
            f"<tr><td>{escape(one_line(name))}<td>{_outcome_bar(counts, words)}"
            f"<td class=num>{words.number(tally.documents)}</tr>\n"
        )

    rows = sorted(summary.profiles.ranked(), key=lambda tally: -tally.documents)
    if summary.profiles.others:
        summary.profiles.others.name = words["other_profiles"]
        rows.append(summary.profiles.others)
    return _card(words["per_profile"], _table(_head(titles), rows, row, words))


def _outcome_bar(counts: Mapping[str, int], words: Words) -> str:
    said = (f"{words.number(n)} {words[outcome]}" for outcome, n in counts.items() if n)
    return stacked_bar(counts, sum(counts.values()), ", ".join(said))


def _missing(summary: Summary, words: Words) -> str:
    layers = summary.missing_layers(len(summary.missing))
    if not layers:
        return ""

    def row(layer: tuple[str, int]) -> str:
        name, count = layer
        return f"<tr><td>{escape(one_line(name))}<td class=num>{words.number(count)}</tr>\n"

    head = _head((("", words["layer"]), ("num c-num", words["documents"])))
    return _card(words["not_run"], _table(head, layers, row, words))


def _suppliers(suppliers: Tallies, words: Words) -> str:
    titles = (
        ("c-wide", words["supplier"]), ("c-bar", ""), ("num c-num", words["documents"]),
        ("num c-num", words["invalid"]), ("num c-num less", words["undecided"]),
        ("c-rule less", words["top_rule"]),
    )  # fmt: skip

    def row(tally: Tally) -> str:
        return _supplier(tally, words)

    text = _table(_head(titles), suppliers.ranked(), row, words)
    if suppliers.others is not None:
        others = suppliers.others
        name = words["other_suppliers"].format(words.number(suppliers.most))
        documents = words.count("documents", others.documents)
        invalid = f"{words.number(others.outcomes['invalid'])} {words['invalid']}"
        text += f"<p>{escape(f'{name}: {documents}, {invalid}')}</p>\n"
    return _card(words["per_supplier"], text)


def _supplier(tally: Tally, words: Words) -> str:
    name = _shown(tally.name) or _shown(tally.identifier) or words["no_supplier"]
    identifier = _shown(tally.identifier) if tally.name else ""
    counts = {outcome: tally.outcomes[outcome] for outcome in OUTCOMES}
    return (
        f"<tr><td>{_link('supplier', one_line(tally.key), name)}"
        f"<div class=text><bdi>{escape(identifier)}</bdi></div>"
        f"<td class=c-bar>{_outcome_bar(counts, words)}"
        f"<td class=num>{words.number(tally.documents)}"
        f"<td class=num>{words.number(counts['invalid'])}"
        f"<td class='num less'>{words.number(counts['undecided'])}"
        f"<td class=less><code>{escape(_shown(tally.top_rule))}</code></tr>\n"
    )


def _link(filters: str, value: str, text: str, *, code: bool = False) -> str:
    """A text that filters the documents once the script is there."""
    style = "link code" if code else "link"
    return (
        f'<button class="{style}" data-{filters}="{escape(value)}" disabled>'
        f"<bdi>{escape(text)}</bdi></button>"
    )


def _shown(text: str) -> str:
    shown = one_line(text)
    return shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"
