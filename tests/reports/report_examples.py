"""Reports and conversions to write."""

from einvoice.findings import (
    Finding,
    Layer,
    LayerName,
    Loss,
    LossKind,
    Report,
    Severity,
    Status,
    Verdict,
)
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
