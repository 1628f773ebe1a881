"""Runs a compiled Schematron stylesheet with Saxon, in this process.

A published stylesheet stops at the first value that it cannot handle (two sellers' names where one
is expected, an amount that is no number) and then reports nothing. So it is not run by itself: a
small stylesheet of ours imports it, unchanged, and catches such an error at the node where it
arises. The rules of that node and pattern are lost, all others are still evaluated, and the error
becomes a `Fired` of kind `ABORT`, with the rule that met it where Saxon's line tells which.
"""

from __future__ import annotations

import os
import re
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from einvoice.errors import EInvoiceError
from einvoice.schematron import svrl
from einvoice.schematron.svrl import Fired, Kind

if TYPE_CHECKING:
    import saxonche

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_ABORT = "{https://einvoice.invalid/abort}abort"
_CHECKS = (
    "{http://purl.oclc.org/dsdl/svrl}failed-assert",
    "{http://purl.oclc.org/dsdl/svrl}successful-report",
)
_NO_DOCTYPE = (
    "http://saxon.sf.net/feature/parserFeature"
    "?uri=http://apache.org/xml/features/disallow-doctype-decl"
)
_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.\-]+)[\"']")

#: Imports the official stylesheet. It applies the patterns (modes) as the imported one does, in a
#: smaller envelope; nodes are located by `path()`, which names attributes too.
_SHELL = """\
<xsl:stylesheet version="3.0" exclude-result-prefixes="err"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:err="http://www.w3.org/2005/xqt-errors">
  <xsl:import href="{href}"/>
  <xsl:output method="xml" encoding="US-ASCII" indent="no"/>
  <xsl:template match="/"><report {namespaces}>{patterns}</report></xsl:template>
  <xsl:template match="* | @*" mode="{locators}" priority="9">
    <xsl:value-of select="path()"/>
  </xsl:template>
  <xsl:template match="/ | * | @*" mode="{modes}">
    <xsl:try>
      <xsl:apply-imports/>
      <xsl:catch>
        <abort xmlns="https://einvoice.invalid/abort"
            line="{{$err:line-number}}" module="{{$err:module}}" location="{{path()}}">
          <xsl:value-of select="$err:description"/>
        </abort>
        <xsl:apply-templates select="{walk}" mode="#current"/>
      </xsl:catch>
    </xsl:try>
  </xsl:template>
</xsl:stylesheet>
"""


_PLAIN = """\
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="{href}"/>
  <xsl:output method="xml" encoding="US-ASCII" indent="no"/>
</xsl:stylesheet>
"""
_PATTERN = re.compile(r"M\d+")  #: the mode of a pattern, as the ISO skeleton names it


class RuleSetAborted(EInvoiceError):
    """A stylesheet stopped without any result; the message is Saxon's cause."""


def run(stylesheet: Path | str, xml: bytes) -> tuple[Fired, ...]:
    """Run a compiled Schematron on a document and list what fired.

    The document must be well-formed and have no DTD, as `einvoice.xml.parse` makes sure.

    Args:
        stylesheet: the file of a published one, or the text of one that `write_xslt` has guarded.
        xml: the document.

    Raises:
        RuleSetAborted: there is no result at all.
    """
    # saxonche is untyped; its one exception class derives from Exception and is imported there
    output = _engine().transform(stylesheet, _text(xml))
    report = svrl.read(output.encode("ascii"))
    aborts = [_abort(element, stylesheet) for element in report.iterchildren(_ABORT)]
    return tuple(svrl.fired_in(report) + list(dict.fromkeys(aborts)))


class _Engine:
    """A Saxon processor with its compiled stylesheets; belongs to one thread of one process."""

    def __init__(self) -> None:
        import saxonche

        self.pid = os.getpid()
        self._error: type[Exception] = saxonche.PySaxonApiError
        self._processor: saxonche.PySaxonProcessor = saxonche.PySaxonProcessor(license=False)
        self._processor.set_configuration_property(_NO_DOCTYPE, "true")
        self._compiled: dict[Path | str, saxonche.PyXsltExecutable] = {}

    def transform(self, stylesheet: Path | str, text: str) -> str:
        try:
            node = self._processor.parse_xml(xml_text=text, encoding="UTF-8")
            output = self._executable(stylesheet).transform_to_string(xdm_node=node)
        except self._error as error:
            raise RuleSetAborted(_clean(str(error))) from None
        if output is None:
            raise RuleSetAborted("the stylesheet gave no result")
        return str(output)

    def _executable(self, stylesheet: Path | str) -> saxonche.PyXsltExecutable:
        if stylesheet not in self._compiled:
            # a compiler per stylesheet: one that has compiled text fails on its next stylesheet
            compiler = self._processor.new_xslt30_processor()
            text = stylesheet if isinstance(stylesheet, str) else _shell(stylesheet)
            self._compiled[stylesheet] = compiler.compile_stylesheet(
                stylesheet_text=text, encoding="UTF-8"
            )
        return self._compiled[stylesheet]


