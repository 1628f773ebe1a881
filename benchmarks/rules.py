"""The compiled rules against Saxon, on the same documents in one run.

    python benchmarks/rules.py            print the table
    python benchmarks/rules.py --readme   put it into README.md too

Times are the best of several runs, the two engines in turn; the ratios hold better than the times.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from documents import long_invoice, sample  # noqa: E402
from pages import put  # noqa: E402

from einvoice.rulesets import evaluators  # noqa: E402
from einvoice.rulesets.catalogue import parts_of, ruleset_named  # noqa: E402
from einvoice.rulesets.run import Engine, Session  # noqa: E402
from einvoice.xml.parse import parse  # noqa: E402

UBL, CII = "fr-b2b-services", "fr-advance"
#: What is measured on an ordinary invoice: rule sets together on one tree, and the sample.
WARM = (
    (("en16931-ubl",), UBL),
    (("br-fr-ubl",), UBL),
    (("extended-ctc-fr-ubl",), UBL),
    (("en16931-ubl", "br-fr-ubl", "extended-ctc-fr-ubl"), UBL),
    (("facturx-en16931",), CII),
    (("facturx-extended",), CII),
    (("br-fr-cii",), CII),
    (("en16931-cii",), CII),
    (("facturx-en16931", "br-fr-cii", "extended-ctc-fr-cii"), CII),
)
LONG = (
    ("en16931-ubl", "ubl-invoice", UBL),
    ("br-fr-ubl", "ubl-invoice", UBL),
    ("facturx-en16931", "cii", CII),
    ("br-fr-cii", "cii", CII),
)
LINES = (100, 1_000, 10_000)
ENGINES: tuple[Engine, Engine] = ("compiled", "saxon")
DIGITS = {"ms": 2, "s": 3, "MB": 0}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--readme", action="store_true", help="put the table into README.md")
    arguments.add_argument("--peak", nargs=3, metavar=("ENGINE", "RULESET", "FILE"))
    options = arguments.parse_args()
    if options.peak:
        peak(*options.peak)
        return
    text = "\n".join(report())
    if options.readme:
        put(ROOT / "README.md", "bench", text)


def report() -> Iterator[str]:
    """The tables, printed line by line while they are made."""
    for part in (_versions, _warm, _cold, _long, _memory):
        for line in part():
            print(line, flush=True)
            yield line


def _versions() -> Iterator[str]:
    names = ("saxonche", "lxml", "factur-x")
    shown = ", ".join(f"{name} {version(name)}" for name in names)
    yield f"einvoice {version('einvoice-engine')}, Python {platform.python_version()}, {shown}."
    yield ""


def _warm() -> Iterator[str]:
    yield from _head("one ordinary invoice, parsing included", "compiled", "Saxon")
    for names, case in WARM:
        data = sample(case)
        ours, saxons = _best(lambda e, n=names, d=data: judge(n, d, e), 8, each=25)
        yield _row(" + ".join(names), ours, saxons, "ms", 1000)


def _cold() -> Iterator[str]:
    path = ROOT / "samples" / UBL / "invoice.xml"
    command = [sys.executable, "-m", "einvoice", "validate", "-q", str(path), "--engine"]

    def run(engine: Engine) -> None:
        subprocess.run([*command, engine], cwd=ROOT, env=installed, check=True)

    with tempfile.TemporaryDirectory() as byte_code:
        installed = {**os.environ, "PYTHONPYCACHEPREFIX": byte_code, "PYTHONDONTWRITEBYTECODE": ""}
        ours, saxons = _best(run, 7)
    yield _row("`einvoice validate one.xml`, a whole process", ours, saxons, "s", 1)
    yield ""


def _long() -> Iterator[str]:
    yield from _head("lines", "compiled", "Saxon")
    for name, syntax, case in LONG:
        for lines in LINES:
            data = long_invoice(case, syntax, lines)
            rounds = 1 if lines == LINES[-1] else 3
            ours, saxons = _best(lambda e, n=name, d=data: judge((n,), d, e), rounds)
            yield _row(f"{name}, {lines:,} lines", ours, saxons, "s", 1)
    yield ""


def _memory() -> Iterator[str]:
    yield from _head("peak memory, 10,000 lines", "compiled", "Saxon")
    with tempfile.TemporaryDirectory() as folder:
        for name, syntax, case in (LONG[0], LONG[2]):
            file = Path(folder) / f"{syntax}.xml"
            file.write_bytes(long_invoice(case, syntax, LINES[-1]))
            ours, saxons = (_peak_of(engine, name, file) for engine in ENGINES)
            yield _row(name, ours, saxons, "MB", 1)


def _peak_of(engine: Engine, name: str, file: Path) -> float:
    command = [sys.executable, __file__, "--peak", engine, name, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


def peak(engine: Engine, name: str, file: str) -> None:
    """Print what a process needs at most to judge a file, in MB."""
    judge((name,), Path(file).read_bytes(), engine)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)


def judge(names: tuple[str, ...], data: bytes, engine: Engine) -> None:
    """The Schematron layer of a document, with the parsing."""
    if engine == "saxon":  # it parses the document itself
        for name in names:
            for part in parts_of(ruleset_named(name)):
                evaluators.by_saxon(part, data)
        return
    session = Session(data, parse(data), engine)
    for name in names:
        for part in parts_of(ruleset_named(name)):
            session.fired(part)


def _best(run: Callable[[Engine], None], rounds: int, each: int = 1) -> list[float]:
    """The best time of each engine, in seconds; the first run of each does not count.

    Args:
        run: what is timed.
        rounds: how often the engines take turns.
        each: runs of a turn; a turn's fastest counts, as the first has the other's memory to clear.
    """
    best = {engine: float("inf") for engine in ENGINES}
    for engine in ENGINES:
        run(engine)
    for _ in range(rounds):
        for engine in ENGINES:
            for _ in range(each):
                start = time.perf_counter()
                run(engine)
                best[engine] = min(best[engine], time.perf_counter() - start)
    return list(best.values())


def _head(*titles: str) -> Iterator[str]:
    yield f"| {' | '.join(titles)} | ratio |"
    yield "| --- " + "| ---: " * len(titles) + "|"


def _row(title: str, ours: float, saxons: float, unit: str, scale: float) -> str:
    def shown(value: float) -> str:
        return f"{value * scale:.{DIGITS[unit]}f} {unit}"

    return f"| {title} | {shown(ours)} | {shown(saxons)} | {saxons / ours:.1f} |"


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
