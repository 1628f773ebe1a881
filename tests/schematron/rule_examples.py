"""Small rule sets and documents, and both evaluators on them."""

import re
from pathlib import Path

from einvoice.schematron import saxon
from einvoice.schematron.compile import compile_ruleset
from einvoice.schematron.ir import RuleSetForm
from einvoice.schematron.read_sch import read_sch
from einvoice.schematron.svrl import Fired, Kind
from einvoice.schematron.tree import Tree
from einvoice.schematron.write_xslt import write_xslt
from einvoice.xml.parse import parse

SCH = 'xmlns="http://purl.oclc.org/dsdl/schematron"'
XSL = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'

#: Three lines with amounts 10, 2.50 and no number.
ORDER = b"""<order xmlns="urn:shop" currency="EUR">
  <id>A-1</id>
  <line no="1"><amount>10</amount><code>S</code></line>
  <line no="2"><amount>2.50</amount><code>X</code></line>
  <line no="3"><amount>much</amount></line>
</order>"""


def write(folder: Path, body: str, name: str = "rules.sch", **attributes: str) -> Path:
    """A schema file; the body begins on line 3."""
    given = {"queryBinding": "xslt2", **attributes}
    text = " ".join(f'{key}="{value}"' for key, value in given.items() if value)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<schema {SCH} {XSL} {text}>\n<ns prefix="s" uri="urn:shop"/>\n{body}\n</schema>',
        encoding="utf-8",
    )
    return path


def part(folder: Path, name: str, text: str) -> Path:
    """A file to be included: one element."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    name_end = re.search(r"[ />]", text).start()
    path.write_text(f"{text[:name_end]} {SCH}{text[name_end:]}", encoding="utf-8")
    return path


def form_of(folder: Path, body: str, **attributes: str) -> RuleSetForm:
    return read_sch(write(folder, body, **attributes))


def ids(fired: tuple[Fired, ...]) -> list[str | None]:
    return [each.rule for each in fired]


def shown(fired: Fired) -> tuple[object, ...]:
    text = "" if fired.kind is Kind.ABORT else " ".join(fired.text.split())
    return (fired.rule or "", fired.flag or "", fired.kind, fired.location or "/", text)


def by_saxon(form: RuleSetForm, xml: bytes = ORDER) -> tuple[Fired, ...]:
    return saxon.run(write_xslt(form), xml)


def run(form: RuleSetForm, xml: bytes = ORDER) -> tuple[Fired, ...]:
    """What fires, once both evaluators have found the same."""
    found = by_saxon(form, xml)
    compiled = compile_ruleset(form).run(Tree(parse(xml)))
    assert sorted(map(shown, compiled)) == sorted(map(shown, found))
    return found
