"""The account of a conversion as text, JSON or a page that needs nothing but a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

import msgspec

from einvoice.account import Account, Entry, Fate
from einvoice.reports.lines import one_line

#: Fates in the order in which readers look for them.
_ORDER = (
    Fate.UNEXPLAINED,
    Fate.DROPPED,
    Fate.APPROXIMATED,
    Fate.MOVED,
    Fate.FILLED,
    Fate.REPAIRED,
    Fate.KEPT,
    Fate.SYNTAX,
)
_WIDTH = max(len(fate.value) for fate in Fate)


def as_text(account: Account, title: str) -> bytes:
    """The account as lines, one a value, in the order of the source."""
    lines = [title, _totals(account), *_digests(account), ""]
    lines += [one_line(_line(entry)) for entry in account.entries]
    return "".join(f"{line}\n" for line in lines).encode()


def as_json(account: Account, title: str) -> bytes:
    """The account as one object."""
    content = {
        "title": title,
        "counts": account.counts,
        "source": account.source,
        "output": account.output,
        "entries": account.entries,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def as_html(account: Account, title: str) -> bytes:
    """The account as a page: what was lost first, what was kept folded away."""
    sections = "".join(_section(account, fate) for fate in _ORDER)
    name, digests = escape(title), "<br>".join(map(escape, _digests(account)))
    page = (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{name}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{name}</h1>\n<p>{escape(_totals(account))}</p>\n"
        f"<p class=digest>{digests}</p>\n{sections}</html>\n"
    )
    return page.encode()


#: Name of a form, as in `--account`, to what writes it.
FORMS: dict[str, Callable[[Account, str], bytes]] = {
    "text": as_text,
    "json": as_json,
    "html": as_html,
}
EXTENSIONS = {"text": ".txt", "json": ".json", "html": ".html"}

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
body{color:#1b1f24}td.v,td.p{overflow-wrap:anywhere}
h1{font-size:1.3rem}summary{font-weight:600;font-size:1.05rem;padding:.4rem 0;cursor:pointer}
table{border-collapse:collapse;width:100%;margin-bottom:1rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0}
th,td{border-bottom:1px solid #d8dee4}
td.v{max-width:22rem}
td.p{font:12px ui-monospace,monospace;color:#59636e}
.dropped,.unexplained{color:#b3261e}.approximated,.moved{color:#8a5a00}.filled,.repaired{color:#0b5cad}
.digest{font:12px ui-monospace,monospace;color:#59636e}
""".strip()


def _totals(account: Account) -> str:
    counts = account.counts
    found = [f"{counts[fate]:,} {fate.value}" for fate in _ORDER if counts[fate]]
    return ", ".join(found) or "no values"


def _digests(account: Account) -> Iterator[str]:
    same = account.source == account.output
    if same:
        yield f"all {account.source.terms:,} terms are the same in source and output"
        return
    for name, digest in (("source", account.source), ("output", account.output)):
        yield f"{name}: {digest.terms:,} terms, sha256 {digest.sha256}"


def _line(entry: Entry) -> str:
    place = entry.path or f"(output) {entry.output}"
    parts = [entry.fate.value.ljust(_WIDTH), (entry.term or "").ljust(8), place, repr(entry.value)]
    return "  ".join(part for part in (*parts, entry.reason or "") if part)


def _section(account: Account, fate: Fate) -> str:
    entries = [entry for entry in account.entries if entry.fate is fate]
    if not entries:
        return ""
    opened = "" if fate in (Fate.KEPT, Fate.SYNTAX) else " open"
    rows = "".join(map(_row, entries))
    head = "<tr><th>Term<th>Value<th>Why<th>In the source<th>In the output"
    return (
        f"<details{opened}><summary class={fate.value}>{fate.value}: {len(entries):,}</summary>\n"
        f"<table>{head}\n{rows}</table></details>\n"
    )


def _row(entry: Entry) -> str:
    line = f" (line {entry.line})" if entry.line is not None else ""
    cells = (
        ("", entry.term or ""),
        ("v", entry.value),
        ("", entry.reason or ""),
        ("p", f"{entry.path}{line}" if entry.path else ""),
        ("p", entry.output or ""),
    )
    return f"<tr>{''.join(f'<td class={c!r}>{escape(text)}' for c, text in cells)}\n"
