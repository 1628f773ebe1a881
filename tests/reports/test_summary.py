import pytest
import report_examples as examples

from einvoice.findings import Severity
from einvoice.reports.summary import ConversionSummary, Summary
from einvoice.reports.wire import ConversionLine


@pytest.mark.parametrize(
    ("reports", "exit_code"),
    [
        ((), 0),
        ((examples.VALID,), 0),
        ((examples.VALID, examples.UNDECIDED), 3),
        ((examples.CRASHED,), 3),
        ((examples.UNDECIDED, examples.INVALID), 1),
        (examples.ALL, 4),
    ],
)
def test_exit_code(reports, exit_code):
    summary = Summary()
    assert list(summary.counting(reports)) == list(reports)
    assert summary.exit_code == exit_code


@pytest.mark.parametrize(
    ("codes", "exit_code"),
    [((), 0), ((0, 0), 0), ((0, 3), 3), ((3, 1), 1), ((1, 4, 3), 4), ((4, 2), 2)],
)
def test_exit_code_of_conversions(codes, exit_code):
    summary = ConversionSummary()
    for code in codes:
        summary.add(ConversionLine(path="a", outcome="any", exit_code=code))
    assert summary.exit_code == exit_code


def test_a_rule_counts_once_per_document_and_fatal_ones_come_first():
    summary = Summary()
    report = examples.INVALID
    for number in range(3):
        findings = (examples.HINT, examples.HINT, *([examples.TOTAL] if number else []))
        summary.add(type(report)(path="a", format="cii", findings=findings))
    assert summary.frequent_rules() == [
        ("BR-CO-15", Severity.FATAL, 2),
        ("BR-X", Severity.WARNING, 3),
    ]
    assert len(summary.frequent_rules(1)) == 1
