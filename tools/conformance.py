"""Measure against the public corpus and keep the figures in docs/conformance.md.

    python tools/conformance.py [SECTION ...]

The corpus and the scripts that score against it lie in ../shared; without them there is nothing to
measure. A section of the page between `<!-- NAME -->` and `<!-- end -->` holds the commands and the
lines that they printed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "conformance.md"

#: Lines that name a single document are looked at, not kept.
SINGLE = re.compile(r"(wrong|rule|missing|silent|pair|refused|crashed|newly_invalid|vanished) ")


def main(sections: list[str]) -> int:
    """Run the sections asked for, by default all, and rewrite their part of the page."""
    if not SHARED.is_dir():
        print(f"nothing to measure against: {SHARED} is not there", file=sys.stderr)
        return 1
    for name in sections or SECTIONS:
        print(f"{name} ...", flush=True)
        _keep(name, SECTIONS[name]())
    return 0


def _keep(name: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    if not pattern.search(page):
        raise SystemExit(f"docs/conformance.md has no section {name!r}")
    PAGE.write_text(pattern.sub(rf"\1```\n{text}```\n\2", page), encoding="utf-8")


def _run(*command: str, keep: bool = True) -> str:
    """Run a command in the checkout; the text for the page."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode and keep:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    lines = [line for line in done.stdout.splitlines() if not SINGLE.match(line)]
    return "".join(f"{line}\n" for line in lines)


def _script(name: str, *arguments: str) -> str:
    shown = f"$ python ../shared/acceptance/{name} {' '.join(arguments)}".rstrip()
    return f"{shown}\n{_run(str(SHARED / 'acceptance' / name), *arguments)}"


def _scoreboard(corpus: str, *options: str) -> str:
    """The score of a corpus; the options name its list of verdicts if it is another one."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "out.jsonl"
        command = ("-m", "einvoice", "validate", str(SHARED / corpus), "--format", "jsonl")
        _run(*command, "--output", str(report), keep=False)
        figures = _run(str(SHARED / "acceptance" / "scoreboard.py"), str(report), *options)
    shown = f"$ einvoice validate ../shared/{corpus} --format jsonl > out.jsonl\n"
    script = " ".join(("$ python ../shared/acceptance/scoreboard.py out.jsonl", *options))
    return f"{shown}{script}\n{figures}"


def _testsets() -> str:
    script = str(SHARED / "acceptance" / "testsets.py")
    with tempfile.TemporaryDirectory() as folder:
        _run(script, "split", folder)
        reports = []
        for each in sorted(path for path in Path(folder).iterdir() if path.is_dir()):
            report = Path(folder) / f"{each.name}.jsonl"
            options = ("--layers", "schematron", "--rulesets", each.name, "--format", "jsonl")
            arguments = ("validate", str(each), *options, "--output", str(report))
            _run("-m", "einvoice", *arguments, keep=False)
            reports.append(str(report))
        figures = _run(script, "score", folder, *reports)
    return f"$ python ../shared/acceptance/testsets.py score ts *.jsonl\n{figures}"


def _engines() -> str:
    """Documents and unit tests on which both evaluators ran, and on which they differed."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        _run(str(SHARED / "acceptance" / "testsets.py"), "split", folder)
        tests = sorted(path for path in Path(folder).iterdir() if path.is_dir())
        named = [(str(path), ("--layers", "schematron", "--rulesets", path.name)) for path in tests]
        for corpus in ("corpus", "corpus-mutants"):
            named.append((str(SHARED / corpus), ()))
        for path, options in named:
            report = Path(folder) / "out.jsonl"
            arguments = ("validate", path, *options, "--engine", "both", "--format", "jsonl")
            _run("-m", "einvoice", *arguments, "--output", str(report), keep=False)
            lines.append(f"{Path(path).name} {_crashes(report)}\n")
    return "$ einvoice validate ... --engine both\n" + "".join(lines)


def _crashes(report: Path) -> str:
    documents = ran = differ = 0
    for line in report.read_text(encoding="utf-8").splitlines():
        layers = [layer for layer in json.loads(line)["layers"] if layer["ruleset"]]
        documents += 1
        ran += sum(layer["status"] in ("passed", "failed") for layer in layers)
        differ += sum(layer["status"] == "crashed" for layer in layers)
    return f"documents {documents} runs_that_agree {ran} runs_that_differ {differ}"


#: As seen from the checkout, where the scripts run.
_MUTANTS = "../shared/corpus-mutants/expected.csv"
SECTIONS: dict[str, Callable[[], str]] = {
    "scoreboard": lambda: _scoreboard("corpus"),
    "mutants": lambda: _scoreboard("corpus-mutants", "--expected", _MUTANTS),
    "testsets": _testsets,
    "engines": _engines,
    "checks": lambda: f"$ python tools/every_check.py\n{_run('tools/every_check.py')}",
    "conversions": lambda: _script("conversions.py"),
    "losses": lambda: _script("losses.py"),
    "pairs": lambda: _script("pairs.py"),
    "pdfa": lambda: _script("pdfa.py"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
