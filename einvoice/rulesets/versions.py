"""All rule sets, those of packs included, and which version judges a document of some day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from functools import cache

from einvoice.artefacts import data_folder
from einvoice.errors import UsageError
from einvoice.rulesets import packs
from einvoice.rulesets.catalogue import (
    RULESETS,
    PackFile,
    Part,
    RuleSet,
    Stylesheet,
    Syntax,
    parts_of,
)


def all_rulesets() -> tuple[RuleSet, ...]:
    """The rule sets that come with this package, then those of packs."""
    return (*RULESETS, *packs.installed())


def chosen(name: str, on: date | None = None) -> RuleSet:
    """The version of a rule set that is valid on a day, by default today.

    Before the first one is valid, that is taken; of two that are valid from the same day, the one
    that was added.

    Raises:
        UsageError: no rule set has that name.
    """
    known = all_rulesets()
    versions = [each for each in known if each.name == name]
    if not versions:
        raise UsageError("rule set", name, dict.fromkeys(each.name for each in known))
    day = on or date.today()
    valid = [each for each in versions if _start(each) <= day]
    return _last(valid) if valid else min(versions, key=_start)


def of_profile(claimed: str, syntax: Syntax | None) -> tuple[RuleSet, ...]:
    """The rule sets of packs that judge a specification identifier (BT-24), in some version."""
    found = {
        each.name: each
        for each in packs.installed()
        if claimed in each.profiles and each.syntax == syntax
    }
    return tuple(found.values())


@cache
def sha256_of(ruleset: RuleSet) -> str:
    """The hash of what a rule set is read from; of several files, of their hashes together."""
    hashes = [_hash(part) for part in parts_of(ruleset)]
    return hashes[0] if len(hashes) == 1 else _digest("".join(hashes).encode())


def _hash(part: Part) -> str:
    source = part.source
    if isinstance(source, PackFile):
        return source.sha256
    return source.file.sha256 if isinstance(source, Stylesheet) else _own_sources()


@cache
def _own_sources() -> str:
    """What is written here counts as one: its files take parts from each other."""
    files = sorted(data_folder("schematron").rglob("*.sch"))
    return _digest(b"".join(file.read_bytes() for file in files))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _start(ruleset: RuleSet) -> date:
    return ruleset.valid_from or date.min


def _last(versions: Sequence[RuleSet]) -> RuleSet:
    return max(reversed(versions), key=_start)
