"""Conversion and Factur-X: ordinary invoices, many lines, attaching beside the factur-x library.

    python benchmarks/conversion.py            print the table
    python benchmarks/conversion.py --readme   put it into README.md too

Times are the best of several runs in one process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from documents import long_invoice, sample  # noqa: E402
from pages import put  # noqa: E402

import einvoice  # noqa: E402
from einvoice.pdf.attach import embed_in, embedding  # noqa: E402

ORDINARY = (("fr-b2b-services", "cii"), ("allowances-charges", "ubl"))


def main() -> None:
    """Print the table, and put it into the README if that is asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--readme", action="store_true", help="put the table into README.md")
    options = arguments.parse_args()
    text = "".join(f"{row}\n" for row in table())
    print(text)
    if options.readme:
        put(ROOT / "README.md", "conversion", text)


def table() -> Iterator[str]:
    """The rows, made as they are measured."""
    yield "| without validation | time |"
    yield "| --- | ---: |"
    for name, to in ORDINARY:
        data = sample(name)
        yield _row(f"{name} to {to}: read, write, read back, compare", _converting(data, to), 30)
    for syntax, to in (("ubl-invoice", "cii"), ("cii", "ubl")):
        data = long_invoice("fr-b2b-services", syntax, 10_000)
        yield _row(f"10,000 lines, {syntax} to {to}", _converting(data, to), 2)
    for name in ("fr-b2b-services", "lines-500"):
        yield _row(f"{name} to facturx, page drawn", _converting(sample(name), "facturx"), 5)
    yield from _attaching()


def _attaching() -> Iterator[str]:
    import facturx

    drawn = einvoice.convert(sample("fr-b2b-services"), to="facturx", check=False).data
    document = einvoice.read(drawn)
    xml = document.opened.xml
    chosen = embedding(xml, level="EN 16931", modified=date(2026, 10, 30))
    whole = _best(lambda: einvoice.convert(document, to="facturx", pdf=drawn, check=False), 10)
    ours = _best(lambda: embed_in(drawn, chosen), 20)
    theirs = _best(lambda: facturx.generate_from_binary(drawn, xml, check_xsd=False), 20)
    yield f"| into a given PDF, its PDF/A checked, read back | {whole * 1000:.1f} ms |"
    yield f"| attaching alone | {ours * 1000:.1f} ms |"
    yield f"| attaching by factur-x without its checks | {theirs * 1000:.1f} ms |"
    yield f"| ratio of the two | {theirs / ours:.1f} |"


def _converting(data: bytes, to: str) -> Callable[[], object]:
    return lambda: einvoice.convert(data, to=to, check=False)


def _row(name: str, action: Callable[[], object], runs: int) -> str:
    seconds = _best(action, runs)
    shown = f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"
    return f"| {name} | {shown} |"


def _best(action: Callable[[], object], runs: int) -> float:
    """Seconds of the fastest run; the first one warms up."""
    action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main()
