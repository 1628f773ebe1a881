"""Keeps compiled rule sets in the user's cache folder, as code that only has to be loaded.

An entry is found by the source file, its content, and the engine that compiled it.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from einvoice import kept
from einvoice.artefacts import sha256
from einvoice.schematron.evaluate import CompiledRuleSet, Program
from einvoice.schematron.table import Table

if TYPE_CHECKING:
    from einvoice.schematron.ir import RuleSetForm

FOLDER = "rules"  #: in the user's cache folder


class _Entry(msgspec.Struct, array_like=True):
    """What is kept."""

    files: dict[str, str]  #: what else the source was read from: path -> SHA-256
    table: Table
    code: bytes


def compiled(
    source: Path,
    read: Callable[[Path], RuleSetForm],
    *,
    variant: str = "",
    folder: Path | None = None,
) -> CompiledRuleSet:
    """Give a rule set ready to run, from the cache or compiled now.

    Args:
        source: the file that the rule set is written in.
        read: reads it, if it has to be compiled.
        variant: what else decides how it is read, such as its phase.
        folder: of the cache; the user's if None.

    Raises:
        Uncompilable: it cannot be compiled as a whole.
    """
    path = entry_path(source, variant, folder)
    program = _load(path)
    if program is None:
        from einvoice.schematron.compile import compile_program  # not needed with a warm cache

        form = read(source)
        program = compile_program(form)
        code = marshal.dumps(program.code)
        entry = _Entry(_hashes(form.includes), program.table, code)
        kept.store(path, msgspec.msgpack.encode(entry))
    return CompiledRuleSet(program)


def entry_path(source: Path, variant: str = "", folder: Path | None = None) -> Path:
    """Where the entry of a rule set is kept."""
    parts = (str(source.resolve()), sha256(source), variant, _engine())
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return (folder or kept.cache_folder(FOLDER)) / f"{name}.rules"


@cache
def _engine() -> str:
    """The interpreter and the state of this package, which decide what code is made."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *here.glob("xpath/*.py")])
    state = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return f"{sys.implementation.cache_tag} {sys.version} {state}"


def _load(path: Path) -> Program | None:
    """Read an entry; None if there is none, it is damaged, or its source has changed."""
    content = kept.load(path)
    if content is None:
        return None
    try:
        entry = msgspec.msgpack.decode(content, type=_Entry)
        if _hashes(entry.files) == entry.files:
            return Program(code=marshal.loads(entry.code), table=entry.table)
    except (msgspec.MsgspecError, ValueError, EOFError, TypeError, OSError):
        pass
    return None


def _hashes(files: dict[str, str] | tuple[str, ...]) -> dict[str, str]:
    return {file: sha256(Path(file)) for file in files}
