"""Rule packs: rule sets of publishers that a user has added, in the user's data folder.

A pack is a folder or a zip with stylesheets (.xslt) or ISO Schematron (.sch) and a manifest,
`einvoice-pack.json`:

    {"rulesets": [{"name": "nlcius-ubl", "version": "2.0.3.11", "syntax": "ubl",
                   "file": "si-ubl-2.0.xslt", "sha256": "...", "valid_from": "2026-01-01",
                   "profiles": ["urn:cen.eu:en16931:2017#compliant#urn:example"]}]}

The publishers' own releases of the EN 16931 artefacts, XRechnung and Peppol BIS need none. A pack
is taken whole or refused whole; it is loaded only from a URL that the user names, with its hash.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import shutil
import zipfile
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

import msgspec
from platformdirs import user_data_path

from einvoice.artefacts import sha256
from einvoice.errors import ArtefactError, EInvoiceError
from einvoice.rulesets.catalogue import BY_NAME, PackFile, RuleSet, Syntax

MANIFEST = "einvoice-pack.json"
_TIMEOUT = 60  #: seconds without an answer
_MAX_SIZE = 200_000_000  #: bytes, of a download and of what is unpacked
_MAX_FILES = 5_000


class PackRefused(EInvoiceError):
    """A pack that is not taken; nothing of it was kept."""


class PackedRuleSet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule set of a manifest."""

    name: str
    version: str
    syntax: Syntax
    file: str  #: path in the pack
    sha256: str
    publisher: str = ""
    licence: str = ""
    valid_from: date | None = None
    profiles: tuple[str, ...] = ()  #: BT-24 that it judges, beside EN 16931


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest of a pack."""

    rulesets: tuple[PackedRuleSet, ...]


#: Files of publishers' releases that are known without a manifest: end of the path, rule set.
_KNOWN = (
    ("EN16931-UBL-validation.xslt", "en16931-ubl"),
    ("EN16931-CII-validation.xslt", "en16931-cii"),
    ("XRechnung-UBL-validation.xsl", "xrechnung-ubl"),
    ("XRechnung-CII-validation.xsl", "xrechnung-cii"),
    ("PEPPOL-EN16931-UBL.xslt", "peppol-ubl"),
    ("PEPPOL-EN16931-UBL.sch", "peppol-ubl"),
    ("PEPPOL-EN16931-CII.xslt", "peppol-cii"),
    ("PEPPOL-EN16931-CII.sch", "peppol-cii"),
)
_VERSION = re.compile(r"\d+(?:\.\d+)+")


def add(source: str, *, pinned: str | None = None) -> tuple[RuleSet, ...]:
    """Take a pack.

    Args:
        source: a folder, a zip file, or an https URL of a zip.
        pinned: SHA-256 of the zip; required for a URL.

    Raises:
        PackRefused: a hash is wrong, a path leads out of the pack, or a rule set is not understood.
    """
    kept = _folder() / f".new-{secrets.token_hex(8)}"
    try:
        _unpack(source, pinned, kept)
        manifest = _manifest(kept, source)
        for each in manifest.rulesets:
            _check(each, kept)
        content = msgspec.json.format(msgspec.json.encode(manifest))
        (kept / MANIFEST).write_bytes(content)
        target = _folder() / hashlib.sha256(content).hexdigest()[:16]
        if not target.exists():
            kept.rename(target)
    except OSError as error:
        raise PackRefused(f"{source}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(kept, ignore_errors=True)
    installed.cache_clear()
    return _rulesets(target)


@cache
def installed() -> tuple[RuleSet, ...]:
    """The rule sets of all packs."""
    folders = sorted(path.parent for path in _folder().glob(f"[!.]*/{MANIFEST}"))
    return tuple(ruleset for folder in folders for ruleset in _rulesets(folder))


def _folder() -> Path:
    return user_data_path("einvoice") / "packs"


def _rulesets(folder: Path) -> tuple[RuleSet, ...]:
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (msgspec.MsgspecError, OSError) as error:
        raise ArtefactError(f"{path}: {error}; remove its folder and add the pack again") from None
    return tuple(
        RuleSet(
            name=each.name,
            version=each.version,
            publisher=each.publisher or "not stated",
            syntax=each.syntax,
            licence=each.licence or "not stated",
            source=PackFile(str(folder / each.file), each.sha256),
            valid_from=each.valid_from,
            profiles=each.profiles,
        )
        for each in manifest.rulesets
    )


# From a source to files.


def _unpack(source: str, pinned: str | None, target: Path) -> None:
    path = Path(source)
    if path.is_dir():
        if pinned:
            raise PackRefused(f"{source}: a folder has no hash; --sha256 is for a zip or a URL")
        shutil.copytree(path, target)
        return
    data = _download(source, pinned) if "://" in source else path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if pinned is not None and found != pinned.lower():
        raise PackRefused(f"{source}: expected SHA-256 {pinned}, found {found}; nothing was kept")
    try:
        _extract(zipfile.ZipFile(io.BytesIO(data)), target, source)
    except zipfile.BadZipFile as error:
        raise PackRefused(f"{source}: not a zip: {error}") from None


def _download(url: str, pinned: str | None) -> bytes:
    from urllib.error import URLError
    from urllib.request import urlopen

    if not url.startswith("https://"):
        raise PackRefused(f"{url}: only https is loaded")
    if pinned is None:
        raise PackRefused(f"{url}: give the hash that the publisher names, as --sha256 HASH")
    try:
        with urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - https only
            data: bytes = answer.read(_MAX_SIZE + 1)
    except (URLError, TimeoutError) as error:
        raise PackRefused(f"{url}: cannot be loaded: {error}") from None
    if len(data) > _MAX_SIZE:
        raise PackRefused(f"{url}: more than {_MAX_SIZE:,} bytes")
    return data


def _extract(archive: zipfile.ZipFile, target: Path, source: str) -> None:
    members = [each for each in archive.infolist() if not each.is_dir()]
    if len(members) > _MAX_FILES or sum(each.file_size for each in members) > _MAX_SIZE:
        raise PackRefused(f"{source}: more than {_MAX_FILES:,} files or {_MAX_SIZE:,} bytes")
    for each in members:
        path = target / _inside(each.filename, source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(each))


def _inside(name: str, source: object) -> str:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in name:
        raise PackRefused(f"{source}: the path {name!r} leads out of the pack")
    return str(parts)


# From files to rule sets.


def _manifest(folder: Path, source: str) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file():
        return _recognised(folder, source)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise PackRefused(f"{source}: {MANIFEST}: {error}") from None


def _recognised(folder: Path, source: str) -> Manifest:
    """The manifest of a publisher's release, by the names of its files."""
    found: dict[str, PackedRuleSet] = {}
    for ending, name in _KNOWN:
        files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob(ending))
        if not files or name in found:
            continue
        version = _VERSION.search(Path(source).name) or _VERSION.search(files[0])
        if version is None:
            raise PackRefused(f"{source}: no version in its name; add a manifest, {MANIFEST}")
        known = BY_NAME[name]
        found[name] = PackedRuleSet(
            name=name,
            version=version.group(),
            syntax=known.syntax,
            file=files[0],
            sha256=sha256(folder / files[0]),
            publisher=known.publisher,
            licence=known.licence,
            valid_from=date.today(),
        )
    if not found:
        raise PackRefused(f"{source}: no {MANIFEST} in it, and no release of a publisher we know")
    return Manifest(tuple(found.values()))


def _check(ruleset: PackedRuleSet, folder: Path) -> None:
    """Refuse a rule set that is not there, is another one, or could do more than judge."""
    from einvoice.schematron.foreign import refuse_open
    from einvoice.schematron.read_sch import RuleSetError, read_sch
    from einvoice.schematron.read_xslt import NotASkeleton, read_xslt

    path = folder / _inside(ruleset.file, ruleset.name)
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise PackRefused(f"{ruleset.name}: {ruleset.file} is not in the pack")
    if (found := sha256(path)) != ruleset.sha256.lower():
        raise PackRefused(
            f"{ruleset.name}: {ruleset.file}: expected SHA-256 {ruleset.sha256}, found {found}"
        )
    try:
        if path.suffix == ".sch":
            read_sch(path)
            return
        try:
            read_xslt(path, closed=True)
        except NotASkeleton:
            refuse_open(path)
    except RuleSetError as error:
        reason = str(error).replace(f"{folder}/", "")
        raise PackRefused(f"{ruleset.name}: {reason}; nothing was kept") from None
