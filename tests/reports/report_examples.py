"""Reports and conversions to write, and how they are written."""

import io
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from einvoice.findings import (
    Finding,
    Layer,
    LayerName,
    Loss,
    LossKind,
    Report,
    Severity,
    Status,
    Subject,
    Verdict,
)
from einvoice.reports import report_format
from einvoice.reports.output import Output
from einvoice.reports.summary import Summary
from einvoice.reports.wire import ConversionLine

SCHEMA = Layer(name=LayerName.XSD, status=Status.PASSED, version="UBL 2.1")
RULES = Layer(
    name=LayerName.SCHEMATRON, status=Status.FAILED, ruleset="en16931-ubl", version="1.3.16"
)
TOTAL = Finding(
    rule="BR-CO-15",
    severity=Severity.FATAL,
    layer=LayerName.SCHEMATRON,
    ruleset="en16931-ubl",
    version="1.3.16",
    message="[BR-CO-15]-Invoice total amount with VAT (BT-112) = without VAT (BT-109) + VAT.",
    location="/Invoice/cac:LegalMonetaryTotal",
    line=12,
    terms=("BT-109", "BT-110", "BT-112"),
)
HINT = Finding(
    rule="BR-X", severity=Severity.WARNING, layer=LayerName.CHECKS, message="odd\n   thing"
)
VALID = Report(path="in/good.xml", format="cii", profile="en16931", layers=(SCHEMA,))
INVALID = Report(
    path="in/b \u202e\x1b[31m.xml",
    format="ubl-invoice",
    profile="en16931",
    customization_id="urn:cen.eu:en16931:2017",
    layers=(SCHEMA, RULES),
    findings=(HINT, TOTAL),
)
UNDECIDED = Report(
    path="in/xr.xml",
    format="ubl-invoice",
    profile="xrechnung",
    layers=(
        SCHEMA,
        Layer(
            name=LayerName.SCHEMATRON,
            status=Status.SKIPPED,
            ruleset="xrechnung-ubl",
            reason="not available",
        ),
    ),
    notes=("the rule set of the profile is missing",),
)
CRASHED = Report(
    path="in/c.xml",
    format="unknown",
    layers=(Layer(name=LayerName.XML, status=Status.CRASHED, reason="KeyError: 'x'"),),
)
UNREADABLE = Report(
    path="in/gone.xml", format="unknown", error="in/gone.xml: cannot be opened: No such file"
)
ALL = (VALID, INVALID, UNDECIDED, CRASHED, UNREADABLE)

WAIVED = Finding(
    rule="ID-01",
    severity=Severity.FATAL,
    layer=LayerName.CHECKS,
    message="BT-31 is odd",
    evidence=(("BT-31", "FR00"), ("expected", "FR61")),
    waived="agreed, by phone",
)
#: What an evil supplier writes where it may.
EVIL = (
    "</script><!--<script>alert(1)</script>\"'&\u202e\x00\x1b[31m\r\n::error::%0A,:," + "é" * 5000
)
EVIL_SUBJECT = Subject(
    number="=cmd|' /C calc'!A0",
    issued=date(2026, 11, 24),
    seller=f"@SUM(1){EVIL}",
    seller_id="+1",
    currency="EUR",
    total=Decimal("-12.50"),
)
HOSTILE = Report(
    path=f"-in/{EVIL}.xml",
    format="cii",
    profile="en16931",
    subject=EVIL_SUBJECT,
    layers=(
        SCHEMA,
        RULES,
        Layer(
            name=LayerName.CHECKS,
            status=Status.PASSED,
            decides=False,
            not_run={"DUP-01": "a ledger"},
        ),
    ),
    findings=(
        Finding(
            rule="XSD",
            severity=Severity.FATAL,
            layer=LayerName.XSD,
            message=EVIL,
            location=f"/a[. = '{EVIL}']",
        ),
        WAIVED,
    ),
    notes=(EVIL,),
)

CONVERTED = ConversionLine(
    path="in/a.xml",
    output="out/a.xml",
    format="cii",
    outcome="converted",
    verdict=Verdict.VALID,
    losses=(
        Loss(path="/Invoice/cbc:UUID", value="x" * 200, reason="no place in CII", line=4),
        Loss(path="/rsm/x", value="", reason="CII demands it", kind=LossKind.FILLED, term="BT-72"),
    ),
)
STILL_INVALID = ConversionLine(
    path="in/b.xml",
    output="out/b.xml",
    format="cii",
    outcome="converted",
    verdict=Verdict.INVALID,
    findings=(TOTAL,),
)
REFUSED = ConversionLine(
    path="in/c.xml", outcome="refused", exit_code=1, error="in/c.xml: it has no lines (BG-25)"
)
CONVERSIONS = (CONVERTED, STILL_INVALID, REFUSED)


def written(
    name: str, reports: Iterable[Report] = ALL, language: str = "en", *, quiet: bool = False
) -> bytes:
    """The reports in a format."""
    stream, summary = io.BytesIO(), Summary()
    output = Output(stream=stream, language=language, quiet=quiet)
    report_format(name).write_reports(summary.counting(reports), summary, output)
    return stream.getvalue()


def many(number: int) -> Iterator[Report]:
    """Reports of different documents and suppliers, made one by one."""
    for n in range(number):
        subject = Subject(number=f"R-{n}", seller=f"Seller {n}", seller_id=f"FR{n:011}")
        findings = (TOTAL, HINT) if n % 2 else ()
        layers = (SCHEMA, RULES) if n % 2 else (SCHEMA,)
        yield Report(
            path=f"in/{n}.xml", format="cii", subject=subject, layers=layers, findings=findings
        )


class Sink(io.RawIOBase):
    """Takes bytes and forgets them."""

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        return len(data)


def peak_memory(name: str, number: int) -> int:
    """Bytes that writing so many reports took at most, without what a summary keeps."""
    summary = Summary()
    output = Output(stream=Sink())
    tracemalloc.start()
    try:
        report_format(name).write_reports(many(number), summary, output)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
