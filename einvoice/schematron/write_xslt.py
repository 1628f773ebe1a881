"""Writes a rule set as XSLT that gives SVRL, so that Saxon can run it.

Expressions go in as they were written; only the frame around them is ours. A pattern is a mode, a
rule a template with a priority, as in the stylesheets that the ISO skeleton generates. A guarded
stylesheet (XSLT 3.0) catches the error of a check that cannot be evaluated, so that the others
still are; a plain one (XSLT 2.0) stops at it, and `read_xslt` reads it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from einvoice.schematron.ir import INSTRUCTIONS, Check, Let, Rule, RulePattern, RuleSetForm
from einvoice.schematron.reading import XSL
from einvoice.schematron.references import documents_of, free_variables
from einvoice.schematron.xpath.syntax import Expression

ABORT = "https://einvoice.invalid/abort"
_OWN = {
    "xsl": XSL[1:-1],
    "svrl": "http://purl.oclc.org/dsdl/svrl",
    "err": "http://www.w3.org/2005/xqt-errors",
}
#: Writes the place of an element as `/*:Invoice[namespace-uri()='urn:...'][1]`.
_LOCATORS = """\
<xsl:template match="*" mode="schematron-select-full-path">
<xsl:for-each select="ancestor-or-self::*">
<xsl:value-of select="concat('/*:', local-name(), '[namespace-uri()=''', namespace-uri(), '''][',
 1 + count(preceding-sibling::*[node-name(.) = node-name(current())]), ']')"/>
