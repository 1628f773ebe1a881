"""A PostgreSQL server of our own, on a socket in a folder, for as long as it is wanted."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

FOLDERS = ("", "/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin")


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's programs, also where the PATH does not lead."""
    for folder in FOLDERS:
        found = shutil.which(name) if not folder else _newest(folder, name)
        if found:
            return found
    return None


def _newest(pattern: str, name: str) -> str | None:
    found = sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"))
    return str(found[-1]) if found else None


def missing() -> str | None:
    """Why no server can be started here; None if one can."""
    if program("initdb") is None or program("postgres") is None:
        return "PostgreSQL is not installed here: no initdb"
    return None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The URL of a running server, without the name of a database at its end."""
    with tempfile.TemporaryDirectory(prefix="einvoice-pg-") as name:
        folder = Path(name)
        user = _user(folder)
        data = folder / "data"
        subprocess.run(
            [program("initdb"), "-D", data, "-U", "einvoice", "-A", "trust", "-E", "UTF8", "-N"],
            check=True,
            capture_output=True,
            cwd=folder,
            **user,
        )
        command = [program("postgres"), "-D", data, "-k", folder, "-c", "listen_addresses="]
        log = open(folder / "log", "wb")  # noqa: SIM115
        running = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
        try:
            _wait(folder, running)
            yield f"postgresql://einvoice@/{{}}?host={quote(str(folder))}"
        finally:
            running.terminate()
            running.wait(30)
            log.close()


def _user(folder: Path) -> dict[str, str]:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(LookupError):
            shutil.chown(folder, name)
            return {"user": name}
    raise AssertionError("root, and no user to run PostgreSQL as")


def _wait(folder: Path, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while not list(folder.glob(".s.PGSQL.*")) or b"ready to accept" not in _log(folder):
        if running.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(_log(folder).decode(errors="replace"))
        time.sleep(0.05)


def _log(folder: Path) -> bytes:
    return (folder / "log").read_bytes()
