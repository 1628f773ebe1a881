"""A history of 100,000 invoices with planted duplicates: what is found, how fast, in what memory.

    python benchmarks/ledger.py                     SQLite, and PostgreSQL where it is installed
    python benchmarks/ledger.py --documents 10000   a shorter history

Each document is kept and looked at as it comes, so the last ones meet the whole history.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from einvoice.ledger import Ledger  # noqa: E402
from tests.ledger import postgres  # noqa: E402
from tests.ledger.measure import EXACT, Outcome, measured  # noqa: E402

DUPLICATES = 500
MISSES = 340  # some sellers give no occasion for one


def main() -> None:
    """Print what was found in each database."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=100_000)
    documents = arguments.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        run("SQLite", str(Path(folder) / "ledger.db"), documents)
    reason = postgres.missing()
    if reason:
        print(f"PostgreSQL: not measured, {reason}")
        return
    with postgres.server() as url:
        run("PostgreSQL", url.format("postgres"), documents)


def run(name: str, place: str, documents: int) -> None:
    """Measure one database."""
    with Ledger(place) as ledger:
        outcome = measured(ledger, documents=documents, duplicates=DUPLICATES, misses=MISSES)
    print(f"{name}: {outcome.documents} documents")
    for line in lines(outcome):
        print(f"  {line}")
    print(flush=True)


def lines(outcome: Outcome) -> Iterator[str]:
    """What was found, in words."""
    exact = sum(n for kind, n in outcome.missed.items() if kind.startswith(EXACT))
    missed = sum(outcome.missed.values())
    yield f"duplicates planted {outcome.planted}, missed {missed}, of these exact ones {exact}"
    yield f"near misses planted {outcome.near_misses}, reported {outcome.reported_misses.total()}"
    yield f"ordinary documents reported {outcome.reported_ordinary}"
    last = sorted(outcome.seconds[-len(outcome.seconds) // 10 :])
    yield (
        f"last tenth: median {statistics.median(last) * 1e3:.2f} ms, "
        f"99th percentile {last[len(last) * 99 // 100] * 1e3:.2f} ms"
    )
    yield f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    for kind, count in (outcome.missed + outcome.reported_misses).items():
        if count:
            yield f"  {kind}: {count}"


if __name__ == "__main__":
    main()
