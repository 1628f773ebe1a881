"""Several processes on one ledger, and processes that are killed."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from einvoice.ledger import Ledger, upkeep

ROOT = Path(__file__).parents[2]


def start(place: str, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.ledger.worker", place, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def told(process: subprocess.Popen[str]) -> list[tuple[int, int]]:
    output, _ = process.communicate(timeout=60)
    lines = output.splitlines(keepends=True)
    return [tuple(map(int, line.split())) for line in lines if line.endswith("\n")]


def test_of_two_equal_invoices_at_once_one_sees_the_other(place: str) -> None:
    """The ledger is made by both, too."""
    processes = [start(place, name, 60) for name in ("one", "two")]
    results = [told(process) for process in processes]
    assert [len(each) for each in results] == [60, 60]
    assert all(one[1] + two[1] == 1 for one, two in zip(*results, strict=True))
    with Ledger(place) as ledger:
        assert upkeep.counts(ledger.database).documents == 120
        assert upkeep.counts(ledger.database).sellers == 1


def test_a_new_ledger_that_another_process_is_making_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.3, other.close)
    done.start()
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert upkeep.counts(ledger.database).documents == 0
    done.join()


@pytest.mark.parametrize("seed", range(5))
def test_a_killed_process_leaves_a_ledger_that_is_right(place: str, seed: int) -> None:
    process = start(place, "one", 10_000)
    if seed:
        assert process.stdout is not None
        process.stdout.readline()
    time.sleep(random.Random(seed).uniform(0, 0.4))
    process.kill()
    kept = told(process)
    with Ledger(place) as ledger:
        numbers = [each.print.number for each in upkeep.documents(ledger.database)]
    assert numbers == [f"N-{number}" for number in range(len(numbers))]
    # What was told is kept; at most one more was kept and not told any more.
    known = (kept[-1][0] if kept else -1) + 1
    assert known <= len(numbers) <= known + 1
    again = told(start(place, "one", len(numbers) + 1))
    assert [same for _, same in again] == [0] * (len(numbers) + 1)
