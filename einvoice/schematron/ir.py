"""The intermediate form of a rule set: what the readers give and the evaluators take."""

from __future__ import annotations

import msgspec

from einvoice.schematron.xpath.syntax import Expression, Pattern


class Let(msgspec.Struct, frozen=True, kw_only=True):
    """A variable; evaluated when it is first used, or never."""

    name: str
    value: Expression


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """A function of the rule set's own: parameters, lets and a result."""

    name: str  #: Clark name
    parameters: tuple[tuple[str, str], ...]  #: name, and type as written, such as `xs:string?`
    lets: tuple[Let, ...]
    result: Expression
    type: str


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """An assertion, or a report if `report`: it fires if the test is false, or if it is true."""

    id: str | None
    report: bool
    test: Expression
    flag: str | None
    message: tuple[str | Expression, ...]  #: text, and expressions whose value is put in
    line: int


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The checks of the nodes that a context matches."""

    context: tuple[Pattern, ...]  #: alternatives
    lets: tuple[Let, ...]
    checks: tuple[Check, ...]
    ends: bool  #: the pattern does not go on below a node that this rule matched


class RulePattern(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of which the first that matches a node is the only one for it."""

    rules: tuple[Rule, ...]  #: in the order of precedence
    attributes: bool  #: whether rules are tried on attributes, too


class RuleSetForm(msgspec.Struct, frozen=True, kw_only=True):
    """A whole rule set."""

    title: str
    lets: tuple[Let, ...]
    functions: tuple[Function, ...]
    patterns: tuple[RulePattern, ...]
    origin: str  #: path of the source; documents that the rules read lie beside it
