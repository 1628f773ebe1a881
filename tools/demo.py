"""Show what einvoice does: validate the samples, convert them into `out/`, count what came out.

    python tools/demo.py

The six broken samples are found invalid and a few conversions are not possible; that is how it
should be, and both are shown. Only a command that did no work ends the demo with an error.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"

#: What all samples are converted to, and what a few are, because a page takes longer.
TARGETS = ("cii", "ubl", "json")
PAGES = ("fr-b2b-services", "fr-franchise-en-base", "allowances-charges")


def main() -> int:
    """Run the demo; the exit code says whether each command did its work."""
    shutil.rmtree(OUT, ignore_errors=True)
    sources = _copied_samples()
    _einvoice("validate", "out/samples")
    for target in TARGETS:
        _einvoice("convert", "out/samples", "--to", target, "-o", f"out/{target}")
    pages = [f"out/samples/{case}.xml" for case in PAGES]
    _einvoice("convert", *pages, "--to", "facturx", "-o", "out/facturx")
    return _summary(sources)


def _copied_samples() -> int:
    """The invoices of `samples/`, each under the name of its case."""
    (OUT / "samples").mkdir(parents=True)
    invoices = sorted(ROOT.glob("samples/*/invoice.xml"))
    for invoice in invoices:
        shutil.copy(invoice, OUT / "samples" / f"{invoice.parent.name}.xml")
    return len(invoices)


def _einvoice(*arguments: str) -> None:
    """Run a command as a user would; what it finds wrong with a sample is its work."""
    print(f"\n$ einvoice {shlex.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", "einvoice", *arguments], cwd=ROOT, check=False)


def _summary(sources: int) -> int:
    """Say what is in `out/` now; 1 if a folder has stayed empty."""
    print(f"\nWritten from {sources} samples:")
    missing = 0
    for target in (*TARGETS, "facturx"):
        files = [path for path in (OUT / target).glob("*") if path.is_file()]
        missing += not files
        print(f"  out/{target}/".ljust(16) + f"{len(files):3} files")
    print("Above, each sample that is not valid and each conversion that was refused says why.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
