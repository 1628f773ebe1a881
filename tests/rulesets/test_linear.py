"""The time of every rule set grows with the number of lines and no faster."""

import sys
import time
from pathlib import Path

import pytest

from einvoice.rulesets import evaluators
from einvoice.rulesets.catalogue import RULESETS, parts_of
from einvoice.schematron.tree import Tree
from einvoice.xml.parse import parse

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
from documents import long_invoice

CASES = {"ubl": ("fr-b2b-services", "ubl-invoice"), "cii": ("fr-advance", "cii")}
FEW, MANY = 150, 1_200
#: A cost that grows with the square of the lines would be eight times as much for each of them.
MOST = 3


def seconds(name: str, data: bytes) -> float:
    """The processor time of the rules on a document, best of three."""
    parts = next(parts_of(each) for each in RULESETS if each.name == name)
    rules = [evaluators.compiled_rules(part) for part in parts]
    best = float("inf")
    for _ in range(3):
        tree = Tree(parse(data))
        start = time.process_time()
        for each in rules:
            each.run(tree)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("name", [each.name for each in RULESETS])
def test_the_time_per_line_does_not_grow(name: str) -> None:
    case, syntax = CASES["cii" if "cii" in name or "facturx" in name else "ubl"]
    few = seconds(name, long_invoice(case, syntax, FEW)) / FEW
    many = seconds(name, long_invoice(case, syntax, MANY)) / MANY
    assert many < MOST * few, f"{few * 1e6:.1f} us a line with {FEW}, {many * 1e6:.1f} with {MANY}"
