"""The two evaluators of a rule set, each loaded once in a process: compiled Python, and Saxon.

Compiled rules come from the user's cache folder. What does not compile as a whole is run by Saxon,
which is the reference; Saxon runs a published stylesheet as it is, and what is written here as ISO
Schematron from the stylesheet that is made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from einvoice.artefacts import data_folder, locate, sha256
from einvoice.errors import ArtefactError, EInvoiceError
from einvoice.rulesets.catalogue import PackFile, Part, Runnable, Schema
from einvoice.schematron.svrl import Fired, Kind

if TYPE_CHECKING:
    from einvoice.schematron.evaluate import CompiledRuleSet
    from einvoice.schematron.ir import RuleSetForm
    from einvoice.schematron.tree import Tree


class EnginesDiffer(EInvoiceError):
    """The two evaluators of a rule set found different things: a fault of ours."""


class NotCompiled(EInvoiceError):
    """A rule set that only Saxon can run, and the construct because of which."""


def by_compiled(part: Part, tree: Tree) -> tuple[Fired, ...]:
    """What the compiled rules find.

    Raises:
        NotCompiled: they do not compile as a whole.
        ArtefactError: a stylesheet is missing or not the one we know.
    """
    rules = compiled_rules(part)
    if isinstance(rules, NotCompiled):
        raise rules
    return rules.run(tree)


def by_saxon(part: Part, xml: bytes) -> tuple[Fired, ...]:
    """What Saxon finds.

    Raises:
        ArtefactError: a stylesheet is missing or not the one we know.
    """
    from einvoice.schematron import saxon

    try:
        fired = saxon.run(_stylesheet(part.source), xml)
    except saxon.RuleSetAborted as error:
        return (Fired(None, None, str(error), "", Kind.ABORT),)
    return _taken(part, fired)


def by_both(part: Part, tree: Tree, xml: bytes) -> tuple[Fired, ...]:
    """What the compiled rules find, once Saxon has found the same.

    A published stylesheet gives up all rules of a node at one value that it cannot handle, so
    such a document is judged again check by check.

    Raises:
        EnginesDiffer: the two are not the same.
        NotCompiled: the rules do not compile as a whole.
    """
    ours, saxons = by_compiled(part, tree), by_saxon(part, xml)
    if any(fired.kind is Kind.ABORT for fired in (*ours, *saxons)):
        from einvoice.schematron import saxon

        try:
            saxons = saxon.run(_guarded(part), xml)
        except saxon.RuleSetAborted:  # a variable of the whole rule set fails
            if any(fired.kind is Kind.ABORT for fired in ours):
                return ours
            raise
    found, expected = Counter(map(_compared, ours)), Counter(map(_compared, saxons))
    if found != expected:
        differing = (found - expected) + (expected - found)
        rules = ", ".join(sorted({str(rule) for rule, _, _ in differing}))
        raise EnginesDiffer(f"{path_of(part.source).name}: the engines differ on {rules}")
    return ours


@cache
def compiled_rules(part: Part) -> CompiledRuleSet | NotCompiled:
    """The compiled rules, from the cache or compiled now; or why they cannot be."""
    from einvoice.schematron.cache import compiled
    from einvoice.schematron.reading import NotASkeleton, UnknownConstruct
    from einvoice.schematron.shapes import Uncompilable

    path = path_of(part.source)
    taken = (part.severities or {}).items()
    variant = " ".join(f"{rule}={severity.value}" for rule, severity in taken)
    try:
        return compiled(path, lambda _: form_of(part), variant=variant)
    except (Uncompilable, UnknownConstruct, NotASkeleton) as error:
        if path.suffix == ".sch" and not isinstance(error, Uncompilable):
            raise
        return NotCompiled(f"run by Saxon: {error}")


@cache
def form_of(part: Part) -> RuleSetForm:
    """The rules as read from their source.

    Raises:
        RuleSetError: the source is wrong or not understood.
    """
    form = _whole(part.source)
    if part.severities is None:
        return form
    from einvoice.schematron.select_checks import select_checks

    flags = {rule: severity.value for rule, severity in part.severities.items()}
    return select_checks(form, tuple(part.severities), flags=flags)


@cache
def readable_form(part: Part) -> RuleSetForm | None:
    """The rules as read; None for a stylesheet that only Saxon understands."""
    from einvoice.schematron.reading import RuleSetError

    try:
        return form_of(part)
    except RuleSetError:
        return None


def path_of(source: Runnable) -> Path:
    """The file of a source, once it and what it reads are known to be right.

    Raises:
        ArtefactError: a file is missing or not the one we know.
    """
    if isinstance(source, Schema):
        return data_folder("schematron") / source.file
    if isinstance(source, PackFile):
        return _of_pack(source)
    for artefact in source.reads:
        locate(artefact)
    return locate(source.file)


@cache
def _of_pack(source: PackFile) -> Path:
    path = Path(source.path)
    found = sha256(path) if path.is_file() else "nothing"
    if found != source.sha256:
        raise ArtefactError(
            f"{path}: expected SHA-256 {source.sha256}, found {found}; add the pack again"
        )
    return path


def _taken(part: Part, fired: Iterable[Fired]) -> tuple[Fired, ...]:
    """What fired of the rules that a part takes, at the severities that it gives them."""
    if part.severities is None:
        return tuple(fired)
    taken = []
    for each in fired:
        if (severity := part.severities.get(each.rule or "")) is not None:
            taken.append(msgspec.structs.replace(each, flag=severity.value))
        elif each.kind is Kind.ABORT:
            taken.append(each)
    return tuple(taken)


def _compared(fired: Fired) -> tuple[str | None, str, Kind]:
    return fired.rule, fired.location, fired.kind


@cache
def _whole(source: Runnable) -> RuleSetForm:
    from einvoice.schematron.read_sch import read_sch
    from einvoice.schematron.read_xslt import read_xslt

    path = path_of(source)
    return read_sch(path) if path.suffix == ".sch" else read_xslt(path)


@cache
def _guarded(part: Part) -> str:
    """A stylesheet that catches a value that cannot be handled check by check."""
    from einvoice.schematron.write_xslt import write_xslt

    return write_xslt(form_of(part))


def _stylesheet(source: Runnable) -> Path | str:
    path = path_of(source)
    return _guarded(Part(source)) if path.suffix == ".sch" else path