_engines = threading.local()


def _engine() -> _Engine:
    """The engine of this thread; a new one after a fork, which Saxon does not survive."""
    engine: _Engine | None = getattr(_engines, "engine", None)
    if engine is None or engine.pid != os.getpid():
        engine = _engines.engine = _Engine()
    return engine


def _shell(stylesheet: Path) -> str:
    """The stylesheet of ours that runs an official one."""
    root = etree.parse(str(stylesheet)).getroot()
    modes = _patterns(root)
    if not modes:  # of another kind: as it is, and one bad value stops all of it
        return _PLAIN.format(href=stylesheet.resolve().as_uri())
    namespaces = [f'xmlns:{p}="{uri}"' for p, uri in root.nsmap.items() if p and p != "xsl"]
    return _SHELL.format(
        href=stylesheet.resolve().as_uri(),
        namespaces=" ".join(namespaces),
        patterns="".join(f'<xsl:apply-templates select="/" mode="{mode}"/>' for mode in modes),
        modes=" ".join(modes),
        locators="schematron-select-full-path schematron-get-full-path",
        walk=_walk(root, modes[0]),
    )


def _patterns(root: etree._Element) -> list[str]:
    """The modes that the template of the document node applies: one per pattern."""
    return [
        mode
        for template in root.iterchildren(f"{_XSL}template")
        if template.get("match") == "/" and template.get("mode") is None
        for applied in template.iter(f"{_XSL}apply-templates")
        if _PATTERN.fullmatch(mode := applied.get("mode") or "")
    ]


def _walk(root: etree._Element, mode: str) -> str:
    """What a pattern goes on to below a node: elements, in older stylesheets attributes too."""
    for template in root.iterchildren(f"{_XSL}template"):
        if template.get("mode") == mode and template.get("priority") == "-2":
            applied = template.find(f"{_XSL}apply-templates")
            if applied is not None:
                return applied.get("select") or "*"
    return "*"


def _abort(element: etree._Element, stylesheet: Path | str) -> Fired:
    rule = element.get("rule")
    if isinstance(stylesheet, Path) and (element.get("module") or "").endswith(stylesheet.name):
        rule = _rules_by_line(stylesheet).get(int(element.get("line") or "0"))
    text, location = _clean(element.text or ""), element.get("location") or ""
    return Fired(rule, element.get("flag"), text, location, Kind.ABORT)


@cache
def _rules_by_line(stylesheet: Path) -> dict[int, str]:
    """The id of the check whose test stands on a line; no entry where two share one."""
    found: dict[int, set[str]] = {}
    for check in etree.parse(str(stylesheet)).iter(*_CHECKS):
        branch = check.getparent()  # xsl:otherwise of xsl:choose, or xsl:if
        if branch is None:
            continue
        tests = branch.itersiblings(f"{_XSL}when", preceding=True)
        for test in [branch, *tests]:
            found.setdefault(test.sourceline or 0, set()).add(_id(check) or "")
    return {line: ids.pop() for line, ids in found.items() if len(ids) == 1 and "" not in ids}


def _id(check: etree._Element) -> str | None:
    for attribute in check.iterchildren(f"{_XSL}attribute"):
        if attribute.get("name") == "id":
            return (attribute.text or "").strip() or None
    return check.get("id")


def _clean(message: str) -> str:
    return " ".join(message.split())


def _text(xml: bytes) -> str:
    """The document as text; what is not UTF-8 goes through the XML parser."""
    declared = _DECLARATION.match(xml.removeprefix(b"\xef\xbb\xbf"))
    if declared is None or declared.group(1).lower() == b"utf-8":
        try:
            return xml.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.tostring(etree.fromstring(xml, parser), encoding="unicode")
