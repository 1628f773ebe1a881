"""Keeps compiled rule sets in the user's cache folder, as code that only has to be loaded.

An entry is found by the source file, its content, and the engine that compiled it. Entries are
written under another name and renamed, so that several processes may start at once. An entry that
is damaged is made anew, and a folder that cannot be written costs only time.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from platformdirs import user_cache_path

from einvoice.errors import OutputNotWritable
from einvoice.schematron.compile import compile_program
from einvoice.schematron.evaluate import CompiledRuleSet, Program
from einvoice.schematron.ir import RuleSetForm
from einvoice.schematron.table import Table

_MARK = b"einvoice rules 1\n"
_MOST = 200  #: entries that are kept


class _Entry(msgspec.Struct, array_like=True):
    """What a file holds, behind the mark and the hash of it."""

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
        form = read(source)
        program = compile_program(form)
        _store(path, _Entry(_hashes(form.includes), program.table, marshal.dumps(program.code)))
    return CompiledRuleSet(program)


def entry_path(source: Path, variant: str = "", folder: Path | None = None) -> Path:
    """Where the entry of a rule set is kept."""
    parts = (str(source.resolve()), _sha256(source), variant, _engine())
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return (folder or _folder()) / f"{name}.rules"


def writable_folder() -> Path:
    """The user's cache folder of rules, made if need be.

    Raises:
        OutputNotWritable: nothing can be kept there.
    """
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise OutputNotWritable(folder, error.strerror or type(error).__name__) from None


def _folder() -> Path:
    return user_cache_path("einvoice") / "rules"


@cache
def _engine() -> str:
    """The interpreter and the state of this package, which decide what code is made."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *here.glob("xpath/*.py")])
    state = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return f"{sys.implementation.cache_tag} {sys.version} {state}"


def _load(path: Path) -> Program | None:
    """Read an entry; None if there is none, it is damaged, or its source has changed."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    mark, digest, content = data[: len(_MARK)], data[len(_MARK) :][:32], data[len(_MARK) + 32 :]
    if mark != _MARK or hashlib.sha256(content).digest() != digest:
        return None
    try:
        entry = msgspec.msgpack.decode(content, type=_Entry)
        if _hashes(entry.files) == entry.files:
            return Program(code=marshal.loads(entry.code), table=entry.table)
    except (msgspec.MsgspecError, ValueError, EOFError, TypeError, OSError):
        pass
    return None


def _store(path: Path, entry: _Entry) -> None:
    """Write an entry whole or not at all."""
    content = msgspec.msgpack.encode(entry)
    data = _MARK + hashlib.sha256(content).digest() + content
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        _prune(path.parent)


def _prune(folder: Path) -> None:
    """Remove the oldest entries of a folder that holds too many."""
    entries = sorted(folder.glob("*.rules"), key=lambda file: file.stat().st_mtime)
    for file in entries[:-_MOST]:
        file.unlink(missing_ok=True)


def _hashes(files: dict[str, str] | tuple[str, ...]) -> dict[str, str]:
    return {file: _sha256(Path(file)) for file in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
