import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pool_tasks as tasks
import pytest

from einvoice.batch.guarded import Misused
from einvoice.batch.pool import default_workers, run
from einvoice.batch.processes import DIED, WINDOW


def said(item: object, reason: str) -> str:
    return f"{item}! {reason}"


def test_results_come_in_the_order_of_the_items():
    assert list(run(tasks.slow_first, range(40), on_crash=said, workers=2)) == list(range(40))


def test_two_workers_are_two_processes_and_not_this_one():
    pids = set(run(tasks.process_id, range(100), on_crash=said, workers=2))
    assert os.getpid() not in pids
    assert len(pids) <= 2


@pytest.mark.parametrize(("items", "workers"), [(range(5), 1), (range(1), 2)])
def test_one_worker_or_one_item_stays_in_this_process(items, workers):
    assert set(run(tasks.process_id, items, on_crash=said, workers=workers)) == {os.getpid()}


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_in_nothing_out(workers):
    assert list(run(tasks.double, [], on_crash=said, workers=workers)) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_costs_one_item(workers):
    results = list(run(tasks.fail_on_odd, range(4), on_crash=said, workers=workers))
    assert results == ["0", "1! ValueError: 1 is odd", "2", "3! ValueError: 3 is odd"]


@pytest.mark.parametrize("workers", [1, 2])
def test_wrong_use_stops_the_run(workers):
    with pytest.raises(Misused, match="unknown layer 'nonsense'; known: xml"):
        list(run(tasks.misuse, range(4), on_crash=said, workers=workers))


def test_a_process_that_dies_costs_one_item():
    results = list(run(tasks.die_on_seven, range(60), on_crash=said, workers=2))
    expected = [str(item) for item in range(60)]
    expected[7] = f"7! {DIED}"
    assert results == expected


def test_an_item_that_was_only_in_the_way_is_done_again(tmp_path: Path):
    items = [(number, str(tmp_path / "marker")) for number in range(20)]
    results = list(run(tasks.die_once, items, on_crash=said, workers=2))
    assert results == [str(number) for number in range(20)]


def test_every_process_may_die():
    results = list(run(tasks.die_always, range(3), on_crash=said, workers=2))
    assert results == [f"{item}! {DIED}" for item in range(3)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_item_that_takes_too_long_costs_itself(workers):
    start = time.monotonic()
    results = list(run(tasks.slow, [0, 60, 0], on_crash=said, workers=workers, limit=1.5))
    assert results == [0, "60! it took longer than 1.5 s", 0]
    assert time.monotonic() - start < 15


def test_results_may_come_as_they_are_done():
    results = run(tasks.slow_first, range(40), on_crash=said, workers=2, ordered=False)
    found = list(results)
    assert sorted(found) == list(range(40))
    assert found[0] != 0


def test_items_are_taken_only_as_they_are_worked_on():
    items = iter(range(1000))
    results = run(tasks.double, items, on_crash=said, workers=2)
    assert next(results) == 0
    assert next(items) <= 2 * WINDOW + 1
    results.close()


def test_default_workers_are_the_cores_of_this_process():
    assert default_workers() == len(os.sched_getaffinity(0))


def script(text: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(text)]


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


SLEEPERS = """
    from einvoice.batch.pool import run
    import pool_tasks as tasks
    print("started", flush=True)
    try:
        list(run(tasks.sleep, range(10), on_crash=str, workers=2))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.fixture
def sleepers():
    process = subprocess.Popen(
        script(SLEEPERS),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        wait_until(lambda: len(children_of(process.pid)) >= 3)  # two, and the resource tracker
        time.sleep(0.7)
        yield process
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_ends_all_at_once_and_without_tracebacks(sleepers):
    start = time.monotonic()
    os.killpg(sleepers.pid, signal.SIGINT)
    out, err = sleepers.communicate(timeout=20)
    assert time.monotonic() - start < 5
    assert (out, err) == (b"started\ninterrupted\n", b"")


def test_workers_do_not_outlive_a_parent_that_is_killed(sleepers):
    workers = children_of(sleepers.pid)
    sleepers.kill()
    sleepers.wait()
    wait_until(lambda: not any(map(is_running, workers)))
