"""A page for people, one file that needs nothing but a browser: summary, charts, all documents.

The data of the documents comes first, as it streams by; the summary, known at the end, comes after
it. Nothing of it is shown, so that readers see the summary first. A policy in the page forbids
every script but ours and every request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path

from einvoice.findings import Report
from einvoice.reports.output import Output
from einvoice.reports.page_data import data_blocks, script_json
from einvoice.reports.page_summary import summary_sections
from einvoice.reports.summary import Summary
from einvoice.reports.words import Words

_ASSETS = Path(__file__).parent / "assets"


def write_reports(reports: Iterable[Report], summary: Summary, output: Output) -> None:
    """The data of each report as it comes, then what is seen."""
    words = Words(output.language)
    head = _head(words).encode()
    for block in data_blocks(reports):
        output.stream.write(head + b'<script type="application/json" class=data>')
        output.stream.write(block + b"</script>\n")
        head = b""  # not written before there is a block: a run that fails at once leaves nothing
    output.stream.write(head)
    output.write("".join(_body(summary, words)))


def _head(words: Words) -> str:
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(words['report'])}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def _body(summary: Summary, words: Words) -> Iterable[str]:
    made = f"{words['made']} {datetime.now().astimezone():%Y-%m-%d %H:%M %z}"
    documents = words.count("documents", summary.documents)
    yield f'<a class=skip href="#documents">{escape(words["skip"])}</a>\n'
    yield f"<header><h1>{escape(words['report'])}</h1>\n"
    yield f"<p>{escape(documents)} · {escape(made)}</p></header>\n<main>\n"
    yield from summary_sections(summary, words)
    if summary.documents:
        yield _documents(words)
        known = script_json(words.all()).decode()
        yield f'</main>\n<script type="application/json" id=words>{known}</script>\n'
        yield f"<script>{_asset('report.js')}</script>\n</body>\n</html>\n"
    else:
        yield "</main>\n</body>\n</html>\n"


def _documents(words: Words) -> str:
    """The list of documents, which the script fills, and its controls."""
    told = {key: escape(word) for key, word in words.all().items()}
    filters = "".join(
        f"<label>{told[name]}<select id={name}><option value=''>{told[every]}</select></label>\n"
        for name, every in (
            ("verdict", "all_verdicts"),
            ("rule", "all_rules"),
            ("supplier", "all_suppliers"),
        )
    )
    orders = "".join(
        f"<option value={order}>{told[f'order_{order}']}" for order in ("grave", "run", "seller")
    )
    steps = "".join(
        f"<button class=button type=button data-step={step}>{told[name]}</button>\n"
        for step, name in ((-1, "previous"), (1, "next"))
    )
    return (
        f"<section class=card id=documents><h2>{told['documents']}</h2>\n"
        f"<noscript><p>{told['no_script']}</p></noscript>\n<div id=tools hidden>\n"
        f"<div class=tools role=search><label>{told['search']}"
        f'<input id=search type=search autocomplete=off placeholder="{told["search_hint"]}">'
        f"</label>\n{filters}"
        f"<label>{told['order']}<select id=order>{orders}</select></label></div>\n"
        "<div class=bar-line><span id=count role=status class=grow></span>\n"
        f"<button class=button type=button id=clear>{told['clear']}</button>\n{steps}</div>\n"
        "<div id=list></div></div></section>\n"
    )


@cache
def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a policy says to allow this text as a script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
