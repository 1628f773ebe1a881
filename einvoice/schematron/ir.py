"""The intermediate form of a rule set: what the readers give and the evaluators take.

The order of things is their meaning: of the rules of a pattern the first whose context matches a
node is the only one for it, and a let sees those before it. What is compiled is the syntax tree of
an expression; what Saxon runs is the expression as it was written, under the prefixes of the whole
rule set, so that a mistake of our parser shows as a difference.
"""

from __future__ import annotations

import msgspec

from einvoice.schematron.xpath.syntax import Call, Expression, Pattern

#: Stands for the value of XSLT instructions that no expression says; only Saxon runs them.
INSTRUCTIONS = Call("{xslt}instructions", ())


class Let(msgspec.Struct, frozen=True, kw_only=True):
    """A variable; evaluated when it is first used, or never."""

    name: str  #: as written; a prefix means the same in all of a rule set
    value: Expression
    type: str | None = None  #: a sequence type such as `xs:string?`
    written: str = ""  #: the expression as written
    content: str = ""  #: XSLT instructions instead of it
    line: int | None = None
    file: str | None = None  #: an included one; else the line is of the origin


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """A function of the rule set's own: parameters, lets and a result."""

    name: str  #: Clark name
    parameters: tuple[tuple[str, str], ...]  #: name, and type as written, such as `xs:string?`
    lets: tuple[Let, ...]
    result: Expression
    type: str
    written: str = ""  #: the whole `xsl:function` as written
    line: int | None = None
    file: str | None = None


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """An index of nodes by a value: `xsl:key`."""

    name: str
    match: tuple[Pattern, ...]
    use: Expression
    written: str = ""  #: the whole `xsl:key` as written
    line: int | None = None


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """More words for the reader of a check that fired."""

    id: str
    message: tuple[str | Expression, ...]
    shown: tuple[str, ...] = ()  #: the expressions in the message as written


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """An assertion, or a report if `report`: it fires if the test is false, or if it is true."""

    id: str | None
    report: bool
    test: Expression
    flag: str | None
    message: tuple[str | Expression, ...]  #: text, and expressions whose value is put in
    line: int
    role: str | None = None
    written: str = ""  #: the test as written
    shown: tuple[str, ...] = ()  #: the expressions in the message as written
    diagnostics: tuple[Diagnostic, ...] = ()
    file: str | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The checks of the nodes that a context matches; without checks it still takes the nodes."""

    context: tuple[Pattern, ...]  #: alternatives
    lets: tuple[Let, ...]
    checks: tuple[Check, ...]
    ends: bool  #: the pattern does not go on below a node that this rule matched
    id: str | None = None
    flag: str | None = None
    role: str | None = None
    written: str = ""  #: the context as written
    line: int | None = None
    file: str | None = None


class RulePattern(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of which the first that matches a node is the only one for it."""

    rules: tuple[Rule, ...]  #: in the order of precedence
    attributes: bool  #: whether rules are tried on attributes, too
    id: str | None = None
    name: str | None = None
    line: int | None = None


class RuleSetForm(msgspec.Struct, frozen=True, kw_only=True):
    """A whole rule set. Lets of schema, phase and pattern are evaluated at the document node."""

    title: str
    lets: tuple[Let, ...]
    functions: tuple[Function, ...]
    patterns: tuple[RulePattern, ...]
    origin: str  #: path of the source; documents that the rules read lie beside it
    keys: tuple[Key, ...] = ()
    namespaces: dict[str, str] = {}  #: prefix -> URI, of all that is kept as written
    default_namespace: str | None = None  #: of element names without a prefix
    phase: str | None = None  #: the chosen phase of an ISO Schematron source
    includes: tuple[str, ...] = ()  #: paths of the other files that it was read from
    sha256: str = ""  #: of all these files, in the order of reading
    compatible: bool = False  #: written for XSLT 1.0, where values convert and compare otherwise
