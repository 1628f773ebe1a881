"""The layer `pdfa`: PDF/A-3 as a verdict.

Factur-X demands level b at least. What a file claims beyond that and does not hold is a warning: it
can be read and kept like any other.
"""

from __future__ import annotations

from einvoice.findings import Finding, Layer, LayerName, Severity, Status

VERSION = "PDF/A-3 (ISO 19005-3:2012)"


def judge(data: bytes) -> tuple[Layer, tuple[Finding, ...]]:
    """Check a PDF against PDF/A-3: level b decides, the level that it claims only warns."""
    from einvoice.pdf.pdfa import check

    result = check(data)
    deciding = result.at("b")
    claimed = result.at(result.claimed) if result.claimed else deciding
    findings = [_finding(fault.rule, fault.message, Severity.FATAL) for fault in deciding]
    findings += [
        _finding(fault.rule, f"{fault.message} (level {fault.level}, which it claims)")
        for fault in claimed
        if fault not in deciding
    ]
    status = Status.CRASHED if result.crashed else Status.PASSED
    names = ", ".join(sorted(result.crashed or result.unchecked))
    layer = Layer(
        name=LayerName.PDFA,
        status=Status.FAILED if deciding else status,
        version=VERSION,
        reason=f"not checked: {names}" if names else None,
    )
    return layer, tuple(findings)


def _finding(rule: str, message: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(
        rule=f"PDFA-{rule}",
        severity=severity,
        layer=LayerName.PDFA,
        message=message,
        version=VERSION,
    )


def unchecked() -> dict[str, str]:
    """The clauses that are not checked, and why."""
    from einvoice.pdf.pdfa import MODULES

    return {clause: why for module in MODULES for clause, why in module.UNCHECKED.items()}
