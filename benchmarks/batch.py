"""A batch of 20,000 documents: counts, memory, the gain of two workers, a loop over Saxon.

    python benchmarks/batch.py [--documents N] [FOLDER...]

The documents are those of samples/ and of the folders that are named, multiplied.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import einvoice  # noqa: E402

CONFIG = 'input = ["in"]\noutput = "{out}"\nreports = ["jsonl"]\nworkers = {workers}\n[validate]\n'
#: So many documents the loop over Saxon judges.
FEW = 300


def main() -> None:
    """Print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="*", type=Path)
    arguments.add_argument("--documents", type=int, default=20_000)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        originals = multiplied(home / "in", [ROOT / "samples", *options.folders], options.documents)
        seconds = {workers: batch(home, workers, originals) for workers in (1, 2)}
        print(f"two workers: {seconds[1] / seconds[2]:.2f} times one")
        saxon = looped(originals)
        ours = seconds[1] / options.documents
        print(
            f"a loop over Saxon: {1000 * saxon:.1f} s for 1,000, {saxon / ours:.1f} times as long"
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
    print(f"{documents} documents, copies of {len(originals)}")
    return originals


def batch(home: Path, workers: int, originals: list[Path]) -> float:
    """Run a batch as a user does; its seconds."""
    config = home / f"{workers}.toml"
    config.write_text(CONFIG.format(out=f"out{workers}", workers=workers))
    start = time.perf_counter()
    command = [sys.executable, "-m", "einvoice", "batch", str(config), "-q"]
    running = subprocess.Popen(command)
    memory: list[dict[int, int]] = []
    while running.poll() is None:
        memory.append(resident(running.pid))
        time.sleep(0.5)
    seconds = time.perf_counter() - start
    lines = (home / f"out{workers}" / "report.jsonl").read_bytes().splitlines()
    counts = Counter(json.loads(line)["verdict"] for line in lines)
    print(f"{workers} worker(s): {seconds:.1f} s, {len(lines) / seconds:.0f}/s, {dict(counts)}")
    print(f"  core seconds for 1,000 documents: {1000 * seconds * workers / len(lines):.1f}")
    print(f"  memory, first and last quarter, MB: {quarters(memory)}")
    return seconds


def resident(pid: int) -> dict[int, int]:
    """Resident memory of a process and its children, in MB, by process."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        found = {}
        for each in (pid, *map(int, children)):
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
        pairs.append(f"{before:.0f} -> {after:.0f}")
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
