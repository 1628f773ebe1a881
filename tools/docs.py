"""Write the pages of `docs/` that are made from the tables of the program, or check them.

python tools/docs.py           write them
python tools/docs.py --check   only say which differ; exit code 1 if one does
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from einvoice.bindings import cii, ubl  # noqa: E402
from einvoice.bindings.table import Group, Quirk, Row, Table, bound_paths  # noqa: E402
from einvoice.checks.run import CHECKS  # noqa: E402
from einvoice.cli import COMMANDS  # noqa: E402
from einvoice.cli import main as einvoice  # noqa: E402
from einvoice.findings import Severity  # noqa: E402
from einvoice.model.extension_terms import EXTENSION_TERMS  # noqa: E402
from einvoice.model.terms import TERMS, Term  # noqa: E402
from einvoice.pdf import checks, crosscheck  # noqa: E402
from einvoice.rulesets import catalogue  # noqa: E402
from einvoice.rulesets.catalogue import (  # noqa: E402
    RULESETS,
    Composition,
    RuleSet,
    Schema,
    Stylesheet,
)
from einvoice.rulesets.plan import DocumentFacts, plan  # noqa: E402
from einvoice.rulesets.profiles import PROFILES, DocumentSyntax  # noqa: E402
from einvoice.rulesets.rules import rules_of  # noqa: E402

MADE = "<!-- Made by `make generate`; change the tables it is made from, not this page. -->"

#: The columns of the profiles.
SYNTAXES: tuple[DocumentSyntax, ...] = ("ubl-invoice", "cii")


def pages() -> dict[Path, str]:
    """Every generated page by its path."""
    texts = {
        "mapping.md": _mapping(),
        "rulesets.md": _rulesets(),
        "container.md": _container(),
        "checks.md": _checks(),
        "cli.md": _cli(),
    }
    texts |= {f"rules/{ruleset.name}.md": _rules(ruleset) for ruleset in RULESETS}
    return {ROOT / "docs" / name: text for name, text in texts.items()}


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages."""
    check = "--check" in arguments
    stale = {path: text for path, text in pages().items() if _read(path) != text}
    for path, text in stale.items():
        print(f"{'differs' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if check and stale:
        print("run `make generate` and look at the difference")
    return 1 if check and stale else 0


# Terms and their paths


def _mapping() -> str:
    header = ("Term", "Name", "Card.", "Type", "UBL Invoice", "UBL CreditNote", "CII")
    standard, extensions = (_table(header, _rows(terms)) for terms in (TERMS, EXTENSION_TERMS))
    content = f"{standard}\n## Terms of extensions\n\n{_EXTENSIONS}\n{extensions}"
    return _page("Mapping", _MAPPING, content)


def _rows(terms: Iterable[Term]) -> Iterator[tuple[str, ...]]:
    invoice, note, cross = (_Column(t) for t in (ubl.INVOICE, ubl.CREDIT_NOTE, cii.INVOICE))
    for term in terms:
        first, second = invoice.cell(term), note.cell(term)
        second = "" if _same(first, second) else second
        cells = (first, second, cross.cell(term))
        yield (term.id, _named(term), term.cardinality, term.datatype, *cells)


_EXTENSIONS = """\
What Factur-X EXTENDED, EXTENDED-CTC-FR and the XRechnung extension add to EN 16931, in the model as
`invoice.extension` and `line.extension`. A term whose number in its publication we do not know has
none here.
"""

_MAPPING = """\
Each business term and group of EN 16931-1 and where it stands in each syntax, as the tables in
`einvoice/bindings/` bind it: the same rows read and write. Paths are below the root element.

- `+` behind a step: the element is repeated, once for each group of the model.
- `[path='value']`: tells elements apart when reading, and is written. `[path:='value']` is only
  written, `[path!='value']` only read.
- "quirk": what a path cannot say is read and written by a function; the path is that of the
  elements it works on.
- "in its terms": the group has no element of its own.
- UBL CreditNote: only where it differs in more than `CreditNoteLine` for `InvoiceLine`.
"""


class _Column:
    """One table as a column."""

    def __init__(self, table: Table) -> None:
        self.paths = bound_paths(table)
        self.quirks = set(_quirk_bound(table.rows, ""))

    def cell(self, term: Term) -> str:
        """Where a term stands in this syntax."""
        path = self.paths.get(term.path)
        if path is None:
            return "in its terms" if term.datatype == "Group" else "no place"
        code = ", ".join(f"`{part}`" for part in path.split(", ") if part)
        if term.path not in self.quirks:
            return code or "the root"
        return f"quirk: {code}" if code else "quirk"


def _quirk_bound(rows: Iterable[Row], key: str) -> Iterator[str]:
    """Paths in the model of the terms that pass through quirks."""
    for row in rows:
        if isinstance(row, Quirk):
            yield from (key + name for name in row.binds)
        elif isinstance(row, Group):
            many = "[]" if "+" in row.path else ""
            yield from _quirk_bound(row.rows, f"{key}{row.name}{many}.")


def _named(term: Term) -> str:
    return f"**{term.name}**" if term.datatype == "Group" else term.name


def _same(invoice: str, note: str) -> bool:
    return invoice.replace("cac:InvoiceLine+", "cac:CreditNoteLine+") == note


# Rule sets and profiles


def _rulesets() -> str:
    rules = _table(
        ("Name", "Version", "Publisher", "Syntax", "Source", "Licence"),
        (
            (_link(r), r.version, r.publisher, r.syntax.upper(), _source(r), r.licence)
            for r in RULESETS
        ),
    )
    profiles = _table(
        ("Profile", "BT-24", "In UBL", "In CII"),
        (
            (f"`{profile.name}`", _ids(profile.ids, profile.older), *_planned(profile.name))
            for profile in PROFILES
        ),
    )
    parts = [rules, "## What is composed\n", _compositions()]
    parts += ["## Profiles\n", _PROFILES, profiles]
    return _page("Rule sets", _RULESETS, "\n".join(parts))


_RULESETS = """\
Official rules are run as their publishers ship them, from an installed package; each file is
checked against a SHA-256 before its first use. What no package ships is written here as ISO
Schematron: ids, severities and conditions are the publisher's, the texts are ours.
"""

_RULES = """\
The rules of `{name}` {version} ({publisher}; {source}), with their severity and the business terms
that they name. `einvoice rules show ID` says what one demands.
"""

_PROFILES = """\
The specification identifier (BT-24) decides which schemas (named first) and rule sets judge a
document. EN 16931 in a PDF is `facturx-en16931`. The French rules (`br-fr-ubl`, `br-fr-cii`) come
on top where the document or the user claims France, and as warnings where both parties are French.
A finding of theirs names the rule of the standard too (`BR-FR-05` beside `BR-FR-05_BT-22_PMT`).
`--as-of` a day before 2026-10-01 takes them in the mode of that day: warnings, but for the rules of
several sellers (MV) and two directions (BD).
BT-24 in *italics* is of ZUGFeRD 2.0: its successor's rules run, and the document is never `valid`.
"""


def _checks() -> str:
    header = ("Check", "Severity", "Demands", "Reason code")
    rows = [(c.id, c.severity.value, c.title, c.reason_code or "") for c in CHECKS]
    return _page("Checks beyond the official rules", _CHECKS, _table(header, rows) + _PAYMENTS)


_CHECKS = """\
The official rules accept VAT that is wrong by 0.89, a rate that ended long ago and a SIREN with a
wrong key. `einvoice validate --checks report` looks for such things, with the values that were
compared as evidence; `--checks fatal` lets fatal findings decide the verdict, which checks never do
otherwise. A check that lacks what it needs is named as not run: some need
a [ledger](ledger.md) (`--ledger`), a supplier master, or a table of payments (`--payments`).

`--check-policy FILE` gives checks another severity and waives findings until a day:

```toml
[severity]
VAT-13 = "fatal"

[[waive]]
rule = "VAT-13"
supplier = "FR40303265045"   # BT-31, BT-30 or BT-29; left out: any
document = "2026-*"          # BT-1; left out: any
reason = "agreed by phone"
author = "A. Prüferin"
expires = 2027-01-31
```

A waived finding stays in the report, as waived. An expired waiver is an error. The reason codes are
those of French life-cycle statuses.

False alarms: the 349 warnings on a hundred valid public documents, drawn at random, were read one
by one. 289 are keys of invented identifiers and accounts, and the age of test documents. Of the
other 60 one can be disputed (SUM-09, a correction that was sent as a negative invoice); the others
are true of their documents.
"""


_PAYMENTS = """
## Payments

`--payments FILE` gives what was paid, for the checks DUE-11 to DUE-14; it asks for
`--checks report` where checks are off. The file is CSV in UTF-8, with `,`, `;` or tabs:

```text
seller;number;paid_on;amount;currency
FR83404833048;2026-0042;2026-11-04;140,00;
404 833 048;2026-0042;2026-11-20;100,00;EUR
```

| Column | Holds |
| --- | --- |
| `seller` | VAT number (BT-31), legal registration (BT-30) or BT-29 of the seller |
| `number` | Number of the invoice (BT-1) |
| `paid_on` | The day on which the seller had the money, as 2026-11-24 |
| `amount` | As 1234.56 or 1234,56, nothing between thousands; below zero for what was taken back |
| `currency` | ISO 4217; left out or empty: that of the invoice (BT-5) |

Blanks and punctuation in `seller` do not count; a French VAT number, SIRET and SIREN are the same.
Rows of the same invoice are part payments. An invoice without a row counts as unpaid. Payments
after today, or after the day of `--as-of`, are not counted. A file with a fault is refused with all
its faults and their lines, and nothing of it is used.

What is owed for a delay comes from the law of the seller's country: interest by half years, with
the rates of `einvoice/codelists/late_interest.json` and their sources, and 40 EUR. A rate that the
note PMD of a French seller names plainly counts before that, if it is three times the legal rate at
least. This is no legal advice: a contract may say otherwise.
"""


def _link(ruleset: RuleSet) -> str:
    return f"[`{ruleset.name}`](rules/{ruleset.name}.md)"


def _rules(ruleset: RuleSet) -> str:
    """The page of a rule set: its rules, each once."""
    own = isinstance(ruleset.source, Schema)
    rows = {
        (
            rule.rule or "(no id)",
            rule.severity.value,
            " ".join(rule.terms),
            *((rule.message,) if own else ()),
        ): None
        for rule in rules_of(ruleset)
    }
    text = _RULES.format(
        name=ruleset.name,
        version=ruleset.version,
        publisher=ruleset.publisher,
        source=_source(ruleset),
    )
    header = ("Rule", "Severity", "Terms", *(("Text",) if own else ()))
    return _page(f"Rules of {ruleset.name}", text, _table(header, rows))


def _source(ruleset: RuleSet) -> str:
    match ruleset.source:
        case Stylesheet(file):
            return f"{file.package}: `{file.file.removeprefix(_COMMON)}`"
        case Schema(file):
            return f"written here: `schematron/{file}`"
        case Composition(data, rest):
            return f"composed: `schematron/{data}`, `schematron/{rest.file}`"


_COMMON = "facturx/xsd_and_schematron/"


def _compositions() -> str:
    return "\n".join(_composition(r) for r in RULESETS if isinstance(r.source, Composition))


def _composition(ruleset: RuleSet) -> str:
    assert isinstance(ruleset.source, Composition)
    content = catalogue.composed(ruleset.source.data)
    lines = [f"`{ruleset.name}` stands for {content.standard}:\n"]
    for part, groups in content.rules.items():
        lines.append(f"- from `{part}`: {_counted(groups)}")
    lines.append(f"- written here, in `{ruleset.source.rest.file}`: {_counted(content.missing)}")
    return "\n".join(lines) + "\n"


def _counted(groups: dict[Severity, tuple[str, ...]]) -> str:
    counts = Counter({severity.value: len(rules) for severity, rules in groups.items()})
    return f"{counts.total()} rules (" + ", ".join(f"{n} {k}" for k, n in counts.items()) + ")"


def _ids(ids: Iterable[str], older: Iterable[str]) -> str:
    shown = [*(f"`{each}`" for each in ids), *(f"*`{each}`*" for each in older)]
    return "<br>".join(shown) or "that of `en16931`, in a PDF"


def _planned(profile: str) -> Iterator[str]:
    for syntax in SYNTAXES:
        planned = plan(DocumentFacts(syntax=syntax), profile=profile)
        rules = [each.ruleset.name for each in planned.rulesets]
        schemas = ", ".join(f"`{name}`" for name in planned.schemas)
        judged = ", ".join(f"`{name}`" for name in rules)
        yield f"{schemas}; {judged}" if rules else "does not exist"


# Container checks


def _container() -> str:
    terms = checks.TERMS | crosscheck.TERMS
    rows = (
        (rule, severity.value, _summary(check.__doc__), ", ".join(terms.get(rule, ())))
        for rule, severity, check in (*checks.CHECKS, *crosscheck.table())
    )
    return _page(
        "Container checks", _CONTAINER, _table(("Id", "Severity", "What must hold", "Terms"), rows)
    )


_CONTAINER = """\
What must be true of a hybrid invoice (Factur-X, ZUGFeRD) besides its XML: layer `container`.
Fatal is what makes the file unusable or contradictory, a warning what only some programs refuse.
"""


def _summary(docstring: str | None) -> str:
    return (docstring or "").strip().partition("\n\n")[0].replace("\n", " ")


# Command line


def _cli() -> str:
    parts = [_help(einvoice, "einvoice")]
    context = click.Context(einvoice, info_name="einvoice")
    for name in COMMANDS:
        command = einvoice.get_command(context, name)
        assert command is not None
        parts.append(f"## einvoice {name}\n\n{_help(command, f'einvoice {name}')}")
        for inner in command.commands.values() if isinstance(command, click.Group) else ():
            full = f"einvoice {name} {inner.name}"
            parts.append(f"### {full}\n\n{_help(inner, full)}")
    return _page("Command line", "", "\n".join(parts))


def _help(command: click.Command, name: str) -> str:
    context = click.Context(
        command, info_name=name, terminal_width=88, help_option_names=["-h", "--help"]
    )
    return f"```text\n{command.get_help(context)}\n```\n"


# Markdown


def _page(title: str, text: str, body: str) -> str:
    return "\n".join(part for part in (f"# {title}\n", f"{MADE}\n", text, body) if part)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(map(_cell, line)) + " |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
