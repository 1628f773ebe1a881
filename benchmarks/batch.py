"""A batch of 20,000 documents: counts, memory, what more processes gain, a loop over Saxon.

    python benchmarks/batch.py [--documents N] [--pages] [FOLDER...]

The documents are those of samples/ and of the folders that are named, multiplied. `--pages` puts
the tables into docs/batch.md and docs/cluster.md. The scheduler and the workers of the cluster are
processes of this machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from pages import put  # noqa: E402

import einvoice  # noqa: E402
from tests.batch.services import environment, scheduler, worker  # noqa: E402

CONFIG = 'input = ["in"]\noutput = "{out}"\nreports = ["jsonl"]\nworkers = {workers}\n[validate]\n'
HEAD = (
    "| {:,} documents | time | per second | core seconds for 1,000 | of them who hands out |\n"
    "| --- | ---: | ---: | ---: | ---: |"
)
#: So many documents the loop over Saxon judges.
FEW = 300
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """A run over all documents."""

    name: str
    documents: int
    seconds: float
    core_seconds: float  #: of all processes
    own: float  #: core seconds of the process that hands out, and of the scheduler if there is one
    verdicts: Counter[str]
    memory: str  #: MB of each process, in the first and the last quarter of its time

    @property
    def row(self) -> str:
        """A row of the table."""
        thousand = 1000 / self.documents
        return (
            f"| {self.name} | {self.seconds:.1f} s | {self.documents / self.seconds:.0f} "
            f"| {self.core_seconds * thousand:.2f} | {self.own * thousand:.2f} |"
        )


def main() -> None:
    """Print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="*", type=Path)
    arguments.add_argument("--documents", type=int, default=20_000)
    arguments.add_argument("--pages", action="store_true", help="put the tables into docs/")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        originals = multiplied(home / "in", [ROOT / "samples", *options.folders], options.documents)
        one, two = (in_pool(home, workers) for workers in (1, 2))
        spread = on_cluster(home)
        assert one.verdicts == two.verdicts == spread.verdicts
        saxon = looped(originals)
    head = HEAD.format(options.documents)
    pool = "\n".join((head, one.row, two.row, *beside(one, two, saxon)))
    cluster = "\n".join((head, two.row, spread.row))
    print(f"copies of {len(originals)}: {dict(one.verdicts)}\n{pool}\n\n{cluster}")
    if options.pages:
        put(ROOT / "docs/batch.md", "batch", pool)
        put(ROOT / "docs/cluster.md", "cluster", cluster)


def beside(one: Measured, two: Measured, saxon: float) -> tuple[str, str, str]:
    """The row of the loop over Saxon, and what the rows say beside each other."""
    loop = saxon * one.documents
    row = f"| a loop over Saxon, from {FEW} of them | {loop:.0f} s | {1 / saxon:.0f} "
    return (
        f"{row}| {1000 * saxon:.2f} | |",
        "",
        f"Two processes are {one.seconds / two.seconds:.2f} times as fast as one, and one is "
        f"{loop / one.seconds:.1f} times as fast as the loop. Memory of who hands out and of each "
        f"process, in the first and in the last quarter of the run: {two.memory} MB.",
    )


def multiplied(folder: Path, sources: list[Path], documents: int) -> list[Path]:
    """Fill a folder; the files that it was filled from."""
    originals = [
        path
        for source in sources
        for path in sorted(source.rglob("*"))
        if path.suffix in (".xml", ".pdf") and path.is_file()
    ]
    for number, path in zip(range(documents), itertools.cycle(originals)):  # noqa: B905
        target = folder / f"{number // 1000:03}" / f"{number}{path.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return originals


def in_pool(home: Path, workers: int) -> Measured:
    """Run a batch in processes of this machine."""
    before = spent()
    name = "one process" if workers == 1 else f"{workers} processes"
    return batch(home, name, workers, before)


def on_cluster(home: Path) -> Measured:
    """Run a batch on a cluster of two workers."""
    before = spent()
    with scheduler() as (address, process), ExitStack() as stack:
        for number in range(2):
            stack.enter_context(worker(address, home / f"worker-{number}"))
        done = batch(home, "a cluster of 2 workers", 2, before, "--cluster", address)
        own = done.own + processor_seconds(process.pid)
    return replace(done, own=own, core_seconds=spent() - before)


def batch(home: Path, name: str, workers: int, before: float, *options: str) -> Measured:
    """Run a batch as a user does."""
    out = f"out{len(list(home.glob('out*')))}"
    config = home / f"{out}.toml"
    config.write_text(CONFIG.format(out=out, workers=workers))
    start = time.perf_counter()
    command = [sys.executable, "-m", "einvoice", "batch", str(config), "-q", *options]
    running = subprocess.Popen(command, env=environment())
    memory: list[dict[int, int]] = []
    own = 0.0
    while running.poll() is None:
        memory.append(resident(running.pid))
        own = processor_seconds(running.pid) or own
        time.sleep(0.25)
    seconds = time.perf_counter() - start
    lines = (home / out / "report.jsonl").read_bytes().splitlines()
    return Measured(
        name=name,
        documents=len(lines),
        seconds=seconds,
        core_seconds=spent() - before,
        own=own,
        verdicts=Counter(json.loads(line)["verdict"] for line in lines),
        memory=quarters(memory),
    )


def spent() -> float:
    """Processor seconds of all processes that were started here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def processor_seconds(pid: int) -> float:
    """Processor seconds of a process, without its children; 0 if it is over."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> dict[int, int]:
    """Resident memory of a process and its children, in MB, by process."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        found = {}
        for each in (pid, *map(int, children)):
            if "resource_tracker" in Path(f"/proc/{each}/cmdline").read_text():
                continue  # it belongs to Python and does nothing
            status = Path(f"/proc/{each}/status").read_text()
            if "VmRSS" in status:
                found[each] = int(status.split("VmRSS:")[1].split()[0]) // 1024
        return found
    except OSError:
        return {}


def quarters(samples: list[dict[int, int]]) -> str:
    """The medians of each process that lived most of the time."""
    seen = Counter(pid for sample in samples for pid in sample)
    pairs = []
    for pid in sorted(pid for pid, count in seen.items() if count > len(samples) / 2):
        own = [sample[pid] for sample in samples if pid in sample]
        quarter = max(1, len(own) // 4)
        before, after = (statistics.median(part) for part in (own[:quarter], own[-quarter:]))
        pairs.append(f"{before:.0f} and {after:.0f}")
    return ", ".join(pairs)


def looped(originals: list[Path]) -> float:
    """Seconds per document of a plain loop that lets Saxon evaluate the rules."""
    some = originals[:: max(1, len(originals) // FEW)]
    einvoice.validate(some[0], engine="saxon")
    start = time.perf_counter()
    for path in some:
        einvoice.validate(path, engine="saxon")
    return (time.perf_counter() - start) / len(some)


if __name__ == "__main__":
    main()