</xsl:for-each>
</xsl:template>
<xsl:template match="@*" mode="schematron-select-full-path">
<xsl:apply-templates select=".." mode="schematron-select-full-path"/>
<xsl:value-of select="concat('/@*[local-name()=''', local-name(), ''' and namespace-uri()=''',
 namespace-uri(), '''][1]')"/>
</xsl:template>"""


def write_xslt(form: RuleSetForm, *, guarded: bool = True) -> str:
    """Write a rule set as a stylesheet.

    Args:
        form: the rule set.
        guarded: catch errors check by check, which needs XSLT 3.0.
    """
    return "\n".join(_Writer(form, guarded=guarded).stylesheet())


class _Writer:
    def __init__(self, form: RuleSetForm, *, guarded: bool) -> None:
        self._form = form
        self._guarded = guarded

    def stylesheet(self) -> Iterator[str]:
        """All lines."""
        form = self._form
        yield self._head()
        yield '<xsl:output method="xml" encoding="US-ASCII" indent="no"/>'
        yield from map(_variable, form.lets)
        yield from (key.written for key in form.keys)
        yield from (function.written for function in form.functions)
        yield from self._start()
        if not self._guarded:
            yield _LOCATORS
        for number, pattern in enumerate(form.patterns):
            yield from self._pattern(pattern, f"M{number}")
        yield "</xsl:stylesheet>"

    def _head(self) -> str:
        form = self._form
        spaces = {**form.namespaces, **_OWN}
        given = {f"xmlns:{prefix}": uri for prefix, uri in spaces.items()}
        given["version"] = "3.0" if self._guarded else "1.0" if form.compatible else "2.0"
        given["exclude-result-prefixes"] = "#all"
        if form.default_namespace:
            given["xpath-default-namespace"] = form.default_namespace
        if documents_of(form):
            given["xml:base"] = Path(form.origin).as_uri()
        return f"<xsl:stylesheet{_attributes(given)}>"

    def _start(self) -> Iterator[str]:
        """The template of the document node goes through the patterns."""
        title = self._form.title.replace("{", "{{").replace("}", "}}")
        yield '<xsl:template match="/">'
        yield f"<svrl:schematron-output{_attributes({'title': title})}>"
        for prefix, uri in self._form.namespaces.items():
            given = _attributes({"prefix": prefix, "uri": uri.replace("{", "{{")})
            yield f"<svrl:ns-prefix-in-attribute-values{given}/>"
        for number, pattern in enumerate(self._form.patterns):
            named = _set({"id": pattern.id, "name": pattern.name})
            yield f"<svrl:active-pattern>{named}</svrl:active-pattern>"
            yield f'<xsl:apply-templates select="/" mode="M{number}"/>'
        yield "</svrl:schematron-output>"
        yield "</xsl:template>"

    def _pattern(self, pattern: RulePattern, mode: str) -> Iterator[str]:
        further = "@*|*" if pattern.attributes else "*"
        walk = f'<xsl:apply-templates select="{further}" mode="{mode}"/>'
        for number, rule in enumerate(pattern.rules):
            given = {"match": rule.written, "mode": mode, "priority": f"{_rank(pattern, number)}"}
            yield f"<xsl:template{_attributes(given)}>"
            yield from self._rule(rule)
            if not rule.ends:
                yield walk
            yield "</xsl:template>"
        yield f'<xsl:template match="text()" mode="{mode}" priority="-1"/>'
        yield f'<xsl:template match="@*|node()" mode="{mode}" priority="-2">{walk}</xsl:template>'

    def _rule(self, rule: Rule) -> Iterator[str]:
        if self._guarded:
            for check in rule.checks:
                yield from self._guarded_check(check, rule.lets)
            return
        context = _attributes({"context": _literal(rule.written)})
        named = _set({"id": rule.id, "flag": rule.flag, "role": rule.role})
        yield f"<svrl:fired-rule{context}>{named}</svrl:fired-rule>"
        yield from map(_variable, rule.lets)
        for check in rule.checks:
            yield from self._check(check)

    def _guarded_check(self, check: Check, lets: tuple[Let, ...]) -> Iterator[str]:
        """A check with the lets that it uses: an error in one of them is its error, too."""
        yield "<xsl:try>"
        yield from map(_variable, _used(check, lets))
        yield from self._check(check)
        yield f'<xsl:catch><abort xmlns="{ABORT}">{_set({"rule": check.id, "flag": check.flag})}'
        yield '<xsl:attribute name="location" select="path()"/>'
        yield '<xsl:value-of select="$err:description"/></abort></xsl:catch>'
        yield "</xsl:try>"

    def _check(self, check: Check) -> Iterator[str]:
        test = _attributes({"test": check.written})
        if check.report:
            yield f"<xsl:if{test}>"
            yield from self._fired(check, "svrl:successful-report")
            yield "</xsl:if>"
            return
        yield f"<xsl:choose><xsl:when{test}/><xsl:otherwise>"
        yield from self._fired(check, "svrl:failed-assert")
        yield "</xsl:otherwise></xsl:choose>"

    def _fired(self, check: Check, element: str) -> Iterator[str]:
        yield f"<{element}{_attributes({'test': _literal(check.written)})}>"
        yield _set({"id": check.id, "flag": check.flag, "role": check.role})
        yield f'<xsl:attribute name="location">{self._location()}</xsl:attribute>'
        for each in check.diagnostics:
            yield f"<svrl:diagnostic-reference{_attributes({'diagnostic': _literal(each.id)})}>"
            yield f"{_message(each.message, each.shown)}</svrl:diagnostic-reference>"
        yield f"<svrl:text>{_message(check.message, check.shown)}</svrl:text>"
        yield f"</{element}>"

    def _location(self) -> str:
        if self._guarded:
            return '<xsl:value-of select="path()"/>'
        return '<xsl:apply-templates select="." mode="schematron-select-full-path"/>'


def _rank(pattern: RulePattern, number: int) -> int:
    """The priority of a rule: each is above those behind it."""
    return len(pattern.rules) - number


def _used(check: Check, lets: tuple[Let, ...]) -> list[Let]:
    """The lets that a check needs, directly or through others."""
    messages = (check.message, *(each.message for each in check.diagnostics))
    wanted = set(free_variables((check.test, *messages)))
    found: list[Let] = []
    for let in reversed(lets):
        if let.name in wanted:
            found.insert(0, let)
            unknown = let.value == INSTRUCTIONS  # it may use all that are before it
            wanted |= {each.name for each in lets} if unknown else free_variables(let.value)
    return found


def _variable(let: Let) -> str:
    given = {"name": let.name, **({"as": let.type} if let.type else {})}
    if let.content:
        return f"<xsl:variable{_attributes(given)}>{let.content}</xsl:variable>"
    return f"<xsl:variable{_attributes({**given, 'select': let.written})}/>"


def _message(parts: tuple[str | Expression, ...], shown: tuple[str, ...]) -> str:
    written = iter(shown)
    return "".join(
        f"<xsl:text>{escape(part)}</xsl:text>"
        if isinstance(part, str)
        else f"<xsl:value-of{_attributes({'select': next(written)})}/>"
        for part in parts
    )


def _set(given: dict[str, str | None]) -> str:
    """Instructions that give an element attributes."""
    return "".join(
        f'<xsl:attribute name="{name}">{escape(value)}</xsl:attribute>'
        for name, value in given.items()
        if value
    )


def _attributes(given: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in given.items())


def _literal(value: str) -> str:
    """A value for an attribute in which braces mean expressions."""
    return value.replace("{", "{{").replace("}", "}}")
